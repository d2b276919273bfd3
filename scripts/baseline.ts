/**
 * `npm run baseline -- DIR`: takes the outcomes of the run in DIR for the shipped baselines of its products (`docker/<product>/baseline.json`, of another release `baseline-<release>.json`).
 * Every outcome was looked at by somebody before it is taken: this only writes it down. Cases that did not run keep what stands there, those that no
 * suite has any more go. An inconclusive outcome keeps the cause that the baseline already gives; a new one is refused until a cause is given. Several outcomes of which a race
 * inside the product draws one (`anyOf`) stand as they were written, and one more is refused.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { composition } from '../bin/composition.ts';
import { baselineOf } from '../harness/products/catalogue.ts';
import { caseName } from '../harness/run/case-name.ts';
import { type Baseline, readBaseline } from '../harness/run/expectation.ts';
import { plan } from '../harness/run/plan.ts';
import type { CaseResult } from '../harness/run/result.ts';
import { readResult } from '../harness/run/result-document.ts';
import { asked, complains } from './asked.ts';

const { words, values } = asked('npm run baseline -- DIR [--because ID/variant=TEXT]…', {
  because: { type: 'string', multiple: true, default: [] },
});
const [folder] = words;
if (folder === undefined) complains('wanted the folder of a run');
const given = new Map((values.because as string[]).map(splitOnce));
const planned = plan(composition.suites).flatMap(({ cases }) => cases.map(caseName));
const result = told(() => readResult(join(folder, 'result.json')));
for (const { name, version } of result.products) {
  const file = relative('.', baselineOf(name));
  if (!existsSync(dirname(file))) {
    complains(
      `${name} has no folder ${dirname(file)}: of a product from outside, touchstone report ${folder} --format baseline writes one`,
    );
  }
  const before = existsSync(file) ? readBaseline(file).outcomes : {};
  const ran = result.cases.filter(({ product }) => product === name);
  const broken = ran.filter(({ outcome }) => outcome === 'error');
  if (broken.length > 0) complains(`${broken.length} cases of ${name} are errors: no baseline is made of them`);
  const now = new Map(ran.map((each) => [caseName(each), each]));
  const outcomes = Object.fromEntries(
    planned.flatMap((each): [string, Baseline['outcomes'][string]][] => {
      const found = now.get(each);
      if (!found) return before[each] === undefined ? [] : [[each, before[each]]];
      return found.outcome === 'unsupported' ? [] : [[each, outcomeOf(found, before)]];
    }),
  );
  const baseline: Baseline = { schema: 'touchstone-baseline/1', product: name, version, outcomes };
  writeFileSync(file, `${JSON.stringify(baseline, undefined, 2)}\n`);
  const kept = planned.filter((each) => outcomes[each] !== undefined && !now.has(each)).length;
  console.log(`${file}: ${Object.keys(outcomes).length} outcomes${kept > 0 ? `, ${kept} of them as they were` : ''}`);
}

function outcomeOf(each: CaseResult, before: Baseline['outcomes']): Baseline['outcomes'][string] {
  const known = before[caseName(each)];
  if (typeof known === 'object' && 'anyOf' in known) {
    if (!known.anyOf.includes(each.outcome))
      complains(
        `${caseName(each)} is ${each.outcome}, and none of ${known.anyOf.join(', ')}: look why, and write it there`,
      );
    return known;
  }
  if (each.outcome !== 'inconclusive') return each.outcome;
  const because = given.get(caseName(each)) ?? (typeof known === 'object' ? known.because : undefined);
  if (because === undefined)
    complains(
      `${caseName(each)} is inconclusive (${each.readings[0]?.why}): give its cause with --because ${caseName(each)}=TEXT`,
    );
  return { outcome: 'inconclusive', because };
}

function told<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    return complains((fault as Error).message);
  }
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}
