import { expect } from 'chai';
import { caseName } from '../harness/run/case-name.ts';
import type { RunResult } from '../harness/run/result.ts';
import { type Comparison, comparisonsOf, sideName } from './comparison.ts';
import { comparisonJson } from './json/comparison.ts';
import { comparisonMarkdown } from './markdown/comparison.ts';
import { comparedModel, sampleModel } from './sample-run.test-support.ts';

describe('a comparison', () => {
  it('of two runs says which cases came out, or are read, otherwise', () => {
    const { result, earlier } = comparedModel();
    const [strongswan, linux] = comparisonsOf(result, earlier!.result);
    expect([strongswan, linux].map((each) => each!.changes.map(({ other }) => caseName(other)))).to.deep.equal([
      [],
      ['DUPONT-C2a/other-prefix-manual', 'AURA-SPD-1/transport'],
    ]);
    expect(linux!.changes.map(({ kind, readings }) => ({ kind, readings }))).to.deep.equal([
      { kind: 'fail→PASS', readings: ['DUPONT', 'RFC4301'] },
      { kind: undefined, readings: ['AURA'] },
    ]);
    expect(linux!.same).to.equal(1);
    expect(linux!.onlyOne.map(caseName)).to.deep.equal([]);
    expect(linux!.onlyOther.map(caseName)).to.deep.equal(['DUPONT-H/ikev2']);
    expect(sideName(linux!.one)).to.equal('linux 6.1.0, earlier');
  });

  it('of one run sets each version of a product beside the version before it', () => {
    const { result } = sampleModel();
    expect(comparisonsOf(result)).to.deep.equal([]);
    const [comparison] = comparisonsOf(twoVersions(result));
    expect([comparison!.one, comparison!.other].map(({ product }) => product.name)).to.deep.equal([
      'linux',
      'linux@trixie',
    ]);
    expect(comparison!.changes).to.deep.equal([]);
    expect(comparison!.same).to.equal(4);
  });

  it('of two runs of other versions, or of one product each, sets these beside each other', () => {
    const { result } = sampleModel();
    const { products, cases } = twoVersions(result);
    const [one, other] = products.map((product) => ({
      ...result,
      products: [product],
      cases: cases.filter((each) => each.product === product.name),
    }));
    expect(comparisonsOf(other!, one).map(namesOf)).to.deep.equal([['linux', 'linux@trixie']]);
    const renamed = { ...one!, products: [{ ...one!.products[0]!, name: 'reference' }] };
    expect(comparisonsOf(other!, renamed).map(namesOf)).to.deep.equal([['reference', 'linux@trixie']]);
    const strongswan = { ...result, products: result.products.slice(0, 1) };
    expect(comparisonsOf(twoVersions(result), strongswan)).to.deep.equal([]);
    expect(
      comparisonMarkdown({ result: twoVersions(result), runs: [], earlier: { result: strongswan, runs: [] } }),
    ).to.contain('one run is of strongswan, the other of linux, linux@trixie');
  });

  it('in Markdown is a table of what changed, and holds whatever a product said as text', () => {
    const text = comparisonMarkdown(comparedModel());
    expect(text).to.contain('## linux 6.1.0, earlier and linux 6.1.0');
    expect(text).to.contain('2 of 3 cases differ, 1 only on the second.');
    expect(text).to.contain(
      '| DUPONT-C2a/other-prefix-manual | dropped (fail) | delivered (pass) | fail→PASS | DUPONT, RFC4301 |',
    );
    expect(comparisonMarkdown(sampleModel())).to.contain('Nothing can be compared here');
    const hostile = comparedModel('a|b <img src=x> [l](javascript:x)\n# d');
    expect(comparisonMarkdown(hostile)).not.to.contain('<img');
  });

  it('in JSON names the bundles of both', () => {
    const { schema, comparisons } = JSON.parse(comparisonJson(comparedModel()));
    expect(schema).to.equal('touchstone-comparison/1');
    const [, { one, changes }] = comparisons;
    expect(one).to.deep.equal({
      run: 'earlier',
      product: 'linux',
      version: '6.1.0',
      kernel: 'Linux 6.1.0',
      release: null,
    });
    expect(changes[0].one).to.deep.include({ outcome: 'dropped' });
    expect(changes[0].other).to.deep.include({ bundle: 'bundles/outer-source-other-prefix-manual' });
  });
});

/** As a run of linux and linux@trixie, which did the same. */
function twoVersions(result: RunResult): RunResult {
  const own = result.cases.filter(({ product }) => product === 'linux');
  const linux = result.products.find(({ name }) => name === 'linux')!;
  return {
    ...result,
    products: [linux, { ...linux, name: 'linux@trixie', version: '6.12' }],
    cases: [...own, ...own.map((each) => ({ ...each, product: 'linux@trixie' }))],
  };
}

const namesOf = ({ one, other }: Comparison): string[] => [one, other].map(({ product }) => product.name);
