/** `touchstone list`: the cases there are, or the catalogue's entries that no case tests yet, each with its reason. */
import type { Product } from '../products/product.ts';
import { caseName } from '../run/case-name.ts';
import {
  omissionsOfPlan,
  type PlannedRun,
  plan,
  type Selection,
  subjectOf,
  suited,
  unsupportedReason,
} from '../run/plan.ts';
import { documentReadingOf } from '../run/verdict.ts';
import { columnOf } from './column.ts';
import type { Composition } from './composition.ts';
import type { Surroundings } from './surroundings.ts';

export interface ListOptions extends Selection {
  readonly product?: Product | undefined;
  readonly json?: boolean | undefined;
}

/** Every entry of the catalogue that no case tests, and every point that is left out. */
export function listUntested(
  { json }: { readonly json?: boolean | undefined },
  { suites, untested }: Composition,
  { out, paint }: Surroundings,
): 0 {
  const left = [
    ...untested(plan(suites).flatMap((run) => run.cases)),
    ...omissionsOfPlan(suites).map((each) => ({ id: caseName(each), why: each.why })),
  ];
  const width = columnOf(left.map(({ id }) => id));
  if (json) out(JSON.stringify(left, undefined, 1));
  else for (const { id, why } of left) out(`${paint.bold(id.padEnd(width))} ${why}`);
  return 0;
}

export function list(options: ListOptions, { suites }: Composition, { out, paint }: Surroundings): 0 {
  const runs = plan(suites, options);
  if (options.json)
    out(
      JSON.stringify(
        runs.flatMap((run) => listed(run, options.product)),
        undefined,
        1,
      ),
    );
  else {
    const width = columnOf(runs.flatMap(({ cases }) => cases.map(caseName)));
    for (const run of runs) printRun(run, width, options.product, { out, paint });
  }
  return 0;
}

/** The cases of a run as scripts read them. */
export function listed(run: PlannedRun, product: Product | undefined) {
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
    ...(each.question.reported && { reported: each.question.reported }),
    ...(product && {
      product: product.name,
      planned: reason === undefined,
      ...(reason !== undefined && { unsupported: reason }),
    }),
  }));
}

function printRun(
  run: PlannedRun,
  width: number,
  product: Product | undefined,
  { out, paint }: Pick<Surroundings, 'out' | 'paint'>,
): void {
  const reason = product && unsupportedReason(suited(run, product), product);
  for (const each of run.cases) {
    const state = reason === undefined ? '' : paint.yellow(`  unsupported: ${reason}`);
    out(`${paint.bold(caseName(each).padEnd(width))} ${each.title}${state}`);
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
