/**
 * `npm run planted [-- GLOB]`: defects planted on purpose in real products on real kernels, each with the outcome it must lead to in one case. It
 * shows that a verdict other than pass is reachable outside memory, and that what cannot be judged is said to be so.
 * Ends with 1 when a prediction does not come true.
 */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { composition } from '../bin/composition.ts';
import { guestProductNamed } from '../harness/products/catalogue.ts';
import { carryOut } from '../harness/run/campaign.ts';
import { caseName } from '../harness/run/case-name.ts';
import { noFailure } from '../harness/run/expectation.ts';
import { guestSite } from '../harness/run/guest-site.ts';
import { plan } from '../harness/run/plan.ts';
import type { CaseResult } from '../harness/run/result.ts';
import { uml } from '../harness/runtime/uml.ts';
import { asked, complains } from './asked.ts';

interface Prediction {
  readonly product: 'linux' | 'strongswan' | 'libreswan' | 'openiked';
  /** Of `harness/products/PRODUCT/defects.ts`. */
  readonly defect: string;
  readonly case: string;
  /** The outcome, or the code of an inconclusive one. */
  readonly leadsTo: string;
}

const predictions: readonly Prediction[] = [
  linux('no-replay-window', 'MCDANIEL-REPLAY/32-duplicate-manual', 'accepted'),
  linux('narrow-replay-window', 'MCDANIEL-REPLAY/64-edge-manual', 'dropped'),
  linux('optional-inbound-template', 'AURA-SPD-2/plaintext-transport-manual', 'delivered'),
  linux('no-inbound-policy', 'AURA-SPD-2/weaker-sa-manual', 'delivered'),
  linux('no-state-selectors', 'AURA-SPD-2/other-selectors-transport-manual', 'delivered'),
  linux('any-inner-source', 'DUPONT-C2b/same-prefix-manual', 'delivered'),
  linux('reversed-policy-order', 'AURA-SPD-1/bypass-above-protect-inbound-manual', 'protected'),
  linux('reverse-path-filter', 'DUPONT-C2a/other-prefix-manual', 'I-CAUSE'),
  linux('esp-from-known-peers-only', 'DUPONT-C2a/other-prefix-manual', 'dropped'),
  linux('no-option-template', 'DUPONT-A1/to-verify', 'dropped'),
  linux('any-care-of-address', 'DUPONT-A4/clear-bound-elsewhere-by-hand', 'delivered'),
  linux('no-routing-header', 'DUPONT-A3/answer-binding-esp', 'to-home-address'),
  linux('no-routing-header', 'DUPONT-2.2-MODES/optimised-aes-gcm', 'to-home-address'),
  linux('options-in-clear', 'DUPONT-A4/clear-unknown-by-hand', 'delivered'),
  linux('home-address-of-no-flag', 'DUPONT-2.2-RH/own-home-address-esp', 'dropped'),
  strongswan('open-identity', 'AURA-P1b/1-own-name-pinned-by-name', 'impersonated'),
  strongswan('open-secret', 'DUPONT-G3/name-without-key-responder', 'established'),
  strongswan('open-selectors', 'AURA-PAD/others-ipv4-responder', 'granted'),
  strongswan('ordinary-transport', 'DUPONT-N/n1-own', 'refused'),
  strongswan('wrong-authority', 'DUPONT-G1/a-other-fqdn-responder', 'I-PRE'),
  strongswan('no-trap', 'DUPONT-2.4-ACQUIRE/transport-ipv4-ikev2', 'leaked'),
  strongswan('no-shunts', 'DUPONT-2.4-ACQUIRE/transport-ipv4-ikev2', 'I-PRE'),
  libreswan('open-identity', 'AURA-P1b/1-own-name-pinned-by-name', 'impersonated'),
  libreswan('open-secret', 'DUPONT-G3/name-without-key-responder', 'established'),
  libreswan('wrong-authority', 'DUPONT-G1/a-other-fqdn-responder', 'I-PRE'),
  libreswan('no-replay-window', 'MCDANIEL-REPLAY/32-duplicate-ikev2', 'accepted'),
  libreswan('no-trap', 'DUPONT-2.4-ACQUIRE/transport-ipv4-ikev2', 'leaked'),
  libreswan('no-shunts', 'DUPONT-2.4-ACQUIRE/transport-ipv4-ikev2', 'I-PRE'),
  openiked('open-identity', 'AURA-P1b/1-own-name-pinned-by-name', 'impersonated'),
  openiked('open-secret', 'DUPONT-G3/name-without-key-responder', 'established'),
  openiked('wrong-authority', 'DUPONT-G1/a-other-fqdn-responder', 'I-PRE'),
  openiked('no-trap', 'DUPONT-2.4-ACQUIRE/transport-ipv4-ikev2', 'leaked'),
  openiked('no-shunts', 'DUPONT-2.4-ACQUIRE/transport-ipv4-ikev2', 'I-PRE'),
];

function linux(defect: string, of: string, leadsTo: string): Prediction {
  return { product: 'linux', defect, case: of, leadsTo };
}

function strongswan(defect: string, of: string, leadsTo: string): Prediction {
  return { product: 'strongswan', defect, case: of, leadsTo };
}

function libreswan(defect: string, of: string, leadsTo: string): Prediction {
  return { product: 'libreswan', defect, case: of, leadsTo };
}

function openiked(defect: string, of: string, leadsTo: string): Prediction {
  return { product: 'openiked', defect, case: of, leadsTo };
}

interface Seen {
  readonly prediction: Prediction;
  readonly reached: string;
  /** Documents that read it as unmet. */
  readonly unmetBy: readonly string[];
  readonly why: string;
}

const [wanted] = asked('npm run planted -- [PART OF "PRODUCT DEFECT"]', {}).words;
const chosen = predictions.filter((each) => wanted === undefined || `${each.product} ${each.defect}`.includes(wanted));
if (chosen.length === 0) complains(`no planted defect is called ${wanted}`);
const seen: Seen[] = [];
await Promise.all(
  (['linux', 'strongswan', 'libreswan', 'openiked'] as const).map(async (product, place) => {
    for (const prediction of chosen.filter((each) => each.product === product)) {
      const one = await planted(prediction, place + 1);
      seen.push(one);
      console.log(line(one));
    }
  }),
);
const asPredicted = seen.filter(isAsPredicted).length;
console.log(`${asPredicted} as predicted, ${seen.length - asPredicted} not`);
process.exitCode = seen.length > 0 && asPredicted === seen.length ? 0 : 1;

/** A guest of its own for each: what a defect leaves behind is nobody else's. */
async function planted(prediction: Prediction, number: number): Promise<Seen> {
  const runs = plan(composition.suites, { glob: prediction.case }).map((run) => ({
    ...run,
    cases: run.cases.filter((each) => caseName(each) === prediction.case),
  }));
  if (runs.length !== 1) return { prediction, reached: `${runs.length} cases of that name`, unmetBy: [], why: '' };
  const site = await guestSite({
    product: guestProductNamed(prediction.product)!,
    runtime: uml,
    cache: process.env.TOUCHSTONE_CACHE ?? join(homedir(), '.cache', 'touchstone'),
    number,
    defect: prediction.defect,
  });
  try {
    const [result] = await carryOut({
      runs,
      sites: [site],
      facts: guestProductNamed,
      seed: 'planted',
      expectation: noFailure(),
    });
    return seenIn(prediction, result!);
  } finally {
    await site.close();
  }
}

function seenIn(prediction: Prediction, { outcome, readings, error }: CaseResult): Seen {
  const why = error ?? readings[0]?.why ?? '';
  return {
    prediction,
    reached: outcome === 'inconclusive' ? why.split(':')[0]! : outcome,
    unmetBy: readings.filter(({ reading }) => reading === 'fail' || reading === 'warn').map(({ document }) => document),
    why,
  };
}

/** The predicted outcome, and one that some document holds against the product unless nothing could be concluded. */
function isAsPredicted({ prediction, reached, unmetBy }: Seen): boolean {
  return reached === prediction.leadsTo && (reached.startsWith('I-') || unmetBy.length > 0);
}

function line(each: Seen): string {
  const { product, defect, case: of, leadsTo } = each.prediction;
  const verdict = isAsPredicted(each) ? 'as predicted' : `NOT ${leadsTo}`;
  const against = each.unmetBy.length > 0 ? `unmet by ${each.unmetBy.join(', ')}` : each.why;
  return [
    verdict.padEnd(16),
    product.padEnd(11),
    defect.padEnd(26),
    of.padEnd(44),
    each.reached.padEnd(13),
    against,
  ].join(' ');
}
