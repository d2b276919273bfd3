/** Tampers change what they name and nothing else, and never the octets they are given. */
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { flippedAt, octetAt, shortenedBy } from './tampers.ts';

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
});
