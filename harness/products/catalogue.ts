/**
 * The products that come with Touchstone: the reference, and those that run in a guest. How each is driven stands in a folder of its own; the
 * outcomes expected of it are in its image's folder.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { imageFolder } from '../runtime/image.ts';
import { daemonProduct, kernelProduct, type Named } from './kit/guest-product.ts';
import { linux } from './linux/linux.ts';
import type { GuestProduct, Product } from './product.ts';
import { reference } from './reference.ts';
import { strongswan } from './strongswan/strongswan.ts';

const inGuests: readonly GuestProduct[] = [
  kernelProduct(named('linux'), linux),
  daemonProduct(named('strongswan'), strongswan),
];

export const products: readonly Product[] = [reference, ...inGuests];

/** Undefined where none is called so. */
export const guestProductNamed = (name: string): GuestProduct | undefined =>
  inGuests.find((product) => product.name === name);

/** Its image's folder is called the same, and ships the baseline. */
function named(name: string): Named {
  const baseline = join(imageFolder(name), 'baseline.json');
  return { name, image: name, ...(existsSync(baseline) && { expected: { baseline } }) };
}
