import { expect } from 'chai';
import { HarnessFault } from './harness-fault.ts';
import { Lab } from './lab.ts';

const octets = Uint8Array.of(1, 2, 3);

/** Two stations on one link; what each heard. */
function pair(lab: Lab) {
  const heard: { left: Uint8Array[]; right: Uint8Array[] } = { left: [], right: [] };
  const left = lab.attach('home', 'left', (frame) => heard.left.push(frame));
  const right = lab.attach('home', 'right', (frame) => heard.right.push(frame));
  return { left, right, heard };
}

async function faultOf(promise: Promise<unknown>): Promise<HarnessFault> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof HarnessFault) return error;
    throw error;
  }
  throw new Error('no fault');
}

for (const clock of ['virtual', 'real'] as const) {
  describe(`Lab on the ${clock} clock`, () => {
    let lab: Lab;
    beforeEach(() => {
      lab = new Lab({ clock, seed: 1 });
    });
    afterEach(() => lab.close());

    it('records a frame before anybody receives it, and delivers it to everybody but its sender', async () => {
      const { left, heard } = pair(lab);
      left.transmit(octets, [{ name: 'odd' }]);
      expect(lab.entries).to.have.length(1);
      expect(heard.right).to.have.length(0);
      expect(await lab.until(() => heard.right.length > 0, { within: 100 })).to.equal(true);
      expect(heard.left).to.have.length(0);
      expect(lab.entries[0]).to.deep.include({
        kind: 'frame',
        number: 1,
        link: 'home',
        from: 'left',
        tampers: [{ name: 'odd' }],
      });
    });

    it('gives up a wait at its deadline', async () => {
      const before = lab.now();
      expect(await lab.until(() => false, { within: 20 })).to.equal(false);
      expect(lab.now() - before).to.be.within(19, 60);
    });

    it('keeps the order of frames', async () => {
      const { left, heard } = pair(lab);
      for (let i = 0; i < 50; i++) left.transmit(Uint8Array.of(i));
      await lab.until(() => heard.right.length === 50, { within: 1000 });
      expect(heard.right.map((frame) => frame[0])).to.deep.equal(Array.from({ length: 50 }, (_, i) => i));
    });

    it('loses what was on its way to a station that moved', async () => {
      const { left, right, heard } = pair(lab);
      left.transmit(octets);
      right.movesTo('away');
      expect(await lab.until(() => heard.right.length > 0, { within: 10 })).to.equal(false);
      lab.attach('away', 'other', () => {}).transmit(octets);
      expect(await lab.until(() => heard.right.length > 0, { within: 10 })).to.equal(true);
    });

    it('lets a link drop, double, delay and rewrite, and records what it rewrote', async () => {
      const { left, heard } = pair(lab);
      const rewritten = Uint8Array.of(9);
      lab.intercept(({ entry, goesOn }) => {
        if (entry.octets[0] === 0) return;
        goesOn();
        goesOn({ octets: rewritten, delay: 5 });
      });
      left.transmit(Uint8Array.of(0));
      left.transmit(octets);
      await lab.until(() => heard.right.length === 2, { within: 100 });
      expect(heard.right).to.deep.equal([octets, rewritten]);
      expect(lab.entries.map((entry) => entry.kind === 'frame' && entry.from)).to.deep.equal([
        'left',
        'left',
        'home (link)',
      ]);
      lab.intercept();
      left.transmit(Uint8Array.of(0));
      expect(await lab.until(() => heard.right.length === 3, { within: 100 })).to.equal(true);
    });

    it('turns what a station throws into a fault that ends every wait', async () => {
      const { left } = pair(lab);
      lab.attach('home', 'broken', () => {
        throw new RangeError('no such state');
      });
      left.transmit(octets);
      const fault = await faultOf(lab.until(() => false, { within: 1000 }));
      expect(fault.code).to.equal('machine-fault');
      expect(fault.cause).to.be.instanceOf(RangeError);
      expect((await faultOf(lab.until(() => true, { within: 1 }))).code).to.equal('machine-fault');
    });

    it('lets a condition that throws end its own wait and no other', async () => {
      const { left, heard } = pair(lab);
      const other = lab.until(() => heard.right.length === 2, { within: 1000 });
      const faulty = faultOf(
        lab.until(
          () => {
            if (heard.right.length > 0) throw new RangeError('no such entry');
            return false;
          },
          { within: 1000 },
        ),
      );
      left.transmit(octets);
      expect((await faulty).cause).to.be.instanceOf(RangeError);
      left.transmit(octets);
      expect(await other).to.equal(true);
    });

    it('is over when its log is full: nothing more is recorded, and no frame passes', async () => {
      const small = new Lab({ clock, seed: 1, mostOctets: 10 * (512 + 100) });
      const { left, heard } = pair(small);
      for (let i = 0; i < 20; i++) left.transmit(new Uint8Array(100));
      small.note('left', 'still here');
      const fault = await faultOf(small.until(() => heard.right.length > 0, { within: 1000 }));
      expect(fault.code).to.equal('log-full');
      expect(fault.message).to.contain('10 frames and 0 other entries').and.to.contain('sent by left');
      expect(small.entries).to.have.length(10);
      small.close();
    });

    it('ends at its own deadline and on request', async () => {
      const short = new Lab({ clock, seed: 1, limit: 10 });
      expect((await faultOf(short.until(() => false, { within: 60_000 }))).code).to.equal('lab-deadline');
      short.close();
      const stop = new AbortController();
      const aborted = new Lab({ clock, seed: 1, signal: stop.signal });
      const wait = faultOf(aborted.outside(new Promise(() => {})));
      stop.abort();
      expect((await wait).code).to.equal('aborted');
      aborted.close();
    });
  });
}

describe('virtual time', () => {
  it('passes only while nobody waits on anything outside the lab', async () => {
    const lab = new Lab({ clock: 'virtual', seed: 1 });
    const order: string[] = [];
    const outside = lab
      .outside(new Promise<void>((resolve) => setTimeout(resolve, 15)))
      .then(() => order.push(`outside at ${lab.now()}`));
    const inside = lab.until(() => false, { within: 1000 }).then(() => order.push(`inside at ${lab.now()}`));
    await Promise.all([outside, inside]);
    expect(order).to.deep.equal(['outside at 0', 'inside at 1000']);
    lab.close();
  });

  it('stands still until everything that one wait set going has come to a wait itself', async () => {
    const lab = new Lab({ clock: 'virtual', seed: 1 });
    const seen: number[] = [];
    const flow = async (step: number): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await lab.until(() => false, { within: step });
        for (let deep = 0; deep < 20; deep++) await Promise.resolve();
        seen.push(lab.now());
      }
    };
    await Promise.all([flow(10), flow(15)]);
    expect(seen).to.deep.equal([10, 15, 20, 30, 30, 45]);
    lab.close();
  });

  it('lets time pass where nothing else happens', async () => {
    const lab = new Lab({ clock: 'virtual', seed: 1 });
    for (let i = 0; i < 100; i++) await lab.until(() => false, { within: 1000 });
    expect(lab.now()).to.equal(100_000);
    lab.close();
  });
});
