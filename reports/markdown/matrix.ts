/** Products that met, in Markdown: who with whom, how often it came to what, each cell that fails with who deviates, and what could not be played. */
import type { Blame, Cell, CellState, Matrix } from '../../harness/run/matrix.ts';
import { matrixOf } from '../../harness/run/matrix.ts';
import type { ReportModel } from '../model.ts';
import { inlineMarkdown } from './inline-markdown.ts';

export function matrixMarkdown({ result }: ReportModel): string {
  const matrix = matrixOf(result);
  if (matrix.cells.length === 0)
    return '# Matrix\n\nNo case of this run has a companion: `touchstone matrix --product A B` has products meet.\n';
  const versions = result.products.map(
    ({ name, version, kernel }) => `${name} is ${version}${kernel ? ` on ${kernel}` : ''}`,
  );
  return [
    '# Matrix',
    '',
    `${matrix.cells.length} cells of ${scenariosOf(matrix.cells).length} scenarios: ${counted(matrix.cells)}. ${inlineMarkdown(versions.join('; '))}.`,
    '',
    ...grid(matrix),
    '',
    ...failures(matrix.blames),
    ...lists(matrix.cells),
  ].join('\n');
}

const scenariosOf = (cells: readonly Cell[]): string[] => [...new Set(cells.map(({ scenario }) => scenario))];

/** A row for who was asked, a column for who it met. */
function grid({ products, companions, cells }: Matrix): string[] {
  const at = (product: string, companion: string) =>
    counted(cells.filter((cell) => cell.product === product && cell.companion === companion)) || 'not played';
  return [
    `| | ${companions.map((name) => `with ${inlineMarkdown(name)}`).join(' | ')} |`,
    `| --- |${' --- |'.repeat(companions.length)}`,
    ...products.map(
      (product) => `| ${inlineMarkdown(product)} | ${companions.map((each) => at(product, each)).join(' | ')} |`,
    ),
  ];
}

function failures(blames: readonly Blame[]): string[] {
  if (blames.length === 0) return ['No cell fails.', ''];
  return [
    '## Cells that fail',
    '',
    '| scenario | who | with | came to | who deviates | by | because |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...blames.map(({ cell, deviates, documents, because }) => {
      const who = deviates.length > 0 ? deviates.join(' and ') : 'neither by itself';
      const row = [cell.scenario, cell.product, cell.companion, cell.why, who, documents.join(', '), because];
      return `| ${row.map(inlineMarkdown).join(' | ')} |`;
    }),
    '',
  ];
}

/** What is neither pass nor fail: each reason once, with how many cells it costs. */
function lists(cells: readonly Cell[]): string[] {
  return (['error', 'inconclusive', 'unsupported'] as const).flatMap((state) => {
    const those = cells.filter((cell) => cell.state === state);
    if (those.length === 0) return [];
    const reasons = new Map<string, number>();
    for (const { product, companion, why } of those) {
      const reason = `${product} with ${companion}: ${why}`;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    }
    return [
      `## ${titles[state]}`,
      '',
      ...[...reasons].map(([reason, each]) => `- ${inlineMarkdown(reason)} (${each})`),
      '',
    ];
  });
}

const titles = { error: 'Errors', inconclusive: 'Inconclusive', unsupported: 'Not to be had' } as const;

const counted = (cells: readonly Cell[]): string =>
  order
    .map((state) => [cells.filter((cell) => cell.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${count} ${state}`)
    .join(', ');

const order: readonly CellState[] = ['pass', 'fail', 'inconclusive', 'error', 'unsupported'];
