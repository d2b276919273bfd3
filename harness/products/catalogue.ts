/**
 * The products that come with Touchstone: the reference, and those that run in a guest, each in the versions that the releases of Debian have of it. How each is
 * driven stands in a folder of its own, the same for all its versions; the outcomes expected of a version are in its image's folder.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { imageFolder, releasesOf } from '../runtime/image-description.ts';
import { broughtProduct, daemonProduct, kernelProduct, type Named } from './kit/guest-product.ts';
import { libreswanOf } from './libreswan/libreswan.ts';
import { linux } from './linux/linux.ts';
import { openiked } from './openiked/openiked.ts';
import type { GuestProduct, Product } from './product.ts';
import { reference } from './reference.ts';
import { strongswanOf } from './strongswan/strongswan.ts';
import { strongswanUserspace } from './strongswan-userspace/strongswan-userspace.ts';
import { umipFolder } from './umip/folder.ts';
import { umip } from './umip/umip.ts';

const inGuests: readonly GuestProduct[] = [
  ...versionsOf('linux').map((version) => kernelProduct(version, linux)),
  ...versionsOf('strongswan').map((version) => daemonProduct(version, strongswanOf(version.release))),
  ...versionsOf('strongswan-userspace').map((version) =>
    daemonProduct({ ...version, runtime: 'namespace' }, strongswanUserspace),
  ),
  ...versionsOf('libreswan').map((version) => daemonProduct(version, libreswanOf(version.release))),
  ...versionsOf('openiked').map((version) => daemonProduct(version, openiked)),
  ...versionsOf('umip').map((version) => broughtProduct(version, umipFolder, umip)),
];

export const products: readonly Product[] = [reference, ...inGuests];

/** Undefined where none is called so. */
export const guestProductNamed = (name: string): GuestProduct | undefined =>
  inGuests.find((product) => product.name === name);

/** The file in which the outcomes expected of one of ours are written down. */
export function baselineOf(name: string): string {
  const [product, release] = name.split('@');
  return join(imageFolder(product!), release === undefined ? 'baseline.json' : `baseline-${release}.json`);
}

/** The one that is called by the plain name, and those of the other releases that its image names. The image's folder is called the same. */
function versionsOf(product: string): readonly Named[] {
  return [undefined, ...releasesOf(product)].map((release) => {
    const name = release === undefined ? product : `${product}@${release}`;
    const baseline = baselineOf(name);
    return { name, image: product, release, ...(existsSync(baseline) && { expected: { baseline } }) };
  });
}
