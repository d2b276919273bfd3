/** What the results of a run are held against, put together from the command line and the products themselves. */
import type { Product } from '../products/product.ts';
import {
  asBaseline,
  asLawful,
  type Expectation,
  noFailure,
  readBaseline,
  readWaivers,
  waived,
} from '../run/expectation.ts';
import type { PlannedRun } from '../run/plan.ts';
import { named } from './named.ts';
import type { RunOptions } from './run-options.ts';

export type Expectations = (product: Product, version: string) => Expectation;

/**
 * By product: the baseline named on the command line, else what is expected of the product itself, unless something was planted in it. Every file is read
 * before anything boots.
 */
export function expectationsOf(
  { products, baseline, waivers, by, defect }: Pick<RunOptions, 'products' | 'baseline' | 'waivers' | 'by' | 'defect'>,
  runs: readonly PlannedRun[],
): Expectations {
  const otherwise = noFailure(by);
  const given =
    baseline === undefined
      ? undefined
      : asBaseline(
          named('--baseline', () => readBaseline(baseline)),
          otherwise,
        );
  const excused = waivers === undefined ? undefined : named('--waivers', () => readWaivers(waivers));
  const today = new Date().toISOString().slice(0, 10);
  const plain = new Map(
    products.map((product) => [product, given ?? (defect === undefined ? ownOf(product) : otherwise)]),
  );
  return (product, version) =>
    excused ? waived(excused, { name: product.name, version }, today, plain.get(product)!) : plain.get(product)!;

  function ownOf({ name, expected }: Product): Expectation {
    if (expected === undefined) return otherwise;
    if (expected === 'lawful') return asLawful(runs, otherwise);
    return asBaseline(
      named(`the baseline of ${name},`, () => readBaseline(expected.baseline)),
      otherwise,
    );
  }
}
