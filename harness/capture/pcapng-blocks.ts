/**
 * What stands in the blocks of pcapng (draft-ietf-opsawg-pcapng section 4), each read from the span of its body, in the byte order of its section. Which blocks
 * there are, and where each ends, is for whoever reads a file: `pcapng.ts` a whole one of ours, `strangers/pcapng-items.ts` any, piece by piece.
 */
import { MalformedOctets } from '../../reference/wire/dissection.ts';
import { toText } from '../../reference/wire/octets.ts';
import type { CaptureReader } from './capture-file.ts';

/** Offsets in the file of a block's body, without its type and its two lengths. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface DescribedInterface {
  readonly name: string;
  readonly linkType: number;
  /** Octets kept of a packet at most; zero where there is no limit. */
  readonly snapLength: number;
  /** Ticks of its clock in one second, and seconds added to every time. */
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

export interface PacketBlock {
  /** Index among the interfaces of the section. */
  readonly interface: number;
  /** Of the interface's clock; absent in a Simple Packet Block. */
  readonly ticks?: bigint;
  readonly octets: Uint8Array;
  readonly originalLength: number;
  /** Packets that the interface is known to have lost since the one before. */
  readonly dropped?: bigint | undefined;
  /** Where its options stand. */
  readonly options: Span;
}

export interface Options {
  /** By code, each in the order of the file. */
  readonly values: ReadonlyMap<number, readonly OptionValue[]>;
  /** Where reading stopped, if not at the end. */
  readonly fault?: MalformedOctets;
}

export interface OptionValue {
  readonly at: number;
  readonly octets: Uint8Array;
}

/** Section 4.2. `options` are those behind it: whoever reads decides what becomes of damage in them. Throws `MalformedOctets`. */
export function readInterface(source: CaptureReader, body: Span, options: Options): DescribedInterface {
  requireBody(body, 8, 'Interface Description Block');
  const value = (code: number) => options.values.get(code)?.[0];
  const resolution = value(INTERFACE_RESOLUTION)?.octets[0] ?? 6;
  const offset = value(INTERFACE_OFFSET);
  return {
    name: toText(value(INTERFACE_NAME)?.octets ?? new Uint8Array()),
    linkType: source.u16(body.start, 'link type'),
    snapLength: source.u32(body.start + 4, 'snap length'),
    ticksPerSecond: (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f),
    offsetSeconds: offset?.octets.length === 8 ? source.i64(offset.at, 'if_tsoffset') : 0n,
  };
}

/** Behind the fixed fields of an Interface Description Block. */
export const interfaceOptions = (body: Span): Span => ({ start: body.start + 8, end: body.end });

/** Section 4.3. Throws `MalformedOctets`. */
export function readEnhancedPacket(source: CaptureReader, body: Span): PacketBlock {
  requireBody(body, 20, 'Enhanced Packet Block');
  return timedPacket(source, body, source.u32(body.start, 'interface'));
}

/** Appendix A: what Enhanced Packet Blocks have replaced. Throws `MalformedOctets`. */
export function readObsoletePacket(source: CaptureReader, body: Span): PacketBlock {
  requireBody(body, 20, 'Packet Block');
  const drops = source.u16(body.start + 2, 'drops count');
  const dropped = drops === UNKNOWN_DROPS ? undefined : BigInt(drops);
  return timedPacket(source, body, source.u16(body.start, 'interface'), dropped);
}

/** Section 4.4: of the section's first interface, whose `snapLength` tells how much is there. Throws `MalformedOctets`. */
export function readSimplePacket(source: CaptureReader, body: Span, snapLength: number): PacketBlock {
  requireBody(body, 4, 'Simple Packet Block');
  const originalLength = source.u32(body.start, 'original length');
  const captured = Math.min(originalLength, snapLength || originalLength, body.end - body.start - 4);
  const octets = source.slice(body.start + 4, captured, 'packet data');
  return { interface: 0, octets, originalLength, options: { start: body.end, end: body.end } };
}

/** Options up to their end mark or the end of the span; damage ends them, and is said. Section 3.5. */
export function readOptions(source: CaptureReader, { start, end }: Span): Options {
  const values = new Map<number, OptionValue[]>();
  let count = 0;
  for (let at = start; at + 4 <= end; ) {
    const code = source.u16(at, 'option');
    const length = source.u16(at + 2, 'option length');
    if (code === 0) break;
    if (++count > MOST_OPTIONS) {
      const fault = new MalformedOctets('option', at + 2, `at most ${MOST_OPTIONS} in a block`, 'one more');
      return { values, fault };
    }
    if (at + 4 + length > end) {
      const fault = new MalformedOctets('option length', at + 2, `at most ${end - at - 4}`, String(length));
      return { values, fault };
    }
    const value = { at: at + 4, octets: source.slice(at + 4, length, 'option') };
    const alike = values.get(code);
    if (alike) alike.push(value);
    else values.set(code, [value]);
    at += 4 + padded(length);
  }
  return { values };
}

export function commentsOf({ values }: Options): readonly string[] {
  return (values.get(OPTION_COMMENT) ?? []).map(({ octets }) => toText(octets));
}

/** Nanoseconds since 1970-01-01T00:00Z, cut to whole ones. */
export function nanosecondsOf(ticks: bigint, { ticksPerSecond, offsetSeconds }: DescribedInterface): bigint {
  return offsetSeconds * 1_000_000_000n + (ticks * 1_000_000_000n) / ticksPerSecond;
}

/** Throws `MalformedOctets` unless a body has so many octets. */
export function requireBody(body: Span, octets: number, what: string): void {
  if (body.end - body.start >= octets) return;
  throw new MalformedOctets(what, body.start, `${octets} octets`, String(body.end - body.start));
}

/** Octets with those that fill them up to a multiple of four. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}

/** One object with all its properties: of a large capture there are millions. */
function timedPacket(source: CaptureReader, { start, end }: Span, id: number, dropped?: bigint): PacketBlock {
  const captured = source.u32(start + 12, 'captured length');
  if (captured > end - start - 20) {
    throw new MalformedOctets('captured length', start + 12, `at most ${end - start - 20}`, String(captured));
  }
  const high = source.u32(start + 4, 'time');
  const low = source.u32(start + 8, 'time');
  const ticks = high * 2 ** 32 + low;
  return {
    interface: id,
    ticks: ticks <= Number.MAX_SAFE_INTEGER ? BigInt(ticks) : (BigInt(high) << 32n) | BigInt(low),
    octets: source.slice(start + 20, captured, 'packet data'),
    originalLength: source.u32(start + 16, 'original length'),
    dropped,
    options: { start: start + 20 + padded(captured), end },
  };
}

export const blockTypes = {
  'Interface Description Block': 1,
  'Packet Block': 2,
  'Simple Packet Block': 3,
  'Name Resolution Block': 4,
  'Interface Statistics Block': 5,
  'Enhanced Packet Block': 6,
  'systemd Journal Export Block': 9,
  'Decryption Secrets Block': 10,
  'Custom Block': 0x0bad,
  'Custom Block that is not to be copied': 0x40000bad,
  'Section Header Block': 0x0a0d0d0a,
} as const;

export const BYTE_ORDER = 0x1a2b3c4d;
export const OPTION_COMMENT = 1;
export const SECTION_APPLICATION = 4;
export const INTERFACE_NAME = 2;
export const INTERFACE_RESOLUTION = 9;
export const INTERFACE_OFFSET = 14;
/** Empty ones take fifty times their octets in memory. */
const MOST_OPTIONS = 2 ** 17;
const UNKNOWN_DROPS = 0xffff;
