/**
 * Rows of Wireshark's tables as it keeps them in files: cells with commas between, each bare, or within double quotes with C's escapes (`\x5c`, `\"`). Text
 * is one character an octet.
 */
import { LineFault } from './key-file.ts';

/** Throws `LineFault` for another number of cells, and for quotes that do not close. */
export function cellsOf(row: string, ...counts: readonly number[]): readonly string[] {
  const cells: string[] = [];
  for (let at = 0; at <= row.length; ) {
    const [whole, quoted, bare] = CELL.exec(row.slice(at)) ?? [];
    if (whole === undefined) throw new LineFault(`a comma behind cell ${cells.length + 1}`, row.slice(at));
    cells.push(quoted === undefined ? bare! : unescaped(quoted));
    at += whole.length;
    if (!whole.endsWith(',')) break;
    if (cells.length > MOST_CELLS) break;
  }
  if (!counts.includes(cells.length)) throw new LineFault(`${counts.join(' or ')} cells`, `${cells.length}`);
  return cells;
}

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|(.))/gi, (_, digits: string | undefined, letter: string) =>
    digits === undefined ? (letters[letter] ?? letter) : String.fromCharCode(Number.parseInt(digits, 16)),
  );
}

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const CELL = /^[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^",]*?))[ \t]*(?:,|$)/;
/** More than any table has columns. */
const MOST_CELLS = 16;
