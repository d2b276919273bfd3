/** What is said of a case in one word, although several documents read it: the gravest of what they say. */
import type { CaseResult, ReadingKind } from './result.ts';

/** A case that no document reads may still have ended in an error. */
export type CaseMark = ReadingKind | 'error';

/** The most serious thing any document says of a case, by which it is sorted and counted. */
export function gravest(each: Pick<CaseResult, 'error' | 'outcome' | 'readings'>): CaseMark {
  if (each.error !== null || each.outcome === 'error') return 'error';
  const said = new Set<CaseMark>(each.readings.map((reading) => reading.reading));
  return byGravity.find((mark) => said.has(mark)) ?? (each.outcome === 'unsupported' ? 'unsupported' : 'observed');
}

/** How many there are of each mark, what is best first; of those that there are. */
export function countedByGravity(marks: readonly CaseMark[]): readonly (readonly [count: number, mark: CaseMark])[] {
  return byGravity
    .toReversed()
    .map((mark) => [marks.filter((each) => each === mark).length, mark] as const)
    .filter(([count]) => count > 0);
}

export const byGravity: readonly CaseMark[] = [
  'error',
  'fail',
  'inconclusive',
  'warn',
  'observed',
  'unsupported',
  'pass',
];
