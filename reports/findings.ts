/**
 * FINDINGS.md: where a product did something that a document asks otherwise. Made by the run and by nothing else: product, version, what it
 * did, which document says otherwise, which bundle proves it.
 */
import type { CaseResult, DocumentReading, ProductRun, RunResult } from '../harness/run/result.ts';
import { inlineMarkdown } from './markdown/inline-markdown.ts';
import { caseName, sentenceOf } from './model.ts';

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
    `Made by a run of Touchstone ${inlineMarkdown(result.touchstone)} on ${result.startedAt.slice(0, 10)}, seed ${inlineMarkdown(result.seed)}. Each finding is an outcome that a`,
    'document asks otherwise; documents disagree with each other, so not every finding is a defect. The bundle, in the folder of the run, holds the',
    'frames that prove it; `npm run conformance` makes it again.',
    '',
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

/** Findings of one entry that came out the same, and that the same documents read the same, stand together. */
function alike(found: readonly Finding[]): readonly (readonly [Finding, ...Finding[]])[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const each of found) {
    const key = JSON.stringify([each.found.id, each.found.outcome, each.unmet.map(readingOf)]);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()];
}

function section(group: readonly [Finding, ...Finding[]]): string {
  const [{ found, unmet }] = group;
  return [
    `### ${inlineMarkdown(found.id)}: ${inlineMarkdown(found.outcome)}`,
    '',
    `${inlineMarkdown(found.title)} It did: **${inlineMarkdown(found.outcome)}**.`,
    '',
    ...unmet.map((reading) => `- ${readingOf(reading)}`),
    '',
    'Proven by:',
    '',
    ...group.map(proof),
    '',
  ].join('\n');
}

function readingOf(reading: DocumentReading): string {
  return `${inlineMarkdown(sentenceOf(reading))} reads **${reading.reading}**`;
}

function proof({ found, unmet }: Finding): string {
  const bundle = found.bundle ? `\`${found.bundle.replaceAll('`', "'")}\`` : 'no bundle was kept';
  const why = unmet[0]?.why || 'the outcome is not the one it asks for';
  return `- ${inlineMarkdown(caseName(found))}: ${inlineMarkdown(why)}; ${bundle}`;
}
