/** The data this file carries, read once; recorded runs when first asked for. */
import { type Comparison, comparisonsOf, type Side, sidesOf } from '../../comparison.ts';
import type { PageCase, PageData, PageRun } from '../page-data.ts';

const runs = new Map<number, PageRun>();
const all = parsed('data') as PageData;

export const result = all.result;
export const cases = all.cases;
export const documents: readonly string[] = [
  ...new Set(cases.flatMap((each) => each.readings.map((reading) => reading.document))),
];

/** What can be compared: each product of this run, and of the other one where there is one. */
const earlier = all.earlier ? { ...all.earlier.result, cases: all.earlier.cases } : undefined;
export const sides: readonly PageSide[] = sidesOf({ ...result, cases }, earlier);
/** What is worth it by itself. */
export const comparisons: readonly Comparison<PageCase>[] = comparisonsOf({ ...result, cases }, earlier);

export type PageSide = Side<PageCase>;

/** How the address names a side. */
export function sideKey({ run, product }: PageSide): string {
  return `${run}/${product.name}`;
}

export function caseTitle(each: PageCase): string {
  return each.variant === '' ? each.id : `${each.id}/${each.variant}`;
}

export function runOf(each: PageCase): PageRun | undefined {
  if (each.run === null) return undefined;
  const known = runs.get(each.run) ?? (parsed(`run-${each.run}`) as PageRun);
  runs.set(each.run, known);
  return known;
}

function parsed(id: string): unknown {
  return JSON.parse(document.getElementById(id)!.textContent!);
}
