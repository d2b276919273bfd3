/**
 * The pcapng capture format (draft-ietf-opsawg-pcapng): sections of blocks, each with its type and its length at both ends. Written here: one
 * section, one Interface Description Block a link, Enhanced Packet Blocks in nanoseconds with comments. Read here: any number of sections in
 * either byte order, with Enhanced and Simple Packet Blocks; blocks of other types are passed over.
 */
import { MalformedOctets } from '../../reference/wire/dissection.ts';
import { concat, fromText } from '../../reference/wire/octets.ts';
import { type CapturedFrame, type CaptureFile, CaptureReader } from './capture-file.ts';
import {
  BYTE_ORDER,
  blockTypes,
  commentsOf,
  type DescribedInterface,
  INTERFACE_NAME,
  INTERFACE_OFFSET,
  INTERFACE_RESOLUTION,
  interfaceOptions,
  nanosecondsOf,
  OPTION_COMMENT,
  type Options,
  type PacketBlock,
  padded,
  readEnhancedPacket,
  readInterface,
  readOptions,
  readSimplePacket,
  SECTION_APPLICATION,
  type Span,
} from './pcapng-blocks.ts';

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
  const links: DescribedInterface[] = [];
  const frames: CapturedFrame[] = [];
  let sectionLinks = 0;
  const frameOf = ({ interface: index, ticks, options, ...packet }: PacketBlock, at: number): CapturedFrame => {
    const link = linkAt(links, sectionLinks + index, at);
    const nanoseconds = ticks === undefined ? 0n : nanosecondsOf(ticks, link);
    const comments = commentsOf(wholeOptions(source, options));
    return {
      link: sectionLinks + index,
      nanoseconds,
      octets: packet.octets,
      originalLength: packet.originalLength,
      comments,
    };
  };
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
    if (type === INTERFACE_DESCRIPTION)
      links.push(readInterface(source, body, wholeOptions(source, interfaceOptions(body))));
    if (type === ENHANCED_PACKET) frames.push(frameOf(readEnhancedPacket(source, body), body.start));
    if (type === SIMPLE_PACKET) {
      const { snapLength } = linkAt(links, sectionLinks, body.start);
      frames.push(frameOf(readSimplePacket(source, body, snapLength), body.start));
    }
    at = end;
  }
  return { links: links.map(({ name, linkType }) => ({ name, linkType })), frames };
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

function linkAt(links: readonly DescribedInterface[], index: number, at: number): DescribedInterface {
  const link = links[index];
  if (link) return link;
  throw new MalformedOctets('interface', at, `one of the ${links.length} described before`, String(index));
}

function wholeOptions(source: CaptureReader, span: Span): Options {
  const options = readOptions(source, span);
  if (options.fault) throw options.fault;
  return options;
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

const {
  'Section Header Block': SECTION_HEADER,
  'Interface Description Block': INTERFACE_DESCRIPTION,
  'Simple Packet Block': SIMPLE_PACKET,
  'Enhanced Packet Block': ENHANCED_PACKET,
} = blockTypes;
const END_OF_OPTIONS = new Uint8Array(4);
