import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { suites } from '../../suites/suites.ts';
import { carryOut } from './campaign.ts';
import { noFailure } from './expectation.ts';
import { plan } from './plan.ts';
import type { RunResult } from './result.ts';
import { resultDocument, resultJsonSchema, resultText } from './result-document.ts';
import { memorySite } from './site.ts';
import { summaryOf } from './summary.ts';

describe('result.json', () => {
  it('follows the schema that is published beside it', () => {
    const published: unknown = JSON.parse(readFileSync(new URL('result.schema.json', import.meta.url), 'utf8'));
    expect(resultJsonSchema()).to.deep.equal(published);
  });

  it('of a real run is such a document, and a field that is missing is named', async () => {
    const runs = plan(suites, { requirement: 'DUPONT-C2a' }).slice(0, 1);
    const cases = await carryOut({
      runs,
      sites: [memorySite()],
      facts: () => undefined,
      seed: '1',
      expectation: noFailure(),
    });
    const now = new Date(0).toISOString();
    const result: RunResult = {
      schema: 'touchstone-result/1',
      touchstone: '0',
      seed: '1',
      startedAt: now,
      finishedAt: now,
      products: [{ name: 'reference', version: '0', runtime: 'memory', kernel: 'none', honesty: [] }],
      summary: summaryOf(cases, false),
      cases,
    };
    expect(JSON.parse(resultText(result))).to.deep.equal(JSON.parse(JSON.stringify(result)));
    const { outcome: _outcome, ...without } = cases[0]!;
    const read = resultDocument.safeParse({ ...result, cases: [without] });
    expect(read.error?.issues.map(({ path }) => path.join('.'))).to.deep.equal(['cases.0.outcome']);
  });
});
