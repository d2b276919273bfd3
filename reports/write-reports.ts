/** From the folder of a run to the files people and machines read. What a run recorded is read here; each format is made by a pure function of the model. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Transcript } from '../harness/capture/transcript.ts';
import type { OpenedBuffer } from '../harness/judge/opened-frame.ts';
import { OpenedLog } from '../harness/judge/opened-log.ts';
import { recordedRun } from '../harness/judge/recorded-run.ts';
import type { RunResult } from '../harness/run/result.ts';
import { UsageFault, unknown } from '../harness/usage-fault.ts';
import { findingsMarkdown } from './findings.ts';
import { htmlReport } from './html/html-report.ts';
import { jsonReport } from './json/json.ts';
import { junitXml } from './junit/junit.ts';
import { markdownSummary } from './markdown/summary.ts';
import type { RecordedRun, ReportModel } from './model.ts';

/** The name of a format and the file it becomes. */
export const formats = {
  html: { file: 'report.html', make: htmlReport },
  junit: { file: 'junit.xml', make: ({ result }: ReportModel) => junitXml(result) },
  json: { file: 'report.json', make: ({ result }: ReportModel) => jsonReport(result) },
  markdown: { file: 'summary.md', make: ({ result }: ReportModel) => markdownSummary(result) },
  findings: { file: 'FINDINGS.md', make: ({ result }: ReportModel) => findingsMarkdown(result) },
} as const;

export type Format = keyof typeof formats;

/**
 * Writes each format of the run in `resultFolder` (where `result.json` is) to `outFolder` and gives the paths of the files. A bundle that is missing or
 * damaged is said so on the page of its cases. Throws `UsageFault` for a
 * format that is none of ours, or a folder without a readable result.
 */
export function writeReports(resultFolder: string, wanted: readonly string[], outFolder: string): readonly string[] {
  const chosen = wanted.map(formatNamed);
  const model = readModel(resultFolder, chosen.includes('html'));
  mkdirSync(outFolder, { recursive: true });
  return chosen.map((format) => {
    const path = join(outFolder, formats[format].file);
    writeFileSync(path, formats[format].make(model));
    return path;
  });
}

function formatNamed(name: string): Format {
  if (Object.hasOwn(formats, name)) return name as Format;
  throw unknown('format', name, Object.keys(formats));
}

function readModel(folder: string, withRuns: boolean): ReportModel {
  const result = readResult(join(folder, 'result.json'));
  const bundles = new Set(result.cases.flatMap((each) => each.bundle ?? []));
  return { result, runs: withRuns ? [...bundles].map((bundle) => readRun(folder, bundle)) : [] };
}

function readRun(folder: string, bundle: string): RecordedRun {
  try {
    const { transcript, log } = recordedRun(join(folder, bundle));
    return { bundle, transcript, log, opened: openedFrames(transcript) };
  } catch (error) {
    return { bundle, damage: (error as Error).message };
  }
}

function openedFrames(transcript: Transcript): Map<number, readonly OpenedBuffer[]> {
  const log = new OpenedLog(transcript);
  const frames = transcript.entries.filter((entry) => entry.kind === 'frame');
  return new Map(frames.map((frame) => [frame.number, log.frame(frame)!.buffers]));
}

function readResult(file: string): RunResult {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageFault(`${file}: wanted the result of a run, had ${(error as Error).message}`, { cause: error });
  }
  const schema = (json as Partial<RunResult> | null)?.schema;
  if (schema === 'touchstone-result/1') return json as RunResult;
  throw new UsageFault(`${file}, schema: wanted touchstone-result/1, had ${JSON.stringify(schema)}`);
}
