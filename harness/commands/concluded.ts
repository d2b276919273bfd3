/** What a person hears of a campaign that is over, and with what the command ends. */
import { join, resolve } from 'node:path';
import { changeKinds, changesSince } from '../run/change.ts';
import { countedByGravity, gravest } from '../run/gravity.ts';
import { matrixOf } from '../run/matrix.ts';
import type { Selection } from '../run/plan.ts';
import type { CaseResult, RunResult } from '../run/result.ts';
import type { ExitCode, Surroundings } from './surroundings.ts';

export function conclude(
  result: RunResult,
  { json, out }: { readonly json?: boolean | undefined; readonly out: string },
  { out: print, err, paint }: Surroundings,
): void {
  const { summary, cases } = result;
  if (json) print(JSON.stringify(result, undefined, 1));
  for (const each of cases.filter(({ expected }) => !expected)) {
    err(
      `${paint.red('unexpected')} ${each.product} ${each.id}/${each.variant}: ${each.outcome}${each.error ? `\n${each.error}` : ''}`,
    );
  }
  err(
    `${paint.bold(`${summary.cases} ${summary.cases === 1 ? 'case' : 'cases'}`)}${summary.interrupted ? ' (interrupted)' : ''}, ${summary.unexpected} unexpected: ${countsText(cases)} (each by the gravest of its readings)`,
  );
  err(`result: ${join(resolve(out), 'result.json')}`);
  if (summary.interrupted) err(`the same command with --resume ${resolve(out)} in place of --out takes it up again`);
}

/** `2 pass, 1 fail`: each case by the gravest of its readings. */
export const countsText = (cases: readonly CaseResult[]): string =>
  countedByGravity(cases.map(gravest))
    .map(([count, mark]) => `${count} ${mark}`)
    .join(', ');

/** Case by case since an earlier run, and how many of each kind. */
export function sayWhatChanged(
  earlier: RunResult,
  { cases }: RunResult,
  { suite, requirement, glob, shard, meeting, baseline }: Selection & { readonly baseline?: string | undefined },
  { err, paint }: Surroundings,
): void {
  const whole = [suite, requirement, glob, shard].every((each) => each === undefined) && !meeting;
  const changes = changesSince(earlier.cases, cases, { whole });
  for (const { kind, product, name, had, has } of changes) {
    const told = [had !== undefined && `had ${had}`, has !== undefined && `has ${has}`].filter(Boolean).join(', ');
    err(`${kind === 'pass→FAIL' ? paint.red(kind) : kind} ${product} ${name}: ${told}`);
  }
  const counts = changeKinds.map((kind) => [changes.filter((each) => each.kind === kind).length, kind] as const);
  const told = counts.filter(([count]) => count > 0).map(([count, kind]) => `${count} ${kind}`);
  err(`since ${baseline}: ${told.join(', ') || 'no change'}`);
}

/** Of each meeting that failed. */
export function sayWhoDeviates(result: RunResult, { err, paint }: Surroundings): void {
  for (const { cell, deviates, documents, because } of matrixOf(result).blames) {
    const says = `${paint.red('fails')} ${cell.scenario}, ${cell.product} with ${cell.companion}`;
    const by = documents.length > 0 ? ` from ${documents.join(', ')}` : '';
    const who =
      deviates.length === 0
        ? 'neither deviates by itself'
        : `${deviates.join(' and ')} ${deviates.length > 1 ? 'deviate' : 'deviates'}${by}`;
    err(`${says}: ${who} (${because})`);
  }
}

export function exitCode({ summary, cases }: RunResult): ExitCode {
  if (summary.interrupted || cases.some(({ outcome }) => outcome === 'error')) return 3;
  return summary.unexpected > 0 ? 1 : 0;
}
