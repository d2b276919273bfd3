/**
 * `touchstone queue`: a campaign whose runs are carried out by whoever takes them from a queue. It is a run like any other, with the same folder, journal and result; only its hands are
 * elsewhere (`worker.ts`).
 */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { HarnessFault } from '../lab/harness-fault.ts';
import { type Engine, engineAt, type Place } from '../queue/engine.ts';
import { catalogueOf, differs, jobId, type Order, queueName } from '../queue/order.ts';
import { fetched, opened, type Parcel, unpack } from '../queue/parcel.ts';
import { Presence } from '../queue/presence.ts';
import { bundleOf, faulted, type Hand, type Manner } from '../run/hand.ts';
import { areResultsOf, planDigest } from '../run/journal.ts';
import { type PlannedRun, plan } from '../run/plan.ts';
import type { CaseResult, ProductRun } from '../run/result.ts';
import { identifying } from '../run/same-product.ts';
import { UsageFault } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import type { Crew, Crews, Work } from './crew.ts';
import { run } from './run.ts';
import type { RunOptions } from './run-options.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export async function queue(
  options: RunOptions & { readonly place: Place },
  composition: Composition,
  surroundings: Surroundings,
): Promise<ExitCode> {
  if (options.runtime !== undefined) throw new UsageFault('--runtime is for the workers of a queue to say');
  const engine = await engineAt(options.place, surroundings.err);
  const campaign = randomUUID();
  const catalogue = catalogueOf(composition.suites);
  const products = options.products.map(({ name }) => name);
  const presence = new Presence(engine.redis, engine.prefix, 'campaign', campaign, {
    catalogue,
    products,
    declines: {},
  });
  try {
    const says = new Listener(presence, catalogue, campaign, surroundings);
    await presence.begin(() => says.whatKeepsThem());
    return await run(options, composition, surroundings, crewOf({ engine, campaign, catalogue, says }));
  } finally {
    await presence.end();
    await engine.close();
  }
}

interface Lab {
  readonly engine: Engine;
  readonly campaign: string;
  readonly catalogue: string;
  readonly says: Listener;
}

/** As many hands as runs may lie in the queue: each waits for one that it has laid there. */
function crewOf({ engine, campaign, catalogue, says }: Lab): Crews {
  return async ({ product, placeOf, options, composition }, { signal }): Promise<Crew> => {
    const whole = [...placeOf.keys()];
    const order: Order = {
      schema: 'touchstone-order/1',
      campaign,
      product: product.name,
      seed: options.seed,
      defect: options.defect ?? null,
      selection: selectionOf(options),
      plan: planDigest(whole).plan,
      found: null,
      place: null,
    };
    const errands = await Errands.begun(engine, queueName(catalogue, product.name), signal);
    says.waitsFor(product.name);
    try {
      await says.whatKeepsThem();
      const { found } = await errands.sent(order);
      says.waitsFor(undefined);
      const { version, runtime, kernel } = found;
      const known = { ...order, found: { version, runtime, kernel } };
      const work = { product, placeOf, composition };
      return {
        found,
        hands: (manner) => {
          const hand = handOver(work, found, manner, (place) => errands.sent({ ...known, place }));
          return Array.from({ length: Math.min(whole.length, MOST_LAID) }, () => hand);
        },
        close: () => errands.end(),
      };
    } catch (fault) {
      await errands.end();
      throw fault;
    }
  };
}

const selectionOf = ({
  suite,
  requirement,
  glob,
  companions = ['reference'],
  meeting,
}: RunOptions): Order['selection'] => ({
  ...(suite !== undefined && { suite: [suite].flat() }),
  ...(requirement !== undefined && { requirement: [requirement].flat() }),
  ...(glob !== undefined && { glob: [glob].flat() }),
  companions: [...companions],
  meeting: meeting === true,
});

/** The plan that an order is about. */
export const planOf = ({ suites }: Pick<Composition, 'suites'>, { selection }: Order): readonly PlannedRun[] =>
  plan(suites, selection);

/** What comes back is believed as far as it answers what was asked, and not where it says that it lies. */
function handOver(
  { product, placeOf }: Pick<Work, 'product' | 'placeOf'>,
  found: ProductRun,
  manner: Manner,
  send: (place: number) => Promise<Parcel>,
): Hand {
  const kept = (run: PlannedRun, { results, files, ...parcel }: Parcel): readonly CaseResult[] => {
    for (const field of ['name', ...identifying] as const)
      if (parcel.found[field] !== found[field])
        throw new HarnessFault(
          'another-product',
          `a worker has another ${product.name} (${field}: ${parcel.found[field]} there, ${found[field]} elsewhere)`,
        );
    const lies = parcel.found.honesty.find(
      ({ name, held }) => !held && found.honesty.some((probe) => probe.name === name && probe.held),
    );
    if (lies) throw new HarnessFault('dishonest', `honesty probe not held by a worker: ${lies.name}: ${lies.says}`);
    if (!areResultsOf(run, product.name, results))
      throw new HarnessFault(
        'parcel-damaged',
        'what a worker has sent are not the results of the run it was asked for',
      );
    const hasBundle = Object.keys(files).length > 0;
    const bundle = hasBundle ? bundleOf(product.name, run) : null;
    if (hasBundle) unpack(files, join(manner.out!, bundle!));
    return results.map((each) => ({ ...each, bundle, expected: manner.expectation.expects(each) }));
  };
  return {
    ready: Promise.resolve(),
    async carriesOut(run) {
      const began = performance.now();
      try {
        return { results: kept(run, await send(placeOf.get(run)!)) };
      } catch (fault) {
        if (manner.signal?.aborted) return {};
        return { results: faulted(manner, product.name, run, fault, performance.now() - began) };
      }
    },
    faulted: (run, fault, durationMs) => faulted(manner, product.name, run, fault, durationMs),
  };
}

/** The jobs of one product that lie in the queue, each with who waits for it. */
class Errands {
  readonly #engine: Engine;
  readonly #waiting = new Map<string, { done(token: string): void; failed(fault: unknown): void }>();
  readonly #queue: ReturnType<Engine['queue']>;
  readonly #signal: AbortSignal;

  private constructor(engine: Engine, name: string, signal: AbortSignal) {
    this.#engine = engine;
    this.#signal = signal;
    this.#queue = engine.queue(name);
  }

  static async begun(engine: Engine, name: string, signal: AbortSignal): Promise<Errands> {
    const errands = new Errands(engine, name, signal);
    const events = engine.events(name);
    events.on('completed', ({ jobId: id, returnvalue }) => errands.#waiting.get(id)?.done(String(returnvalue)));
    events.on('failed', ({ jobId: id, failedReason }) =>
      errands.#waiting.get(id)?.failed(new HarnessFault('worker-failed', failedReason.slice(0, MOST_REASON))),
    );
    await events.waitUntilReady();
    const stop = (): void => {
      for (const { failed } of errands.#waiting.values()) failed(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
    return errands;
  }

  /** Rejects with `HarnessFault`, also when somebody has stopped it. */
  async sent(order: Order): Promise<Parcel> {
    this.#signal.throwIfAborted();
    const id = jobId(order);
    const token = new Promise<string>((done, failed) => this.#waiting.set(id, { done, failed }));
    token.catch(() => {}); // it is awaited below, and may be stopped before that
    await this.#queue.add('run', order, { jobId: id, removeOnComplete: true, removeOnFail: true });
    const key = parcelKey(this.#engine.prefix, id, await token);
    this.#waiting.delete(id);
    return opened(await fetched(this.#engine.redis, key));
  }

  /** What nobody has taken is taken back. */
  async end(): Promise<void> {
    for (const id of this.#waiting.keys()) await this.#queue.remove(id).catch(() => {}); // somebody is at it: they drop it
    this.#waiting.clear();
  }
}

/** Where the results of a run wait, by who has carried it out. */
export const parcelKey = (prefix: string, id: string, token: string): string => `${prefix}:parcel:${id}:${token}`;

/** Says in words, and each once, why a campaign does not go on. */
class Listener {
  readonly #presence: Presence;
  readonly #catalogue: string;
  readonly #campaign: string;
  readonly #surroundings: Surroundings;
  readonly #told = new Set<string>();
  #waited: string | undefined;

  constructor(presence: Presence, catalogue: string, campaign: string, surroundings: Surroundings) {
    this.#presence = presence;
    this.#catalogue = catalogue;
    this.#campaign = campaign;
    this.#surroundings = surroundings;
  }

  /** Until somebody has taken what there is to do with the product. */
  waitsFor(product: string | undefined): void {
    this.#waited = product;
  }

  async whatKeepsThem(): Promise<void> {
    const workers = await this.#presence.all('worker');
    for (const { host, declines } of workers) {
      const why = declines[this.#campaign];
      if (why !== undefined) this.#say(`the worker on ${host} declines: ${why}`);
    }
    const product = this.#waited;
    if (product === undefined) return;
    const able = workers.filter(({ products }) => products.includes(product));
    for (const { host, version, catalogue } of able)
      if (catalogue !== this.#catalogue)
        this.#say(
          `the worker on ${host} is given nothing: ${differs(version)}; the same installation is wanted on both sides`,
        );
    if (!able.some(({ catalogue }) => catalogue === this.#catalogue))
      this.#say(`waiting for a worker: touchstone worker --product ${product}`);
  }

  #say(text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#surroundings.err(text);
  }
}

/** Runs of a product that lie in the queue at once. */
const MOST_LAID = 256;
const MOST_REASON = 2_000;
