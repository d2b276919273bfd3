/** What was judged live, and what is judged of the same frames as if they were a stranger's, agree: of the reference and of each mutant that the cases declare. */
import { expect } from 'chai';
import { Account } from '../../harness/judge/account.ts';
import { declaredBy } from '../../harness/run/kill-matrix.ts';
import { plan } from '../../harness/run/plan.ts';
import { judge } from '../../harness/run/verdict.ts';
import { suites } from '../suites.ts';
import { compared } from './agreement.test-support.ts';
import { addressesOfTested, judgedAsCapture, playedBy } from './kills.test-support.ts';

/** With how many sentences both settle at least. */
const globs = {
  'MCDANIEL-SEQ/*': 72,
  'MCDANIEL-CONF/*': 20,
  'BELLOVIN-3.1d/*': 4,
  'DUPONT-G1/?-*': 40,
  'DUPONT-G1/??-*': 10,
  'DUPONT-H/h?-*': 20,
  'DUPONT-I/*': 10,
  'DUPONT-E1/first-asked-for': 1,
  'ARKKO-2.3b/away': 2,
  'ARKKO-2.3b/*authori*': 4,
  'ARKKO-2.3b/*authenticator*': 4,
} as const;

describe('a capture that is judged as a stranger’s', function () {
  this.timeout(300_000);

  for (const [glob, least] of Object.entries(globs))
    it(`agrees with the live readings: ${glob}`, async () => {
      const disagreements: string[] = [];
      let settled = 0;
      for (const run of plan(suites, { glob }))
        for (const mutant of [undefined, ...declaredBy(run)]) {
          const transcript = await playedBy(run, mutant);
          const account = new Account(transcript);
          const captured = judgedAsCapture(transcript);
          for (const live of run.cases) {
            const { id, variant, dimensions } = live;
            const found = compared(
              run.scenario.name,
              { id, variant, dimensions, ...judge(live, account) },
              captured,
              addressesOfTested(transcript),
            );
            settled += found.settled;
            disagreements.push(...found.disagreements.map((each) => `${mutant?.name ?? 'the reference'}: ${each}`));
          }
        }
      expect(disagreements).to.deep.equal([]);
      expect(settled).to.be.at.least(least);
    });
});
