/** The result table of an application, in which all passes are clearly marked, and what a run does not cover. Pure. */
import { caseName } from '../run/case-name.ts';
import { gravest } from '../run/gravity.ts';
import type { CaseResult } from '../run/result.ts';

/** A case of a run that covers a test of the logo. */
export interface Covered {
  readonly id: string;
  readonly result: CaseResult;
}

export type Mark = 'PASS' | 'FAIL' | 'WARN' | 'OBSERVED' | 'NOT JUDGED';

/** What a test came to: where no sentence asks for anything it is only observed; a case that was not played, or whose controls did not hold, says nothing of the product. */
export function markOf(result: CaseResult): Mark {
  const mark = gravest(result);
  if (['inconclusive', 'unsupported', 'error'].includes(result.outcome) || mark === 'error') return 'NOT JUDGED';
  if (mark === 'fail') return 'FAIL';
  if (mark === 'warn') return 'WARN';
  return result.readings.some(({ reading }) => reading === 'pass') ? 'PASS' : 'OBSERVED';
}

export function tableOf(covered: readonly Covered[]): string {
  const rows = covered.map(({ id, result }) => [id, markOf(result), caseName(result), result.outcome]);
  return `${[['test', 'result', 'case', 'outcome'], ...rows].map((row) => row.join('\t')).join('\n')}\n`;
}

export interface Uncovered {
  readonly id: string;
  readonly why: string;
}

/** In the order of the ids. `known` are those that some case covers; `listed` those of a list that was given. */
export function uncoveredOf(
  covered: readonly Covered[],
  known: ReadonlyMap<string, readonly string[]>,
  listed: readonly string[],
): readonly Uncovered[] {
  const judged = new Set(covered.filter(({ result }) => markOf(result) !== 'NOT JUDGED').map(({ id }) => id));
  const there = new Map(covered.map(({ id, result }) => [id, result]));
  const names = [...new Set([...known.keys(), ...listed])].filter((id) => !judged.has(id)).sort();
  return names.map((id) => {
    const result = there.get(id);
    const cases = known.get(id);
    if (result) return { id, why: `${caseName(result)}: ${result.outcome}` };
    return { id, why: cases ? `not in this run: ${cases.join(', ')}` : 'no case covers it' };
  });
}
