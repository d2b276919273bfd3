/**
 * The journal of a campaign (`journal.jsonl`): what was asked in its first line, then each product as it was found, and each run's results as it ended,
 * written before the next is begun, and on the disk within a second or so. A campaign that was killed anywhere is taken up again from it; its last line may be
 * torn. Where the machine itself loses its power, what ended in the last second is run again.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { caseVerdict } from '../capture/case-document.ts';
import { parsedJson } from '../files/document.ts';
import { readText } from '../files/file.ts';
import { fileFault } from '../files/file-fault.ts';
import { UsageFault } from '../usage-fault.ts';
import { caseName } from './case-name.ts';
import type { PlannedCase, PlannedRun } from './plan.ts';
import type { CaseResult, ProductRun } from './result.ts';
import { productRun } from './result-document.ts';
import type { Shard } from './shard.ts';
import { isOutcomeOf } from './verdict.ts';

/** What has to be the same for the results of two sittings to be those of one campaign; the time it began beside that. */
export type JournalHeader = z.infer<typeof header>;

const header = z.looseObject({
  schema: z.literal('touchstone-journal/1'),
  startedAt: z.iso.datetime(),
  touchstone: z.string(),
  seed: z.string(),
  products: z.array(z.string()),
  companions: z.array(z.string()),
  runtime: z.string(),
  defect: z.string().nullable(),
  /** The cases that were planned: how many, and a digest of their names in order. */
  cases: z.number().int().nonnegative(),
  plan: z.string(),
  /** Which part of a campaign this is, where it is one: of how many, and of which whole. Machines that cut it by other durations have other parts. */
  shard: z
    .looseObject({
      index: z.number().int().positive(),
      of: z.number().int().positive(),
      cases: z.number().int().nonnegative(),
      plan: z.string(),
      durations: z.string().nullable(),
    })
    .nullable()
    .default(null),
});

const line = z.union([
  z.looseObject({ found: productRun }),
  z.looseObject({
    ended: z.string(),
    product: z.string(),
    /** Of the run, in the plan of the whole campaign. */
    place: z.number().int().nonnegative().optional(),
    results: z.array(caseVerdict),
  }),
]);

/** What stands in a journal. */
export interface Journaled {
  readonly header: JournalHeader;
  /** By name, as each was found when it was first booted. */
  readonly products: ReadonlyMap<string, ProductRun>;
  /** By product and run (`journalName`). */
  readonly results: ReadonlyMap<string, readonly CaseResult[]>;
  /** Where each of them stands in the plan of the whole campaign, by the same names. */
  readonly places: ReadonlyMap<string, number>;
  /** Octets up to the end of the last whole line; what comes after it was never finished. */
  readonly whole: number;
  readonly torn: boolean;
}

/** Milliseconds between two waits for the disk; each costs some of them. */
const ON_DISK_WITHIN = 1000;

export const JOURNAL = 'journal.jsonl';

export const journalName = (product: string, { scenario, variant }: PlannedRun): string =>
  `${product} ${scenario.name}/${variant}`;

/** Of the names of all cases, in order. */
export function planDigest(runs: readonly PlannedRun[]): Pick<JournalHeader, 'cases' | 'plan'> {
  const names = runs.flatMap((run) => run.cases.map((each) => `${each.suite} ${each.scenario} ${caseName(each)}`));
  return { cases: names.length, plan: digestOf(names) };
}

export function shardHeader({ index, of, durations }: Shard, whole: readonly PlannedRun[]): JournalHeader['shard'] {
  const told = durations && [...durations].map(([name, duration]) => `${name} ${duration}`);
  return { index, of, ...planDigest(whole), durations: told ? digestOf(told) : null };
}

const digestOf = (lines: readonly string[]): string => createHash('sha256').update(lines.join('\n')).digest('hex');

/** Appends, and returns when the line is the system's to keep: it outlives this process. */
export class Journal {
  readonly #path: string;
  readonly #open: number;
  #onDisk = Number.NEGATIVE_INFINITY;

  private constructor(folder: string, flags: 'w' | 'a', whole?: number) {
    this.#path = join(folder, JOURNAL);
    this.#open = this.#written(() => {
      if (whole !== undefined) truncateSync(this.#path, whole);
      return openSync(this.#path, flags);
    });
  }

  /** A new one, in place of what stands there. Throws `FileFault`. */
  static begun(folder: string, first: JournalHeader): Journal {
    const journal = new Journal(folder, 'w');
    journal.#append(first);
    return journal;
  }

  /** Goes on after the last whole line. Throws `FileFault`. */
  static resumed(folder: string, { whole }: Journaled): Journal {
    return new Journal(folder, 'a', whole);
  }

  found(product: ProductRun): void {
    this.#append({ found: product });
  }

  /** `place` is that of the run in the plan of the whole campaign. */
  ended(name: string, product: string, place: number, results: readonly CaseResult[]): void {
    this.#append({ ended: name, product, place, results });
  }

  close(): void {
    this.#written(() => fsyncSync(this.#open));
    closeSync(this.#open);
  }

  #append(value: object): void {
    this.#written(() => {
      writeFileSync(this.#open, `${JSON.stringify(value)}\n`);
      if (performance.now() - this.#onDisk < ON_DISK_WITHIN) return;
      fsyncSync(this.#open);
      this.#onDisk = performance.now();
    });
  }

  /** An open file has no name in what the system says of it. */
  #written<T>(act: () => T): T {
    try {
      return act();
    } catch (thrown) {
      throw fileFault(this.#path, 'a file to write to', thrown);
    }
  }
}

/** Whether these are the results of the run's cases, of each one and of nothing else, with outcomes that its questions know. */
export function areResultsOf({ cases }: PlannedRun, product: string, results: readonly CaseResult[]): boolean {
  const isOne = (each: PlannedCase, result: CaseResult): boolean =>
    result.product === product &&
    result.suite === each.suite &&
    caseName(result) === caseName(each) &&
    (isOutcomeOf(each, result.outcome) || ['unsupported', 'error'].includes(result.outcome));
  return (
    results.length === cases.length &&
    cases.every((each) => results.filter((result) => isOne(each, result)).length === 1)
  );
}

/** Undefined where the folder has none. Throws `FileFault`, or `UsageFault` with the line that is not one of a journal. */
export function readJournal(folder: string): Journaled | undefined {
  const path = join(folder, JOURNAL);
  if (!existsSync(path)) return undefined;
  const text = readText(path);
  const lines = text.split('\n');
  const torn = lines.pop()!;
  const [first, ...rest] = lines;
  if (first === undefined) {
    throw new UsageFault(`${path}: it has no whole line, so nothing was measured; run again without --resume`);
  }
  const products = new Map<string, ProductRun>();
  const results = new Map<string, readonly CaseResult[]>();
  const places = new Map<string, number>();
  for (const [i, each] of rest.entries()) {
    const read = parsed(path, i + 2, each, line);
    // The schemas are what the types of a result become as JSON.
    if ('found' in read) products.set((read.found as ProductRun).name, read.found as ProductRun);
    else {
      const name = read.ended as string;
      results.set(name, read.results as unknown as readonly CaseResult[]);
      if (typeof read.place === 'number') places.set(name, read.place);
    }
  }
  return {
    header: parsed(path, 1, first, header),
    products,
    results,
    places,
    whole: Buffer.byteLength(text) - Buffer.byteLength(torn),
    torn: torn !== '',
  };
}

/** Throws `UsageFault` that names whatever differs. Nothing is touched. */
export function requireSameCampaign(folder: string, then: JournalHeader, now: JournalHeader): void {
  const differs = (Object.keys(now) as (keyof JournalHeader)[])
    .filter((field) => field !== 'startedAt' && JSON.stringify(then[field]) !== JSON.stringify(now[field]))
    .map((field) =>
      field === 'plan'
        ? 'other suites, or another selection of cases'
        : `${field}: then ${JSON.stringify(then[field])}, now ${JSON.stringify(now[field])}`,
    );
  if (differs.length === 0) return;
  throw new UsageFault(
    `--resume ${folder}: what was begun there is another campaign (${differs.join('; ')}); give what was given then, or --out another folder. Nothing in ${folder} was changed`,
  );
}

function parsed<T>(path: string, number: number, text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = parsedJson(text);
  } catch {
    throw new UsageFault(
      `${path}, line ${number}: wanted a JSON object, had ${JSON.stringify(text.slice(0, 40))}; only the last line may be cut. What is whole before it was measured: cut the file there to resume`,
    );
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new UsageFault(
    `${path}, line ${number}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no journal line'}`,
  );
}
