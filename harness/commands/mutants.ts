/** `touchstone mutants`: each case against the mutants it declares (with --full: against all), and every rule against cases and conversation tests. */
import type { NodeMutant } from '../peers/mutant.ts';
import { type ConversationTest, rulesOfTheReference } from '../run/broken-rules.ts';
import { declaredBy, type Kill, killMatrix } from '../run/kill-matrix.ts';
import { type PlannedRun, plan, type Selection } from '../run/plan.ts';
import type { Composition } from './composition.ts';
import type { FromOutside } from './gathered.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';
import { threadsFor } from './thread-order.ts';

export interface MutantsOptions extends Selection {
  readonly outside: FromOutside;
  readonly jobs: number;
  readonly full?: boolean | undefined;
  readonly json?: boolean | undefined;
  readonly seed: string;
}

export async function mutants(
  options: MutantsOptions,
  composition: Composition,
  { out, err, status, signal, paint }: Surroundings,
): Promise<ExitCode> {
  const runs = plan(composition.suites, options);
  const progress = (done: number, of: number): void => {
    signal.throwIfAborted();
    status(`${done}/${of} runs`);
  };
  const { json: _json, jobs, ...rest } = options;
  const beside = threadsFor({ kind: 'kills', options: rest }, jobs, { entry: composition.thread, err, signal });
  const { kills, lawful } = await killMatrix(runs, options.seed, mutantsFor(options, runs, composition), {
    progress,
    beside,
  }).finally(() => Promise.all(beside.map((thread) => thread.end())));
  status('');
  const killed = kills.filter((kill) => kill.killed);
  const survivors = kills.filter((kill) => !kill.killed);
  const cases = runs.flatMap((run) => run.cases);
  const tests = composition.conversationTests();
  const rules = rulesOfTheReference().map(({ name, section }) => ({
    name,
    section,
    brokenBy: brokenBy(name, killed, tests),
  }));
  const unbroken = rules.filter((rule) => rule.brokenBy.length === 0);
  const unturned = cases.filter(
    ({ id, variant }) => !killed.some((kill) => kill.id === id && kill.variant === variant),
  );
  if (options.json) {
    const byCase = cases.map(({ id, variant }) => ({
      id,
      variant,
      killedBy: killed
        .filter((kill) => kill.id === id && kill.variant === variant)
        .map(({ mutant, had }) => ({ mutant, outcome: had })),
    }));
    out(JSON.stringify({ cases: byCase, rules, survivors }, undefined, 1));
  }
  for (const { id, variant, mutant, wanted, had } of survivors)
    err(`${paint.red('survives')} ${mutant}: ${id}/${variant} wanted ${wanted}, had ${had}`);
  for (const { id, variant, wanted, had } of lawful)
    err(`${paint.red('unlawful')} ${id}/${variant}: the reference answers ${had}, declared ${wanted}`);
  for (const { id, variant } of unturned) err(`${paint.red('never turned')} ${id}/${variant}`);
  if (options.suite === undefined && options.glob === undefined) {
    for (const { name, section } of unbroken) err(`${paint.red('unbroken rule')} ${name} (${section})`);
  }
  err(
    `${cases.length} cases, ${killed.length} kills, ${survivors.length} survivors, ${unturned.length} never turned; ${rules.length} rules, ${unbroken.length} unbroken`,
  );
  return survivors.length + lawful.length + unturned.length > 0 ? 1 : 0;
}

/** All of them for the full matrix; without, each case has its own. */
export function mutantsFor(
  { full }: Pick<MutantsOptions, 'full'>,
  runs: readonly PlannedRun[],
  { mutants }: Composition,
): readonly NodeMutant[] | undefined {
  return full ? [...new Set([...mutants, ...runs.flatMap(declaredBy)])] : undefined;
}

function brokenBy(
  rule: string,
  killed: readonly Kill[],
  tests: readonly ConversationTest[],
): readonly ({ case: string } | { test: string })[] {
  const byCases = killed.filter((kill) => kill.rule === rule).map(({ id, variant }) => ({ case: `${id}/${variant}` }));
  const byTests = tests.filter((test) => test.rule === rule).map(({ title }) => ({ test: title }));
  return [...new Map(byCases.map((each) => [each.case, each])).values(), ...byTests];
}
