/**
 * What happened, from top to bottom: stations are lifelines, each frame an arrow, and between the frames the moments the scenario named, the
 * states it asked for, the keys it learned and the notes. A silence that decided something is drawn where nothing was heard.
 */
import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Evidence } from '../../../harness/judge/evidence.ts';
import type { PageEntry } from '../page-data.ts';
import type { ShownFrame } from './buffers.ts';
import { EntryRow } from './ladder-entries.tsx';
import { type ArrowSpan, between, Lifelines, lifelineAt } from './lifelines.tsx';
import { duration, instant } from './numbers.ts';
import { revealIn } from './reveal.ts';

interface LadderProps {
  readonly stations: readonly string[];
  readonly links: readonly string[];
  readonly entries: readonly PageEntry[];
  readonly frames: ReadonlyMap<number, ShownFrame>;
  readonly deciding: readonly Evidence[];
  readonly controlling: readonly { readonly name: string; readonly evidence: readonly Evidence[] }[];
  readonly selected: number | undefined;
  /** Whether somebody chose it; the page stays at its top otherwise. */
  readonly asked: boolean;
  readonly select: (frame: number) => void;
}

export function Ladder(props: LadderProps) {
  const { stations, entries, frames, deciding } = props;
  const ladder = useRef<HTMLDivElement>(null);
  const numbers = [...frames.keys()];
  const moved = (event: JSX.TargetedKeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey) return;
    const next = numbers[numbers.indexOf(props.selected ?? 0) + step];
    if (next === undefined) return;
    event.preventDefault();
    props.select(next);
    ladder.current?.querySelector<HTMLElement>(`[data-frame="${next}"]`)?.focus();
  };
  useEffect(() => {
    const row = `[data-frame="${props.selected}"]`;
    revealIn(ladder.current, row);
    if (props.asked) ladder.current?.querySelector(row)?.scrollIntoView({ block: 'nearest' });
  }, [props.selected, props.asked]);
  let quietSince = entries[0] ? 0 : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside take the focus, the keys that go from one to the next bubble up to here
    <div class="ladder" ref={ladder} onKeyDown={moved}>
      <div class="ladder-head ladder-row">
        <span class="when">frame · ms</span>
        <div class="lane">
          {stations.map((station, i) => (
            <span
              class={`station station-${station}`}
              style={{ left: `${lifelineAt(i, stations.length)}%` }}
              key={station}
            >
              {station}
            </span>
          ))}
        </div>
      </div>
      {entries.map((entry) => {
        const pause = 'time' in entry && quietSince !== undefined ? entry.time - quietSince : 0;
        if ('time' in entry) quietSince = entry.time;
        return (
          <>
            {pause >= LONG_PAUSE && <Pause milliseconds={pause} stations={stations} />}
            {entry.kind === 'frame' ? (
              <FrameRow {...props} shown={frames.get(entry.number)!} silenced={isSilenced(entry.number, deciding)} />
            ) : (
              <EntryRow entry={entry} stations={stations} />
            )}
            {entry.kind === 'frame' &&
              deciding.map((evidence) =>
                evidence.kind === 'silence' && evidence.after === entry.number ? (
                  <Silence says={evidence.says} before={evidence.before} stations={stations} />
                ) : null,
              )}
          </>
        );
      })}
    </div>
  );
}

function FrameRow(props: LadderProps & { readonly shown: ShownFrame; readonly silenced: boolean }) {
  const { stations, shown, deciding, controlling, selected, select } = props;
  const { frame, summary } = shown;
  const decided = deciding.filter((evidence) => evidence.kind === 'frame' && evidence.frame === frame.number);
  const controls = controlling.filter(({ evidence }) =>
    evidence.some((each) => each.kind === 'frame' && each.frame === frame.number),
  );
  const span = between(stations, frame.from, frame.to);
  const classes = [
    'ladder-row frame-row',
    summary.isNoise ? 'noise' : '',
    decided.length > 0 ? 'deciding' : '',
    props.silenced ? 'silenced' : '',
    frame.tampers.length > 0 ? 'tampered' : '',
  ];
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(' ')}
      data-frame={frame.number}
      aria-pressed={selected === frame.number}
      aria-label={`frame ${frame.number}, ${frame.from} to ${frame.to ?? `everyone on ${frame.link}`}: ${summary.says}`}
      onClick={() => select(frame.number)}
    >
      <span class="when">
        <b>{frame.number}</b> {instant(frame.time)}
        {props.links.length > 1 && <span class="link">{frame.link}</span>}
      </span>
      <div class="lane">
        <Lifelines stations={stations} />
        <div class="over-arrow" style={centred(span)}>
          <div class="says" title={summary.says}>
            {summary.says}
          </div>
        </div>
        <Arrow {...span} />
        <div class="under-arrow" style={centred(span)}>
          {summary.between && !summary.isNoise && <div class="between">{summary.between}</div>}
          {frame.tampers.map(({ name }) => (
            <div class="badge badge-tamper" key={name}>
              tampered: {name}
            </div>
          ))}
          {controls.map(({ name }) => (
            <div class="badge badge-control" key={name}>
              control: {name}
            </div>
          ))}
          {decided.map(({ says }) => (
            <div class="badge badge-decided" key={says}>
              decided here: {says}
            </div>
          ))}
        </div>
      </div>
    </button>
  );
}

function Arrow({ left, width, rightward, toGroup }: ArrowSpan) {
  const classes = `arrow ${rightward ? 'rightward' : 'leftward'} ${toGroup ? 'to-group' : ''}`;
  return <div class={classes} style={{ left: `${left}%`, width: `${width}%` }} />;
}

/** As wide as the lane allows with its middle over the middle of the arrow. */
function centred({ left, width }: ArrowSpan) {
  const off = 2 * left + width - 100;
  return { marginLeft: `${Math.max(0, off)}%`, marginRight: `${Math.max(0, -off)}%` };
}

function Pause({ milliseconds, stations }: { milliseconds: number; stations: readonly string[] }) {
  return (
    <div class="ladder-row pause-row">
      <span class="when" />
      <div class="lane">
        <Lifelines stations={stations} />
        <span>{duration(milliseconds)} pass</span>
      </div>
    </div>
  );
}

function Silence({ says, before, stations }: { says: string; before: number; stations: readonly string[] }) {
  return (
    <div class="ladder-row silence-row">
      <span class="when">silence</span>
      <div class="lane">
        <Lifelines stations={stations} />
        <div class="silence">
          <b>decided by silence until frame {before}:</b> {says}
        </div>
      </div>
    </div>
  );
}

function isSilenced(frame: number, deciding: readonly Evidence[]): boolean {
  return deciding.some((evidence) => evidence.kind === 'silence' && evidence.after < frame && frame < evidence.before);
}

const LONG_PAUSE = 400;
