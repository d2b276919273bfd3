/**
 * Keys as files spell them, and how long each transform's is: IANA's numbers (RFC 7296 3.3.2), keys as KEYMAT lays them out (2.17), so that those of an AEAD and
 * of AES-CTR end with a salt. A table of its own, because a capture file knows nothing of ciphers; a test holds it against those the reference has.
 */
import { nameIn } from '../../../reference/wire/fields.ts';
import { transformIds } from '../../../reference/wire/ike/transform-types.ts';
import { LineFault } from './key-file.ts';
import type { KeyedAuthenticator, StrangersEsp } from './strangers-key.ts';

/** `0x` and hexadecimal digits, of an odd number as if a 0 stood before them; any other text is its own octets. Throws `LineFault`. */
export function keyOf(text: string, what: string): string {
  const digits = /^0x(.*)$/is.exec(text)?.[1];
  return digits === undefined ? Buffer.from(text, 'latin1').toString('hex') : hexOf(digits, what);
}

/** Throws `LineFault`. */
export function hexOf(digits: string, what: string): string {
  const wrong = digits.search(/[^0-9a-f]/i);
  if (wrong >= 0) throw new LineFault(`${what} in hexadecimal digits`, `${digits[wrong]} as the ${wrong + 1}. of them`);
  return `${digits.length % 2 === 1 ? '0' : ''}${digits.toLowerCase()}`;
}

/** With its key length, where the transform has several. Throws `LineFault` for a key that is none of it. */
export function encryptionOf(id: number, key: string, what = 'the encryption key'): StrangersEsp['encryption'] {
  const { keys, salt = 0 } = encryptionKeys[id]!;
  const octets = key.length / 2 - salt;
  if (!keys.includes(octets)) {
    const sizes = keys.map((size) => size + salt).join(', ');
    throw new LineFault(`${what} of ${sizes} octets for ${encryptionName(id)}`, `${key.length / 2}`);
  }
  return { id, ...(keys.length > 1 && { keyLength: 8 * octets }), key };
}

/** HMAC takes a key of any length. Throws `LineFault`. */
export function integrityOf(
  id: number,
  key: string,
  icvOctets?: number,
  what = 'the integrity key',
): KeyedAuthenticator {
  const size = integrityKeys[id];
  const octets = key.length / 2;
  if (size === 'any' ? octets === 0 : octets !== size)
    throw new LineFault(`${what} of ${size === 'any' ? 'some' : size} octets for ${integrityName(id)}`, `${octets}`);
  return { id, key, ...(icvOctets !== undefined && { icvOctets }) };
}

export const encryptionName = (id: number): string => nameOf(1, id);
export const integrityName = (id: number): string => nameOf(3, id);

function nameOf(type: number, id: number): string {
  return nameIn(transformIds(type) ?? {}, id) ?? `transform ${id}`;
}

const AES = [16, 24, 32] as const;

/** In octets; `salt` comes on top. */
export const encryptionKeys: Readonly<Record<number, { readonly keys: readonly number[]; readonly salt?: number }>> = {
  2: { keys: [8] },
  3: { keys: [24] },
  11: { keys: [0] },
  12: { keys: AES },
  13: { keys: AES, salt: 4 },
  14: { keys: AES, salt: 3 },
  15: { keys: AES, salt: 3 },
  16: { keys: AES, salt: 3 },
  18: { keys: AES, salt: 4 },
  19: { keys: AES, salt: 4 },
  20: { keys: AES, salt: 4 },
  21: { keys: AES, salt: 4 },
  28: { keys: [32], salt: 4 },
};

/** In octets, salt included. */
export const integrityKeys: Readonly<Record<number, number | 'any'>> = {
  1: 'any',
  2: 'any',
  5: 16,
  8: 16,
  9: 20,
  10: 28,
  11: 36,
  12: 'any',
  13: 'any',
  14: 'any',
};
