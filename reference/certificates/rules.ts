/**
 * Every decision about a certificate that an implementer could get wrong, as a value: RFC 5280 unless a rule names another
 * document. Path validation is given these, calls them in the order of section 6.1 and decides nothing in passing. Matching
 * an identity against a certificate's names is ikev2's.
 */
import type { PublicKey } from '../transforms/asymmetric-key.ts';
import { verify } from '../transforms/signature.ts';
import { compareAddresses, familyOf } from '../wire/address.ts';
import { equal } from '../wire/octets.ts';
import type { CalendarSeconds } from './calendar.ts';
import { type Certificate, type CertificateExtension, extensionIdentifiers } from './certificate.ts';
import { equalDistinguishedNames } from './distinguished-name.ts';
import { tagOf } from './general-name.ts';
import { constrainedNames, isWithin, type NameConstraints } from './name-constraints.ts';
import { listExtensionIdentifiers, partialListIdentifiers, type RevocationList } from './revocation-list.ts';

export interface CertificateRules {
  /** 6.1.1 (d): trust begins only where this node was told that it does; being self-signed is no reason. */
  isTrustAnchor(certificate: Certificate, anchors: readonly Certificate[]): boolean;
  /** 6.1.3 (a)(4), 7.1: who issued it bears the name that it gives as its issuer's. */
  namesChain(issuer: Certificate, certificate: Certificate): boolean;
  /** 4.1.1.2: the algorithm named outside the signature is the one named under it. */
  algorithmsAgree(certificate: Certificate): boolean;
  /** 6.1.3 (a)(1): the signature is its issuer's. */
  signatureVerifies(certificate: Certificate, issuerKey: PublicKey): boolean;
  /** 6.1.3 (a)(2), 4.1.2.5: both ends of the validity period belong to it. */
  isWithinValidity(certificate: Certificate, at: CalendarSeconds): boolean;
  /** 6.1.3 (a)(3), 6.3.3 (j), (k): it stands in a list of its issuer's, whatever the date, and not as one that was taken off it. */
  isListed(certificate: Certificate, list: RevocationList): boolean;
  /** 6.3.3 (b)(1): a list speaks of the certificates of who issued it, and of no others. */
  listIsOfIssuer(list: RevocationList, issuer: Certificate): boolean;
  /** 6.3.3 (a), 5.1.2.4, 5.1.2.5: it has been issued and the next one has not. */
  listIsCurrent(list: RevocationList, at: CalendarSeconds): boolean;
  /** 5.2, 5.3, RFC 4945 5.2.2.4.1: a list with a critical extension that is not understood, its own or of an entry, tells nothing; nor does one that is only the difference to another, for some certificates, or of several issuers, however it is marked. */
  listExtensionsPermit(list: RevocationList): boolean;
  /** 5.1.1.2: the algorithm named outside the signature is the one named under it. */
  listAlgorithmsAgree(list: RevocationList): boolean;
  /** 6.3.3 (f): where key usage is stated, it includes signing lists. */
  mayKeySignLists(issuer: Certificate): boolean;
  /** 6.3.3 (g): the signature is its issuer's. */
  listSignatureVerifies(list: RevocationList, issuerKey: PublicKey): boolean;
  /** 6.1.3 (b), 4.2.1.10: wherever names of a kind are permitted above it, each of its names of that kind lies among them; a self-issued one is asked only at the end. */
  namesArePermitted(certificate: Certificate, above: readonly NameConstraints[], isFinal: boolean): boolean;
  /** 6.1.3 (c), 4.2.1.10: none of its names lies where they are excluded above it; a self-issued one is asked only at the end. */
  namesAreNotExcluded(certificate: Certificate, above: readonly NameConstraints[], isFinal: boolean): boolean;
  /** 6.1.4 (k): only a certificate of version 3 that says so is an authority's. */
  isAuthority(certificate: Certificate): boolean;
  /** 6.1.4 (l), (m): not more intermediate certificates follow than it allows; self-issued ones do not count. */
  pathLengthPermits(certificate: Certificate, intermediatesBelow: number): boolean;
  /** 6.1.4 (n): where key usage is stated, it includes signing certificates. */
  mayKeySignCertificates(certificate: Certificate): boolean;
  /** 6.1.4 (o), 6.1.5 (f): a critical extension that is not understood spoils the certificate. */
  extensionPermits(extension: CertificateExtension): boolean;
  /** 4.2: no extension stands in a certificate twice; of two that differ, which one holds would be anybody's guess. */
  extensionsOccurOnce(certificate: Certificate): boolean;
  /** RFC 3779 2.3: it speaks for no address space that its issuer does not; a trust anchor without blocks has them all. */
  addressBlocksAreCovered(certificate: Certificate, issuer: Certificate, issuerIsAnchor: boolean): boolean;
  /** RFC 4945 5.1.3.2: where key usage is stated, it includes digital signature or non-repudiation. */
  keyUsagePermitsIke(endEntity: Certificate): boolean;
  /** RFC 4945 5.1.3.12: where extended key usage is stated, it includes IKE or any. */
  extendedKeyUsagePermitsIke(endEntity: Certificate): boolean;
}

export const certificateRules: CertificateRules = {
  isTrustAnchor: (certificate, anchors) => anchors.some((anchor) => equal(anchor.der, certificate.der)),
  namesChain: (issuer, certificate) => equalDistinguishedNames(issuer.subject, certificate.issuer),
  algorithmsAgree: ({ algorithmIdentifiers }) => equal(algorithmIdentifiers.outer, algorithmIdentifiers.signed),
  signatureVerifies,
  isListed: ({ serialNumber }, { revoked }) => {
    const entry = revoked.get(serialNumber);
    return entry !== undefined && !entry.extensions.some(isTakenOff);
  },
  listIsOfIssuer: (list, issuer) => equalDistinguishedNames(list.issuer, issuer.subject),
  listIsCurrent: ({ thisUpdate, nextUpdate = Number.POSITIVE_INFINITY }, at) => thisUpdate <= at && at <= nextUpdate,
  listExtensionsPermit: ({ extensions, revoked }) =>
    [...extensions, ...[...revoked.values()].flatMap((entry) => entry.extensions)].every(
      ({ critical, identifier }) => (!critical || understoodInLists.has(identifier)) && !partial.has(identifier),
    ),
  listAlgorithmsAgree: ({ algorithmIdentifiers }) => equal(algorithmIdentifiers.outer, algorithmIdentifiers.signed),
  mayKeySignLists: ({ keyUsage }) => keyUsage?.includes('cRLSign') ?? true,
  listSignatureVerifies: ({ signatureAlgorithm, tbs, signature }, issuerKey) =>
    signatureAlgorithm !== undefined && verify(signatureAlgorithm, issuerKey, tbs, signature, 'node'),
  namesArePermitted: (certificate, above, isFinal) =>
    isExempt(certificate, isFinal) ||
    constrainedNames(certificate).every((name) =>
      above.every(({ permitted }) => {
        const ofItsKind = permitted.filter(({ tag }) => tag === tagOf(name));
        return ofItsKind.length === 0 || ofItsKind.some((subtree) => isWithin(name, subtree) === true);
      }),
    ),
  namesAreNotExcluded: (certificate, above, isFinal) =>
    isExempt(certificate, isFinal) ||
    constrainedNames(certificate).every((name) =>
      above.every(({ excluded }) =>
        excluded.every((subtree) => subtree.tag !== tagOf(name) || isWithin(name, subtree) === false),
      ),
    ),
  isWithinValidity: ({ notBefore, notAfter }, at) => notBefore <= at && at <= notAfter,
  isAuthority: ({ version, basicConstraints }) => version === 3 && basicConstraints?.isAuthority === true,
  pathLengthPermits: ({ basicConstraints }, intermediatesBelow) =>
    intermediatesBelow <= (basicConstraints?.pathLength ?? Number.POSITIVE_INFINITY),
  mayKeySignCertificates: ({ keyUsage }) => keyUsage?.includes('keyCertSign') ?? true,
  extensionPermits: ({ identifier, critical }) => !critical || understood.has(identifier),
  extensionsOccurOnce: ({ extensions }) =>
    new Set(extensions.map(({ identifier }) => identifier)).size === extensions.length,
  addressBlocksAreCovered,
  keyUsagePermitsIke: ({ keyUsage }) =>
    !keyUsage || keyUsage.includes('digitalSignature') || keyUsage.includes('nonRepudiation'),
  extendedKeyUsagePermitsIke: ({ extendedKeyUsage }) =>
    !extendedKeyUsage || extendedKeyUsage.includes(IPSEC_IKE) || extendedKeyUsage.includes(ANY_PURPOSE),
};

function signatureVerifies(certificate: Certificate, issuerKey: PublicKey): boolean {
  const known = verdicts.get(certificate)?.get(issuerKey);
  if (known !== undefined) return known;
  const { signatureAlgorithm, tbs, signature } = certificate;
  // A stranger decides how many there are, and noble takes thirty times as long as node:crypto.
  const verdict = signatureAlgorithm !== undefined && verify(signatureAlgorithm, issuerKey, tbs, signature, 'node');
  if (!verdicts.has(certificate)) verdicts.set(certificate, new WeakMap());
  verdicts.get(certificate)!.set(issuerKey, verdict);
  return verdict;
}

function addressBlocksAreCovered(certificate: Certificate, issuer: Certificate, issuerIsAnchor: boolean): boolean {
  if (!certificate.ipAddressBlocks) return true;
  const above = issuer.ipAddressBlocks;
  if (!above) return issuerIsAnchor;
  return certificate.ipAddressBlocks.every(({ family, ranges }) => {
    const theirs = above.find((blocks) => blocks.family === family)?.ranges;
    if (ranges === 'inherit' || theirs === 'inherit') return theirs !== undefined;
    return ranges.every((range) =>
      theirs?.some(
        (wider) =>
          familyOf(wider.first) === familyOf(range.first) &&
          compareAddresses(wider.first, range.first) <= 0 &&
          compareAddresses(range.last, wider.last) <= 0,
      ),
    );
  });
}

/** Who gives itself a new certificate need not obey what binds those below; the end entity must. */
function isExempt({ subject, issuer }: Certificate, isFinal: boolean): boolean {
  return !isFinal && equalDistinguishedNames(subject, issuer);
}

/** Pure memory: a signature is as good the second time, and conversations by the hundred show the same few certificates. */
const verdicts = new WeakMap<Certificate, WeakMap<PublicKey, boolean>>();

/** What is acted upon here, and subjectAltName, which the identity rules read. */
const understood: ReadonlySet<string> = new Set([
  extensionIdentifiers.basicConstraints,
  extensionIdentifiers.keyUsage,
  extensionIdentifiers.extendedKeyUsage,
  extensionIdentifiers.subjectAltName,
  extensionIdentifiers.ipAddressBlocks,
  extensionIdentifiers.nameConstraints,
]);

/** Delta lists, lists of one distribution point, entries of other issuers. */
const partial: ReadonlySet<string> = new Set(Object.values(partialListIdentifiers));

/** A reason code that says so: removeFromCRL. */
function isTakenOff({ identifier, value }: CertificateExtension): boolean {
  return identifier === listExtensionIdentifiers.reasonCode && value.at(-1) === REMOVE_FROM_LIST;
}

const REMOVE_FROM_LIST = 8;

/** None of them need be critical; a number or a reason that is so hides nothing. */
const understoodInLists: ReadonlySet<string> = new Set(Object.values(listExtensionIdentifiers));

/** id-kp-ipsecIKE of RFC 4945. */
const IPSEC_IKE = '1.3.6.1.5.5.7.3.17';

const ANY_PURPOSE = '2.5.29.37.0';
