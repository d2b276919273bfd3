/** What is said of a case in one word, although several documents read it: the gravest of what they say. */
import type { CaseResult, ReadingKind } from './result.ts';

/** A case that no document reads may still have ended in an error. */
export type CaseMark = ReadingKind | 'error';

/** The most serious thing any document says of a case, by which it is sorted and counted. */
export function gravest(each: CaseResult): CaseMark {
  if (each.error !== null || each.outcome === 'error') return 'error';
  const said = new Set<CaseMark>(each.readings.map((reading) => reading.reading));
  return byGravity.find((mark) => said.has(mark)) ?? (each.outcome === 'unsupported' ? 'unsupported' : 'observed');
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
