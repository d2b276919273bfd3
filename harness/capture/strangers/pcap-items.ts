/**
 * The classic capture format (draft-ietf-opsawg-pcap), piece by piece: both byte orders, microseconds and nanoseconds. Nothing in it says where a record begins
 * but the lengths of all before, so that reading ends at the first that cannot be right, and what follows is lost.
 */
import type { CaptureWindow } from './capture-window.ts';
import { type CapturedInterface, type CaptureFault, type ItemReader, MORE } from './items.ts';

/** The magic number is known and its byte order set; `fraction` is the nanoseconds of one unit of a record's fraction of a second. */
export function* pcapItems(window: CaptureWindow, fraction: bigint): ItemReader {
  while (!window.has(0, HEADER_OCTETS)) {
    if (window.ended) {
      const had = `${window.left} until the end of the file`;
      return yield endsAt(window, { where: 'file header', at: 0, wanted: `${HEADER_OCTETS} octets`, had });
    }
    yield MORE;
  }
  const minor = window.u16(6, 'minor version');
  const inHeader = headerFault(window);
  if (inHeader) return yield* endAfter(window, inHeader);
  const captures: CapturedInterface = {
    section: 1,
    id: 0,
    name: '',
    linkType: window.u32(20, 'link type') & 0xffff,
    snapLength: window.u32(16, 'snap length'),
  };
  const comments: readonly string[] = [];
  window.release(HEADER_OCTETS);
  for (let number = 1; ; number++) {
    const at = window.start;
    while (!window.has(at, RECORD_OCTETS)) {
      if (window.ended) {
        if (window.left > 0) yield cut(window, number, RECORD_OCTETS);
        return;
      }
      yield MORE;
    }
    let captured = window.u32(at + 8, 'captured length');
    let originalLength = window.u32(at + 12, 'original length');
    if (minor < LENGTHS_IN_ORDER && (minor < LENGTHS_IN_ORDER - 1 || captured > originalLength))
      [captured, originalLength] = [originalLength, captured];
    if (captured > MOST_CAPTURED) {
      const wanted = `a captured length of at most ${MOST_CAPTURED}`;
      return yield* endAfter(window, { where: `record ${number}`, at, wanted, had: String(captured) });
    }
    while (!window.has(at, RECORD_OCTETS + captured)) {
      if (window.ended) return yield cut(window, number, RECORD_OCTETS + captured);
      yield MORE;
    }
    const nanoseconds = BigInt(window.u32(at, 'seconds')) * 1_000_000_000n + BigInt(window.u32(at + 4, '')) * fraction;
    const octets = window.slice(at + RECORD_OCTETS, captured, 'frame');
    window.release(at + RECORD_OCTETS + captured);
    const dropped = undefined; // which a classic capture never says
    yield { kind: 'record', number, at, interface: captures, nanoseconds, octets, originalLength, comments, dropped };
  }
}

type Wrong = Pick<CaptureFault, 'where' | 'at' | 'wanted' | 'had'>;

/** The end of reading, with how much is lost: known of a file, counted of what is sure to end, and of anything else nobody waits to know. */
export function* endAfter(window: CaptureWindow, wrong: Wrong): ItemReader {
  const { extent, start: from } = window;
  if (extent === 'open' && !window.ended) return yield { kind: 'fault', ...wrong };
  while (extent === 'finite' && !window.ended) {
    window.release(window.length);
    yield MORE;
  }
  const end = typeof extent === 'number' ? Math.max(extent, window.length) : window.length;
  yield { kind: 'fault', ...wrong, lost: end - from };
}

function endsAt(window: CaptureWindow, wrong: Wrong): CaptureFault {
  return { kind: 'fault', ...wrong, lost: window.left };
}

function cut(window: CaptureWindow, number: number, octets: number): CaptureFault {
  const had = `${window.left} until the end of the file`;
  return endsAt(window, { where: `record ${number}`, at: window.start, wanted: `${octets} octets`, had });
}

function headerFault(window: CaptureWindow): Wrong | undefined {
  const major = window.u16(4, 'major version');
  if (major !== 2) return { where: 'major version', at: 4, wanted: '2', had: String(major) };
  const linkType = window.u32(20, 'link type');
  if ((linkType & RESERVED_BITS) === 0) return undefined;
  return {
    where: 'link type',
    at: 20,
    wanted: 'reserved bits of zero',
    had: `0x${linkType.toString(16).padStart(8, '0')}`,
  };
}

const HEADER_OCTETS = 24;
const RECORD_OCTETS = 16;
/** The minor version from which on the captured length stands before the original one; of the one before, files of either order are about. */
const LENGTHS_IN_ORDER = 4;
/** Between the link type and what is said of a frame check sequence. */
const RESERVED_BITS = 0x03ff0000;
/** What libpcap keeps of a packet at most (its MAXIMUM_SNAPLEN), four times the largest packet of IP: a length beyond it is damage. */
export const MOST_CAPTURED = 262_144;
