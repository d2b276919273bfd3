/** Looking up by place: what comes first after a moment, whatever order things were filed in. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Files, Timeline } from './timeline.ts';

describe('a timeline', () => {
  it('agrees with a search through everything, in whatever order things came and went', () => {
    const place = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(fc.array(fc.record({ place, isRemoval: fc.boolean() })), place, (acts, asked) => {
        const timeline = new Timeline<string>();
        let all: { place: number; thing: string }[] = [];
        for (const [i, act] of acts.entries()) {
          if (act.isRemoval) {
            timeline.remove(act.place);
            all = all.filter((each) => each.place !== act.place);
          } else {
            timeline.add(act.place, `${act.place}-${i}`);
            all.push({ place: act.place, thing: `${act.place}-${i}` });
          }
        }
        const ordered = [...all].sort((one, other) => one.place - other.place);
        const after = ordered.filter((each) => each.place > asked).map(({ thing }) => thing);
        expect(timeline.after(asked)).to.deep.equal(after);
        expect(timeline.firstAfter(asked)).to.equal(after[0]);
        expect(timeline.lastBefore(asked)).to.equal(ordered.findLast((each) => each.place < asked)?.thing);
        expect(timeline.length).to.equal(all.length);
      }),
    );
  });
});

describe('files', () => {
  it('keep what was filed under one key from what was filed under another', () => {
    const files = new Files<number>();
    files.add('a', 1, 10);
    files.add('b', 2, 20);
    files.add('a', 3, 30);
    expect(files.firstAfter('a', 1)).to.equal(30);
    expect(files.after('b', 0)).to.deep.equal([20]);
    expect(files.firstAfter('c', 0)).to.equal(undefined);
    files.remove('a', 3);
    files.remove('c', 3);
    expect(files.after('a', 0)).to.deep.equal([10]);
  });
});
