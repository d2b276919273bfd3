/**
 * Things in the order of their places in the log, so that the first one after a moment is looked up and not searched. What is filed comes in
 * order, but for the few frames that later keys open further; those find their place among the others.
 */

export class Timeline<Thing> {
  readonly #places: number[] = [];
  readonly #things: Thing[] = [];

  get length(): number {
    return this.#things.length;
  }

  add(place: number, thing: Thing): void {
    const at = this.#firstAfter(place);
    this.#places.splice(at, 0, place);
    this.#things.splice(at, 0, thing);
  }

  /** Takes out what came at this place. */
  remove(place: number): void {
    const end = this.#firstAfter(place);
    const start = this.#firstAfter(place - 1);
    this.#places.splice(start, end - start);
    this.#things.splice(start, end - start);
  }

  firstAfter(place: number): Thing | undefined {
    return this.#things[this.#firstAfter(place)];
  }

  lastBefore(place: number): Thing | undefined {
    return this.#things[this.#firstAfter(place - 1) - 1];
  }

  /** In order. */
  after(place: number): readonly Thing[] {
    return this.#things.slice(this.#firstAfter(place));
  }

  /** The index of the first place above this one. */
  #firstAfter(place: number): number {
    let low = 0;
    let high = this.#places.length;
    if (high === 0 || this.#places[high - 1]! <= place) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#places[middle]! > place) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Timelines by what they are looked up by. */
export class Files<Thing> {
  readonly #byKey = new Map<string, Timeline<Thing>>();

  add(key: string, place: number, thing: Thing): void {
    const known = this.#byKey.get(key);
    const timeline = known ?? new Timeline<Thing>();
    if (!known) this.#byKey.set(key, timeline);
    timeline.add(place, thing);
  }

  remove(key: string, place: number): void {
    this.#byKey.get(key)?.remove(place);
  }

  firstAfter(key: string, place: number): Thing | undefined {
    return this.#byKey.get(key)?.firstAfter(place);
  }

  after(key: string, place: number): readonly Thing[] {
    return this.#byKey.get(key)?.after(place) ?? [];
  }
}
