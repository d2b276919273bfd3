/**
 * The lines between harness and agent, our own form: words between spaces, `?17 read /proc/version` answered by
 * `=17 Linux%20version` or refused by `-17 no%20such%20file`, and `*ready 6.1.0` for an event. A word is any octets; all but
 * printable ASCII, and `%` itself, is written as `%xx`, and the empty word as a lone `%`. The agent's half is
 * `docker/base/touchstone/Touchstone/Console.pm`. What is not such a line is noise, and said to be.
 */

export type Word = Uint8Array | string | number;

export type ConsoleLine =
  | { readonly kind: 'answer'; readonly number: number; readonly words: readonly Uint8Array[] }
  | { readonly kind: 'refusal'; readonly number: number; readonly reason: string }
  | { readonly kind: 'event'; readonly name: string; readonly words: readonly Uint8Array[] }
  | { readonly kind: 'noise'; readonly text: string };

/** One request, with its line feed. */
export function requestLine(number: number, verb: string, words: readonly Word[]): string {
  return `${[`?${number}`, verb, ...words.map(escaped)].join(' ')}\n`;
}

/** Reads one line that came without its line feed. Never throws. */
export function consoleLine(line: string): ConsoleLine {
  const found = /^(?:([=-])(\d+)|\*([a-z-]+))((?: [!-~]+)*)$/.exec(line);
  if (!found) return { kind: 'noise', text: line };
  const [, sign, number, name, rest] = found;
  const words = rest!.split(' ').slice(1).map(unescaped);
  if (name !== undefined) return { kind: 'event', name, words };
  if (sign === '=') return { kind: 'answer', number: Number(number), words };
  return { kind: 'refusal', number: Number(number), reason: words.map(textOf).join(' ') };
}

/**
 * Cuts what arrives in pieces into lines, and gives each one to `take`. One that has come to more than `most` octets without an end is given
 * to `overlong` so far, and what follows begins another.
 */
export function lineCutter(
  take: (line: string) => void,
  most = LONGEST_PRINTED,
  overlong: (beginning: string) => void = take,
): (piece: Uint8Array) => void {
  let pending: string[] = [];
  let length = 0;
  const cut = (last: string, give: (line: string) => void): void => {
    const line = pending.join('') + last;
    pending = [];
    length = 0;
    give(line.endsWith('\r') ? line.slice(0, -1) : line);
  };
  return (piece) => {
    const text = latin1(piece);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      cut(text.slice(from, end), take);
      from = end + 1;
    }
    if (from === text.length) return;
    pending.push(text.slice(from));
    length += text.length - from;
    if (length > most) cut('', overlong);
  };
}

/**
 * Holds back what the agent has not yet room for. Once more than 4,095 octets wait on a guest's serial line, its kernel may
 * never read it again; the agent therefore tells how many octets it has `taken` in all, at least at every 512th.
 */
export function pacedWriter(write: (piece: string) => void, window = 2048) {
  let pending = '';
  let sent = 0;
  let taken = 0;
  const flush = (): void => {
    const piece = pending.slice(0, Math.max(0, taken + window - sent));
    if (piece === '') return;
    pending = pending.slice(piece.length);
    sent += piece.length;
    write(piece);
  };
  return {
    write(line: string): void {
      pending += line;
      flush();
    },
    taken(total: number): void {
      taken = total;
      flush();
    },
  };
}

/** Octets of a line that is for people: as much as a kernel prints at once, many times over. */
const LONGEST_PRINTED = 65_536;

export const textOf = (word: Uint8Array): string => new TextDecoder().decode(word);

function escaped(word: Word): string {
  const octets = word instanceof Uint8Array ? word : new TextEncoder().encode(String(word));
  if (octets.length === 0) return '%';
  return latin1(octets).replace(/[^!-$&-~]/g, (char) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function unescaped(word: string): Uint8Array {
  if (word === '%') return new Uint8Array(0);
  const plain = word.replace(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

/** One character an octet. */
const latin1 = (octets: Uint8Array): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
