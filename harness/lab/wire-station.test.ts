import { expect } from 'chai';
import { Lab } from './lab.ts';
import { attachWire } from './wire-station.ts';
import type { Wire } from './wires/wire.ts';

/** A wire whose other end is the test. */
function looseEnd() {
  const listeners = new Set<(frame: Uint8Array) => void>();
  const sent: Uint8Array[] = [];
  const wire: Wire = {
    send: (frame) => sent.push(frame),
    onFrame: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {},
    counters: { sent: 0, received: 0, lost: 0, malformed: 0 },
  };
  const arrive = (frame: Uint8Array): void => {
    for (const listener of listeners) listener(frame);
  };
  return { wire, sent, arrive };
}

describe('a wire as a station', () => {
  let lab: Lab;
  beforeEach(() => {
    lab = new Lab({ clock: 'real', seed: 1 });
  });
  afterEach(() => lab.close());

  it('carries frames of others to the product, and the frames of the product to others under its name', async () => {
    const { wire, sent, arrive } = looseEnd();
    attachWire(lab, 'home', 'nut', wire);
    const heard: Uint8Array[] = [];
    const other = lab.attach('home', 'tn', (frame) => heard.push(frame));
    other.transmit(Uint8Array.of(1));
    arrive(Uint8Array.of(2));
    expect(await lab.until(() => sent.length === 1 && heard.length === 1, { within: 1000 })).to.equal(true);
    expect(sent).to.deep.equal([Uint8Array.of(1)]);
    expect(heard).to.deep.equal([Uint8Array.of(2)]);
    expect(lab.entries.map((entry) => entry.kind === 'frame' && entry.from)).to.deep.equal(['tn', 'nut']);
  });

  it('is silent after it was detached, and leaves the wire to the next lab', async () => {
    const { wire, sent, arrive } = looseEnd();
    attachWire(lab, 'home', 'nut', wire).detach();
    arrive(Uint8Array.of(2));
    lab.attach('home', 'tn', () => {}).transmit(Uint8Array.of(1));
    expect(await lab.until(() => sent.length > 0, { within: 20 })).to.equal(false);
    expect(lab.entries).to.have.length(1);
    const next = new Lab({ clock: 'real', seed: 1 });
    attachWire(next, 'home', 'nut', wire);
    arrive(Uint8Array.of(3));
    expect(next.entries).to.have.length(1);
    next.close();
  });
});
