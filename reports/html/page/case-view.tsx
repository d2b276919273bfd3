/** What came of one case: how each document reads it, whether the controls held, and the frames that prove it. */
import { useMemo } from 'preact/hooks';
import type { Evidence } from '../../../harness/judge/evidence.ts';
import { gravest } from '../../model.ts';
import type { CaseProof, PageCase } from '../page-cases.ts';
import type { PageFrame, Recording as Recorded } from '../page-data.ts';
import { shownFrame } from './buffers.ts';
import { BundleLinks, CaptureCommand } from './bundle-links.tsx';
import { useOpened } from './data.ts';
import { Deviation } from './deviation.tsx';
import { EvidenceList } from './evidence-list.tsx';
import { Inspector } from './inspector.tsx';
import { Ladder } from './ladder.tsx';
import { Json } from './ladder-entries.tsx';
import { LongText } from './long-text.tsx';
import { Mark } from './mark.tsx';
import { blameOf } from './matrix.ts';
import { duration } from './numbers.ts';
import type { FramePlace } from './route.ts';

interface CaseViewProps {
  readonly each: PageCase;
  readonly at: FramePlace;
  readonly move: (at: FramePlace) => void;
}

export function CaseView({ each, at, move }: CaseViewProps) {
  const opened = useOpened(each);
  const { run, damage } = opened ?? {};
  return (
    <>
      <Answer each={each} proof={opened?.proof ?? noProof} move={move} />
      {damage && <p class="damage">{damage}</p>}
      {!opened && <p class="opening quiet">The recording is being opened.</p>}
      {opened && !run && <p class="quiet">Nothing was recorded for this case.</p>}
      {opened && !run && <CaptureCommand each={each} evidence={opened.proof.evidence} />}
      {run && 'damage' in run && (
        <p class="damage">
          <b>The bundle cannot be read.</b> {run.damage}
        </p>
      )}
      {opened && run && 'entries' in run && (
        <Recording each={each} proof={opened.proof} run={run} at={at} move={move} />
      )}
    </>
  );
}

interface AnswerProps {
  readonly each: PageCase;
  readonly proof: CaseProof;
  readonly move: (at: FramePlace) => void;
}

function Answer({ each, proof, move }: AnswerProps) {
  const blame = blameOf(each);
  return (
    <div class="answer">
      <section class="verdict-panel">
        <h2>Outcome</h2>
        <p class={`outcome mark-${gravest(each)}`}>{each.outcome}</p>
        {blame && <Deviation blame={blame} />}
        {!each.expected && <p class="unexpected-note">Not what the baseline expects.</p>}
        {each.error && <pre class="damage">{each.error}</pre>}
        <EvidenceList evidence={proof.evidence} move={move} />
        <dl class="facts">
          {Object.entries(each.dimensions).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
          <div>
            <dt>took</dt>
            <dd>{duration(each.durationMs)}</dd>
          </div>
        </dl>
      </section>
      <section>
        <h2>Readings</h2>
        <table class="readings">
          <tbody>
            {each.readings.map((reading) => (
              <tr key={`${reading.document} ${reading.section}`}>
                <td>
                  <Mark of={reading.reading} />
                </td>
                <th scope="row">
                  {reading.document} <span class="quiet">{reading.section}</span>
                </th>
                <td class="level">
                  {reading.level} <span class="quiet">({reading.addressee})</span>
                </td>
                <td>{reading.why}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {each.readings.length === 0 && <p class="quiet">No document reads this.</p>}
        {proof.controls.length > 0 && <h2>Controls</h2>}
        <ul class="controls">
          {proof.controls.map(({ name, held, evidence }) => (
            <li key={name} class={held ? 'held' : 'not-held'}>
              <span class="sign">{held ? '✓ held' : '✗ not held'}</span> {name}
              <EvidenceList evidence={evidence} move={move} inline />
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}

interface RecordingProps extends CaseViewProps {
  readonly proof: CaseProof;
  readonly run: Recorded;
}

function Recording({ each, proof, run, at, move }: RecordingProps) {
  const frames = useMemo(() => {
    const all = run.entries.filter((entry): entry is PageFrame => entry.kind === 'frame');
    const { names } = run.whereabouts;
    return new Map(all.map((frame) => [frame.number, shownFrame(frame, (address) => names[address])]));
  }, [run]);
  const shown = [...frames.values()];
  const chosen =
    frames.get(at.frame ?? firstDecidingFrame(proof.evidence) ?? 0) ??
    shown.find(({ summary }) => !summary.isNoise) ??
    shown[0];
  const decided = useMemo(() => rangesIn(proof.evidence, chosen?.frame.number), [proof, chosen]);
  return (
    <>
      <h2>What happened</h2>
      <div class="recording">
        <Ladder
          run={run}
          frames={frames}
          deciding={proof.evidence}
          controlling={proof.controls}
          selected={chosen?.frame.number}
          asked={at.frame !== undefined}
          select={(frame) => move({ frame })}
        />
        {chosen && <Inspector shown={chosen} at={at} decided={decided} move={move} />}
      </div>
      <BundleLinks each={each} frame={chosen?.frame.number} />
      <section class="appendix">
        <details>
          <summary>The intent: what each side was told to be</summary>
          <Json value={run.intent} />
        </details>
        {run.log !== '' && (
          <details>
            <summary>The product’s own log, on which no verdict rests</summary>
            <LongText class="log">{run.log}</LongText>
          </details>
        )}
      </section>
    </>
  );
}

function firstDecidingFrame(evidence: readonly Evidence[]): number | undefined {
  for (const each of evidence) {
    if (each.kind === 'frame') return each.frame;
    if (each.kind === 'silence') return each.after;
  }
  return undefined;
}

function rangesIn(evidence: readonly Evidence[], frame: number | undefined) {
  return evidence.flatMap((each) =>
    each.kind === 'frame' && each.frame === frame && each.octets ? [each.octets] : [],
  );
}

const noProof: CaseProof = { controls: [], evidence: [] };
