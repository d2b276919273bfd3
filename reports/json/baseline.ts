/** The outcomes of a run as a baseline (`--baseline FILE`, or `expected: { baseline }` of a product from outside): looked at first, then written down. */

import { caseName } from '../../harness/run/case-name.ts';
import type { RunResult } from '../../harness/run/result.ts';
import { UsageFault } from '../../harness/usage-fault.ts';

/** Of a run of one product; what it could not be configured for is left out, and so is what the harness failed at. Throws `UsageFault` for a run of several. */
export function baselineJson({ products, cases }: RunResult): string {
  const [product, ...others] = products;
  if (!product || others.length > 0)
    throw new UsageFault(`a baseline is of one product, and this run is of ${products.length}`);
  const outcomes = cases
    .filter(({ outcome }) => outcome !== 'unsupported' && outcome !== 'error')
    .map((each): [string, unknown] => [
      caseName(each),
      each.outcome === 'inconclusive'
        ? { outcome: each.outcome, because: each.readings[0]?.why || 'no reason was given' }
        : each.outcome,
    ]);
  const baseline = {
    schema: 'touchstone-baseline/1',
    product: product.name,
    version: product.version,
    outcomes: Object.fromEntries(outcomes),
  };
  return `${JSON.stringify(baseline, undefined, 2)}\n`;
}
