/**
 * What every report is made from: the result of a run and, where its bundles are there, what was recorded and what of it could be opened.
 * Reading files is `write-reports.ts`; opening protected frames is the judge's.
 */

import type { Transcript } from '../harness/capture/transcript.ts';
import type { OpenedBuffer } from '../harness/judge/opened-frame.ts';
import type { Whereabouts } from '../harness/judge/whereabouts.ts';
import type { DocumentReading, RunResult } from '../harness/run/result.ts';

export { byGravity, type CaseMark, countedByGravity, gravest } from '../harness/run/gravity.ts';

export interface ReportModel extends Recorded {
  /** Another run that this one is compared with. */
  readonly earlier?: Recorded;
  /** Further runs of one campaign, whose products stand beside those of this one. */
  readonly beside?: readonly RunResult[];
}

export interface Recorded {
  readonly result: RunResult;
  /** From the folder of the report to that of the run, with `/`; absent where there is none on disk. */
  readonly folder?: string;
  /** One for each bundle the result names, in the order of its cases; read as they are asked for, because thousands of them are more than a machine holds. */
  readonly runs: Iterable<RecordedRun>;
}

export type RecordedRun = ReadableRun | DamagedRun;

export interface ReadableRun {
  /** The bundle, as the result names it. */
  readonly bundle: string;
  readonly transcript: Transcript;
  readonly log: string;
  /** By frame number; a frame that holds nothing protected, or that no key opens, may be absent. */
  readonly opened: ReadonlyMap<number, readonly OpenedBuffer[]>;
  readonly whereabouts: Whereabouts;
}

export interface DamagedRun {
  readonly bundle: string;
  /** The file, the place in it and what was expected. */
  readonly damage: string;
}

/** Each once, in the order of the cases. */
export function bundlesOf({ cases }: Pick<RunResult, 'cases'>): readonly string[] {
  return [...new Set(cases.flatMap((each) => each.bundle ?? []))];
}

/** `RFC4303 3.4.3 MUST (receiver)`: what a reading rests on, and whom it binds. */
export function sentenceOf({ document, section, level, addressee }: DocumentReading): string {
  return `${document} ${section} ${level} (${addressee})`;
}
