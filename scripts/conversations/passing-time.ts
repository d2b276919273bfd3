/**
 * Virtual time for some machines and what is under way between them: it goes from one thing that is due to the next. Who arrives where, and what is sent then, is for the
 * two worlds to say. Nothing may be due for ever at one instant, and no more be under way than anybody has reason to send.
 */
import type { Instant } from '../../reference/machine.ts';

/** Something that wants to be woken at an instant. */
export interface Sleeper {
  deadline(): Instant | undefined;
  wake(): void;
}

export interface Bounds {
  /** Rounds within one instant. */
  readonly atOnce: number;
  readonly underWay: number;
}

export class PassingTime<Thing> {
  now: Instant = 0;
  readonly #sleepers: readonly Sleeper[];
  readonly #arrives: (thing: Thing) => void;
  readonly #bounds: Bounds;
  #underWay: { readonly thing: Thing; readonly at: Instant }[] = [];
  #atOnce = 0;

  constructor(sleepers: readonly Sleeper[], arrives: (thing: Thing) => void, bounds: Bounds) {
    this.#sleepers = sleepers;
    this.#arrives = arrives;
    this.#bounds = bounds;
  }

  /** Is under way from now on, and arrives in so many milliseconds. Throws where there is too much. */
  comes(thing: Thing, milliseconds: number): void {
    this.#underWay.push({ thing, at: this.now + milliseconds });
    if (this.#underWay.length > this.#bounds.underWay)
      throw new Error(`${this.#underWay.length} things are under way at ${this.now}`);
  }

  /** Everything that is to happen in so many milliseconds. Throws where time stands still. */
  passes(milliseconds: number): void {
    const end = this.now + milliseconds;
    for (let next = this.#next(); next <= end; next = this.#next()) {
      this.#atOnce = next > this.now ? 0 : this.#atOnce + 1;
      if (this.#atOnce > this.#bounds.atOnce) throw new Error(`time stands still at ${this.now}`);
      this.now = Math.max(this.now, next);
      const due = this.#underWay.filter(({ at }) => at <= this.now);
      this.#underWay = this.#underWay.filter(({ at }) => at > this.now);
      for (const { thing } of due) this.#arrives(thing);
      for (const sleeper of this.#sleepers) if ((sleeper.deadline() ?? Infinity) <= this.now) sleeper.wake();
    }
    this.now = end;
  }

  #next(): Instant {
    const deadlines = this.#sleepers.map((sleeper) => sleeper.deadline() ?? Infinity);
    return Math.min(...deadlines, ...this.#underWay.map(({ at }) => at));
  }
}
