/**
 * HMAC (RFC 2104) over the hashes that integrity.ts and prf.ts name, and those hashes bare for signature.ts and NAT
 * detection, from either provider.
 */
import { createHash, createHmac } from 'node:crypto';
import { hmac as nobleHmac } from '@noble/hashes/hmac.js';
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import type { Provider } from './cipher.ts';

export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';

export const hashOctets: Readonly<Record<HashName, number>> = { md5: 16, sha1: 20, sha256: 32, sha384: 48, sha512: 64 };

/** The digest of `octets`, `hashOctets[name]` long. */
export function hash(name: HashName, octets: Uint8Array, provider: Provider = 'noble'): Uint8Array {
  if (provider === 'noble') return nobleHashes[name](octets);
  return octetsOf(createHash(name).update(octets).digest());
}

/** The whole HMAC, `hashOctets[name]` long; a key of any length. */
export function hmac(name: HashName, key: Uint8Array, octets: Uint8Array, provider: Provider = 'noble'): Uint8Array {
  if (provider === 'noble') return nobleHmac(nobleHashes[name], key, octets);
  return octetsOf(createHmac(name, key).update(octets).digest());
}

function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}

const nobleHashes = { md5, sha1, sha256, sha384, sha512 };
