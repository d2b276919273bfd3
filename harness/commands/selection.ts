/** Which cases a person asked for on the command line, held against those that there are. */
import { caseName, selectedBy } from '../run/case-name.ts';
import { plan, type Selection } from '../run/plan.ts';
import { readResult } from '../run/result-document.ts';
import { durationsOf, type Shard } from '../run/shard.ts';
import { requireKnown, UsageFault, unknown, unmatched } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import { named } from './named.ts';
import { untestedFault } from './untested-fault.ts';

export interface SelectingOptions {
  readonly suite?: readonly string[];
  readonly requirement?: readonly string[];
  readonly case?: readonly string[];
  readonly shard?: string;
  /** A result.json whose durations say how long each run takes. */
  readonly balancedBy?: string;
}

/** Throws `UsageFault` for what names nothing. */
export function selectionFrom(options: SelectingOptions, { suites, ...composition }: Composition): Selection {
  const { suite, requirement, case: glob, shard, balancedBy } = options;
  const names = suites.map(({ name }) => name);
  requireKnown('suite', suite ?? [], names);
  const cases = plan(suites).flatMap((each) => each.cases);
  const ids = [...new Set(cases.map(({ id }) => id))];
  for (const each of requirement ?? [])
    if (!ids.includes(each)) throw untestedFault(each, { suites, ...composition }) ?? unknown('requirement', each, ids);
  for (const each of glob ?? []) if (!cases.some(selectedBy(each))) throw noCaseOf(each, ids, cases.map(caseName));
  if (balancedBy !== undefined && shard === undefined)
    throw new UsageFault('--balanced-by says how shards are cut, and there is no --shard');
  return { suite, requirement, glob, shard: shard === undefined ? undefined : shardFrom(shard, balancedBy) };
}

/** Where the ID before the slash is one, its variants are what there is. */
function noCaseOf(glob: string, ids: readonly string[], names: readonly string[]): UsageFault {
  const id = glob.split('/')[0]!.toLowerCase();
  const variants = names.filter((name) => name.toLowerCase().startsWith(`${id}/`));
  if (variants.length > 0) return unmatched('case', glob, variants);
  return /[*?]/.test(glob) ? unmatched('case', glob, ids) : unknown('case', glob, [...ids, ...names]);
}

function shardFrom(text: string, balancedBy: string | undefined): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (!(shard.index >= 1 && shard.index <= shard.of))
    throw new UsageFault(`--shard wants I/N with 1 ≤ I ≤ N, had "${text}"`);
  return balancedBy === undefined
    ? shard
    : { ...shard, durations: durationsOf(named('--balanced-by', () => readResult(balancedBy)).cases) };
}
