/** Two plutos on two kernels: what the adapter renders negotiates and carries traffic, what it reads back is what happened, and a dead pluto is an answer. */
import { expect } from 'chai';
import { twoNodes, until } from '../guest-pair.test-support.ts';
import { honestyProbes } from '../honesty.ts';
import { byCertificate, bySharedKey, datagram, node as gateway, type Keying } from '../two-gateways.test-support.ts';

describe('libreswan on real kernels', function () {
  this.timeout(180_000);
  const two = twoNodes('libreswan');

  it('establishes by certificates, and carries a datagram through the child', async () => {
    await Promise.all([
      two.left.configure(node('left', byCertificate)),
      two.right.configure(node('right', byCertificate)),
    ]);
    expect((await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).accepted).to.equal(true);
    await two.left.perform(datagram);
    await until(async () => (await two.right.state()).delivered.length > 0);
    const state = await two.right.state();
    expect(state.ikeSas).to.have.length(1);
    expect(state.ikeSas[0]).to.include({ connection: 'peer', state: 'established', remoteIdentity: 'CN=left' });
    expect(state.sad.find(({ direction }) => direction === 'in')).to.include({ packets: 1, child: 'peer/net' });
    expect(await two.right.log()).to.contain('CN=left');
  });

  it('establishes by a shared key, and refuses another', async () => {
    for (const [key, accepted] of [
      ['aabbcc', true],
      ['aabbcd', false],
    ] as const) {
      await Promise.all([
        two.left.configure(node('left', bySharedKey('aabbcc'))),
        two.right.configure(node('right', bySharedKey(key))),
      ]);
      expect(await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).to.include({ accepted });
      expect((await two.left.state()).sad).to.have.lengthOf(accepted ? 2 : 0);
    }
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
    await until(async () => (await two.left.state()).sad.some(({ spi }) => !before.includes(spi)));
    expect(await two.left.perform({ kind: 'rekey-ike', connection: 'peer' })).to.include({ accepted: true });
    expect(await two.left.perform({ kind: 'close', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await two.right.state()).ikeSas.length === 0);
  });

  it('says that it died, and has another pluto for the next configuration', async () => {
    await two.left.configure(node('left', byCertificate));
    await two.guest.console.stop('pluto', 'ABRT');
    const reply = await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    expect(reply).to.deep.equal({ accepted: false, says: 'pluto ended: signal 6' });
    expect((await two.left.state()).ikeSas).to.deep.equal([]);
    expect(await two.left.log()).to.contain('pluto ended: signal 6');
    await two.left.configure(node('left', byCertificate));
    expect(await two.left.log()).not.to.contain('pluto ended');
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: two.left, empty: node('left', byCertificate) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
    expect(probes.map(({ name }) => name)).to.include.members(['unknown-verb/whack', 'empty-configuration']);
  });
});

/** pluto, told to run no script, brings no route along. */
const node = (name: 'left' | 'right', keying: Keying) => gateway(name, keying, { routed: true });
