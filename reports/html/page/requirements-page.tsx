/** Every case in one table, a column for each document, because documents disagree. The filter stands in the address. */
import { byGravity, gravest, sentenceOf } from '../../model.ts';
import type { PageCase } from '../page-data.ts';
import { cases, documents, result } from './data.ts';
import { Mark } from './mark.tsx';
import { counted } from './numbers.ts';
import { type Filter, replaceRoute, routeAddress } from './route.ts';

export function RequirementsPage({ filter }: { readonly filter: Filter }) {
  const found = byRequirement.filter(({ each }) => passes(each, filter));
  const read = documents.filter((document) =>
    found.some(({ each }) => each.readings.some((reading) => reading.document === document)),
  );
  return (
    <article class="requirements">
      <h1>By requirement</h1>
      <Filters filter={filter} />
      <p class="quiet" aria-live="polite">
        {found.length === cases.length
          ? counted(cases.length, 'case')
          : `${found.length} of ${counted(cases.length, 'case')}`}
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
            {found.map(({ each, index }, i) => (
              <Row
                key={index}
                each={each}
                index={index}
                columns={read}
                first={!isOfOneQuestion(found[i - 1]?.each, each)}
              />
            ))}
          </tbody>
        </table>
      </div>
      {found.length === 0 && <p>No case passes this filter.</p>}
    </article>
  );
}

function Row({
  each,
  index,
  columns,
  first,
}: {
  each: PageCase;
  index: number;
  columns: readonly string[];
  first: boolean;
}) {
  return (
    <>
      {first && (
        <tr class="requirement">
          <th colSpan={3 + columns.length} scope="rowgroup">
            {each.id} <span class="quiet">{each.title}</span>
          </th>
        </tr>
      )}
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
    </>
  );
}

function Filters({ filter }: { filter: Filter }) {
  const set = (change: Filter) => replaceRoute({ page: 'requirements', filter: { ...filter, ...change } });
  const select = (name: 'product' | 'suite' | 'reading', values: readonly string[]) => (
    <label>
      {name}
      <select value={filter[name] ?? ''} onChange={(event) => set({ [name]: event.currentTarget.value })}>
        <option value="">all</option>
        {values.map((value) => (
          <option key={value}>{value}</option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {select(
        'product',
        result.products.map(({ name }) => name),
      )}
      {select('suite', [...new Set(cases.map(({ suite }) => suite))])}
      {select('reading', ['unexpected', ...byGravity])}
      <label class="search">
        text
        <input
          type="search"
          value={filter.text ?? ''}
          placeholder="id, variant, question, outcome"
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </label>
      {Object.values(filter).some(Boolean) && <a href={routeAddress({ page: 'requirements', filter: {} })}>clear</a>}
    </form>
  );
}

/** Products run one after the other, and several scenarios may ask about one requirement; here the cases of one question stand together. */
const byRequirement = [...grouped((each) => each.id).values()].flatMap((ofOne) =>
  [...grouped((each) => each.title, ofOne).values()].flat(),
);

function grouped(
  keyOf: (each: PageCase) => string,
  those: readonly Placed[] = cases.map((each, index) => ({ each, index })),
): ReadonlyMap<string, readonly Placed[]> {
  const groups = new Map<string, Placed[]>();
  for (const placed of those) {
    const key = keyOf(placed.each);
    const group = groups.get(key);
    if (group) group.push(placed);
    else groups.set(key, [placed]);
  }
  return groups;
}

interface Placed {
  readonly each: PageCase;
  readonly index: number;
}

function isOfOneQuestion(one: PageCase | undefined, other: PageCase): boolean {
  return one?.id === other.id && one.title === other.title;
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
  const words = (text ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const whole = [
    each.id,
    each.variant,
    each.title,
    each.outcome,
    each.product,
    each.suite,
    ...Object.values(each.dimensions),
    ...each.readings.map((one) => one.document),
  ]
    .join(' ')
    .toLowerCase();
  return words.every((word) => whole.includes(word));
}
