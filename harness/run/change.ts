/** What changed between an earlier run and this one, case by case and cell by cell, in the words in which a CI job says it. Pure. */

import { caseName } from './case-name.ts';
import { gravest } from './gravity.ts';
import type { CaseInBrief } from './result.ts';

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

/** Cases of two runs, or of two products, set beside each other by a name. */
export interface Paired<Case> {
  /** In the order of those of now. */
  readonly both: readonly { readonly had: Case; readonly has: Case }[];
  readonly gone: readonly Case[];
  readonly added: readonly Case[];
}

export function paired<Case>(
  before: readonly Case[],
  now: readonly Case[],
  nameOf: (each: Case) => string,
): Paired<Case> {
  const earlier = new Map(before.map((each) => [nameOf(each), each]));
  const names = new Set(now.map(nameOf));
  return {
    both: now.flatMap((has) => {
      const had = earlier.get(nameOf(has));
      return had ? [{ had, has }] : [];
    }),
    gone: [...earlier.values()].filter((each) => !names.has(nameOf(each))),
    added: now.filter((each) => !earlier.has(nameOf(each))),
  };
}

/** Of a case that ran twice; undefined where it came to the same. */
export function changeOf(had: CaseInBrief, has: CaseInBrief): ChangeKind | undefined {
  const [failed, fails] = [had, has].map((each) => gravest(each) === 'fail');
  if (!failed && fails) return 'pass→FAIL';
  if (failed && !fails && settled(has)) return 'fail→PASS';
  return had.outcome === has.outcome ? undefined : 'outcome changed';
}

/** Of the products that both ran; in the order of the worst first, and of the cases within. `whole` where nobody selected: a case that is not there is then gone. */
export function changesSince(
  earlier: readonly CaseInBrief[],
  now: readonly CaseInBrief[],
  { whole }: { readonly whole: boolean },
): readonly CaseChange[] {
  const products = new Set(now.map(({ product }) => product));
  const before = earlier.filter(({ product }) => products.has(product));
  const known = new Set(before.map(({ product }) => product));
  const { both, gone, added } = paired(before, now, (each) => `${each.product} ${caseName(each)}`);
  const changes = both.flatMap(({ had, has }): CaseChange[] => {
    const kind = changeOf(had, has);
    return kind ? [{ kind, ...placed(has), had: had.outcome, has: has.outcome }] : [];
  });
  const fresh = added
    .filter(({ product }) => known.has(product))
    .map((has): CaseChange => ({ kind: 'new', ...placed(has), has: has.outcome }));
  const lost = whole ? gone.map((had): CaseChange => ({ kind: 'gone', ...placed(had), had: had.outcome })) : [];
  return [...changes, ...fresh, ...lost].sort(
    (one, other) => changeKinds.indexOf(one.kind) - changeKinds.indexOf(other.kind),
  );
}

const placed = (each: CaseInBrief) => ({ product: each.product, name: caseName(each) });

/** What could not be played again has not passed. */
const settled = ({ outcome }: CaseInBrief): boolean => !['inconclusive', 'unsupported', 'error'].includes(outcome);
