/**
 * What the page is given: the result with its cases, and for each recorded run the log with octets in base64, so that the page dissects what
 * it shows with the same codecs as the run.
 */

import type {
  EndedEntry,
  Entry,
  FrameEntry,
  KeyEntry,
  MarkEntry,
  NoteEntry,
  PolicyIntent,
  StateEntry,
  Transcript,
} from '../../harness/capture/transcript.ts';
import type { OpenedBuffer } from '../../harness/judge/opened-frame.ts';
import { testedIn } from '../../harness/judge/parties.ts';
import { linkAt, type Noticed, type Whereabouts } from '../../harness/judge/whereabouts.ts';
import type { RunResult } from '../../harness/run/result.ts';
import { hex } from '../../reference/wire/octets.ts';
import { bundlesOf, type ReadableRun, type Recorded, type ReportModel } from '../model.ts';
import { type CaseColumns, type CaseProof, caseColumns } from './page-cases.ts';

export interface PageData extends PageResult {
  /** Another run, that this one is compared with. */
  readonly earlier: PageResult | null;
}

export interface PageResult {
  readonly result: Omit<RunResult, 'cases'>;
  readonly cases: CaseColumns;
  /** From this page to the folder of the run; null where there is none. */
  readonly folder: string | null;
}

export type PageRun = DamagedRecording | Recording;

export interface DamagedRecording {
  readonly damage: string;
}

export interface Recording {
  /** Stations in the order of their lifelines, testers and strangers first and the node under test last. */
  readonly stations: readonly string[];
  readonly links: readonly string[];
  readonly whereabouts: Omit<Whereabouts, 'noticed'>;
  readonly entries: readonly PageEntry[];
  readonly intent: PolicyIntent;
  /** The last part of the product's log, where it is long. */
  readonly log: string;
}

export type PageEntry = PageFrame | MarkEntry | StateEntry | KeyEntry | EndedEntry | NoteEntry;

export interface PageFrame extends Omit<FrameEntry, 'octets'> {
  /** The station its Ethernet destination belongs to; null for a group, or for an address nobody sent from. */
  readonly to: string | null;
  /** That station has gone to another link. */
  readonly isMissed?: true;
  /** What a station that moved learns by it. */
  readonly notices?: Noticed['what'];
  /** Base64. */
  readonly octets: string;
  readonly buffers: readonly PageBuffer[];
}

/** Octets in base64. */
export interface PageBuffer extends Omit<OpenedBuffer, 'octets'> {
  readonly octets: string;
}

/** What the page reads at once. */
export function pageData({ earlier, ...recorded }: ReportModel): PageData {
  return {
    ...pageResult(recorded, 0),
    earlier: earlier ? pageResult(earlier, bundlesOf(recorded.result).length) : null,
  };
}

/** What proves the cases, in the order of all cases: those of the earlier run last. */
export function caseProofs({ result, earlier }: ReportModel): readonly CaseProof[] {
  return [...result.cases, ...(earlier?.result.cases ?? [])].map(({ controls, evidence }) => ({ controls, evidence }));
}

/** The recordings of both runs, made as they are asked for. */
export function* pageRuns({ runs, earlier }: ReportModel): Iterable<PageRun> {
  for (const each of [runs, earlier?.runs ?? []])
    for (const run of each) yield 'damage' in run ? { damage: run.damage } : pageRun(run);
}

/** The recordings of a run stand among all of them from `first`. */
function pageResult({ result: { cases, ...result }, folder }: Omit<Recorded, 'runs'>, first: number): PageResult {
  const places = new Map(bundlesOf({ cases }).map((bundle, place) => [bundle, first + place]));
  return { result, cases: caseColumns(cases, (bundle) => places.get(bundle) ?? null), folder: folder ?? null };
}

function pageRun({ transcript, log, opened, whereabouts: all }: ReadableRun): Recording {
  const { noticed: found, ...whereabouts } = all;
  const noticed = new Map(found.map(({ frame, what }) => [frame, what]));
  const frames = transcript.entries.filter((entry) => entry.kind === 'frame');
  const owners = new Map(frames.map((frame) => [hex(frame.octets.subarray(6, 12)), frame.from]));
  const entry = (each: Entry): PageEntry => {
    if (each.kind !== 'frame') return each;
    const to = owners.get(hex(each.octets.subarray(0, 6))) ?? null;
    const buffers = (opened.get(each.number) ?? []).map((buffer) => ({ ...buffer, octets: base64(buffer.octets) }));
    const at = to === null ? undefined : linkAt(whereabouts, to, each.place);
    return {
      ...each,
      to: to === each.from ? null : to,
      ...(at !== undefined && at !== each.link && { isMissed: true }),
      ...(noticed.has(each.number) && { notices: noticed.get(each.number)! }),
      octets: base64(each.octets),
      buffers,
    };
  };
  return {
    stations: stationsOf(transcript),
    links: [...new Set(frames.map((frame) => frame.link))],
    whereabouts,
    entries: transcript.entries.map(entry),
    intent: transcript.intent,
    log: log.slice(-LOG_CHARACTERS),
  };
}

/** A lifeline for every party of the cast, whether it sent anything or not, and for whoever else did. */
function stationsOf({ cast, entries }: Transcript): string[] {
  const [subject, ...others] = testedIn(cast);
  const untested = Object.keys(cast).filter((name) => cast[name] !== 'tested');
  const known = new Set([...untested, ...others, subject]);
  const between = entries.flatMap((entry) => (entry.kind === 'frame' && !known.has(entry.from) ? [entry.from] : []));
  return [...untested, ...new Set(between), ...others, ...(subject === undefined ? [] : [subject])];
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64');
}

const LOG_CHARACTERS = 20_000;
