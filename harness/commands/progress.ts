/** What a person sees while a campaign runs: which case, on which product, how it went, how long it may still take. */
import type { Progress } from '../run/campaign.ts';
import type { PlannedRun } from '../run/plan.ts';
import type { CaseResult } from '../run/result.ts';
import type { Surroundings } from './surroundings.ts';

export function progressLines(
  runs: readonly PlannedRun[],
  product: string,
  { err, isTerminal, paint }: Surroundings,
): Progress & { done(): void } {
  const began = performance.now();
  const total = runs.reduce((sum, { cases }) => sum + cases.length, 0);
  let finished = 0;
  let ran = 0;
  const status = (what: string) => {
    const left = ran === 0 ? '' : `, ${duration(((performance.now() - began) / finished) * (total - finished))} left`;
    return `${product} ${finished}/${total}${left}  ${what}`;
  };
  const transient = (text: string) => isTerminal && err(`\r\u001b[K${text}\u001b[1A`);
  return {
    began: (run) => transient(paint.dim(status(`${run.scenario.name} ${run.variant}`))),
    ended: (results) => {
      finished += results.length;
      if (results.some(({ durationMs }) => durationMs > 0)) ran++;
      for (const each of results) err(`${isTerminal ? '\r\u001b[K' : ''}${line(each)}`);
    },
    done: () => transient(''),
  };

  function line(each: CaseResult): string {
    const name = `${each.id}/${each.variant}`.padEnd(48);
    const verdict = each.expected ? paint.green(each.outcome) : paint.red(each.outcome);
    const readings = each.readings.map(({ document, reading }) => `${document} ${shade(reading)}`).join(', ');
    return `${product} ${name} ${verdict}  ${readings}  ${paint.dim(`${each.durationMs.toFixed(0)} ms`)}`;
  }

  function shade(reading: string): string {
    if (reading === 'pass') return paint.green(reading);
    if (reading === 'fail') return paint.red(reading);
    return reading === 'warn' || reading === 'inconclusive' ? paint.yellow(reading) : paint.dim(reading);
  }
}

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
