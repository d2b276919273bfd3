/** Two ikeds on two kernels: what the adapter renders negotiates and carries traffic, what it reads back is what happened, and a dead iked is an answer. */
import { expect } from 'chai';
import type { NodeConfiguration } from '../../lab/node.ts';
import { twoNodes, until } from '../guest-pair.test-support.ts';
import { honestyProbes } from '../honesty.ts';
import { byCertificate, datagram, node as gateway, type Keying } from '../two-gateways.test-support.ts';

describe('openiked on real kernels', function () {
  this.timeout(180_000);
  const two = twoNodes('openiked');

  it('establishes by certificates, and carries a datagram through the child', async () => {
    await Promise.all([
      two.left.configure(node('left', byCertificate)),
      two.right.configure(node('right', byCertificate)),
    ]);
    expect((await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).accepted).to.equal(true);
    await until(async () => (await two.right.state()).sad.length === 2);
    await two.left.perform(datagram);
    await until(async () => (await two.right.state()).delivered.length > 0);
    const state = await two.right.state();
    expect(state.ikeSas).to.have.length(1);
    expect(state.ikeSas[0]).to.include({ connection: 'peer', state: 'established', remoteIdentity: 'left.example' });
    expect(state.sad.find(({ direction }) => direction === 'in')).to.include({ packets: 1 });
    expect(await two.right.log()).to.contain('left.example');
  });

  it('establishes by a shared key, and refuses another', async () => {
    const keyed = (key: string): Keying => ({
      credential: () => ({ kind: 'shared-key', key }),
      remote: (peer) => ({
        identity: { type: 'ID_FQDN', value: `${peer}.example` },
        authentication: 'shared-key',
        trustAnchors: [],
      }),
    });
    for (const [key, accepted] of [
      ['aabbcc', true],
      ['aabbcd', false],
    ] as const) {
      await Promise.all([
        two.left.configure(node('left', keyed('aabbcc'))),
        two.right.configure(node('right', keyed(key))),
      ]);
      expect(await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).to.include({ accepted });
      expect((await two.left.state()).ikeSas).to.have.lengthOf(accepted ? 1 : 0);
    }
  });

  it('becomes active where the kernel cannot ask it', async () => {
    const withProtocol = (name: 'left' | 'right') => node(name, byCertificate, 17);
    await Promise.all([two.left.configure(withProtocol('left')), two.right.configure(withProtocol('right'))]);
    expect(await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).to.include({
      accepted: true,
    });
    await until(async () => (await two.right.state()).sad.length === 2);
  });

  it('closes and rekeys on command', async () => {
    await Promise.all([
      two.left.configure(node('left', byCertificate)),
      two.right.configure(node('right', byCertificate)),
    ]);
    const child = { connection: 'peer', child: 'net' };
    await two.left.perform({ kind: 'initiate', ...child });
    const before = (await two.left.state()).sad.map(({ spi }) => spi);
    expect(await two.left.perform({ kind: 'rekey-child', ...child })).to.include({ accepted: true });
    await until(async () => (await two.left.state()).sad.every(({ spi }) => !before.includes(spi)));
    expect(await two.left.perform({ kind: 'rekey-ike', connection: 'peer' })).to.include({ accepted: false });
    expect(await two.left.perform({ kind: 'close-child', ...child })).to.include({ accepted: true });
    await until(async () => (await two.right.state()).sad.length === 0);
    expect(await two.left.perform({ kind: 'close', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await two.right.state()).ikeSas.length === 0);
  });

  it('says that it died, and has another iked for the next configuration', async () => {
    for (const [process, ending] of [
      ['ikev2', /iked ended: status 0\s+potentially unexpected fatal signal 11/],
      ['parent', /iked ended: signal 11\s+potentially/],
    ] as const) {
      await two.left.configure(node('left', byCertificate));
      await two.guest.console.exec([
        'sh',
        '-c',
        `kill -SEGV $(grep -lz '^iked: ${process}' /proc/[0-9]*/cmdline | cut -d/ -f3)`,
      ]);
      await until(async () => ending.test(await two.left.log()));
      const reply = await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
      expect(reply)
        .to.include({ accepted: false })
        .and.property('says')
        .match(/^iked ended/);
      expect((await two.left.state()).ikeSas).to.deep.equal([]);
    }
    await two.left.configure(node('left', byCertificate));
    expect(await two.left.log()).not.to.contain('iked ended');
  });

  it('says what it would not load', async () => {
    const spoilt = node('left', byCertificate);
    const [connection] = spoilt.ike;
    const refusal = await two.left
      .configure({ ...spoilt, ike: [{ ...connection!, name: 'a "name"' }] })
      .catch((fault: unknown) => fault);
    expect(refusal).to.be.instanceOf(Error).with.property('message').that.contains('syntax error');
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: two.left, empty: node('left', byCertificate) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
    expect(probes.map(({ name }) => name)).to.include.members(['unknown-verb/ikectl', 'empty-configuration']);
  });
});

/** With a child that PF_KEY can install, for one protocol or for all; iked brings no route along. */
function node(name: 'left' | 'right', keying: Keying, protocol?: number): NodeConfiguration {
  const configuration = gateway(name, keying, { routed: true });
  const [connection] = configuration.ike;
  const [child] = connection!.children;
  const narrowed = (selectors: typeof child.local) =>
    selectors.map((selector) => ({ ...selector, ...(protocol !== undefined && { protocol }) }));
  const children = [
    {
      ...child!,
      local: narrowed(child!.local),
      remote: narrowed(child!.remote),
      proposals: [{ encryption: [{ id: 12, keyLength: 128 }], integrity: [14] }],
    },
  ];
  return { ...configuration, ike: [{ ...connection!, children }] };
}
