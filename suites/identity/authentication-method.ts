/**
 * The policy wants a certificate and the peer proves itself with a shared key that the node under test has as well (DUPONT G, "for instance";
 * RFC 4301 4.4.3.4): a good proof of the wrong kind.
 */
import { hexOf, labAuthority, sharedKey } from '../../harness/vocabulary/credentials.ts';
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301, RFC7296 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

const secret = 'a key for another peer';

export const authenticationMethod = scenario({
  name: 'authentication-method',
  title: 'The identity is proven by another method than the policy names',
  dimensions: { claim: ['key-for-certificate'], role: roles },
  given: () =>
    impersonation({
      nut: {
        expects: {
          identity: 'any',
          authentication: 'signature',
          trustAnchors: [labAuthority],
          sharedKeys: [{ identity: 'any', key: hexOf(secret) }],
        },
      },
      claim: { credential: sharedKey(secret) },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-G3': question('Is a shared key accepted where the policy wants a certificate?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: [
        reads(DUPONT, '3.1 G', 'obs', 'receiver', {
          refused: observed('the identity is verified as the policy says'),
          established: observed('the identity is verified, though not as the policy says'),
        }),
        reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', { refused: pass, established: fail }),
        reads(RFC7296, '2.15', 'MAY', 'implementation', { refused: pass, established: pass }),
      ],
      lawful: 'refused',
      turnedBy: [[identityMutants.takesAnyMethod, 'established']],
    }),
  },
});
