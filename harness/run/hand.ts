/**
 * What carries out the runs of a campaign one at a time: at a site, where the scenario is played, judged and its bundle written; or in a thread, which has
 * such a site of its own. A fault of the harness costs the cases of its run and nothing else.
 */
import { join, relative } from 'node:path';
import { writeBundle } from '../capture/bundle.ts';
import { FileFault } from '../files/file-fault.ts';
import { version } from '../installation.ts';
import { Account } from '../judge/account.ts';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { NodeUnderTest } from '../lab/node.ts';
import { Unsupported } from '../lab/unsupported.ts';
import type { Thread } from '../threads/thread.ts';
import { execute } from './execution.ts';
import type { Expectation } from './expectation.ts';
import { type PlannedCase, type PlannedRun, suited, unsupportedReason } from './plan.ts';
import type { CaseResult } from './result.ts';
import type { Site } from './site.ts';
import { errorVerdict, judge, unsupportedVerdict, type Verdict } from './verdict.ts';

export interface Hand {
  /** Resolves when it could take a run. */
  readonly ready: Promise<void>;
  carriesOut(run: PlannedRun): Promise<Done>;
  /** The cases of a run that a fault of the harness has cost. */
  faulted(run: PlannedRun, fault: unknown, durationMs: number): readonly CaseResult[];
}

export interface Done {
  /** Undefined when it was interrupted. */
  readonly results?: readonly CaseResult[];
  /** Why this hand can take no further run. */
  readonly lost?: HarnessFault;
}

/** How runs are carried out, wherever. */
export interface Manner {
  /** What each product says of a configuration before anything runs, by name; one that is not known supports everything, as the reference does. */
  readonly facts: (product: string) => Pick<NodeUnderTest, 'unsupported'> | undefined;
  readonly seed: string;
  /** Of a product that is only configured: why this cannot be played with it. */
  readonly rehearsed?: (run: PlannedRun) => Promise<string | undefined>;
  /** Where bundles go; none are written without it. */
  readonly out?: string;
  readonly expectation: Expectation;
  readonly signal?: AbortSignal;
}

export function handAt(site: Site, manner: Manner): Hand {
  return {
    ready: Promise.resolve(),
    carriesOut: (run) => carryOutAt(site, manner, run),
    faulted: (run, fault, durationMs) => faulted(manner, site.product, run, fault, durationMs),
  };
}

/** The thread carries out the same runs in the same manner; `placeOf` is what the two call a run. */
export function handIn(
  thread: Thread<readonly CaseResult[]>,
  product: string,
  manner: Manner,
  placeOf: (run: PlannedRun) => number,
): Hand {
  return {
    get ready() {
      return thread.ready;
    },
    async carriesOut(run) {
      const began = performance.now();
      try {
        return { results: await thread.works(placeOf(run)) };
      } catch (fault) {
        if (manner.signal?.aborted) return {};
        return { results: faulted(manner, product, run, fault, performance.now() - began) };
      }
    },
    faulted: (run, fault, durationMs) => faulted(manner, product, run, fault, durationMs),
  };
}

async function carryOutAt(site: Site, manner: Manner, planned: PlannedRun): Promise<Done> {
  const product = manner.facts(site.product) ?? supportsAll;
  const run = suited(planned, product, manner.facts);
  const began = performance.now();
  const finish = (verdicts: readonly Verdict[], rest: Pick<CaseResult, 'bundle' | 'error'>, durationMs: number) =>
    run.cases.map((each, i) => result(manner, site.product, run, each, verdicts[i]!, { ...rest, durationMs }));
  const unsupportedFor = (reason: string, durationMs: number) =>
    unplayed(manner, site.product, run, reason, durationMs);

  try {
    const reason = unsupportedReason(run, product, manner.facts) ?? (await manner.rehearsed?.(run));
    if (reason !== undefined) return { results: unsupportedFor(reason, 0) };
    const startedAt = new Date().toISOString();
    const { transcript, products, log, durationMs } = await execute(run, site, manner.seed, manner.signal);
    const account = new Account(transcript);
    const verdicts = run.cases.map((each) => judge(each, account));
    const folder = manner.out === undefined ? undefined : join(manner.out, bundleOf(site.product, run));
    const results = finish(
      verdicts,
      { bundle: folder ? relative(manner.out!, folder) : null, error: null },
      durationMs,
    );
    if (folder !== undefined) {
      const parties = Object.fromEntries(
        Object.entries(products).map(([party, { product: name, ...rest }]) => [party, { name, ...rest }]),
      );
      const [product] = Object.values(parties);
      writeBundle(folder, {
        run: { touchstone: version, seed: manner.seed, startedAt, product: product!, parties },
        transcript,
        cases: results,
        log,
      });
    }
    return { results };
  } catch (fault) {
    if (manner.signal?.aborted) return {};
    if (fault instanceof Unsupported) return { results: unsupportedFor(fault.message, performance.now() - began) };
    const results = faulted(manner, site.product, run, fault, performance.now() - began);
    try {
      await site.recover();
      return { results };
    } catch (cause) {
      return { results, lost: new HarnessFault('site-lost', `no other guest could be had: ${describe(cause)}`) };
    }
  }
}

/** The cases of a run that a product cannot be configured for, wherever it would be carried out. */
export function unplayed(
  manner: Manner,
  product: string,
  run: PlannedRun,
  reason: string,
  durationMs = 0,
): readonly CaseResult[] {
  const rest = { bundle: null, error: null, durationMs };
  return run.cases.map((each) => result(manner, product, run, each, unsupportedVerdict(each, reason), rest));
}

/** The cases of a run that a fault of the harness has cost. */
export function faulted(
  manner: Manner,
  product: string,
  run: PlannedRun,
  fault: unknown,
  durationMs: number,
): readonly CaseResult[] {
  const rest = { bundle: null, error: describe(fault), durationMs };
  return run.cases.map((each) => result(manner, product, run, each, errorVerdict, rest));
}

function result(
  { expectation }: Manner,
  product: string,
  { companions }: PlannedRun,
  each: PlannedCase,
  verdict: Verdict,
  rest: Pick<CaseResult, 'bundle' | 'error' | 'durationMs'>,
): CaseResult {
  const partial = {
    id: each.id,
    variant: each.variant,
    suite: each.suite,
    title: each.title,
    product,
    requirements: [each.id],
    dimensions: each.dimensions,
    ...(Object.keys(companions).length > 0 && { companions }),
    ...verdict,
    ...rest,
  };
  return { ...partial, expected: expectation.expects(partial) };
}

/** Below the folder of its run. */
export const bundleOf = (product: string, { scenario, variant }: PlannedRun): string =>
  join('bundles', product, scenario.name, variant || 'only');

function describe(fault: unknown): string {
  if (fault instanceof HarnessFault)
    return [`${fault.code}: ${fault.message}`, ...fault.lastLines.slice(-LAST_LINES)].join('\n');
  if (fault instanceof FileFault) return fault.message;
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

const supportsAll = { unsupported: () => undefined };

/** Lines of a console that an error carries. */
const LAST_LINES = 20;
