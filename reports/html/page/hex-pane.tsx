/** Octets, eight to a line (two of the RFCs' 32-bit words), with their text. Pointing at one lights the field it belongs to. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { type Dissection, leaves } from '../../../reference/wire/dissection.ts';
import { revealIn } from './reveal.ts';

/** Octets of a buffer, half-open. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

interface HexPaneProps {
  readonly octets: Uint8Array;
  readonly dissection: Dissection;
  readonly lit: Span | undefined;
  readonly framed: readonly Span[];
  readonly point: (span: Span | undefined) => void;
  readonly pin: (span: Span) => void;
}

export function HexPane({ octets, dissection, lit, framed, point, pin }: HexPaneProps) {
  const pane = useRef<HTMLDivElement>(null);
  const fields = useMemo(() => leaves(dissection), [dissection]);
  const fieldAt = (event: JSX.TargetedMouseEvent<HTMLElement>): Span | undefined => {
    const at = (event.target as HTMLElement).dataset.at;
    const found =
      at === undefined ? undefined : fields.find(({ start, end }) => start <= Number(at) && Number(at) < end);
    return found && { start: found.start, end: found.end };
  };
  useEffect(() => {
    revealIn(pane.current, lit ? '.lit' : '.framed');
  }, [lit?.start, lit?.end, dissection]);
  const rows = Array.from({ length: Math.ceil(octets.length / WIDTH) }, (_, i) => i * WIDTH);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: whatever can be pointed at here can be reached by keyboard among the fields beside it
    // biome-ignore lint/a11y/useKeyWithMouseEvents: as above
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is of a form
    <div
      class="octets"
      role="group"
      aria-label="octets"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
      tabIndex={0}
      ref={pane}
      onMouseOver={(event) => point(fieldAt(event))}
      onMouseLeave={() => point(undefined)}
      onClick={(event) => {
        const field = fieldAt(event);
        if (field) pin(field);
      }}
    >
      {rows.map((start) => (
        <HexRow key={start} start={start} octets={octets} lit={within(lit, start)} framed={framed} />
      ))}
    </div>
  );
}

function HexRow({
  start,
  octets,
  lit,
  framed,
}: {
  start: number;
  octets: Uint8Array;
  lit: string;
  framed: readonly Span[];
}) {
  const places = Array.from({ length: Math.min(WIDTH, octets.length - start) }, (_, i) => start + i);
  const [from, to] = lit.split(' ').map(Number) as [number, number];
  const classOf = (at: number) =>
    `${lit !== '' && from <= at && at < to ? 'lit' : ''} ${framed.some((span) => span.start <= at && at < span.end) ? 'framed' : ''}`.trim();
  return (
    <div class="octet-row">
      <span class="offset">{start.toString(16).padStart(4, '0')}</span>
      {Array.from({ length: WIDTH }, (_, i) => {
        const at = places[i];
        return at === undefined ? (
          <i key={i} />
        ) : (
          <i key={i} data-at={at} class={classOf(at)}>
            {octets[at]!.toString(16).padStart(2, '0')}
          </i>
        );
      })}
      <span class="text">
        {places.map((at) => (
          <i key={at} data-at={at} class={classOf(at)}>
            {octets[at]! > 0x20 && octets[at]! < 0x7f ? String.fromCharCode(octets[at]!) : '·'}
          </i>
        ))}
      </span>
    </div>
  );
}

/** The part of a span in the row, as text, so that rows it does not touch need not change. */
function within(span: Span | undefined, start: number): string {
  if (!span || span.end <= start || span.start >= start + WIDTH) return '';
  return `${span.start} ${span.end}`;
}

const WIDTH = 8;
