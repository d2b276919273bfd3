/** `touchstone list`: the cases there are, or the catalogue's entries that no case tests yet, each with its reason. */
import type { Product } from '../products/product.ts';
import {
  caseName,
  omissionsOfPlan,
  type PlannedRun,
  plan,
  type Selection,
  subjectOf,
  suited,
  unsupportedReason,
} from '../run/plan.ts';
import { documentReadingOf } from '../run/verdict.ts';
import type { Composition } from './composition.ts';
import type { Surroundings } from './surroundings.ts';

export interface ListOptions extends Selection {
  readonly product?: Product | undefined;
  readonly untested?: boolean | undefined;
  readonly json?: boolean | undefined;
}

export function list(options: ListOptions, { suites, untested }: Composition, { out, paint }: Surroundings): 0 {
  if (options.untested) {
    const left = [
      ...untested(plan(suites).flatMap((run) => run.cases)),
      ...omissionsOfPlan(suites).map((each) => ({ id: caseName(each), why: each.why })),
    ];
    if (options.json) out(JSON.stringify(left, undefined, 1));
    else for (const { id, why } of left) out(`${paint.bold(id.padEnd(52))} ${why}`);
    return 0;
  }
  const runs = plan(suites, options);
  if (options.json)
    out(
      JSON.stringify(
        runs.flatMap((run) => listed(run, options.product)),
        undefined,
        1,
      ),
    );
  else for (const run of runs) printRun(run, options.product, { out, paint });
  return 0;
}

function listed(run: PlannedRun, product: Product | undefined) {
  const reason = product && unsupportedReason(suited(run, product), product);
  return run.cases.map((each) => ({
    id: each.id,
    variant: each.variant,
    suite: each.suite,
    title: each.title,
    requirements: [each.id],
    dimensions: each.point,
    needs: needsOf(run),
    outcomes: each.question.outcomes,
    lawful: each.lawful,
    readings: each.reads.map((reading) => ({
      document: reading.document,
      section: reading.section,
      level: reading.level,
      addressee: reading.addressee,
      of: Object.fromEntries(each.question.outcomes.map((outcome) => [outcome, documentReadingOf(reading, outcome)])),
    })),
    turnedBy: each.turnedBy.map(([mutant, outcome]) => ({ mutant: mutant.name, outcome })),
    alsoKnownAs: each.alsoKnownAs,
    ...(product && {
      product: product.name,
      planned: reason === undefined,
      ...(reason !== undefined && { unsupported: reason }),
    }),
  }));
}

function printRun(
  run: PlannedRun,
  product: Product | undefined,
  { out, paint }: Pick<Surroundings, 'out' | 'paint'>,
): void {
  const reason = product && unsupportedReason(suited(run, product), product);
  for (const each of run.cases) {
    const state = reason === undefined ? '' : paint.yellow(`  unsupported: ${reason}`);
    out(`${paint.bold(caseName(each).padEnd(52))} ${each.title}${state}`);
  }
}

/** What an intent asks of a product, in a few words. */
function needsOf(run: PlannedRun): readonly string[] {
  const nut = subjectOf(run);
  const needs = [
    nut.manual.length > 0 && 'manual-keys',
    nut.ike.length > 0 && 'ikev2',
    nut.spd.some(({ action }) => typeof action === 'object' && action.mode === 'tunnel') && 'tunnel',
    nut.spd.some(({ action }) => typeof action === 'object' && action.mode === 'transport') && 'transport',
    JSON.stringify(nut.spd).includes(':') && JSON.stringify(nut.spd).includes('::') && 'ipv6',
  ];
  return needs.filter((need) => need !== false);
}
