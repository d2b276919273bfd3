/** For tests: one case as a run reports it, of which a test says what it is about. */
import type { CaseResult } from './result.ts';

export function caseResult(said: Partial<CaseResult> & Pick<CaseResult, 'id'>): CaseResult {
  return {
    variant: '',
    suite: '',
    title: '',
    product: '',
    requirements: [said.id],
    dimensions: {},
    outcome: '',
    readings: [],
    controls: [],
    evidence: [],
    durationMs: 1,
    bundle: null,
    error: null,
    expected: true,
    ...said,
  };
}
