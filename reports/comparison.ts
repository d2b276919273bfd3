/**
 * What changed between two runs of a product, or between two versions of it in one run: case by case, in outcomes and in what the documents say of
 * them. How cases are set beside each other, and what a change is called, stands in `harness/run/change.ts`. Pure.
 */

import { caseName } from '../harness/run/case-name.ts';
import { type ChangeKind, changeOf, paired } from '../harness/run/change.ts';
import type { CaseInBrief, DocumentReading, ProductRun, RunResult } from '../harness/run/result.ts';

/** A product in a run. */
export interface Side<Case extends CaseInBrief = CaseInBrief> {
  /** Which of the two runs it is in. */
  readonly run: 'this' | 'earlier';
  readonly product: ProductRun;
  readonly cases: readonly Case[];
}

/** As much of a run as is compared. */
export interface Ran<Case extends CaseInBrief> extends Pick<RunResult, 'products'> {
  readonly cases: readonly Case[];
}

export interface Comparison<Case extends CaseInBrief = CaseInBrief> {
  readonly one: Side<Case>;
  readonly other: Side<Case>;
  /** In the order of the cases of `other`. */
  readonly changes: readonly Change<Case>[];
  readonly same: number;
  /** Cases that ran on one side only. */
  readonly onlyOne: readonly Case[];
  readonly onlyOther: readonly Case[];
}

export interface Change<Case extends CaseInBrief = CaseInBrief> {
  readonly one: Case;
  readonly other: Case;
  /** Undefined where it came to the same, and only the documents say otherwise. */
  readonly kind: ChangeKind | undefined;
  /** The documents that read it otherwise. */
  readonly readings: readonly string[];
}

/** The sides there are: those of the earlier run first. */
export function sidesOf<Case extends CaseInBrief>(result: Ran<Case>, earlier?: Ran<Case>): readonly Side<Case>[] {
  const of = (run: Side['run'], { products, cases }: Ran<Case>): Side<Case>[] =>
    products.map((product) => ({ run, product, cases: cases.filter((each) => each.product === product.name) }));
  return [...(earlier ? of('earlier', earlier) : []), ...of('this', result)];
}

/**
 * What is worth comparing by itself: each product with itself in the earlier run, where there is one, or with another version of itself there, or, where
 * each run has only one product, these two; else each version of a product with the version before it.
 */
export function comparisonsOf<Case extends CaseInBrief>(
  result: Ran<Case>,
  earlier?: Ran<Case>,
): readonly Comparison<Case>[] {
  const sides = sidesOf(result, earlier);
  const pairs = earlier ? alikeInBoth(sides) : versions(sides);
  return pairs.map(([one, other]) => compared(one, other));
}

export function compared<Case extends CaseInBrief>(one: Side<Case>, other: Side<Case>): Comparison<Case> {
  const { both, gone, added } = paired(one.cases, other.cases, caseName);
  const changes = both
    .map(({ had, has }) => changed(had, has))
    .filter(({ kind, readings }) => kind !== undefined || readings.length > 0);
  return { one, other, changes, same: both.length - changes.length, onlyOne: gone, onlyOther: added };
}

/** `strongswan charon-systemd 5.9.8`, and which run where there are two. */
export function sideName({ run, product: { name, version } }: Side): string {
  return `${name} ${version}${run === 'earlier' ? ', earlier' : ''}`;
}

function changed<Case extends CaseInBrief>(one: Case, other: Case): Change<Case> {
  const documents = new Set([...one.readings, ...other.readings].map(({ document }) => document));
  const readings = [...documents].filter((document) => saidBy(document, one) !== saidBy(document, other));
  return { one, other, kind: changeOf(one, other), readings };
}

function saidBy(document: string, { readings }: CaseInBrief): string {
  return readings
    .filter((each) => each.document === document)
    .map(said)
    .sort()
    .join();
}

const said = ({ section, reading, why }: DocumentReading): string =>
  JSON.stringify([section, reading, reading === 'observed' ? why : '']);

function alikeInBoth<Case extends CaseInBrief>(sides: readonly Side<Case>[]): [Side<Case>, Side<Case>][] {
  const [then, now] = (['earlier', 'this'] as const).map((run) => sides.filter((side) => side.run === run));
  return now!.flatMap((side): [Side<Case>, Side<Case>][] => {
    const same =
      then!.find(({ product }) => product.name === side.product.name) ??
      then!.findLast(({ product }) => plainName(product) === plainName(side.product)) ??
      (then!.length === 1 && now!.length === 1 ? then![0] : undefined);
    return same ? [[same, side]] : [];
  });
}

function versions<Case extends CaseInBrief>(sides: readonly Side<Case>[]): [Side<Case>, Side<Case>][] {
  return sides.flatMap((side, place): [Side<Case>, Side<Case>][] => {
    const before = sides.slice(0, place).findLast(({ product }) => plainName(product) === plainName(side.product));
    return before ? [[before, side]] : [];
  });
}

const plainName = ({ name }: ProductRun): string => name.replace(/@.*/, '');
