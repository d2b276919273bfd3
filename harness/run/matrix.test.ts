import { expect } from 'chai';
import { caseResult } from './case-result.test-support.ts';
import { matrixOf } from './matrix.ts';
import type { CaseResult, ReadingKind } from './result.ts';

describe('a matrix of products', () => {
  it('has a cell for each ordered pair and scenario, and none for cases without a companion', () => {
    const alone = { ...played('a', 'b', 'initiator', 'pass'), companions: undefined };
    const { cells, products, companions } = matrixOf(
      run([alone as never, played('a', 'b', 'initiator', 'pass'), played('b', 'a', 'responder', 'warn')]),
    );
    expect(cells.map(({ scenario, product, companion, state }) => [scenario, product, companion, state])).to.deep.equal(
      [
        ['X/esp-with-null-initiator', 'a', 'b', 'pass'],
        ['X/esp-with-null-responder', 'b', 'a', 'pass'],
      ],
    );
    expect([products, companions]).to.deep.equal([
      ['a', 'b'],
      ['b', 'a'],
    ]);
  });

  it('is of a product as the same thing whichever side was asked', () => {
    const { blames } = matrixOf(
      run([
        played('a', 'b', 'initiator', 'fail'),
        played('reference', 'b', 'initiator', 'fail', 'RFC7296'),
        played('a', 'reference', 'initiator', 'pass'),
      ]),
    );
    expect(blames[0]).to.deep.include({ deviates: ['b'], documents: ['RFC7296 4'] });
    expect(blames[0]!.because).to.equal('a: passes with reference; b: fails with reference');
  });

  const table: readonly [what: string, others: readonly CaseResult[], deviates: readonly string[], because: string][] =
    [
      [
        'the one that fails with the reference, too',
        [played('a', 'reference', 'initiator', 'fail'), played('b', 'reference', 'responder', 'pass')],
        ['a'],
        'a: fails with reference; b: passes with reference',
      ],
      [
        'both, where neither passes with it',
        [played('a', 'reference', 'initiator', 'fail'), played('b', 'reference', 'responder', 'fail')],
        ['a', 'b'],
        'a: fails with reference; b: fails with reference',
      ],
      [
        'nobody, where both pass with it: they share no ground',
        [played('a', 'reference', 'initiator', 'pass'), played('b', 'reference', 'responder', 'pass')],
        [],
        'a: passes with reference; b: passes with reference',
      ],
      [
        'nobody, where nobody else was seen',
        [],
        [],
        'a: seen with nobody else in this part; b: seen with nobody else in this part',
      ],
      [
        'who fails with everybody, where there is no reference',
        [
          played('a', 'c', 'initiator', 'pass'),
          played('b', 'c', 'responder', 'fail'),
          played('d', 'b', 'initiator', 'fail'),
          played('b', 'reference', 'responder', 'unsupported'),
        ],
        ['b'],
        'a: passes with c; b: fails with c, d',
      ],
      [
        'nobody by what it did in the other part',
        [played('a', 'reference', 'responder', 'fail'), played('b', 'reference', 'initiator', 'fail')],
        [],
        'a: seen with nobody else in this part; b: seen with nobody else in this part',
      ],
    ];
  for (const [what, others, deviates, because] of table)
    it(`says who deviates: ${what}`, () => {
      const cell = played('a', 'b', 'initiator', 'fail', 'AURA');
      const [blame] = matrixOf(run([cell, ...others])).blames;
      expect(blame).to.deep.include({ deviates, because });
      if (deviates.length === 0) expect(blame!.documents).to.deep.equal(['AURA 4']);
    });
});

function run(cases: readonly CaseResult[]) {
  const names = [...new Set(cases.map(({ product }) => product))];
  return { products: names.map((name) => ({ name, version: '1', runtime: 'uml', kernel: '6', honesty: [] })), cases };
}

function played(
  product: string,
  companion: string,
  role: 'initiator' | 'responder',
  reading: ReadingKind,
  document = 'RFC4301',
): CaseResult {
  return caseResult({
    id: 'X',
    variant: `esp-with-null-${role}-with-${companion}`,
    suite: 'interop',
    product,
    dimensions: { protection: 'esp-with-null', role, peer: companion },
    companions: { peer: companion },
    outcome: reading === 'unsupported' ? 'unsupported' : reading === 'fail' ? 'none' : 'both-ways',
    readings: [{ document, section: '4', level: 'MUST', addressee: 'implementation', reading, why: 'because' }],
  });
}
