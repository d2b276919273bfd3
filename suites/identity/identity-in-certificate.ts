/**
 * The identity payload against the certificate that signs (DUPONT G). The tester proves possession of a certificate for one name and
 * claims another; the node under test takes anybody the authority certifies, so that a refusal can only come from comparing the two.
 * RFC 2407 4.6.2, which the catalogue names too, is about IKEv1.
 */
import {
  addressIdentity,
  type CertificateRecipe,
  certificateOf,
  distinguishedName,
  fqdn,
  type Identity,
  keyId,
  signedWith,
  userFqdn,
} from '../../harness/vocabulary/credentials.ts';
import { identityMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
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

const host = certificateOf({ commonName: 'host.example', altNames: [{ dNSName: 'a.example' }] });
const mailbox = certificateOf({ commonName: 'a', altNames: [{ dNSName: 'a.example' }, { rfc822Name: 'a@b.example' }] });
const address = certificateOf({
  commonName: 'a',
  altNames: [{ dNSName: 'a.example' }, { iPAddress: places.home.ipv4 }],
});

/** Each with the section of RFC 4945 for its type, and the mutants that take it beside the one that takes all. */
const claims: Readonly<Record<string, Claim>> = {
  'a-other-fqdn': claim(fqdn('b.example'), '3.1.2'),
  'b-user-fqdn': claim(userFqdn('root@a.example'), '3.1.3', [identityMutants.takesMailboxesOfAHost]),
  'c-other-dn': claim(distinguishedName('CN=other.example, O=Touchstone'), '3.1.5', [
    identityMutants.comparesOrganizationsOnly,
  ]),
  'd-ipv4-address': claim(addressIdentity(places.home.ipv4), '3.1.1', [identityMutants.takesAddressesOnTrust]),
  'd-ipv6-address': claim(addressIdentity(places.home.ipv6), '3.1.1', [identityMutants.takesAddressesOnTrust]),
  'e-common-name': claim(fqdn('host.example'), '3.1.9', [identityMutants.readsCommonNames]),
  'f-key-id': claim(keyId('a.example'), '3.1.7', [identityMutants.takesUncertifiableIdentities]),
  'g1-trailing-nul': claim(fqdn('a.example\0'), '3.1.2', [identityMutants.stopsAtNul]),
  'g2-upper-case': claim(fqdn('A.EXAMPLE'), '3.1.2'),
  'g3-trailing-dot': claim(fqdn('a.example.'), '3.1.2', [identityMutants.ignoresTrailingDot]),
  'h1-name-as-mailbox': claim(userFqdn('a.example'), '3.1.3', [identityMutants.comparesTextOnly]),
  'h2-mailbox-as-name': claim(fqdn('a@b.example'), '3.1.2', [identityMutants.comparesTextOnly], mailbox),
  'h3-address-as-name': claim(fqdn(places.home.ipv4), '3.1.2', [identityMutants.comparesTextOnly], address),
};

/** The one that RFC 4945 3.1.2 and DNS call the same name. */
const isEqualName = (name: string): boolean => name === 'g2-upper-case';

export const identityInCertificate = scenario({
  name: 'identity-in-certificate',
  title: 'The identity is not in the certificate that signs',
  dimensions: { claim: Object.keys(claims), role: roles },
  given: ({ claim }) =>
    impersonation({
      family: claim === 'd-ipv6-address' ? 'ipv6' : 'ipv4',
      tn: { identity: fqdn('a.example'), credential: signedWith(claims[claim]!.certificate) },
      claim: { identity: claims[claim]!.identity },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-G1': question('Is an identity accepted that the certificate does not name?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ claim }) => [
        isEqualName(claim)
          ? reads(DUPONT, '3.1 G', 'obs', 'receiver', {
              established: pass,
              refused: observed('names are compared with their case'),
            })
          : reads(DUPONT, '3.1 G', 'MUST', 'receiver', { refused: pass, established: fail }),
        reads(RFC4301, '4.4.3.2', 'MAY', 'implementation', { refused: pass, established: pass }),
        byProfile(claim),
        reads(RFC7296, '3.5', 'MAY', 'implementation', { refused: pass, established: pass }),
      ],
      lawful: ({ claim }) => (isEqualName(claim) ? 'established' : 'refused'),
      turnedBy: ({ claim }) =>
        isEqualName(claim)
          ? [[identityMutants.comparesCase, 'refused']]
          : [identityMutants.ignoresIdentityInCertificate, ...claims[claim]!.takenBy].map(
              (mutant) => [mutant, 'established'] as const,
            ),
    }),
  },
});

/** RFC 4945 has key ids out of its scope, and what stands in a subject is no name that MUST match but one that MUST NOT count. */
function byProfile(claim: string) {
  const { section } = claims[claim]!;
  if (claim === 'f-key-id')
    return reads(RFC4945, section, 'obs', 'receiver', {
      refused: observed('a certificate proves no key id'),
      established: observed('a certificate proves a key id'),
    });
  return isEqualName(claim)
    ? reads(RFC4945, section, 'MUST', 'receiver', { refused: fail, established: pass })
    : reads(RFC4945, section, claim === 'e-common-name' ? 'MUST NOT' : 'MUST', 'receiver', {
        refused: pass,
        established: fail,
      });
}

interface Claim {
  readonly identity: Identity;
  readonly section: string;
  readonly takenBy: readonly NodeMutant[];
  readonly certificate: CertificateRecipe;
}

function claim(
  identity: Identity,
  section: string,
  takenBy: readonly NodeMutant[] = [],
  certificate: CertificateRecipe = host,
): Claim {
  return { identity, section, takenBy, certificate };
}
