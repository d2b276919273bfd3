/** A short summary in Markdown, for a pull request or a job's page: what ran, the counts, and every case that needs a look. */

import { caseName } from '../../harness/run/case-name.ts';
import type { CaseResult, RunResult } from '../../harness/run/result.ts';
import { byGravity, type CaseMark, gravest, sentenceOf } from '../model.ts';
import { inlineMarkdown } from './inline-markdown.ts';

export function markdownSummary(result: RunResult): string {
  const unexpected = result.cases.filter((each) => !each.expected);
  return [
    '# Touchstone',
    '',
    `${result.summary.cases} cases, ${result.summary.unexpected} unexpected${result.summary.interrupted ? ', **interrupted**' : ''}. Seed ${inlineMarkdown(result.seed)}.`,
    '',
    ...missing(result),
    ...productTable(result),
    ...remarks(result),
    ...section('Unexpected', unexpected),
    ...section('As expected, but not what some document asks', result.cases.filter(needsALook)),
  ].join('\n');
}

/** What a reader would take the rest for, if it were not said. */
export function missing({ summary, leftOut = [] }: RunResult): string[] {
  if (!summary.interrupted) return [];
  const products = leftOut.map(({ name, why }) => `- ${inlineMarkdown(name)} is left out: ${inlineMarkdown(why)}`);
  return ['**Interrupted**: cases are missing.', '', ...products, ...(products.length > 0 ? [''] : [])];
}

function productTable({ products, cases }: RunResult): string[] {
  const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [
    row(['product', 'version', 'kernel', 'cases', ...byGravity]),
    row(['---', '---', '---', ...['cases', ...byGravity].map(() => '---:')]),
    ...products.map(({ name, version, kernel }) => {
      const marks = cases.filter((each) => each.product === name).map(gravest);
      const counts = byGravity.map((mark) => marks.filter((each) => each === mark).length || '');
      return row([...[name, version, kernel].map(inlineMarkdown), marks.length, ...counts]);
    }),
    '',
    'A case counts once, by the gravest reading any document has of it.',
    '',
  ];
}

/** What of a capture is not judged, or was lost. */
function remarks({ products }: RunResult): string[] {
  const lines = products.flatMap(({ name, remarks: said = [] }) =>
    said.map((each) => `- ${inlineMarkdown(name)}: ${inlineMarkdown(each)}`),
  );
  return lines.length === 0 ? [] : ['## In the captures, beside what was judged', '', ...lines, ''];
}

function section(title: string, cases: readonly CaseResult[]): string[] {
  if (cases.length === 0) return [];
  return [`## ${title}`, '', ...cases.map(line), ''];
}

function line(each: CaseResult): string {
  const why = each.error ?? each.readings.find(({ reading }) => reading === gravest(each))?.why ?? '';
  const said = each.readings.map((reading) => `${sentenceOf(reading)} ${reading.reading}`).join('; ');
  const name = `**${inlineMarkdown(caseName(each))}** on ${inlineMarkdown(each.product)}`;
  return `- ${name}: ${inlineMarkdown(each.outcome)}${said ? ` (${inlineMarkdown(said)})` : ''}${why ? `. ${inlineMarkdown(why)}` : ''}`;
}

function needsALook(each: CaseResult): boolean {
  return each.expected && lookWorthy.has(gravest(each));
}

const lookWorthy: ReadonlySet<CaseMark> = new Set<CaseMark>(['error', 'fail', 'inconclusive', 'warn']);
