/**
 * MD4 (RFC 1320), which neither provider has any more and the password hash of MS-CHAP-V2 (RFC 2759) is made with. Broken as a hash, and used for nothing
 * else.
 */
import { concat } from '../wire/octets.ts';

/** The 16 octets of the digest. */
export function md4(octets: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  const message = padded(octets);
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  for (let block = 0; block < message.length; block += 64) {
    const words = Array.from({ length: 16 }, (_, i) => view.getUint32(block + 4 * i, true));
    mixInto(state, words);
  }
  const digest = new Uint8Array(16);
  state.forEach((word, i) => {
    new DataView(digest.buffer).setUint32(4 * i, word, true);
  });
  return digest;
}

/** Three rounds of sixteen steps (section 3.4). */
function mixInto(state: Uint32Array, words: readonly number[]): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (const { f, constant, order, shifts } of rounds) {
    order.forEach((k, i) => {
      const sum = (a + f(b, c, d) + words[k]! + constant) >>> 0;
      const s = shifts[i % 4]!;
      [a, b, c, d] = [d, ((sum << s) | (sum >>> (32 - s))) >>> 0, b, c];
    });
  }
  [a, b, c, d].forEach((word, i) => {
    state[i] = state[i]! + word;
  });
}

/** A one bit, zeros, and the length in bits as 64 bits, the low word first. */
function padded(octets: Uint8Array): Uint8Array {
  const zeros = (119 - (octets.length % 64)) % 64;
  const length = new Uint8Array(8);
  new DataView(length.buffer).setBigUint64(0, BigInt(octets.length) * 8n, true);
  return concat(octets, Uint8Array.of(0x80), new Uint8Array(zeros), length);
}

interface Round {
  readonly f: (x: number, y: number, z: number) => number;
  readonly constant: number;
  readonly order: readonly number[];
  readonly shifts: readonly number[];
}

const rounds: readonly Round[] = [
  {
    f: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    f: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    f: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];
