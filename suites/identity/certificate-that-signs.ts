/**
 * Several certificates come with one signature (DUPONT G, "associated to the signature"): the one that signed is the tester's, another among
 * them bears the name that it claims. RFC 7296 section 3.6 has the first hold the key that verifies AUTH.
 */
import { certificateOf, fqdn, labAuthority, signedWith } from '../../harness/vocabulary/credentials.ts';
import { identityMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301, RFC4945, RFC7296 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeImpersonation,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

const intermediate = {
  subject: 'CN=Touchstone Intermediate CA, O=Touchstone',
  key: 'intermediateAuthority',
  issuer: labAuthority,
  authority: {},
  keyUsage: ['keyCertSign', 'cRLSign'],
  altNames: [{ dNSName: 'authority.example' }],
  serial: 2,
} as const;
const own = certificateOf({ commonName: 'a', altNames: [{ dNSName: 'a.example' }] });
const ownBelow = certificateOf({ commonName: 'a', altNames: [{ dNSName: 'a.example' }], issuer: intermediate });
const others = certificateOf({ commonName: 'b', altNames: [{ dNSName: 'b.example' }], key: 'p256Three' });

const { looksInEveryCertificate, ignoresIdentityInCertificate, takesLastCertificate, verifiesNoSignature } =
  identityMutants;

/** The chain that goes with the claim; `own` signs in every case. */
const bundles = {
  'own-then-other': { honest: signedWith(own), claim: signedWith(own, others), name: 'b.example' },
  'other-then-own': {
    honest: signedWith(own),
    claim: { ...signedWith(others, own), key: own.key },
    name: 'b.example',
  },
  'name-of-intermediate': {
    honest: signedWith(ownBelow, intermediate),
    claim: signedWith(ownBelow, intermediate),
    name: 'authority.example',
  },
  'own-then-issuer': { honest: signedWith(own), claim: signedWith(ownBelow, intermediate), name: 'a.example' },
} as const;

type Bundle = keyof typeof bundles;
/** The positive twin: what follows the certificate that signs only completes its path. */
const isOwn = (certificates: string): boolean => certificates === 'own-then-issuer';
const isSwapped = (certificates: string): boolean => certificates === 'other-then-own';

export const certificateThatSigns = scenario({
  name: 'certificate-that-signs',
  title: 'Several certificates come, and one of them signed',
  dimensions: { certificates: Object.keys(bundles) as Bundle[], role: roles },
  given: ({ certificates }) =>
    impersonation({
      tn: { identity: fqdn('a.example'), credential: bundles[certificates].honest },
      claim: { identity: fqdn(bundles[certificates].name), credential: bundles[certificates].claim },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-G2': question('Is an identity accepted that only another certificate names?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ certificates }) => {
        const must = isOwn(certificates) ? { refused: fail, established: pass } : { refused: pass, established: fail };
        return [
          reads(DUPONT, '3.1 G', 'MUST', 'receiver', must),
          reads(RFC4301, '4.4.3.2', 'MAY', 'implementation', { refused: pass, established: pass }),
          reads(RFC4945, '3.1.2', 'MUST', 'receiver', must),
          ofChain(certificates),
        ];
      },
      lawful: ({ certificates }) => (isOwn(certificates) ? 'established' : 'refused'),
      turnedBy: ({ certificates }) => {
        if (isOwn(certificates)) return [[takesLastCertificate, 'refused']];
        if (isSwapped(certificates)) return [[verifiesNoSignature, 'established']];
        return [
          [looksInEveryCertificate, 'established'],
          [ignoresIdentityInCertificate, 'established'],
        ];
      },
    }),
  },
});

/** RFC 7296 binds who sends a chain to its order, and who gets one to take it; that the identity stands in it is no demand of its own. */
function ofChain(certificates: string) {
  if (isOwn(certificates)) return reads(RFC7296, '3.6', 'MUST', 'implementation', { refused: fail, established: pass });
  if (isSwapped(certificates))
    return reads(RFC7296, '3.6', 'obs', 'sender', {
      refused: observed('the certificate that came first is not searched past'),
      established: observed('the certificate that signed is looked for'),
    });
  return reads(RFC7296, '3.5', 'MAY', 'implementation', { refused: pass, established: pass });
}
