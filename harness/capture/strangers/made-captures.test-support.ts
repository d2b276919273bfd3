/** Captures as other programs may write them, octet by octet, and what is read of one that comes in pieces. */
import { concat, fromText } from '../../../reference/wire/octets.ts';
import { CaptureParser } from './capture-items.ts';
import type { CaptureFault, CaptureItem, StrangerRecord } from './items.ts';

export interface MadeRecord {
  readonly seconds: number;
  /** In the units of the file. */
  readonly fraction: number;
  readonly octets: Uint8Array;
  readonly originalLength?: number;
}

export interface MadePcap {
  readonly littleEndian: boolean;
  readonly magic?: number;
  readonly version?: readonly [major: number, minor: number];
  readonly linkType?: number;
  readonly records: readonly MadeRecord[];
}

export function pcap({ littleEndian, magic = MICROSECONDS, version = [2, 4], linkType = 1, records }: MadePcap) {
  const { u16, u32 } = numbers(littleEndian);
  const header = [u32(magic), u16(version[0]), u16(version[1]), u32(0), u32(0), u32(262_144), u32(linkType)];
  const written = records.flatMap(({ seconds, fraction, octets, originalLength = octets.length }) => [
    u32(seconds),
    u32(fraction),
    u32(octets.length),
    u32(originalLength),
    octets,
  ]);
  return concat(...header, ...written);
}

/** The blocks of pcapng in one byte order. */
export function blocks(littleEndian: boolean) {
  const { u16, u32, u64 } = numbers(littleEndian);
  const block = (type: number, ...body: Uint8Array[]): Uint8Array => {
    const whole = filled(concat(...body));
    return concat(u32(type), u32(12 + whole.length), whole, u32(12 + whole.length));
  };
  const option = (code: number, value: Uint8Array): Uint8Array => concat(u16(code), u16(value.length), filled(value));
  const time = (ticks: bigint) => [u32(Number(ticks >> 32n)), u32(Number(ticks & 0xffffffffn))];
  return {
    u16,
    u32,
    u64,
    block,
    option,
    end: new Uint8Array(4),
    section: (...options: Uint8Array[]) =>
      block(0x0a0d0d0a, u32(0x1a2b3c4d), u16(1), u16(0), u64(0xffffffffffffffffn), ...options),
    interface: ({ linkType = 1, snapLength = 0 } = {}, ...options: Uint8Array[]) =>
      block(1, u16(linkType), u16(0), u32(snapLength), ...options),
    name: (text: string) => option(2, fromText(text)),
    resolution: (octet: number) => option(9, Uint8Array.of(octet)),
    offset: (seconds: bigint) => option(14, u64(BigInt.asUintN(64, seconds))),
    enhanced: (
      id: number,
      ticks: bigint,
      octets: Uint8Array,
      originalLength = octets.length,
      ...options: Uint8Array[]
    ) => block(6, u32(id), ...time(ticks), u32(octets.length), u32(originalLength), filled(octets), ...options),
    simple: (octets: Uint8Array, originalLength = octets.length) => block(3, u32(originalLength), octets),
    obsolete: (id: number, drops: number, ticks: bigint, octets: Uint8Array, originalLength = octets.length) =>
      block(2, u16(id), u16(drops), ...time(ticks), u32(octets.length), u32(originalLength), octets),
  };
}

/** All items of a capture that comes in pieces of so many octets. */
export function itemsIn(capture: Uint8Array, pieceOctets = Math.max(1, capture.length)): CaptureItem[] {
  const parser = new CaptureParser(capture.length);
  const items: CaptureItem[] = [];
  for (let at = 0; at < capture.length; at += pieceOctets)
    for (const taken of parser.take(capture.subarray(at, at + pieceOctets))) items.push(...taken);
  for (const taken of parser.end()) items.push(...taken);
  return items;
}

export const recordsOf = (items: readonly CaptureItem[]): StrangerRecord[] =>
  items.filter((item) => item.kind === 'record');

export const faultsOf = (items: readonly CaptureItem[]): CaptureFault[] =>
  items.filter((item) => item.kind === 'fault');

function numbers(littleEndian: boolean) {
  const number = (octets: number, write: (view: DataView) => void): Uint8Array => {
    const made = new Uint8Array(octets);
    write(new DataView(made.buffer));
    return made;
  };
  return {
    u16: (value: number) => number(2, (view) => view.setUint16(0, value, littleEndian)),
    u32: (value: number) => number(4, (view) => view.setUint32(0, value, littleEndian)),
    u64: (value: bigint) => number(8, (view) => view.setBigUint64(0, value, littleEndian)),
  };
}

const filled = (octets: Uint8Array): Uint8Array => concat(octets, new Uint8Array((4 - (octets.length % 4)) % 4));

export const MICROSECONDS = 0xa1b2c3d4;
export const NANOSECONDS = 0xa1b23c4d;
