/**
 * Transform type 2, the pseudorandom functions (RFC 7296 section 3.3.2), and prf+ which stretches one of them into a stream
 * (section 2.13). What is fed to them, SKEYSEED, KEYMAT and AUTH, is ikev2's and ikev1's.
 */
import { concat } from '../wire/octets.ts';
import type { Provider } from './cipher.ts';
import { type HashName, hashOctets, hmac } from './keyed-hash.ts';

/** Sizes are in octets. */
export interface PseudorandomFunction {
  /** The number in IANA's registry of IKEv2 transforms of type 2. */
  readonly id: number;
  /** The name in that registry. */
  readonly name: string;
  /** The preferred size of key: how long SK_d, SK_pi and SK_pr are (RFC 7296 section 2.14). */
  readonly keyOctets: number;
  readonly outputOctets: number;
  /** prf(key, data), `outputOctets` long; a key of any length. */
  prf(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** The first `length` octets of prf+(key, seed). Throws RangeError beyond 255 rounds, where it is not defined. */
  prfPlus(key: Uint8Array, seed: Uint8Array, length: number): Uint8Array;
}

/** The function that a proposal names; undefined where Touchstone has none. */
export function pseudorandomFunction(id: number, provider: Provider = 'noble'): PseudorandomFunction | undefined {
  const row = pseudorandomFunctions.find((algorithm) => algorithm.id === id);
  if (row === undefined) return undefined;
  const outputOctets = hashOctets[row.hash];
  const prf = (key: Uint8Array, data: Uint8Array) => hmac(row.hash, key, data, provider);
  return {
    id: row.id,
    name: row.name,
    keyOctets: outputOctets,
    outputOctets,
    prf,
    prfPlus: (key, seed, length) => stream(prf, outputOctets, key, seed, length),
  };
}

/** T1 = prf(K, S | 1), Tn = prf(K, Tn-1 | S | n), one octet of counter that must not wrap. */
function stream(
  prf: PseudorandomFunction['prf'],
  outputOctets: number,
  key: Uint8Array,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const rounds = Math.ceil(length / outputOctets);
  if (rounds > 255) throw new RangeError(`prf+ ends after 255 rounds; ${length} octets would take ${rounds}`);
  const keystream = new Uint8Array(rounds * outputOctets);
  let previous: Uint8Array = new Uint8Array();
  for (let round = 1; round <= rounds; round++) {
    previous = prf(key, concat(previous, seed, Uint8Array.of(round)));
    keystream.set(previous, (round - 1) * outputOctets);
  }
  return keystream.slice(0, length);
}

const pseudorandomFunctions: readonly { id: number; name: string; hash: HashName }[] = [
  { id: 2, name: 'PRF_HMAC_SHA1', hash: 'sha1' },
  { id: 5, name: 'PRF_HMAC_SHA2_256', hash: 'sha256' },
  { id: 6, name: 'PRF_HMAC_SHA2_384', hash: 'sha384' },
  { id: 7, name: 'PRF_HMAC_SHA2_512', hash: 'sha512' },
];
