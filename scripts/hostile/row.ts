/** A row of `npm run bench -- hostile`: what a peer, a product or a file makes us do, how much of it, and what it may cost. */

export interface HostileRow {
  readonly what: string;
  /** How much hostile input. */
  readonly input: string;
  measure(): Measured | Promise<Measured>;
}

export interface Measured {
  readonly measured: string;
  readonly budget: string;
  readonly met: boolean;
}

/** So many milliseconds. What `prepare` does is not counted; it is done, and its work once, before the work that is. */
export function within(
  what: string,
  input: string,
  budget: number,
  prepare: () => () => unknown | Promise<unknown>,
): HostileRow {
  return {
    what,
    input,
    async measure() {
      await timed(prepare());
      const took = await timed(prepare());
      return { measured: `${took.toFixed(1)} ms`, budget: `${budget} ms`, met: took <= budget };
    },
  };
}

/** Ten times as much may take `slack` times ten times as long: what costs the square of its number takes a hundred times. */
export function inProportion(
  what: string,
  sizes: readonly [number, ...number[]],
  unit: string,
  prepare: (size: number) => Prepared | Promise<Prepared>,
  slack = SLACK,
): HostileRow {
  return {
    what,
    input: `${sizes.join(', ')} ${unit}`,
    async measure() {
      await timed(await prepare(sizes[0]));
      const costs: number[] = [];
      for (const size of sizes) costs.push((1000 * (await timed(await prepare(size)))) / size);
      const most = Math.max(...costs.slice(1)) / costs[0]!;
      const measured = `${costs.map((cost) => cost.toFixed(1)).join(', ')} µs each`;
      return { measured, budget: `the first × ${slack}`, met: most <= slack };
    },
  };
}

type Prepared = () => unknown | Promise<unknown>;

async function timed(work: () => unknown | Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const SLACK = 3;
