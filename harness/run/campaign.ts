/**
 * A campaign: planned runs, carried out by one or more equal hands for one product, each run leaving a bundle and the results of its
 * cases. An interruption saves what has run.
 */
import type { HarnessFault } from '../lab/harness-fault.ts';
import { isReadyBefore } from '../threads/together.ts';
import { type Hand, handAt, type Manner } from './hand.ts';
import type { PlannedRun } from './plan.ts';
import type { CaseResult } from './result.ts';
import type { Site } from './site.ts';

export interface Campaign {
  readonly runs: readonly PlannedRun[];
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Results of an earlier sitting, which are taken as they are. */
  readonly known?: (run: PlannedRun) => readonly CaseResult[] | undefined;
  /** Told when nothing is left to be begun, or taken by nobody any more; runs may still be under way. */
  readonly emptied?: () => void;
  /** Told when a run has ended, and before the next is begun. */
  readonly keeps?: (run: PlannedRun, results: readonly CaseResult[]) => void;
}

export interface Progress {
  began?(run: PlannedRun): void;
  ended?(results: readonly CaseResult[]): void;
}

/** Each site carries out one run at a time. */
export function carryOut({
  sites,
  ...campaign
}: Campaign & Manner & { readonly sites: readonly Site[] }): Promise<readonly CaseResult[]> {
  return shareOut(
    campaign,
    sites.map((site) => handAt(site, campaign)),
  );
}

/**
 * The results in the order of the plan; runs that an interruption left out are missing. A hand that is lost takes no more
 * runs; where none is left, the remaining runs are errors with the last fault as their reason.
 */
export async function shareOut(campaign: Campaign, hands: readonly Hand[]): Promise<readonly CaseResult[]> {
  const { signal, progress } = campaign;
  const results: (readonly CaseResult[] | undefined)[] = campaign.runs.map((run) => campaign.known?.(run));
  const queue = campaign.runs.map((run, place) => ({ run, place })).filter(({ place }) => results[place] === undefined);
  let ends = (): void => {};
  const end = new Promise<void>((resolve) => {
    ends = resolve;
  });
  const report = (place: number, done: readonly CaseResult[]): void => {
    results[place] = done;
    campaign.keeps?.(campaign.runs[place]!, done);
    progress?.ended?.(done);
  };
  const lost = await Promise.all(
    hands.map(async (hand): Promise<HarnessFault | undefined> => {
      if (!(await isReadyBefore(hand, end))) return undefined;
      for (let next = queue.shift(); next; next = queue.shift()) {
        if (signal?.aborted) break;
        progress?.began?.(next.run);
        if (queue.length === 0) campaign.emptied?.();
        const done = await hand.carriesOut(next.run);
        if (signal?.aborted && !done.results) break;
        if (done.results) report(next.place, done.results);
        if (done.lost) return done.lost;
      }
      ends();
      return undefined;
    }),
  );
  const [hand] = hands;
  const fault = lost.find((each) => each !== undefined);
  if (hand && fault && !signal?.aborted) for (const { run, place } of queue) report(place, hand.faulted(run, fault, 0));
  return results.flatMap((each) => each ?? []);
}
