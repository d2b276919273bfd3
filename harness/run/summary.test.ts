import { expect } from 'chai';
import type { CaseResult } from './result.ts';
import { summaryOf } from './summary.ts';

describe('a summary', () => {
  it('counts cases, readings of each kind over all documents, and what was not expected', () => {
    const cases = [
      result('delivered', ['pass', 'fail'], false),
      result('dropped', ['warn', 'observed'], true),
      result('error', [], false),
    ];
    expect(summaryOf(cases, true)).to.deep.equal({
      cases: 3,
      readings: { pass: 1, fail: 1, warn: 1, inconclusive: 0, unsupported: 0, observed: 1, error: 1 },
      unexpected: 2,
      interrupted: true,
    });
  });
});

function result(outcome: string, readings: readonly string[], expected: boolean): CaseResult {
  return { outcome, expected, readings: readings.map((reading) => ({ reading })) } as unknown as CaseResult;
}
