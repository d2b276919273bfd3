/**
 * The moments a scenario named and the states that were reported, by name and in order, and the numbers of the frames between them. A live log
 * only grows, and reading goes on where it stopped.
 */
import type { Entry, FrameEntry, KeyEntry, MarkEntry, StateEntry } from '../capture/transcript.ts';
import { Timeline } from './timeline.ts';

export class Moments {
  readonly #entries: readonly Entry[];
  #read = 0;
  readonly #frames = new Timeline<FrameEntry>();
  readonly #marks = new Timeline<MarkEntry>();
  readonly #askings = new Timeline<MarkEntry>();
  readonly #markOf = new Map<string, MarkEntry>();
  readonly #states = new Timeline<StateEntry>();
  readonly #stateOf = new Map<string, StateEntry>();
  readonly #keys = new Timeline<KeyEntry>();

  constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  /** The first of this name, where a scenario gave it twice. */
  mark(name: string): MarkEntry | undefined {
    this.#readOn();
    return this.#markOf.get(name);
  }

  /** Where a moment stands: before everything without a name, after the end for one that never came. */
  placeOf(name: string | undefined): number {
    return name === undefined ? -1 : (this.mark(name)?.place ?? Number.POSITIVE_INFINITY);
  }

  markAfter(place: number): MarkEntry | undefined {
    this.#readOn();
    return this.#marks.firstAfter(place);
  }

  /** The next one that asks IKE for SAs. */
  askingAfter(place: number): MarkEntry | undefined {
    this.#readOn();
    return this.#askings.firstAfter(place);
  }

  state(name: string): StateEntry | undefined {
    this.#readOn();
    return this.#stateOf.get(name);
  }

  /** In order. */
  statesAfter(place: number): readonly StateEntry[] {
    this.#readOn();
    return this.#states.after(place);
  }

  framesAfter(place: number): readonly FrameEntry[] {
    this.#readOn();
    return this.#frames.after(place);
  }

  /** The number of the last frame before this place; 0 when there is none. */
  frameBefore(place: number): number {
    this.#readOn();
    return this.#frames.lastBefore(place)?.number ?? 0;
  }

  keysBefore(place: number): readonly KeyEntry[] {
    this.#readOn();
    return this.#keys.after(-1).filter((entry) => entry.place < place);
  }

  #readOn(): void {
    for (; this.#read < this.#entries.length; this.#read++) this.#file(this.#entries[this.#read]!);
  }

  #file(entry: Entry): void {
    switch (entry.kind) {
      case 'frame':
        this.#frames.add(entry.place, entry);
        return;
      case 'mark':
        this.#marks.add(entry.place, entry);
        if (asksForSas(entry)) this.#askings.add(entry.place, entry);
        if (!this.#markOf.has(entry.name)) this.#markOf.set(entry.name, entry);
        return;
      case 'state':
        this.#states.add(entry.place, entry);
        if (!this.#stateOf.has(entry.name)) this.#stateOf.set(entry.name, entry);
        return;
      case 'keys':
        this.#keys.add(entry.place, entry);
    }
  }
}

function asksForSas({ act }: MarkEntry): boolean {
  return act.kind === 'command' && ['initiate', 'rekey-child', 'rekey-ike'].includes(act.command?.kind);
}
