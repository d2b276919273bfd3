/**
 * Certification path validation (RFC 5280 section 6.1) at a given date of the lab, after a path has been found among the
 * certificates at hand. Every check is one of rules.ts; this file has their order. Not done, for no lab certificate needs
 * them: revocation, name constraints and policies (where they are critical, the certificate is refused as not understood).
 */
import type { CalendarSeconds } from './calendar.ts';
import type { Certificate } from './certificate.ts';
import { equalDistinguishedNames, printDistinguishedName } from './distinguished-name.ts';
import { type CertificateRules, certificateRules } from './rules.ts';

export type PathValidation =
  /** The end entity first, the trust anchor last; one and the same where the end entity is itself trusted. */
  | { readonly valid: true; readonly path: readonly Certificate[] }
  | {
      readonly valid: false;
      /** The first rule that said no, or `publicKey` where an issuer has a key of a kind Touchstone does not know. */
      readonly failed: keyof CertificateRules | 'publicKey';
      /** Whose certificate it is about. */
      readonly subject: string;
      readonly says: string;
    };

/**
 * Whether a path leads from `endEntity` by way of `others`, in any order, to one of `anchors`, and holds at `at`. If several paths
 * do, the first that holds counts; if none holds, the first that reaches an anchor tells why. The anchors are trusted for
 * their name and key: their own validity and constraints, RFC 5280 leaves to whoever configured them.
 */
export function validatePath(
  endEntity: Certificate,
  others: readonly Certificate[],
  anchors: readonly Certificate[],
  at: CalendarSeconds,
  rules: CertificateRules = certificateRules,
): PathValidation {
  const paths = pathsFrom([endEntity], [...others, ...anchors], anchors, rules);
  if (paths.length === 0) {
    return refusal('isTrustAnchor', endEntity, 'no path leads from it to a trust anchor');
  }
  const validations = paths.map((path) => validateOne(path, at, rules));
  return validations.find((validation) => validation.valid) ?? validations[0]!;
}

/** Every path that continues `path` by names alone until it reaches an anchor. */
function pathsFrom(
  path: readonly Certificate[],
  candidates: readonly Certificate[],
  anchors: readonly Certificate[],
  rules: CertificateRules,
): Certificate[][] {
  const last = path.at(-1)!;
  if (rules.isTrustAnchor(last, anchors)) return [[...path]];
  if (path.length === LONGEST_PATH) return [];
  return candidates
    .filter((candidate) => !path.includes(candidate) && rules.namesChain(candidate, last))
    .flatMap((candidate) => pathsFrom([...path, candidate], candidates, anchors, rules));
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

/** 6.1.3: what holds for every certificate of the path; the names chain already, or it would be no path. */
function basicProcessing(
  certificate: Certificate,
  issuer: Certificate,
  issuerIsAnchor: boolean,
  at: CalendarSeconds,
  rules: CertificateRules,
): PathValidation | undefined {
  if (!issuer.publicKey) return refusal('publicKey', issuer, 'its key is of a kind that is not known here');
  if (!rules.algorithmsAgree(certificate)) {
    return refusal('algorithmsAgree', certificate, 'it names two different signature algorithms');
  }
  if (!rules.signatureVerifies(certificate, issuer.publicKey)) {
    return refusal('signatureVerifies', certificate, `it is not signed by ${printDistinguishedName(issuer.subject)}`);
  }
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

function refusal(failed: keyof CertificateRules | 'publicKey', certificate: Certificate, says: string): PathValidation {
  return { valid: false, failed, subject: printDistinguishedName(certificate.subject), says };
}

/** In certificates. A stranger's bag of certificates that all name one another must not keep the search busy. */
const LONGEST_PATH = 6;
