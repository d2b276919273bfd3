/** What changed as one JSON document, for scripts (`touchstone-comparison/1`). */

import { caseName } from '../../harness/run/case-name.ts';
import type { CaseInBrief } from '../../harness/run/result.ts';
import { type Change, comparisonsOf, type Side } from '../comparison.ts';
import type { ReportModel } from '../model.ts';

export function comparisonJson({ result, earlier }: ReportModel): string {
  const comparisons = comparisonsOf(result, earlier?.result).map(
    ({ one, other, changes, same, onlyOne, onlyOther }) => ({
      one: sideOf(one),
      other: sideOf(other),
      same,
      changes: changes.map(changed),
      onlyOne: onlyOne.map(caseName),
      onlyOther: onlyOther.map(caseName),
    }),
  );
  return `${JSON.stringify({ schema: 'touchstone-comparison/1', comparisons }, null, 2)}\n`;
}

function sideOf({ run, product: { name, version, kernel, system } }: Side) {
  return { run, product: name, version, kernel, release: system?.release ?? null };
}

function changed({ one, other, kind, readings }: Change) {
  return {
    id: other.id,
    variant: other.variant,
    kind: kind ?? 'read otherwise',
    one: cameOut(one),
    other: cameOut(other),
    readings,
  };
}

function cameOut({ outcome, readings, bundle, error }: CaseInBrief) {
  const said = readings.map(({ document, section, reading, why }) => ({ document, section, reading, why }));
  return { outcome, readings: said, bundle, error };
}
