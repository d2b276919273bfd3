/** A sample of the plan with all suites in it, for the bench and for repeating. */
import type { PlannedRun } from '../harness/run/plan.ts';

/** Runs that together hold about so many cases, spread evenly over the plan. */
export function spread(runs: readonly PlannedRun[], wanted: number): readonly PlannedRun[] {
  const all = runs.reduce((sum, { cases }) => sum + cases.length, 0);
  const taken: PlannedRun[] = [];
  let seen = 0;
  let held = 0;
  for (const run of runs) {
    seen += run.cases.length;
    if (held >= (seen / all) * wanted) continue;
    taken.push(run);
    held += run.cases.length;
  }
  return taken;
}
