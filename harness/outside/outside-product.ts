/**
 * A product from outside: its module, what the export must be before anything is believed of it, and what it answers held to its word as it is asked.
 * Paths in it are relative to the module.
 */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { Lab } from '../lab/lab.ts';
import type { NodeConfiguration, NodeUnderTest } from '../lab/node.ts';
import type { GuestProduct, MemoryProduct, Product } from '../products/product.ts';
import { otherReleases } from '../runtime/release.ts';
import { runtimeNames } from '../runtime/runtimes.ts';
import { UsageFault } from '../usage-fault.ts';
import { exportOf } from './module.ts';
import { patientNode, within } from './patience.ts';
import { aFunction, requireShape } from './shape.ts';

/** Rejects with `FileFault` or `UsageFault`. */
export async function outsideProduct(file: string): Promise<Product> {
  const exported = await exportOf(file, 'product');
  const { runs } = requireShape<Product>(file, 'product', exported, aProduct);
  if (runs === 'in-guest') return inGuest(file, requireShape(file, 'product', exported, aGuestProduct));
  const product = inMemory(file, requireShape(file, 'product', exported, aMemoryProduct));
  const lab = new Lab({ clock: 'virtual', seed: 0 });
  try {
    product.create(lab); // what it makes is checked now, and not in the middle of a campaign
  } finally {
    lab.close();
  }
  return product;
}

function inMemory(file: string, product: MemoryProduct): MemoryProduct {
  return {
    ...described(file, product),
    runs: 'in-memory',
    version: product.version,
    create: (lab, defect) => {
      const node = asked(file, 'create', () => product.create(lab, defect));
      return patientNode(product.name, requireShape(file, 'product.create(…)', node, aNode));
    },
  };
}

function inGuest(file: string, product: GuestProduct): GuestProduct {
  const { image, release } = product;
  return {
    ...described(file, product),
    runs: 'in-guest',
    image: typeof image === 'string' ? beside(file, image) : image,
    ...(release !== undefined && { release }),
    create: async (boot, defect) => {
      const node: unknown = await within(`create of ${product.name}`, START, () => product.create(boot, defect));
      return patientNode(product.name, requireShape(file, 'product.create(…)', node, aQuestionedNode));
    },
  };
}

function described(file: string, product: Product) {
  const { name, expected, defects } = product;
  return {
    name,
    ...(expected && {
      expected: expected === 'lawful' ? expected : { baseline: beside(file, expected.baseline) },
    }),
    ...(defects && { defects }),
    unsupported: (configuration: NodeConfiguration): string | undefined => {
      const reason: unknown = asked(file, 'unsupported', () => product.unsupported(configuration));
      return requireShape(file, 'product.unsupported(…)', reason, z.string('wanted a reason, or undefined').optional());
    },
    rendered: (configuration: NodeConfiguration, defect?: string): string => {
      const text: unknown = asked(file, 'rendered', () => product.rendered(configuration, defect));
      return requireShape(file, 'product.rendered(…)', text, z.string());
    },
  };
}

function asked<T>(file: string, method: string, ask: () => T): T {
  try {
    return ask();
  } catch (cause) {
    throw new UsageFault(`${file}: product.${method}(…) threw ${cause}`, { cause });
  }
}

const beside = (file: string, path: string): string => resolve(dirname(file), path);

/** Milliseconds in which a guest boots, twice if need be, and a daemon in it is ready. */
const START = 300_000;

const aPath = z.string().min(1, 'wanted a path');

const aProduct = z.looseObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/, 'wanted at most 64 letters, digits, `.`, `_`, `@` and `-`'),
  runs: z.enum(['in-guest', 'in-memory']),
  expected: z
    .union([z.literal('lawful'), z.looseObject({ baseline: aPath })], 'wanted "lawful" or a baseline')
    .optional(),
  defects: z.record(z.string(), z.looseObject({ says: z.string() })).optional(),
  unsupported: aFunction,
  rendered: aFunction,
  create: aFunction,
});

const aMemoryProduct = z.looseObject({ version: z.string().min(1, 'wanted a version') });

const aGuestProduct = z.looseObject({
  release: z.enum(otherReleases, `wanted one of ${otherReleases.join(', ')}`).optional(),
  runtime: z.enum(runtimeNames, `wanted one of ${runtimeNames.join(', ')}`).optional(),
  image: z.union(
    [aPath, z.looseObject({ packages: z.array(z.string()), modules: z.array(z.string()) })],
    'wanted the folder of an image.json, or packages and modules',
  ),
});

const node: Readonly<
  Record<
    Exclude<
      keyof NodeUnderTest,
      'kernel' | 'keys' | 'caughtUp' | 'installed' | 'holdsUnseen' | 'uptime' | 'heardOfIke' | 'plug' | 'onEnded'
    >,
    z.ZodType
  >
> = {
  product: z.string(),
  version: z.string(),
  unsupported: aFunction,
  rendered: aFunction,
  configure: aFunction,
  perform: aFunction,
  state: aFunction,
  log: aFunction,
  stop: aFunction,
};
const aNode = z.looseObject(node);
const aQuestionedNode = z.looseObject({ ...node, askedNonsense: aFunction });
