/** A growing buffer that structures are laid out in; what was written can be patched once what follows is known. */

export class Writer {
  private buffer = new Uint8Array(256);
  /** Octets written so far. */
  length = 0;

  /** Appends an unsigned number of 1 to 4 octets. */
  number(value: number, size: number): void {
    this.reserve(size);
    writeNumber(this.buffer, this.length, value, size);
    this.length += size;
  }

  octets(octets: Uint8Array): void {
    this.reserve(octets.length);
    this.buffer.set(octets, this.length);
    this.length += octets.length;
  }

  zeros(count: number): void {
    this.reserve(count);
    this.length += count;
  }

  /** The octets from `start` on, as they lie in the buffer: writing into them patches. Valid until the next append. */
  view(start: number): Uint8Array {
    return this.buffer.subarray(start, this.length);
  }

  /** A copy of all that was written. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.length);
  }

  private reserve(count: number): void {
    const wanted = this.length + count;
    if (wanted <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(wanted, 2 * this.buffer.length));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }
}

/** Writes an unsigned big-endian number over `size` octets; throws `RangeError` where it does not fit. */
export function writeNumber(into: Uint8Array, at: number, value: number, size: number): void {
  if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * size)) {
    throw new RangeError(`${value} is no unsigned number of ${8 * size} bits`);
  }
  for (let i = 0; i < size; i++) into[at + i] = Math.floor(value / 2 ** (8 * (size - 1 - i))) & 0xff;
}
