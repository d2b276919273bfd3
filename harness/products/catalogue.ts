/**
 * The products that come with Touchstone: the reference, and those that run in a guest. How each is driven stands in a folder of its own; the
 * outcomes expected of it are in its image's folder.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { labMaterial } from '../lab/material.ts';
import { imageFolder } from '../runtime/image.ts';
import { linuxDefects } from './linux/defects.ts';
import { linux, renderedForLinux } from './linux/linux.ts';
import { unsupported as unsupportedByLinux } from './linux/render.ts';
import type { GuestProduct, Product } from './product.ts';
import { reference } from './reference.ts';
import { strongswanDefects } from './strongswan/defects.ts';
import { unsupported as unsupportedByStrongswan } from './strongswan/render.ts';
import { renderedForStrongswan, strongswan } from './strongswan/strongswan.ts';

const inGuests: readonly GuestProduct[] = [
  {
    name: 'linux',
    runs: 'in-guest',
    image: 'linux',
    ...shippedBaseline('linux'),
    defects: linuxDefects,
    unsupported: unsupportedByLinux,
    rendered: renderedForLinux,
    create: linux,
  },
  {
    name: 'strongswan',
    runs: 'in-guest',
    image: 'strongswan',
    ...shippedBaseline('strongswan'),
    defects: strongswanDefects,
    unsupported: unsupportedByStrongswan,
    rendered: renderedForStrongswan,
    create: (boot, defect) => strongswan(boot, labMaterial, defect),
  },
];

export const products: readonly Product[] = [reference, ...inGuests];

/** Undefined where none is called so. */
export const guestProductNamed = (name: string): GuestProduct | undefined =>
  inGuests.find((product) => product.name === name);

function shippedBaseline(image: string): Pick<Product, 'expected'> {
  const baseline = join(imageFolder(image), 'baseline.json');
  return existsSync(baseline) ? { expected: { baseline } } : {};
}
