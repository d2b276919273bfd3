/**
 * One frame laid open: a tab for each buffer, the fields beside the octets. What is pointed at on one side shows on the other; a press
 * pins it and puts it into the address. The octets that decided a verdict stay framed throughout.
 */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ShownBuffer, ShownFrame } from './buffers.ts';
import { ErrorBoundary } from './error-boundary.tsx';
import { FieldTree } from './field-tree.tsx';
import { HexPane, type Span } from './hex-pane.tsx';
import { instant } from './numbers.ts';
import type { FramePlace } from './route.ts';

interface InspectorProps {
  readonly shown: ShownFrame;
  readonly at: FramePlace;
  /** Ranges of this frame that decided something, by buffer. */
  readonly decided: readonly (Span & { readonly buffer: string })[];
  readonly move: (at: FramePlace) => void;
}

export function Inspector({ shown, at, decided, move }: InspectorProps) {
  const { frame, buffers, summary } = shown;
  const buffer = chosenBuffer(buffers, at.buffer, decided);
  const pinned = at.start !== undefined && at.end !== undefined ? { start: at.start, end: at.end } : undefined;
  const framed = useMemo(() => decided.filter((range) => range.buffer === buffer.name), [decided, buffer]);
  return (
    <section class="inspector">
      <header>
        <h2>
          Frame {frame.number}{' '}
          <span class="quiet">
            {frame.from} → {frame.to ?? `all on ${frame.link}`} · {frame.link} · {instant(frame.time)} ms
          </span>
        </h2>
        <p class="summary">{summary.says}</p>
        {frame.tampers.map(({ name, complaint }) => (
          <p class="tamper" key={name}>
            Tampered with: <b>{name}</b>
            {complaint && <> — an independent decoder says “{complaint}”</>}
          </p>
        ))}
        <div class="tabs" role="tablist" aria-label={`frame ${frame.number}, layer by layer`}>
          {buffers.map(({ name, octets }) => (
            <button
              type="button"
              role="tab"
              key={name}
              aria-selected={name === buffer.name}
              onClick={() => move({ frame: frame.number, buffer: name })}
            >
              {name === 'wire' ? 'on the wire' : name} <span class="quiet">{octets.length}</span>
              {decided.some((range) => range.buffer === name) && <span class="dot" title="decided here" />}
            </button>
          ))}
        </div>
      </header>
      <ErrorBoundary key={`${frame.number} ${buffer.name}`}>
        <BufferPanes
          buffer={buffer}
          pinned={pinned}
          framed={framed}
          pin={(span) => move({ frame: frame.number, buffer: buffer.name, ...span })}
        />
      </ErrorBoundary>
    </section>
  );
}

interface PanesProps {
  readonly buffer: ShownBuffer;
  readonly pinned: Span | undefined;
  readonly framed: readonly Span[];
  readonly pin: (span: Span | undefined) => void;
}

function BufferPanes({ buffer, pinned, framed, pin }: PanesProps) {
  const [pointed, setPointed] = useState<Span>();
  useEffect(() => setPointed(undefined), [buffer]);
  const lit = pointed ?? pinned;
  const toggled = (span: Span) => pin(pinned?.start === span.start && pinned.end === span.end ? undefined : span);
  return (
    <div class="panes">
      <FieldTree
        dissection={buffer.dissection}
        lit={lit}
        pinned={pinned}
        framed={framed}
        point={setPointed}
        pin={toggled}
      />
      <HexPane
        octets={buffer.octets}
        dissection={buffer.dissection}
        lit={lit}
        framed={framed}
        point={setPointed}
        pin={toggled}
      />
    </div>
  );
}

function chosenBuffer(
  buffers: readonly ShownBuffer[],
  name: string | undefined,
  decided: InspectorProps['decided'],
): ShownBuffer {
  const wanted = name ?? decided[0]?.buffer;
  return buffers.find((buffer) => buffer.name === wanted) ?? (wanted === undefined ? buffers.at(-1)! : buffers[0]!);
}
