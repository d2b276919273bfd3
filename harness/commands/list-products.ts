/** `touchstone list --products`: what can be named with `--product` and `--with`, where each runs, and what its outcomes are held against. */
import type { Product } from '../products/product.ts';
import { readBaseline } from '../run/expectation.ts';
import { ownRelease } from '../runtime/release.ts';
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
  else
    for (const { name, release, expected } of all)
      out(`${paint.bold(name.padEnd(NAME))} ${`${release ?? 'memory'}`.padEnd(PLACE)} ${expected}`);
  return 0;
}

function listed(product: Product) {
  const { name, runs } = product;
  return {
    name,
    runs,
    ...(product.runs === 'in-guest' && { release: product.release ?? ownRelease }),
    expected: expectedOf(product),
  };
}

function expectedOf({ name, expected }: Product): string {
  if (expected === undefined) return 'nothing may read fail';
  if (expected === 'lawful') return 'what each case declares lawful';
  const { version } = named(`the baseline of ${name},`, () => readBaseline(expected.baseline));
  return `the outcomes of ${version}`;
}

/** Columns. */
const NAME = 24;
const PLACE = 10;
