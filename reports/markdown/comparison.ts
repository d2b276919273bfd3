/** What changed, in Markdown: for a pull request, or for somebody who wonders what the next release does. */

import { caseName } from '../../harness/run/case-name.ts';
import type { ProductRun } from '../../harness/run/result.ts';
import { type Change, type Comparison, comparisonsOf, type Side, sideName } from '../comparison.ts';
import { gravest, type ReportModel } from '../model.ts';
import { inlineMarkdown } from './inline-markdown.ts';

export function comparisonMarkdown({ result, earlier }: ReportModel): string {
  const all = comparisonsOf(result, earlier?.result);
  return [
    '# What changed',
    '',
    ...(all.length > 0 ? all.flatMap(section) : [nothing(result.products, earlier?.result.products), '']),
  ].join('\n');
}

function nothing(products: readonly ProductRun[], others: readonly ProductRun[] | undefined): string {
  const names = (those: readonly ProductRun[]) => those.map(({ name }) => inlineMarkdown(name)).join(', ') || 'nothing';
  return others
    ? `Nothing can be compared: one run is of ${names(others)}, the other of ${names(products)}.`
    : `Nothing can be compared here: one run, of one version of ${names(products)}. \`touchstone report DIR --against DIR2\` compares with another run.`;
}

/** Of one comparison: the counts, and a row for each case that came out or is read otherwise. */
function section({ one, other, changes, same, onlyOne, onlyOther }: Comparison): string[] {
  const counts = [
    `${changes.length} of ${changes.length + same} cases differ`,
    ...(onlyOne.length > 0 ? [`${onlyOne.length} ran only on the first`] : []),
    ...(onlyOther.length > 0 ? [`${onlyOther.length} only on the second`] : []),
  ];
  const heads = [one, other].map((side) => inlineMarkdown(sideName(side)));
  return [
    `## ${heads.join(' and ')}`,
    '',
    `${[one, other].map(ground).join('; ')}. ${counts.join(', ')}.`,
    '',
    ...(changes.length === 0
      ? []
      : [`| case | ${heads.join(' | ')} | change | read otherwise by |`, '| --- | --- | --- | --- | --- |']),
    ...changes.map(row),
    ...(changes.length === 0 ? [] : ['']),
  ];
}

function ground({ product: { kernel, system } }: Side): string {
  return inlineMarkdown([kernel || 'no kernel', system?.release].filter(Boolean).join(', '));
}

function row({ one, other, kind, readings }: Change): string {
  const came = [one, other].map((each) => inlineMarkdown(`${each.outcome} (${gravest(each)})`));
  return `| ${inlineMarkdown(caseName(other))} | ${came.join(' | ')} | ${kind ?? 'read otherwise'} | ${inlineMarkdown(readings.join(', ') || 'nobody')} |`;
}
