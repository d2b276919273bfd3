/**
 * The classic capture format (draft-ietf-opsawg-pcap): one header, then records of a time, two lengths and a frame. Both byte orders, microseconds
 * and nanoseconds. Read only: what Touchstone writes is pcapng.
 */
import { MalformedOctets } from '../../reference/wire/dissection.ts';
import { type CapturedFrame, type CaptureFile, CaptureReader } from './capture-file.ts';

/** Throws `MalformedOctets` with the offset in the file, also for a file cut in the middle of a record. */
export function readPcap(octets: Uint8Array): CaptureFile {
  const source = new CaptureReader(octets);
  const fractionNanoseconds = readMagic(source);
  source.require(0, HEADER_OCTETS, 'file header');
  const major = source.u16(4, 'major version');
  if (major !== 2) throw new MalformedOctets('major version', 4, '2', String(major));
  const linkType = source.u32(20, 'link type') & 0xffff;
  const frames: CapturedFrame[] = [];
  for (let at = HEADER_OCTETS; at < source.length; ) {
    const where = `record ${frames.length + 1}`;
    source.require(at, RECORD_OCTETS, where);
    const captured = source.u32(at + 8, where);
    frames.push({
      link: 0,
      nanoseconds:
        BigInt(source.u32(at, where)) * 1_000_000_000n + BigInt(source.u32(at + 4, where)) * fractionNanoseconds,
      octets: source.slice(at + RECORD_OCTETS, captured, `${where} frame`),
      originalLength: source.u32(at + 12, where),
      comments: [],
    });
    at += RECORD_OCTETS + captured;
  }
  return { links: [{ name: '', linkType }], frames };
}

/** Sets the byte order of `source`; gives the nanoseconds in one unit of a record's fraction. */
function readMagic(source: CaptureReader): bigint {
  for (const littleEndian of [false, true]) {
    source.littleEndian = littleEndian;
    const magic = source.u32(0, 'magic number');
    if (magic === MICROSECONDS) return 1000n;
    if (magic === NANOSECONDS) return 1n;
  }
  source.littleEndian = false;
  const magic = source.u32(0, 'magic number').toString(16).padStart(8, '0');
  throw new MalformedOctets('magic number', 0, 'a1b2c3d4, a1b23c4d (pcap) or 0a0d0d0a (pcapng)', magic);
}

const HEADER_OCTETS = 24;
const RECORD_OCTETS = 16;
const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
