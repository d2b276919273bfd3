/**
 * A classic capture (pcap) of one link of a bundle, as tcpdump would have written it with a snap length of 4096: what the IPv6 Ready Logo asks of each test and link. Little-endian, microseconds,
 * Ethernet (draft-ietf-opsawg-pcap, sections 4 and 5).
 */
import type { FrameEntry } from '../capture/transcript.ts';

/** `epoch` is when the log began, in milliseconds since 1970; the times of frames are from there. */
export function classicCapture(frames: readonly FrameEntry[], epoch: number): Uint8Array {
  const records = frames.map(({ time, octets }) => {
    const captured = octets.subarray(0, SNAP_LENGTH);
    const record = Buffer.alloc(RECORD_HEADER + captured.length);
    const microseconds = Math.round(time * 1000);
    const total = BigInt(epoch) * 1000n + BigInt(microseconds);
    record.writeUInt32LE(Number(total / 1_000_000n), 0);
    record.writeUInt32LE(Number(total % 1_000_000n), 4);
    record.writeUInt32LE(captured.length, 8);
    record.writeUInt32LE(octets.length, 12);
    record.set(captured, RECORD_HEADER);
    return record;
  });
  const header = Buffer.alloc(FILE_HEADER);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(SNAP_LENGTH, 16);
  header.writeUInt32LE(ETHERNET, 20);
  return Buffer.concat([header, ...records]);
}

const MAGIC = 0xa1b2c3d4;
const SNAP_LENGTH = 4096;
const ETHERNET = 1;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
