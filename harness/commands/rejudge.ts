/** `touchstone rejudge DIR`: the verdicts again, from bundles alone. */
import { setImmediate } from 'node:timers/promises';
import { plan } from '../run/plan.ts';
import { bundlesBelow, type Rejudged, rejudge as rejudgeBundle } from '../run/rejudge.ts';
import { UsageFault } from '../usage-fault.ts';
import type { Composition } from './composition.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export async function rejudge(
  directory: string,
  { json }: { readonly json?: boolean | undefined },
  { suites }: Composition,
  { out, err, signal, paint }: Surroundings,
): Promise<ExitCode> {
  const { folders, faults } = await bundlesBelow(directory, signal);
  for (const { message } of faults) err(paint.red(message));
  if (folders.length === 0) throw new UsageFault(`${directory}: no bundle (a folder with case.json) is in it`);
  const runs = plan(suites);
  const cases: Rejudged[] = [];
  const leftOut = new Set<string>();
  let damaged = faults.length;
  for (const folder of folders) {
    await setImmediate(); // a signal is heard between two bundles
    signal.throwIfAborted();
    try {
      cases.push(...rejudgeBundle(folder, runs, (name) => leftOut.add(name)));
    } catch (fault) {
      damaged++;
      err(paint.red(fault instanceof Error ? fault.message : String(fault)));
    }
  }
  if (leftOut.size > 0) {
    const more = leftOut.size > MOST_NAMED ? [`and ${leftOut.size - MOST_NAMED} more; --json names them all`] : [];
    const says = [
      `${leftOut.size} cases are of no suite here: --suites FILE brings those of others`,
      ...[...leftOut].slice(0, MOST_NAMED),
      ...more,
    ].join('\n  ');
    if (cases.length === 0 && damaged === 0) throw new UsageFault(says);
    err(paint.yellow(says));
  }
  const disagreeing = cases.filter(({ agree }) => !agree);
  if (json) out(JSON.stringify({ cases, leftOut: [...leftOut] }, undefined, 1));
  for (const { id, variant, product, live, again } of disagreeing) {
    err(`${paint.red('disagrees')} ${product} ${id}/${variant}: ${live} live, ${again} again`);
  }
  const times = cases.map(({ durationMs }) => durationMs).sort((one, other) => one - other);
  const median = times[Math.floor(times.length / 2)] ?? 0;
  err(
    `${cases.length} cases judged again, ${disagreeing.length} disagree, ${damaged} bundles damaged; median ${median.toFixed(1)} ms a case`,
  );
  if (damaged > 0) return 3;
  return disagreeing.length > 0 ? 1 : 0;
}

const MOST_NAMED = 20;
