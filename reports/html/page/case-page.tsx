/** One case of this run: its question, and all that came of it. */
import { CaseView } from './case-view.tsx';
import { cases, caseTitle } from './data.ts';
import { type FramePlace, replaceRoute, routeAddress } from './route.ts';

export function CasePage({ index, at }: { readonly index: number; readonly at: FramePlace }) {
  const each = cases[index]!;
  const move = (place: FramePlace) => replaceRoute({ page: 'case', index, at: place });
  return (
    <article class="case">
      <Neighbours index={index} />
      <p class="eyebrow">
        <a href={routeAddress({ page: 'requirements', filter: { suite: each.suite } })}>{each.suite}</a> ·{' '}
        {each.product} · <a href={routeAddress({ page: 'requirement', id: each.id })}>{each.id} across products</a>
      </p>
      <h1>{caseTitle(each)}</h1>
      <p class="question">{each.title}</p>
      <CaseView each={each} at={at} move={move} />
    </article>
  );
}

function Neighbours({ index }: { index: number }) {
  const link = (to: number, text: string, relation: string) =>
    cases[to] ? (
      <a rel={relation} href={routeAddress({ page: 'case', index: to, at: {} })} title={caseTitle(cases[to])}>
        {text}
      </a>
    ) : (
      <span class="quiet">{text}</span>
    );
  return (
    <nav class="neighbours" aria-label="other cases">
      {link(index - 1, '← previous', 'prev')}{' '}
      <span class="quiet">
        {index + 1} of {cases.length}
      </span>{' '}
      {link(index + 1, 'next →', 'next')}
    </nav>
  );
}
