import { expect } from 'chai';
import { HarnessFault } from '../harness-fault.ts';
import { capWire } from './cap.ts';
import { benchBurst } from './nic.bench.ts';
import { type CableWire, nicWire } from './nic.ts';
import { type Veth, veth } from './veth.test-support.ts';

const frame = Uint8Array.from({ length: 60 }, (_, place) => (place < 6 ? 2 : place));

describe('the wire by libpcap', function () {
  this.timeout(20_000);
  let cable: Veth | undefined;
  let wire: CableWire;
  let far: CableWire | undefined;

  before(async function () {
    const skip = (why: unknown) => {
      console.log(`      skipped: ${(why as Error).message.trim()}`);
      this.skip();
    };
    try {
      cable = veth('tscap0');
      wire = await capWire(cable.near);
    } catch (fault) {
      if (fault instanceof HarnessFault && fault.code !== 'missing-tool') throw fault;
      skip(fault);
    }
  });
  after(async () => {
    await wire?.close();
    await far?.close();
    cable?.remove();
  });

  it('carries a frame both ways, octet for octet, and does not hear what it sent itself', async () => {
    far = await nicWire(cable!.far);
    const heard: Uint8Array[] = [];
    const arrives = new Promise<Uint8Array>((resolve) => far!.onFrame(resolve));
    const returns = new Promise<void>((resolve) => {
      wire.onFrame((got) => {
        heard.push(got);
        resolve();
      });
    });
    wire.send(frame);
    expect(await arrives).to.deep.equal(frame);
    far.send(frame.slice(0, 20));
    await returns;
    expect(heard).to.deep.equal([frame.slice(0, 20)]);
  });

  it('counts what it was given of a burst, and does not know what it lost', async () => {
    const before = wire.counters.received;
    const { sent, received, misdated } = await benchBurst(wire, cable!.far);
    console.log(`      of ${sent} frames in a burst it lost ${sent - received}`);
    expect(wire.counters.received - before).to.equal(received);
    expect(misdated).to.equal(received); // none has a time
    expect(wire.counters.lost).to.equal(0);
  });
});
