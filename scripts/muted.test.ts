/** A few cases in which a product that falls mute must come to nothing; `npm run mute` asks it of all. */
import { expect } from 'chai';
import { plan } from '../harness/run/plan.ts';
import { suites } from '../suites/suites.ts';
import { failsOfMute } from './muted.ts';

const cases = [
  'DUPONT-2.5-BOTH/one-home-agent-tunnelled-in-clear-with-reference',
  'DUPONT-F/mobile-node-speaks',
  'DUPONT-O/moved',
  'DUPONT-Q/ike-sa-responder',
  'DUPONT-R2/acknowledged-with-k',
  'RFC6275-11.7.3/too-short',
  'RFC6275-11.7.3/another-sequence-number',
  'RFC7296-2.8-USED/child-with-group-end-node-initiator',
  'RFC7296-2.8.2-INHERITS/initiator-lowest-of-nut-nut-first',
] as const;

describe('a product that falls mute', function () {
  this.timeout(60_000);
  for (const glob of cases)
    it(`fails nothing by that: ${glob}`, async () => {
      const [run] = plan(suites, { glob });
      const fails = await failsOfMute(run!, 'mute');
      expect(fails.map(({ after, reports, verdict }) => [after, reports, verdict.outcome])).to.deep.equal([]);
    });
});
