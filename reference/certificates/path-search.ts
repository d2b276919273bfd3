/**
 * Finding certification paths among the certificates at hand: by names and by signatures, from an end entity to a trust anchor. Whether
 * a path then holds is for `path-validation.ts`. What a stranger sends decides how many ways there are, so the search is bounded.
 */
import { equal } from '../wire/octets.ts';
import type { Certificate } from './certificate.ts';
import { printDistinguishedName } from './distinguished-name.ts';
import { type PathRefusal, refusal } from './path-refusal.ts';
import type { CertificateRules } from './rules.ts';

export class PathSearch {
  /** The first signature that was another's. */
  unlinked: PathRefusal | undefined;
  readonly #candidates: readonly Certificate[];
  readonly #anchors: readonly Certificate[];
  readonly #rules: CertificateRules;
  /** Who bears the name of a certificate's issuer. */
  readonly #issuers = new Map<Certificate, readonly Certificate[]>();
  /** Of one certificate to one that may have issued it, each time that it is tried. */
  #links = 0;

  constructor(others: readonly Certificate[], anchors: readonly Certificate[], rules: CertificateRules) {
    this.#candidates = [...others, ...anchors];
    this.#anchors = anchors;
    this.#rules = rules;
  }

  /** Whether there were more ways to try than a peer may make us try. */
  get exhausted(): boolean {
    return this.#links > MOST_LINKS;
  }

  /** Every path that continues `path` until it reaches an anchor, as long as the search may go on. */
  *pathsFrom(path: readonly Certificate[]): Generator<readonly Certificate[]> {
    const last = path.at(-1)!;
    if (this.#rules.isTrustAnchor(last, this.#anchors)) yield path;
    else if (path.length < LONGEST_PATH) {
      for (const issuer of this.#issuersOf(last)) {
        if (path.includes(issuer)) continue;
        this.#links++;
        if (this.exhausted) return;
        const refused = this.#linkRefused(last, issuer);
        if (refused) this.unlinked ??= refused;
        else yield* this.pathsFrom([...path, issuer]);
      }
    }
  }

  #issuersOf(certificate: Certificate): readonly Certificate[] {
    const known = this.#issuers.get(certificate);
    if (known) return known;
    const named = this.#candidates.filter((candidate) => this.#rules.namesChain(candidate, certificate));
    const found = [...named].sort((one, other) => unlikeliness(one, certificate) - unlikeliness(other, certificate));
    this.#issuers.set(certificate, found);
    return found;
  }

  /** 6.1.3 (a)(1): what ties a certificate to its issuer beside the name. */
  #linkRefused(certificate: Certificate, issuer: Certificate): PathRefusal | undefined {
    if (!issuer.publicKey) return refusal('publicKey', issuer, 'its key is of a kind that is not known here');
    if (!this.#rules.algorithmsAgree(certificate)) {
      return refusal('algorithmsAgree', certificate, 'it names two different signature algorithms');
    }
    if (!this.#rules.signatureVerifies(certificate, issuer.publicKey)) {
      return refusal('signatureVerifies', certificate, `it is not signed by ${printDistinguishedName(issuer.subject)}`);
    }
    return undefined;
  }
}

/** 4.2.1.1: of several certificates of one name the key identifier tells which issued this one; it only orders the search. */
function unlikeliness(issuer: Certificate, { authorityKeyIdentifier: wanted }: Certificate): number {
  const has = issuer.subjectKeyIdentifier;
  return wanted && has && equal(wanted, has) ? 0 : 1;
}

/** In certificates, the end entity's and the anchor's among them. */
const LONGEST_PATH = 6;

/** Tried in one search: honest paths need one for each certificate, and one more for each of the same name; a stranger can make every pair a link. */
export const MOST_LINKS = 32;
