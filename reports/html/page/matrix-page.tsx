/**
 * The matrix as a grid: a row for each scenario, a column for each ordered pair, and in each cell how it came out and, where it failed, who deviates. Every
 * cell is a way to its frames. The filter stands in the address; one of the cells is in the order of the tabulator, and the arrow keys go from there.
 */

import { useMemo, useState } from 'preact/hooks';
import type { CellState } from '../../../harness/run/matrix.ts';
import { DeviationTable } from './deviation.tsx';
import { FilterForm } from './filters.tsx';
import { keyed, type Place } from './grid-keys.ts';
import { Mark, signs } from './mark.tsx';
import {
  anyoneMet,
  deviatingIn,
  groupsOf,
  matrix,
  NEITHER,
  type PageCell,
  type Pairing,
  pairingsOf,
  type ScenarioGroup,
  type ScenarioRow,
} from './matrix.ts';
import { counted } from './numbers.ts';
import { type MatrixFilter, replaceRoute, routeAddress } from './route.ts';
import { hasWords } from './search.ts';

export function MatrixPage({ filter }: { readonly filter: MatrixFilter }) {
  const cells = useMemo(() => (anyoneMet ? matrix().cells.filter((cell) => passes(cell, filter)) : []), [filter]);
  if (!anyoneMet)
    return (
      <article>
        <h1>Matrix</h1>
        <p class="lede">
          No two products met in this run. The command <code>touchstone matrix --product A B</code> has them meet.
        </p>
      </article>
    );
  const blames = cells.flatMap((cell) => matrix().blamed.get(cell.result) ?? []);
  return (
    <article class="matrix">
      <h1>Matrix</h1>
      <Filters filter={filter} />
      <p class="quiet" role="status">
        {cells.length === matrix().cells.length
          ? counted(cells.length, 'cell')
          : `${cells.length} of ${counted(matrix().cells.length, 'cell')}`}
        {cells.length > 0 && `: ${countsOf(cells)}`}
      </p>
      {cells.length > 0 ? <Grid cells={cells} /> : <p>No cell passes this filter.</p>}
      {blames.length > 0 && <DeviationTable blames={blames} />}
    </article>
  );
}

function Grid({ cells }: { readonly cells: readonly PageCell[] }) {
  const pairings = useMemo(() => pairingsOf(cells), [cells]);
  const groups = useMemo(() => groupsOf(cells), [cells]);
  const [at, move] = useState<Place>({ row: 0, column: 0 });
  const rows = groups.reduce((sum, group) => sum + group.rows.length, 0);
  const last = { row: rows - 1, column: pairings.length - 1 };
  const now = { row: Math.min(at.row, last.row), column: Math.min(at.column, last.column) };
  let first = 0;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the cells inside take the focus, the keys that go from one to the next bubble up to here
    <div class="wide" onKeyDown={(event) => keyed(event, now, last, move)}>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid is a table that is gone through by keys (ARIA 1.2) */}
      <table class="grid" role="grid" aria-label="how each pair came out in each scenario">
        <thead>
          <tr>
            <th scope="col">Scenario</th>
            {pairings.map(({ key, product, companion }) => (
              <th scope="col" key={key}>
                {product} <span class="quiet">with {companion}</span>
              </th>
            ))}
          </tr>
        </thead>
        {groups.map((group) => {
          const from = first;
          first += group.rows.length;
          return <Group key={`${group.id} ${group.title}`} {...{ group, pairings, from, now, move }} />;
        })}
      </table>
    </div>
  );
}

interface GroupProps {
  readonly group: ScenarioGroup;
  readonly pairings: readonly Pairing[];
  /** The row of the grid that its first one is. */
  readonly from: number;
  readonly now: Place;
  readonly move: (to: Place) => void;
}

function Group({ group, pairings, from, now, move }: GroupProps) {
  return (
    <tbody>
      <tr class="requirement">
        <th colSpan={1 + pairings.length} scope="rowgroup">
          {group.id} <span class="quiet">{group.title}</span>
        </th>
      </tr>
      {group.rows.map((each, i) => (
        <Row key={each.key} row={each} place={from + i} {...{ pairings, now, move }} />
      ))}
    </tbody>
  );
}

interface RowProps extends Omit<GroupProps, 'group' | 'from'> {
  readonly row: ScenarioRow;
  readonly place: number;
}

function Row({ row, place, pairings, now, move }: RowProps) {
  return (
    <tr>
      <th scope="row">{row.scenario}</th>
      {pairings.map(({ key }, column) => {
        const cell = row.cells.get(key);
        const isNow = now.row === place && now.column === column;
        const focus = {
          tabIndex: isNow ? 0 : -1,
          'data-place': `${place} ${column}`,
          onFocus: () => move({ row: place, column }),
        };
        return (
          <td key={key} class={cell ? `cell-${cell.state}` : 'cell-none'} {...(!cell && focus)}>
            {cell ? <CellLink cell={cell} focus={focus} /> : <span class="aside">not played, or filtered away</span>}
          </td>
        );
      })}
    </tr>
  );
}

function CellLink({ cell, focus }: { cell: PageCell; focus: object }) {
  const blame = matrix().blamed.get(cell.result);
  const documents = blame && blame.documents.length > 0 ? `, by ${blame.documents.join(', ')}` : '';
  return (
    <a href={routeAddress({ page: 'case', index: cell.result.place, at: {} })} title={cell.why || undefined} {...focus}>
      <Mark of={cell.state} title={cell.why || undefined} />
      {blame && (
        <span class="deviates">
          {' '}
          {deviatingIn(blame)}
          <span class="by">{documents}</span>
        </span>
      )}
    </a>
  );
}

function Filters({ filter }: { filter: MatrixFilter }) {
  const { products, companions, blames } = matrix();
  const deviating = [...new Set(blames.flatMap(({ deviates }) => deviates))];
  const isShared = blames.some(({ deviates }) => deviates.length === 0);
  return (
    <FilterForm
      filter={{ ...filter }}
      placeholder="scenario, question, outcome, document"
      choices={[
        { name: 'product', label: 'product', values: [...new Set([...products, ...companions])] },
        { name: 'outcome', label: 'outcome', values: states },
        { name: 'blame', label: 'who deviates', values: isShared ? [...deviating, NEITHER] : deviating },
      ]}
      everything={{ page: 'matrix', filter: {} }}
      set={(change) => replaceRoute({ page: 'matrix', filter: { ...filter, ...change } })}
    />
  );
}

function passes(cell: PageCell, { product, outcome, blame, text }: MatrixFilter): boolean {
  if (product && cell.product !== product && cell.companion !== product) return false;
  if (outcome && cell.state !== outcome) return false;
  const blamed = matrix().blamed.get(cell.result);
  if (blame && !(blamed && (blame === NEITHER ? blamed.deviates.length === 0 : blamed.deviates.includes(blame))))
    return false;
  return hasWords(text, () => [
    cell.scenario,
    cell.result.title,
    cell.result.outcome,
    cell.why,
    ...Object.values(cell.result.dimensions),
    ...(blamed?.documents ?? []),
  ]);
}

const countsOf = (cells: readonly PageCell[]): string =>
  states
    .map((state) => [cells.filter((cell) => cell.state === state).length, state] as const)
    .filter(([count]) => count > 0)
    .map(([count, state]) => `${signs[state]} ${count} ${state}`)
    .join(', ');

const states: readonly CellState[] = ['pass', 'fail', 'inconclusive', 'error', 'unsupported'];
