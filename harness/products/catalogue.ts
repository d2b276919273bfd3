/**
 * The products that run in a guest: what each is called, which image it boots, what can be said of a configuration before
 * anything runs, and how a node is made of it. The reference is no product; `lab/reference-node.ts` makes it.
 */
import { labMaterial } from '../lab/material.ts';
import type { NodeConfiguration } from '../lab/node.ts';
import type { Runtime } from '../runtime/runtime.ts';
import type { Boot } from './guest-host.ts';
import type { QuestionedNode } from './honesty.ts';
import { linuxDefects } from './linux/defects.ts';
import { linux, renderedForLinux } from './linux/linux.ts';
import { unsupported as unsupportedByLinux } from './linux/render.ts';
import { strongswanDefects } from './strongswan/defects.ts';
import { unsupported as unsupportedByStrongswan } from './strongswan/render.ts';
import { renderedForStrongswan, strongswan } from './strongswan/strongswan.ts';

export interface ProductEntry {
  readonly name: string;
  readonly runtimes: readonly Runtime['name'][];
  /** The image's folder below `docker/`. */
  readonly image: string;
  /** What can be planted, by name, and what each means. */
  readonly defects: Readonly<Record<string, { readonly says: string }>>;
  /** As `NodeUnderTest` has them, without a guest. */
  unsupported(configuration: NodeConfiguration): string | undefined;
  rendered(configuration: NodeConfiguration, defect?: string): string;
  /** Boots a guest, and another one whenever that is lost. `defect` is the name of one of `defects`. Rejects with HarnessFault. */
  create(boot: Boot, defect?: string): Promise<QuestionedNode>;
}

export const products: readonly ProductEntry[] = [
  {
    name: 'linux',
    runtimes: ['uml', 'docker'],
    image: 'linux',
    defects: linuxDefects,
    unsupported: unsupportedByLinux,
    rendered: renderedForLinux,
    create: linux,
  },
  {
    name: 'strongswan',
    runtimes: ['uml', 'docker'],
    image: 'strongswan',
    defects: strongswanDefects,
    unsupported: unsupportedByStrongswan,
    rendered: renderedForStrongswan,
    create: (boot, defect) => strongswan(boot, labMaterial, defect),
  },
];

/** Undefined where none is called so. */
export const productNamed = (name: string): ProductEntry | undefined =>
  products.find((product) => product.name === name);
