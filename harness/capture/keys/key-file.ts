/** What every reader of a key file gives: the keys of its lines, and what was off, by line. Which file it was is added where the file was opened. */
import type { StrangersKey } from './strangers-key.ts';

export interface KeyFormat {
  /** For people: what such a file is called. */
  readonly name: string;
  /** Of the lines of a file, how many look as those of this format do. The text is one character an octet (ISO 8859-1). */
  likeness(text: string): number;
  read(text: string): KeyReading;
}

export interface KeyReading {
  readonly keys: readonly AtLine<{ readonly key: StrangersKey }>[];
  readonly faults: readonly AtLine<{ readonly says: string }>[];
  /** What of a setkey file is policy, as it stands there. */
  readonly policies?: readonly AtLine<{ readonly text: string }>[];
}

/** `line` is 1 for the first. */
export type AtLine<T> = T & { readonly line: number };

/** What one line, or one statement, came to: several keys where it may be read in several ways. */
export interface LineReading {
  readonly keys?: readonly StrangersKey[];
  readonly says?: readonly string[];
}

/** A line that cannot be read: what was wanted there. It never leaves this folder. */
export class LineFault extends Error {
  constructor(wanted: string, had: string) {
    super(`wanted ${wanted}, had ${had === '' ? 'nothing' : brief(had)}`);
    this.name = 'LineFault';
  }
}

/** What a reader made of one line, or what it threw of it. */
export function attempted(read: () => LineReading): LineReading {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof LineFault)) throw thrown;
    return { says: [thrown.message] };
  }
}

/** Every line that holds something, with its reading. */
export function readByLine(text: string, read: (line: string) => LineReading | undefined): KeyReading {
  const readings = linesOf(text).flatMap(({ line, text: content }) => {
    const reading = attempted(() => read(content) ?? {});
    return [{ line, reading }];
  });
  return gathered(readings);
}

export function gathered(readings: readonly AtLine<{ readonly reading: LineReading }>[]): KeyReading {
  return {
    keys: readings.flatMap(({ line, reading: { keys = [] } }) => keys.map((key) => ({ line, key }))),
    faults: readings.flatMap(({ line, reading: { says = [] } }) => says.map((each) => ({ line, says: each }))),
  };
}

/** Neither blank lines nor those that a `#` begins. */
export function linesOf(text: string): readonly AtLine<{ readonly text: string }>[] {
  return text
    .split('\n')
    .map((content, i) => ({ line: i + 1, text: content.replace(/\r$/, '') }))
    .filter(({ text: content }) => !/^\s*(#|$)/.test(content));
}

export function linesLike(text: string, pattern: RegExp): number {
  return linesOf(text).filter(({ text: content }) => pattern.test(content)).length;
}

/** As a person may be shown it: without what a terminal would act on, and not longer than a line. */
export function brief(text: string): string {
  const printable = text.replace(/[^\x20-\x7e]/g, '?');
  return printable.length > MOST_SHOWN ? `${printable.slice(0, MOST_SHOWN)}...` : printable;
}

const MOST_SHOWN = 60;
