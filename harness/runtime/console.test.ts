import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import { ConsoleChannel, type ConsoleRecord, ConsoleRefusal } from './console.ts';

/** A channel to an agent that says what the test tells it to, at each request. */
function channel(agent: (request: string, says: (line: string) => void) => void) {
  const made: ConsoleChannel = new ConsoleChannel((line) =>
    agent(line.trimEnd(), (answer) => made.receive(new TextEncoder().encode(`${answer}\n`))),
  );
  return made;
}

const outcome = (promise: Promise<unknown>): Promise<unknown> => promise.catch((reason: unknown) => reason);

describe('the console channel', () => {
  it('gives each answer to its own request, in whatever order they come', async () => {
    const held: string[] = [];
    const guest = channel((request, says) => {
      held.push(request.replace(/^\?(\d+) echo/, '=$1'));
      if (held.length === 2) for (const line of held.reverse()) says(line);
    });
    const answers = await Promise.all([guest.request('echo', ['first']), guest.request('echo', ['second'])]);
    expect(answers.map(([word]) => Buffer.from(word!).toString())).to.deep.equal(['first', 'second']);
  });

  it('hands on a refusal with its reason', async () => {
    const guest = channel((_, says) => says('-1 unknown%20verb:%20dance'));
    const refusal = await outcome(guest.request('dance'));
    expect(refusal).to.be.instanceOf(ConsoleRefusal).with.property('message', 'unknown verb: dance');
  });

  it('is a fault when nothing answers in time, and a late answer harms nothing', async () => {
    const guest = channel(() => {});
    const fault = await outcome(guest.request('echo', [], 5));
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'console-deadline');
    guest.receive(new TextEncoder().encode('=1 late\n'));
  });

  it('fails what waits, and what comes after, when the line ends', async () => {
    const guest = channel(() => {});
    const waiting = outcome(guest.request('echo'));
    const fault = new HarnessFault('guest-died', 'the guest ended');
    guest.end(fault);
    expect(await waiting).to.equal(fault);
    expect(await outcome(guest.request('echo'))).to.equal(fault);
  });

  it('ends with a fault when a line has no end', async () => {
    const guest = channel(() => {});
    const waiting = outcome(guest.request('echo'));
    const piece = new Uint8Array(1 << 20).fill(0x78);
    for (let sent = 0; sent < 49; sent++) guest.receive(piece);
    expect(await waiting)
      .to.be.instanceOf(HarnessFault)
      .with.property('code', 'console-line');
    expect(await outcome(guest.request('echo'))).to.have.property('code', 'console-line');
  });

  it('is a fault when more was delivered than the agent keeps', async () => {
    const guest = channel((_, says) => says('-1 3%20deliveries%20more%20than%20are%20kept'));
    const fault = await outcome(guest.deliveries());
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'sink-overrun');
    expect(String(fault)).to.contain('3 deliveries more than are kept');
  });

  it('reads the replies of a batch in pairs', async () => {
    const guest = channel((_, says) => says('=1 0 % 1 Error:%20no'));
    expect(await guest.batch(['link show', 'bogus'])).to.deep.equal([
      { line: 'link show', done: true, printed: '' },
      { line: 'bogus', done: false, printed: 'Error: no' },
    ]);
  });

  it('gives a stream its octets even when they come with the answer that opened it', async () => {
    const heard: string[] = [];
    const guest = channel((request, says) => {
      if (!request.includes(' open 1 /run/charon.vici 50')) return;
      says('=1\n*stream 1 %00hello\n*closed 1');
    });
    await guest.openStream('/run/charon.vici', 50, {
      received: (octets) => heard.push(Buffer.from(octets).toString()),
      closed: () => heard.push('closed'),
    });
    expect(heard).to.deep.equal(['\0hello', 'closed']);
  });

  it('reads deliveries, told and asked for', async () => {
    const words = '7 1795257687744.263 udp 10.0.0.1 5000 10.0.0.2 9000 hi';
    const told: unknown[] = [];
    const guest = channel((_, says) => says(`=1 ${words}`));
    guest.onDelivery((delivery) => told.push(delivery));
    guest.receive(new TextEncoder().encode(`*delivered ${words}\n`));
    const delivery = {
      sequence: 7,
      at: 1795257687744.263,
      protocol: 'udp',
      source: '10.0.0.1',
      sourcePort: 5000,
      destination: '10.0.0.2',
      destinationPort: 9000,
      octets: new TextEncoder().encode('hi'),
    };
    expect(told).to.deep.equal([delivery]);
    expect(await guest.deliveries()).to.deep.equal([delivery]);
  });

  it('shows an observer all that passed, noise included', async () => {
    const seen: ConsoleRecord['kind'][] = [];
    const guest = channel((_, says) => says('kernel: hello\n=1 x'));
    guest.observe((record) => seen.push(record.kind));
    await guest.request('echo', ['x']);
    expect(seen).to.deep.equal(['request', 'noise', 'answer']);
  });
});
