import { expect } from 'chai';
import fc from 'fast-check';
import { type Decoder, decoders } from './decoders.ts';
import { MalformedOctets } from './dissection.ts';
import { hex } from './octets.ts';
import { validInputs } from './samples.ts';
import { partitionFault } from './table.ts';

describe('every decoder', () => {
  for (const decoder of decoders) {
    it(`${decoder.name}: random octets`, () => {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 120 }), (octets) => holds(decoder, octets)),
        { numRuns: 150, seed: 1 },
      );
    });
  }

  for (const [name, octets] of validInputs) {
    const decoder = decoders.find((candidate) => candidate.name === name)!;

    it(`${name}: a good buffer decodes, and encodes to itself`, () => {
      decoder.decode(octets);
      if (decoder.again) expect(hex(decoder.again(octets))).to.equal(hex(octets));
      holds(decoder, octets);
    });

    it(`${name}: cut anywhere`, () => {
      for (let length = 0; length < octets.length; length++) holds(decoder, octets.slice(0, length));
    });

    it(`${name}: bits flipped`, () => {
      const flips = fc.array(fc.nat(8 * octets.length - 1), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(flips, (bits) => {
          const flipped = octets.slice();
          for (const bit of bits) flipped[bit >> 3]! ^= 0x80 >> (bit & 7);
          holds(decoder, flipped);
        }),
        { numRuns: 200, seed: 2 },
      );
    });
  }
});

function holds(decoder: Decoder, octets: Uint8Array): void {
  const fault = partitionFault(decoder.dissect(octets), octets.length);
  if (fault) throw new Error(`${hex(octets)}: ${fault}`);
  try {
    decoder.decode(octets);
  } catch (thrown) {
    if (!(thrown instanceof MalformedOctets)) throw thrown;
    return;
  }
  if (decoder.again) expect(hex(decoder.again(octets))).to.equal(hex(octets));
}
