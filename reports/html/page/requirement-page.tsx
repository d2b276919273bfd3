/** One requirement over all products, of both runs where there are two: whether each sentence is met by each, and every case that says so. */
import type { ComponentChildren } from 'preact';
import { sideName } from '../../comparison.ts';
import { byGravity, gravest, sentenceOf } from '../../model.ts';
import type { PageCase } from '../page-cases.ts';
import { cases, caseTitle, type PageSide, sideKey, sides } from './data.ts';
import { Mark } from './mark.tsx';
import { counted } from './numbers.ts';
import { routeAddress } from './route.ts';
import { Tally } from './tally.tsx';

interface Asked {
  readonly side: PageSide;
  readonly own: readonly PageCase[];
}

export function RequirementPage({ id }: { readonly id: string }) {
  const asked = sides
    .map((side): Asked => ({ side, own: side.cases.filter((each) => each.id === id) }))
    .filter(({ own }) => own.length > 0);
  const titles = [...new Set(asked.flatMap(({ own }) => own.map(({ title }) => title)))];
  if (asked.length === 0)
    return (
      <article>
        <h1>{id}</h1>
        <p class="lede">
          No case of this report is about it.{' '}
          <a href={routeAddress({ page: 'requirements', filter: {} })}>By requirement</a>
        </p>
      </article>
    );
  return (
    <article class="requirement-page">
      <p class="eyebrow">
        <a href={routeAddress({ page: 'requirements', filter: { text: id } })}>By requirement</a>
      </p>
      <h1>{id}</h1>
      {titles.map((title) => (
        <p class="question" key={title}>
          {title}
        </p>
      ))}
      <h2>What each document finds</h2>
      <Findings asked={asked} />
      <h2>{counted(new Set(asked.flatMap(({ own }) => own.map(caseTitle))).size, 'case')}</h2>
      <Cases asked={asked} />
    </article>
  );
}

function Findings({ asked }: { asked: readonly Asked[] }) {
  const readings = asked.flatMap(({ own }) => own.flatMap((each) => each.readings));
  const sentences = [...new Set(readings.map(sentenceOf))];
  if (sentences.length === 0) return <p class="quiet">No document reads it.</p>;
  const marks = ({ own }: Asked, sentence: string) =>
    own.flatMap((each) => each.readings.filter((one) => sentenceOf(one) === sentence).map(({ reading }) => reading));
  return (
    <Table asked={asked} head="Sentence">
      {sentences.map((sentence) => (
        <tr key={sentence}>
          <th scope="row">{sentence}</th>
          {asked.map((one) => (
            <td key={sideKey(one.side)}>
              <Tally marks={marks(one, sentence)} />
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

/** Those that products do not come to the same in stand first. */
function Cases({ asked }: { asked: readonly Asked[] }) {
  const rows = [...new Set(asked.flatMap(({ own }) => own.map(caseTitle)))].map((title) => {
    const played = asked.map(({ own }) => own.find((each) => caseTitle(each) === title));
    const outcomes = new Set(played.flatMap((each) => each?.outcome ?? []));
    const gravity = Math.min(...played.map((each) => (each ? byGravity.indexOf(gravest(each)) : byGravity.length)));
    return { title, played, differ: outcomes.size > 1, gravity };
  });
  rows.sort((one, other) => Number(other.differ) - Number(one.differ) || one.gravity - other.gravity);
  return (
    <Table asked={asked} head="Case">
      {rows.map(({ title, played, differ }) => (
        <tr key={title} class={differ ? 'not-expected' : ''}>
          <th scope="row">{title}</th>
          {played.map((each, place) => (
            <td key={sideKey(asked[place]!.side)}>
              {each ? <Outcome each={each} /> : <span class="quiet">did not run</span>}
            </td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

/** Of the earlier run there is no page of one case alone. */
function Outcome({ each }: { each: PageCase }) {
  return (
    <>
      {each.place < cases.length ? (
        <a href={routeAddress({ page: 'case', index: each.place, at: {} })}>{each.outcome}</a>
      ) : (
        each.outcome
      )}{' '}
      <Mark of={gravest(each)} />
    </>
  );
}

function Table({ asked, head, children }: { asked: readonly Asked[]; head: string; children: ComponentChildren }) {
  return (
    <div class="wide">
      <table class="cases">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {asked.map(({ side }) => (
              <th scope="col" key={sideKey(side)}>
                {sideName(side)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
