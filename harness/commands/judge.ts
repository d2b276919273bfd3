/** `touchstone judge CAPTURE…`: captures that strangers made, judged by the questions that need nobody's cooperation. */
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { type FoundKeys, faultText, readKeys } from '../capture/keys/read-keys.ts';
import { writeWhole } from '../files/file.ts';
import { makeWritableFolder } from '../files/folder.ts';
import { version } from '../installation.ts';
import type { JudgedCapture } from '../run/capture-judge.ts';
import { caseName, globPattern } from '../run/case-name.ts';
import { asBaseline, asBefore, type Expectation, noFailure, readBaseline } from '../run/expectation.ts';
import { judgedCapture } from '../run/judged-capture.ts';
import type { CaseResult, ProductRun, RunResult } from '../run/result.ts';
import { resultText } from '../run/result-document.ts';
import { summaryOf } from '../run/summary.ts';
import { requireKnown, UsageFault, unknown, unmatched } from '../usage-fault.ts';
import type { AnyCaptureQuestion } from '../vocabulary/capture-question.ts';
import type { Composition } from './composition.ts';
import { countsText, sayWhatChanged } from './concluded.ts';
import { earlierRun } from './expectations.ts';
import { named } from './named.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export interface JudgeOptions {
  /** Files or folders. */
  readonly keys: readonly string[];
  readonly requirement?: readonly string[] | undefined;
  readonly out?: string | undefined;
  readonly replace?: boolean | undefined;
  readonly by: readonly string[];
  readonly baseline?: string | undefined;
  readonly formats: readonly string[];
  readonly json?: boolean | undefined;
}

export async function judge(
  paths: readonly string[],
  options: JudgeOptions,
  composition: Composition,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const questions = selected(composition.captureQuestions, options.requirement);
  const earlier = earlierRun(options);
  const expectationOf = expectationsOf(options, earlier);
  requireFormats(options, composition);
  if (paths.filter((path) => path === '-').length > 1) throw new UsageFault('standard input (-) can be read once');
  const out = options.out === undefined ? undefined : folderFor(options.out, options.replace ?? false);
  const keys = keysOf(options.keys, surroundings);
  const startedAt = new Date().toISOString();
  const names = namesOf(paths);
  const products: ProductRun[] = [];
  const cases: CaseResult[] = [];
  let damaged = 0;
  for (const [place, path] of paths.entries()) {
    const name = names[place]!;
    const began = performance.now();
    const progress = progressOf(name, surroundings);
    const { signal } = surroundings;
    const openingThread = availableParallelism() > 1 ? composition.openingThread : undefined;
    const judged = await judgedCapture(
      path,
      { name, keys, questions, expectation: expectationOf(name) },
      { signal, progress, openingThread },
    ).finally(() => surroundings.status(''));
    if (judged.count.faults > 0) damaged++;
    products.push({ name, version: 'capture', runtime: 'capture', kernel: '', honesty: [], remarks: judged.remarks });
    cases.push(...judged.cases);
    tell(name, judged, performance.now() - began, surroundings);
  }
  const result: RunResult = {
    schema: 'touchstone-result/1',
    touchstone: version,
    seed: 'none',
    startedAt,
    finishedAt: new Date().toISOString(),
    products,
    summary: summaryOf(cases, damaged > 0),
    cases,
  };
  if (options.json) surroundings.out(resultText(result).trimEnd());
  if (earlier) sayWhatChanged(earlier, result, options, surroundings);
  conclude(result, damaged, surroundings);
  if (out !== undefined) {
    writeWhole(join(out, RESULT), resultText(result));
    surroundings.err(`result: ${join(out, RESULT)}`);
    const since = earlier && { earlier: dirname(options.baseline!) };
    for (const file of composition.reports.write(out, options.formats, out, since)) surroundings.err(`report: ${file}`);
  }
  if (damaged > 0) return 3;
  return result.summary.unexpected > 0 ? 1 : 0;
}

/** Throws `UsageFault` for a pattern that no question is of. */
function selected(
  questions: readonly AnyCaptureQuestion[],
  globs: readonly string[] | undefined,
): readonly AnyCaptureQuestion[] {
  if (globs === undefined) return questions;
  const ids = [...new Set(questions.map(({ id }) => id))];
  const patterns = globs.map((glob) => {
    const pattern = globPattern(glob);
    if (!ids.some((id) => pattern.test(id)))
      throw /[*?]/.test(glob)
        ? unmatched('requirement that a capture settles', glob, ids)
        : unknown('requirement that a capture settles', glob, ids);
    return pattern;
  });
  return questions.filter(({ id }) => patterns.some((pattern) => pattern.test(id)));
}

/** By capture: the earlier result, or one baseline of them all. */
function expectationsOf({ by, baseline }: JudgeOptions, earlier: RunResult | undefined): (name: string) => Expectation {
  const otherwise = noFailure(by);
  if (earlier) return (name) => asBefore(earlier, name, otherwise);
  if (baseline === undefined) return () => otherwise;
  const given = asBaseline(
    named('--baseline', () => readBaseline(baseline)),
    otherwise,
  );
  return () => given;
}

function requireFormats({ formats, by }: JudgeOptions, { reports, documents }: Composition): void {
  requireKnown('format', formats, reports.formats);
  requireKnown(
    'document',
    by,
    documents.all.map(({ id }) => id),
  );
}

/** A folder is the person's own: an earlier result in it is only given up where that was meant. */
function folderFor(asked: string, replace: boolean): string {
  const out = resolve(asked);
  if (existsSync(join(out, RESULT)) && !replace)
    throw new UsageFault(`--out ${asked}: a result is in it, which would be lost; --replace gives it up`);
  named('--out', () => makeWritableFolder(out));
  return out;
}

/** Of all folders and files together. What is wrong in them is said, and takes nothing from the rest: what a key would have opened is inconclusive. */
function keysOf(paths: readonly string[], { err, paint }: Surroundings): FoundKeys {
  const found = paths.map((path) => ({ path, ...named('--keys', () => readKeys(path)) }));
  for (const { path, faults } of found) {
    const other = faults.filter(({ file, line }) => line === undefined && file !== path);
    for (const fault of faults.filter((each) => !other.includes(each))) err(paint.yellow(`--keys ${faultText(fault)}`));
    if (other.length > 0)
      err(paint.dim(`--keys ${path}: no keys are in ${other.map(({ file }) => basename(file)).join(', ')}`));
  }
  const keys = {
    keys: found.flatMap((each) => each.keys),
    secrets: found.flatMap((each) => each.secrets),
    policies: found.flatMap((each) => each.policies),
    faults: found.flatMap((each) => each.faults),
  };
  if (paths.length > 0 && keys.keys.length + keys.secrets.length === 0)
    err(
      paint.yellow(
        `--keys ${paths.join(' ')}: there is no key in it that Touchstone can use: what is in clear is judged`,
      ),
    );
  return keys;
}

/** The names of the files, with their folders where two have the same. */
function namesOf(paths: readonly string[]): readonly string[] {
  const plain = paths.map((path) => (path === '-' ? 'standard input' : basename(path)));
  const distinct = paths.map((path, i) =>
    plain.indexOf(plain[i]!) === plain.lastIndexOf(plain[i]!) ? plain[i]! : path,
  );
  return distinct.map((name, i) => (distinct.indexOf(name) === i ? name : `${name} (${i + 1})`));
}

/** For a file that takes its time. */
function progressOf(name: string, { status }: Surroundings) {
  let said = performance.now();
  return (items: number, octets: number): void => {
    const now = performance.now();
    if (now - said < STATUS_EVERY) return;
    said = now;
    status(`${name}: ${items} records, ${Math.round(octets / 2 ** 20)} MiB`);
  };
}

function tell(
  name: string,
  { cases, count, remarks }: JudgedCapture,
  durationMs: number,
  surroundings: Surroundings,
): void {
  const { err, paint } = surroundings;
  for (const each of cases) {
    const readings = each.readings.map(({ document, reading }) => `${document} ${reading}`).join(', ');
    const outcome = paint[each.expected ? 'green' : 'red'](each.outcome.padEnd(OUTCOME));
    const why = each.outcome === 'inconclusive' ? `  ${paint.dim(each.readings[0]?.why ?? '')}` : '';
    err(`${caseName(each)} ${outcome} ${readings}${why}`);
  }
  for (const remark of remarks) err(paint.yellow(`${name}: ${remark}`));
  err(
    `${name}: ${count.packets} packets in ${count.records} records, ${cases.length} cases, ${(durationMs / 1000).toFixed(1)} s`,
  );
}

function conclude({ summary, cases }: RunResult, damaged: number, { err, paint }: Surroundings): void {
  const says = countsText(cases) || 'nothing in it that a capture alone can settle';
  err(
    `${paint.bold(`${summary.cases} ${summary.cases === 1 ? 'case' : 'cases'}`)}, ${summary.unexpected} unexpected: ${says}`,
  );
  if (damaged > 0) {
    const captures = damaged === 1 ? '1 capture is' : `${damaged} captures are`;
    err(paint.red(`${captures} damaged: what could be read was judged, and more may be missing`));
  }
}

const RESULT = 'result.json';
/** Milliseconds. */
const STATUS_EVERY = 500;
/** Columns. */
const OUTCOME = 12;
