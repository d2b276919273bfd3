/**
 * What any capture file says: links, and frames in the order they were seen. `pcap.ts` and `pcapng.ts` hold the two formats; here is what
 * they share, a reader of numbers that knows where it stands. Whatever a file claims, reading it takes time linear in its length and
 * ends in frames or in one `MalformedOctets` that names the offset in the file.
 */
import { MalformedOctets } from '../../reference/wire/dissection.ts';

export interface CaptureFile {
  readonly links: readonly CapturedLink[];
  readonly frames: readonly CapturedFrame[];
}

export interface CapturedLink {
  readonly name: string;
  /** LINKTYPE of the tcpdump registry; `reference/wire/link-layers.ts` has those that can be dissected. */
  readonly linkType: number;
}

export interface CapturedFrame {
  /** Index into `links`. */
  readonly link: number;
  /** Nanoseconds since 1970-01-01T00:00Z, as far as the file's resolution tells. */
  readonly nanoseconds: bigint;
  readonly octets: Uint8Array;
  /** Octets on the wire; more than `octets` holds if the frame was cut when captured. */
  readonly originalLength: number;
  readonly comments: readonly string[];
}

/** Numbers at offsets of a file, in the byte order its header announced. */
export class CaptureReader {
  /** Offset after the last octet that is there. */
  length: number;
  littleEndian = false;
  protected octets: Uint8Array;
  protected view: DataView;
  /** Where in the file `octets` begins. */
  protected origin = 0;

  constructor(octets: Uint8Array) {
    this.octets = octets;
    this.length = octets.length;
    this.view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  }

  u16(at: number, what: string): number {
    this.require(at, 2, what);
    return this.view.getUint16(at - this.origin, this.littleEndian);
  }

  u32(at: number, what: string): number {
    this.require(at, 4, what);
    return this.view.getUint32(at - this.origin, this.littleEndian);
  }

  u64(at: number, what: string): bigint {
    this.require(at, 8, what);
    return this.view.getBigUint64(at - this.origin, this.littleEndian);
  }

  i64(at: number, what: string): bigint {
    return BigInt.asIntN(64, this.u64(at, what));
  }

  slice(at: number, length: number, what: string): Uint8Array {
    this.require(at, length, what);
    return this.octets.slice(at - this.origin, at - this.origin + length);
  }

  /** Throws `MalformedOctets` unless `length` octets follow `at`. */
  require(at: number, length: number, what: string): void {
    if (at + length <= this.length) return;
    throw new MalformedOctets(
      what,
      at,
      `${length} octets`,
      `${Math.max(0, this.length - at)} until the end of the file`,
    );
  }
}
