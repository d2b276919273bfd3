/**
 * Where cases run: the seat of the product they are about, and seats from a pool for the other tested parties of a scenario. A site gives each scenario
 * run a lab of its own with every tested node plugged in, on the virtual clock if all of them live in memory, and takes the lab back
 * afterwards.
 */
import type { Cast, PolicyIntent } from '../capture/transcript.ts';
import { LAB_LIMIT, Lab } from '../lab/lab.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import type { MemoryProduct } from '../products/product.ts';
import type { System } from '../runtime/system.ts';
import { testedIn } from '../vocabulary/cast.ts';
import { memorySeat, type Seat, type SeatedNode } from './seat.ts';
import { SeatPool } from './seat-pool.ts';

export interface Site {
  readonly product: string;
  readonly version: string;
  readonly runtime: string;
  readonly kernel: string;
  readonly system: System | undefined;
  /** Rejects with a `HarnessFault`. */
  open(company: Company, seed: number, signal: AbortSignal | undefined): Promise<OpenSite>;
  /** Puts a working node back after a fault. Rejects with a `HarnessFault` if there can be none. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

/** Who is to be there. */
export interface Company {
  readonly cast: Cast;
  readonly intent: PolicyIntent;
  /** The products of the tested parties beside the first, by party. */
  readonly companions: Readonly<Record<string, string>>;
  /** Seconds of lab time that are let pass, beyond what the lab allows for everything else. */
  readonly lasts?: number;
}

export interface OpenSite {
  readonly lab: Lab;
  /** By party, not yet configured. */
  readonly nodes: Readonly<Record<string, NodeUnderTest>>;
  /** Plugs each tested party into another link. */
  readonly plugs: Readonly<Record<string, (link: string) => void>>;
  /** What each tested party is, as it names itself. */
  readonly products: Readonly<Record<string, Pick<Seat, 'product' | 'version' | 'runtime' | 'kernel' | 'system'>>>;
  /** Rejects with a `HarnessFault` when what carries a node no longer answers. */
  settled(): Promise<void>;
  /** Unplugs the nodes and closes the lab; the nodes stay warm. */
  close(): void;
}

/** The companions come from `pool`, which others may share. */
export function siteOf(subject: Seat, pool: SeatPool = referencePool()): Site {
  return {
    product: subject.product,
    get version() {
      return subject.version;
    },
    runtime: subject.runtime,
    get kernel() {
      return subject.kernel;
    },
    get system() {
      return subject.system;
    },
    open: async ({ cast, intent, companions, lasts = 0 }, seed, signal) => {
      const [first, ...others] = testedIn(cast);
      const taken: [string, Seat][] = [];
      for (const party of others) taken.push([party, await pool.take(companions[party] ?? subject.product)]);
      const seats: readonly (readonly [string, Seat])[] = [[first!, subject], ...taken];
      const clock = seats.every(([, seat]) => seat.clock === 'virtual') ? 'virtual' : 'real';
      const takes = seats.reduce((sum, [, seat]) => sum + (seat.takes ?? 0), 0);
      const lab = new Lab({ clock, seed, limit: LAB_LIMIT + 1000 * (lasts + takes), ...(signal && { signal }) });
      const seated = seats.map(([party, seat]): [string, SeatedNode] => [
        party,
        seat.enter(lab, party, intent.parties[party]!.interfaces[0]!.link),
      ]);
      return {
        lab,
        nodes: Object.fromEntries(seated.map(([party, { node }]) => [party, node])),
        plugs: Object.fromEntries(seated.map(([party, { plug }]) => [party, plug])),
        products: Object.fromEntries(
          seats.map(([party, { product, version, runtime, kernel, system }]) => [
            party,
            { product, version, runtime, kernel, system },
          ]),
        ),
        settled: async () => void (await Promise.all(seated.map(([, each]) => each.settled()))),
        close: () => {
          for (const [, each] of seated) each.leave();
          lab.close();
          for (const [, seat] of taken) pool.give(seat);
        },
      };
    },
    recover: () => subject.recover(),
    close: () => subject.close(),
  };
}

/** A product in memory, the reference unless told otherwise, among honest references. */
export function memorySite(product?: MemoryProduct): Site {
  return siteOf(memorySeat(product));
}

/** Companions that live in memory. */
function referencePool(): SeatPool {
  return new SeatPool(async () => memorySeat());
}
