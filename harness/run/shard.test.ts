import { expect } from 'chai';
import fc from 'fast-check';
import { shardOf } from './shard.ts';

const runs = (count: number) =>
  Array.from({ length: count }, (_, place) => ({ cases: [{ id: `A-${place}`, variant: '' }] }));

describe('a campaign in shards', () => {
  it('has every run in exactly one of them, in the order of the plan, whatever is known of their durations', () => {
    const known = fc.option(
      fc.dictionary(
        fc.nat(40).map((place) => `A-${place}`),
        fc.nat(10_000),
      ),
      { nil: undefined },
    );
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 7 }), known, (count, of, told) => {
        const all = runs(count);
        const durations = told && new Map(Object.entries(told));
        const shards = Array.from({ length: of }, (_, i) => shardOf(all, { index: i + 1, of, durations }));
        expect(shards.flat()).to.have.members(all).and.to.have.lengthOf(count);
        for (const shard of shards)
          expect(shard).to.deep.equal([...shard].sort((one, other) => all.indexOf(one) - all.indexOf(other)));
      }),
    );
  });

  it('has shards that take about as long where durations are known: they differ by no more than the longest run', () => {
    const length = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(length, fc.integer({ min: 1, max: 5 }), (each, of) => {
        const all = runs(each.length);
        const durations = new Map(each.map((duration, place) => [`A-${place}`, duration]));
        const sums = Array.from({ length: of }, (_, i) =>
          shardOf(all, { index: i + 1, of, durations })
            .map(({ cases: [one] }) => durations.get(one!.id)!)
            .reduce((sum, duration) => sum + duration, 0),
        );
        expect(Math.max(...sums) - Math.min(...sums)).to.be.at.most(Math.max(...each));
      }),
    );
  });

  it('takes what is not known to be as long as the median', () => {
    const durations = new Map([
      ['A-0', 1],
      ['A-1', 60],
      ['A-2', 100],
    ]);
    const [one, other] = [1, 2].map((index) =>
      shardOf(runs(4), { index, of: 2, durations }).map(({ cases }) => cases[0]!.id),
    );
    expect([one, other]).to.deep.equal([
      ['A-0', 'A-2'],
      ['A-1', 'A-3'],
    ]);
  });
});
