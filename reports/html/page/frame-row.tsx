/** A frame of the ladder: an arrow from who sent it to whom it was for, what it is, and between which addresses. */

import type { Evidence } from '../../../harness/judge/evidence.ts';
import type { Recording } from '../page-data.ts';
import type { ShownFrame } from './buffers.ts';
import type { Ends } from './frame-summary.ts';
import { type ArrowSpan, between, Lifelines, type Line } from './lifelines.tsx';
import { LinkName } from './move-row.tsx';
import { instant } from './numbers.ts';

export interface LadderProps {
  readonly run: Recording;
  readonly frames: ReadonlyMap<number, ShownFrame>;
  readonly deciding: readonly Evidence[];
  readonly controlling: readonly { readonly name: string; readonly evidence: readonly Evidence[] }[];
  readonly selected: number | undefined;
  /** Whether somebody chose it; the page stays at its top otherwise. */
  readonly asked: boolean;
  readonly select: (frame: number) => void;
}

interface FrameRowProps extends LadderProps {
  readonly lines: readonly Line[];
  readonly shown: ShownFrame;
  readonly silenced: boolean;
}

export function FrameRow(props: FrameRowProps) {
  const { run, lines, shown, deciding, controlling, selected, select } = props;
  const { links, whereabouts } = run;
  const { frame, summary } = shown;
  const decided = deciding.filter((evidence) => evidence.kind === 'frame' && evidence.frame === frame.number);
  const controls = controlling.filter(({ evidence }) =>
    evidence.some((each) => each.kind === 'frame' && each.frame === frame.number),
  );
  const span = between(lines, frame);
  const classes = [
    'ladder-row frame-row',
    summary.isNoise ? 'noise' : '',
    decided.length > 0 ? 'deciding' : '',
    props.silenced ? 'silenced' : '',
    frame.tampers.length > 0 ? 'tampered' : '',
    frame.isMissed ? 'missed' : '',
  ];
  return (
    <button
      type="button"
      class={classes.filter(Boolean).join(' ')}
      data-frame={frame.number}
      aria-pressed={selected === frame.number}
      onClick={() => select(frame.number)}
    >
      <span class="when">
        <span class="aside">frame </span>
        <b>{frame.number}</b> {instant(frame.time)}
        {links.length > 1 && <LinkName links={links} link={frame.link} />}
      </span>
      <div class="lane">
        <Lifelines lines={lines} />
        <div class="over-arrow" style={centred(span)}>
          <span class="aside">
            {frame.from} to {frame.to ?? `everyone on ${frame.link}`}:
          </span>
          <div class="says" title={summary.says}>
            {summary.says}
          </div>
        </div>
        <Arrow {...span} />
        <div class="under-arrow" style={centred(span)}>
          {!summary.isNoise &&
            summary.ends.map((ends, i) => <Between key={i} ends={ends} isInner={i > 0} names={whereabouts.names} />)}
          {frame.isMissed && (
            <div class="badge badge-missed">
              missed: {frame.to} is on {frame.link} no more
            </div>
          )}
          {frame.notices && <div class="badge badge-noticed">{noticing[frame.notices]}</div>}
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

const noticing = { link: 'tells of the new link', address: 'is its new address another’s?' } as const;

/** Addresses, each beside what it is to the parties. */
function Between({ ends, isInner, names }: { ends: Ends; isInner: boolean; names: Readonly<Record<string, string>> }) {
  return (
    <div class={isInner ? 'between inner' : 'between'}>
      <Named address={ends.source} name={names[ends.source]} /> →{' '}
      <Named address={ends.destination} name={names[ends.destination]} />
    </div>
  );
}

function Named({ address, name }: { address: string; name: string | undefined }) {
  return (
    <span class="end">
      {name && <b>{name} </b>}
      {address}
    </span>
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
