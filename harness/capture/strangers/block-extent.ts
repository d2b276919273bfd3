/**
 * Where a block of pcapng ends (draft-ietf-opsawg-pcapng section 3.1): its length stands at both its ends. Where the two disagree, what agrees decides: a block
 * that begins where the leading length says, or the first place behind at which a known block has one length at both its ends. What lies between is lost,
 * unless the octets before that place say that the damaged block went up to there.
 */
import { BYTE_ORDER, blockTypes } from '../pcapng-blocks.ts';
import type { CaptureWindow } from './capture-window.ts';
import { type CaptureFault, MORE } from './items.ts';

/** Of the block at the start of the window. */
export interface Extent {
  /** After its trailing length, or where reading goes on. */
  readonly end: number;
  /** Whether it can be read. */
  readonly whole: boolean;
  readonly fault?: CaptureFault;
}

export type Wrong = Pick<CaptureFault, 'where' | 'at' | 'wanted' | 'had'>;

type Waiting<T> = Generator<typeof MORE, T, void>;

/** The end of the block at `at`, if all of it is held and both its lengths say so. */
export function agreedEnd(window: CaptureWindow, at: number): number | undefined {
  const length = lengthAt(window, at);
  if (length === undefined || !window.has(at, length)) return undefined;
  return window.u32In(byteOrderAt(window, at)!, at + length - 4) === length ? at + length : undefined;
}

/** Whether the block at `at` is in little-endian order: that of its section, or the one it begins. Undefined where it begins one in neither. */
export function byteOrderAt(window: CaptureWindow, at: number): boolean | undefined {
  if (window.u32(at, 'block type') !== SECTION_HEADER) return window.littleEndian;
  for (const littleEndian of [true, false]) if (window.u32In(littleEndian, at + 8) === BYTE_ORDER) return littleEndian;
  return undefined;
}

/** Whatever has to be waited for, and searched; undefined at the end of the file. */
export function* extentOf(window: CaptureWindow): Waiting<Extent | undefined> {
  const at = window.start;
  while (!window.has(at, LEAST_BLOCK)) {
    if (window.ended) return window.left === 0 ? undefined : atEndOfFile(window, at, cut(window, LEAST_BLOCK));
    yield MORE;
  }
  const littleEndian = byteOrderAt(window, at);
  if (littleEndian === undefined) {
    const had = window
      .u32In(false, at + 8)
      .toString(16)
      .padStart(8, '0');
    const wanted = '1a2b3c4d in either order';
    return yield* nextSection(window, { where: 'byte-order magic', at: at + 8, wanted, had });
  }
  const length = lengthAt(window, at);
  if (length === undefined) {
    const wanted = `a multiple of 4 from ${LEAST_BLOCK} to ${MOST_BLOCK}`;
    const had = String(window.u32In(littleEndian, at + 4));
    return yield* nextAgreed(window, { where: 'block length', at: at + 4, wanted, had });
  }
  while (!window.has(at, length)) {
    if (window.ended) return yield* nextAgreed(window, cut(window, length));
    yield MORE;
  }
  const again = window.u32In(littleEndian, at + length - 4);
  if (again === length) return { end: at + length, whole: true };
  const wanted = `${length} as at its start`;
  const wrong = { where: 'trailing block length', at: at + length - 4, wanted, had: String(again) };
  if ((yield* isEnd(window, at + length)) || (yield* agrees(window, at + length)))
    return { end: at + length, whole: true, fault: { kind: 'fault', ...wrong, lost: 0, resumes: at + length } };
  return yield* nextAgreed(window, wrong);
}

/** Passes over the section that begins at the start of the window. */
export function* nextSection(window: CaptureWindow, wrong: Wrong): Waiting<Extent> {
  const at = window.start;
  const end = yield* found(window, onlySections);
  if (end === undefined) return atEndOfFile(window, at, wrong);
  return { end, whole: false, fault: { kind: 'fault', ...wrong, lost: end - at, resumes: end } };
}

function* nextAgreed(window: CaptureWindow, wrong: Wrong): Waiting<Extent> {
  const at = window.start;
  const next = yield* found(window, knownTypes);
  const end = next ?? window.length;
  const length = end - at;
  const whole = window.start === at && length % 4 === 0 && length >= LEAST_BLOCK && trails(window, at, end);
  if (next === undefined && !whole) return atEndOfFile(window, at, wrong);
  return { end, whole, fault: { kind: 'fault', ...wrong, lost: whole ? 0 : length, resumes: end } };
}

/** Whether the octets before `end` say that the block at `at` ends there. */
function trails(window: CaptureWindow, at: number, end: number): boolean {
  return window.u32In(byteOrderAt(window, at) ?? window.littleEndian, end - 4) === end - at;
}

/** The first place behind the start of the window where a block of such a type agrees with itself. */
function* found(window: CaptureWindow, types: ReadonlySet<number>): Waiting<number | undefined> {
  const from = window.start;
  for (let at = from + 4; ; at++) {
    while (!window.has(at, LEAST_BLOCK)) {
      if (window.ended) return undefined;
      yield MORE;
    }
    if (types.has(window.u32(at, 'block type')) && (yield* agrees(window, at))) return at;
    if (at - from > MOST_HELD) window.release(at);
  }
}

/** Whether a block with one length at both its ends begins at `at`. */
function* agrees(window: CaptureWindow, at: number): Waiting<boolean> {
  while (!window.has(at, LEAST_BLOCK)) {
    if (window.ended) return false;
    yield MORE;
  }
  const length = lengthAt(window, at);
  if (length === undefined) return false;
  while (!window.has(at, length)) {
    if (window.ended) return false;
    yield MORE;
  }
  return agreedEnd(window, at) !== undefined;
}

function* isEnd(window: CaptureWindow, at: number): Waiting<boolean> {
  while (!window.has(at, 1)) {
    if (window.ended) return true;
    yield MORE;
  }
  return false;
}

/** The leading length of the block at `at`, where it is held and can be one. */
function lengthAt(window: CaptureWindow, at: number): number | undefined {
  if (!window.has(at, LEAST_BLOCK)) return undefined;
  const littleEndian = byteOrderAt(window, at);
  if (littleEndian === undefined) return undefined;
  const length = window.u32In(littleEndian, at + 4);
  return length >= LEAST_BLOCK && length <= MOST_BLOCK && length % 4 === 0 ? length : undefined;
}

function atEndOfFile(window: CaptureWindow, from: number, wrong: Wrong): Extent {
  return { end: window.length, whole: false, fault: { kind: 'fault', ...wrong, lost: window.length - from } };
}

function cut(window: CaptureWindow, octets: number): Wrong {
  const had = `${window.left} until the end of the file`;
  return { where: 'block', at: window.start, wanted: `${octets} octets`, had };
}

const SECTION_HEADER = blockTypes['Section Header Block'];
const onlySections: ReadonlySet<number> = new Set([SECTION_HEADER]);
const knownTypes: ReadonlySet<number> = new Set(Object.values(blockTypes));
const LEAST_BLOCK = 12;
/** A block is held whole. Wireshark refuses larger ones, too; the largest packets are a sixty-fourth of it. */
export const MOST_BLOCK = 2 ** 24;
/** What is held of a damaged block while its end is searched: twice the largest packet. */
const MOST_HELD = 2 ** 19;
