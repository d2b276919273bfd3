/**
 * FINDINGS.md in the folder of a run: where a product did something that a document asks otherwise. Product, version, what it did, which document says
 * otherwise, which bundle proves it, and the command that shows it again. What people make of it is theirs to write elsewhere.
 */

import { caseName } from '../harness/run/case-name.ts';
import type { CaseResult, DocumentReading, ProductRun, RunResult } from '../harness/run/result.ts';
import { inlineMarkdown } from './markdown/inline-markdown.ts';
import { missing } from './markdown/summary.ts';
import { sentenceOf } from './model.ts';

export interface Finding {
  readonly product: ProductRun;
  readonly found: CaseResult;
  /** The readings that the outcome does not meet; never empty. */
  readonly unmet: readonly DocumentReading[];
}

export function findings(result: RunResult): Finding[] {
  return result.cases.flatMap((found) => {
    const unmet = found.readings.filter(({ reading }) => reading === 'fail' || reading === 'warn');
    const product = result.products.find(({ name }) => name === found.product);
    return unmet.length > 0 && product ? [{ product, found, unmet }] : [];
  });
}

export function findingsMarkdown(result: RunResult): string {
  const all = findings(result);
  const perProduct = result.products.map((product) =>
    productSection(
      product,
      all.filter((each) => each.product === product),
    ),
  );
  return [
    '# Findings',
    '',
    `Of one run of Touchstone ${inlineMarkdown(result.touchstone)}, begun on ${result.startedAt.slice(0, 10)}, seed ${inlineMarkdown(result.seed)}. Each finding is an outcome that a document asks otherwise;`,
    'documents disagree with each other, so not every finding is a defect. The bundle, in the folder of the run, holds the frames that prove it.',
    '',
    ...missing(result),
    ...perProduct,
  ].join('\n');
}

function productSection(product: ProductRun, found: readonly Finding[]): string {
  const name = `## ${inlineMarkdown(product.name)} ${inlineMarkdown(product.version)}`;
  const release = product.system ? `, ${inlineMarkdown(product.system.release)}` : '';
  const kernel = `Runtime ${inlineMarkdown(product.runtime)}, kernel ${inlineMarkdown(product.kernel || 'none')}${release}.`;
  const none = 'Nothing that any document asks otherwise was seen.';
  return [name, '', kernel, '', ...(found.length > 0 ? alike(found).map(section) : [none, ''])].join('\n');
}

/** Findings of one question that came out the same stand together. */
function alike(found: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const each of found) {
    const key = JSON.stringify([each.found.id, each.found.title, each.found.outcome]);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()];
}

function section(group: readonly [Finding, ...Finding[]]): string {
  const [{ found, product }] = group;
  return [
    `### ${inlineMarkdown(found.id)}: ${inlineMarkdown(found.outcome)}`,
    '',
    `${inlineMarkdown(found.title)} **${inlineMarkdown(found.outcome)}**, seen with \`${commandOf(product)} --requirement ${inCode(found.id)}\`.`,
    '',
    ...readingsOf(group),
    '',
    'Proven by:',
    '',
    ...group.map(proof),
    '',
  ].join('\n');
}

const commandOf = ({ name, runtime }: ProductRun): string =>
  runtime === 'capture' ? `touchstone judge ${inCode(name)}` : `touchstone run --product ${inCode(name)}`;

/** Each once; of one that not all cases have, how many do. */
function readingsOf(group: readonly Finding[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { unmet } of group)
    for (const said of new Set(unmet.map(readingOf))) counts.set(said, (counts.get(said) ?? 0) + 1);
  return [...counts].map(([said, count]) =>
    count === group.length ? `- ${said}` : `- ${said}, in ${count} of the ${group.length} cases`,
  );
}

function readingOf(reading: DocumentReading): string {
  return `${inlineMarkdown(sentenceOf(reading))} reads **${reading.reading}**`;
}

function proof({ found, unmet }: Finding): string {
  const bundle = found.bundle ? `\`${inCode(found.bundle)}\`` : 'no bundle was kept';
  const why = unmet[0]?.why || 'the outcome is not the one it asks for';
  return `- ${inlineMarkdown(caseName(found))}: ${inlineMarkdown(why)}; ${bundle}`;
}

const inCode = (text: string): string => text.replaceAll('`', "'");
