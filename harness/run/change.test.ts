import { expect } from 'chai';
import { caseResult } from './case-result.test-support.ts';
import { changesSince } from './change.ts';
import type { CaseResult, ReadingKind } from './result.ts';

describe('what changed since an earlier run', () => {
  const earlier = [
    one('A', 'dropped', 'pass'),
    one('B', 'taken', 'fail'),
    one('C', 'x', 'observed'),
    one('D', 'x', 'pass'),
  ];

  it('is said in five words, the worst first', () => {
    const now = [
      one('A', 'taken', 'fail'),
      one('B', 'dropped', 'pass'),
      one('C', 'y', 'observed'),
      one('E', 'x', 'pass'),
    ];
    expect(
      changesSince(earlier, now, { whole: true }).map(({ kind, name, had, has }) => [kind, name, had, has]),
    ).to.deep.equal([
      ['pass→FAIL', 'A', 'dropped', 'taken'],
      ['outcome changed', 'C', 'x', 'y'],
      ['gone', 'D', 'x', undefined],
      ['new', 'E', undefined, 'x'],
      ['fail→PASS', 'B', 'taken', 'dropped'],
    ]);
  });

  it('is nothing where nothing changed, and no case is gone of a selection', () => {
    expect(changesSince(earlier, earlier, { whole: true })).to.deep.equal([]);
    expect(changesSince(earlier, earlier.slice(1), { whole: false })).to.deep.equal([]);
  });

  it('is no pass where a failing case could not be played again, and nothing of products that only one run has', () => {
    const inconclusive = { ...one('B', 'inconclusive', 'inconclusive') };
    expect(changesSince(earlier, [inconclusive], { whole: false }).map(({ kind }) => kind)).to.deep.equal([
      'outcome changed',
    ]);
    expect(changesSince(earlier, [{ ...one('A', 'taken', 'fail'), product: 'other' }], { whole: true })).to.deep.equal(
      [],
    );
  });
});

function one(id: string, outcome: string, reading: ReadingKind): CaseResult {
  return caseResult({
    id,
    product: 'acme',
    outcome,
    readings: [{ document: 'RFC4301', section: '4', level: 'MUST', addressee: 'receiver', reading, why: '' }],
  });
}
