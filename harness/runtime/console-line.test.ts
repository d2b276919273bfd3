import { expect } from 'chai';
import { type ConsoleLine, consoleLine, lineCutter, pacedWriter, requestLine } from './console-line.ts';

const octets = (...values: number[]): Uint8Array => Uint8Array.from(values);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

describe('console lines', () => {
  const requests: [string, string][] = [
    [requestLine(1, 'read', ['/proc/version']), '?1 read /proc/version\n'],
    [requestLine(2, 'batch', ['addr add ::1/128 dev lo']), '?2 batch addr%20add%20::1/128%20dev%20lo\n'],
    [requestLine(3, 'write', ['/a', octets(0, 10, 37, 255)]), '?3 write /a %00%0a%25%ff\n'],
    [requestLine(4, 'echo', ['', 'ü', 7]), '?4 echo % %c3%bc 7\n'],
    [requestLine(5, 'deliveries', []), '?5 deliveries\n'],
  ];
  for (const [written, wanted] of requests) it(`writes ${wanted.trim()}`, () => expect(written).to.equal(wanted));

  const lines: [string, ConsoleLine][] = [
    ['=1 a%20b %', { kind: 'answer', number: 1, words: [text('a b'), octets()] }],
    ['=2', { kind: 'answer', number: 2, words: [] }],
    ['=3 %00%ff', { kind: 'answer', number: 3, words: [octets(0, 255)] }],
    ['-4 no%20such%20file', { kind: 'refusal', number: 4, reason: 'no such file' }],
    ['*ready 6.1.0', { kind: 'event', name: 'ready', words: [text('6.1.0')] }],
    ['[    0.1] Linux version 6', { kind: 'noise', text: '[    0.1] Linux version 6' }],
    ['=x', { kind: 'noise', text: '=x' }],
    ['', { kind: 'noise', text: '' }],
  ];
  for (const [line, wanted] of lines)
    it(`reads ${line || 'an empty line'}`, () => expect(consoleLine(line)).to.deep.equal(wanted));

  it('carries every octet there and back', () => {
    const all = Uint8Array.from({ length: 256 }, (_, value) => value);
    const line = requestLine(1, 'echo', [all]).trimEnd();
    expect(line).to.match(/^[ -~]+$/);
    expect(consoleLine(`=1 ${line.split(' ')[2]}`)).to.deep.equal({ kind: 'answer', number: 1, words: [all] });
  });

  it('cuts pieces of any size into lines', () => {
    const taken: string[] = [];
    const take = lineCutter((line) => taken.push(line));
    for (const piece of ['*re', 'ady 1\n=1', ' a\r\n\nrest']) take(text(piece));
    expect(taken).to.deep.equal(['*ready 1', '=1 a', '']);
  });

  it('cuts a line that has no end, and keeps no more of it than it may', () => {
    const [taken, overlong]: [string[], number[]] = [[], []];
    const take = lineCutter(
      (line) => taken.push(line),
      100,
      (beginning) => overlong.push(beginning.length),
    );
    for (let piece = 0; piece < 50; piece++) take(text('x'.repeat(10)));
    take(text('\nnext\n'));
    expect({ taken: taken.map(({ length }) => length), overlong }).to.deep.equal({
      taken: [60, 4],
      overlong: Array(4).fill(110),
    });
  });

  it('keeps no more on its way than the window, whatever the lines', () => {
    let way = 0;
    const written: string[] = [];
    const writer = pacedWriter((piece) => {
      way += piece.length;
      expect(way).to.be.at.most(100);
      written.push(piece);
    }, 100);
    const lines = Array.from({ length: 20 }, (_, place) => requestLine(place, 'echo', ['x'.repeat(place * 10)]));
    for (const line of lines) writer.write(line);
    let total = 0;
    while (way > 0) {
      total += way;
      way = 0;
      writer.taken(total);
    }
    expect(written.join('')).to.equal(lines.join(''));
  });
});
