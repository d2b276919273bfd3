/**
 * An address as identity that is not the address the messages come from (DUPONT H). The certificate names the address, so that G holds, and
 * the documents disagree about the rest: RFC 4945 wants the two compared by default, RFC 7296 does not.
 */
import { addressIdentity, certificateOf, signedWith } from '../../harness/vocabulary/credentials.ts';
import { ikev2Mutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4945, RFC7296 } from '../requirements/documents.ts';
import { impersonation, impersonationControls, judgeImpersonation, playImpersonation } from './impersonation.ts';

/** A home address nobody uses at the moment. */
const homeAddress = '203.0.113.77';
const certificate = certificateOf({
  commonName: 'mobile',
  altNames: [{ iPAddress: homeAddress }, { iPAddress: places.home.ipv4 }],
});

export const addressIdentityElsewhere = scenario({
  name: 'address-identity',
  title: 'The identity is an address other than the one in use',
  dimensions: { proof: ['h1-certificate'], role: ['responder', 'initiator'] },
  given: () =>
    impersonation({
      tn: { identity: addressIdentity(places.home.ipv4), credential: signedWith(certificate) },
      claim: { identity: addressIdentity(homeAddress) },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-H': question('Is an address accepted as identity that is not the one the messages come from?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      reads: [
        reads(DUPONT, '3.1 H', 'MUST', { refused: pass, established: fail }),
        reads(RFC4945, '3.1.1', 'MUST', { refused: pass, established: fail }),
        reads(RFC7296, '3.5', 'MAY', { refused: pass, established: pass }),
      ],
      lawful: 'established',
      turnedBy: [[ikev2Mutants.bindsAddressIdentityToTransport, 'refused']],
    }),
  },
});
