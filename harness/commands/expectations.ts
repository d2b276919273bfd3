/** What the results of a run are held against, put together from the command line and the products themselves. */
import type { Product } from '../products/product.ts';
import {
  asBaseline,
  asBefore,
  asLawful,
  type Expectation,
  noFailure,
  readBaseline,
  readWaivers,
  waived,
} from '../run/expectation.ts';
import type { PlannedRun } from '../run/plan.ts';
import type { RunResult } from '../run/result.ts';
import { isResult, readResult } from '../run/result-document.ts';
import { named } from './named.ts';
import type { RunOptions } from './run-options.ts';

export type Expectations = (product: Product, version: string) => Expectation;

/** The earlier run that `--baseline` names, where it names one: a baseline of every product in it, from which changes can be told. */
export function earlierRun({ baseline }: Pick<RunOptions, 'baseline'>): RunResult | undefined {
  if (baseline === undefined) return undefined;
  return named('--baseline', () => (isResult(baseline) ? readResult(baseline) : undefined));
}

/**
 * By product: the earlier run, the baseline named on the command line, else what is expected of the product itself, unless something was planted in it. Every file is read
 * before anything boots.
 */
export function expectationsOf(
  { products, baseline, waivers, by, defect }: Pick<RunOptions, 'products' | 'baseline' | 'waivers' | 'by' | 'defect'>,
  runs: readonly PlannedRun[],
  earlier?: RunResult,
): Expectations {
  const otherwise = noFailure(by);
  const given =
    baseline === undefined || earlier !== undefined
      ? undefined
      : asBaseline(
          named('--baseline', () => readBaseline(baseline)),
          otherwise,
        );
  const excused = waivers === undefined ? undefined : named('--waivers', () => readWaivers(waivers));
  const today = new Date().toISOString().slice(0, 10);
  const plain = new Map(
    products.map((product) => [
      product,
      given ??
        (earlier ? asBefore(earlier, product.name, otherwise) : defect === undefined ? ownOf(product) : otherwise),
    ]),
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
