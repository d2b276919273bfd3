import { createSocket } from 'node:dgram';
import { expect } from 'chai';
import { HarnessFault } from '../harness-fault.ts';
import { benchWire } from './l2tpv3.bench.ts';
import { freePorts, type L2tpv3Wire, l2tpv3Wire } from './l2tpv3.ts';

const frame = Uint8Array.from({ length: 60 }, (_, place) => place);

describe('the L2TPv3 wire', () => {
  let open: { close(): Promise<void> }[] = [];
  const opened = <T extends { close(): Promise<void> }>(wire: T): T => {
    open.push(wire);
    return wire;
  };
  afterEach(async () => {
    await Promise.all(open.map((wire) => wire.close()));
    open = [];
  });

  async function pair(): Promise<[L2tpv3Wire, L2tpv3Wire]> {
    const [port] = await freePorts(1);
    const far = opened(await l2tpv3Wire({ peerAddress: '127.0.0.1', peerPort: port!, session: 0x8000_0011 }));
    const near = { localPort: port!, peerAddress: '127.0.0.1', peerPort: far.local.port, session: 0x8000_0011 };
    return [opened(await l2tpv3Wire(near)), far];
  }

  const next = (wire: L2tpv3Wire): Promise<Uint8Array> => new Promise((resolve) => wire.onFrame(resolve));

  it('carries a frame both ways, octet for octet', async () => {
    const [near, far] = await pair();
    const arrives = next(far);
    near.send(frame);
    expect(await arrives).to.deep.equal(frame);
    const returns = next(near);
    far.send(frame.slice(0, 20));
    expect(await returns).to.deep.equal(frame.slice(0, 20));
    expect(far.counters).to.deep.equal({ sent: 1, received: 1, lost: 0, malformed: 0 });
  });

  it('puts the data header of version 3 and the session before the frame', async () => {
    const kernel = opened(plainSocket());
    const port = await kernel.bound;
    const wire = opened(await l2tpv3Wire({ peerAddress: '127.0.0.1', peerPort: port, session: 0x11 }));
    wire.send(frame);
    const datagram = await kernel.message;
    expect(Buffer.from(datagram).toString('hex')).to.equal(`0003000000000011${Buffer.from(frame).toString('hex')}`);
  });

  it('counts and ignores what is short, of another session, or from elsewhere', async () => {
    const [near, far] = await pair();
    const heard: Uint8Array[] = [];
    far.onFrame((got) => heard.push(got));
    const stranger = opened(plainSocket());
    await stranger.bound;
    const good = Uint8Array.of(0, 3, 0, 0, 0x80, 0, 0, 0x11, ...frame);
    await stranger.send(good, far.local.port); // another source
    const other = { localPort: near.local.port, peerAddress: '127.0.0.1', peerPort: far.local.port };
    await near.close();
    const liar = opened(await l2tpv3Wire({ ...other, session: 0x12 }));
    liar.send(frame); // another session
    await until(() => far.counters.malformed === 2);
    await liar.close();
    const stump = opened(await l2tpv3Wire({ ...other, session: 0x8000_0011 }));
    stump.send(frame.slice(0, 13)); // shorter than an Ethernet header
    await until(() => far.counters.malformed === 3);
    stump.send(frame);
    await until(() => far.counters.received === 1);
    expect(heard).to.deep.equal([frame]);
  });

  it('is a fault of the harness when its port is taken', async () => {
    const [near] = await pair();
    const options = { localPort: near.local.port, peerAddress: '127.0.0.1', peerPort: 9, session: 1 };
    const fault = await l2tpv3Wire(options).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'wire-unavailable');
  });

  it('is a fault of the harness when more wait for it than it could send in a while', async () => {
    const [near] = await pair();
    const flood = () => {
      for (let sent = 0; sent < 20_000; sent++) near.send(frame);
    };
    expect(flood).to.throw(HarnessFault, 'sent faster than that').with.property('code', 'wire-full');
  });

  it('loses nothing of two thousand paced frames', async () => {
    const { received, lost } = await benchWire(10_000, 0.2);
    expect({ received, lost }).to.deep.equal({ received: 2_000, lost: 0 });
  });
});

function plainSocket() {
  const socket = createSocket('udp4');
  const bound = new Promise<number>((resolve) => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)));
  return {
    bound,
    message: new Promise<Uint8Array>((resolve) => socket.once('message', resolve)),
    send: (octets: Uint8Array, port: number) =>
      new Promise<void>((sent) => socket.send(octets, port, '127.0.0.1', () => sent())),
    close: () => new Promise<void>((closed) => socket.close(() => closed())),
  };
}

/** Turns of the event loop, until it holds; mocha's own deadline ends what never does. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setImmediate(later));
}
