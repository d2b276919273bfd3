/**
 * Seats for the parties of a scenario beside the one that its cases are about, by product: booted when first wanted, kept warm for whoever
 * wants one next, at any site.
 */
import type { Seat } from './seat.ts';

export class SeatPool {
  readonly #seated: (product: string) => Promise<Seat>;
  readonly #idle: Seat[] = [];
  readonly #all: Seat[] = [];

  /** `seated` makes a new seat of a product; it rejects with a `HarnessFault`. */
  constructor(seated: (product: string) => Promise<Seat>) {
    this.#seated = seated;
  }

  /** Nobody else has it until it is given back. What it was left in by an earlier fault is put right first. */
  async take(product: string): Promise<Seat> {
    const at = this.#idle.findIndex((seat) => seat.product === product);
    const [idle] = at < 0 ? [] : this.#idle.splice(at, 1);
    if (idle) {
      await idle.recover();
      return idle;
    }
    const seat = await this.#seated(product);
    this.#all.push(seat);
    return seat;
  }

  give(seat: Seat): void {
    this.#idle.push(seat);
  }

  async close(): Promise<void> {
    await Promise.all(this.#all.map((seat) => seat.close()));
  }
}
