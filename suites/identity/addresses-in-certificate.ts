/**
 * Addresses that a certificate names beside the identity, and certificates that name none (DUPONT I and J). The identity is a name that both of the
 * tester's certificates certify; what differs is which addresses stand beside it.
 */
import type { CertificateRecipe } from '../../harness/vocabulary/credentials.ts';
import { certificateOf, fqdn, labAuthority, signedWith } from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority } from '../../harness/vocabulary/ike-intent.ts';
import { certificateMutants, identityMutants } from '../../harness/vocabulary/mutants.ts';
import { places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301, RFC4945, RFC7296 } from '../requirements/documents.ts';
import {
  impersonation,
  impersonationControls,
  judgeClaim,
  judgeImpersonation,
  noSaAfterClaim,
  playImpersonation,
  roles,
  verifies,
} from './impersonation.ts';

const inUse = { iPAddress: places.home.ipv4 };
const elsewhere = { iPAddress: '203.0.113.77' };
const named = { dNSName: 'mobile.example' };

/** Speaks for both addresses, so that those below it may speak for one (RFC 3779 2.3). */
const authorityOfBlocks: CertificateRecipe = {
  ...labAuthority,
  subject: 'CN=Touchstone Registry CA, O=Touchstone',
  addressBlocks: ['192.0.2.0/24', '203.0.113.0/24'],
};
const withBlock = (...addressBlocks: readonly string[]): CertificateRecipe =>
  certificateOf({ commonName: 'mobile', altNames: [named], addressBlocks, issuer: authorityOfBlocks });

const certificates: Readonly<Record<string, CertificateRecipe>> = {
  'i1-elsewhere': certificateOf({ commonName: 'mobile', altNames: [named, elsewhere] }),
  'i2-one-of-two': certificateOf({ commonName: 'mobile', altNames: [named, elsewhere, inUse] }),
  'i3-in-subject': certificateOf({ commonName: elsewhere.iPAddress, altNames: [named] }),
  'i4-critical': certificateOf({ commonName: 'mobile', altNames: [named, elsewhere], altNamesCritical: true }),
  'i5-address-block': withBlock('203.0.113.0/24'),
};
const hasBlock = (addresses: string): boolean => addresses === 'i5-address-block';
const fits = (addresses: string): boolean => addresses === 'i2-one-of-two';
const honest = certificateOf({ commonName: 'mobile', altNames: [named, inUse] });

export const addressesInCertificate = scenario({
  name: 'addresses-in-certificate',
  title: 'The certificate names an address other than the one in use',
  dimensions: { addresses: Object.keys(certificates), role: roles },
  given: ({ addresses }) =>
    impersonation({
      nut: {
        expects: { ...anyoneOfTheAuthority, trustAnchors: [hasBlock(addresses) ? authorityOfBlocks : labAuthority] },
      },
      tn: {
        identity: fqdn(named.dNSName),
        credential: signedWith(hasBlock(addresses) ? withBlock('192.0.2.0/24') : honest),
      },
      claim: { credential: signedWith(certificates[addresses]!) },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-I': question('Is a peer accepted whose certificate names other addresses than the one in use?', {
      outcomes: ['refused', 'no-child', 'established'],
      controls: impersonationControls,
      judge: (t) => {
        // A responder refuses the child; an initiator can only delete what it was granted (RFC 7296 1.4.1).
        const noChild =
          t.ike.refused('claim', 'nut', 'TS_UNACCEPTABLE') ??
          t.ike.heard('HDR, SK {D}', { after: 'claim', before: 'claim closed', response: false });
        return (noChild && noSaAfterClaim(t) && noChild.as('no-child')) ?? judgeClaim(t, words);
      },
      plays: ({ role }) => verifies(role!),
      reads: ({ addresses }) => [
        ofAddresses(addresses),
        reads(RFC4945, '3.1', 'obs', 'receiver', {
          refused: observed('compared, though the identity is a name'),
          'no-child': observed('compared with the traffic, though the identity is a name'),
          established: observed('not compared: the identity is a name'),
        }),
        reads(RFC7296, '3.5', 'MAY', 'implementation', { refused: pass, 'no-child': pass, established: pass }),
      ],
      lawful: 'established',
      turnedBy: ({ addresses }) => {
        if (fits(addresses)) return [[identityMutants.comparesFirstCertifiedAddress, 'refused']];
        if (hasBlock(addresses)) return [[certificateMutants.readsFirstBlockOnly, 'refused']];
        if (addresses === 'i3-in-subject') return [[identityMutants.demandsCertifiedAddress, 'refused']];
        return [[identityMutants.bindsCertificateToTransport, 'refused']];
      },
    }),
  },
});

/** DUPONT I speaks of addresses that are subjects or alternative ones; a block (RFC 3779) is neither. */
function ofAddresses(addresses: string) {
  if (fits(addresses))
    return reads(DUPONT, '3.1 I', 'SHOULD', 'receiver', { refused: fail, 'no-child': fail, established: pass });
  const noTraffic = observed('the peer is accepted, and has no traffic of its own');
  if (!hasBlock(addresses))
    return reads(DUPONT, '3.1 I', 'SHOULD', 'receiver', { refused: pass, 'no-child': noTraffic, established: fail });
  return reads(DUPONT, '3.1 I', 'obs', 'receiver', {
    refused: observed('a block of addresses is compared like a subject'),
    'no-child': noTraffic,
    established: observed('a block of addresses is not compared'),
  });
}

const words = { accepted: 'established', refused: 'refused' } as const;

export const certificateWithoutAddresses = scenario({
  name: 'certificate-without-addresses',
  title: 'The certificate names no address, and a policy has something to say about that',
  dimensions: {
    certificate: ['j1-with-addresses', 'j2-without-addresses'],
    policy: ['unconstrained', 'addresses-required'],
    role: roles,
  },
  given: ({ certificate, policy }) =>
    impersonation({
      ...(policy === 'addresses-required' && {
        nut: { expects: { ...anyoneOfTheAuthority, certificateAddresses: 'required' } },
      }),
      tn: { identity: fqdn(named.dNSName), credential: signedWith(honest) },
      claim: {
        credential: signedWith(
          certificateOf({
            commonName: 'mobile',
            altNames: certificate === 'j1-with-addresses' ? [named, elsewhere, inUse] : [named],
          }),
        ),
      },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'DUPONT-J': question('Can a policy constrain the certificates that name no address?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: ({ certificate, policy }) => {
        const mayBoth = reads(RFC4301, '4.4.3.2', 'MAY', 'implementation', { refused: pass, established: pass });
        if (certificate === 'j1-with-addresses')
          return [reads(DUPONT, '3.1 I', 'SHOULD', 'receiver', { refused: fail, established: pass }), mayBoth];
        // That policies SHOULD make a special case of it is said to who writes them.
        if (policy === 'addresses-required')
          return [
            reads(DUPONT, '3.1 J', 'obs', 'administrator', {
              refused: observed('a policy that requires addresses is obeyed'),
              established: observed('a policy that requires addresses is not obeyed'),
            }),
            mayBoth,
          ];
        return [
          reads(DUPONT, '3.1 J', 'obs', 'administrator', {
            refused: observed('a certificate without addresses is refused by default'),
            established: observed('a certificate without addresses is like any other by default'),
          }),
          mayBoth,
        ];
      },
      lawful: ({ certificate, policy }) =>
        certificate === 'j2-without-addresses' && policy === 'addresses-required' ? 'refused' : 'established',
      turnedBy: ({ certificate, policy }) => {
        if (certificate === 'j1-with-addresses') return [[identityMutants.comparesFirstCertifiedAddress, 'refused']];
        return policy === 'addresses-required'
          ? [[identityMutants.forgetsCertificateConstraint, 'established']]
          : [[identityMutants.demandsCertifiedAddress, 'refused']];
      },
    }),
  },
});
