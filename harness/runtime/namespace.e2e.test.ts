import { networkInterfaces } from 'node:os';
import { expect } from 'chai';
import { HarnessFault } from '../lab/harness-fault.ts';
import type { L2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import { namespace } from './namespace.ts';
import type { Guest, GuestSpec } from './runtime.ts';
import { skipping, wiredGuest } from './wired-guest.test-support.ts';

const mac = '02:00:00:00:00:02';

describe('a guest without a kernel of its own', function () {
  this.timeout(60_000); // the first time, its image is built
  let spec: GuestSpec;
  let wire: L2tpv3Wire;
  let guest: Guest;

  before(async function () {
    const cannot = skipping(this);
    await namespace.available().catch(cannot);
    ({ wire, spec } = await wiredGuest('strongswan-userspace', mac, console.log).catch(cannot));
    guest = await namespace.boot(spec);
    await guest.console.batch(['addr add 10.0.0.2/24 dev eth0']);
  });

  after(async () => {
    await guest?.stop();
    await wire?.close();
  });

  it('has an interface that the machine does not have', async () => {
    const [link] = await guest.console.batch(['-o link show eth0']);
    expect(link!.printed).to.contain(mac);
    const machine = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
    expect(machine.map((address) => address.mac)).not.to.include(mac);
  });

  it('answers each frame of a burst', async () => {
    const all = new Promise<void>((resolve) => {
      let answers = 0;
      wire.onFrame((frame) => {
        if (Buffer.from(frame).toString('hex').startsWith(arpReplied) && ++answers === BURST) resolve();
      });
    });
    for (let sent = 0; sent < BURST; sent++) wire.send(Buffer.from(arpRequest, 'hex'));
    await all;
    expect(wire.counters.lost + wire.counters.malformed).to.equal(0);
  });

  it('sets what is of its network, and nothing else of the kernel', async () => {
    await guest.console.write('/proc/sys/net/ipv4/ip_forward', '1');
    expect(await guest.console.read('/proc/sys/net/ipv4/ip_forward')).to.equal('1\n');
    const refused = await guest.console.write('/proc/sys/kernel/hostname', 'other').catch((reason: Error) => reason);
    expect(refused).to.be.instanceOf(Error).with.property('message').that.contains('Read-only');
  });

  it('ends as a whole when it is told to, and is known to be dead when it is killed', async () => {
    await guest.console.start('sleeper', ['sleep', '600']);
    guest.abandon(new HarnessFault('guest-hangs', 'said by the test'));
    expect((await guest.died).code).to.equal('guest-died');
    guest = await namespace.boot(spec);
    await guest.stop();
    expect(guest.alive).to.equal(false);
  });
});

/** Frames, more than any case sends at once. */
const BURST = 2_000;

/** ARP: who has 10.0.0.2, tell 10.0.0.1 at 02:00:00:00:00:01. */
const arpRequest =
  'ffffffffffff020000000001' + '0806' + '00010800060400010200000000010a000001' + '0000000000000a000002';
const arpReplied = '020000000001020000000002' + '0806' + '0001080006040002';
