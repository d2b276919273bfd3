/**
 * Transform type 2, the pseudorandom functions (RFC 7296 section 3.3.2): HMAC (RFC 4868), AES-XCBC (RFC 4434) and AES-CMAC (RFC 4615); and prf+ which stretches one of them into a stream
 * (section 2.13). What is fed to them, SKEYSEED, KEYMAT and AUTH, is ikev2's and ikev1's.
 */
import { concat } from '../wire/octets.ts';
import { cmac, xcbc } from './block-cipher-mac.ts';
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
  /** The key proper has that size and no other, so that nonces are cut for it (RFC 7296 section 2.14). */
  readonly keyIsFixed: boolean;
  /** prf(key, data), `outputOctets` long; a key of any length. */
  prf(key: Uint8Array, data: Uint8Array): Uint8Array;
  /** The first `length` octets of prf+(key, seed). Throws RangeError beyond 255 rounds, where it is not defined. */
  prfPlus(key: Uint8Array, seed: Uint8Array, length: number): Uint8Array;
}

/** The function that a proposal names; undefined where Touchstone has none. */
export function pseudorandomFunction(id: number, provider: Provider = 'noble'): PseudorandomFunction | undefined {
  const row = pseudorandomFunctions.find((algorithm) => algorithm.id === id);
  if (row === undefined) return undefined;
  const { code, ...sizes } = row;
  const prf = (key: Uint8Array, data: Uint8Array) => code(provider, key, data);
  return {
    ...sizes,
    keyOctets: sizes.outputOctets,
    prf,
    prfPlus: (key, seed, length) => stream(prf, sizes.outputOctets, key, seed, length),
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

type Code = (provider: Provider, key: Uint8Array, data: Uint8Array) => Uint8Array;
type Algorithm = Pick<PseudorandomFunction, 'id' | 'name' | 'outputOctets' | 'keyIsFixed'> & { readonly code: Code };

function keyedHash(id: number, name: string, hash: HashName): Algorithm {
  const code: Code = (provider, key, data) => hmac(hash, key, data, provider);
  return { id, name, outputOctets: hashOctets[hash], keyIsFixed: false, code };
}

/** `resized` makes any key one of 16 octets. */
function blockCipher(
  id: number,
  name: string,
  mac: typeof xcbc,
  resized: (key: Uint8Array, p: Provider) => Uint8Array,
) {
  const code: Code = (provider, key, data) => mac(resized(key, provider), data, provider);
  return { id, name, outputOctets: BLOCK, keyIsFixed: true, code };
}

/** RFC 4434 section 2: a short key is filled up with zeros, a long one becomes its own code. */
function filledOrCoded(key: Uint8Array, provider: Provider): Uint8Array {
  if (key.length > BLOCK) return xcbc(new Uint8Array(BLOCK), key, provider);
  const filled = new Uint8Array(BLOCK);
  filled.set(key);
  return filled;
}

/** RFC 4615 section 3: every key of another length becomes its own code. */
function coded(key: Uint8Array, provider: Provider): Uint8Array {
  return key.length === BLOCK ? key : cmac(new Uint8Array(BLOCK), key, provider);
}

const BLOCK = 16;

const pseudorandomFunctions: readonly Algorithm[] = [
  keyedHash(2, 'PRF_HMAC_SHA1', 'sha1'),
  blockCipher(4, 'PRF_AES128_XCBC', xcbc, filledOrCoded),
  keyedHash(5, 'PRF_HMAC_SHA2_256', 'sha256'),
  keyedHash(6, 'PRF_HMAC_SHA2_384', 'sha384'),
  keyedHash(7, 'PRF_HMAC_SHA2_512', 'sha512'),
  blockCipher(8, 'PRF_AES128_CMAC', cmac, coded),
];
