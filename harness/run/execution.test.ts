import { expect } from 'chai';
import { keysToldTo } from '../../reference/host/key-records.ts';
import { bothMobile, bothMoving } from '../vocabulary/both-moving-intent.ts';
import { scenario } from '../vocabulary/scenario.ts';
import { execute } from './execution.ts';
import { runOf } from './plan.ts';
import { memorySite } from './site.ts';

describe('an execution', () => {
  it('records the keys that two tested parties were told by hand, as references tell them, and once', async () => {
    const given = bothMoving({ agents: 'one-home-agent', routeOptimization: false, underEsp: true });
    const acted = scenario({
      name: 'keyed',
      title: 'Two that were told keys',
      cast: bothMobile,
      dimensions: {},
      given: () => given,
      play: ({ ha }) => ha.echo('life'),
      questions: {},
    });
    const run = runOf('test', acted as never, {}, { peer: 'reference' });
    const { entries } = (await execute(run, memorySite(), 'test')).transcript;
    const records = entries.flatMap((entry) => (entry.kind === 'keys' ? [entry.record] : []));
    expect(records).to.deep.equal(keysToldTo(given.parties.nut!));
    expect(records).to.have.lengthOf(2);
  });
});
