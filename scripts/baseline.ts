/**
 * `npm run baseline -- DIR`: takes the outcomes of the run in DIR for the shipped baselines of its products (`docker/<product>/baseline.json`, of another release `baseline-<release>.json`).
 * Every outcome was looked at by somebody before it is taken: this only writes it down. An inconclusive outcome keeps the cause that the
 * baseline already gives; a new one is refused until a cause is given with `--because ID/variant=TEXT`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { baselineOf } from '../harness/products/catalogue.ts';
import { type Baseline, readBaseline } from '../harness/run/expectation.ts';
import type { CaseResult, RunResult } from '../harness/run/result.ts';

const [folder, ...rest] = process.argv.slice(2);
if (folder === undefined) {
  console.error('usage: npm run baseline -- DIR [--because ID/variant=TEXT]…');
  process.exit(2);
}
const given = new Map(rest.filter((word) => word !== '--because').map((word) => splitOnce(word)));
const result = JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as RunResult;
for (const { name, version } of result.products) {
  const file = relative('.', baselineOf(name));
  const before = existsSync(file) ? readBaseline(file).outcomes : {};
  const cases = result.cases.filter(({ product, outcome }) => product === name && outcome !== 'unsupported');
  const broken = cases.filter(({ outcome }) => outcome === 'error');
  if (broken.length > 0) throw new Error(`${broken.length} cases of ${name} are errors: no baseline is made of them`);
  const outcomes = Object.fromEntries(cases.map((each) => [nameOf(each), outcomeOf(each, before)]));
  const baseline: Baseline = { schema: 'touchstone-baseline/1', product: name, version, outcomes };
  writeFileSync(file, `${JSON.stringify(baseline, undefined, 2)}\n`);
  console.log(`${file}: ${cases.length} outcomes`);
}

function outcomeOf(each: CaseResult, before: Baseline['outcomes']): Baseline['outcomes'][string] {
  if (each.outcome !== 'inconclusive') return each.outcome;
  const known = before[nameOf(each)];
  const because = given.get(nameOf(each)) ?? (typeof known === 'object' ? known.because : undefined);
  if (because === undefined)
    throw new Error(`${nameOf(each)} is inconclusive (${each.readings[0]?.why}): give its cause`);
  return { outcome: 'inconclusive', because };
}

function nameOf({ id, variant }: CaseResult): string {
  return `${id}/${variant}`;
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
