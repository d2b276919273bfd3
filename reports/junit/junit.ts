/**
 * The result in JUnit's XML, as CI systems read it: a suite for each product and suite, a test for each case. A failure is a verdict that was not
 * expected, exactly what makes the run's exit code 1; a harness fault is an error; what could not be judged or does not apply is skipped. What is
 * known of a product and still not what a document asks succeeds, and says so.
 */

import { caseName } from '../../harness/run/case-name.ts';
import type { CaseResult, RunResult } from '../../harness/run/result.ts';
import { gravest, sentenceOf } from '../model.ts';

export function junitXml(result: RunResult): string {
  const groups = new Map<string, CaseResult[]>();
  for (const each of result.cases) {
    const name = `${each.product}.${each.suite}`;
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  const suites = [...groups].map(([name, cases]) => suite(name, cases, result.startedAt));
  const totals = attributes({ name: 'touchstone', ...counts(result.cases) });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${totals}>\n${suites.join('')}</testsuites>\n`;
}

function suite(name: string, cases: readonly CaseResult[], timestamp: string): string {
  return `  <testsuite ${attributes({ name, ...counts(cases), timestamp })}>\n${cases.map(test).join('')}  </testsuite>\n`;
}

function test(each: CaseResult): string {
  const head = attributes({
    classname: `${each.product}.${each.suite}`,
    name: caseName(each),
    time: seconds(each.durationMs),
  });
  const readings = each.readings.map(
    (each) => `${sentenceOf(each)}: ${each.reading}${each.why ? ` (${each.why})` : ''}`,
  );
  const known = isKnown(each)
    ? [`as expected of this product, and not what every document asks: ${gravest(each)}`]
    : [];
  const out = [
    `outcome: ${each.outcome}`,
    ...known,
    ...readings,
    ...(each.bundle ? [`bundle: ${each.bundle}`] : []),
  ].join('\n');
  return `    <testcase ${head}>\n${verdict(each)}      <system-out>${text(out)}</system-out>\n    </testcase>\n`;
}

function verdict(each: CaseResult): string {
  const why = each.readings.find(({ reading }) => reading !== 'pass')?.why ?? '';
  switch (kindOf(each)) {
    case 'error':
      return `      <error ${attributes({ message: each.error ?? 'harness fault' })}/>\n`;
    case 'failure':
      return `      <failure ${attributes({ message: `unexpected outcome: ${each.outcome}` })}>${text(why)}</failure>\n`;
    case 'skipped':
      return `      <skipped ${attributes({ message: `${each.outcome}: ${why}` })}/>\n`;
    case 'success':
      return '';
  }
}

function kindOf(each: CaseResult): 'error' | 'failure' | 'skipped' | 'success' {
  if (each.error !== null || each.outcome === 'error') return 'error';
  if (!each.expected) return 'failure';
  return each.outcome === 'inconclusive' || each.outcome === 'unsupported' ? 'skipped' : 'success';
}

/** No failure of the run, and still one of the product. */
const isKnown = (each: CaseResult): boolean =>
  kindOf(each) === 'success' && (gravest(each) === 'fail' || gravest(each) === 'warn');

function counts(cases: readonly CaseResult[]): Record<string, string> {
  const kinds = cases.map(kindOf);
  const of = (kind: string) => String(kinds.filter((each) => each === kind).length);
  const duration = cases.reduce((sum, each) => sum + each.durationMs, 0);
  return {
    tests: String(cases.length),
    failures: of('failure'),
    errors: of('error'),
    skipped: of('skipped'),
    time: seconds(duration),
  };
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}

function attributes(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${text(value).replace(/[\t\n\r]/g, ' ')}"`)
    .join(' ');
}

/** Escaped, and without the characters that XML 1.0 cannot hold. */
function text(raw: string): string {
  return raw
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
