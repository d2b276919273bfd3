/** A folder in which only the journal says what was measured, because the harness was killed: its `result.json` is made from that. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeWhole } from '../files/file.ts';
import { JOURNAL, readJournal } from '../run/journal.ts';
import { resultText } from '../run/result-document.ts';
import { summaryOf } from '../run/summary.ts';
import { UsageFault } from '../usage-fault.ts';

/** What was done, in words; nothing where there is a result. Throws `FileFault`, and `UsageFault` for a folder that no run has written to. */
export function completedFromJournal(folder: string): readonly string[] {
  const file = join(folder, 'result.json');
  if (existsSync(file)) return [];
  const journaled = existsSync(folder) ? readJournal(folder) : undefined;
  if (!journaled)
    throw new UsageFault(`${folder}: wanted the folder of a run, with result.json or ${JOURNAL}, had neither`);
  const { header, products, results } = journaled;
  const cases = [...results.values()].flat();
  const text = resultText({
    schema: 'touchstone-result/1',
    touchstone: header.touchstone,
    seed: header.seed,
    startedAt: header.startedAt,
    finishedAt: new Date().toISOString(),
    products: [...products.values()],
    summary: summaryOf(cases, true),
    cases,
  });
  writeWhole(file, text);
  return [
    `${file}: made from ${JOURNAL}, ${cases.length} of ${header.cases * header.products.length} cases; go on with --resume ${folder}`,
  ];
}
