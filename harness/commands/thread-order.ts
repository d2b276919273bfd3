/** What a thread beside this one is told, as plain data: how to make for itself the very list of runs that this one has. */
import type { KillMatrix } from '../run/kill-matrix.ts';
import type { Selection } from '../run/plan.ts';
import type { CaseResult } from '../run/result.ts';
import { Thread } from '../threads/thread.ts';
import type { Composition } from './composition.ts';
import type { FromOutside } from './gathered.ts';
import type { RunOptions } from './run-options.ts';

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

/** As many threads as there are to be beside this one; they begin to load at once, and have to be ended. */
export function threadsFor(
  order: CampaignOrder,
  jobs: number,
  composition: Composition,
): Thread<readonly CaseResult[]>[];
export function threadsFor(order: KillsOrder, jobs: number, composition: Composition): Thread<KillMatrix>[];
export function threadsFor(order: ThreadOrder, jobs: number, { thread }: Composition): Thread<never>[] {
  return Array.from({ length: jobs - 1 }, () => new Thread<never>(thread, order));
}
