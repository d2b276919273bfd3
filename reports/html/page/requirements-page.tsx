/** Every case in one table, a column for each document, because documents disagree. The filter stands in the address. */

import { useMemo, useState } from 'preact/hooks';
import { byGravity, gravest, sentenceOf } from '../../model.ts';
import type { PageCase } from '../page-cases.ts';
import { cases, documents, result } from './data.ts';
import { FilterForm } from './filters.tsx';
import { Mark } from './mark.tsx';
import { counted } from './numbers.ts';
import { type Filter, replaceRoute, routeAddress } from './route.ts';
import { hasWords } from './search.ts';
import { Tally } from './tally.tsx';

export function RequirementsPage({ filter }: { readonly filter: Filter }) {
  const found = useMemo(() => questions.flatMap((each) => passing(each, filter)), [filter]);
  const count = found.reduce((sum, { placed }) => sum + placed.length, 0);
  const said = new Set(found.flatMap(({ placed }) => placed.flatMap(({ each }) => each.readings)));
  const read = documents.filter((document) => [...said].some((reading) => reading.document === document));
  return (
    <article class="requirements">
      <h1>By requirement</h1>
      <Filters filter={filter} />
      <p class="quiet" role="status">
        {count === cases.length ? counted(count, 'case') : `${count} of ${counted(cases.length, 'case')}`}
        {count > OPEN_AT_ONCE && ', which open with their question'}
      </p>
      <div class="wide">
        <table class="cases">
          <thead>
            <tr>
              <th scope="col">Case</th>
              <th scope="col">Product</th>
              <th scope="col">Outcome</th>
              {read.map((document) => (
                <th scope="col" key={document}>
                  {document}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.map(({ key, placed }) => (
              <Question key={key} placed={placed} columns={read} isOpen={count <= OPEN_AT_ONCE} />
            ))}
          </tbody>
        </table>
      </div>
      {count === 0 && <p>No case passes this filter.</p>}
    </article>
  );
}

interface QuestionProps {
  readonly placed: readonly Placed[];
  readonly columns: readonly string[];
  /** Where nobody opened or closed it. */
  readonly isOpen: boolean;
}

/** Of thousands of cases only those are drawn whose question somebody opens. */
function Question({ placed, columns, isOpen }: QuestionProps) {
  const [asked, ask] = useState<boolean>();
  const open = asked ?? isOpen;
  const { id, title } = placed[0]!.each;
  return (
    <>
      <tr class="requirement">
        <th colSpan={3 + columns.length} scope="rowgroup">
          <button type="button" aria-expanded={open} onClick={() => ask(!open)}>
            <span class="twist" aria-hidden="true">
              {open ? '▾' : '▸'}
            </span>{' '}
            {id} <span class="quiet">{title}</span>
          </button>{' '}
          {!open && <Tally marks={placed.map(({ each }) => gravest(each))} />}{' '}
          <a class="across" href={routeAddress({ page: 'requirement', id })} aria-label={`${id} across products`}>
            across products
          </a>
        </th>
      </tr>
      {open && placed.map(({ each, index }) => <Row key={index} each={each} index={index} columns={columns} />)}
    </>
  );
}

function Row({ each, index, columns }: { each: PageCase; index: number; columns: readonly string[] }) {
  return (
    <tr class={each.expected ? '' : 'not-expected'}>
      <td>
        <a href={routeAddress({ page: 'case', index, at: {} })}>{each.variant || each.id}</a>
      </td>
      <td>{each.product}</td>
      <td class="outcome-cell">
        {each.outcome === 'error' || each.error !== null ? (
          <Mark of="error" title={each.error ?? undefined} />
        ) : (
          each.outcome
        )}
        {!each.expected && <span class="badge badge-decided">unexpected</span>}
      </td>
      {columns.map((document) => (
        <td key={document}>
          {each.readings
            .filter((reading) => reading.document === document)
            .map((reading) => (
              <Mark
                key={reading.section}
                of={reading.reading}
                title={`${sentenceOf(reading)}${reading.why ? `: ${reading.why}` : ''}`}
              />
            ))}
        </td>
      ))}
    </tr>
  );
}

function Filters({ filter }: { filter: Filter }) {
  return (
    <FilterForm
      filter={{ ...filter }}
      placeholder="id, variant, question, outcome"
      choices={[
        { name: 'product', label: 'product', values: result.products.map(({ name }) => name) },
        { name: 'suite', label: 'suite', values: [...new Set(cases.map(({ suite }) => suite))] },
        { name: 'reading', label: 'reading', values: ['unexpected', ...byGravity] },
      ]}
      everything={{ page: 'requirements', filter: {} }}
      set={(change) => replaceRoute({ page: 'requirements', filter: { ...filter, ...change } })}
    />
  );
}

interface Placed {
  readonly each: PageCase;
  readonly index: number;
}

interface OfOneQuestion {
  readonly key: string;
  readonly placed: readonly Placed[];
}

/** Products run one after the other, and several scenarios may ask about one requirement; here the cases of one question stand together. */
const questions: readonly OfOneQuestion[] = grouped(cases.map((each, index) => ({ each, index }))).sort(
  byFirst(new Map([...new Set(cases.map(({ id }) => id))].map((id, place) => [id, place]))),
);

function grouped(all: readonly Placed[]): OfOneQuestion[] {
  const groups = new Map<string, Placed[]>();
  for (const placed of all) {
    const key = JSON.stringify([placed.each.id, placed.each.title]);
    const group = groups.get(key);
    if (group) group.push(placed);
    else groups.set(key, [placed]);
  }
  return Array.from(groups, ([key, placed]) => ({ key, placed }));
}

/** Questions about one requirement stand where the first of them does. */
function byFirst(places: ReadonlyMap<string, number>): (one: OfOneQuestion, other: OfOneQuestion) => number {
  const placeOf = ({ placed }: OfOneQuestion) => places.get(placed[0]!.each.id)!;
  return (one, other) => placeOf(one) - placeOf(other);
}

function passing({ key, placed }: OfOneQuestion, filter: Filter): OfOneQuestion[] {
  const left = placed.filter(({ each }) => passes(each, filter));
  return left.length > 0 ? [{ key, placed: left }] : [];
}

function passes(each: PageCase, { product, suite, reading, text }: Filter): boolean {
  if (product && each.product !== product) return false;
  if (suite && each.suite !== suite) return false;
  if (
    reading === 'unexpected'
      ? each.expected
      : reading && gravest(each) !== reading && !each.readings.some((one) => one.reading === reading)
  )
    return false;
  return hasWords(text, () => [
    each.id,
    each.variant,
    each.title,
    each.outcome,
    each.product,
    each.suite,
    ...Object.values(each.dimensions),
    ...each.readings.map((one) => one.document),
  ]);
}

/** Cases. */
const OPEN_AT_ONCE = 300;
