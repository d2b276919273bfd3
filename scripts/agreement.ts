/**
 * `npm run agreement -- DIR`: every bundle below the folder is judged as if a stranger had made its `case.pcapng`, with the key tables beside it, and set beside what was judged
 * live: wherever both settle what a sentence of a document says of the node under test, they must agree. Ends with 1 where they do not.
 */
import { join } from 'node:path';
import { readBundle } from '../harness/capture/bundle.ts';
import { readKeys } from '../harness/capture/keys/read-keys.ts';
import { noFailure } from '../harness/run/expectation.ts';
import { judgedCapture } from '../harness/run/judged-capture.ts';
import { bundlesBelow } from '../harness/run/rejudge.ts';
import type { CaseResult } from '../harness/run/result.ts';
import { compared } from '../suites/captures/agreement.test-support.ts';
import { addressesOfTested } from '../suites/captures/kills.test-support.ts';
import { captureQuestions } from '../suites/captures/questions.ts';
import { asked, complains } from './asked.ts';

const [directory] = asked('npm run agreement -- DIR', {}).words;
if (directory === undefined) complains('there is no DIR');

const { folders } = await bundlesBelow(directory);
let cases = 0;
let settled = 0;
let disagreeing = 0;
for (const folder of folders) {
  const { transcript, cases: live } = readBundle(folder);
  const judging = { name: folder, keys: readKeys(folder), questions: captureQuestions, expectation: noFailure() };
  const captured = await judgedCapture(join(folder, 'case.pcapng'), judging);
  cases += captured.cases.length;
  for (const each of live as readonly CaseResult[]) {
    const found = compared(transcript.scenario, each, captured.cases, addressesOfTested(transcript));
    settled += found.settled;
    disagreeing += found.disagreements.length;
    for (const says of found.disagreements) console.log(`${folder}: ${says}`);
  }
}
console.log(
  `${folders.length} bundles, ${cases} cases of captures, ${settled} sentences settled by both, ${disagreeing} disagree`,
);
process.exit(disagreeing > 0 ? 1 : 0);
