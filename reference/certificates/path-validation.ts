/**
 * Certification path validation (RFC 5280 section 6.1) at a given date of the lab, after a path has been found among the
 * certificates at hand. Every check is one of rules.ts; this file has their order. Not done, for no lab certificate needs
 * them: revocation, name constraints and policies (where they are critical, the certificate is refused as not understood).
 */
import { equal } from '../wire/octets.ts';
import type { CalendarSeconds } from './calendar.ts';
import type { Certificate } from './certificate.ts';
import { equalDistinguishedNames, printDistinguishedName } from './distinguished-name.ts';
import { type CertificateRules, certificateRules } from './rules.ts';

type Failure = keyof CertificateRules | 'publicKey' | 'pathSearch';

export type PathValidation =
  /** The end entity first, the trust anchor last; one and the same where the end entity is itself trusted. */
  | { readonly valid: true; readonly path: readonly Certificate[] }
  | {
      readonly valid: false;
      /**
       * The first rule that said no, or `publicKey` where an issuer has a key of a kind Touchstone does not know, or `pathSearch` where there were
       * more ways to try than a peer may make us try.
       */
      readonly failed: Failure;
      /** Whose certificate it is about. */
      readonly subject: string;
      readonly says: string;
    };

/**
 * Whether a path leads from `endEntity` by way of `others`, in any order, to one of `anchors`, and holds at `at`. If several paths
 * do, the first that holds counts; if none holds, the first that reaches an anchor tells why, or else the first signature that was
 * not what names promised. The anchors are trusted for their name and key: their own validity and constraints, RFC 5280 leaves to
 * whoever configured them. What a stranger sends decides how many ways there are, so the search is bounded: `pathSearch` says so.
 */
export function validatePath(
  endEntity: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  at: CalendarSeconds,
  rules: CertificateRules = certificateRules,
): PathValidation {
  const search: Search = { candidates: [...others, ...anchors], anchors, rules, issuers: new Map(), links: 0 };
  let told: PathValidation | undefined;
  for (const path of pathsFrom([endEntity], search)) {
    const validation = validateOne(path, at, rules);
    if (validation.valid) return validation;
    told ??= validation;
  }
  if (told) return told;
  if (search.links > MOST_LINKS) {
    return refusal('pathSearch', endEntity, `no path to a trust anchor among the first ${MOST_LINKS} links tried`);
  }
  return search.unlinked ?? refusal('isTrustAnchor', endEntity, 'no path leads from it to a trust anchor');
}

/** What a search knows, and how far it has come. */
interface Search {
  readonly candidates: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  readonly rules: CertificateRules;
  /** Who bears the name of a certificate's issuer. */
  readonly issuers: Map<Certificate, readonly Certificate[]>;
  /** Of one certificate to one that may have issued it, each time that it is tried. */
  links: number;
  /** The first signature that was another's. */
  unlinked?: PathValidation;
}

/** Every path that continues `path`, by names and by signatures, until it reaches an anchor; as long as the search may go on. */
function* pathsFrom(path: readonly Certificate[], search: Search): Generator<readonly Certificate[]> {
  const last = path.at(-1)!;
  if (search.rules.isTrustAnchor(last, search.anchors)) yield path;
  else if (path.length < LONGEST_PATH) {
    for (const issuer of issuersOf(last, search)) {
      if (path.includes(issuer)) continue;
      if (++search.links > MOST_LINKS) return;
      const refused = linkRefused(last, issuer, search.rules);
      if (refused) search.unlinked ??= refused;
      else yield* pathsFrom([...path, issuer], search);
    }
  }
}

function issuersOf(certificate: Certificate, { candidates, issuers, rules }: Search): readonly Certificate[] {
  const known = issuers.get(certificate);
  if (known) return known;
  const named = candidates.filter((candidate) => rules.namesChain(candidate, certificate));
  const found = [...named].sort((one, other) => unlikeliness(one, certificate) - unlikeliness(other, certificate));
  issuers.set(certificate, found);
  return found;
}

/** 4.2.1.1: of several certificates of one name the key identifier tells which issued this one; it only orders the search. */
function unlikeliness(issuer: Certificate, { authorityKeyIdentifier: wanted }: Certificate): number {
  const has = issuer.subjectKeyIdentifier;
  return wanted && has && equal(wanted, has) ? 0 : 1;
}

/** 6.1.3 (a)(1): what ties a certificate to its issuer beside the name. */
function linkRefused(
  certificate: Certificate,
  issuer: Certificate,
  rules: CertificateRules,
): PathValidation | undefined {
  if (!issuer.publicKey) return refusal('publicKey', issuer, 'its key is of a kind that is not known here');
  if (!rules.algorithmsAgree(certificate)) {
    return refusal('algorithmsAgree', certificate, 'it names two different signature algorithms');
  }
  if (!rules.signatureVerifies(certificate, issuer.publicKey)) {
    return refusal('signatureVerifies', certificate, `it is not signed by ${printDistinguishedName(issuer.subject)}`);
  }
  return undefined;
}

function validateOne(path: readonly Certificate[], at: CalendarSeconds, rules: CertificateRules): PathValidation {
  // Section 6.1 goes from the certificate that the anchor issued down to the end entity.
  for (let place = path.length - 2; place >= 0; place--) {
    const certificate = path[place]!;
    const issuer = path[place + 1]!;
    const refused =
      basicProcessing(certificate, issuer, place + 1 === path.length - 1, at, rules) ??
      (place > 0 ? preparation(certificate, path.slice(1, place), rules) : undefined) ??
      unpermittedExtension(certificate, rules);
    if (refused) return refused;
  }
  const endEntity = path[0]!;
  if (!rules.keyUsagePermitsIke(endEntity)) {
    return refusal('keyUsagePermitsIke', endEntity, `its key is for ${endEntity.keyUsage?.join(', ')} only`);
  }
  if (!rules.extendedKeyUsagePermitsIke(endEntity)) {
    return refusal(
      'extendedKeyUsagePermitsIke',
      endEntity,
      `its purposes are ${endEntity.extendedKeyUsage?.join(', ')}`,
    );
  }
  return { valid: true, path };
}

/** 6.1.3: what holds besides for every certificate of the path; names and signatures chain already, or it would be no path. */
function basicProcessing(
  certificate: Certificate,
  issuer: Certificate,
  issuerIsAnchor: boolean,
  at: CalendarSeconds,
  rules: CertificateRules,
): PathValidation | undefined {
  if (!rules.isWithinValidity(certificate, at)) {
    const { notBefore, notAfter } = certificate;
    return refusal('isWithinValidity', certificate, `it is valid from ${notBefore} to ${notAfter}, and it is ${at}`);
  }
  if (!rules.addressBlocksAreCovered(certificate, issuer, issuerIsAnchor)) {
    return refusal(
      'addressBlocksAreCovered',
      certificate,
      'it speaks for addresses that its issuer does not speak for',
    );
  }
  return undefined;
}

/** 6.1.4: what holds besides for a certificate that issued another; `below` are the intermediate ones after it. */
function preparation(
  certificate: Certificate,
  below: readonly Certificate[],
  rules: CertificateRules,
): PathValidation | undefined {
  if (!rules.isAuthority(certificate)) return refusal('isAuthority', certificate, 'it is not an authority’s');
  const intermediates = below.filter(({ subject, issuer }) => !equalDistinguishedNames(subject, issuer)).length;
  if (!rules.pathLengthPermits(certificate, intermediates)) {
    const { pathLength } = certificate.basicConstraints ?? {};
    return refusal(
      'pathLengthPermits',
      certificate,
      `${intermediates} intermediate certificates follow, of ${pathLength}`,
    );
  }
  if (!rules.mayKeySignCertificates(certificate)) {
    return refusal('mayKeySignCertificates', certificate, `its key is for ${certificate.keyUsage?.join(', ')} only`);
  }
  return undefined;
}

function unpermittedExtension(certificate: Certificate, rules: CertificateRules): PathValidation | undefined {
  const unpermitted = certificate.extensions.find((extension) => !rules.extensionPermits(extension));
  return unpermitted && refusal('extensionPermits', certificate, `critical and unknown: ${unpermitted.identifier}`);
}

function refusal(failed: Failure, certificate: Certificate, says: string): PathValidation {
  return { valid: false, failed, subject: printDistinguishedName(certificate.subject), says };
}

/** In certificates, the end entity's and the anchor's among them. */
const LONGEST_PATH = 6;

/** Tried in one search: honest paths need one for each certificate, and one more for each of the same name; a stranger can make every pair a link. */
const MOST_LINKS = 32;
