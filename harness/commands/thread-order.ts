/** What a thread beside this one is told, as plain data: how to make for itself the very list of runs that this one has. */
import type { KillMatrix } from '../run/kill-matrix.ts';
import type { Selection } from '../run/plan.ts';
import type { CaseResult } from '../run/result.ts';
import { Thread } from '../threads/thread.ts';
import type { FromOutside } from './gathered.ts';
import type { RunOptions } from './run-options.ts';
import type { Surroundings } from './surroundings.ts';

export type ThreadOrder = CampaignOrder | KillsOrder;

/** Runs of a product that lives in memory, among companions that do. */
export interface CampaignOrder {
  readonly kind: 'campaign';
  readonly product: string;
  readonly options: CampaignOptions;
}

export type CampaignOptions = Omit<RunOptions, 'products' | 'formats' | 'json' | 'resume' | 'jobs' | 'runtime'>;

export interface KillsOrder {
  readonly kind: 'kills';
  readonly options: Selection & { readonly outside: FromOutside; readonly seed: string; readonly full?: boolean };
}

/** As many threads as there are to be beside this one. They begin to load at once, one that cannot is told of, and they end with the signal. */
export function threadsFor(order: CampaignOrder, jobs: number, places: Places): Thread<readonly CaseResult[]>[];
export function threadsFor(order: KillsOrder, jobs: number, places: Places): Thread<KillMatrix>[];
export function threadsFor(order: ThreadOrder, jobs: number, { entry, err, signal }: Places): Thread<never>[] {
  return Array.from({ length: jobs - 1 }, () => {
    const thread = new Thread<never>(entry, order);
    thread.ready.catch((fault: Error) => {
      if (!thread.ended) err(`a thread beside this one could not begin, and is done without: ${fault.message}`);
    });
    signal.addEventListener('abort', () => void thread.end(), { once: true });
    return thread;
  });
}

export interface Places extends Pick<Surroundings, 'err' | 'signal'> {
  /** The module that each of them runs. */
  readonly entry: URL;
}
