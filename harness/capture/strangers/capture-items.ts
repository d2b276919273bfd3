/**
 * Any capture, told apart by its first octets, piece by piece: octets go in, items come out, and nothing is read or waited for here. What other programs write is
 * refused by its name.
 */
import { type CaptureExtent, CaptureWindow } from './capture-window.ts';
import { type CaptureItem, type ItemReader, MORE } from './items.ts';
import { endAfter, pcapItems } from './pcap-items.ts';
import { pcapngItems } from './pcapng-items.ts';

/**
 * One capture. Each call gives what could be read by it, a bounded number of items at a time, and wants all of it taken before the next call; memory is bounded
 * whatever the capture says of itself.
 */
export class CaptureParser {
  private readonly window: CaptureWindow;
  private readonly reader: ItemReader;
  /** Nothing more will come of it. */
  done = false;

  /** By `extent` nothing is reckoned but what is lost behind damage. */
  constructor(extent: CaptureExtent) {
    this.window = new CaptureWindow(extent);
    this.reader = itemsIn(this.window);
  }

  take(piece: Uint8Array): Iterable<readonly CaptureItem[]> {
    if (!this.done) this.window.append(piece);
    return this.items();
  }

  end(): Iterable<readonly CaptureItem[]> {
    this.window.ended = true;
    return this.items();
  }

  private *items(): Generator<readonly CaptureItem[]> {
    let items: CaptureItem[] = [];
    while (!this.done) {
      const { value, done } = this.reader.next();
      if (done) this.done = true;
      else if (value === MORE) break;
      else if (items.push(value) === MOST_AT_ONCE) {
        yield items;
        items = [];
      }
    }
    if (items.length > 0) yield items;
  }
}

function* itemsIn(window: CaptureWindow): ItemReader {
  while (!window.has(0, MAGIC_OCTETS) && !window.ended) yield MORE;
  const magic = window.has(0, MAGIC_OCTETS) ? window.u32In(false, 0) : undefined;
  if (magic === SECTION_HEADER) return yield* pcapngItems(window);
  if (magic !== undefined) {
    for (const littleEndian of [false, true]) {
      const fraction = fractions.get(window.u32In(littleEndian, 0));
      window.littleEndian = littleEndian;
      if (fraction !== undefined) return yield* pcapItems(window, fraction);
    }
  }
  yield* endAfter(window, { where: 'magic number', at: 0, wanted: WANTED, had: nameOf(window, magic) });
}

function nameOf(window: CaptureWindow, magic: number | undefined): string {
  if (magic === undefined) return `${window.left} octets`;
  const name = otherFormats.get(magic) ?? otherFormats.get(window.u32In(true, 0));
  const digits = magic.toString(16).padStart(8, '0');
  return name === undefined ? digits : `${digits}, ${name}`;
}

/** So few that they are garbage before a collector has seen them twice, and so many that nobody waits for each. */
const MOST_AT_ONCE = 64;
const SECTION_HEADER = 0x0a0d0d0a;

/** Nanoseconds in one unit of a record's fraction of a second, by the magic number of a classic capture. */
const fractions: ReadonlyMap<number, bigint> = new Map([
  [0xa1b2c3d4, 1000n],
  [0xa1b23c4d, 1n],
]);

/** By the first four octets, in the order of whoever wrote them. */
const otherFormats: ReadonlyMap<number, string> = new Map([
  [0xa1b2cd34, "Kuznetzov's modified pcap, whose record headers come in several forms"],
  [0x1c0001ac, 'pcap of Ixia hardware'],
  [0x1c0001ab, 'pcap of Ixia software'],
  [0x736e6f6f, 'snoop'],
  [0x474d4255, 'Microsoft Network Monitor 2'],
  [0x52545353, 'Microsoft Network Monitor 1'],
  [0x58435000, 'Sniffer'],
  [0x5452534e, 'Sniffer of DOS'],
]);

const WANTED = 'a1b2c3d4 or a1b23c4d (pcap) or 0a0d0d0a (pcapng)';
const MAGIC_OCTETS = 4;
