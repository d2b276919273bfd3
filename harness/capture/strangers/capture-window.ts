/**
 * The part of a capture that is held while it is read: pieces come in at its end, what was read is let go at its start, and offsets stay those of the file.
 * Octets handed out stay as they are, because nothing is ever written over: room that is full is left to whoever still holds a view of it.
 */
import { CaptureReader } from '../capture-file.ts';

/** Octets of the whole capture, where they are known beforehand; whether it is sure to end, where they are not. */
export type CaptureExtent = number | 'finite' | 'open';

export class CaptureWindow extends CaptureReader {
  /** Offset of the first octet that is still held. */
  start = 0;
  /** No piece will come any more. */
  ended = false;
  readonly extent: CaptureExtent;

  constructor(extent: CaptureExtent) {
    super(new Uint8Array());
    this.extent = extent;
  }

  /** Octets that are held. */
  get left(): number {
    return this.length - this.start;
  }

  has(at: number, octets: number): boolean {
    return at + octets <= this.length;
  }

  /** Copies `piece`; what is held is moved at most once an octet, however large it is. */
  append(piece: Uint8Array): void {
    if (this.length - this.origin + piece.length > this.octets.length) this.moveInto(2 * (this.left + piece.length));
    this.octets.set(piece, this.length - this.origin);
    this.length += piece.length;
  }

  /** Nothing before this offset will be asked for again. */
  release(to: number): void {
    this.start = to;
  }

  /** In a byte order that may be another than that of the section. Throws `RangeError` where it is not held. */
  u32In(littleEndian: boolean, at: number): number {
    return this.view.getUint32(at - this.origin, littleEndian);
  }

  override slice(at: number, length: number, what: string): Uint8Array {
    this.require(at, length, what);
    return this.octets.subarray(at - this.origin, at - this.origin + length);
  }

  private moveInto(octets: number): void {
    const room = new Uint8Array(Math.max(octets, LEAST_ROOM));
    room.set(this.octets.subarray(this.start - this.origin, this.length - this.origin));
    this.octets = room;
    this.view = new DataView(room.buffer);
    this.origin = this.start;
  }
}

/** Several pieces, so that few are moved. */
const LEAST_ROOM = 2 ** 20;
