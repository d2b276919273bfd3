/**
 * Many children on one IKE SA (MCDANIEL "IKE"; RFC 7296 1.3): the first comes with IKE_AUTH, the others by CREATE_CHILD_SA, and each is
 * independent of the rest: SPIs of its own, and only its own traffic.
 */
import { type Account, both, pre } from '../../harness/vocabulary/judging.ts';
import { childMutants, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { MCDANIEL, RFC4301, RFC7296 } from '../requirements/documents.ts';
import { allAgreed, allArrived, bearing, bears, converse, firstWorks, ownSpis, type Role } from './children.ts';

export const manyChildren = scenario({
  name: 'many-children',
  title: 'Many children on one IKE SA',
  dimensions: { children: ['2', '8', '32'], role: ['responder', 'initiator'], protection: laterProtections },
  given: ({ children, protection }) => bearing(Number(children), protectionOf(protection)),
  async play(stage, { children, role }) {
    await bears(stage, Number(children), role);
    await converse(stage, Number(children), 'traffic');
  },
  questions: {
    'MCDANIEL-MANY': question('Does one IKE SA bear many children, each with SAs of its own?', {
      outcomes: ['independent', 'shared', 'refused'],
      controls: (t) => [pre('the child of IKE_AUTH works', firstWorks(t))],
      judge: (t, { children }) => {
        const count = Number(children);
        const arrived = both(allAgreed(t, count), allArrived(t, count, 'traffic'));
        return (
          both(arrived, ownSpis(t, count, 'traffic'))?.as('independent') ??
          arrived?.as('shared') ??
          refusedAfterFirst(t)?.as('refused')
        );
      },
      plays: ({ role }) => [role as Role, 'sender', 'receiver'],
      reads: [
        reads(MCDANIEL, 'IKE', 'obs', 'implementation', { independent: pass, shared: fail, refused: fail }),
        reads(RFC7296, '4', 'MAY', 'implementation', {
          independent: pass,
          shared: pass,
          refused: observed('a minimal implementation bears one child'),
        }),
        reads(RFC4301, '5.1 3a', 'MUST', 'sender', { independent: pass, shared: fail, refused: pass }),
      ],
      lawful: 'independent',
      turnedBy: ({ role }) => [
        [policyMutants.ignoresPorts, 'shared'],
        ...(role === 'responder' ? ([[childMutants.bearsOneChild, 'refused']] as const) : []),
      ],
    }),
  },
});

function refusedAfterFirst(t: Account) {
  return t.ike.refused('birth 0', 'nut', 'NO_ADDITIONAL_SAS');
}
