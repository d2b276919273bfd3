/** The work of a thread beside the one with the command line: `bin/thread.ts` hands it the composition, its order says the rest. */

import { handAt } from '../run/hand.ts';
import { killsOf } from '../run/kill-matrix.ts';
import { plan } from '../run/plan.ts';
import { memorySeat } from '../run/seat.ts';
import { SeatPool } from '../run/seat-pool.ts';
import { siteOf } from '../run/site.ts';
import type { Composition } from './composition.ts';
import { expectationsOf } from './expectations.ts';
import { gathered } from './gathered.ts';
import { mutantsFor } from './mutants.ts';
import { inMemory } from './seats.ts';
import type { CampaignOrder, KillsOrder, ThreadOrder } from './thread-order.ts';

type Work = (place: number) => Promise<unknown>;

export function threadWork(ours: Composition): (order: unknown) => Promise<Work> {
  return (order) => {
    const told = order as ThreadOrder;
    return told.kind === 'campaign' ? campaignWork(told, ours) : killsWork(told, ours);
  };
}

async function campaignWork({ product: name, options }: CampaignOrder, ours: Composition): Promise<Work> {
  const { composition } = await gathered(ours, options.outside);
  const { products } = composition;
  const product = inMemory(name, products);
  const runs = plan(composition.suites, options);
  const { seed, out, defect } = options;
  const expectation = expectationsOf({ ...options, products: [product] }, runs)(product, product.version);
  const facts = (other: string) => products.find((each) => each.name === other);
  const companions = new SeatPool(async (other) => memorySeat(inMemory(other, products)));
  const hand = handAt(siteOf(memorySeat(product, defect), companions), { facts, seed, out, expectation });
  return async (place) => (await hand.carriesOut(runs[place]!)).results;
}

async function killsWork({ options }: KillsOrder, ours: Composition): Promise<Work> {
  const { composition } = await gathered(ours, options.outside);
  const runs = plan(composition.suites, options);
  const everyMutant = mutantsFor(options, runs, composition);
  return (place) => killsOf(runs[place]!, options.seed, everyMutant);
}
