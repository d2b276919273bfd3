/** Tampers change what they name and nothing else, and never the octets they are given. */
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { internetChecksum } from '../../reference/wire/checksum.ts';
import { u16 } from '../../reference/wire/octets.ts';
import { changedOnTheWay, flippedAt, octetAt, shortenedBy } from './tampers.ts';

describe('tampers', () => {
  const octets = Uint8Array.of(1, 2, 3, 4);
  for (const { tamper, result } of [
    { tamper: flippedAt(0), result: [0, 2, 3, 4] },
    { tamper: flippedAt(-1, 0x80), result: [1, 2, 3, 0x84] },
    { tamper: octetAt(-2, 41), result: [1, 2, 41, 4] },
    { tamper: shortenedBy(3), result: [1] },
  ])
    it(`${tamper.name} gives ${result.join(' ')}`, () => {
      expect([...tamper.apply(octets)]).to.deep.equal(result);
      expect([...octets]).to.deep.equal([1, 2, 3, 4]);
    });

  it('an address changed on the way leaves the checksum of UDP right, and none is none still', () => {
    const header = [0x60, 0, 0, 0, 0, 10, 17, 64];
    const addresses = Array.from({ length: 32 }, (_, place) => place);
    const datagram = [0x11, 0x94, 0x11, 0x94, 0, 10, 0, 0, 0xab, 0xcd];
    const sumOf = (octets: Uint8Array) => {
      const pseudoHeader = [...octets.subarray(8, 40), 0, 0, 0, 10, 0, 0, 0, 17];
      return internetChecksum(Uint8Array.from([...pseudoHeader, ...octets.subarray(40)]));
    };
    const without = Uint8Array.from([...header, ...addresses, ...datagram]);
    const packet = without.slice();
    packet.set(u16(sumOf(without)), 46);
    const { apply } = changedOnTheWay(23, 0x40);
    expect(sumOf(apply(packet))).to.equal(0);
    expect([...apply(without).subarray(46, 48)]).to.deep.equal([0, 0]);
  });
});
