/** Somebody is put onto another link: a row of its own, across the ladder. */
import type { MarkEntry } from '../../../harness/capture/transcript.ts';
import type { Recording } from '../page-data.ts';
import { Lifelines, lifelineAt, linesAt, toneOf } from './lifelines.tsx';
import { instant } from './numbers.ts';

export function MoveRow({
  entry,
  place,
  run,
}: {
  readonly entry: MarkEntry;
  readonly place: string;
  readonly run: Recording;
}) {
  const { stations, whereabouts } = run;
  const move = whereabouts.moves.find(({ place }) => place === entry.place);
  const { from, to } = move ?? {};
  const by = stations.indexOf(entry.by);
  return (
    <div class="ladder-row entry-row move-row" id={`place-${entry.place}`}>
      <span class="when">{instant(entry.time)}</span>
      <div class={`lane ${toneOf(run.links, to)}`}>
        <Lifelines lines={linesAt(run, entry.place + 1)} />
        {by >= 0 && <i class="arrival" style={{ left: `${lifelineAt(by, stations.length)}%` }} />}
        <span class="move">
          <b>{entry.by}</b>
          {to === undefined && ` moves to ${place}`}
          {to !== undefined && from === to && ' moves on '}
          {to !== undefined && from !== to && (
            <>
              {' leaves '}
              <LinkName links={run.links} link={from} />
              {' for '}
            </>
          )}
          {to !== undefined && <LinkName links={run.links} link={to} />}
          {entry.name !== `moves to ${place}` && <span class="quiet"> “{entry.name}”</span>}
        </span>
      </div>
    </div>
  );
}

export function LinkName({ links, link }: { readonly links: readonly string[]; readonly link: string | undefined }) {
  return <span class={`link-name ${toneOf(links, link)}`}>{link ?? 'somewhere'}</span>;
}
