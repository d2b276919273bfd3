/**
 * Counter with CBC-MAC (RFC 3610 section 2, NIST SP 800-38C) from a block cipher's two modes, for a provider that has those and not this. The length
 * field has four octets and the nonce eleven, as RFC 4309 takes it.
 *
 *     B0: flags | nonce | length of the plaintext      A0: length field size - 1 | nonce | counter
 */
import { concat, u16, u32 } from '../wire/octets.ts';
import type { Cipher } from './cipher.ts';
import { equalInConstantTime } from './constant-time.ts';

/** `tagOctets` is 8, 12 or 16. */
export function counterWithCbcMac(tagOctets: number, modes: { readonly cbc: Cipher; readonly ctr: Cipher }): Cipher {
  const tag = (key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Uint8Array) => {
    const flags = (aad.length > 0 ? HAS_AAD : 0) + 8 * ((tagOctets - 2) / 2) + LENGTH_OCTETS - 1;
    const first = concat(Uint8Array.of(flags), nonce, u32(plaintext.length));
    const authenticated = aad.length > 0 ? wholeBlocks(concat(u16(aad.length), aad)) : aad;
    const message = concat(first, authenticated, wholeBlocks(plaintext));
    return modes.cbc.encrypt(key, new Uint8Array(BLOCK), message).subarray(-BLOCK);
  };
  /** The tag is mixed with the first block of the key stream, the text with those that follow. */
  const stream = (key: Uint8Array, nonce: Uint8Array, tagBlock: Uint8Array, text: Uint8Array) => {
    const counter = concat(Uint8Array.of(LENGTH_OCTETS - 1), nonce, new Uint8Array(LENGTH_OCTETS));
    const mixed = modes.ctr.encrypt(key, counter, concat(tagBlock, text));
    return { tag: mixed.slice(0, tagOctets), text: mixed.slice(BLOCK) };
  };
  return {
    encrypt(key, nonce, plaintext, aad = new Uint8Array()) {
      const sealed = stream(key, nonce, tag(key, nonce, plaintext, aad), plaintext);
      return concat(sealed.text, sealed.tag);
    },
    decrypt(key, nonce, ciphertextAndIcv, aad = new Uint8Array()) {
      const end = ciphertextAndIcv.length - tagOctets;
      if (end < 0) return undefined;
      const { text } = stream(key, nonce, new Uint8Array(BLOCK), ciphertextAndIcv.subarray(0, end));
      const expected = stream(key, nonce, tag(key, nonce, text, aad), new Uint8Array()).tag;
      return equalInConstantTime(expected, ciphertextAndIcv.subarray(end)) ? text : undefined;
    },
  };
}

function wholeBlocks(octets: Uint8Array): Uint8Array {
  const blocks = new Uint8Array(BLOCK * Math.ceil(octets.length / BLOCK));
  blocks.set(octets);
  return blocks;
}

const BLOCK = 16;
const LENGTH_OCTETS = 4;
const HAS_AAD = 0x40;
