/**
 * Codes of authenticity that are made with a block cipher: AES-XCBC (RFC 3566 section 4), AES-CMAC (RFC 4493, as RFC 4494 takes it) and AES-GMAC
 * (RFC 4543 section 2). Names, numbers and truncation are for `integrity.ts`. @noble has CMAC itself; whatever has only AES-CBC gets the sum from its last
 * block, which is what both are defined by.
 */
import { cmac as nobleCmac } from '@noble/ciphers/aes.js';
import { concat } from '../wire/octets.ts';
import type { Provider } from './cipher.ts';
import * as noble from './ciphers-noble.ts';
import * as node from './ciphers-node.ts';

/** 16 octets. Throws `RangeError` for a key that has not 16 (section 4.1: other lengths MUST NOT be supported). */
export function xcbc(key: Uint8Array, octets: Uint8Array, provider: Provider): Uint8Array {
  requireKey(key, [BLOCK]);
  const [K1, K2, K3] = [1, 2, 3].map((number) => encryptedBlock(key, filled(number), provider)) as [
    Block,
    Block,
    Block,
  ];
  return lastBlock(K1, octets, K2, K3, provider);
}

/** 16 octets. Throws `RangeError` for a key that has not 16 (RFC 4494 section 2). */
export function cmac(key: Uint8Array, octets: Uint8Array, provider: Provider): Uint8Array {
  requireKey(key, [BLOCK]);
  if (provider === 'noble') return nobleCmac(octets, key);
  const K1 = doubled(encryptedBlock(key, filled(0), provider));
  return lastBlock(key, octets, K1, doubled(K1), provider);
}

/** The tag of nothing encrypted, 16 octets. `key` ends with the salt, whose four octets begin the nonce. Throws `RangeError` for other sizes. */
export function gmac(key: Uint8Array, iv: Uint8Array, octets: Uint8Array, provider: Provider): Uint8Array {
  requireKey(key, [20, 28, 36]);
  if (iv.length !== 8) throw new RangeError(`AES-GMAC takes 8 octets of IV, not ${iv.length}`);
  const end = key.length - SALT;
  const nonce = concat(key.subarray(end), iv);
  return ciphersOf(provider).aesGcm.encrypt(key.subarray(0, end), nonce, new Uint8Array(), octets);
}

type Block = Uint8Array;

/** CBC over the octets, the last block mixed with one key where it is whole, with the other behind a single bit where it is not. */
function lastBlock(key: Block, octets: Uint8Array, whole: Block, padded: Block, provider: Provider): Block {
  const blocks = Math.max(Math.ceil(octets.length / BLOCK), 1);
  const message = new Uint8Array(blocks * BLOCK);
  message.set(octets);
  const isWhole = octets.length === message.length;
  if (!isWhole) message[octets.length] = 0x80;
  const last = message.subarray(-BLOCK);
  const mixed = isWhole ? whole : padded;
  for (let at = 0; at < BLOCK; at++) last[at]! ^= mixed[at]!;
  return ciphersOf(provider).aesCbc.encrypt(key, filled(0), message).slice(-BLOCK);
}

/** RFC 4493 section 2.3: times x in the field of 2^128. */
function doubled(block: Block): Block {
  const shifted = block.map((octet, at) => ((octet << 1) | ((block[at + 1] ?? 0) >> 7)) & 0xff);
  if (block[0]! & 0x80) shifted[BLOCK - 1]! ^= 0x87;
  return shifted;
}

/** CBC of one block under an IV of zeros is the cipher alone. */
function encryptedBlock(key: Block, block: Block, provider: Provider): Block {
  return ciphersOf(provider).aesCbc.encrypt(key, filled(0), block);
}

const ciphersOf = (provider: Provider) => (provider === 'noble' ? noble : node);

const filled = (octet: number): Block => new Uint8Array(BLOCK).fill(octet);

function requireKey(key: Uint8Array, sizes: readonly number[]): void {
  if (!sizes.includes(key.length))
    throw new RangeError(`a key of ${sizes.join(', ')} octets is wanted, not ${key.length}`);
}

/** Octets. */
const BLOCK = 16;
const SALT = 4;
