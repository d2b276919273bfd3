/** One case as it went on two sides, beside each other; on a narrow screen one above the other. */
import { useState } from 'preact/hooks';
import { sideName } from '../../comparison.ts';
import { CaseView } from './case-view.tsx';
import { sidesOfPair } from './comparison-page.tsx';
import { type PageSide, sideKey } from './data.ts';
import { type CaseName, type FramePlace, type Pair, routeAddress } from './route.ts';

export function BothPage({ name, pair }: { readonly name: CaseName; readonly pair: Pair }) {
  const chosen = sidesOfPair(pair);
  const title = [name.id, name.variant].filter(Boolean).join('/');
  const question = chosen?.flatMap((side) => caseOf(side, name)?.title ?? [])[0];
  if (!chosen || question === undefined)
    return (
      <article>
        <h1>{title}</h1>
        <p class="lede">
          There is no such case in this report. <a href={routeAddress({ page: 'comparison', pair })}>What changed</a>
        </p>
      </article>
    );
  return (
    <article class="case both">
      <p class="eyebrow">
        <a href={routeAddress({ page: 'comparison', pair })}>What changed</a>
      </p>
      <h1>{title}</h1>
      <p class="question">{question}</p>
      <div class="sides">
        {chosen.map((side, place) => (
          <OneSide key={`${place} ${sideKey(side)}`} side={side} name={name} />
        ))}
      </div>
    </article>
  );
}

function OneSide({ side, name }: { side: PageSide; name: CaseName }) {
  const [at, move] = useState<FramePlace>({});
  const each = caseOf(side, name);
  const { kernel, system } = side.product;
  return (
    <section aria-label={sideName(side)}>
      <h2 class="side">{sideName(side)}</h2>
      <p class="quiet">{[kernel, system?.release].filter(Boolean).join(' · ')}</p>
      {each ? <CaseView each={each} at={at} move={move} /> : <p class="quiet">It did not run here.</p>}
    </section>
  );
}

function caseOf({ cases }: PageSide, { id, variant }: CaseName) {
  return cases.find((each) => each.id === id && each.variant === variant);
}
