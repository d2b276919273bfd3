/** Where the stations of a ladder stand, in percent of its lane, and the lines under them. */

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

/** The span of an arrow. One to everybody goes to the far lifeline, whichever side has the further one. */
export function between(stations: readonly string[], from: string, to: string | null): ArrowSpan {
  const start = Math.max(0, stations.indexOf(from));
  const last = stations.length - 1;
  const far = start > last / 2 ? 0 : last;
  const end = to === null ? far : Math.max(0, stations.indexOf(to));
  const [left, right] = [Math.min(start, end), Math.max(start, end)].map((i) => lifelineAt(i, stations.length)) as [
    number,
    number,
  ];
  return { left, width: right - left, rightward: end > start, toGroup: to === null };
}

export function Lifelines({ stations }: { readonly stations: readonly string[] }) {
  return (
    <>
      {stations.map((station, i) => (
        <i class="lifeline" style={{ left: `${lifelineAt(i, stations.length)}%` }} key={station} />
      ))}
    </>
  );
}

const MARGIN = 9;
