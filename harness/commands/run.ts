/** `touchstone run`: a campaign against one or more products, its progress for a person, its result for everything else. */

import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeWhole } from '../files/file.ts';
import { version } from '../installation.ts';
import type { Product } from '../products/product.ts';
import { shareOut } from '../run/campaign.ts';
import { type Manner, unplayed } from '../run/hand.ts';
import {
  areResultsOf,
  JOURNAL,
  Journal,
  type Journaled,
  type JournalHeader,
  journalName,
  planDigest,
  readJournal,
  requireSameCampaign,
  shardHeader,
} from '../run/journal.ts';
import { type PlannedRun, plan, unsupportedReason, withinPatience } from '../run/plan.ts';
import { rehearsed } from '../run/rehearsal.ts';
import type { CaseResult, ProductRun, RunResult } from '../run/result.ts';
import { resultText } from '../run/result-document.ts';
import { differing } from '../run/same-product.ts';
import type { SeatPool } from '../run/seat-pool.ts';
import { shardOf } from '../run/shard.ts';
import { summaryOf } from '../run/summary.ts';
import { EXTERNAL, runtimeNames, runtimesOf } from '../runtime/runtimes.ts';
import { requireKnown, UsageFault } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import { conclude, exitCode, sayWhatChanged, sayWhoDeviates } from './concluded.ts';
import { type Crews, crewHere, type Work } from './crew.ts';
import { type Expectations, earlierRun, expectationsOf } from './expectations.ts';
import { progressLines } from './progress.ts';
import { folderForRun } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import { companionsOf } from './seats.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

/** `crews` says who carries it out: this machine, or others. */
export async function run(
  options: RunOptions,
  composition: Composition,
  surroundings: Surroundings,
  crews: Crews = crewHere,
): Promise<ExitCode> {
  const whole = plan(composition.suites, { ...options, shard: undefined });
  const runs = options.shard === undefined ? whole : shardOf(whole, options.shard);
  if (runs.length === 0)
    throw new UsageFault('nothing to run: no case is left by --suite, --requirement, --case and --shard');
  requireSense(options, runs, composition);
  for (const product of options.products) sayWhatIsNotBrought(product, surroundings);
  const earlier = earlierRun(options);
  const expectations = expectationsOf(options, runs, earlier);
  const startedAt = new Date().toISOString();
  const out = folderForRun(options, surroundings);
  const { journal, journaled } = journalOf(options, { whole, runs }, out, startedAt, surroundings);
  const placeOf = new Map(whole.map((each, place) => [each, place]));
  rmSync(join(out, 'result.json'), { force: true }); // until there is one of this campaign
  const companions = companionsOf(options, composition.products, surroundings);
  const campaigns = await oneAfterTheOther(options.products, surroundings.signal, (product, emptied) =>
    campaignOf(product, playable(product, runs, options, surroundings), {
      out,
      options,
      composition,
      expectations,
      companions,
      surroundings,
      emptied,
      kept: { journal, journaled, placeOf },
      crews,
    }).catch((fault: unknown) => {
      if (surroundings.signal.aborted) return undefined;
      if (options.products.length > 1)
        surroundings.err(surroundings.paint.red(`${product.name} is left out: ${leading(fault)}`));
      return { name: product.name, fault };
    }),
  );
  await companions.close();
  journal.close();
  const ended = campaigns.filter((each) => each !== undefined);
  const leftOut = ended.filter((each) => 'fault' in each);
  const ran = ended.filter((each) => 'results' in each);
  const products = ran.map((each) => each.run);
  const cases = ran.flatMap(({ results }) => results);
  const faults = leftOut.map(({ fault }) => fault);
  if (faults.length > 0 && cases.length === 0) throw together(faults);
  const result: RunResult = {
    schema: 'touchstone-result/1',
    touchstone: version,
    seed: options.seed,
    startedAt: journaled?.header.startedAt ?? startedAt,
    finishedAt: new Date().toISOString(),
    products,
    ...(leftOut.length > 0 && { leftOut: leftOut.map(({ name, fault }) => ({ name, why: leading(fault) })) }),
    summary: summaryOf(cases, surroundings.signal.aborted || faults.length > 0),
    cases,
  };
  writeWhole(join(out, 'result.json'), resultText(result));
  if (earlier) sayWhatChanged(earlier, result, options, surroundings);
  conclude(result, options, surroundings);
  const since = earlier && { earlier: dirname(options.baseline!) };
  for (const file of composition.reports.write(out, options.formats, out, since)) surroundings.err(`report: ${file}`);
  if (faults.length > 0) throw together(faults);
  if (options.meeting && !surroundings.signal.aborted) sayWhoDeviates(result, surroundings);
  return exitCode(result);
}

/** What kept products from being run, told at the end with what mends it. */
function together(faults: readonly unknown[]): unknown {
  return faults.length === 1 ? faults[0] : new AggregateError(faults);
}

const leading = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault)).split('\n')[0]!;

/** Whatever is off in the words of the command line, and in a product from outside, is said before anything boots. Throws `UsageFault`. */
function requireSense(
  { products, runtime, defect, by, formats }: RunOptions,
  runs: readonly PlannedRun[],
  { suites, reports, products: all }: Composition,
): void {
  const documents = plan(suites).flatMap((each) =>
    each.cases.flatMap(({ reads }) => reads.map(({ document }) => document)),
  );
  requireKnown('runtime', runtime === undefined ? [] : [runtime], [...runtimeNames, EXTERNAL]);
  const companions = new Set(runs.flatMap((each) => Object.values(each.companions)));
  for (const each of [...products, ...all.filter(({ name }) => companions.has(name))]) requireRuntime(each, runtime);
  requireKnown('document', by, documents);
  requireKnown('format', formats, reports.formats);
  for (const { name, defects = {} } of defect === undefined ? [] : products) {
    if (Object.keys(defects).length === 0) throw new UsageFault(`${name} has no defects that could be planted`);
    requireKnown(`defect of ${name}`, [defect!], Object.keys(defects));
  }
  for (const product of products) for (const each of runs) unsupportedReason(each, product);
}

/** What lives in memory takes no notice of it. */
function requireRuntime(product: Product, asked: string | undefined): void {
  if (product.runs === 'on-cable' && asked !== undefined && asked !== EXTERNAL)
    throw new UsageFault(`${product.name} does not run with --runtime ${asked}: a device is ${EXTERNAL}`);
  if (product.runs !== 'in-guest' || asked === undefined) return;
  const names = runtimesOf(product);
  const why = product.runtime === undefined ? 'it tests the kernel of its guest' : 'it brings its IPsec with it';
  if (!names.some((name) => name === asked))
    throw new UsageFault(
      `${product.name} does not run with --runtime ${asked} (${why}): it runs with ${names.join(' or ')}`,
    );
}

/** No guest boots in which nothing can run. */
function sayWhatIsNotBrought(product: Product, { err, paint }: Surroundings): void {
  if (product.runs !== 'in-guest' || !product.brings) return;
  const { option, folder } = product.brings;
  err(paint.red(`${product.name}: --${option} names ${folder}; without it every case is unsupported`));
}

/** The next begins when nothing is left of the one before but what is under way: some runs wait long, and cost nothing meanwhile. */
async function oneAfterTheOther<T>(
  products: readonly Product[],
  signal: AbortSignal,
  campaign: (product: Product, emptied: () => void) => Promise<T>,
): Promise<readonly T[]> {
  const all: Promise<T>[] = [];
  for (const product of products) {
    if (signal.aborted) break;
    await new Promise<void>((emptied) => {
      all.push(campaign(product, emptied).finally(emptied));
    });
  }
  return await Promise.all(all);
}

interface CampaignOptions {
  readonly out: string;
  readonly options: RunOptions;
  readonly composition: Composition;
  readonly expectations: Expectations;
  readonly companions: SeatPool;
  readonly surroundings: Surroundings;
  readonly emptied: () => void;
  readonly kept: Kept & Pick<Work, 'placeOf'>;
  readonly crews: Crews;
}

interface EndedCampaign {
  readonly run: ProductRun;
  readonly results: readonly CaseResult[];
}

async function campaignOf(
  product: Product,
  runs: readonly PlannedRun[],
  { out, options, composition, expectations, companions, surroundings, emptied, kept, crews }: CampaignOptions,
): Promise<EndedCampaign> {
  const { journal, journaled, placeOf } = kept;
  const { products } = composition;
  const earlier = journaled?.products.get(product.name);
  // What was measured stands; whether it was expected is asked anew, for a baseline may have been given since.
  const expectedOf = earlier && expectations(product, earlier.version);
  const known = (run: PlannedRun) =>
    measured(journaled, product.name, run)?.map((each) => ({ ...each, expected: expectedOf?.expects(each) ?? false }));
  if (earlier && runs.every(known)) return { run: earlier, results: runs.flatMap((each) => known(each)!) };
  const facts = (name: string) => products.find((each) => each.name === name);
  const { seed } = options;
  const { signal } = surroundings;
  if (product.runs === 'in-guest' && product.brings) {
    const expectation = expectations(product, NOT_BROUGHT);
    const found = { name: product.name, version: NOT_BROUGHT, runtime: 'none', kernel: '', honesty: [] };
    const results = runs.flatMap((run) =>
      unplayed({ facts, seed, expectation }, product.name, run, unsupportedReason(run, product) ?? NOT_BROUGHT),
    );
    return { run: found, results };
  }
  const crew = await crews({ product, runs, placeOf, companions, options, composition }, surroundings);
  try {
    const { found } = crew;
    for (const { name, held, says } of found.honesty)
      if (!held) surroundings.err(surroundings.paint.red(`honesty probe not held: ${name}: ${says}`));
    if (earlier) requireSameProduct(out, earlier, found);
    else journal.found(found);
    const progress = progressLines(runs, product.name, surroundings);
    const manner: Manner = {
      facts,
      seed,
      out,
      expectation: expectations(product, found.version),
      signal,
      ...(product.runs === 'on-cable' && { rehearsed: (each) => rehearsed(each, seed, signal) }),
    };
    const keeps = (each: PlannedRun, done: readonly CaseResult[]): void =>
      journal.ended(journalName(product.name, each), product.name, placeOf.get(each)!, done);
    const results = await shareOut({ runs, signal, progress, known, keeps, emptied }, crew.hands(manner));
    return { run: earlier ?? found, results };
  } finally {
    await crew.close();
  }
}

/** The version of a program that nobody has brought. */
const NOT_BROUGHT = 'not brought';

/** In memory time costs nothing; elsewhere only what the person has the patience for. */
function playable(
  { name, runs }: Product,
  planned: readonly PlannedRun[],
  { patience }: RunOptions,
  { err }: Surroundings,
): readonly PlannedRun[] {
  if (runs === 'in-memory') return planned;
  const left = withinPatience(planned, patience);
  const longest = Math.max(...planned.map(({ lasts }) => lasts));
  if (left.length < planned.length)
    err(
      `${name}: ${planned.length - left.length} runs are left out, which let up to ${longest} s pass; --patience ${longest} has them run`,
    );
  return left;
}

interface Kept {
  readonly journal: Journal;
  /** Of an earlier sitting. */
  readonly journaled: Journaled | undefined;
}

/** A new journal, or the one of the campaign that is taken up again. Throws `UsageFault` where that is another campaign, and changes nothing. */
function journalOf(
  { resume, seed, products, companions = [], runtime, defect, shard }: RunOptions,
  { whole, runs }: { readonly whole: readonly PlannedRun[]; readonly runs: readonly PlannedRun[] },
  out: string,
  startedAt: string,
  { err }: Surroundings,
): Kept {
  const header: JournalHeader = {
    schema: 'touchstone-journal/1',
    startedAt,
    touchstone: version,
    seed,
    products: products.map(({ name }) => name),
    companions: [...companions],
    runtime: runtime ?? 'their own',
    defect: defect ?? null,
    ...planDigest(runs),
    shard: shard === undefined ? null : shardHeader(shard, whole),
  };
  if (resume === undefined) return { journal: Journal.begun(out, header), journaled: undefined };
  const journaled = readJournal(out)!;
  requireSameCampaign(resume, journaled.header, header);
  if (journaled.torn) err(`${join(resume, JOURNAL)}: its last line was never finished; that run is made again`);
  sayWhatIsThere(journaled, runs, products, err);
  return { journal: Journal.resumed(out, journaled), journaled };
}

function sayWhatIsThere(
  journaled: Journaled,
  runs: readonly PlannedRun[],
  products: readonly Product[],
  err: Surroundings['err'],
): void {
  const planned = products.flatMap(({ name }) => runs.map((each) => [name, each] as const));
  const own = planned.filter(([name, each]) => resultsOf(journaled, name, each));
  const there = own.filter(([name, each]) => measured(journaled, name, each));
  const faulty = own.length - there.length;
  const again = faulty > 0 ? `; ${faulty} that ended in an error are made again` : '';
  const foreign = journaled.results.size - own.length;
  const leftOut = foreign > 0 ? `; ${foreign} in ${JOURNAL} are not what their runs are asked, and are left out` : '';
  err(`taken up again: ${there.length} of ${planned.length} runs were there${again}${leftOut}`);
}

/** What stands in the journal for a run, where that is what the run is asked. */
function resultsOf(
  journaled: Journaled | undefined,
  product: string,
  run: PlannedRun,
): readonly CaseResult[] | undefined {
  const results = journaled?.results.get(journalName(product, run));
  return results && areResultsOf(run, product, results) ? results : undefined;
}

/** What a run of an earlier sitting measured: an error of the harness is no measurement. */
function measured(
  journaled: Journaled | undefined,
  product: string,
  run: PlannedRun,
): readonly CaseResult[] | undefined {
  const results = resultsOf(journaled, product, run);
  return results?.some(({ outcome }) => outcome === 'error') ? undefined : results;
}

function requireSameProduct(folder: string, then: ProductRun, now: ProductRun): void {
  const differs = differing(then, now);
  if (differs.length === 0) return;
  const says = differs.map((field) => `${field}: then ${then[field]}, now ${now[field]}`).join('; ');
  throw new UsageFault(
    `--resume ${folder}: ${now.name} is another one now (${says}); its results stay in the journal, run again with --out another folder`,
  );
}
