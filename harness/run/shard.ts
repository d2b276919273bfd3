/**
 * A campaign cut into shards, which machines that know nothing of each other run: each makes the same cut of the same plan, so that every run is in exactly one of them.
 */
import { caseName } from './case-name.ts';
import type { CaseResult } from './result.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  /** Milliseconds that a run's cases took in an earlier campaign, by `ID/variant`; all shards of a campaign are cut by the same ones, or by none. */
  readonly durations?: ReadonlyMap<string, number> | undefined;
}

interface Sharded {
  readonly cases: readonly { readonly id: string; readonly variant: string }[];
}

/**
 * Without durations every n-th run from the i-th. With them each run, the longest first, goes to the shard that has the least to do so far; one that is not known is taken to
 * be as long as the median of those that are. In the order of the plan either way.
 */
export function shardOf<Run extends Sharded>(runs: readonly Run[], { index, of, durations }: Shard): readonly Run[] {
  if (durations === undefined || durations.size === 0) return runs.filter((_, place) => place % of === index - 1);
  const known = [...durations.values()].sort((one, other) => one - other);
  const median = known[Math.floor(known.length / 2)]!;
  const weighed = runs.map((run, place) => ({ place, weight: weightOf(run, durations) ?? median }));
  const loads = Array.from({ length: of }, () => 0);
  const chosen = new Set<number>();
  for (const { place, weight } of weighed.sort((one, other) => other.weight - one.weight || one.place - other.place)) {
    const least = loads.indexOf(Math.min(...loads));
    loads[least]! += weight;
    if (least === index - 1) chosen.add(place);
  }
  return runs.filter((_, place) => chosen.has(place));
}

/** Of every product together. The cases of one run took the time of that run, each of them. */
export function durationsOf(cases: readonly CaseResult[]): ReadonlyMap<string, number> {
  const durations = new Map<string, number>();
  for (const { id, variant, durationMs } of cases) {
    const name = caseName({ id, variant });
    durations.set(name, (durations.get(name) ?? 0) + durationMs);
  }
  return durations;
}

function weightOf({ cases }: Sharded, durations: ReadonlyMap<string, number>): number | undefined {
  const known = cases.map((each) => durations.get(caseName(each))).filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
