/** The seats of a run: those of the product that a campaign is about, one a job, and a pool for who meets it. */
import { HarnessFault } from '../lab/harness-fault.ts';
import { nicWire } from '../lab/wires/nic.ts';
import type { MemoryProduct, Product } from '../products/product.ts';
import { deviceSeat } from '../run/device-site.ts';
import { guestSeat, imageFor } from '../run/guest-site.ts';
import { memorySeat } from '../run/seat.ts';
import { SeatPool } from '../run/seat-pool.ts';
import { type Site, siteOf } from '../run/site.ts';
import { askedPerson } from '../runtime/asked-person.ts';
import type { Image } from '../runtime/image.ts';
import { runtimeFor } from '../runtime/runtimes.ts';
import { MOST_JOBS, type RunOptions } from './run-options.ts';
import type { Surroundings } from './surroundings.ts';

/** Rejects with `HarnessFault`; what had booted by then is gone. */
export async function sitesOf(
  product: Product,
  companions: SeatPool,
  { runtime: asked, jobs, defect }: RunOptions,
  { cache, err, status, signal }: Surroundings,
): Promise<Site[]> {
  if (product.runs === 'in-memory') return [siteOf(memorySeat(product, defect), companions)];
  if (product.runs === 'on-cable') {
    if (jobs > 1) err(`${product.name} is one device: its cases run one after the other, whatever --jobs says`);
    const asks = (page: string): Promise<string> => askedPerson(page, err, signal);
    return [siteOf(await deviceSeat({ product, opens: nicWire, asks, signal }), companions)];
  }
  product.requireBrought?.();
  const runtime = runtimeFor(product, asked);
  const sites: Site[] = [];
  try {
    for (let number = 1; number <= jobs; number++) {
      status(`${product.name}: booting guest ${number} of ${jobs} (${runtime.name})`);
      const options = { product, runtime, cache, number, progress: err, signal };
      const seat = await guestSeat({ ...options, ...(defect !== undefined && { defect }) });
      sites.push(siteOf(seat, companions));
    }
    return sites;
  } catch (fault) {
    await Promise.all(sites.map((site) => site.close()));
    throw fault;
  }
}

/** The product of that name, which lives in memory. Throws `TypeError` for any other. */
export function inMemory(name: string, products: readonly Product[]): MemoryProduct {
  const product = products.find((each) => each.name === name);
  if (product?.runs !== 'in-memory') throw new TypeError(`${name} does not live in memory`);
  return product;
}

/** Seats for the tested parties that a campaign is not about: numbered above the guests of its sites. What an image lacks is asked for once, and told to each case. */
export function companionsOf(
  { runtime: asked }: RunOptions,
  products: readonly Product[],
  { cache, err, signal }: Surroundings,
): SeatPool {
  const images = new Map<string, Promise<Image>>();
  let number = MOST_JOBS;
  return new SeatPool(async (name) => {
    const product = products.find((each) => each.name === name);
    if (product?.runs === 'on-cable')
      throw new HarnessFault('device-alone', `${name} is a device, and meets the reference alone`);
    if (product?.runs !== 'in-guest') return memorySeat(product);
    product.requireBrought?.();
    const runtime = runtimeFor(product, asked);
    await runtime.available();
    const options = { product, runtime, cache, number: ++number, progress: err, signal };
    const image = images.get(name) ?? imageFor(options);
    images.set(name, image);
    return guestSeat({ ...options, image: await image });
  });
}
