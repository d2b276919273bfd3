/**
 * Signing and verifying with an algorithm given as data: RSASSA-PKCS1-v1_5 and RSASSA-PSS (RFC 8017), ECDSA (FIPS 186,
 * deterministic as in RFC 6979) and EdDSA on Ed25519 and Ed448 (RFC 8032); and which of them the older IKEv2 authentication methods mean. What
 * is signed is ikev2's or the certificate's business.
 */
import { constants, verify as nodeVerify, privateEncrypt, publicDecrypt } from 'node:crypto';
import { ed448 } from '@noble/curves/ed448.js';
import { ed25519 } from '@noble/curves/ed25519.js';
import type { SignatureAlgorithm, SignatureHash } from './algorithm-identifier.ts';
import { keyObjectOf, type PrivateKey, type PublicKey, type RsaPublicKey } from './asymmetric-key.ts';
import type { Provider } from './cipher.ts';
import { ecdsaSign, ecdsaVerify } from './ecdsa.ts';
import { equalInConstantTime } from './integrity.ts';
import { hash, hashOctets } from './keyed-hash.ts';
import { encodePkcs1, encodePss, isPssEncoding } from './rsa-encoding.ts';

/**
 * The signature over `octets`. `entropy` is the salt of PSS, exactly `saltOctets` long; for ECDSA it is mixed into the nonce as
 * RFC 6979 section 3.6 allows, and without it the nonce is deterministic; the others take none. Throws TypeError for a key of
 * another kind, RangeError for a salt or modulus of the wrong size: both the caller's errors.
 */
export function sign(
  algorithm: SignatureAlgorithm,
  privateKey: PrivateKey,
  octets: Uint8Array,
  entropy?: Uint8Array,
  provider: Provider = 'noble',
): Uint8Array {
  if (algorithm.scheme === 'RSASSA-PKCS1-v1_5' && privateKey.type === 'RSA') {
    return rsaPower(privateKey, encodePkcs1(algorithm.hash, octets, privateKey.publicKey.modulus.length));
  }
  if (algorithm.scheme === 'RSASSA-PSS' && privateKey.type === 'RSA') {
    const bits = modulusBits(privateKey.publicKey);
    return rsaPower(privateKey, encodePss(algorithm, octets, entropy ?? new Uint8Array(), bits));
  }
  if (algorithm.scheme === 'ECDSA' && privateKey.type === 'ECDSA') {
    const { curve } = privateKey.publicKey;
    if (curve !== (algorithm.curve ?? curve))
      throw new TypeError(`a key on ${curve} where ${algorithm.curve} is meant`);
    const { scalar } = privateKey;
    const { form } = algorithm;
    return ecdsaSign(
      { curve, scalar, form, ...(entropy && { entropy }) },
      hash(algorithm.hash, octets, provider),
      provider,
    );
  }
  if ('seed' in privateKey && algorithm.scheme === privateKey.type)
    return edwards[privateKey.type].sign(octets, privateKey.seed);
  throw new TypeError(`${algorithm.scheme} does not sign with a key of type ${privateKey.type}`);
}

/**
 * Whether `signature` is one over `octets`. Never throws: a key of another kind, or a signature that is no signature, is false.
 * RSA is always node:crypto's power under our own encoding.
 */
export function verify(
  algorithm: SignatureAlgorithm,
  publicKey: PublicKey,
  octets: Uint8Array,
  signature: Uint8Array,
  provider: Provider = 'noble',
): boolean {
  try {
    return verifies(algorithm, publicKey, octets, signature, provider);
  } catch {
    // Both providers throw at values out of range; to the verifier they are false signatures.
    return false;
  }
}

/**
 * The algorithm of an IKEv2 authentication method that names it by number: 1 (RFC 7296 section 3.8, with the SHA-1 that all
 * understand), 9 to 11 (RFC 4754). Undefined for the shared key (2), for method 14, which tells itself, and for unknown ones.
 */
export function algorithmOfAuthenticationMethod(method: number): SignatureAlgorithm | undefined {
  switch (method) {
    case 1:
      return { scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha1' };
    case 9:
      return { scheme: 'ECDSA', hash: 'sha256', form: 'r|s', curve: 'P-256' };
    case 10:
      return { scheme: 'ECDSA', hash: 'sha384', form: 'r|s', curve: 'P-384' };
    case 11:
      return { scheme: 'ECDSA', hash: 'sha512', form: 'r|s', curve: 'P-521' };
    default:
      return undefined;
  }
}

/** An algorithm that suits the key, hashing with `hash`; RSA as `rsaScheme`, PSS with a salt as long as the hash (RFC 8247). */
export function algorithmForKey(
  key: PublicKey | PrivateKey,
  hash: SignatureHash = 'sha256',
  rsaScheme: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS' = 'RSASSA-PKCS1-v1_5',
): SignatureAlgorithm {
  switch (key.type) {
    case 'RSA':
      return rsaScheme === 'RSASSA-PSS'
        ? { scheme: rsaScheme, hash, maskHash: hash, saltOctets: hashOctets[hash] }
        : { scheme: rsaScheme, hash };
    case 'ECDSA':
      return { scheme: 'ECDSA', hash, form: 'Ecdsa-Sig-Value' };
    case 'Ed25519':
    case 'Ed448':
      return { scheme: key.type };
  }
}

/** The hash that is as strong as the key (RFC 5480 section 4, RFC 4754 section 3); SHA-256 for RSA. */
export function hashForKey(key: PublicKey | PrivateKey): SignatureHash {
  if (key.type !== 'ECDSA') return 'sha256';
  const { curve } = 'pkcs8' in key ? key.publicKey : key;
  return ({ 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const)[curve];
}

function verifies(
  algorithm: SignatureAlgorithm,
  publicKey: PublicKey,
  octets: Uint8Array,
  signature: Uint8Array,
  provider: Provider,
): boolean {
  if (algorithm.scheme === 'RSASSA-PKCS1-v1_5' && publicKey.type === 'RSA') {
    const encoded = encodePkcs1(algorithm.hash, octets, publicKey.modulus.length);
    return equalInConstantTime(encoded, rsaMessage(publicKey, signature));
  }
  if (algorithm.scheme === 'RSASSA-PSS' && publicKey.type === 'RSA') {
    const bits = modulusBits(publicKey);
    const message = rsaMessage(publicKey, signature);
    // A modulus of 8n + 1 bits leaves an encoding one octet shorter, behind a zero.
    const surplus = message.length - Math.ceil((bits - 1) / 8);
    if (message.subarray(0, surplus).some((octet) => octet !== 0)) return false;
    return isPssEncoding(algorithm, octets, message.subarray(surplus), bits);
  }
  if (algorithm.scheme === 'ECDSA' && publicKey.type === 'ECDSA') {
    if (algorithm.curve && algorithm.curve !== publicKey.curve) return false;
    if (provider === 'node') {
      const dsaEncoding = algorithm.form === 'r|s' ? 'ieee-p1363' : 'der';
      return nodeVerify(algorithm.hash, octets, { key: keyObjectOf(publicKey), dsaEncoding }, signature);
    }
    const { curve, point } = publicKey;
    return ecdsaVerify({ curve, point, form: algorithm.form }, hash(algorithm.hash, octets), signature);
  }
  if ((publicKey.type === 'Ed25519' || publicKey.type === 'Ed448') && algorithm.scheme === publicKey.type) {
    if (provider === 'node') return nodeVerify(null, octets, keyObjectOf(publicKey), signature);
    return edwards[publicKey.type].verify(signature, octets, publicKey.point, { zip215: false });
  }
  return false;
}

/** RSASP1: the encoded message, brought to the modulus's length, to the private power. */
function rsaPower(key: Extract<PrivateKey, { type: 'RSA' }>, encoded: Uint8Array): Uint8Array {
  const message = new Uint8Array(key.publicKey.modulus.length);
  message.set(encoded, message.length - encoded.length);
  return Uint8Array.from(privateEncrypt({ key: keyObjectOf(key), padding: constants.RSA_NO_PADDING }, message));
}

/** RSAVP1: the message representative, as long as the modulus. Throws where the signature is of another length or too great. */
function rsaMessage(key: RsaPublicKey, signature: Uint8Array): Uint8Array {
  if (signature.length !== key.modulus.length) throw new RangeError('a signature of another length than the modulus');
  return Uint8Array.from(publicDecrypt({ key: keyObjectOf(key), padding: constants.RSA_NO_PADDING }, signature));
}

function modulusBits(key: RsaPublicKey): number {
  return 8 * key.modulus.length - Math.clz32(key.modulus[0]!) + 24;
}

const edwards = { Ed25519: ed25519, Ed448: ed448 };
