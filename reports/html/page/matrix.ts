/** Who met whom in this run, as the matrix has it; made when somebody looks at it. */
import { type Blame, type Cell, type Matrix, matrixOf } from '../../../harness/run/matrix.ts';
import type { PageCase } from '../page-cases.ts';
import { cases, result } from './data.ts';

export type PageCell = Cell<PageCase>;
export type PageBlame = Blame<PageCase>;

/** Scenarios of one question. */
export interface ScenarioGroup {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly ScenarioRow[];
}

export interface ScenarioRow {
  readonly key: string;
  readonly scenario: string;
  readonly cells: ReadonlyMap<string, PageCell>;
}

/** An ordered pair: who was asked, and whom it met. */
export interface Pairing {
  readonly key: string;
  readonly product: string;
  readonly companion: string;
}

export const anyoneMet = cases.some(({ companions }) => Object.keys(companions ?? {}).length > 0);

let made: (Matrix<PageCase> & { readonly blamed: ReadonlyMap<PageCase, PageBlame> }) | undefined;

export function matrix() {
  if (made) return made;
  const found = matrixOf({ products: result.products, cases });
  made = { ...found, blamed: new Map(found.blames.map((blame) => [blame.cell.result, blame])) };
  return made;
}

/** Of a case that is a meeting which failed. */
export function blameOf(each: PageCase): PageBlame | undefined {
  return Object.keys(each.companions ?? {}).length > 0 ? matrix().blamed.get(each) : undefined;
}

export function pairingsOf(cells: readonly PageCell[]): readonly Pairing[] {
  const { products, companions } = matrix();
  const met = new Set(cells.map(pairKey));
  return products.flatMap((product) =>
    companions
      .map((companion) => ({ key: pairKey({ product, companion }), product, companion }))
      .filter(({ key }) => met.has(key)),
  );
}

export function groupsOf(cells: readonly PageCell[]): readonly ScenarioGroup[] {
  const groups = new Map<string, { id: string; title: string; rows: Map<string, Map<string, PageCell>> }>();
  for (const cell of cells) {
    const { id, title } = cell.result;
    const key = JSON.stringify([id, title]);
    const group = groups.get(key) ?? { id, title, rows: new Map() };
    groups.set(key, group);
    const row = group.rows.get(cell.scenario) ?? new Map<string, PageCell>();
    group.rows.set(cell.scenario, row.set(pairKey(cell), cell));
  }
  return [...groups.values()].map(({ id, title, rows }) => ({
    id,
    title,
    rows: Array.from(rows, ([scenario, at]) => ({
      key: JSON.stringify([id, title, scenario]),
      scenario: scenario.slice(id.length + 1),
      cells: at,
    })),
  }));
}

/** Whose fault it is, in the words of the filter and of the grid. */
export function deviatingIn({ deviates }: PageBlame): string {
  return deviates.length > 0 ? deviates.join(' and ') : NEITHER;
}

export const pairKey = ({ product, companion }: Pick<PageCell, 'product' | 'companion'>): string =>
  JSON.stringify([product, companion]);

export const NEITHER = 'neither by itself';
