import { expect } from 'chai';
import { Followed } from './followed.ts';
import { IvRecord } from './iv-record.ts';
import { SequenceRecord } from './sequence-record.ts';

/** Each number in a frame of its own; a number given with a letter is another packet of that number. */
function recordOf(...numbers: readonly (number | string)[]): SequenceRecord {
  const record = new SequenceRecord();
  for (const [place, each] of numbers.entries()) {
    const [, number, other] = /^(\d+)([a-z]?)$/.exec(String(each))!;
    record.add(Number(number) >>> 0, Number(number) + (other === '' ? 0 : 1e6), { number: place + 1, time: undefined });
  }
  return record;
}

const upTo = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, i) => first + i);

describe('the sequence numbers of an SA, as they go by', () => {
  it('are whole when each is there once, in whatever order', () => {
    const { first, highest, missing, late, reuse } = recordOf(2, 1, 4, 3, 5);
    expect([first?.number, highest, missing, late, reuse]).to.deep.equal([1, 5, 0, 2, undefined]);
  });

  it('have gaps, which late ones fill', () => {
    expect(recordOf(1, 2, 10).missing).to.equal(7);
    expect(recordOf(1, 2, 10, 5, 3).missing).to.equal(5);
    expect(recordOf(1, 900_000).missing).to.equal(899_998);
  });

  it('tell a packet that comes again from another of its number', () => {
    expect(recordOf(1, 2, 3, 2)).to.include({ again: 1, reuse: undefined });
    expect(recordOf(1, 2, 3, '2b').reuse).to.deep.include({ number: 2, first: 2 });
    expect(recordOf(...upTo(1, 5_000), '4000b').reuse?.number).to.equal(4_000);
  });

  it('remember the first, though a thousand came after it', () => {
    expect(recordOf(...upTo(1, 3_000), '1b').reuse).to.deep.include({ number: 1, first: 1 });
  });

  it('below what is remembered accuse nobody', () => {
    expect(recordOf(...upTo(1, 3_000), '100b')).to.include({ reuse: undefined, forgotten: 1, missing: 0 });
  });

  it('go on beyond 32 bits', () => {
    const record = recordOf(...upTo(2 ** 32 - 3, 2 ** 32 + 2).map((number) => number % 2 ** 32));
    expect(record).to.include({ missing: 0, highest: 2 ** 32 + 2 });
    expect(record.cameRound?.number).to.equal(4);
  });
});

describe('the initialization vectors of an SA', () => {
  const seen = (number: number) => ({ number, time: undefined });

  it('are found to come twice among those that are remembered', () => {
    const record = new IvRecord();
    for (const [place, octet] of [1, 2, 1].entries())
      record.add(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, octet), seen(place));
    expect(record.repeated).to.deep.include({ iv: '0000000000000001', first: 0 });
    const longAgo = new IvRecord();
    for (let i = 0; i <= longAgo.remembered; i++) longAgo.add(new Uint8Array(Uint32Array.of(i, i).buffer), seen(i));
    longAgo.add(new Uint8Array(8), seen(1_000));
    expect(longAgo.repeated).to.equal(undefined);
  });

  it('of a block that count are found to be near', () => {
    const record = new IvRecord();
    for (const octet of [1, 2]) record.add(new Uint8Array(16).fill(octet, 15), seen(octet));
    expect(record.near).to.deep.include({ bits: 2 });
  });
});

describe('conversations that are followed', () => {
  it('give way to others in the order of their silence, and end once', () => {
    const ended: string[] = [];
    const followed = new Followed<string>(2, (each) => ended.push(each));
    followed.follow('a', 'A');
    followed.follow('b', 'B');
    expect(followed.at('a')).to.equal('A');
    followed.follow('c', 'C');
    expect(ended).to.deep.equal(['B']);
    expect([followed.at('b'), followed.givenWay]).to.deep.equal([undefined, 1]);
    followed.end();
    expect(ended).to.deep.equal(['B', 'A', 'C']);
  });
});
