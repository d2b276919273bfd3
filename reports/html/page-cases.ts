/**
 * Cases as the page has them. What is said of each is a table, column by column, in which every value stands once: ten thousand cases have two hundred
 * outcomes and a thousand readings between them, and the page reads all of that before it draws anything. What proves a case is opened with it.
 */
import type { CaseInBrief, CaseResult } from '../../harness/run/result.ts';

/** Those shapes that the page asks for by case. */
export interface PageCase extends CaseInBrief {
  /** The place of its recording among the runs, null where none was kept. */
  readonly run: number | null;
  /** Its own place among all cases. */
  readonly place: number;
}

export type CaseProof = Pick<CaseResult, 'controls' | 'evidence'>;

/** A block of what proves cases, no larger than opens without a wait. */
export type ProofBlock = readonly CaseProof[];

type Told = Omit<PageCase, 'place'>;

export type CaseColumns = { readonly [Field in keyof Told]-?: Column };

interface Column {
  readonly values: readonly unknown[];
  /** Of each case, which of the values. */
  readonly at: readonly number[];
}

export function caseColumns(cases: readonly CaseResult[], runOf: (bundle: string) => number | null): CaseColumns {
  const told = cases.map(({ controls: _controls, evidence: _evidence, ...each }) => ({
    ...each,
    companions: each.companions ?? {},
    run: runOf(each.bundle ?? ''),
  }));
  return Object.fromEntries(fields.map((field) => [field, column(told.map((each) => each[field]))])) as CaseColumns;
}

/** The cases of a table; the first has this place among all. */
export function casesIn(columns: CaseColumns, first: number): readonly PageCase[] {
  return columns.id.at.map((_, row) => {
    const told = fields.map((field) => [field, columns[field].values[columns[field].at[row]!]]);
    return { ...Object.fromEntries(told), place: first + row } as PageCase;
  });
}

export function proofBlocks(proofs: readonly CaseProof[]): ProofBlock[] {
  const starts = Array.from({ length: Math.ceil(proofs.length / CASES) }, (_, block) => block * CASES);
  return starts.map((start) => proofs.slice(start, start + CASES));
}

/** Where the proof of the case at this place stands. */
export function placeInProofs(place: number): { readonly block: number; readonly at: number } {
  return { block: Math.floor(place / CASES), at: place % CASES };
}

function column(all: readonly unknown[]): Column {
  const places = new Map<string, number>();
  const values: unknown[] = [];
  const at = all.map((value) => {
    const key = JSON.stringify(value);
    const known = places.get(key);
    if (known !== undefined) return known;
    places.set(key, values.length);
    return values.push(value) - 1;
  });
  return { values, at };
}

const fields = [
  'id',
  'variant',
  'suite',
  'title',
  'product',
  'requirements',
  'dimensions',
  'companions',
  'outcome',
  'readings',
  'durationMs',
  'bundle',
  'error',
  'expected',
  'run',
] as const satisfies readonly (keyof Told)[];

const CASES = 128;
