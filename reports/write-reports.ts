/** From the folder of a run to the files people and machines read. What a run recorded is read here; each format is made by a pure function of the model. */
import { isAbsolute, join, relative } from 'node:path';
import type { Transcript } from '../harness/capture/transcript.ts';
import { writeWhole } from '../harness/files/file.ts';
import { makeWritableFolder } from '../harness/files/folder.ts';
import type { OpenedBuffer } from '../harness/judge/opened-frame.ts';
import { OpenedLog } from '../harness/judge/opened-log.ts';
import { recordedRun } from '../harness/judge/recorded-run.ts';
import { whereabouts } from '../harness/judge/whereabouts.ts';
import { readResult } from '../harness/run/result-document.ts';
import { unknown } from '../harness/usage-fault.ts';
import { findingsMarkdown } from './findings.ts';
import { htmlReport } from './html/html-report.ts';
import { baselineJson } from './json/baseline.ts';
import { comparisonJson } from './json/comparison.ts';
import { jsonReport } from './json/json.ts';
import { matrixJson } from './json/matrix.ts';
import { junitXml } from './junit/junit.ts';
import { comparisonMarkdown } from './markdown/comparison.ts';
import { matrixMarkdown } from './markdown/matrix.ts';
import { modesMarkdown } from './markdown/modes.ts';
import { markdownSummary } from './markdown/summary.ts';
import { bundlesOf, type Recorded, type RecordedRun, type ReportModel } from './model.ts';

/** The name of a format and the file it becomes. */
export const formats = {
  html: { file: 'report.html', make: htmlReport },
  junit: { file: 'junit.xml', make: ({ result }: ReportModel) => junitXml(result) },
  json: { file: 'report.json', make: ({ result }: ReportModel) => jsonReport(result) },
  markdown: { file: 'summary.md', make: ({ result }: ReportModel) => markdownSummary(result) },
  findings: { file: 'FINDINGS.md', make: ({ result }: ReportModel) => findingsMarkdown(result) },
  modes: { file: 'modes.md', make: ({ result, beside = [] }: ReportModel) => modesMarkdown([result, ...beside]) },
  comparison: { file: 'comparison.md', make: comparisonMarkdown },
  baseline: { file: 'baseline.json', make: ({ result }: ReportModel) => baselineJson(result) },
  matrix: { file: 'matrix.md', make: matrixMarkdown },
  'matrix-json': { file: 'matrix.json', make: matrixJson },
  'comparison-json': { file: 'comparison.json', make: comparisonJson },
} as const;

export type Format = keyof typeof formats;

/**
 * Writes each format of the run in `resultFolder` (where `result.json` is) to `outFolder` and gives the paths of the files; with an `earlier` run, what
 * changed since; with runs `beside` it, their products in the table of modes. A bundle that is missing or damaged is said so on the page of its cases. Throws `UsageFault` for a format that is none of ours, and `FileFault` or `UsageFault` for a
 * folder without a result.
 */
export function writeReports(
  resultFolder: string,
  wanted: readonly string[],
  outFolder: string,
  others: { readonly earlier?: string | undefined; readonly beside?: readonly string[] | undefined } = {},
): readonly string[] {
  const chosen = wanted.map(formatNamed);
  const withRuns = chosen.includes('html');
  const earlier = others.earlier === undefined ? undefined : readRecorded(others.earlier, outFolder, withRuns);
  const beside = (others.beside ?? []).map((folder) => readRecorded(folder, outFolder, false).result);
  const model = { ...readRecorded(resultFolder, outFolder, withRuns), ...(earlier && { earlier }), beside };
  makeWritableFolder(outFolder);
  return chosen.map((format) => {
    const path = join(outFolder, formats[format].file);
    writeWhole(path, formats[format].make(model));
    return path;
  });
}

function formatNamed(name: string): Format {
  if (Object.hasOwn(formats, name)) return name as Format;
  throw unknown('format', name, Object.keys(formats));
}

function readRecorded(folder: string, outFolder: string, withRuns: boolean): Recorded {
  const result = readResult(join(folder, 'result.json'));
  const bundles = withRuns ? bundlesOf(result) : [];
  const runs = {
    *[Symbol.iterator]() {
      for (const bundle of bundles) yield readRun(folder, bundle);
    },
  };
  return { result, runs, folder: relative(outFolder, folder) || '.' };
}

function readRun(folder: string, bundle: string): RecordedRun {
  try {
    if (isOutside(bundle)) throw new RangeError(`${bundle}: wanted a folder below that of the result`);
    const { transcript, log } = recordedRun(join(folder, bundle));
    const opened = new OpenedLog(transcript);
    return {
      bundle,
      transcript,
      log,
      opened: openedFrames(transcript, opened),
      whereabouts: whereabouts(transcript, (frame) => opened.frame(frame)),
    };
  } catch (error) {
    return { bundle, damage: (error as Error).message };
  }
}

/** A result may come from anywhere; what it names is read only below its own folder. */
const isOutside = (bundle: string): boolean => isAbsolute(bundle) || relative('.', bundle).startsWith('..');

function openedFrames(transcript: Transcript, log: OpenedLog): Map<number, readonly OpenedBuffer[]> {
  const frames = transcript.entries.filter((entry) => entry.kind === 'frame');
  return new Map(frames.map((frame) => [frame.number, log.frame(frame)!.buffers]));
}
