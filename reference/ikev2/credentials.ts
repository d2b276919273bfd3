/**
 * The certificates and keys of a configuration as values: recipes turned into DER, once. A recipe always gives the same
 * octets, so what is kept here is pure memory.
 */
import { type Certificate, parseCertificate } from '../certificates/certificate.ts';
import { certificateFromRecipe } from '../certificates/issuing.ts';
import { revocationListFromRecipe } from '../certificates/issuing-lists.ts';
import { labKey, labKeyNames } from '../certificates/lab-keys.ts';
import type { CertificateRecipe, RevocationListRecipe } from '../certificates/recipe.ts';
import { parseRevocationList, type RevocationList } from '../certificates/revocation-list.ts';
import type { PrivateKey, PublicKey } from '../transforms/asymmetric-key.ts';
import { hash } from '../transforms/keyed-hash.ts';
import { hex } from '../wire/octets.ts';

/** The certificate a recipe describes. Throws RangeError where the recipe names a key that does not exist. */
export function certificateOf(recipe: CertificateRecipe): Certificate {
  const key = JSON.stringify(recipe);
  const known = issued.get(key);
  if (known !== undefined) return known;
  const der = certificateFromRecipe(recipe);
  const certificate = parseCertificate(der);
  if (certificate === undefined) throw new RangeError(`the certificate of ${recipe.subject} cannot be read back`);
  issued.set(key, certificate);
  byOctets.set(hex(der), certificate);
  return certificate;
}

/** A certificate as a peer sent it; undefined where it is none. */
export function certificateIn(der: Uint8Array): Certificate | undefined {
  return byOctets.get(hex(der)) ?? parseCertificate(der);
}

/** The revocation list a recipe describes, in DER. Throws RangeError where the recipe names a key that does not exist. */
export function revocationListOctets(recipe: RevocationListRecipe): Uint8Array {
  const key = JSON.stringify(recipe);
  const known = listed.get(key);
  if (known !== undefined) return known;
  const der = revocationListFromRecipe(recipe);
  listed.set(key, der);
  return der;
}

/** The revocation list a recipe describes, read back. */
export function revocationListOf(recipe: RevocationListRecipe): RevocationList {
  const list = parseRevocationList(revocationListOctets(recipe));
  if (list === undefined) throw new RangeError(`the list of ${recipe.issuer.subject} cannot be read back`);
  return list;
}

/** The private key of that name. Throws RangeError where there is none. */
export function privateKeyNamed(name: string): PrivateKey {
  const known = labKeyNames().find((one) => one === name);
  if (known === undefined) throw new RangeError(`no lab key is called ${name}`);
  return labKey(known);
}

/** The public half of the key of that name. Throws RangeError where there is none. */
export const publicKeyNamed = (name: string): PublicKey => privateKeyNamed(name).publicKey;

/** RFC 7296 section 3.7: SHA-1 of each anchor's SubjectPublicKeyInfo, one after the other. */
export function certificationAuthorities(anchors: readonly CertificateRecipe[]): Uint8Array[] {
  return anchors.map((anchor) => hash('sha1', certificateOf(anchor).spki));
}

/** What recipes always become. */
const issued = new Map<string, Certificate>();
const listed = new Map<string, Uint8Array>();
const byOctets = new Map<string, Certificate>();
