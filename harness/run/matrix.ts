/**
 * A run in which products met, as a matrix: a cell for each ordered pair and scenario, and, where one fails, which of the two deviates. That is never told from the failed
 * cell itself but from how each of them did in the same part with others, the reference before all: nothing of what was measured is rewritten. Pure.
 */

import { withCompanions } from './case-name.ts';
import { gravest } from './gravity.ts';
import type { CaseInBrief, ProductRun } from './result.ts';

export type CellState = 'pass' | 'fail' | 'unsupported' | 'inconclusive' | 'error';

export interface Cell<Case extends CaseInBrief = CaseInBrief> {
  /** What was played, without who played it: `MCDANIEL-FLOW/esp-null-initiator`. */
  readonly scenario: string;
  /** The same as a key, in which the roles can be told apart. */
  readonly part: string;
  readonly product: string;
  readonly companion: string;
  readonly state: CellState;
  /** Of what is no pass: the reason, in one line. */
  readonly why: string;
  readonly result: Case;
}

export interface Blame<Case extends CaseInBrief = CaseInBrief> {
  readonly cell: Cell<Case>;
  /** Products of the pair that deviate; of none it is not known, or neither does by itself. */
  readonly deviates: readonly string[];
  /** Which sentences they break with others, or, where nobody deviates by itself, those that this cell breaks. */
  readonly documents: readonly string[];
  /** How each did with others. */
  readonly because: string;
}

/** As much of a run as the matrix is made of. */
export interface RanTogether<Case extends CaseInBrief = CaseInBrief> {
  readonly products: readonly Pick<ProductRun, 'name'>[];
  readonly cases: readonly Case[];
}

export interface Matrix<Case extends CaseInBrief = CaseInBrief> {
  /** In the order of the run. */
  readonly products: readonly string[];
  readonly companions: readonly string[];
  readonly cells: readonly Cell<Case>[];
  /** Of each cell that fails. */
  readonly blames: readonly Blame<Case>[];
}

/** Of the cases in which another product took a part; of several questions about one meeting each has its own. */
export function matrixOf<Case extends CaseInBrief>({ products, cases }: RanTogether<Case>): Matrix<Case> {
  const cells = cases.flatMap((each) => cellsOf(each));
  const plays = new Plays(cells);
  return {
    products: products.map(({ name }) => name).filter((name) => cells.some(({ product }) => product === name)),
    companions: [...new Set(cells.map(({ companion }) => companion))],
    cells,
    blames: cells.filter(({ state }) => state === 'fail').map((cell) => blameFor(cell, plays)),
  };
}

/** Where several others took part no single one of them can be set beside it. */
function cellsOf<Case extends CaseInBrief>(result: Case): Cell<Case>[] {
  const others = Object.entries(result.companions ?? {});
  const [companion] = others.map(([, name]) => name);
  if (others.length !== 1 || companion === undefined) return [];
  const suffix = withCompanions({ companion }).join('-');
  const state = stateOf(result);
  return [
    {
      scenario: `${result.id}/${result.variant.slice(0, -suffix.length - 1)}`,
      part: partOf(result),
      product: result.product,
      companion,
      state,
      why: state === 'pass' ? '' : reasonOf(result, state),
      result,
    },
  ];
}

function stateOf(result: CaseInBrief): CellState {
  const mark = gravest(result);
  return mark === 'warn' || mark === 'observed' ? 'pass' : mark;
}

function reasonOf({ error, outcome, readings }: CaseInBrief, state: CellState): string {
  const said = readings.find(({ reading }) => reading === state)?.why;
  const [line = ''] = (error ?? said ?? '').split('\n');
  return state === 'fail' ? `${outcome}${line === '' ? '' : `: ${line}`}` : line;
}

/** A product in one part of one scenario, whoever was there besides. */
class Plays {
  readonly #cells = new Map<string, { readonly cell: Cell; readonly other: string }[]>();

  constructor(cells: readonly Cell[]) {
    for (const cell of cells) {
      this.#add(cell.product, cell.part, cell.companion, cell);
      const mirror = mirrored(cell.part);
      if (mirror !== undefined) this.#add(cell.companion, mirror, cell.product, cell);
      this.#add(cell.companion, `beside ${cell.part}`, cell.product, cell);
    }
  }

  /** Of a party of this cell, with others than the one it had there. */
  with(cell: Cell, party: 'product' | 'companion'): readonly { readonly cell: Cell; readonly other: string }[] {
    const [own, other] = party === 'product' ? [cell.product, cell.companion] : [cell.companion, cell.product];
    const parts =
      party === 'product'
        ? [cell.part]
        : [mirrored(cell.part), `beside ${cell.part}`].filter((each) => each !== undefined);
    const found = parts.flatMap((part) => this.#cells.get(`${own} ${part}`) ?? []);
    return [...new Map(found.filter((each) => each.other !== other).map((each) => [each.cell, each])).values()];
  }

  #add(product: string, part: string, other: string, cell: Cell): void {
    const key = `${product} ${part}`;
    this.#cells.set(key, [...(this.#cells.get(key) ?? []), { cell, other }]);
  }
}

/** Question and point, without who was there. */
function partOf({ id, dimensions, companions = {} }: CaseInBrief): string {
  const point = Object.entries(dimensions).filter(([name]) => !Object.hasOwn(companions, name));
  return JSON.stringify([id, point]);
}

/** The same scenario seen from the other side, where it has two. */
function mirrored(part: string): string | undefined {
  const [id, point] = JSON.parse(part) as [string, [string, string][]];
  if (!point.some(([, value]) => Object.hasOwn(otherRole, value))) return undefined;
  return JSON.stringify([id, point.map(([name, value]) => [name, otherRole[value] ?? value])]);
}

const otherRole: Readonly<Record<string, string>> = { initiator: 'responder', responder: 'initiator' };

function blameFor<Case extends CaseInBrief>(cell: Cell<Case>, plays: Plays): Blame<Case> {
  const parties = (['product', 'companion'] as const).map((party) => {
    const name = cell[party];
    return { name, ...recordOf(name, plays.with(cell, party)) };
  });
  const deviating = parties.filter(({ does }) => does === 'fails');
  const failures = deviating.flatMap(({ failed }) => failed);
  const told = deviating.length > 0 ? failures : [cell];
  return {
    cell,
    deviates: [...new Set(deviating.map(({ name }) => name))],
    documents: [...new Set(told.flatMap(documentsOf))],
    because: parties.map(({ says }) => says).join('; '),
  };
}

interface TrackRecord {
  readonly does: 'fails' | 'passes' | 'unknown';
  readonly failed: readonly Cell[];
  readonly says: string;
}

/** With the reference, where that can be said; else with everybody else, of whom one with whom it passes is enough. */
function recordOf(name: string, played: readonly { readonly cell: Cell; readonly other: string }[]): TrackRecord {
  if (name === REFERENCE) return { does: 'passes', failed: [], says: `${name}: what the others are measured by` };
  const settled = played.filter(({ cell: { state } }) => state === 'pass' || state === 'fail');
  const beside = settled.filter(({ other }) => other === REFERENCE);
  const looked = beside.length > 0 ? beside : settled;
  const failed = looked.filter(({ cell }) => cell.state === 'fail');
  const names = (those: typeof looked) => [...new Set(those.map(({ other }) => other))].join(', ');
  if (looked.length === 0) return { does: 'unknown', failed: [], says: `${name}: seen with nobody else in this part` };
  const passed = looked.filter((each) => !failed.includes(each));
  const says = [
    ...(failed.length > 0 ? [`fails with ${names(failed)}`] : []),
    ...(passed.length > 0 ? [`passes with ${names(passed)}`] : []),
  ].join(', ');
  return {
    does: passed.length === 0 ? 'fails' : failed.length === 0 || beside.length === 0 ? 'passes' : 'unknown',
    failed: failed.map(({ cell }) => cell),
    says: `${name}: ${says}`,
  };
}

const documentsOf = ({ result }: Cell): string[] =>
  result.readings.filter(({ reading }) => reading === 'fail').map(({ document, section }) => `${document} ${section}`);

/** By its name as a product: whoever it is that others are measured by. */
const REFERENCE = 'reference';
