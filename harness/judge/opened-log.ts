/**
 * A log with its frames laid open, in one pass: each frame is opened as it arrives, with the keys that stand before it in the log, and once more
 * only when a later key names an SA that it could not be opened under. Whoever files what was opened is told of both, once each. A live log
 * only grows, and the pass goes on where it stopped. Checksums and integrity are checked before anything inside counts, so a frame that was
 * altered afterwards opens to nothing; no octets make it throw.
 */

import type { IpPacket } from '../../reference/wire/ip/packet.ts';
import { hex } from '../../reference/wire/octets.ts';
import type { Entry, FrameEntry, KeyRecord, Transcript } from '../capture/transcript.ts';
import { FrameOpener, type Reassembling } from './frame-opener.ts';
import { type Chain, IkeFragments } from './ike-fragments.ts';
import { type GatheringFragments, isInClear } from './ike-opening.ts';
import { KeyRing } from './key-ring.ts';
import type { OpenedFrame } from './opened-frame.ts';
import { StreamReassembly } from './reassembly.ts';

/** Files what was opened. */
export interface FrameReader {
  opened(frame: OpenedFrame): void;
  /** The same frame again, with more of it open. */
  openedFurther(before: OpenedFrame, now: OpenedFrame): void;
}

export class OpenedLog {
  readonly #entries: readonly Entry[];
  readonly #reader: FrameReader | undefined;
  readonly #keys: KeyRing;
  #read = 0;
  readonly #frames = new Map<FrameEntry, OpenedFrame>();
  /** Of each sender on each link. */
  readonly #streams = new Map<string, StreamReassembly>();
  /** What a piece completed, so that a frame that is opened again finds it again. */
  readonly #wholes = new Map<FrameEntry, Map<string, IpPacket>>();
  /** Of each sender on each link, and what a fragment completed. */
  readonly #ikeFragments = new Map<string, IkeFragments>();
  readonly #chains = new Map<FrameEntry, Chain>();
  /** Frames with something that no key opened, by what names the SA. */
  readonly #waiting = new Map<string, FrameEntry[]>();

  constructor({ intent, entries }: Pick<Transcript, 'intent' | 'entries'>, reader?: FrameReader) {
    this.#entries = entries;
    this.#reader = reader;
    this.#keys = new KeyRing(intent);
  }

  /** Undefined for a frame that is not in the log. */
  frame(entry: FrameEntry): OpenedFrame | undefined {
    this.readOn();
    return this.#frames.get(entry);
  }

  readOn(): void {
    for (; this.#read < this.#entries.length; this.#read++) this.#take(this.#entries[this.#read]!);
  }

  #take(entry: Entry): void {
    if (entry.kind === 'frame') {
      const frame = this.#open(entry);
      this.#keep(frame);
      this.#reader?.opened(frame);
    } else if (entry.kind === 'keys') this.#learn(entry.record);
    else if (entry.kind === 'mark') this.#keys.learnOrder(entry);
  }

  #learn(record: KeyRecord): void {
    if (!this.#keys.learn(record)) return;
    const name = record.kind === 'ikev2' ? ikeName(record.initiatorSPI) : espName(record.spi);
    const waiting = this.#waiting.get(name) ?? [];
    this.#waiting.delete(name);
    for (const entry of waiting) {
      const before = this.#frames.get(entry)!;
      const now = this.#open(entry);
      this.#keep(now);
      if (opennessOf(now) !== opennessOf(before)) this.#reader?.openedFurther(before, now);
    }
  }

  #open(entry: FrameEntry): OpenedFrame {
    return new FrameOpener(this.#keys, this.#reassembling(entry), this.#gathering(entry)).open(entry);
  }

  #keep(frame: OpenedFrame): void {
    this.#frames.set(frame.entry, frame);
    for (const name of unopened(frame)) {
      const waiting = this.#waiting.get(name);
      if (!waiting) this.#waiting.set(name, [frame.entry]);
      else if (waiting.at(-1) !== frame.entry) waiting.push(frame.entry);
    }
  }

  /** A fragment of IKE likewise, once it could be opened. */
  #gathering(entry: FrameEntry): GatheringFragments {
    return (message, fragment, content) => {
      const known = this.#chains.get(entry);
      if (known) return known;
      const name = `${entry.from} on ${entry.link}`;
      const fragments = this.#ikeFragments.get(name) ?? new IkeFragments();
      this.#ikeFragments.set(name, fragments);
      const chain = fragments.take(message, fragment, content);
      if (chain) this.#chains.set(entry, chain);
      return chain;
    };
  }

  /** A piece is understood by what came before it: everything its sender put onto the link, in order. */
  #reassembling(entry: FrameEntry): Reassembling {
    return (piece, layer) => {
      const known = this.#wholes.get(entry)?.get(layer);
      if (known) return known;
      const name = `${entry.from} on ${entry.link}`;
      const stream = this.#streams.get(name) ?? new StreamReassembly();
      this.#streams.set(name, stream);
      const whole = stream.take(entry.time, layer, piece);
      if (whole) this.#wholes.set(entry, (this.#wholes.get(entry) ?? new Map()).set(layer, whole));
      return whole;
    };
  }
}

/** What names the SAs whose keys would open more of a frame. */
function unopened({ esp, ike }: OpenedFrame): readonly string[] {
  const names = esp.flatMap(({ state, spi }) => (state === 'opened' ? [] : [espName(spi)]));
  const isSettled = ike === undefined || ike.state === 'opened' || isInClear(ike.message.header.exchangeType);
  return isSettled ? names : [...names, ikeName(hex(ike.message.header.initiatorSPI))];
}

/** How far a frame was opened: later keys change nothing else of it. */
function opennessOf({ esp, ike }: OpenedFrame): string {
  return [...esp.map(({ state }) => state), ike?.state ?? ''].join(' ');
}

const espName = (spi: number): string => `esp ${spi}`;
const ikeName = (initiatorSPI: string): string => `ike ${initiatorSPI}`;
