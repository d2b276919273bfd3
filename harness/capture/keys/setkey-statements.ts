/** The words of a file for setkey(8): quoted, or without spaces; a `#` begins a comment, a semicolon ends a statement. */
import type { AtLine } from './key-file.ts';

export type Statement = AtLine<{
  /** At least one: the verb. */
  readonly words: readonly Word[];
  /** `;`, or what stood where it should. */
  readonly ending: string;
  /** The words as they stood, a space between. */
  readonly text: string;
}>;

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

/** One that lost its semicolon ends where a verb begins a line. `line` is that of the verb. */
export function statementsOf(text: string, isVerb: (word: string) => boolean): readonly Statement[] {
  const statements: Statement[] = [];
  let words: Word[] = [];
  let began = 0;
  const end = (ending: string) => {
    if (words.length > 0) statements.push({ line: began, words, ending, text: words.map(written).join(' ') });
    words = [];
  };
  for (const { line, text: token, first } of tokensOf(text)) {
    if (token === ';') {
      end(';');
      continue;
    }
    if (first && isVerb(token)) end(`${token} in line ${line}`);
    if (words.length === 0) began = line;
    const quoted = token.startsWith('"');
    words.push({ text: quoted ? token.slice(1, token.endsWith('"') ? -1 : undefined) : token, quoted });
  }
  end('the end of the file');
  return statements;
}

/** `first` on its line. A quoted string may go over lines, as it may for setkey. */
function* tokensOf(text: string): Generator<AtLine<{ readonly text: string; readonly first: boolean }>> {
  let line = 1;
  let first = true;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line++;
      first = true;
      continue;
    }
    if (token.startsWith('#') || /^\s/.test(token)) continue;
    yield { line, text: token, first };
    first = false;
    line += token.split('\n').length - 1;
  }
}

const written = ({ text, quoted }: Word): string => (quoted ? `"${text}"` : text);

/** A quote that does not close ends with its line, so that it takes no more than that along. */
const TOKEN = /\n|#[^\n]*|[^\S\n]+|;|"[^"\n]*"?|[^\s;"#]+/g;
