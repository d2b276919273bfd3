/** The window against a plain list of everything received, and the inference of upper halves against full numbers. */
import { expect } from 'chai';
import fc from 'fast-check';
import { ReplayWindow } from './replay-window.ts';
import { ipsecRules } from './rules.ts';

describe('the anti-replay window', () => {
  it('agrees with a list of all numbers received, for any size and order', () => {
    const steps = fc.array(fc.integer({ min: -90, max: 130 }), { maxLength: 60 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), steps, (size, moves) => {
        const window = new ReplayWindow(size);
        const received = new Set<bigint>();
        let top = 0n;
        for (const move of moves) {
          const number = top + BigInt(move) > 0n ? top + BigInt(move) : 1n;
          const fresh = number > top - BigInt(size) && !received.has(number);
          expect(ipsecRules.sequenceNumberAcceptable(number, window)).to.equal(fresh);
          if (!fresh) continue;
          window.record(number);
          received.add(number);
          if (number > top) top = number;
          expect(window.top).to.equal(top);
        }
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('a preset top counts as if everything up to it was received', () => {
    const window = new ReplayWindow(32, 100n);
    expect(ipsecRules.sequenceNumberAcceptable(100n, window)).to.equal(false);
    expect(ipsecRules.sequenceNumberAcceptable(101n, window)).to.equal(true);
  });
});

describe('extended sequence numbers', () => {
  it('any number within 2^31 of the top, not below the window, is inferred from its lower half', () => {
    const tops = fc.bigInt({ min: 0n, max: 1n << 40n });
    const offsets = fc.bigInt({ min: -1023n, max: (1n << 31n) - 1n });
    fc.assert(
      fc.property(tops, offsets, (top, offset) => {
        const number = top + offset;
        fc.pre(number > 0n);
        const low = Number(number & 0xffffffffn);
        const high = ipsecRules.sequenceNumberHigh(low, new ReplayWindow(1024, top));
        expect(high).to.equal(Number(number >> 32n));
      }),
      { seed: 11, numRuns: 2000 },
    );
  });

  it('what would lie below zero is no number', () => {
    expect(ipsecRules.sequenceNumberHigh(0xfffffff0, new ReplayWindow(64, 5n))).to.equal(undefined);
  });
});
