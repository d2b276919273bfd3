/** What the command line hands to a command, so that nothing below reads argv, the environment or a terminal by itself. */

export interface Surroundings {
  /** One document, or lines for a person. */
  out(text: string): void;
  /** Progress and complaints, a line or several that stay. */
  err(text: string): void;
  /** What is going on now, at the foot of a terminal until the next call; '' for nothing. Elsewhere it is not written at all. */
  status(text: string): void;
  /** Where images and other things that are made once are kept. */
  readonly cache: string;
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal;
  readonly paint: Paint;
}

export interface Paint {
  bold(text: string): string;
  dim(text: string): string;
  green(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
}

/** 0 as expected · 1 an unexpected verdict · 2 usage · 3 the environment or the harness failed. */
export type ExitCode = 0 | 1 | 2 | 3;

/** The words of the command line are off: exit 2. */
export class UsageFault extends Error {
  readonly code = 'UsageFault';
}

/** Names what exists, and the nearest match first. */
export function unknown(what: string, asked: string, existing: readonly string[]): UsageFault {
  const nearest = [...existing].sort((one, other) => distance(asked, one) - distance(asked, other));
  const hint = nearest[0] === undefined ? '' : `; did you mean ${nearest[0]}?`;
  return new UsageFault(
    `unknown ${what} "${asked}"${hint}\n  there is: ${nearest.slice(0, MOST_NAMED).join(', ')}${nearest.length > MOST_NAMED ? ', …' : ''}`,
  );
}

/** Levenshtein's, without regard to case. */
function distance(one: string, other: string): number {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}

const MOST_NAMED = 12;
