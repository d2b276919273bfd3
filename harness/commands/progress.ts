/** What a person sees while a campaign runs: which case, on which product, how it went, how long it may still take. */
import type { Progress } from '../run/campaign.ts';
import { caseName } from '../run/case-name.ts';
import type { PlannedRun } from '../run/plan.ts';
import type { CaseResult } from '../run/result.ts';
import { columnOf } from './column.ts';
import type { Surroundings } from './surroundings.ts';

/** A line that stays for each case, whole enough for a bug report, and one at the foot of a terminal for what runs. */
export function progressLines(
  runs: readonly PlannedRun[],
  product: string,
  { err, status, paint }: Pick<Surroundings, 'err' | 'status' | 'paint'>,
): Progress {
  const total = runs.reduce((sum, { cases }) => sum + cases.length, 0);
  const width = columnOf(runs.flatMap(({ cases }) => cases.map(caseName)));
  const unexpected = { count: 0 };
  let finished = 0;
  let ran = 0;
  let began: number | undefined;
  return {
    began: (run) => {
      began ??= performance.now();
      status(`${product}  ${finished}/${total}${soFar()}${timeLeft(began)}  ${run.scenario.name} ${run.variant}`);
    },
    ended: (results) => {
      finished += results.length;
      if (results.some(({ durationMs }) => durationMs > 0)) ran += results.length;
      unexpected.count += results.filter(({ expected }) => !expected).length;
      for (const each of results) err(line(each));
    },
  };

  function soFar(): string {
    return unexpected.count === 0 ? '' : `, ${unexpected.count} unexpected`;
  }

  /** What is unsupported costs nothing, so only what ran tells how long the rest may take. */
  function timeLeft(since: number): string {
    return ran === 0 ? '' : `, ${duration(((performance.now() - since) / finished) * (total - finished))} left`;
  }

  function line(each: CaseResult): string {
    const name = caseName(each).padEnd(width);
    const outcome = paint[each.expected ? 'green' : 'red'](each.outcome.padEnd(OUTCOME));
    const readings = each.readings.map(
      ({ document, reading, why }) => `${document} ${shade(reading)}${code(reading, why)}`,
    );
    const says = each.error === null ? readings.join(', ') : each.error.split('\n')[0];
    return `${product} ${name} ${outcome} ${says}  ${paint.dim(`${each.durationMs.toFixed(0)} ms`)}`;
  }

  /** Which control did not hold; the rest of the reason is in the report. */
  function code(reading: string, why: string): string {
    return reading === 'inconclusive' ? ` (${why.split(':')[0]})` : '';
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

/** Columns. */
const OUTCOME = 12;
