/** What is drawn in a conversation, all of it from one generator of 32 bits: numbers, places, octets, and octets that are spoilt. */
export class Draw {
  readonly #random: () => number;

  constructor(random: () => number) {
    this.#random = random;
  }

  below(bound: number): number {
    return this.#random() % bound;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === 0;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  octets(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** Cut, or with a few bits flipped, or with a few octets that are others. */
export function spoilt(draw: Draw, octets: Uint8Array): Uint8Array {
  if (octets.length === 0) return octets;
  if (draw.once(4)) return octets.slice(0, draw.below(octets.length));
  const changed = octets.slice();
  for (let left = 1 + draw.below(4); left > 0; left--) {
    const at = draw.below(changed.length);
    changed[at] = draw.once(2) ? draw.of([0, 1, 0x7f, 0x80, 0xff]) : changed[at]! ^ (1 << draw.below(8));
  }
  return changed;
}
