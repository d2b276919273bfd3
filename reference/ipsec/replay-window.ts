/**
 * The anti-replay window of one inbound SA, RFC 4303 section 3.4.3 and Appendix A2: the highest sequence number that was
 * authenticated (T) and which of the W numbers up to it were received. Any size; sequence numbers are the whole 64 bits. Whether a
 * number is acceptable, and how the upper half of an extended one is inferred, are rules.
 */
export interface WindowView {
  /** W, in packets; 0 means that anti-replay is off. */
  readonly size: number;
  /** T: the highest number received and authenticated; 0 before the first. */
  readonly top: bigint;
  /** Whether this number, from T - W + 1 to T, was received. */
  received(sequenceNumber: bigint): boolean;
}

export class ReplayWindow implements WindowView {
  readonly size: number;
  #top: bigint;
  /** One octet for each number in the window, at its number modulo W. */
  readonly #seen: Uint8Array;

  /** `top` above 0 stands for traffic that passed before: its numbers count as received. */
  constructor(size: number, top = 0n) {
    this.size = size;
    this.#top = top;
    this.#seen = new Uint8Array(size).fill(top > 0n ? 1 : 0);
  }

  get top(): bigint {
    return this.#top;
  }

  received(sequenceNumber: bigint): boolean {
    return this.size > 0 && this.#inside(sequenceNumber) && this.#seen[this.#place(sequenceNumber)] === 1;
  }

  /** Notes a number as received; one beyond T moves the window. A number below the window changes nothing. */
  record(sequenceNumber: bigint): void {
    if (sequenceNumber > this.#top) this.#advance(sequenceNumber);
    if (this.size > 0 && this.#inside(sequenceNumber)) this.#seen[this.#place(sequenceNumber)] = 1;
  }

  #advance(top: bigint): void {
    const steps = top - this.#top;
    if (steps >= BigInt(this.size)) this.#seen.fill(0);
    else for (let number = this.#top + 1n; number <= top; number++) this.#seen[this.#place(number)] = 0;
    this.#top = top;
  }

  #inside(sequenceNumber: bigint): boolean {
    return sequenceNumber <= this.#top && sequenceNumber > this.#top - BigInt(this.size);
  }

  #place(sequenceNumber: bigint): number {
    return Number(sequenceNumber % BigInt(this.size));
  }
}
