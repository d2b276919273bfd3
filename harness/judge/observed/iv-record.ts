/**
 * The initialization vectors of one SA. Under one key none may come twice with a counter mode (RFC 4106 3.1), and none be foreseen where blocks are chained (RFC 3602 3).
 * A bounded number of them is remembered: a generator that stands still, or begins again at once, is found among its neighbours.
 */
import { hex, readU32 } from '../../../reference/wire/octets.ts';
import type { Seen } from '../sightings.ts';
import { latin1 } from '../strangers/address-names.ts';

export class IvRecord {
  /** In the order they came, with the frame. */
  readonly #known = new Map<string | number, number>();
  #last: Uint8Array | undefined;
  /** How many before it each was compared with, at most. */
  readonly remembered = REMEMBERED;
  /** That came, one after another. */
  count = 0;
  repeated: { readonly iv: string; readonly first: number; readonly again: Seen } | undefined;
  /** Too near to the one before for chance; only asked of what chains. */
  near: { readonly bits: number; readonly seen: Seen } | undefined;

  add(iv: Uint8Array, seen: Seen): void {
    this.count++;
    if (this.repeated) return;
    const key = keyOf(iv);
    const before = this.#known.get(key);
    if (before !== undefined) {
      this.repeated = { iv: hex(iv), first: before, again: { number: seen.number, time: seen.time } };
      return;
    }
    if (this.#known.size >= REMEMBERED) this.#known.delete(this.#known.keys().next().value!);
    this.#known.set(key, seen.number);
    if (iv.length !== BLOCK || this.near) return;
    const bits = this.#last === undefined ? BLOCK * 8 : bitsApart(iv, this.#last);
    if (bits < FEW_BITS) this.near = { bits, seen: { number: seen.number, time: seen.time } };
    this.#last = iv.slice();
  }
}

/** A counter, as most are, needs no text. */
function keyOf(iv: Uint8Array): string | number {
  const high = iv.length === 8 ? readU32(iv) : EXACT;
  return high < EXACT ? high * 2 ** 32 + readU32(iv, 4) : latin1(iv, 0, iv.length);
}

function bitsApart(one: Uint8Array, other: Uint8Array): number {
  let bits = 0;
  for (let at = 0; at < one.length; at += 4) bits += bitsIn(readU32(one, at) ^ readU32(other, at));
  return bits;
}

function bitsIn(word: number): number {
  let left = word >>> 0;
  let bits = 0;
  for (; left !== 0; bits++) left &= left - 1;
  return bits;
}

const REMEMBERED = 256;
/** Above it a number of 64 bits is none that a double holds. */
const EXACT = 2 ** 20;
/** Octets: ciphers with a counter have shorter ones. */
const BLOCK = 16;
/** Of 128: chance comes below it less than once in 10^14 times. */
const FEW_BITS = 20;
