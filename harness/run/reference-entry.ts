/** The reference as the planner and the command line see it: a product that supports everything and boots nothing. */
import type { ProductEntry } from '../products/catalogue.ts';

export const referenceEntry: ProductEntry = {
  name: 'reference',
  runtimes: [],
  image: 'none',
  defects: {},
  unsupported: () => undefined,
  rendered: (configuration) => JSON.stringify(configuration, undefined, 2),
  create: () => Promise.reject(new RangeError('the reference needs no guest')),
};
