/**
 * A packet in the making: the octets of its pieces where they belong, and which are there. Pieces begin at multiples of eight octets, so what is
 * there is kept by units of eight, and taking a piece costs what its own octets cost, whatever came before. Which pieces are taken
 * is `fragments.ts`.
 */
import type { Instant } from '../machine.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { equal } from '../wire/octets.ts';

export interface Piece {
  readonly packet: IpPacket;
  readonly identification: number;
  /** Octets from the start of the whole. */
  readonly offset: number;
  readonly more: boolean;
}

export class PartialPacket {
  readonly until: Instant;
  /** Nothing comes of it any more. */
  spoiled = false;
  /** The piece at offset 0, whose headers are those of the whole. */
  first: IpPacket | undefined;
  /** Octets up to the end of the farthest piece. */
  reached = 0;
  /** Octets up to the end of the last piece, once it came. */
  end: number | undefined;
  #octets: Uint8Array = new Uint8Array();
  /** For each unit that is there, whether a piece begins with it. */
  #held: Uint8Array = new Uint8Array();
  #units = 0;

  constructor(until: Instant) {
    this.until = until;
  }

  overlaps({ packet, offset }: Piece): boolean {
    return this.#held
      .subarray(offset / UNIT, Math.ceil((offset + packet.payload.length) / UNIT))
      .some((unit) => unit !== 0);
  }

  /** It is one that came before once more: where that one began and ended, and with the same octets. */
  repeats({ packet: { payload }, offset, more }: Piece): boolean {
    const [end, unit] = [offset + payload.length, offset / UNIT];
    const next = Math.ceil(end / UNIT);
    const isOne = this.#held[unit] === BEGINS && this.#held.subarray(unit + 1, next).every((each) => each === GOES_ON);
    if (!isOne || this.#held[next] === GOES_ON || more === (this.end === end)) return false;
    return equal(this.#octets.subarray(offset, end), payload);
  }

  /** Takes the octets of a piece, in the place of those that were there. */
  hold({ packet, offset, more }: Piece): void {
    const end = offset + packet.payload.length;
    this.#makeRoom(end);
    this.#octets.set(packet.payload, offset);
    for (let unit = offset / UNIT; UNIT * unit < end; unit++) {
      if (this.#held[unit] === 0) this.#units += 1;
      this.#held[unit] = UNIT * unit === offset ? BEGINS : GOES_ON;
    }
    if (offset === 0) this.first = packet;
    this.reached = Math.max(this.reached, end);
    if (!more) this.end = end;
  }

  /** Octets of memory that are kept for it. */
  get size(): number {
    return this.#octets.length + this.#held.length;
  }

  /** All octets, once none is missing. */
  get whole(): Uint8Array | undefined {
    if (this.end === undefined || this.#units !== Math.ceil(this.end / UNIT)) return undefined;
    return this.#octets.slice(0, this.end);
  }

  /** Keeps nothing, but that it was. */
  spoil(): void {
    this.spoiled = true;
    this.first = undefined;
    this.#octets = new Uint8Array();
    this.#held = new Uint8Array();
  }

  #makeRoom(end: number): void {
    if (end <= this.#octets.length) return;
    const length = UNIT * Math.ceil(Math.max(end, 2 * this.#octets.length) / UNIT);
    this.#octets = enlarged(this.#octets, length);
    this.#held = enlarged(this.#held, length / UNIT);
  }
}

function enlarged(octets: Uint8Array, length: number): Uint8Array {
  const larger = new Uint8Array(length);
  larger.set(octets);
  return larger;
}

/** Octets in which offsets count (RFC 791 section 3.1, RFC 8200 section 4.5). */
const UNIT = 8;

/** What is kept of a unit; 0 where it is missing. */
const BEGINS = 2;
const GOES_ON = 1;
