/**
 * The sequence numbers of one SA as an observer sees them go by (RFC 4303 2.2, RFC 4302 2.5): out of order by a few, with some missing, some twice. How many of them are
 * remembered is bounded; a number below those is only counted.
 */
import type { Seen } from '../sightings.ts';

/** Two packets that their sender gave one number. */
export interface Reuse {
  /** All 64 bits, as far as they can be told. */
  readonly number: number;
  /** Frames. */
  readonly first: number;
  readonly again: Seen;
}

export class SequenceRecord {
  #ring = new Float64Array(LEAST_REMEMBERED).fill(NONE);
  #digests = new Uint32Array(LEAST_REMEMBERED);
  #frames = new Float64Array(LEAST_REMEMBERED);
  #firstDigest = 0;
  /** Of the first packet that was seen, and of the highest number. */
  first: { readonly number: number; readonly seen: Seen } | undefined;
  highest = NONE;
  /** Numbers from the first seen to the highest that no packet bore. */
  missing = 0;
  /** Packets that came after one with a higher number. */
  late = 0;
  /** So far below the highest that nobody remembers whether they were there. */
  forgotten = 0;
  /** The same packet once more: the path's doing, or a replay. */
  again = 0;
  reuse: Reuse | undefined;
  /** The lower half ended and began anew. */
  cameRound: Seen | undefined;

  /** `low` are the 32 bits on the wire; `digest` tells packets of one number apart. Whether the packet is sure to be another than all before. */
  add(low: number, digest: number, seen: Seen): boolean {
    if (!this.first) return this.#begin(low, digest, seen);
    const number = nearest(low, this.highest);
    if (number > this.highest) return this.#advance(number, digest, seen);
    if (number === this.first.number)
      return this.#repeats(number, this.#firstDigest, this.first.seen.number, digest, seen);
    if (number < this.first.number) return this.#before(number, digest, seen);
    const place = number % this.#ring.length;
    const held = this.#ring[place]!;
    if (held === number) return this.#repeats(number, this.#digests[place]!, this.#frames[place]!, digest, seen);
    if (number <= this.highest - this.#ring.length || held > number) return this.#forgets();
    this.late++;
    this.missing--;
    return this.#keep(number, digest, seen);
  }

  #begin(number: number, digest: number, seen: Seen): boolean {
    this.first = { number, seen: { number: seen.number, time: seen.time } };
    this.#firstDigest = digest;
    this.highest = number;
    return this.#keep(number, digest, seen);
  }

  #advance(number: number, digest: number, seen: Seen): boolean {
    this.missing += number - this.highest - 1;
    if (number >= WRAP && this.highest < WRAP) this.cameRound = { number: seen.number, time: seen.time };
    this.highest = number;
    return this.#keep(number, digest, seen);
  }

  #forgets(): boolean {
    this.forgotten++;
    return false;
  }

  /** Seen later than the first, and sent before it: what a capture begins with is not always in order. */
  #before(number: number, digest: number, seen: Seen): boolean {
    if (this.highest - number >= LEAST_REMEMBERED) return this.#forgets();
    this.late++;
    this.missing += this.first!.number - number - 1;
    this.first = { number, seen: { number: seen.number, time: seen.time } };
    this.#firstDigest = digest;
    return this.#keep(number, digest, seen);
  }

  #repeats(number: number, known: number, frame: number, digest: number, seen: Seen): boolean {
    if (known === digest) this.again++;
    else this.reuse ??= { number, first: frame, again: { number: seen.number, time: seen.time } };
    return known !== digest;
  }

  #keep(number: number, digest: number, seen: Seen): boolean {
    const wanted = number - this.first!.number;
    if (wanted >= this.#ring.length && this.#ring.length < MOST_REMEMBERED) this.#grow();
    const place = number % this.#ring.length;
    this.#ring[place] = number;
    this.#digests[place] = digest;
    this.#frames[place] = seen.number;
    return true;
  }

  #grow(): void {
    const [ring, digests, frames] = [this.#ring, this.#digests, this.#frames];
    const length = MOST_REMEMBERED;
    this.#ring = new Float64Array(length).fill(NONE);
    this.#digests = new Uint32Array(length);
    this.#frames = new Float64Array(length);
    for (const [from, number] of ring.entries()) {
      if (number === NONE) continue;
      const place = number % length;
      this.#ring[place] = number;
      this.#digests[place] = digests[from]!;
      this.#frames[place] = frames[from]!;
    }
  }
}

/** Of all numbers with these lower 32 bits the one nearest to `around`, and none below zero. */
function nearest(low: number, around: number): number {
  const number = around - (around % WRAP) + low;
  if (number - around > WRAP / 2 && number >= WRAP) return number - WRAP;
  return around - number > WRAP / 2 ? number + WRAP : number;
}

const WRAP = 2 ** 32;
const NONE = -1;
/** Most SAs of a capture have few packets. */
const LEAST_REMEMBERED = 64;
/** Numbers: what paths put out of order is well below it, and as many as ten thousand SAs are followed. */
const MOST_REMEMBERED = 1_024;
