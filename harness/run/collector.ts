/**
 * Garbage is collected after so much work, and not when the engine gets to it: left to itself a long capture takes half as much memory again as a short one, all of it dead.
 * Without the engine's leave nothing happens, and memory is only a little less even.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export class Collector {
  readonly #every: number;
  readonly #collect: (() => void) | undefined;
  #done = 0;

  /** `every` so many units of work. */
  constructor(every: number) {
    this.#every = every;
    this.#collect = collectGarbage();
  }

  worked(units: number): void {
    this.#done += units;
    if (this.#done < this.#every) return;
    this.#done = 0;
    this.#collect?.();
  }
}

/** The engine shows its collector only to contexts that are made under this flag. */
function collectGarbage(): (() => void) | undefined {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return typeof collect === 'function' ? () => collect() : undefined;
}
