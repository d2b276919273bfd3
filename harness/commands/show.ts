/** `touchstone show CASE`: everything a case is before it runs: intent, the product's own configuration, question, readings, mutants, and where people have met it. */
import type { Product } from '../products/product.ts';
import { caseName } from '../run/case-name.ts';
import {
  intentOf,
  type PlannedCase,
  type PlannedRun,
  plan,
  subjectOf,
  suited,
  unsupportedReason,
} from '../run/plan.ts';
import { documentReadingOf } from '../run/verdict.ts';
import { unknown } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import { listed } from './list.ts';
import { titleOf } from './list-documents.ts';
import type { Surroundings } from './surroundings.ts';
import { untestedFault } from './untested-fault.ts';

export interface ShowOptions {
  readonly product?: Product | undefined;
  readonly json?: boolean | undefined;
}

export function show(
  name: string,
  { product, json }: ShowOptions,
  composition: Composition,
  { out, err, paint }: Surroundings,
): 0 {
  const { run: asPlanned, planned, others } = named(name, composition);
  const run = product ? suited(asPlanned, product) : asPlanned;
  if (others > 0)
    err(`the first of ${others + 1} cases of ${planned.id}: touchstone list --requirement ${planned.id} names them`);
  const read = composition.documents.all.filter(({ id }) => planned.reads.some(({ document }) => document === id));
  const reason = product && unsupportedReason(run, product);
  const configuration = product && reason === undefined ? product.rendered(subjectOf(run)) : undefined;
  if (json) {
    const [listedCase] = listed({ ...run, cases: [planned] }, product);
    const { scenario } = run;
    const turnedBy = planned.turnedBy.map(([{ name: mutant, rule, says }, outcome]) => ({
      mutant,
      outcome,
      rule,
      says,
    }));
    const beside = { scenario: { name: scenario.name, title: scenario.title }, documents: read, turnedBy };
    out(JSON.stringify({ ...listedCase, ...beside, intent: intentOf(run), configuration }, undefined, 1));
    return 0;
  }
  out(`${paint.bold(caseName(planned))}  ${planned.title}`);
  out(`suite ${planned.suite}, scenario ${planned.scenario}: ${run.scenario.title}\n`);
  out(paint.bold('Readings'));
  for (const reading of planned.reads) {
    const of = planned.question.outcomes
      .map((outcome) => `${outcome} → ${documentReadingOf(reading, outcome)}`)
      .join(', ');
    out(`  ${reading.document} ${reading.section} ${reading.level} (${reading.addressee}): ${of}`);
  }
  for (const document of read) out(`  ${document.id} is ${titleOf(document)}`);
  if (planned.question.reported) out(`\n${paint.bold('Reported')}`);
  for (const { as, says, link } of planned.question.reported ?? []) out(`  ${as}: ${says}\n    ${link}`);
  out(`\n${paint.bold('The reference answers')} ${planned.lawful}`);
  out(paint.bold('Mutants that turn it'));
  for (const [mutant, outcome] of planned.turnedBy)
    out(`  ${mutant.name} → ${outcome}  (${mutant.rule}: ${mutant.says})`);
  out(`\n${paint.bold('Intent')}\n${JSON.stringify(intentOf(run), undefined, 1)}`);
  if (product) {
    out(`\n${paint.bold(`Configuration of ${product.name}`)}`);
    out(configuration ?? `unsupported: ${reason}`);
  }
  return 0;
}

function named(name: string, composition: Composition): { run: PlannedRun; planned: PlannedCase; others: number } {
  const { suites } = composition;
  const all = plan(suites).flatMap((run) => run.cases.map((planned) => ({ run, planned })));
  const found = all.find(({ planned }) => caseName(planned).toLowerCase() === name.toLowerCase());
  if (found) return { ...found, others: 0 };
  const [first, ...rest] = all.filter(({ planned }) => planned.id.toLowerCase() === name.toLowerCase());
  if (first) return { ...first, others: rest.length };
  // Of an ID that there is, only the variant is unknown.
  const variants = all.filter(({ planned }) => name.toLowerCase().startsWith(`${planned.id.toLowerCase()}/`));
  throw (
    untestedFault(name, composition) ??
    unknown(
      'case',
      name,
      (variants.length > 0 ? variants : all).map(({ planned }) => caseName(planned)),
    )
  );
}
