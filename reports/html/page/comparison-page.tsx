/** What changed between two sides: a row for each case that came out otherwise, or that some document reads otherwise. */
import { useMemo, useState } from 'preact/hooks';
import { type Change, compared, sideName } from '../../comparison.ts';
import { gravest } from '../../model.ts';
import type { PageCase } from '../page-cases.ts';
import { caseTitle, comparisons, type PageSide, sideKey, sides } from './data.ts';
import { Mark } from './mark.tsx';
import { counted } from './numbers.ts';
import { type Pair, replaceRoute, routeAddress } from './route.ts';

export function ComparisonPage({ pair }: { readonly pair: Pair }) {
  const chosen = sidesOfPair(pair);
  if (!chosen)
    return (
      <article>
        <h1>What changed</h1>
        <p class="lede">
          There is nothing to compare here: one version of each product, and no other run of it. The command{' '}
          <code>touchstone report DIR --against DIR2</code> compares with another run.
        </p>
      </article>
    );
  const [one, other] = chosen;
  return <Compared one={one} other={other} pair={pair} />;
}

interface ComparedProps {
  readonly one: PageSide;
  readonly other: PageSide;
  readonly pair: Pair;
}

function Compared({ one, other, pair }: ComparedProps) {
  const { changes, same, onlyOne, onlyOther } = useMemo(() => compared(one, other), [one, other]);
  const shown = changes.filter(({ kind }) => !pair.kind || (kind ?? READ) === pair.kind);
  const [whole, showWhole] = useState(false);
  return (
    <article class="comparison">
      <h1>What changed</h1>
      <Sides one={one} other={other} kind={pair.kind} kinds={[...new Set(changes.map(({ kind }) => kind ?? READ))]} />
      <p class="lede" role="status">
        {changes.length === 0 ? 'No case' : counted(changes.length, 'case')} of {changes.length + same} came out
        otherwise, or {changes.length === 1 ? 'is' : 'are'} read otherwise.
        {shown.length < changes.length && ` ${shown.length} of them: ${pair.kind}.`}
      </p>
      {shown.length > 0 && (
        <div class="wide">
          <table class="cases">
            <thead>
              <tr>
                <th scope="col">Case</th>
                {[one, other].map((side) => (
                  <th scope="col" key={sideKey(side)}>
                    {sideName(side)}
                  </th>
                ))}
                <th scope="col">Change</th>
                <th scope="col">Read otherwise by</th>
              </tr>
            </thead>
            <tbody>
              {(whole ? shown : shown.slice(0, AT_ONCE)).map((change) => (
                <Row key={caseTitle(change.other)} change={change} one={one} other={other} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!whole && shown.length > AT_ONCE && (
        <button type="button" class="jump" onClick={() => showWhole(true)}>
          show the other {shown.length - AT_ONCE}
        </button>
      )}
      <Alone cases={onlyOne} side={one} />
      <Alone cases={onlyOther} side={other} />
    </article>
  );
}

/** Of the pair in an address, or of what is compared by itself; undefined where there is none. */
export function sidesOfPair({ one, other }: Pair): readonly [PageSide, PageSide] | undefined {
  const named = [one, other].map((key) => sides.find((side) => sideKey(side) === key));
  if (named[0] && named[1]) return [named[0], named[1]];
  const [first] = comparisons;
  return first && [first.one, first.other];
}

interface SidesProps {
  readonly one: PageSide;
  readonly other: PageSide;
  readonly kind: string | undefined;
  readonly kinds: readonly string[];
}

function Sides({ one, other, kind = '', kinds }: SidesProps) {
  const pair = { one: sideKey(one), other: sideKey(other) };
  const select = (name: 'one' | 'other', now: PageSide) => (
    <label>
      {name === 'one' ? 'from' : 'to'}
      <select
        value={sideKey(now)}
        onChange={(event) => {
          replaceRoute({ page: 'comparison', pair: { ...pair, [name]: event.currentTarget.value } });
        }}
      >
        {sides.map((side) => (
          <option key={sideKey(side)} value={sideKey(side)}>
            {sideName(side)}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      {select('one', one)}
      {select('other', other)}
      <label>
        change
        <select
          value={kind}
          onChange={(event) => replaceRoute({ page: 'comparison', pair: { ...pair, kind: event.currentTarget.value } })}
        >
          <option value="">all</option>
          {kinds.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
    </form>
  );
}

function Row({ change, one, other }: { change: Change<PageCase>; one: PageSide; other: PageSide }) {
  const { id, variant } = change.other;
  const pair = { one: sideKey(one), other: sideKey(other) };
  return (
    <tr>
      <td>
        <a href={routeAddress({ page: 'both', name: { id, variant }, pair })}>{caseTitle(change.other)}</a>
      </td>
      {[change.one, change.other].map((each, place) => (
        <td class="outcome-cell" key={place === 0 ? 'one' : 'other'}>
          {each.outcome} <Mark of={gravest(each)} />
        </td>
      ))}
      <td class={change.kind === 'pass→FAIL' ? 'mark-fail worse' : ''}>{change.kind ?? READ}</td>
      <td>{change.readings.join(', ') || <span class="quiet">nobody</span>}</td>
    </tr>
  );
}

function Alone({ cases, side }: { cases: readonly PageCase[]; side: PageSide }) {
  if (cases.length === 0) return null;
  return (
    <details>
      <summary>
        {counted(cases.length, 'case')} only on {sideName(side)}
      </summary>
      <ul>
        {cases.map((each) => (
          <li key={caseTitle(each)}>
            {caseTitle(each)} <span class="quiet">{each.outcome}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

const READ = 'read otherwise';
/** Rows. */
const AT_ONCE = 500;
