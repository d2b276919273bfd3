import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { HarnessFault } from '../harness-fault.ts';
import { benchBurst } from './nic.bench.ts';
import { type CableWire, nicWire } from './nic.ts';
import { ip, type Veth, veth } from './veth.test-support.ts';

const frame = Uint8Array.from({ length: 60 }, (_, place) => (place < 6 ? 2 : place));

describe('the wire on an interface of this machine', function () {
  this.timeout(20_000);
  let cable: Veth | undefined;
  let open: CableWire[] = [];

  before(function () {
    try {
      veth('tsnic0').remove();
    } catch (refused) {
      console.log(`      skipped: this process may make no interfaces: ${(refused as Error).message.trim()}`);
      this.skip();
    }
  });
  beforeEach(() => {
    cable = veth('tsnic0');
  });
  afterEach(async () => {
    await Promise.all(open.map((wire) => wire.close()));
    open = [];
    cable?.remove();
  });

  const opened = async (name: string): Promise<CableWire> => {
    const wire = await nicWire(name);
    open.push(wire);
    return wire;
  };
  const faultOf = (promise: Promise<unknown>): Promise<unknown> =>
    promise.then(
      () => undefined,
      (fault) => fault,
    );

  it('carries a frame both ways, octet for octet, and does not hear what it sent itself', async () => {
    const [near, far] = [await opened(cable!.near), await opened(cable!.far)];
    const heard: Uint8Array[] = [];
    near.onFrame((got) => heard.push(got));
    const arrives = new Promise<Uint8Array>((resolve) => far.onFrame(resolve));
    near.send(frame);
    expect(await arrives).to.deep.equal(frame);
    far.send(frame.slice(0, 20));
    await far.settled();
    await near.settled();
    expect(heard).to.deep.equal([frame.slice(0, 20)]);
    expect(near.counters).to.deep.equal({ sent: 1, received: 1, lost: 0, malformed: 0 });
  });

  it('hears frames for others, and leaves the interface as it was', async () => {
    const flags = () => readFileSync(`/sys/class/net/${cable!.near}/flags`, 'utf8');
    const before = flags();
    const [near, far] = [await opened(cable!.near), await opened(cable!.far)];
    expect(ip('-d', 'link', 'show', cable!.near)).to.contain('promiscuity 1');
    const arrives = new Promise<Uint8Array>((resolve) => near.onFrame(resolve));
    const forNobody = Uint8Array.of(0x0a, 0, 0, 0, 0, 9, ...frame.slice(6));
    far.send(forNobody);
    expect(await arrives).to.deep.equal(forNobody);
    await near.close();
    expect(ip('-d', 'link', 'show', cable!.near)).to.contain('promiscuity 0');
    expect(flags()).to.equal(before);
  });

  it('loses, spoils and misdates none of 50,000 frames that come as fast as the kernel takes them', async () => {
    const { sendingSeconds, ...seen } = await benchBurst(await opened(cable!.near), cable!.far);
    expect(seen).to.deep.equal({ sent: 50_000, received: 50_000, spoiled: 0, misdated: 0 });
    expect(sendingSeconds).to.be.greaterThan(0);
  });

  it('tells of what the kernel had no room for, once, as a fault of the lab', async () => {
    const wire = await nicWire(cable!.near, { room: 4096 });
    open.push(wire);
    const fault = await faultOf(benchBurst(wire, cable!.far));
    expect(fault).to.be.instanceOf(HarnessFault).with.property('code', 'frames-lost');
    expect((fault as HarnessFault).message).to.match(/^the kernel had no room for \d+ frames that came in at tsnic0a/);
    expect(wire.counters.lost + wire.counters.received).to.equal(50_000);
    expect(await faultOf(wire.settled())).to.equal(undefined);
  });

  it('names the interface when the cable is pulled, to whoever waits and to whoever asks', async () => {
    const wire = await opened(cable!.near);
    cable!.remove();
    const fault = await wire.lost;
    expect([fault.code, fault.message]).to.deep.equal([
      'wire-lost',
      `the interface ${cable!.near} is lost: ${cable!.near}: Network is down`,
    ]);
    expect(await faultOf(wire.settled())).to.equal(fault);
    wire.send(frame); // goes nowhere, and throws nothing
  });

  it('is refused for what is not there, is down, or is what this machine speaks on', async () => {
    const refusal = async (name: string) => ((await faultOf(opened(name))) as HarnessFault).message;
    expect(await refusal('tsnone')).to.match(/^there is no interface tsnone; there is .*tsnic0a/);
    expect(await refusal('lo')).to.match(/^this machine itself speaks on lo \(127\.0\.0\.1/);
    ip('link', 'set', cable!.far, 'down');
    expect(await refusal(cable!.near)).to.contain('no carrier');
    expect(await refusal(cable!.far)).to.contain('is down');
  });

  it('ends its helper with the process that opened it', async () => {
    const url = new URL('nic.ts', import.meta.url).href;
    const program = `const { nicWire } = await import(${JSON.stringify(url)}); await nicWire('${cable!.near}'); console.log('open'); setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { stdio: 'pipe' });
    await once(owner.stdout, 'data');
    owner.kill('SIGKILL');
    await once(owner, 'close');
    while (/promiscuity [1-9]/.test(ip('-d', 'link', 'show', cable!.near))) await new Promise(setImmediate);
  });
});
