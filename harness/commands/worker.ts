/**
 * `touchstone worker`: takes runs from a queue and carries them out on this machine, until it is stopped. It comes and goes as it likes: what it is at when it is killed is given to another, and what
 * it is at when it is stopped it puts back.
 */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Product } from '../products/product.ts';
import { type Engine, engineAt, type Place, putBack } from '../queue/engine.ts';
import { catalogueOf, differs, jobId, type Order, orderFrom, queueName } from '../queue/order.ts';
import { filesOf, packed, send } from '../queue/parcel.ts';
import { Presence } from '../queue/presence.ts';
import { noFailure } from '../run/expectation.ts';
import type { Hand } from '../run/hand.ts';
import { planDigest } from '../run/journal.ts';
import type { PlannedRun } from '../run/plan.ts';
import type { ProductRun } from '../run/result.ts';
import { differing } from '../run/same-product.ts';
import { requireKnown } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import { type Crew, crewHere } from './crew.ts';
import type { FromOutside } from './gathered.ts';
import { parcelKey, planOf } from './queue.ts';
import { companionsOf } from './seats.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export interface WorkerOptions {
  readonly products: readonly Product[];
  readonly outside: FromOutside;
  readonly runtime?: string | undefined;
  /** Of each product, side by side. */
  readonly jobs: number;
  /** Seconds. */
  readonly lease: number;
  readonly place: Place;
}

/** Resolves when it was stopped and nothing of it is left. */
export async function worker(
  options: WorkerOptions,
  composition: Composition,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { err, signal } = surroundings;
  const engine = await engineAt(options.place, err);
  const catalogue = catalogueOf(composition.suites);
  const products = options.products.map(({ name }) => name);
  const id = randomUUID();
  const presence = new Presence(engine.redis, engine.prefix, 'worker', id, { catalogue, products, declines: {} });
  const folder = mkdtempSync(join(tmpdir(), 'touchstone-worker-'));
  const benches = options.products.map(
    (product) => new Bench({ product, options, composition, surroundings, presence, engine, folder }),
  );
  try {
    await presence.begin(async () => {
      await sayWhoIsOfAnother(presence, catalogue, err);
      for (const bench of benches) await bench.clear();
    });
    await sayWhoIsOfAnother(presence, catalogue, err);
    for (const bench of benches) bench.opens(queueName(catalogue, bench.product));
    err(`takes runs of ${products.join(', ')}, ${options.jobs} side by side, until it is stopped`);
    if (!signal.aborted) await new Promise((stopped) => signal.addEventListener('abort', stopped, { once: true }));
    return 0;
  } finally {
    await presence.end();
    await engine.close(); // what is under way is put back before that
    for (const bench of benches) await bench.close();
    rmSync(folder, { recursive: true, force: true });
    surroundings.status('');
  }
}

const toldOf = new WeakMap<Presence, Set<string>>();

/** A campaign of another installation: each once. */
async function sayWhoIsOfAnother(presence: Presence, catalogue: string, err: Surroundings['err']): Promise<void> {
  const told = toldOf.get(presence) ?? new Set();
  toldOf.set(presence, told);
  for (const { id, host, version, ...campaign } of await presence.all('campaign')) {
    if (campaign.catalogue === catalogue || told.has(id)) continue;
    told.add(id);
    err(`the campaign from ${host} is not taken part in: ${differs(version)}`);
  }
}

interface Given {
  readonly product: Product;
  readonly options: WorkerOptions;
  readonly composition: Composition;
  readonly surroundings: Surroundings;
  readonly presence: Presence;
  readonly engine: Engine;
  /** Bundles are made in it. */
  readonly folder: string;
}

/** Why this worker has nothing to give to a campaign; others may. */
class Declined extends Error {}

interface Seated {
  readonly crew: Crew;
  readonly runs: readonly PlannedRun[];
  /** Those that no run has. */
  readonly free: Hand[];
}

/** Where one product is seated, for each campaign that is there anew. */
class Bench {
  readonly #given: Given;
  readonly #seated = new Map<string, Promise<Seated>>();

  constructor(given: Given) {
    this.#given = given;
  }

  get product(): string {
    return this.#given.product.name;
  }

  opens(name: string): void {
    const { engine, options } = this.#given;
    engine.worker(
      name,
      async (job, token) => {
        const done = await this.#done(job.id, job.data, token ?? '');
        if (typeof done === 'string') return done;
        throw await putBack(done.back, job, token);
      },
      { concurrency: options.jobs, lease: options.lease * 1000 },
    );
  }

  /** The token under which the results lie, or that the job is for others, after some milliseconds. */
  async #done(id: string | undefined, data: unknown, token: string): Promise<string | { readonly back: number }> {
    const { presence, surroundings, engine } = this.#given;
    const order = orderFrom(data);
    if (!(await presence.isThere('campaign', order.campaign))) return ABANDONED;
    try {
      const { crew, runs, free } = await this.#seatedFor(order);
      const parcel = { found: crew.found, results: [], files: {} };
      if (order.place === null) {
        await send(engine.redis, parcelKey(engine.prefix, jobId(order), token), packed(parcel));
        return token;
      }
      const run = runs[order.place];
      if (run === undefined || id !== jobId(order)) throw new Declined(`there is no run ${order.place} in its plan`);
      const hand = free.pop();
      if (hand === undefined) return { back: 0 };
      let isLost = false;
      try {
        const { results, lost } = await hand.carriesOut(run);
        isLost = lost !== undefined;
        if (results === undefined) return { back: 0 };
        const bundle = results.find((each) => each.bundle !== null)?.bundle ?? undefined;
        const at = bundle === undefined ? undefined : join(this.#folderOf(order.campaign), bundle);
        const files = at === undefined ? {} : filesOf(at);
        if (at !== undefined) rmSync(at, { recursive: true, force: true });
        if (!(await presence.isThere('campaign', order.campaign))) return ABANDONED;
        await send(engine.redis, parcelKey(engine.prefix, jobId(order), token), packed({ ...parcel, results, files }));
        return token;
      } finally {
        if (!isLost) free.push(hand);
        else if (free.length === 0) await this.#dismiss(order.campaign);
      }
    } catch (fault) {
      if (surroundings.signal.aborted) return { back: 0 };
      if (!(fault instanceof Declined)) throw fault;
      await presence.declines(order.campaign, fault.message);
      return { back: LATER };
    }
  }

  #seatedFor(order: Order): Promise<Seated> {
    const there = this.#seated.get(order.campaign);
    if (there) return there.then((seated) => requireSame(seated, order));
    const seated = this.#seat(order).catch((fault) => {
      const why =
        fault instanceof Declined ? fault.message : `${this.product} cannot be seated: ${(fault as Error).message}`;
      if (!this.#given.surroundings.signal.aborted) this.#given.surroundings.err(`declines a campaign: ${why}`);
      throw new Declined(why);
    });
    seated.catch(() => {}); // each order that comes hears of it
    this.#seated.set(order.campaign, seated);
    return seated.then((one) => requireSame(one, order));
  }

  async #seat(order: Order): Promise<Seated> {
    const { product, options, composition, surroundings } = this.#given;
    const runs = planOf(composition, order);
    if (planDigest(runs).plan !== order.plan) throw new Declined('it is of other cases than there are here');
    if (order.defect !== null)
      requireKnown(`defect of ${product.name}`, [order.defect], Object.keys(product.defects ?? {}));
    const placeOf = new Map(runs.map((each, place) => [each, place]));
    const out = this.#folderOf(order.campaign);
    const { seed, selection } = order;
    const asked = {
      ...selection,
      products: [product],
      outside: options.outside,
      runtime: options.runtime,
      jobs: options.jobs,
      defect: order.defect ?? undefined,
      seed,
      out,
      replace: false,
      patience: Number.POSITIVE_INFINITY,
      by: [],
      formats: [],
    };
    const companions = companionsOf(asked, composition.products, surroundings);
    const seated = await crewHere({ product, runs, placeOf, companions, options: asked, composition }, surroundings);
    const crew = {
      ...seated,
      close: async () => {
        await seated.close();
        await companions.close();
      },
    };
    surroundings.status('');
    surroundings.err(`${product.name} ${crew.found.version} is seated for the campaign ${order.campaign}`);
    const facts = (name: string) => composition.products.find((each) => each.name === name);
    // Whether something was expected is for who ordered it to say.
    const hands = crew.hands({ facts, seed, out, expectation: noFailure([]), signal: surroundings.signal });
    return { crew, runs, free: [...hands] };
  }

  /** Campaigns that nobody waits for any more have no seats. */
  async clear(): Promise<void> {
    for (const campaign of this.#seated.keys())
      if (!(await this.#given.presence.isThere('campaign', campaign))) await this.#dismiss(campaign);
  }

  async close(): Promise<void> {
    for (const campaign of this.#seated.keys()) await this.#dismiss(campaign);
  }

  async #dismiss(campaign: string): Promise<void> {
    const seated = this.#seated.get(campaign);
    this.#seated.delete(campaign);
    await seated?.then(({ crew }) => crew.close()).catch(() => {}); // it was never seated, and has said so
    rmSync(this.#folderOf(campaign), { recursive: true, force: true });
  }

  readonly #folderOf = (campaign: string): string => join(this.#given.folder, campaign);
}

/** The product that the campaign has begun with. */
function requireSame(seated: Seated, { found }: Order): Seated {
  const own: ProductRun = seated.crew.found;
  const differs = found ? differing(own, found) : [];
  if (differs.length === 0) return seated;
  const says = differs.map((field) => `${field}: ${found![field]} there, ${own[field]} here`).join('; ');
  throw new Declined(`it was begun with another ${own.name} (${says})`);
}

/** In place of a token, where nobody waits for the results. */
const ABANDONED = 'abandoned';

/** Milliseconds until a run that was declined may be offered again, to whoever is free then. */
const LATER = 2_000;
