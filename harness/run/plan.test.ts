import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { caseName } from './case-name.ts';
import { intentOf, plan, suited, unsupportedReason, withinPatience } from './plan.ts';

const names = (runs: ReturnType<typeof plan>) => runs.flatMap(({ cases }) => cases.map(caseName));

describe('a plan', () => {
  const all = names(plan(suites));

  it('names every case once', () => {
    expect(new Set(all).size).to.equal(all.length);
  });

  it('selects by suite, requirement and glob, in any case of letters', () => {
    const ofSuite = plan(suites, { suite: 'outer-address' });
    expect(new Set(ofSuite.map(({ suite }) => suite))).to.deep.equal(new Set(['outer-address']));
    expect(names(plan(suites, { requirement: 'DUPONT-C2a' })).every((name) => name.startsWith('DUPONT-C2a/'))).to.equal(
      true,
    );
    expect(names(plan(suites, { glob: 'dupont-c2a/*-manual' }))).to.include('DUPONT-C2a/other-prefix-manual');
    expect(names(plan(suites, { glob: 'DUPONT-C2?' }))).to.include.members(
      names(plan(suites, { requirement: 'DUPONT-C2b' })),
    );
    expect(plan(suites, { glob: 'DUPONT.C2a/*' }), 'a dot is a dot').to.deep.equal([]);
    const several = names(plan(suites, { suite: ['outer-address', 'field'], glob: ['FIELD-F0?', 'DUPONT-C2a'] }));
    expect(new Set(several.map((name) => name.split('-')[0]))).to.deep.equal(new Set(['DUPONT', 'FIELD']));
  });

  it('in shards is cut without loss or overlap, and each is a like part of every suite', () => {
    const shards = [1, 2, 3].map((index) => names(plan(suites, { shard: { index, of: 3 } })));
    expect(shards.flat()).to.have.members(all).and.to.have.length(all.length);
    for (const shard of shards) expect(shard).not.to.deep.equal([]);
  });

  it('knows how much time a run lets pass, and leaves out what nobody has the patience for', () => {
    const runs = plan(suites, { glob: 'ARKKO-2.3b/registration-*' });
    const lasting = runs.filter(({ lasts }) => lasts > 200).map(({ variant }) => variant);
    expect(lasting).to.include('registration-home-expired').and.not.to.include('registration-home-unknown');
    const left = withinPatience(runs, 200);
    expect(left.length).to.equal(runs.length - lasting.length);
    expect(withinPatience(runs, 300)).to.deep.equal(runs);
  });

  it('knows before it runs what a node cannot be configured for', () => {
    const [run] = plan(suites, { requirement: 'DUPONT-C2a' });
    expect(unsupportedReason(run!, { unsupported: ({ name }) => `not ${name}` })).to.match(/^not \S/);
    expect(unsupportedReason(run!, { unsupported: () => undefined })).to.equal(undefined);
  });

  it('has hosts in tunnel mode for who has no other, where the suite leaves the mode open', () => {
    const tunnelsOnly: Parameters<typeof suited>[1] = {
      unsupported: ({ ike }) =>
        ike.some(({ children }) => children.some(({ mode }) => mode === 'transport')) ? 'no transport mode' : undefined,
    };
    const modeOf = (run: ReturnType<typeof suited>) => intentOf(run).parties.nut!.ike[0]!.children[0]!.mode;
    const [open] = plan(suites, { suite: 'ikev2' });
    expect(modeOf(suited(open!, tunnelsOnly))).to.equal('tunnel');
    expect(suited(open!, { unsupported: () => undefined }), 'who has both').to.equal(open);
    expect(suited(open!, { unsupported: () => 'nothing' }), 'who has neither').to.equal(open);
    const asked = plan(suites, { glob: 'MCDANIEL-SPD/dscp-transport-ikev2' })[0]!;
    expect(unsupportedReason(suited(asked, tunnelsOnly), tunnelsOnly)).to.equal('no transport mode');
  });
});
