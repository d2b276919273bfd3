/**
 * Certification path validation (RFC 5280 section 6.1) at a given date of the lab, after a path has been found among the
 * certificates at hand. Every check is one of rules.ts; this file has their order. Not done, for no lab certificate needs
 * them: policies and their mappings (where they are critical, the certificate is refused as not understood).
 */
import type { CalendarSeconds } from './calendar.ts';
import type { Certificate } from './certificate.ts';
import { equalDistinguishedNames } from './distinguished-name.ts';
import type { GeneralName } from './general-name.ts';
import { constrainedNames, type NameConstraints, weightOf } from './name-constraints.ts';
import { type PathRefusal, refusal } from './path-refusal.ts';
import { MOST_LINKS, PathSearch } from './path-search.ts';
import { isRevoked } from './revocation.ts';
import type { RevocationList } from './revocation-list.ts';
import { type CertificateRules, certificateRules } from './rules.ts';

export type PathValidation =
  /** The end entity first, the trust anchor last; one and the same where the end entity is itself trusted. */
  { readonly valid: true; readonly path: readonly Certificate[] } | PathRefusal;

/** What is at hand beside the end entity. */
export interface PathMaterial {
  /** In any order; some may lead nowhere. */
  readonly others: readonly Certificate[];
  readonly anchors: readonly Certificate[];
  /** None: nothing is known to be revoked. */
  readonly lists?: readonly RevocationList[];
}

/**
 * Whether a path leads from `endEntity` by way of others to an anchor, and holds at `at`. If several paths do, the first that holds counts; if
 * none holds, the first that reaches an anchor tells why, or else the first signature that was not what names promised. The
 * anchors are trusted for their name and key: their own validity and constraints, RFC 5280 leaves to whoever configured them.
 */
export function validatePath(
  endEntity: Certificate,
  { others, anchors, lists = [] }: PathMaterial,
  at: CalendarSeconds,
  rules: CertificateRules = certificateRules,
): PathValidation {
  const search = new PathSearch(others, anchors, rules);
  const judging: Judging = { lists, at, rules, comparisons: 0 };
  let told: PathValidation | undefined;
  for (const path of search.pathsFrom([endEntity])) {
    const validation = validateOne(path, judging);
    if (validation.valid) return validation;
    told ??= validation;
  }
  if (told) return told;
  if (search.exhausted) {
    return refusal('pathSearch', endEntity, `no path to a trust anchor among the first ${MOST_LINKS} links tried`);
  }
  return search.unlinked ?? refusal('isTrustAnchor', endEntity, 'no path leads from it to a trust anchor');
}

/** What every path of one search is judged with. */
interface Judging {
  readonly lists: readonly RevocationList[];
  readonly at: CalendarSeconds;
  readonly rules: CertificateRules;
  /** Of names with constraints, so far. */
  comparisons: number;
}

function validateOne(path: readonly Certificate[], judging: Judging): PathValidation {
  const { rules } = judging;
  const constraints: NameConstraints[] = [];
  // Section 6.1 goes from the certificate that the anchor issued down to the end entity.
  for (let place = path.length - 2; place >= 0; place--) {
    const certificate = path[place]!;
    const issuer = path[place + 1]!;
    const refused =
      basicProcessing(certificate, issuer, place + 1 === path.length - 1, judging) ??
      nameProcessing(certificate, constraints, place === 0, judging) ??
      (place > 0 ? preparation(certificate, path.slice(1, place), rules) : undefined) ??
      unpermittedExtension(certificate, rules);
    if (refused) return refused;
    // 6.1.4 (g)
    if (certificate.nameConstraints) constraints.push(certificate.nameConstraints);
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

/** 6.1.3 (a): what holds besides for every certificate of the path; names and signatures chain already, or it would be no path. */
function basicProcessing(
  certificate: Certificate,
  issuer: Certificate,
  issuerIsAnchor: boolean,
  { lists, at, rules }: Judging,
): PathRefusal | undefined {
  if (!rules.isWithinValidity(certificate, at)) {
    const { notBefore, notAfter } = certificate;
    return refusal('isWithinValidity', certificate, `it is valid from ${notBefore} to ${notAfter}, and it is ${at}`);
  }
  if (isRevoked(certificate, issuer, lists, at, rules)) {
    return refusal('isListed', certificate, `its issuer has revoked ${certificate.serialNumber}`);
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

/** 6.1.3 (b) and (c). */
function nameProcessing(
  certificate: Certificate,
  above: readonly NameConstraints[],
  isFinal: boolean,
  judging: Judging,
): PathRefusal | undefined {
  const { rules } = judging;
  judging.comparisons += comparisonsOf(constrainedNames(certificate), above);
  if (judging.comparisons > MOST_COMPARISONS) {
    return refusal('nameComparisons', certificate, `more than ${MOST_COMPARISONS} comparisons of names`);
  }
  if (!rules.namesArePermitted(certificate, above, isFinal)) {
    return refusal('namesArePermitted', certificate, 'a name of it is outside what is permitted above it');
  }
  if (!rules.namesAreNotExcluded(certificate, above, isFinal)) {
    return refusal('namesAreNotExcluded', certificate, 'a name of it is among those excluded above it');
  }
  return undefined;
}

/** Of every name with every subtree, at most: each costs what both are long. */
function comparisonsOf(names: readonly GeneralName[], constraints: readonly NameConstraints[]): number {
  const subtrees = constraints.flatMap(({ permitted, excluded }) => [...permitted, ...excluded]);
  const ofNames = names.reduce((sum, name) => sum + weightOf(name), 0);
  const ofSubtrees = subtrees.reduce((sum, { base }) => sum + weightOf(base), 0);
  return (ofNames * subtrees.length + ofSubtrees * names.length) / 2;
}

/** 6.1.4: what holds besides for a certificate that issued another; `below` are the intermediate ones after it. */
function preparation(
  certificate: Certificate,
  below: readonly Certificate[],
  rules: CertificateRules,
): PathRefusal | undefined {
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

function unpermittedExtension(certificate: Certificate, rules: CertificateRules): PathRefusal | undefined {
  if (!rules.extensionsOccurOnce(certificate)) {
    return refusal('extensionsOccurOnce', certificate, 'one of its extensions stands in it twice');
  }
  const unpermitted = certificate.extensions.find((extension) => !rules.extensionPermits(extension));
  return unpermitted && refusal('extensionPermits', certificate, `critical and unknown: ${unpermitted.identifier}`);
}

/** In one search. Honest certificates need some dozens; a message has room for ten thousands of names and as many constraints. */
const MOST_COMPARISONS = 16_384;
