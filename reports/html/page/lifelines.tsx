/** Where the stations of a ladder stand, in percent of its lane, and the lines under them, each in the tone of the link that the station is on. */
import { linkAt } from '../../../harness/judge/whereabouts.ts';
import type { PageFrame, Recording } from '../page-data.ts';

/** A station at a place of the log. */
export interface Line {
  readonly station: string;
  /** Absent of one that is on several links, or nobody knows where. */
  readonly link?: string;
  /** One of those in `ladder-moves.css`; where there is only one link nobody needs it. */
  readonly tone: string;
}

export function linesAt({ stations, links, whereabouts }: Recording, place: number): readonly Line[] {
  return stations.map((station) => {
    const link = linkAt(whereabouts, station, place);
    return { station, ...(link !== undefined && { link }), tone: toneOf(links, link) };
  });
}

export function toneOf(links: readonly string[], link: string | undefined): string {
  const index = link === undefined ? -1 : links.indexOf(link);
  return links.length < 2 || index < 0 ? '' : `tone-${index % TONES}`;
}

export function lifelineAt(index: number, count: number): number {
  return count < 2 ? 50 : MARGIN + ((100 - 2 * MARGIN) * index) / (count - 1);
}

/** Percent of the lane. */
export interface ArrowSpan {
  readonly left: number;
  readonly width: number;
  readonly rightward: boolean;
  /** To everybody on the link. */
  readonly toGroup: boolean;
}

/** The span of an arrow. One to everybody goes to the farthest lifeline of those that may be on its link. */
export function between(
  lines: readonly Line[],
  { from, to, link }: Pick<PageFrame, 'from' | 'to' | 'link'>,
): ArrowSpan {
  const index = (name: string) =>
    Math.max(
      0,
      lines.findIndex(({ station }) => station === name),
    );
  const start = index(from);
  const end = to === null ? farthest(lines, start, link) : index(to);
  const [left, right] = [Math.min(start, end), Math.max(start, end)].map((i) => lifelineAt(i, lines.length)) as [
    number,
    number,
  ];
  return { left, width: right - left, rightward: end > start, toGroup: to === null };
}

function farthest(lines: readonly Line[], start: number, link: string): number {
  const others = lines.map((_, i) => i).filter((i) => i !== start);
  const there = others.filter((i) => (lines[i]!.link ?? link) === link);
  const far = (i: number) => Math.abs(i - start);
  return (there.length > 0 ? there : others).reduce(
    (one, other) => (far(other) > far(one) ? other : one),
    there[0] ?? others[0] ?? start,
  );
}

export function Lifelines({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <>
      {lines.map(({ station, tone }, i) => (
        <i class={`lifeline ${tone}`} style={{ left: `${lifelineAt(i, lines.length)}%` }} key={station} />
      ))}
    </>
  );
}

const MARGIN = 9;
const TONES = 4;
