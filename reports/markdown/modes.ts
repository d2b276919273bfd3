/** The modes in Markdown: a table for each group of them, a row for each mode, a column for each product in each of its versions. */
import type { CaseResult, ProductRun, RunResult } from '../../harness/run/result.ts';
import { cellText, modesSeen, type SeenMode } from '../modes/modes-seen.ts';
import { inlineMarkdown } from './inline-markdown.ts';

export function modesMarkdown(results: readonly RunResult[]): string {
  const products = [...new Map(results.flatMap((each) => each.products).map((each) => [each.name, each])).values()];
  return [
    '# Modes',
    '',
    'What each product was seen to do, by the cases that ran. A cell has what every part of IKE came to, or each part by itself where they differ:',
    '`responder` and `initiator` are the parts of the product, `manual` is without IKE. `pass` is what the documents ask, `observed` an outcome that they leave',
    'open, `fail` and `warn` a MUST or a SHOULD that was not met, `unsupported` what the product cannot be configured for. Where a mode has several cases, they',
    'are counted. An empty cell says nothing: no case ran.',
    '',
    ...products.map(productLine),
    '',
    ...modesSeen(results).flatMap(({ title, rows }) => [
      `## ${title}`,
      '',
      tableRow(['mode', ...products.map(({ name }) => name)]),
      tableRow(['---', ...products.map(() => '---')]),
      ...rows.map((row) => tableRow([row.name, ...products.map(({ name }) => cell(row, name))])),
      '',
    ]),
  ].join('\n');
}

function productLine({ name, version, kernel, system }: ProductRun): string {
  const on = [kernel && `kernel ${kernel}`, system?.release].filter((each) => each !== undefined && each !== '');
  return `- **${inlineMarkdown(name)}** is ${inlineMarkdown([version, ...on].join(', '))}`;
}

function cell({ seen }: SeenMode, product: string): string {
  const parts: readonly (readonly [string, readonly CaseResult[]])[] = [...(seen.get(product) ?? [])];
  const texts = parts.map(([part, cases]) => [part, cellText(cases)] as const);
  const [first] = texts;
  if (!first) return '';
  if (texts.every(([, text]) => text === first[1])) return first[1];
  return texts.map(([part, text]) => (part === '' ? text : `${part} ${text}`)).join('; ');
}

const tableRow = (cells: readonly string[]): string => `| ${cells.map(inlineMarkdown).join(' | ')} |`;
