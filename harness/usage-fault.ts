/** What whoever asked has to put right: a word of the command line, or a file that it names. Exit code 2. */

/** `message` says what is off, what was expected, and what to do next. */
export class UsageFault extends Error {
  readonly code = 'UsageFault';
}

/** Names what exists, and the nearest match first. */
export function unknown(what: string, asked: string, existing: readonly string[]): UsageFault {
  const [nearest] = sorted(asked, existing);
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return new UsageFault(`unknown ${what} "${asked}"${hint}\n  ${thereIs(asked, existing)}`);
}

/** Throws that for the first that does not exist. */
export function requireKnown(what: string, asked: readonly string[], existing: readonly string[]): void {
  for (const each of asked) if (!existing.includes(each)) throw unknown(what, each, [...new Set(existing)]);
}

/** The same of a pattern, which means nothing that could be put in its place. */
export function unmatched(what: string, pattern: string, existing: readonly string[]): UsageFault {
  return new UsageFault(
    `no ${what} matches "${pattern}" (* and ? stand for any text, and any letter)\n  ${thereIs(pattern, existing)}`,
  );
}

function thereIs(asked: string, existing: readonly string[]): string {
  const names = sorted(asked, existing).slice(0, MOST_NAMED).join(', ');
  return `there is: ${names}${existing.length > MOST_NAMED ? ', …' : ''}`;
}

const sorted = (asked: string, existing: readonly string[]): readonly string[] =>
  [...existing].sort((one, other) => distance(asked, one) - distance(asked, other));

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
