/**
 * The pcapng capture format (draft-ietf-opsawg-pcapng): sections of blocks, each with its type and its length at both ends. Written here: one
 * section, one Interface Description Block a link, Enhanced Packet Blocks in nanoseconds with comments. Read here: any number of sections in
 * either byte order, with Enhanced and Simple Packet Blocks; blocks of other types are passed over.
 */
import { MalformedOctets } from '../../reference/wire/dissection.ts';
import { concat, fromText, toText } from '../../reference/wire/octets.ts';
import { type CapturedFrame, type CapturedLink, type CaptureFile, CaptureReader } from './capture-file.ts';

/** `offsetSeconds` is added by every reader to the times of the frames (if_tsoffset), so lab time can be written as it is. */
export function writePcapng(
  file: CaptureFile,
  about: { readonly application: string; readonly comment?: string; readonly offsetSeconds?: bigint },
): Uint8Array {
  const offset = about.offsetSeconds ?? 0n;
  const blocks = [
    block(
      SECTION_HEADER,
      concat(
        u32(BYTE_ORDER),
        u16(1),
        u16(0),
        u64(0xffffffffffffffffn),
        ...(about.comment ? [option(OPTION_COMMENT, fromText(about.comment))] : []),
        option(SECTION_APPLICATION, fromText(about.application)),
        END_OF_OPTIONS,
      ),
    ),
    ...file.links.map((link) =>
      block(
        INTERFACE_DESCRIPTION,
        concat(
          u16(link.linkType),
          u16(0),
          u32(0),
          option(INTERFACE_NAME, fromText(link.name)),
          option(INTERFACE_RESOLUTION, Uint8Array.of(9)),
          option(INTERFACE_OFFSET, u64(offset)),
          END_OF_OPTIONS,
        ),
      ),
    ),
    ...file.frames.map((frame) => enhancedPacket(frame, frame.nanoseconds - offset * 1_000_000_000n)),
  ];
  return joined(blocks);
}

/** Throws `MalformedOctets` with the offset in the file. */
export function readPcapng(octets: Uint8Array): CaptureFile {
  const source = new CaptureReader(octets);
  const links: TimedLink[] = [];
  const frames: CapturedFrame[] = [];
  let sectionLinks = 0;
  for (let at = 0; at < source.length; ) {
    const type = source.u32(at, 'block type');
    if (at === 0 && type !== SECTION_HEADER) {
      throw new MalformedOctets(
        'block type',
        0,
        '0a0d0d0a, a Section Header Block',
        type.toString(16).padStart(8, '0'),
      );
    }
    if (type === SECTION_HEADER) {
      readByteOrder(source, at);
      sectionLinks = links.length;
    }
    const end = blockEnd(source, at);
    const body = { start: at + 8, end: end - 4 };
    if (type === INTERFACE_DESCRIPTION) links.push(readInterface(source, body));
    if (type === ENHANCED_PACKET) frames.push(readEnhancedPacket(source, body, links, sectionLinks));
    if (type === SIMPLE_PACKET) frames.push(readSimplePacket(source, body, links, sectionLinks));
    at = end;
  }
  return { links: links.map(({ name, linkType }) => ({ name, linkType })), frames };
}

interface TimedLink extends CapturedLink {
  /** Ticks of its clock in one second, and seconds added to every time. */
  readonly ticksPerSecond: bigint;
  readonly offsetSeconds: bigint;
}

interface Span {
  readonly start: number;
  readonly end: number;
}

function readByteOrder(source: CaptureReader, at: number): void {
  for (const littleEndian of [false, true]) {
    source.littleEndian = littleEndian;
    if (source.u32(at + 8, 'byte-order magic') === BYTE_ORDER) return;
  }
  throw new MalformedOctets('byte-order magic', at + 8, '1a2b3c4d in either order', 'something else');
}

function blockEnd(source: CaptureReader, at: number): number {
  const length = source.u32(at + 4, 'block length');
  if (length < 12 || length % 4 !== 0) {
    throw new MalformedOctets('block length', at + 4, 'a multiple of 4 from 12', String(length));
  }
  source.require(at, length, 'block');
  const again = source.u32(at + length - 4, 'trailing block length');
  if (again !== length) {
    throw new MalformedOctets('trailing block length', at + length - 4, `${length} as at its start`, String(again));
  }
  return at + length;
}

function readInterface(source: CaptureReader, body: Span): TimedLink {
  requireBody(body, 8, 'Interface Description Block');
  const options = readOptions(source, body.start + 8, body.end);
  const resolution = options.get(INTERFACE_RESOLUTION)?.[0]?.octets[0] ?? 6;
  const exponent = BigInt(resolution & 0x7f);
  const offset = options.get(INTERFACE_OFFSET)?.[0];
  return {
    name: toText(options.get(INTERFACE_NAME)?.[0]?.octets ?? new Uint8Array()),
    linkType: source.u16(body.start, 'link type'),
    ticksPerSecond: (resolution & 0x80 ? 2n : 10n) ** exponent,
    offsetSeconds: offset?.octets.length === 8 ? source.i64(offset.at, 'if_tsoffset') : 0n,
  };
}

function readEnhancedPacket(
  source: CaptureReader,
  body: Span,
  links: readonly TimedLink[],
  base: number,
): CapturedFrame {
  requireBody(body, 20, 'Enhanced Packet Block');
  const link = base + source.u32(body.start, 'interface');
  const { ticksPerSecond, offsetSeconds } = linkAt(links, link, body.start);
  const ticks = (BigInt(source.u32(body.start + 4, 'time')) << 32n) | BigInt(source.u32(body.start + 8, 'time'));
  const captured = source.u32(body.start + 12, 'captured length');
  if (captured > body.end - body.start - 20) {
    throw new MalformedOctets(
      'captured length',
      body.start + 12,
      `at most ${body.end - body.start - 20}`,
      String(captured),
    );
  }
  const options = readOptions(source, body.start + 20 + padded(captured), body.end);
  return {
    link,
    nanoseconds: offsetSeconds * 1_000_000_000n + (ticks * 1_000_000_000n) / ticksPerSecond,
    octets: source.slice(body.start + 20, captured, 'packet data'),
    originalLength: source.u32(body.start + 16, 'original length'),
    comments: (options.get(OPTION_COMMENT) ?? []).map((comment) => toText(comment.octets)),
  };
}

function readSimplePacket(source: CaptureReader, body: Span, links: readonly TimedLink[], base: number): CapturedFrame {
  requireBody(body, 4, 'Simple Packet Block');
  linkAt(links, base, body.start);
  const originalLength = source.u32(body.start, 'original length');
  const captured = Math.min(originalLength, body.end - body.start - 4);
  const octets = source.slice(body.start + 4, captured, 'packet data');
  return { link: base, nanoseconds: 0n, octets, originalLength, comments: [] };
}

function linkAt(links: readonly TimedLink[], index: number, at: number): TimedLink {
  const link = links[index];
  if (link) return link;
  throw new MalformedOctets('interface', at, `one of the ${links.length} described before`, String(index));
}

function readOptions(
  source: CaptureReader,
  start: number,
  end: number,
): Map<number, { at: number; octets: Uint8Array }[]> {
  const options = new Map<number, { at: number; octets: Uint8Array }[]>();
  for (let at = start; at + 4 <= end; ) {
    const code = source.u16(at, 'option');
    const length = source.u16(at + 2, 'option length');
    if (code === 0) break;
    if (at + 4 + length > end) {
      throw new MalformedOctets('option length', at + 2, `at most ${end - at - 4}`, String(length));
    }
    const value = { at: at + 4, octets: source.slice(at + 4, length, 'option') };
    const alike = options.get(code);
    if (alike) alike.push(value);
    else options.set(code, [value]);
    at += 4 + padded(length);
  }
  return options;
}

function requireBody(body: Span, octets: number, what: string): void {
  if (body.end - body.start >= octets) return;
  throw new MalformedOctets(what, body.start, `${octets} octets`, String(body.end - body.start));
}

function enhancedPacket(frame: CapturedFrame, ticks: bigint): Uint8Array {
  return block(
    ENHANCED_PACKET,
    concat(
      u32(frame.link),
      u32(Number(ticks >> 32n)),
      u32(Number(ticks & 0xffffffffn)),
      u32(frame.octets.length),
      u32(frame.originalLength),
      toMultipleOfFour(frame.octets),
      ...frame.comments.map((comment) => option(OPTION_COMMENT, fromText(comment).subarray(0, 0xffff))),
      ...(frame.comments.length > 0 ? [END_OF_OPTIONS] : []),
    ),
  );
}

/** As many as there are: arguments of a function may not be. */
function joined(blocks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(blocks.reduce((length, one) => length + one.length, 0));
  let at = 0;
  for (const one of blocks) {
    whole.set(one, at);
    at += one.length;
  }
  return whole;
}

function block(type: number, body: Uint8Array): Uint8Array {
  const length = u32(12 + body.length);
  return concat(u32(type), length, body, length);
}

function option(code: number, value: Uint8Array): Uint8Array {
  return concat(u16(code), u16(value.length), toMultipleOfFour(value));
}

function toMultipleOfFour(octets: Uint8Array): Uint8Array {
  return concat(octets, new Uint8Array(padded(octets.length) - octets.length));
}

function padded(length: number): number {
  return (length + 3) & ~3;
}

// The section is written in little-endian order, as most tools do.
function u16(number: number): Uint8Array {
  return Uint8Array.of(number, number >>> 8);
}

function u32(number: number): Uint8Array {
  return Uint8Array.of(number, number >>> 8, number >>> 16, number >>> 24);
}

function u64(number: bigint): Uint8Array {
  return concat(u32(Number(number & 0xffffffffn)), u32(Number((number >> 32n) & 0xffffffffn)));
}

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const SIMPLE_PACKET = 3;
const ENHANCED_PACKET = 6;
const BYTE_ORDER = 0x1a2b3c4d;
const OPTION_COMMENT = 1;
const SECTION_APPLICATION = 4;
const INTERFACE_NAME = 2;
const INTERFACE_RESOLUTION = 9;
const INTERFACE_OFFSET = 14;
const END_OF_OPTIONS = new Uint8Array(4);
