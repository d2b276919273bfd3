/** `touchstone list products`: what can be named with `--product` and `--with`, where each runs, and what its outcomes are held against. */
import type { Product } from '../products/product.ts';
import { readBaseline } from '../run/expectation.ts';
import { ownRelease } from '../runtime/release.ts';
import { runtimesOf } from '../runtime/runtimes.ts';
import { columnOf } from './column.ts';
import type { Composition } from './composition.ts';
import { named } from './named.ts';
import type { Surroundings } from './surroundings.ts';

export function listProducts(
  { json }: { readonly json?: boolean | undefined },
  { products }: Composition,
  { out, paint }: Surroundings,
): 0 {
  const all = products.map(listed);
  if (json) out(JSON.stringify(all, undefined, 1));
  else {
    const [names, places] = [columnOf(all.map(({ name }) => name)), columnOf(all.map(placeOf))];
    for (const each of all)
      out(`${paint.bold(each.name.padEnd(names))} ${placeOf(each).padEnd(places)} ${each.expected}`);
  }
  return 0;
}

function listed(product: Product) {
  const { name, runs } = product;
  return {
    name,
    runs,
    ...(product.runs === 'in-guest' && { release: product.release ?? ownRelease, runtimes: runtimesOf(product) }),
    expected: expectedOf(product),
  };
}

const placeOf = ({ release, runtimes = [] }: ReturnType<typeof listed>): string =>
  release === undefined ? 'memory' : `${release} (${runtimes.join(', ')})`;

function expectedOf(product: Product): string {
  const { name, expected } = product;
  if (product.runs === 'in-guest' && product.brings)
    return `every case is unsupported without --${product.brings.option} DIR, ${product.brings.folder}`;
  if (expected === undefined) return 'nothing may read fail';
  if (expected === 'lawful') return 'what each case declares lawful';
  const { version } = named(`the baseline of ${name},`, () => readBaseline(expected.baseline));
  return `the outcomes of ${version}`;
}
