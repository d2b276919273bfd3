/**
 * The composition root: the one place that names the suites, the products, the reports and what stands beside them, and hands them to the command
 * line. To add one of ours is to add it to its list; what comes from outside is named on the command line (`--product FILE`, `--suites FILE`).
 */
import { pathToFileURL } from 'node:url';
import type { Composition } from '../harness/commands/composition.ts';
import { fromSources, shipped } from '../harness/installation.ts';
import { products } from '../harness/products/catalogue.ts';
import { allMutants } from '../harness/run/all-mutants.ts';
import { conversationTests } from '../harness/run/broken-rules.ts';
import { formats, writeReports } from '../reports/write-reports.ts';
import { captureQuestions } from '../suites/captures/questions.ts';
import { documents, sources } from '../suites/requirements/documents.ts';
import { untested } from '../suites/requirements/untested.ts';
import { suites } from '../suites/suites.ts';

export const composition: Composition = {
  suites,
  captureQuestions,
  products,
  reports: { formats: Object.keys(formats), write: writeReports },
  mutants: allMutants,
  conversationTests,
  documents: { sources, all: documents },
  untested,
  thread: threadAt('thread'),
  openingThread: threadAt('opening-thread'),
};

function threadAt(name: string): URL {
  return pathToFileURL(fromSources ? shipped('bin', `${name}.mjs`) : shipped('dist', 'bin', `${name}.js`));
}
