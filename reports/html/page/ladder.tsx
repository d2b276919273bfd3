/**
 * What happened, from top to bottom: stations are lifelines, each frame an arrow, and between the frames the moments the scenario named, the
 * states it asked for, the keys it learned and the notes. Where somebody moves, each lifeline has the tone of the link that it is on. A silence that decided
 * something is drawn where nothing was heard.
 */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Evidence } from '../../../harness/judge/evidence.ts';
import type { PageEntry, PageFrame, Recording } from '../page-data.ts';
import { FrameRow, type LadderProps } from './frame-row.tsx';
import { EntryRow } from './ladder-entries.tsx';
import { rowsOf } from './ladder-folds.ts';
import { Lifelines, type Line, lifelineAt, linesAt } from './lifelines.tsx';
import { LinkName, MoveRow } from './move-row.tsx';
import { duration, instant } from './numbers.ts';
import { revealIn } from './reveal.ts';

export function Ladder(props: LadderProps) {
  const { run, frames, deciding, controlling, selected } = props;
  const ladder = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => {
    const telling = framesIn([...deciding, ...controlling.flatMap(({ evidence }) => evidence)]);
    return rowsOf(
      run.entries,
      (frame) => frames.get(frame.number)!.summary.isNoise && frame.tampers.length === 0 && !telling.has(frame.number),
    );
  }, [run, frames, deciding, controlling]);
  const numbers = rows.flatMap((row) => (row.kind === 'entry' && row.entry.kind === 'frame' ? [row.entry.number] : []));
  const moved = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey) return;
    const from = selected ?? 0;
    const next = step > 0 ? numbers.find((number) => number > from) : numbers.findLast((number) => number < from);
    if (next === undefined) return;
    event.preventDefault();
    props.select(next);
    ladder.current?.querySelector<HTMLElement>(`[data-frame="${next}"]`)?.focus();
  };
  useEffect(() => {
    const row = `[data-frame="${selected}"]`;
    revealIn(ladder.current, row);
    if (props.asked) ladder.current?.querySelector(row)?.scrollIntoView({ block: 'nearest' });
  }, [selected, props.asked]);
  let quietSince = run.entries[0] ? 0 : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside take the focus, the keys that go from one to the next bubble up to here
    <div class="ladder" ref={ladder} onKeyDown={moved}>
      <Head run={run} />
      {rows.map((row) => {
        const [first, last] = row.kind === 'fold' ? [row.frames[0]!, row.frames.at(-1)!] : [row.entry, row.entry];
        const pause = quietSince === undefined ? 0 : first.time - quietSince;
        quietSince = last.time;
        const lines = linesAt(run, first.place);
        return (
          <>
            {pause >= LONG_PAUSE && <Pause milliseconds={pause} lines={lines} />}
            {row.kind === 'fold' ? (
              <Fold {...props} folded={row.frames} lines={lines} />
            ) : (
              <Row {...props} entry={row.entry} lines={lines} />
            )}
          </>
        );
      })}
    </div>
  );
}

function Head({ run }: { run: Recording }) {
  const { stations, links } = run;
  return (
    <div class="ladder-head ladder-row">
      <span class="when">frame · ms</span>
      <div class="lane">
        {linesAt(run, 0).map(({ station, link }, i) => (
          <span
            class={`station station-${station}`}
            style={{ left: `${lifelineAt(i, stations.length)}%` }}
            key={station}
          >
            {station}
            {links.length > 1 && link !== undefined && <LinkName links={links} link={link} />}
          </span>
        ))}
      </div>
    </div>
  );
}

function Row(props: LadderProps & { readonly entry: PageEntry; readonly lines: readonly Line[] }) {
  const { run, frames, deciding, entry, lines } = props;
  if (entry.kind === 'mark' && entry.act.kind === 'moves')
    return <MoveRow entry={entry} place={entry.act.to} run={run} />;
  if (entry.kind !== 'frame') return <EntryRow entry={entry} lines={lines} />;
  return (
    <>
      <FrameRow {...props} shown={frames.get(entry.number)!} silenced={isSilenced(entry.number, deciding)} />
      {deciding.map((evidence) =>
        evidence.kind === 'silence' && evidence.after === entry.number ? (
          <Silence says={evidence.says} before={evidence.before} lines={lines} />
        ) : null,
      )}
    </>
  );
}

function Fold(props: LadderProps & { readonly folded: readonly PageFrame[]; readonly lines: readonly Line[] }) {
  const { folded, lines, frames, deciding, selected } = props;
  const [first, last] = [folded[0]!, folded.at(-1)!];
  return (
    <details class="fold" open={folded.some(({ number }) => number === selected)}>
      <summary class="ladder-row">
        <span class="when">
          <b>{first.number}</b> {instant(first.time)}
        </span>
        <div class="lane">
          <Lifelines lines={lines} />
          <span class="fold-says">
            frames {first.number} to {last.number}: who has which address, and routers that say they are there
          </span>
        </div>
      </summary>
      {folded.map(({ number, place }) => (
        <FrameRow
          {...props}
          key={number}
          lines={linesAt(props.run, place)}
          shown={frames.get(number)!}
          silenced={isSilenced(number, deciding)}
        />
      ))}
    </details>
  );
}

function Pause({ milliseconds, lines }: { milliseconds: number; lines: readonly Line[] }) {
  return (
    <div class="ladder-row pause-row">
      <span class="when" />
      <div class="lane">
        <Lifelines lines={lines} />
        <span>{duration(milliseconds)} pass</span>
      </div>
    </div>
  );
}

function Silence({ says, before, lines }: { says: string; before: number; lines: readonly Line[] }) {
  return (
    <div class="ladder-row silence-row">
      <span class="when">silence</span>
      <div class="lane">
        <Lifelines lines={lines} />
        <div class="silence">
          <b>decided by silence until frame {before}:</b> {says}
        </div>
      </div>
    </div>
  );
}

function framesIn(evidence: readonly Evidence[]): ReadonlySet<number> {
  const numbers = evidence.map((each) =>
    each.kind === 'frame' ? each.frame : each.kind === 'silence' ? each.after : undefined,
  );
  return new Set(numbers.filter((number) => number !== undefined));
}

function isSilenced(frame: number, deciding: readonly Evidence[]): boolean {
  return deciding.some((evidence) => evidence.kind === 'silence' && evidence.after < frame && frame < evidence.before);
}

const LONG_PAUSE = 400;
