/**
 * Proof that the cases can turn: each is run against the mutants it declares, and must reach exactly the outcome declared, with all of its
 * controls held. A rule no case breaks must be broken by a conversation test beside its machine, titled `rule <name>: …`.
 */
import { nodeRules } from '../../reference/host/host.ts';
import { Account } from '../judge/account.ts';
import type { NodeMutant } from '../peers/mutant.ts';
import { referenceWith } from '../products/reference.ts';
import type { Worker } from '../threads/errand.ts';
import { together } from '../threads/together.ts';
import { caseName } from './case-name.ts';
import { execute } from './execution.ts';
import type { PlannedCase, PlannedRun } from './plan.ts';
import { memorySite } from './site.ts';
import { judge } from './verdict.ts';

export interface Kill {
  readonly id: string;
  readonly variant: string;
  readonly mutant: string;
  readonly rule: string;
  readonly wanted: string;
  /** The outcome reached, `inconclusive (…)`, or `error: …`. */
  readonly had: string;
  readonly killed: boolean;
}

export interface LawfulMiss {
  readonly id: string;
  readonly variant: string;
  readonly wanted: string;
  readonly had: string;
}

export interface KillMatrix {
  readonly kills: readonly Kill[];
  /** Cases the honest reference does not answer as declared: their kills prove nothing. */
  readonly lawful: readonly LawfulMiss[];
}

/** Every run once with each mutant that any of its cases declares, or with all of `everyMutant`; by this thread and others beside it. */
export async function killMatrix(
  runs: readonly PlannedRun[],
  seed: string,
  everyMutant?: readonly NodeMutant[],
  { progress, beside = [] }: Beside = {},
): Promise<KillMatrix> {
  const here: Worker<KillMatrix> = {
    ready: Promise.resolve(),
    works: (place) => killsOf(runs[place]!, seed, everyMutant),
  };
  const there = beside.map(
    (worker): Worker<KillMatrix> => ({
      get ready() {
        return worker.ready;
      },
      works: (place) => worker.works(place).catch((fault: unknown) => lostRun(runs[place]!, fault)),
    }),
  );
  const rows = await together(runs.length, [here, ...there], (done) => progress?.(done, runs.length));
  return { kills: rows.flatMap(({ kills }) => kills), lawful: rows.flatMap(({ lawful }) => lawful) };
}

export interface Beside {
  readonly progress?: ((done: number, of: number) => void) | undefined;
  /** Threads that call `killsOf` for the places of the same list. */
  readonly beside?: readonly Worker<KillMatrix>[] | undefined;
}

export async function killsOf(run: PlannedRun, seed: string, everyMutant?: readonly NodeMutant[]): Promise<KillMatrix> {
  const kills: Kill[] = [];
  const lawful: LawfulMiss[] = [];
  const honest = await outcomes(run, seed);
  for (const each of run.cases) {
    const had = honest.get(caseName(each))!;
    if (had !== each.lawful) lawful.push({ id: each.id, variant: each.variant, wanted: each.lawful, had });
  }
  for (const mutant of everyMutant ?? declaredBy(run)) {
    const reached = await outcomes(run, seed, mutant);
    for (const each of run.cases) {
      const declared = each.turnedBy.find(([other]) => other.name === mutant.name);
      const had = reached.get(caseName(each))!;
      if (!declared && !everyMutant) continue;
      // A mutant that a case does not declare may break its controls: that is no answer.
      if (!declared && (had === each.lawful || had.startsWith('inconclusive'))) continue;
      const wanted = declared?.[1] ?? each.lawful;
      kills.push({
        id: each.id,
        variant: each.variant,
        mutant: mutant.name,
        rule: mutant.rule,
        wanted,
        had,
        killed: declared ? had === wanted : !had.includes(' '),
      });
    }
  }
  return { kills, lawful };
}

/** Nothing is known of it. */
function lostRun(run: PlannedRun, fault: unknown): KillMatrix {
  const had = `error: ${fault instanceof Error ? fault.message : fault}`;
  return {
    kills: [],
    lawful: run.cases.map(({ id, variant, lawful: wanted }) => ({ id, variant, wanted, had })),
  };
}

/** The mutants of a run's cases, each once. */
export function declaredBy(run: PlannedRun): readonly NodeMutant[] {
  return [...new Set(run.cases.flatMap(({ turnedBy }) => turnedBy.map(([mutant]) => mutant)))];
}

async function outcomes(run: PlannedRun, seed: string, mutant?: NodeMutant): Promise<ReadonlyMap<string, string>> {
  const site = memorySite(referenceWith(mutant?.apply(nodeRules)));
  try {
    const { transcript } = await execute(run, site, seed);
    const account = new Account(transcript);
    return new Map(run.cases.map((each) => [caseName(each), outcomeOf(each, account)]));
  } catch (error) {
    return new Map(
      run.cases.map((each) => [caseName(each), `error: ${error instanceof Error ? error.message : error}`]),
    );
  }
}

function outcomeOf(each: PlannedCase, account: Account): string {
  const { outcome, readings } = judge(each, account);
  return outcome === 'inconclusive' ? `inconclusive (${readings[0]?.why ?? ''})` : outcome;
}
