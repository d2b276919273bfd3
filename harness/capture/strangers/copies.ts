/**
 * One packet captured twice: on two interfaces, at a mirror port, on both sides of a router that the capture was made on. Told by what the packets hold, within a
 * bounded stretch of the capture. Link layers differ from place to place and are not asked; of IP, what a router changes on the way (hop limit, and the checksum
 * over it) may differ, and then the later one was forwarded. Whoever repeats a packet octet by octet within `NEAR` cannot be told from a second capture of it.
 */
import type { CarriedPacket } from './ip-packet.ts';
import type { StrangerRecord } from './items.ts';

export interface Copy {
  /** The record that had the packet first. */
  readonly of: number;
  /** Hops between the two; negative where the later one was captured before the router. */
  readonly hops: number;
}

type Place = Pick<StrangerRecord, 'number' | 'at' | 'nanoseconds'>;

/**
 * Packets in the order of their records. Those that are held have turns, one after another from 1; the turns of one bucket are a chain, the latest first. Everything is in
 * rooms that were made once: of a capture of millions nothing is left for a collector of garbage.
 */
export class Copies {
  /** By turn modulo `MOST_HELD`, as all that is held of a packet. */
  private readonly number = new Float64Array(MOST_HELD);
  private readonly at = new Float64Array(MOST_HELD);
  private readonly nanoseconds = new BigInt64Array(MOST_HELD);
  private readonly key = new Int32Array(MOST_HELD);
  private readonly start = new Int32Array(MOST_HELD);
  private readonly length = new Int32Array(MOST_HELD);
  private readonly turnBefore = new Float64Array(MOST_HELD);
  private readonly latestTurn = new Float64Array(BUCKETS);
  /** The octets of those that are held, one behind the other, and from the beginning again. */
  private readonly room = new Uint8Array(MOST_SPAN);
  private free = 0;
  private oldest = 1;
  private next = 1;

  /** What the packet is a copy of; undefined where it is the first. A copy is not held itself: all of them are of the first. */
  copyOf(place: Place, { octets }: Pick<CarriedPacket, 'octets'>): Copy | undefined {
    const key = keyOf(octets);
    const first = this.alike(place, octets, key);
    if (first === undefined) {
      this.hold(place, octets, key);
      return undefined;
    }
    const hops = this.room[this.start[first]! + hopLimitAt(octets)]! - octets[hopLimitAt(octets)]!;
    return { of: this.number[first]!, hops };
  }

  /** Where it is held. */
  private alike(place: Place, octets: Uint8Array, key: number): number | undefined {
    let turn = this.latestTurn[key % BUCKETS]!;
    for (let looked = 0; turn >= this.oldest && looked < MOST_ALIKE; looked++) {
      const held = turn % MOST_HELD;
      if (this.key[held] === key && this.isNear(held, place) && isSame(this.octetsAt(held), octets)) return held;
      turn = this.turnBefore[held]!;
    }
    return undefined;
  }

  /** In time, or where the capture has none (all of them zero is none), among its records. */
  private isNear(held: number, { number, nanoseconds }: Place): boolean {
    const before = this.nanoseconds[held]!;
    if (!before || !nanoseconds) return number - this.number[held]! <= NEAR_RECORDS;
    const apart = nanoseconds - before;
    return apart <= NEAR && apart >= -NEAR;
  }

  private octetsAt(held: number): Uint8Array {
    const start = this.start[held]!;
    return this.room.subarray(start, start + this.length[held]!);
  }

  private hold({ number, at, nanoseconds }: Place, octets: Uint8Array, key: number): void {
    if (octets.length > this.room.length) return;
    this.makeRoom(at, octets.length);
    const turn = this.next++;
    const held = turn % MOST_HELD;
    this.number[held] = number;
    this.at[held] = at;
    this.nanoseconds[held] = nanoseconds ?? 0n;
    this.key[held] = key;
    this.start[held] = this.free;
    this.length[held] = octets.length;
    this.room.set(octets, this.free);
    this.free += octets.length;
    this.turnBefore[held] = this.latestTurn[key % BUCKETS]!;
    this.latestTurn[key % BUCKETS] = turn;
  }

  private makeRoom(at: number, octets: number): void {
    while (this.holds && (this.next - this.oldest >= MOST_HELD || at - this.at[this.oldest % MOST_HELD]! > MOST_SPAN))
      this.oldest++;
    if (this.free + octets > this.room.length) {
      while (this.holds && this.startOfOldest >= this.free) this.oldest++;
      this.free = 0;
    }
    while (this.holds && this.startOfOldest >= this.free && this.startOfOldest < this.free + octets) this.oldest++;
  }

  private get holds(): boolean {
    return this.oldest < this.next;
  }

  private get startOfOldest(): number {
    return this.start[this.oldest % MOST_HELD]!;
  }
}

/** Length, identification, what comes behind the addresses, and the end: SPI and sequence number, and the ICV, of what is protected. */
function keyOf(octets: Uint8Array): number {
  const header = isIpv4(octets) ? 20 : 40;
  let key = octets.length;
  for (let at = 1; at < UNCHANGED; at++) key = mixed(key, octets[at]!);
  for (let at = header; at < octets.length && at < header + KEYED; at++) key = mixed(key, octets[at]!);
  for (let at = Math.max(header + KEYED, octets.length - KEYED); at < octets.length; at++)
    key = mixed(key, octets[at]!);
  return key >>> 1;
}

/** A step of FNV-1a, in 32 bits. */
const mixed = (key: number, octet: number): number => Math.imul(key ^ octet, 0x01000193);

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length || one[0] !== other[0]) return false;
  const hopLimit = hopLimitAt(one);
  if (!isEqual(one, other, 0, hopLimit)) return false;
  if (!isIpv4(one)) return isEqual(one, other, hopLimit + 1, one.length);
  return one[9] === other[9] && isEqual(one, other, 12, one.length);
}

function isEqual(one: Uint8Array, other: Uint8Array, start: number, end: number): boolean {
  return Buffer.compare(one.subarray(start, end), other.subarray(start, end)) === 0;
}

const isIpv4 = (octets: Uint8Array): boolean => octets[0]! >> 4 === 4;

const hopLimitAt = (octets: Uint8Array): number => (isIpv4(octets) ? 8 : 7);

/** Nanoseconds. A mirror port or a second interface takes micro-, a forwarding host at most some milliseconds; nobody's IKE repeats a message within tenths of a second. */
const NEAR = 10_000_000n;
/** A second interface speaks right after the first; an answer and what follows from it lie between a message and its repetition. */
const NEAR_RECORDS = 2;
/** What a link of 10 Gbit/s carries of small packets in a third of a millisecond, one of 1 Gbit/s of large ones in `NEAR` several times. */
const MOST_HELD = 4096;
/** Octets, of the capture as of the packets that are held. */
const MOST_SPAN = 2 ** 22;
const BUCKETS = 2 * MOST_HELD;
/** Packets of one bucket that are looked at: more have none but by design. */
const MOST_ALIKE = 32;
/** The hop limit of either version comes behind. */
const UNCHANGED = 7;
const KEYED = 16;
