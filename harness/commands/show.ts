/** `touchstone show CASE`: everything a case is before it runs: intent, the product's own configuration, question, readings, mutants. */
import type { Product } from '../products/product.ts';
import {
  caseName,
  intentOf,
  type PlannedCase,
  type PlannedRun,
  plan,
  subjectOf,
  unsupportedReason,
} from '../run/plan.ts';
import { documentReadingOf } from '../run/verdict.ts';
import { unknown } from '../usage-fault.ts';
import type { Suite } from '../vocabulary/scenario.ts';
import type { Composition } from './composition.ts';
import type { Surroundings } from './surroundings.ts';

export function show(
  name: string,
  product: Product | undefined,
  { suites }: Composition,
  { out, paint }: Surroundings,
): 0 {
  const { run, planned } = named(name, suites);
  const intent = intentOf(run);
  out(`${paint.bold(caseName(planned))}  ${planned.title}`);
  out(`suite ${planned.suite}, scenario ${planned.scenario}: ${run.scenario.title}\n`);
  out(paint.bold('Readings'));
  for (const reading of planned.reads) {
    const of = planned.question.outcomes
      .map((outcome) => `${outcome} → ${documentReadingOf(reading, outcome)}`)
      .join(', ');
    out(`  ${reading.document} ${reading.section} ${reading.level} (${reading.addressee}): ${of}`);
  }
  out(`\n${paint.bold('The reference answers')} ${planned.lawful}`);
  out(paint.bold('Mutants that turn it'));
  for (const [mutant, outcome] of planned.turnedBy)
    out(`  ${mutant.name} → ${outcome}  (${mutant.rule}: ${mutant.says})`);
  out(`\n${paint.bold('Intent')}\n${JSON.stringify(intent, undefined, 1)}`);
  if (product) {
    const reason = unsupportedReason(run, product);
    out(`\n${paint.bold(`Configuration of ${product.name}`)}`);
    out(reason === undefined ? product.rendered(subjectOf(run)) : `unsupported: ${reason}`);
  }
  return 0;
}

function named(name: string, suites: readonly Suite[]): { run: PlannedRun; planned: PlannedCase } {
  const all = plan(suites).flatMap((run) => run.cases.map((planned) => ({ run, planned })));
  const found =
    all.find(({ planned }) => caseName(planned).toLowerCase() === name.toLowerCase()) ??
    all.find(({ planned }) => planned.id.toLowerCase() === name.toLowerCase());
  if (!found)
    throw unknown(
      'case',
      name,
      all.map(({ planned }) => caseName(planned)),
    );
  return found;
}
