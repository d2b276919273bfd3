/** That what is due happens in its order and at its time, and that neither an instant nor a wire holds more than it may. */
import { expect } from 'chai';
import { PassingTime } from './passing-time.ts';

const bounds = { atOnce: 5, underWay: 3 };

describe('passing time', () => {
  it('brings what is under way, and wakes who wants to be woken', () => {
    const happened: string[] = [];
    let deadline: number | undefined = 7;
    const sleeper = {
      deadline: () => deadline,
      wake() {
        happened.push(`wakes at ${time.now}`);
        deadline = undefined;
      },
    };
    const time: PassingTime<string> = new PassingTime(
      [sleeper],
      (thing: string) => happened.push(`${thing} at ${time.now}`),
      bounds,
    );
    time.comes('late', 9);
    time.comes('early', 2);
    time.comes('beyond', 11);
    time.passes(10);
    expect(happened).to.deep.equal(['early at 2', 'wakes at 7', 'late at 9']);
    expect(time.now).to.equal(10);
    time.passes(1);
    expect(happened.at(-1)).to.equal('beyond at 11');
  });

  it('throws where somebody wants to be woken for ever', () => {
    const time = new PassingTime([{ deadline: () => 4, wake: () => undefined }], () => undefined, bounds);
    expect(() => time.passes(10)).to.throw('time stands still at 4');
  });

  it('throws where more is under way than may be', () => {
    const time = new PassingTime<string>([], () => undefined, bounds);
    for (const thing of ['one', 'two', 'three']) time.comes(thing, 1);
    expect(() => time.comes('four', 1)).to.throw('4 things are under way at 0');
  });
});
