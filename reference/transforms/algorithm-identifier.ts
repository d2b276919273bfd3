/**
 * Signature algorithms as data, and the AlgorithmIdentifier that names one in DER: in the Authentication Data of RFC 7427
 * (appendix A lists the common ones) and in every certificate (RFC 4055, RFC 5758, RFC 8410). Computing is signature.ts's part.
 */
import { hex, u16 } from '../wire/octets.ts';
import { type EcdsaCurve, type EdwardsCurve, edwardsCurves } from './asymmetric-key.ts';
import { type DerElement, derElement, derElements, derTag, objectIdentifier } from './der.ts';

export type SignatureHash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

export type SignatureAlgorithm =
  | { readonly scheme: 'RSASSA-PKCS1-v1_5'; readonly hash: SignatureHash }
  | {
      readonly scheme: 'RSASSA-PSS';
      readonly hash: SignatureHash;
      /** The hash inside MGF1. Every profile wants it equal to `hash`. */
      readonly maskHash: SignatureHash;
      readonly saltOctets: number;
    }
  | {
      readonly scheme: 'ECDSA';
      readonly hash: SignatureHash;
      /** How r and s are written: in DER (X.509, RFC 7427), or side by side in fixed width (RFC 4754). */
      readonly form: 'Ecdsa-Sig-Value' | 'r|s';
      /** Where the algorithm is tied to one curve, as RFC 4754 does; otherwise the key's is the curve. */
      readonly curve?: EcdsaCurve;
    }
  | { readonly scheme: EdwardsCurve };

/**
 * The AlgorithmIdentifier in DER, in the form each specification prefers: NULL parameters for RSASSA-PKCS1-v1_5, none for
 * ECDSA and EdDSA. For ECDSA as r|s, which has none, that of the same hash.
 */
export function encodeAlgorithmIdentifier(algorithm: SignatureAlgorithm): Uint8Array {
  switch (algorithm.scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return identifier(rsaWith[algorithm.hash], derElement(derTag.NULL));
    case 'RSASSA-PSS':
      return identifier(RSASSA_PSS, pssParameters(algorithm));
    case 'ECDSA':
      return identifier(ecdsaWith[algorithm.hash]);
    case 'Ed25519':
    case 'Ed448':
      return identifier(edwards[algorithm.scheme]);
  }
}

/**
 * The algorithm that an AlgorithmIdentifier names; undefined for one Touchstone does not have, or octets that are none. NULL
 * and absent parameters are both read, as RFC 7427 section 3 says that both occur.
 */
export function decodeAlgorithmIdentifier(octets: Uint8Array): SignatureAlgorithm | undefined {
  const parts = sequence(derElements(octets));
  const dotted = parts?.[0] && dottedFrom(parts[0]);
  if (!parts || !dotted || parts.length > 2) return undefined;
  const parameters = parts[1];
  if (dotted === RSASSA_PSS) return parameters && pssFrom(parameters);
  if (parameters && (parameters.tag !== derTag.NULL || parameters.contents.length !== 0)) return undefined;
  const rsaHash = hashNamed(rsaWith, dotted);
  if (rsaHash) return { scheme: 'RSASSA-PKCS1-v1_5', hash: rsaHash };
  const ecdsaHash = hashNamed(ecdsaWith, dotted);
  if (ecdsaHash) return { scheme: 'ECDSA', hash: ecdsaHash, form: 'Ecdsa-Sig-Value' };
  const scheme = edwardsCurves.find((curve) => edwards[curve] === dotted);
  return scheme && { scheme };
}

/** The AlgorithmIdentifier of a bare hash, as PSS parameters and the DigestInfo of PKCS#1 hold it: with NULL parameters. */
export function encodeHashIdentifier(hash: SignatureHash): Uint8Array {
  return identifier(hashObjects[hash], derElement(derTag.NULL));
}

/** RSASSA-PSS-params (RFC 4055 section 3.1); what equals its default is left out, as DER demands. */
function pssParameters(algorithm: Extract<SignatureAlgorithm, { scheme: 'RSASSA-PSS' }>): Uint8Array {
  const { hash, maskHash, saltOctets } = algorithm;
  const parts: Uint8Array[] = [];
  if (hash !== 'sha1') parts.push(derElement(PSS_HASH, encodeHashIdentifier(hash)));
  if (maskHash !== 'sha1') parts.push(derElement(PSS_MASK, identifier(MGF1, encodeHashIdentifier(maskHash))));
  if (saltOctets !== 20) parts.push(derElement(PSS_SALT, derElement(derTag.INTEGER, smallInteger(saltOctets))));
  return derElement(derTag.SEQUENCE, ...parts);
}

function pssFrom(parameters: DerElement): SignatureAlgorithm | undefined {
  const fields = sequence([parameters]);
  if (!fields) return undefined;
  let hash: SignatureHash | undefined = 'sha1';
  let maskHash: SignatureHash | undefined = 'sha1';
  let saltOctets: number | undefined = 20;
  for (const { tag, contents } of fields) {
    const inner = derElements(contents);
    if (tag === PSS_HASH) hash = hashFrom(inner);
    else if (tag === PSS_MASK) maskHash = maskHashFrom(inner);
    else if (tag === PSS_SALT) saltOctets = smallIntegerFrom(inner);
    // The trailer field has one value only; DER leaves out this default, RFC 7427 appendix A.4 writes it none the less.
    else if (tag !== PSS_TRAILER || smallIntegerFrom(inner) !== 1) return undefined;
  }
  if (!hash || !maskHash || saltOctets === undefined) return undefined;
  return { scheme: 'RSASSA-PSS', hash, maskHash, saltOctets };
}

function maskHashFrom(elements: DerElement[] | undefined): SignatureHash | undefined {
  const parts = sequence(elements);
  if (parts?.length !== 2 || dottedFrom(parts[0]!) !== MGF1) return undefined;
  return hashFrom([parts[1]!]);
}

function hashFrom(elements: DerElement[] | undefined): SignatureHash | undefined {
  const parts = sequence(elements);
  const dotted = parts?.[0] && dottedFrom(parts[0]);
  return dotted ? hashNamed(hashObjects, dotted) : undefined;
}

function identifier(dotted: string, ...parameters: Uint8Array[]): Uint8Array {
  return derElement(derTag.SEQUENCE, objectIdentifier(dotted), ...parameters);
}

function sequence(elements: DerElement[] | undefined): DerElement[] | undefined {
  if (elements?.length !== 1 || elements[0]!.tag !== derTag.SEQUENCE) return undefined;
  return derElements(elements[0]!.contents);
}

/** Compared as encoded, so that only identifiers this file knows need a dotted form. */
function dottedFrom(element: DerElement): string | undefined {
  if (element.tag !== derTag.OBJECT_IDENTIFIER) return undefined;
  const encoded = hex(derElement(element.tag, element.contents));
  return knownObjects.find((dotted) => hex(objectIdentifier(dotted)) === encoded);
}

function hashNamed(table: Readonly<Record<SignatureHash, string>>, dotted: string): SignatureHash | undefined {
  return (Object.keys(table) as SignatureHash[]).find((hash) => table[hash] === dotted);
}

function smallInteger(value: number): Uint8Array {
  return value < 0x80 ? Uint8Array.of(value) : u16(value);
}

function smallIntegerFrom(elements: DerElement[] | undefined): number | undefined {
  const integer = elements?.length === 1 ? elements[0]! : undefined;
  if (integer?.tag !== derTag.INTEGER || integer.contents.length === 0 || integer.contents.length > 2) return undefined;
  if (integer.contents[0]! >= 0x80) return undefined;
  return integer.contents.reduce((value, octet) => value * 256 + octet, 0);
}

const RSASSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

const edwards: Readonly<Record<EdwardsCurve, string>> = { Ed25519: '1.3.101.112', Ed448: '1.3.101.113' };

const rsaWith: Readonly<Record<SignatureHash, string>> = {
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13',
};

const ecdsaWith: Readonly<Record<SignatureHash, string>> = {
  sha1: '1.2.840.10045.4.1',
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

const hashObjects: Readonly<Record<SignatureHash, string>> = {
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
};

const knownObjects: readonly string[] = [
  RSASSA_PSS,
  MGF1,
  ...Object.values(edwards),
  ...Object.values(rsaWith),
  ...Object.values(ecdsaWith),
  ...Object.values(hashObjects),
];

const PSS_HASH = 0xa0;
const PSS_MASK = 0xa1;
const PSS_SALT = 0xa2;
const PSS_TRAILER = 0xa3;
