/**
 * The two encodings that come before the RSA power: EMSA-PKCS1-v1_5 and EMSA-PSS (RFC 8017 sections 9.2 and 9.1). Our own,
 * so that the salt of PSS is the caller's; node:crypto does the power over what they make.
 */
import { concat, u32 } from '../wire/octets.ts';
import { encodeHashIdentifier, type SignatureHash } from './algorithm-identifier.ts';
import { derElement, derTag } from './der.ts';
import { equalInConstantTime } from './integrity.ts';
import { hash as digest, hashOctets } from './keyed-hash.ts';

/** EM = 00 01 FF.. 00 DigestInfo. Throws RangeError where `length`, the modulus's in octets, has no room for it. */
export function encodePkcs1(hash: SignatureHash, message: Uint8Array, length: number): Uint8Array {
  const digestInfo = derElement(
    derTag.SEQUENCE,
    encodeHashIdentifier(hash),
    derElement(derTag.OCTET_STRING, digest(hash, message)),
  );
  if (length < digestInfo.length + 11) throw new RangeError('the RSA modulus is too short for that hash');
  const encoded = new Uint8Array(length).fill(0xff);
  encoded[0] = 0x00;
  encoded[1] = 0x01;
  encoded[length - digestInfo.length - 1] = 0x00;
  encoded.set(digestInfo, length - digestInfo.length);
  return encoded;
}

export interface PssOptions {
  readonly hash: SignatureHash;
  readonly maskHash: SignatureHash;
  readonly saltOctets: number;
}

/**
 * EMSA-PSS-ENCODE: `length` octets, where `length` and `bits` are those of the modulus. Throws RangeError where it has no
 * room, or where `salt` is not `saltOctets` long.
 */
export function encodePss(options: PssOptions, message: Uint8Array, salt: Uint8Array, bits: number): Uint8Array {
  const { hash, maskHash, saltOctets } = options;
  const encodedOctets = Math.ceil((bits - 1) / 8);
  const dataOctets = encodedOctets - hashOctets[hash] - 1;
  if (salt.length !== saltOctets) throw new RangeError(`a PSS salt of ${salt.length} octets, not ${saltOctets}`);
  if (dataOctets < saltOctets + 1) throw new RangeError('the RSA modulus is too short for that hash and salt');
  const seed = saltedDigest(hash, message, salt);
  const data = new Uint8Array(dataOctets);
  data[dataOctets - saltOctets - 1] = 0x01;
  data.set(salt, dataOctets - saltOctets);
  const encoded = new Uint8Array(encodedOctets);
  encoded.set(masked(data, seed, maskHash));
  encoded[0]! &= topMask(bits);
  encoded.set(seed, dataOctets);
  encoded[encodedOctets - 1] = TRAILER;
  return encoded;
}

/** EMSA-PSS-VERIFY (RFC 8017 section 9.1.2), on what the RSA power gave; leading zero octets are the caller's to cut. */
export function isPssEncoding(options: PssOptions, message: Uint8Array, encoded: Uint8Array, bits: number): boolean {
  const { hash, maskHash, saltOctets } = options;
  const dataOctets = encoded.length - hashOctets[hash] - 1;
  if (encoded.length !== Math.ceil((bits - 1) / 8) || dataOctets < saltOctets + 1) return false;
  if (encoded[encoded.length - 1] !== TRAILER || (encoded[0]! & ~topMask(bits)) !== 0) return false;
  const seed = encoded.subarray(dataOctets, encoded.length - 1);
  const data = masked(encoded.subarray(0, dataOctets), seed, maskHash);
  data[0]! &= topMask(bits);
  const one = dataOctets - saltOctets - 1;
  if (data.subarray(0, one).some((octet) => octet !== 0) || data[one] !== 0x01) return false;
  return equalInConstantTime(seed, saltedDigest(hash, message, data.subarray(one + 1)));
}

/** Hash of eight zero octets, the message's hash and the salt. */
function saltedDigest(hash: SignatureHash, message: Uint8Array, salt: Uint8Array): Uint8Array {
  return digest(hash, concat(new Uint8Array(8), digest(hash, message), salt));
}

/** `data` under the mask that MGF1 (RFC 8017 appendix B.2.1) makes of `seed`. */
function masked(data: Uint8Array, seed: Uint8Array, maskHash: SignatureHash): Uint8Array {
  const result = data.slice();
  for (let at = 0, counter = 0; at < result.length; counter++) {
    const mask = digest(maskHash, concat(seed, u32(counter)));
    for (const octet of mask.subarray(0, result.length - at)) result[at++]! ^= octet;
  }
  return result;
}

/** The bits of the first octet that lie within `bits - 1`. */
function topMask(bits: number): number {
  return 0xff >> (8 * Math.ceil((bits - 1) / 8) - (bits - 1));
}

const TRAILER = 0xbc;
