/**
 * The evidence of one scenario run in one folder: `case.pcapng` with every frame and a comment on each one that decided something, the key
 * tables and preferences with which Wireshark opens it, `case.json` with all the rest, and the product's log. Reading a bundle gives
 * the transcript back as it was: the octets of a frame come from the capture and nowhere else, so altering them alters what is judged.
 */
import { join } from 'node:path';
import type { z } from 'zod';
import { MalformedOctets } from '../../reference/wire/dissection.ts';
import { parsedJson } from '../files/document.ts';
import * as files from '../files/file.ts';
import { FileFault } from '../files/file-fault.ts';
import { makeFolder } from '../files/folder.ts';
import type { CapturedFrame, CaptureFile } from './capture-file.ts';
import { CASE_SCHEMA, type CaseDocument, caseDocument } from './case-document.ts';
import { ofToday } from './earlier-cases.ts';
import { keyTables } from './key-tables.ts';
import { logFault } from './log-fault.ts';
import { readPcapng, writePcapng } from './pcapng.ts';
import type { Entry, FrameEntry, Transcript } from './transcript.ts';

export interface Bundle {
  readonly run: BundledRun;
  /** Times are kept to the nanosecond. */
  readonly transcript: Transcript;
  /** One verdict for each question the scenario asked. */
  readonly cases: readonly BundledVerdict[];
  /** The product's own log. Kept for people; nothing is judged by it. */
  readonly log: string;
}

export type BundledRun = Pick<CaseDocument, 'touchstone' | 'seed' | 'startedAt' | 'product' | 'parties'>;

/** A verdict as far as the comments in the capture need it. */
export interface BundledVerdict {
  readonly id: string;
  readonly variant: string;
  readonly controls: readonly { readonly name: string; readonly evidence: readonly BundledEvidence[] }[];
  readonly evidence: readonly BundledEvidence[];
}

export interface BundledEvidence {
  readonly kind: string;
  readonly frame?: number;
  readonly octets?: { readonly buffer: string; readonly start: number; readonly end: number };
  readonly says: string;
}

/** A file of a bundle that cannot be read. `at` is an offset in octets of the capture, or the path of a field of `case.json`. */
export class DamagedBundle extends Error {
  readonly code = 'DamagedBundle';
  readonly file: string;
  readonly at: string;
  readonly wanted: string;

  constructor(file: string, at: string, wanted: string, options?: ErrorOptions) {
    super(`${file}, ${at}: ${wanted}`, options);
    this.name = 'DamagedBundle';
    this.file = file;
    this.at = at;
    this.wanted = wanted;
  }
}

/** Writes the folder, `case.json` last: a bundle without it was interrupted, and one of before is gone first. Throws `FileFault`. */
export function writeBundle(folder: string, bundle: Bundle): void {
  makeFolder(folder);
  files.remove(join(folder, 'case.json'));
  const write = (name: string, contents: string | Uint8Array) => files.writeAnew(join(folder, name), contents);
  const { entries } = bundle.transcript;
  const tables = keyTables(entries.filter((entry) => entry.kind === 'keys').map((entry) => entry.record));
  write('case.pcapng', captureOf(bundle));
  write('esp_sa', tables.esp_sa);
  write('ikev2_decryption_table', tables.ikev2_decryption_table);
  write('preferences', PREFERENCES);
  write('product.log', bundle.log);
  write('README', readme(bundle, tables.leftOut));
  files.writeWhole(join(folder, 'case.json'), `${JSON.stringify(documentOf(bundle), bigintsAsText, 1)}\n`);
}

/** Throws `DamagedBundle`. */
export function readBundle(folder: string): Omit<Bundle, 'cases'> & { readonly cases: CaseDocument['cases'] } {
  const document = readDocument(join(folder, 'case.json'));
  const capture = readFrames(join(folder, 'case.pcapng'));
  const { touchstone, seed, startedAt, product, parties, scenario, variant, dimensions, cast, intent, cases } =
    document;
  const entries = entriesOf(folder, document, capture);
  // The schema has checked what a judgement rests on; what lies deeper in the intent was written by a run and is taken as it stands.
  const transcript = { scenario, variant, dimensions, cast, intent, entries } as unknown as Transcript;
  requireWhole(folder, transcript);
  return {
    run: { touchstone, seed, startedAt, product, ...(parties && { parties }) },
    transcript,
    cases,
    log: readText(join(folder, 'product.log')),
  };
}

function documentOf({ run, transcript, cases }: Bundle): object {
  const entries = transcript.entries.map((entry) =>
    entry.kind === 'frame'
      ? { kind: 'frame', place: entry.place, number: entry.number, from: entry.from, tampers: entry.tampers }
      : { ...entry, time: toNanoseconds(entry.time) / NANOSECONDS_A_MILLISECOND },
  );
  return { schema: CASE_SCHEMA, ...run, ...transcript, entries, cases };
}

function captureOf({ run, transcript, cases }: Bundle): Uint8Array {
  const frames = transcript.entries.filter((entry) => entry.kind === 'frame');
  const names = [...new Set(frames.map((frame) => frame.link))];
  return writePcapng(
    {
      links: names.map((name) => ({ name, linkType: ETHERNET })),
      frames: frames.map((frame) => ({
        link: names.indexOf(frame.link),
        nanoseconds: epochOf(run.startedAt) + BigInt(toNanoseconds(frame.time)),
        octets: frame.octets,
        originalLength: frame.octets.length,
        comments: commentsOn(frame, cases),
      })),
    },
    { application: `Touchstone ${run.touchstone}`, comment: `${transcript.scenario} ${transcript.variant}`.trim() },
  );
}

function commentsOn(frame: FrameEntry, cases: readonly BundledVerdict[]): string[] {
  const comments = frame.tampers.map((tamper) => `tampered: ${tamper.name}`);
  for (const verdict of cases) {
    const name = verdict.variant ? `${verdict.id}/${verdict.variant}` : verdict.id;
    const deciding = verdict.evidence.filter((evidence) => evidence.frame === frame.number);
    comments.push(...deciding.map((evidence) => `${name} decided here: ${evidence.says}${placeOf(evidence)}`));
    for (const control of verdict.controls) {
      const controlling = control.evidence.filter((evidence) => evidence.frame === frame.number);
      comments.push(...controlling.map((evidence) => `${name} control ${control.name}: ${evidence.says}`));
    }
  }
  return [...new Set(comments)];
}

function placeOf({ octets }: BundledEvidence): string {
  return octets ? ` (${octets.buffer}, octets ${octets.start} to ${octets.end - 1})` : '';
}

function entriesOf(folder: string, document: CaseDocument, capture: CaptureFile): Entry[] {
  const epoch = epochOf(document.startedAt);
  let number = 0;
  const entries = document.entries.map((entry, i): Entry => {
    if (entry.kind !== 'frame') return entry as Entry;
    number += 1;
    const frame = capture.frames[number - 1];
    if (entry.number !== number) {
      throw new DamagedBundle(
        join(folder, 'case.json'),
        `entries[${i}].number`,
        `wanted ${number}, had ${entry.number}`,
      );
    }
    if (!frame) {
      const had = `wanted a frame ${number}, had ${capture.frames.length} frames`;
      throw new DamagedBundle(join(folder, 'case.pcapng'), 'its end', had);
    }
    return bundledFrame(entry, frame, capture, epoch);
  });
  if (number === capture.frames.length) return entries;
  const had = `wanted ${number} frames as in case.json, had ${capture.frames.length}`;
  throw new DamagedBundle(join(folder, 'case.pcapng'), `frame ${number + 1}`, had);
}

/** The time of a frame is that of the capture. */
function requireWhole(folder: string, transcript: Transcript): void {
  const fault = logFault(transcript);
  if (!fault) return;
  const { entry, field, says } = fault;
  const at = transcript.entries[entry]!;
  if (at.kind === 'frame' && field === 'time')
    throw new DamagedBundle(join(folder, 'case.pcapng'), `frame ${at.number}, time`, says);
  throw new DamagedBundle(join(folder, 'case.json'), `entries[${entry}].${field}`, says);
}

function bundledFrame(
  entry: Extract<CaseDocument['entries'][number], { kind: 'frame' }>,
  frame: CapturedFrame,
  capture: CaptureFile,
  epoch: bigint,
): FrameEntry {
  return {
    kind: 'frame',
    place: entry.place,
    time: Number(frame.nanoseconds - epoch) / NANOSECONDS_A_MILLISECOND,
    number: entry.number,
    link: capture.links[frame.link]!.name,
    from: entry.from,
    octets: frame.octets,
    tampers: entry.tampers as FrameEntry['tampers'],
  };
}

function readDocument(file: string): CaseDocument {
  let json: unknown;
  try {
    json = parsedJson(readText(file), textAsBigints);
  } catch (error) {
    if (error instanceof DamagedBundle) throw error;
    throw new DamagedBundle(file, 'JSON', `wanted JSON, had ${(error as Error).message}`, { cause: error });
  }
  const checked = caseDocument.safeParse(ofToday(json));
  if (checked.success) return checked.data;
  const { path, message } = complaint(checked.error.issues[0]!);
  throw new DamagedBundle(file, pathText(path), message);
}

/** Of a field that may have several forms: what is wrong with the one that it comes closest to, or what it may be. */
function complaint(issue: z.core.$ZodIssue): Complaint {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return issue;
  const branches = issue.errors.map(([first]) => complaint(first!));
  const deepest = branches.reduce((one, other) => (other.path.length > one.path.length ? other : one));
  const message =
    deepest.path.length > 0 ? deepest.message : [...new Set(branches.map((branch) => branch.message))].join('; or ');
  return { path: [...issue.path, ...deepest.path], message };
}

type Complaint = Pick<z.core.$ZodIssue, 'path' | 'message'>;

function readFrames(file: string): CaptureFile {
  try {
    return readPcapng(readOctets(file));
  } catch (error) {
    if (!(error instanceof MalformedOctets)) throw error;
    const had = `${error.where}: wanted ${error.wanted}, had ${error.had}`;
    throw new DamagedBundle(file, `octet ${error.at}`, had, { cause: error });
  }
}

const readText = (file: string): string => read(file, files.readText);
const readOctets = (file: string): Uint8Array => read(file, files.readOctets);

function read<T>(file: string, from: (file: string) => T): T {
  try {
    return from(file);
  } catch (error) {
    if (!(error instanceof FileFault)) throw error;
    throw new DamagedBundle(file, 'the file', error.says, { cause: error });
  }
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text === '' ? 'the document' : text.replace(/^\./, '');
}

function epochOf(startedAt: string): bigint {
  return BigInt(Date.parse(startedAt)) * BigInt(NANOSECONDS_A_MILLISECOND);
}

function toNanoseconds(milliseconds: number): number {
  return Math.round(milliseconds * NANOSECONDS_A_MILLISECOND);
}

function bigintsAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? { $bigint: String(value) } : value;
}

function textAsBigints(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('$bigint' in value)) return value;
  return typeof value.$bigint === 'string' && /^-?\d{1,40}$/.test(value.$bigint) ? BigInt(value.$bigint) : value;
}

function readme({ run, transcript, cases }: Bundle, leftOut: readonly string[]): string {
  const { name, version, runtime, kernel } = run.product;
  const decided = cases.map(({ id, variant, evidence }) => {
    const says = evidence.map((each) => (each.frame ? `frame ${each.frame}, ${each.says}` : each.says)).join('; ');
    return `  ${variant ? `${id}/${variant}` : id}${says && `: ${says}`}`;
  });
  const missing =
    leftOut.length > 0 ? ['Wireshark 4.0 cannot open:', '', ...leftOut.map((what) => `  ${what}`), ''] : [];
  return [
    `${transcript.scenario} ${transcript.variant}`.trim(),
    '',
    `${name} ${version} (${[runtime, kernel].filter(Boolean).join(', ')}), ${run.startedAt}, seed ${run.seed}, Touchstone ${run.touchstone}`,
    '',
    'The cases, and what decided each:',
    '',
    ...decided,
    '',
    ABOUT,
    ...missing,
  ].join('\n');
}

const ABOUT = `The files:

  case.pcapng     every frame; those that decided something, or held a control, say so in a comment
  case.json       the rest: what each party was told, moments, states, keys, verdicts
  product.log     what the product wrote; nothing is judged by it
  esp_sa, ikev2_decryption_table, preferences     with these Wireshark opens what is protected

In this folder:

  WIRESHARK_CONFIG_DIR=. wireshark case.pcapng
  WIRESHARK_CONFIG_DIR=. tshark -r case.pcapng -V
  tshark -r case.pcapng -Y frame.comment     the frames with a comment alone
  npx touchstone rejudge .                   the verdicts again, from this folder alone

The keys stand beside the capture because nothing of pcapng can hold them: its Decryption Secrets Block has no type for IKE, ESP or AH. A copy of
case.pcapng alone shows what was in clear.
`;

// A forwarded packet is seen on two links and a replayed one is meant, so repeated sequence numbers are no complaint.
const PREFERENCES = `esp.enable_encryption_decode: TRUE
esp.enable_authentication_check: TRUE
esp.enable_null_encryption_decode_heuristic: FALSE
esp.do_esp_sequence_analysis: FALSE
`;
const ETHERNET = 1;
const NANOSECONDS_A_MILLISECOND = 1_000_000;
