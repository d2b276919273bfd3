/**
 * Private and public keys as values: read from PKCS#8 and SubjectPublicKeyInfo, which stay beside what was read, for
 * certificates and certificate requests are about those very octets. RSA, ECDSA on P-256, P-384 and P-521, Ed25519 and Ed448.
 */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { concat } from '../wire/octets.ts';

export type PublicKey = RsaPublicKey | EcdsaPublicKey | EdwardsPublicKey;

export interface RsaPublicKey {
  readonly type: 'RSA';
  /** SubjectPublicKeyInfo in DER, as it came. */
  readonly spki: Uint8Array;
  /** Big-endian, without leading zeros. */
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
}

export interface EcdsaPublicKey {
  readonly type: 'ECDSA';
  readonly spki: Uint8Array;
  readonly curve: EcdsaCurve;
  /** The point in SEC 1 form, uncompressed: 0x04, x, y. */
  readonly point: Uint8Array;
}

export interface EdwardsPublicKey {
  readonly type: EdwardsCurve;
  readonly spki: Uint8Array;
  /** 32 octets, or 57. */
  readonly point: Uint8Array;
}

export type PrivateKey =
  /** The RSA numbers stay inside `pkcs8`; node:crypto uses them. */
  | { readonly type: 'RSA'; readonly pkcs8: Uint8Array; readonly publicKey: RsaPublicKey }
  /** `scalar` is as long as a coordinate of the curve. */
  | {
      readonly type: 'ECDSA';
      readonly pkcs8: Uint8Array;
      readonly publicKey: EcdsaPublicKey;
      readonly scalar: Uint8Array;
    }
  /** `seed` is the 32 octets, or 57, that RFC 8032 calls the private key. */
  | {
      readonly type: EdwardsCurve;
      readonly pkcs8: Uint8Array;
      readonly publicKey: EdwardsPublicKey;
      readonly seed: Uint8Array;
    };

export type EcdsaCurve = (typeof ecdsaCurves)[number];

export const ecdsaCurves = ['P-256', 'P-384', 'P-521'] as const;

/** Of EdDSA (RFC 8032). */
export type EdwardsCurve = (typeof edwardsCurves)[number];

export const edwardsCurves = ['Ed25519', 'Ed448'] as const;

/** A public key from SubjectPublicKeyInfo in DER; undefined for octets that are none, or a kind Touchstone does not have. */
export function parsePublicKey(spki: Uint8Array): PublicKey | undefined {
  try {
    return publicKeyFrom(createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' }), spki);
  } catch {
    return undefined;
  }
}

/** A private key from PKCS#8 in DER, with its public key. Throws TypeError where it is none: it is our own configuration. */
export function parsePrivateKey(pkcs8: Uint8Array): PrivateKey {
  const object = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const publicObject = createPublicKey(object);
  const publicKey = publicKeyFrom(publicObject, Uint8Array.from(publicObject.export({ format: 'der', type: 'spki' })));
  const secret = fromBase64Url(object.export({ format: 'jwk' }).d);
  switch (publicKey?.type) {
    case 'RSA':
      return { type: 'RSA', pkcs8, publicKey };
    case 'ECDSA':
      return { type: 'ECDSA', pkcs8, publicKey, scalar: secret };
    case 'Ed25519':
    case 'Ed448':
      return { type: publicKey.type, pkcs8, publicKey, seed: secret };
    default:
      throw new TypeError(`no use for a private key of type ${object.asymmetricKeyType}`);
  }
}

/** The key as node:crypto wants it; read once per value. @internal */
export function keyObjectOf(key: PublicKey | PrivateKey): KeyObject {
  const known = keyObjects.get(key);
  if (known) return known;
  const object =
    'pkcs8' in key
      ? createPrivateKey({ key: Buffer.from(key.pkcs8), format: 'der', type: 'pkcs8' })
      : createPublicKey({ key: Buffer.from(key.spki), format: 'der', type: 'spki' });
  keyObjects.set(key, object);
  return object;
}

function publicKeyFrom(object: KeyObject, spki: Uint8Array): PublicKey | undefined {
  const jwk: JsonWebKey = object.export({ format: 'jwk' });
  if (jwk.kty === 'RSA') {
    const [modulus, publicExponent] = [fromBase64Url(jwk.n), fromBase64Url(jwk.e)];
    const isBounded = modulus.length <= MOST_MODULUS && publicExponent.length <= MOST_EXPONENT;
    return isBounded ? { type: 'RSA', spki, modulus, publicExponent } : undefined;
  }
  const curve = ecdsaCurves.find((name) => name === jwk.crv);
  if (jwk.kty === 'EC' && curve) {
    const point = concat(Uint8Array.of(0x04), fromBase64Url(jwk.x), fromBase64Url(jwk.y));
    return { type: 'ECDSA', spki, curve, point };
  }
  const edwards = edwardsCurves.find((name) => name === jwk.crv);
  if (jwk.kty === 'OKP' && edwards) return { type: edwards, spki, point: fromBase64Url(jwk.x) };
  return undefined;
}

function fromBase64Url(text: string | undefined): Uint8Array {
  return Uint8Array.from(Buffer.from(text ?? '', 'base64url'));
}

/** Octets. Verifying costs what the exponent has in bits, and a stranger may have made it as long as the modulus; honest ones have three octets. */
const MOST_EXPONENT = 8;
const MOST_MODULUS = 1024;

/** Pure memory: what a value always becomes. */
const keyObjects = new WeakMap<PublicKey | PrivateKey, KeyObject>();
