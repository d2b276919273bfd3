/** That octets wait in their order, and that to read them moves none. */
import { expect } from 'chai';
import { Unread } from './unread.ts';

describe('what was not read yet', () => {
  it('is read in the order it came, and what was given stays what it was', () => {
    const unread = new Unread();
    unread.add(Uint8Array.of(1, 2, 3));
    const given = unread.first(2);
    unread.read(2);
    for (let octet = 4; octet < 100; octet++) unread.add(Uint8Array.of(octet));
    expect([...given]).to.deep.equal([1, 2]);
    expect([...unread.first(1000)]).to.deep.equal(Array.from({ length: 97 }, (_, i) => i + 3));
  });

  it('stays where it is while it is read', () => {
    const unread = new Unread();
    unread.add(new Uint8Array(10_000));
    const places = new Set<ArrayBufferLike>();
    for (; unread.length > 0; unread.read(1)) places.add(unread.first(1).buffer);
    expect(places.size).to.equal(1);
  });

  it('is seldom moved while it grows', () => {
    const unread = new Unread();
    const places = new Set<ArrayBufferLike>();
    for (let i = 0; i < 10_000; i++) {
      unread.add(Uint8Array.of(i));
      places.add(unread.first(1).buffer);
    }
    expect(places.size).to.be.at.most(15);
  });
});
