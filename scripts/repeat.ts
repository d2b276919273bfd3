/**
 * `npm run repeat -- [--times 3] [--product NAME…] [--sample N] [--runtime uml] [--suite S] [--case GLOB] [--out DIR]`: the campaign again and again with different seeds, and
 * every case whose outcome was not always the same, with its bundles below DIR/TIME if one is given; on every product of this machine's own release unless some are named. The sample is every k-th case, so that all suites are in it. Ends with 1 on a disagreement or an error.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { composition } from '../bin/composition.ts';
import { carryOut } from '../harness/run/campaign.ts';
import { noFailure } from '../harness/run/expectation.ts';
import { guestSite } from '../harness/run/guest-site.ts';
import { plan, suited, unsupportedReason } from '../harness/run/plan.ts';
import type { CaseResult } from '../harness/run/result.ts';
import { runtimeFor, runtimeNamed, runtimesOf } from '../harness/runtime/runtimes.ts';
import { asked, complains, wholeNumber } from './asked.ts';
import { spread } from './spread.ts';

const { values, words } = asked(
  'npm run repeat -- [--times 3] [--product NAME]… [--sample N] [--runtime uml] [--suite NAME] [--case GLOB] [--out DIR]',
  {
    product: { type: 'string', multiple: true },
    times: { type: 'string', default: '3' },
    sample: { type: 'string' },
    runtime: { type: 'string' },
    suite: { type: 'string' },
    case: { type: 'string' },
    out: { type: 'string' },
  },
);
const products = composition.products
  .filter((product) => product.runs === 'in-guest')
  .filter(({ name, release }) => (values.product ? values.product.includes(name) : release === undefined));
for (const name of values.product ?? [])
  if (!products.some((product) => product.name === name)) complains(`there is no product ${name} that runs in a guest`);
if (words.length > 0) complains(`nobody asked for ${words.join(' ')}`);
const times = wholeNumber(values.times);
const runtime = values.runtime === undefined ? undefined : runtimeNamed(values.runtime);
if (values.runtime !== undefined && !runtime) complains(`there is no runtime ${values.runtime}`);
for (const product of products)
  if (runtime && !runtimesOf(product).includes(runtime.name))
    complains(`${product.name} does not run with ${runtime.name}`);
const outcomes = new Map<string, string[]>();
const began = performance.now();

await Promise.all(
  products.map(async (product) => {
    const supported = plan(composition.suites, { suite: values.suite, glob: values.case }).filter(
      (run) => unsupportedReason(suited(run, product), product) === undefined,
    );
    const runs =
      values.sample === undefined ? supported : spread(supported, Math.ceil(Number(values.sample) / products.length));
    if (runs.length === 0) return;
    const site = await guestSite({
      product,
      runtime: runtimeFor(product, values.runtime),
      cache: join(homedir(), '.cache', 'touchstone'),
    });
    try {
      for (let time = 1; time <= times; time++) {
        const results = await carryOut({
          runs,
          sites: [site],
          facts: (name) => products.find((each) => each.name === name),
          seed: `repeat-${time}`,
          expectation: noFailure(),
          ...(values.out !== undefined && { out: join(values.out, String(time)) }),
        });
        for (const result of results) {
          const name = `${product.name} ${result.id}/${result.variant}`;
          const before = outcomes.get(name) ?? [];
          outcomes.set(name, [...before, result.outcome]);
          if (result.error) console.log(`${name}, time ${time}: ${result.error}`);
          else if (result.outcome === 'inconclusive' || before.some((one) => one !== result.outcome)) {
            console.log(`${name}, time ${time}: ${result.outcome}${whyOf(result)}`);
          }
        }
        console.error(`${product.name}: ${time} of ${times}, ${((performance.now() - began) / 1000).toFixed(0)} s`);
      }
    } finally {
      await site.close();
    }
  }),
);

const disagreeing = [...outcomes].filter(([, had]) => new Set(had).size > 1);
const wrong = [...outcomes].filter(([, had]) => had.includes('error'));
const inconclusive = [...outcomes].filter(([, had]) => had.includes('inconclusive'));
for (const [name, had] of disagreeing) console.log(`disagrees: ${name}: ${had.join(', ')}`);
for (const [name] of inconclusive) console.log(`inconclusive: ${name}`);
console.log(
  `${outcomes.size} cases, ${times} times each: ${disagreeing.length} disagreements, ${wrong.length} with errors, ${inconclusive.length} inconclusive`,
);
process.exitCode = disagreeing.length + wrong.length === 0 ? 0 : 1;

/** What did not hold, and what the readings say of it. */
function whyOf({ controls, readings }: CaseResult): string {
  const missed = controls.filter(({ held }) => !held).map(({ name }) => `${name} did not hold`);
  const said = new Set(readings.map(({ why }) => why).filter((why) => why !== ''));
  return [...missed, ...said].map((why) => `; ${why}`).join('');
}
