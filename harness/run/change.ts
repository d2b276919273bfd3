/** What changed between an earlier run and this one, case by case and cell by cell, in the words in which a CI job says it. Pure. */

import { caseName } from './case-name.ts';
import { gravest } from './gravity.ts';
import type { CaseResult } from './result.ts';

/** The worst first. */
export const changeKinds = ['pass→FAIL', 'outcome changed', 'gone', 'new', 'fail→PASS'] as const;

export type ChangeKind = (typeof changeKinds)[number];

export interface CaseChange {
  readonly kind: ChangeKind;
  readonly product: string;
  readonly name: string;
  /** Absent of what is new, and of what is gone. */
  readonly had?: string;
  readonly has?: string;
}

/** Of the products that both ran; in the order of the worst first, and of the cases within. `whole` where nobody selected: a case that is not there is then gone. */
export function changesSince(
  earlier: readonly CaseResult[],
  now: readonly CaseResult[],
  { whole }: { readonly whole: boolean },
): readonly CaseChange[] {
  const products = new Set(now.map(({ product }) => product));
  const before = new Map(earlier.filter(({ product }) => products.has(product)).map((each) => [nameOf(each), each]));
  const after = new Set(now.map(nameOf));
  const known = new Set([...before.values()].map(({ product }) => product));
  const changes = now.flatMap((has): CaseChange[] => {
    const had = before.get(nameOf(has));
    const { product } = has;
    if (!had) return known.has(product) ? [{ kind: 'new', product, name: caseName(has), has: has.outcome }] : [];
    const kind = kindOf(had, has);
    return kind ? [{ kind, product, name: caseName(has), had: had.outcome, has: has.outcome }] : [];
  });
  const gone = [...before.values()].filter((each) => whole && !after.has(nameOf(each)));
  return [
    ...changes,
    ...gone.map((had): CaseChange => ({ kind: 'gone', product: had.product, name: caseName(had), had: had.outcome })),
  ].sort((one, other) => changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind));
}

function kindOf(had: CaseResult, has: CaseResult): ChangeKind | undefined {
  const [failed, fails] = [had, has].map((each) => gravest(each) === 'fail');
  if (!failed && fails) return 'pass→FAIL';
  if (failed && !fails && settled(has)) return 'fail→PASS';
  return had.outcome === has.outcome ? undefined : 'outcome changed';
}

/** What could not be played again has not passed. */
const settled = ({ outcome }: CaseResult): boolean => !['inconclusive', 'unsupported', 'error'].includes(outcome);

const nameOf = (each: CaseResult): string => `${each.product} ${caseName(each)}`;
