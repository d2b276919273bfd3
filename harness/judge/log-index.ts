/**
 * The entries of a transcript by kind and by name, so that no question walks through all of them. A live log only grows, and the index
 * reads on where it stopped.
 */
import type { Entry, FrameEntry, KeyRecord, MarkEntry, StateEntry } from '../capture/transcript.ts';

export class LogIndex {
  readonly #entries: readonly Entry[];
  #read = 0;
  readonly #frames: FrameEntry[] = [];
  readonly #streams = new Map<string, FrameEntry[]>();
  readonly #marks: MarkEntry[] = [];
  readonly #markOf = new Map<string, MarkEntry>();
  readonly #states: StateEntry[] = [];
  readonly #stateOf = new Map<string, StateEntry>();
  readonly #keys: KeyRecord[] = [];

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** Those recorded after this place, in order. */
  framesAfter(place: number): readonly FrameEntry[] {
    this.#readOn();
    return this.#frames.slice(firstAfter(this.#frames, place));
  }

  /** The number of the last frame before this place; 0 when there is none. */
  frameBefore(place: number): number {
    this.#readOn();
    return this.#frames[firstAfter(this.#frames, place) - 1]?.number ?? 0;
  }

  /** Every frame that the sender of this one put onto the same link. */
  streamOf(frame: FrameEntry): readonly FrameEntry[] {
    this.#readOn();
    return this.#streams.get(streamName(frame)) ?? [];
  }

  /** The first of this name, where a scenario gave it twice. */
  mark(name: string): MarkEntry | undefined {
    this.#readOn();
    return this.#markOf.get(name);
  }

  marks(): readonly MarkEntry[] {
    this.#readOn();
    return this.#marks;
  }

  /** The first mark of this kind after a place. */
  markAfter(place: number, wanted: (mark: MarkEntry) => boolean = () => true): MarkEntry | undefined {
    this.#readOn();
    for (let i = firstAfter(this.#marks, place); i < this.#marks.length; i++)
      if (wanted(this.#marks[i]!)) return this.#marks[i];
    return undefined;
  }

  state(name: string): StateEntry | undefined {
    this.#readOn();
    return this.#stateOf.get(name);
  }

  states(): readonly StateEntry[] {
    this.#readOn();
    return this.#states;
  }

  keys(): readonly KeyRecord[] {
    this.#readOn();
    return this.#keys;
  }

  #readOn(): void {
    for (; this.#read < this.#entries.length; this.#read++) this.#file(this.#entries[this.#read]!);
  }

  #file(entry: Entry): void {
    switch (entry.kind) {
      case 'frame': {
        this.#frames.push(entry);
        const stream = this.#streams.get(streamName(entry));
        if (stream) stream.push(entry);
        else this.#streams.set(streamName(entry), [entry]);
        return;
      }
      case 'mark':
        this.#marks.push(entry);
        if (!this.#markOf.has(entry.name)) this.#markOf.set(entry.name, entry);
        return;
      case 'state':
        this.#states.push(entry);
        if (!this.#stateOf.has(entry.name)) this.#stateOf.set(entry.name, entry);
        return;
      case 'keys':
        this.#keys.push(entry.record);
    }
  }
}

export function streamName({ from, link }: FrameEntry): string {
  return `${from} on ${link}`;
}

/** Where the entries after a place begin: places only ascend. */
function firstAfter(entries: readonly { readonly place: number }[], place: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.place > place) high = middle;
    else low = middle + 1;
  }
  return low;
}
