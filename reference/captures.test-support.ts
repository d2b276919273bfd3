/**
 * Third-party captures for tests, in the classic pcap format (the libpcap file header and 16 octets before each record), and the folder
 * that holds them beside the checkout. Tests skip with a visible notice where the folder is absent.
 */
import { existsSync, readFileSync } from 'node:fs';

/** One captured packet from its IP header on, whatever the link layer was; undefined for what is no IP. */
export interface CapturedPacket {
  /** 1 for the first in the file, as analysers count. */
  readonly number: number;
  readonly ip: Uint8Array | undefined;
}

/** The path of a file among the captures, or undefined where it is absent. */
export function capturePath(name: string): string | undefined {
  const path = new URL(`../../shared/captures/${name}`, import.meta.url).pathname;
  return existsSync(path) ? path : undefined;
}

/** Throws `RangeError` for a file of another format or link type. */
export function readCapture(path: string): CapturedPacket[] {
  const file = new Uint8Array(readFileSync(path));
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const littleEndian = view.getUint32(0, true) === 0xa1b2c3d4;
  if (!littleEndian && view.getUint32(0) !== 0xa1b2c3d4) throw new RangeError(`${path} is no pcap of microseconds`);
  const linkType = view.getUint32(20, littleEndian);
  const packets: CapturedPacket[] = [];
  for (let at = 24; at + 16 <= file.length; ) {
    const length = view.getUint32(at + 8, littleEndian);
    const frame = file.subarray(at + 16, at + 16 + length);
    packets.push({ number: packets.length + 1, ip: ipOf(frame, linkType) });
    at += 16 + length;
  }
  return packets;
}

function ipOf(frame: Uint8Array, linkType: number): Uint8Array | undefined {
  if (linkType === RAW) return frame;
  if (linkType === NULL) return frame.subarray(4);
  if (linkType !== ETHERNET) throw new RangeError(`link type ${linkType}`);
  const etherType = (frame[12]! << 8) | frame[13]!;
  return etherType === 0x0800 || etherType === 0x86dd ? frame.subarray(14) : undefined;
}

const NULL = 0;
const ETHERNET = 1;
const RAW = 101;
