/**
 * A campaign: planned runs, carried out at one or more equal sites of one product, each run leaving a bundle and the results of its
 * cases. A fault of the harness costs the cases of its run and nothing else; an interruption saves what has run.
 */
import { join, relative } from 'node:path';
import { writeBundle } from '../capture/bundle.ts';
import { FileFault } from '../files/file-fault.ts';
import { version } from '../installation.ts';
import { Account } from '../judge/account.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { execute } from './execution.ts';
import type { Expectation } from './expectation.ts';
import { type PlannedCase, type PlannedRun, unsupportedReason } from './plan.ts';
import type { CaseResult } from './result.ts';
import type { Site } from './site.ts';
import { errorVerdict, judge, unsupportedVerdict, type Verdict } from './verdict.ts';

export interface Campaign {
  readonly runs: readonly PlannedRun[];
  /** Each carries out one run at a time. */
  readonly sites: readonly Site[];
  /** What each product says of a configuration before anything runs, by name; one that is not known supports everything, as the reference does. */
  readonly facts?: (product: string) => Pick<NodeUnderTest, 'unsupported'> | undefined;
  readonly seed: string;
  /** Where bundles go; none are written without it. */
  readonly out?: string;
  readonly expectation: Expectation;
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Results of an earlier sitting, which are taken as they are. */
  readonly known?: (run: PlannedRun) => readonly CaseResult[] | undefined;
  /** Told when a run has ended, and before the next is begun. */
  readonly keeps?: (run: PlannedRun, results: readonly CaseResult[]) => void;
}

export interface Progress {
  began?(run: PlannedRun, site: Site): void;
  ended?(results: readonly CaseResult[]): void;
}

/**
 * The results in the order of the plan; runs that an interruption left out are missing. A site that cannot be put right again takes no more
 * runs; where none is left, the remaining runs are errors with the last fault as their reason.
 */
export async function carryOut(campaign: Campaign): Promise<readonly CaseResult[]> {
  const { signal, progress } = campaign;
  const results: (readonly CaseResult[] | undefined)[] = campaign.runs.map((run) => campaign.known?.(run));
  const queue = campaign.runs.map((run, place) => ({ run, place })).filter(({ place }) => results[place] === undefined);
  const report = (place: number, done: readonly CaseResult[]): void => {
    results[place] = done;
    campaign.keeps?.(campaign.runs[place]!, done);
    progress?.ended?.(done);
  };
  const lost = await Promise.all(
    campaign.sites.map(async (site) => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        if (signal?.aborted) return undefined;
        progress?.began?.(next.run, site);
        const done = await one(campaign, site, next.run);
        if (signal?.aborted && !done.results) return undefined;
        if (done.results) report(next.place, done.results);
        if (done.siteLost) return done.siteLost;
      }
      return undefined;
    }),
  );
  const [site] = campaign.sites;
  const fault = lost.find((each) => each !== undefined);
  if (site && fault && !signal?.aborted)
    for (const { run, place } of queue) report(place, faulted(campaign, site, run, fault, 0));
  return results.flatMap((each) => each ?? []);
}

interface Done {
  /** Undefined when it was interrupted. */
  readonly results?: readonly CaseResult[];
  /** Why this site can take no further run. */
  readonly siteLost?: HarnessFault;
}

async function one(campaign: Campaign, site: Site, run: PlannedRun): Promise<Done> {
  const began = performance.now();
  const finish = (verdicts: readonly Verdict[], rest: Pick<CaseResult, 'bundle' | 'error'>, durationMs: number) =>
    run.cases.map((each, i) => result(campaign, site, each, verdicts[i]!, { ...rest, durationMs }));

  try {
    const reason = unsupportedReason(run, campaign.facts?.(site.product) ?? supportsAll, campaign.facts);
    if (reason !== undefined) {
      const verdicts = run.cases.map((each) => unsupportedVerdict(each, reason));
      return { results: finish(verdicts, { bundle: null, error: null }, 0) };
    }
    const startedAt = new Date().toISOString();
    const { transcript, products, log, durationMs } = await execute(run, site, campaign.seed, campaign.signal);
    const account = new Account(transcript);
    const verdicts = run.cases.map((each) => judge(each, account));
    const folder = campaign.out === undefined ? undefined : bundleFolder(campaign.out, site, run);
    const results = finish(
      verdicts,
      { bundle: folder ? relative(campaign.out!, folder) : null, error: null },
      durationMs,
    );
    if (folder !== undefined) {
      const parties = Object.fromEntries(
        Object.entries(products).map(([party, { product: name, ...rest }]) => [party, { name, ...rest }]),
      );
      const [product] = Object.values(parties);
      writeBundle(folder, {
        run: { touchstone: version, seed: campaign.seed, startedAt, product: product!, parties },
        transcript,
        cases: results,
        log,
      });
    }
    return { results };
  } catch (fault) {
    if (campaign.signal?.aborted) return {};
    const results = faulted(campaign, site, run, fault, performance.now() - began);
    try {
      await site.recover();
      return { results };
    } catch (cause) {
      return { results, siteLost: new HarnessFault('site-lost', `no other guest could be had: ${describe(cause)}`) };
    }
  }
}

/** The cases of a run that a fault of the harness has cost. */
function faulted(
  campaign: Campaign,
  site: Site,
  run: PlannedRun,
  fault: unknown,
  durationMs: number,
): readonly CaseResult[] {
  const rest = { bundle: null, error: describe(fault), durationMs };
  return run.cases.map((each) => result(campaign, site, each, errorVerdict, rest));
}

function result(
  { expectation }: Campaign,
  site: Site,
  each: PlannedCase,
  verdict: Verdict,
  rest: Pick<CaseResult, 'bundle' | 'error' | 'durationMs'>,
): CaseResult {
  const partial = {
    id: each.id,
    variant: each.variant,
    suite: each.suite,
    title: each.title,
    product: site.product,
    requirements: [each.id],
    dimensions: each.dimensions,
    ...verdict,
    ...rest,
  };
  return { ...partial, expected: expectation.expects(partial) };
}

function bundleFolder(out: string, site: Pick<Site, 'product'>, run: PlannedRun): string {
  return join(out, 'bundles', site.product, run.scenario.name, run.variant || 'only');
}

function describe(fault: unknown): string {
  if (fault instanceof HarnessFault)
    return [`${fault.code}: ${fault.message}`, ...fault.lastLines.slice(-LAST_LINES)].join('\n');
  if (fault instanceof FileFault) return fault.message;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

const supportsAll = { unsupported: () => undefined };

/** Lines of a console that an error carries. */
const LAST_LINES = 20;
