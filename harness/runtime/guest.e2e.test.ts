import { expect } from 'chai';
import type { L2tpv3Wire } from '../lab/wires/l2tpv3.ts';
import { ConsoleRefusal } from './console.ts';
import { textOf } from './console-line.ts';
import type { Guest } from './runtime.ts';
import { uml } from './uml.ts';
import { skipping, wiredGuest } from './wired-guest.test-support.ts';

const mac = '02:00:00:00:00:02';
const arp = '0806';

describe('a guest on a real kernel', function () {
  this.timeout(60_000); // the first time, its image is built
  let wire: L2tpv3Wire;
  let guest: Guest;

  before(async function () {
    const cannot = skipping(this);
    const wired = await wiredGuest('linux', mac, console.log).catch(cannot);
    wire = wired.wire;
    guest = await uml.boot(wired.spec).catch(cannot);
    const addresses = ['10.0.0.2/24', '2001:db8::2/64'].map((address) => `addr add ${address} dev eth0 nodad`);
    await guest.console.batch(addresses);
  });

  after(async () => {
    await guest?.stop();
    await wire?.close();
  });

  it('sends Ethernet frames on its wire, from the address it was given', async () => {
    const asks = frameOf(wire, arp);
    await guest.console.emitUdp('', 0, '10.0.0.1', 9, new Uint8Array(1));
    expect(await asks).to.match(/^ffffffffffff020000000002/);
  });

  it('hears frames on its wire, and answers', async () => {
    const answers = frameOf(wire, arp, '0002');
    wire.send(Buffer.from(`ffffffffffff020000000001${arpRequest}`, 'hex'));
    expect(await answers).to.match(/^020000000001020000000002/);
  });

  it('does lines of ip, tells those that failed, and lists what is there', async () => {
    const key = `0x${'5a'.repeat(16)}`;
    const sa = `xfrm state add src 10.0.0.1 dst 10.0.0.2 proto esp spi 0x100 mode transport enc cbc(aes) ${key} auth hmac(sha1) ${key}`;
    const replies = await guest.console.batch([
      sa,
      'addr bogus',
      'xfrm state add src nonsense',
      'xfrm state list',
      '-6 route show',
    ]);
    expect(replies.map(({ done }) => done)).to.deep.equal([true, false, false, true, true]);
    expect(replies[3]!.printed).to.contain('proto esp spi 0x00000100');
    expect(replies[4]!.printed).to.contain('2001:db8::/64 dev eth0');
  });

  it('answers although what a sink had was taken in the same turn', async () => {
    await guest.console.sink('udp', [9001]);
    for (let round = 0; round < 150; round++) {
      const sent = guest.console.emitUdp('10.0.0.2', 7001, '10.0.0.2', 9001, Uint8Array.of(round));
      // The question arrives while the datagram does, sooner or later from one round to the next.
      for (let turns = round % 30; turns > 0; turns--) await new Promise((next) => setImmediate(next));
      await Promise.all([sent, guest.console.deliveries()]);
    }
    await guest.console.forgetDeliveries();
  });

  it('keeps what its sinks were given, in both families', async () => {
    await guest.console.sink('udp', [9000]);
    await guest.console.sink('tcp', [9000]);
    await guest.console.forgetDeliveries();
    expect(await guest.console.emitUdp('10.0.0.2', 7000, '10.0.0.2', 9000, Uint8Array.of(1, 2))).to.equal('sent');
    expect(await guest.console.emitUdp('', 0, '2001:db8::2', 9000, Uint8Array.of(3))).to.equal('sent');
    await new Promise<string>((ended) => void guest.console.emitTcp('', 0, '10.0.0.2', 9000, ended));
    const seen = (await guest.console.deliveries()).map((one) => [
      one.protocol,
      one.source,
      one.destination,
      [...one.octets],
    ]);
    expect(seen).to.deep.equal([
      ['udp', '10.0.0.2', '10.0.0.2', [1, 2]],
      ['udp', '2001:db8::2', '2001:db8::2', [3]],
      ['tcp', '10.0.0.2', '10.0.0.2', []],
    ]);
  });

  it('tells of an ACQUIRE while it is listened to', async () => {
    let tell = (_: Uint8Array): void => {};
    const told = new Promise<Uint8Array>((resolve) => (tell = resolve));
    const endMonitor = await guest.console.monitor(1, (message) => tell(message));
    const template = 'tmpl src 10.0.0.2 dst 10.0.0.77 proto esp mode transport';
    await guest.console.batch([`xfrm policy add src 10.0.0.2 dst 10.0.0.77 dir out ${template}`]);
    await guest.console.emitUdp('', 0, '10.0.0.77', 9, Uint8Array.of(0));
    const acquire = 0x17;
    expect(Buffer.from(await told).readUInt16LE(4)).to.equal(acquire);
    await endMonitor();
  });

  it('runs daemons, and carries files larger than its serial line holds', async () => {
    const lines: string[] = [];
    guest.console.on('output', (words) => lines.push(words.map(textOf).join(': ')));
    const content = 'x'.repeat(20_000);
    await guest.console.write('/etc/deep/down/file', content, '600');
    expect(await guest.console.read('/etc/deep/down/file')).to.equal(content);
    await guest.console.start('sleeper', ['sh', '-c', 'echo awake; exec sleep 60']);
    await until(() => lines.includes('sleeper: awake'));
    expect(await guest.console.stop('sleeper')).to.equal(128 + 15);
    expect(await guest.console.running()).to.deep.equal([]);
  });

  it('says no to a verb that it does not know', async () => {
    const refusal = await guest.console.request('dance').catch((reason: unknown) => reason);
    expect(refusal).to.be.instanceOf(ConsoleRefusal).with.property('message', 'unknown verb: dance');
  });

  it('is known to be dead when its kernel panics, with the last it said', async () => {
    guest.console.write('/proc/sysrq-trigger', 'c').catch(() => {});
    const fault = await guest.died;
    expect(fault.code).to.equal('guest-died');
    expect(guest.lastConsoleLines().join('\n')).to.contain('Kernel panic');
    expect(guest.alive).to.equal(false);
    const after = await guest.console.read('/proc/version').catch((reason: unknown) => reason);
    expect(after).to.equal(fault);
  });
});

/** ARP: who has 10.0.0.2, tell 10.0.0.1 at 02:00:00:00:00:01. */
const arpRequest = '0806' + '00010800060400010200000000010a000001' + '0000000000000a000002';

/** The next frame of this EtherType (and ARP operation), in hex. */
function frameOf(wire: L2tpv3Wire, etherType: string, operation = ''): Promise<string> {
  return new Promise((resolve) => {
    wire.onFrame((frame) => {
      const hex = Buffer.from(frame).toString('hex');
      if (hex.slice(24, 28) === etherType && hex.slice(40, 44).endsWith(operation)) resolve(hex);
    });
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setImmediate(later));
}
