/** Where each rule of `rules.ts` is written. */
import type { CertificateRules } from './rules.ts';

export const certificateSections = {
  isTrustAnchor: 'RFC 5280 6.1.1 (d)',
  namesChain: 'RFC 5280 6.1.3 (a)(4), 7.1',
  algorithmsAgree: 'RFC 5280 4.1.1.2',
  signatureVerifies: 'RFC 5280 6.1.3 (a)(1)',
  isWithinValidity: 'RFC 5280 6.1.3 (a)(2), 4.1.2.5',
  isListed: 'RFC 5280 6.1.3 (a)(3), 6.3.3 (j), (k)',
  listIsOfIssuer: 'RFC 5280 6.3.3 (b)(1)',
  listIsCurrent: 'RFC 5280 6.3.3 (a)',
  listExtensionsPermit: 'RFC 5280 5.2, 5.3, RFC 4945 5.2.2.4.1',
  listAlgorithmsAgree: 'RFC 5280 5.1.1.2',
  mayKeySignLists: 'RFC 5280 6.3.3 (f)',
  listSignatureVerifies: 'RFC 5280 6.3.3 (g)',
  namesArePermitted: 'RFC 5280 6.1.3 (b), 4.2.1.10',
  namesAreNotExcluded: 'RFC 5280 6.1.3 (c), 4.2.1.10',
  isAuthority: 'RFC 5280 6.1.4 (k)',
  pathLengthPermits: 'RFC 5280 6.1.4 (l), (m)',
  mayKeySignCertificates: 'RFC 5280 6.1.4 (n)',
  extensionPermits: 'RFC 5280 6.1.4 (o), 6.1.5 (f)',
  extensionsOccurOnce: 'RFC 5280 4.2',
  addressBlocksAreCovered: 'RFC 3779 2.3',
  keyUsagePermitsIke: 'RFC 4945 5.1.3.2',
  extendedKeyUsagePermitsIke: 'RFC 4945 5.1.3.12',
} as const satisfies Record<keyof CertificateRules, string>;
