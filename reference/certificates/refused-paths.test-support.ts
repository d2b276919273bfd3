import type { Certificate } from './certificate.ts';
import { equalDistinguishedNames } from './distinguished-name.ts';
import {
  end,
  exchangedAlgorithm,
  foreignRoot,
  intermediate,
  narrower,
  narrowerBelow,
  now,
  of,
  organisation,
  outsideItsIssuer,
  requested,
  root,
  unknown,
  withIntermediate,
} from './paths.test-support.ts';
import type { RevocationListRecipe } from './recipe.ts';
import { type CertificateRules, certificateRules } from './rules.ts';

/** One bad path for each rule, and a mutant of the rule under which it is accepted. */
export const refused: readonly {
  rule: keyof CertificateRules;
  how: string;
  path: readonly Certificate[];
  lists?: readonly RevocationListRecipe[];
  mutant: Partial<CertificateRules>;
}[] = [
  {
    rule: 'isTrustAnchor',
    how: 'self-signed by an authority nobody told us to trust',
    path: [of({ ...end, issuer: foreignRoot }), of(foreignRoot)],
    mutant: { isTrustAnchor: ({ subject, issuer }) => equalDistinguishedNames(subject, issuer) },
  },
  {
    rule: 'isTrustAnchor',
    how: 'the intermediate certificate is missing',
    path: [of(end)],
    mutant: { isTrustAnchor: () => true },
  },
  {
    rule: 'namesChain',
    how: 'the issuer bears another name',
    path: [of({ ...end, issuer: { ...root, subject: 'CN=Another' } })],
    mutant: { namesChain: () => true },
  },
  {
    rule: 'signatureVerifies',
    how: 'signed by another who took the root’s name',
    path: [of({ ...end, issuer: { ...root, key: 'ecdsaAuthority' } })],
    mutant: { signatureVerifies: () => true },
  },
  {
    rule: 'algorithmsAgree',
    how: 'the outer algorithm was exchanged for SHA-384',
    path: [exchangedAlgorithm()],
    mutant: { algorithmsAgree: () => true, signatureVerifies: () => true },
  },
  {
    rule: 'isWithinValidity',
    how: 'expired a second ago',
    path: [of({ ...end, issuer: root, validity: { notBefore: 0, notAfter: now - 1 } })],
    mutant: { isWithinValidity: () => true },
  },
  {
    rule: 'isWithinValidity',
    how: 'an intermediate certificate not yet valid',
    path: withIntermediate({ ...intermediate, validity: { notBefore: now + 1, notAfter: now + 9 } }),
    mutant: { isWithinValidity: ({ notAfter }, at) => at <= notAfter },
  },
  {
    rule: 'isAuthority',
    how: 'issued by an end entity',
    path: withIntermediate({ subject: 'CN=Intermediate', key: 'p256Two', issuer: root, keyUsage: ['keyCertSign'] }),
    mutant: { isAuthority: () => true },
  },
  {
    rule: 'pathLengthPermits',
    how: 'one more intermediate certificate than allowed',
    path: [
      ...withIntermediate({ ...intermediate, subject: 'CN=Second', key: 'p256Two', issuer: intermediate }),
      of(intermediate),
    ],
    mutant: { pathLengthPermits: () => true },
  },
  {
    rule: 'mayKeySignCertificates',
    how: 'an authority whose key is for signatures only',
    path: withIntermediate({ ...intermediate, keyUsage: ['digitalSignature'] }),
    mutant: { mayKeySignCertificates: () => true },
  },
  {
    rule: 'extensionPermits',
    how: 'a critical extension from nowhere',
    path: [requested({ extensions: [unknown(true)] })],
    mutant: { extensionPermits: () => true },
  },
  {
    rule: 'addressBlocksAreCovered',
    how: 'more addresses than its issuer’s',
    path: withIntermediate({ ...intermediate, addressBlocks: ['192.0.2.0/25'] }, { addressBlocks: ['192.0.2.0/24'] }),
    mutant: { addressBlocksAreCovered: () => true },
  },
  {
    rule: 'addressBlocksAreCovered',
    how: 'addresses of a family its issuer has none of',
    path: withIntermediate({ ...intermediate, addressBlocks: ['192.0.2.0/25'] }, { addressBlocks: ['2001:db8::/64'] }),
    mutant: { addressBlocksAreCovered: () => true },
  },
  {
    rule: 'addressBlocksAreCovered',
    how: 'addresses where an intermediate issuer speaks for none',
    path: withIntermediate(intermediate, { addressBlocks: ['2001:db8::/64'] }),
    mutant: { addressBlocksAreCovered: (_certificate, issuer) => issuer.ipAddressBlocks === undefined },
  },
  {
    rule: 'extensionsOccurOnce',
    how: 'an extension that stands in it twice',
    path: [requested({ extensions: [unknown(false), unknown(false)] })],
    mutant: { extensionsOccurOnce: () => true },
  },
  {
    rule: 'isListed',
    how: 'revoked by its issuer',
    path: [of(end), of(intermediate)],
    lists: [{ issuer: intermediate, revoked: [end] }],
    mutant: { isListed: () => false },
  },
  {
    rule: 'isListed',
    how: 'an intermediate certificate revoked by the root',
    path: [of(end), of(intermediate)],
    lists: [{ issuer: root, revoked: [intermediate] }],
    mutant: { isListed: (certificate) => certificate.basicConstraints?.isAuthority !== true },
  },
  {
    rule: 'isListed',
    how: 'revoked in the second of two lists',
    path: [of({ ...end, issuer: root })],
    lists: [
      { issuer: root, revoked: [] },
      { issuer: root, revoked: [{ ...end, issuer: root }] },
    ],
    mutant: { isListed: () => false },
  },
  ...(
    [
      ['another name', { permitted: [{ dNSName: 'mobile.example' }] }, [{ dNSName: 'other.test' }]],
      [
        'one of two names',
        { permitted: [{ dNSName: 'b.example' }] },
        [{ dNSName: 'b.example' }, { dNSName: 'c.example' }],
      ],
      ['another address', { permitted: [{ iPAddress: '192.0.2.0/24' }] }, [{ iPAddress: '198.51.100.7' }]],
      ['another mailbox', { permitted: [{ rfc822Name: 'a@b.example' }] }, [{ rfc822Name: 'b@b.example' }]],
      ['another name in the directory', { permitted: [{ directoryName: 'O=Lab' }] }, [{ directoryName: 'O=Else' }]],
      [
        'a name, though not critical',
        { permitted: [{ dNSName: 'mobile.example' }], critical: false },
        [{ dNSName: 'other.test' }],
      ],
    ] as const
  ).map(([how, nameConstraints, altNames]) => ({
    rule: 'namesArePermitted' as const,
    how: `${how} than is permitted`,
    path: withIntermediate(
      { ...intermediate, nameConstraints },
      { altNames, ...('directoryName' in altNames[0] && { subject: '' }) },
    ),
    mutant: { namesArePermitted: () => true },
  })),
  {
    rule: 'namesArePermitted',
    how: 'permitted by its issuer, but not by the one above',
    path: [
      of({ ...end, altNames: [{ dNSName: 'b.example' }], issuer: narrowerBelow }),
      of(narrowerBelow),
      of(narrower),
    ],
    mutant: {
      namesArePermitted: (certificate, above, isFinal) =>
        certificateRules.namesArePermitted(certificate, above.slice(-1), isFinal),
    },
  },
  {
    rule: 'namesArePermitted',
    how: 'the intermediate certificate’s own subject is outside what the one above permits',
    path: [of({ ...end, subject: 'CN=end, O=Lab', issuer: outsideItsIssuer }), of(outsideItsIssuer), of(organisation)],
    mutant: { namesArePermitted: (...asked) => !asked[2] || certificateRules.namesArePermitted(...asked) },
  },
  {
    rule: 'namesAreNotExcluded',
    how: 'a name that is excluded',
    path: withIntermediate(
      { ...intermediate, nameConstraints: { excluded: [{ dNSName: 'other.test' }] } },
      { altNames: [{ dNSName: 'a.other.test' }] },
    ),
    mutant: { namesAreNotExcluded: () => true },
  },
  {
    rule: 'namesAreNotExcluded',
    how: 'an address that is excluded from those permitted',
    path: withIntermediate(
      {
        ...intermediate,
        nameConstraints: {
          permitted: [{ iPAddress: '2001:db8::/32' }],
          excluded: [{ iPAddress: '2001:db8:bad::/48' }],
        },
      },
      { altNames: [{ iPAddress: '2001:db8:bad::1' }] },
    ),
    mutant: { namesAreNotExcluded: () => true },
  },
  {
    rule: 'keyUsagePermitsIke',
    how: 'a key for encipherment only',
    path: [of({ ...end, issuer: root, keyUsage: ['keyEncipherment'] })],
    mutant: { keyUsagePermitsIke: () => true },
  },
  {
    rule: 'extendedKeyUsagePermitsIke',
    how: 'a certificate for web servers',
    path: [requested({ extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] })],
    mutant: { extendedKeyUsagePermitsIke: () => true },
  },
];
