/** Counts of a run, for the foot of a terminal and the head of a report. */
import type { CaseResult, Summary } from './result.ts';

export function summaryOf(cases: readonly CaseResult[], interrupted: boolean): Summary {
  const readings = { pass: 0, fail: 0, warn: 0, inconclusive: 0, unsupported: 0, observed: 0, error: 0 };
  for (const each of cases) {
    if (each.outcome === 'error') readings.error++;
    for (const { reading } of each.readings) readings[reading]++;
  }
  return { cases: cases.length, readings, unexpected: cases.filter(({ expected }) => !expected).length, interrupted };
}
