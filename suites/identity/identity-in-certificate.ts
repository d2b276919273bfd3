/**
 * The identity payload against the certificate that signs (DUPONT G). The tester proves possession of a certificate for one name and
 * claims another; the node under test takes anybody the authority certifies, so that a refusal can only come from comparing the two.
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { ikev2Mutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4945, RFC7296 } from '../requirements/documents.ts';
import { impersonation, impersonationControls, judgeImpersonation, playImpersonation } from './impersonation.ts';

const certificate = certificateOf({ commonName: 'a.example', altNames: [{ dNSName: 'a.example' }] });

export const identityInCertificate = scenario({
  name: 'identity-in-certificate',
  title: 'The identity is not in the certificate that signs',
  dimensions: { claim: ['a-other-fqdn'], role: ['responder', 'initiator'] },
  given: () =>
    impersonation({
      tn: { identity: fqdn('a.example'), credential: signedWith(certificate) },
      claim: { identity: fqdn('b.example') },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-G1': question('Is an identity accepted that the certificate does not name?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      reads: [
        reads(DUPONT, '3.1 G', 'MUST', { refused: pass, established: fail }),
        reads(RFC4945, '3.1', 'MUST', { refused: pass, established: fail }),
        reads(RFC7296, '3.5', 'MAY', { refused: pass, established: pass }),
      ],
      lawful: 'refused',
      turnedBy: [[ikev2Mutants.ignoresIdentityInCertificate, 'established']],
    }),
  },
});
