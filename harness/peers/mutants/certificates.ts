/** Broken twins of certification path validation (RFC 5280 section 6, RFC 3779 section 2.3). */
import type { IpAddressBlocks } from '../../../reference/certificates/ip-address-blocks.ts';
import { mutant } from '../mutant.ts';

export const readsFirstBlockOnly = mutant(
  'readsFirstBlockOnly',
  'certificates',
  'addressBlocksAreCovered',
  'of the ranges an authority speaks for, the first is read',
  (lawful) => (certificate, issuer, issuerIsAnchor) => {
    const firstOf = (blocks: IpAddressBlocks): IpAddressBlocks =>
      blocks.ranges === 'inherit' ? blocks : { ...blocks, ranges: blocks.ranges.slice(0, 1) };
    const { ipAddressBlocks, ...rest } = issuer;
    const poorer = ipAddressBlocks ? { ...rest, ipAddressBlocks: ipAddressBlocks.map(firstOf) } : issuer;
    return lawful(certificate, poorer, issuerIsAnchor);
  },
);

export const forgetsTheDate = mutant(
  'forgetsTheDate',
  'certificates',
  'isWithinValidity',
  'a box without a clock takes every certificate for current',
  () => () => true,
);

export const takesAnybodyForAnAuthority = mutant(
  'takesAnybodyForAnAuthority',
  'certificates',
  'isAuthority',
  'every certificate that an authority issued may issue others',
  () => () => true,
);

export const countsNoPath = mutant(
  'countsNoPath',
  'certificates',
  'pathLengthPermits',
  'basic constraints are read for the flag, and the length beside it is not',
  () => () => true,
);

export const permitsEveryName = mutant(
  'permitsEveryName',
  'certificates',
  'namesArePermitted',
  'name constraints are known, so that a critical one is no obstacle, and never applied',
  () => () => true,
);

export const constrainsHostNamesOnly = mutant(
  'constrainsHostNamesOnly',
  'certificates',
  'namesArePermitted',
  'constraints were written with host names in mind, and addresses pass',
  (lawful) => (certificate, above, isFinal) => {
    const subjectAltNames = certificate.subjectAltNames.filter((name) => 'dNSName' in name);
    return lawful({ ...certificate, subjectAltNames }, above, isFinal);
  },
);

export const excludesNoName = mutant(
  'excludesNoName',
  'certificates',
  'namesAreNotExcluded',
  'the first field of name constraints is read, and the second is not',
  () => () => true,
);

export const knowsNoNameConstraints = mutant(
  'knowsNoNameConstraints',
  'certificates',
  'extensionPermits',
  'name constraints are an unknown extension, which spoils what it is critical in',
  (lawful) => (extension) => lawful(extension) && !(extension.critical && extension.identifier === NAME_CONSTRAINTS),
);

export const asksNoList = mutant(
  'asksNoList',
  'certificates',
  'isListed',
  'revocation lists are loaded and asked by nobody',
  () => () => false,
);

export const comparesShortSerials = mutant(
  'comparesShortSerials',
  'certificates',
  'isListed',
  'serial numbers are kept as integers of 32 bits',
  () => (certificate, list) =>
    [...list.revoked.keys()].some(
      (serial) => BigInt.asUintN(32, serial) === BigInt.asUintN(32, certificate.serialNumber),
    ),
);

export const hearsForgedLists = mutant(
  'hearsForgedLists',
  'certificates',
  'listSignatureVerifies',
  'what bears the name of an authority is taken for its list',
  () => () => true,
);

export const hearsOldLists = mutant(
  'hearsOldLists',
  'certificates',
  'listIsCurrent',
  'once revoked is revoked for ever, however old the list',
  () => () => true,
);

export const passesOverSentLists = mutant(
  'passesOverSentLists',
  'ikev2',
  'revocationListsThatCount',
  'of the CERT payloads those with certificates are read',
  () => (atHand) => atHand,
);

const NAME_CONSTRAINTS = '2.5.29.30';
