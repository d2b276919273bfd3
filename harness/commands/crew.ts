/**
 * Who carries out the runs of a campaign for one product: hands, and what they found the product to be. Its own crew sits on this machine, in guests or in threads; another may
 * sit anywhere, as long as each of its hands does the same with a run.
 */
import type { Product } from '../products/product.ts';
import { type Hand, handAt, handIn, type Manner } from '../run/hand.ts';
import { honestyOf } from '../run/honesty.ts';
import { type PlannedRun, suited, unsupportedReason } from '../run/plan.ts';
import type { CaseResult, ProductRun } from '../run/result.ts';
import type { SeatPool } from '../run/seat-pool.ts';
import type { Site } from '../run/site.ts';
import type { Thread } from '../threads/thread.ts';
import type { Composition } from './composition.ts';
import type { RunOptions } from './run-options.ts';
import { sitesOf } from './seats.ts';
import type { Surroundings } from './surroundings.ts';
import { threadsFor } from './thread-order.ts';

export interface Crew {
  /** As it was found, with the probes of the harness's own honesty. */
  readonly found: ProductRun;
  /** They report what each run comes to; `manner` says what is expected of the product that was found. */
  hands(manner: Manner): readonly Hand[];
  close(): Promise<void>;
}

export interface Work {
  readonly product: Product;
  /** Those that are to be carried out. */
  readonly runs: readonly PlannedRun[];
  /** Where each run of the whole campaign stands in its plan. */
  readonly placeOf: ReadonlyMap<PlannedRun, number>;
  /** Of the whole run: whoever made them closes them. */
  readonly companions: SeatPool;
  readonly options: RunOptions;
  readonly composition: Composition;
}

/** Rejects with `HarnessFault`, and then nobody is left behind. */
export type Crews = (work: Work, surroundings: Surroundings) => Promise<Crew>;

/** On this machine: one job a guest, or, for what lives in memory, a thread; the first of those is this one. */
export const crewHere: Crews = async ({ product, runs, companions, options, composition }, surroundings) => {
  const sites = await sitesOf(product, companions, options, surroundings);
  const threads = threadsBeside(product, runs, options, composition, surroundings);
  const close = async (): Promise<void> => {
    surroundings.status('');
    await Promise.all([...threads.map((thread) => thread.end()), ...sites.map((site) => site.close())]);
  };
  try {
    const [first] = sites as [Site];
    surroundings.status(`${product.name}: honesty probes`);
    const honesty = isOfUse(product, runs) ? await honestyOf(first, product, options.seed, surroundings.signal) : [];
    const { version, runtime, kernel, system } = first;
    const places = new Map(runs.map((each, place) => [each, place]));
    return {
      found: { name: product.name, version, runtime, kernel, system, honesty },
      hands: (manner) => [
        ...sites.map((site) => handAt(site, manner)),
        ...threads.map((thread) => handIn(thread, product.name, manner, (each) => places.get(each)!)),
      ],
      close,
    };
  } catch (fault) {
    await close();
    throw fault;
  }
};

/** Nothing has to be believed of one that nothing is asked of. */
const isOfUse = (product: Product, runs: readonly PlannedRun[]): boolean =>
  runs.some((each) => unsupportedReason(suited(each, product), product) === undefined);

/** Where a product and all its companions live in memory, one job is this thread's and the others have threads of their own. */
function threadsBeside(
  product: Product,
  runs: readonly PlannedRun[],
  options: RunOptions,
  composition: Composition,
  { err, signal }: Surroundings,
): Thread<readonly CaseResult[]>[] {
  const { products, formats: _formats, json: _json, resume: _resume, jobs, runtime: _runtime, ...rest } = options;
  const names = [product.name, ...new Set(runs.flatMap(({ companions }) => Object.values(companions)))];
  if (names.some((name) => composition.products.find((each) => each.name === name)?.runs !== 'in-memory')) return [];
  const order = { kind: 'campaign', product: product.name, options: rest } as const;
  return threadsFor(order, jobs, { entry: composition.thread, err, signal });
}
