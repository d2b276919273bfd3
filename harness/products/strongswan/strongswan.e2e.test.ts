/** Two charons on two kernels: what the adapter renders negotiates and carries traffic, and what it reads back is what happened. */
import { expect } from 'chai';
import type { IkeConnection, SpdEntry } from '../../lab/node.ts';
import { twoNodes, until } from '../guest-pair.test-support.ts';
import { honestyProbes } from '../honesty.ts';
import { byCertificate, bySharedKey, datagram, node } from '../two-gateways.test-support.ts';

describe('strongswan on real kernels', function () {
  this.timeout(120_000);
  const two = twoNodes('strongswan');

  it('establishes by certificates, and carries a datagram through the child', async () => {
    await Promise.all([
      two.left.configure(node('left', byCertificate)),
      two.right.configure(node('right', byCertificate)),
    ]);
    expect((await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).accepted).to.equal(true);
    await until(async () => (await two.left.state()).sad.length === 2);
    await two.left.perform(datagram);
    await until(async () => (await two.right.state()).delivered.length > 0);
    const state = await two.right.state();
    expect(state.ikeSas).to.have.length(1);
    expect(state.ikeSas[0]).to.include({ connection: 'peer', state: 'established', remoteIdentity: 'left.example' });
    expect(state.sad.find(({ direction }) => direction === 'in')).to.include({ packets: 1, child: 'peer/net' });
    expect(await two.right.log()).to.contain('left.example');
  });

  it('establishes by a shared key, and refuses another', async () => {
    for (const [key, outcome] of [
      ['aabbcc', 2],
      ['aabbcd', 0],
    ] as const) {
      await Promise.all([
        two.left.configure(node('left', bySharedKey('aabbcc'))),
        two.right.configure(node('right', bySharedKey(key))),
      ]);
      await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
      await until(async () => /established with|AUTHENTICATION_FAILED/.test(await two.left.log()));
      await until(async () => (await two.left.state()).sad.length === outcome);
    }
  });

  it('starts IKE at a packet that meets a trap, and not at one that an earlier entry bypasses', async () => {
    const bypass: SpdEntry = {
      name: 'clear',
      direction: 'both',
      selector: { local: '10.0.1.0/24', remote: '10.0.2.0/24', protocol: 17, remotePort: 7778 },
      action: 'BYPASS',
    };
    const trapped = { ...node('left', byCertificate), spd: [bypass] };
    const [peer] = trapped.ike as [IkeConnection];
    const ike = [{ ...peer, children: peer.children.map((child) => ({ ...child, start: 'trap' as const })) }];
    await Promise.all([two.left.configure({ ...trapped, ike }), two.right.configure(node('right', byCertificate))]);
    await two.left.perform({ ...datagram, destinationPort: 7778 });
    expect((await two.left.state()).ikeSas).to.deep.equal([]);
    await two.left.perform(datagram);
    await until(async () => (await two.left.state()).sad.length === 2);
    await two.left.perform(datagram);
    await until(async () =>
      (await two.right.state()).delivered.some(({ destinationPort }) => destinationPort === 7777),
    );
    const { spd } = await two.left.state();
    const places = spd.filter(({ direction }) => direction === 'out').map(({ action }) => action);
    expect(places).to.deep.equal(['BYPASS', 'PROTECT']);
  });

  it('closes and rekeys on command', async () => {
    await Promise.all([
      two.left.configure(node('left', byCertificate)),
      two.right.configure(node('right', byCertificate)),
    ]);
    const child = { connection: 'peer', child: 'net' };
    await two.left.perform({ kind: 'initiate', ...child });
    await until(async () => (await two.left.state()).sad.length === 2);
    const before = (await two.left.state()).sad.map(({ spi }) => spi);
    expect(await two.left.perform({ kind: 'rekey-child', ...child })).to.include({ accepted: true });
    await until(async () => (await two.left.state()).sad.some(({ spi }) => !before.includes(spi)));
    const spi = (await two.left.state()).ikeSas[0]!.initiatorSPI;
    expect(await two.left.perform({ kind: 'rekey-ike', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await two.left.state()).ikeSas.some(({ initiatorSPI }) => initiatorSPI !== spi));
    expect(await two.left.perform({ kind: 'close', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await two.right.state()).ikeSas.length === 0);
  });

  it('says that it died, and has another guest for the next configuration', async () => {
    await two.left.configure(node('left', byCertificate));
    const endings: string[] = [];
    const unheard = two.left.onEnded!((says) => endings.push(says));
    await two.guest.console.stop('charon', 'KILL');
    unheard();
    expect(endings).to.deep.equal(['charon ended: signal 9']);
    const reply = await two.left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    expect(reply).to.deep.equal({ accepted: false, says: 'charon ended' });
    expect((await two.left.state()).ikeSas).to.deep.equal([]);
    expect(await two.left.log()).to.contain('charon ended');
    await two.left.configure(node('left', byCertificate));
    expect(await two.left.log()).not.to.contain('charon ended');
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: two.left, empty: node('left', byCertificate) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
    expect(probes.map(({ name }) => name)).to.include.members(['unknown-verb/vici', 'empty-configuration']);
  });

  it('takes a warm charon from one configuration to another, with nothing left behind', async () => {
    for (const keying of [byCertificate, byCertificate]) await two.left.configure(node('left', keying));
    const { ikeSas, sad } = await two.left.state();
    expect({ ikeSas, sad }).to.deep.equal({ ikeSas: [], sad: [] });
  });
});
