/** Two charons on two kernels: what the adapter renders negotiates and carries traffic, and what it reads back is what happened. */
import { expect } from 'chai';
import type { IkeConnection, SpdEntry } from '../../lab/node.ts';
import type { Guest } from '../../runtime/runtime.ts';
import { guestProductNamed } from '../catalogue.ts';
import { canRunGuests, type GuestPair, guestPair, until } from '../guest-pair.test-support.ts';
import { honestyProbes, type QuestionedNode } from '../honesty.ts';
import { byCertificate, datagram, type Keying, node } from '../two-gateways.test-support.ts';

describe('strongswan on real kernels', function () {
  this.timeout(120_000);
  let pair: GuestPair;
  let left: QuestionedNode;
  let right: QuestionedNode;
  /** The left one. */
  let guest: Guest;

  before(async function () {
    if (!(await canRunGuests())) {
      console.error('skipped: no /usr/bin/linux.uml on this machine (apt-get install -y user-mode-linux)');
      this.skip();
    }
    pair = await guestPair('strongswan');
    const { create } = guestProductNamed('strongswan')!;
    const leftGuest = async () => {
      guest = await pair.left();
      return guest;
    };
    [left, right] = await Promise.all([create(leftGuest), create(pair.right)]);
  });

  after(async () => {
    await Promise.all([left?.stop(), right?.stop()]);
    await pair?.close();
  });

  it('establishes by certificates, and carries a datagram through the child', async () => {
    await Promise.all([left.configure(node('left', byCertificate)), right.configure(node('right', byCertificate))]);
    expect((await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).accepted).to.equal(true);
    await until(async () => (await left.state()).sad.length === 2);
    await left.perform(datagram);
    await until(async () => (await right.state()).delivered.length > 0);
    const state = await right.state();
    expect(state.ikeSas).to.have.length(1);
    expect(state.ikeSas[0]).to.include({ connection: 'peer', state: 'established', remoteIdentity: 'left.example' });
    expect(state.sad.find(({ direction }) => direction === 'in')).to.include({ packets: 1, child: 'peer/net' });
    expect(await right.log()).to.contain('left.example');
  });

  it('establishes by a shared key, and refuses another', async () => {
    const keyed = (key: string): Keying => ({
      credential: () => ({ kind: 'shared-key', key }),
      remote: (peer) => ({
        identity: { type: 'ID_FQDN', value: `${peer}.example` },
        authentication: 'shared-key',
        trustAnchors: [],
        sharedKeys: [{ identity: { type: 'ID_FQDN', value: `${peer}.example` }, key }],
      }),
    });
    for (const [key, outcome] of [
      ['aabbcc', 2],
      ['aabbcd', 0],
    ] as const) {
      await Promise.all([left.configure(node('left', keyed('aabbcc'))), right.configure(node('right', keyed(key)))]);
      await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
      await until(async () => /established with|AUTHENTICATION_FAILED/.test(await left.log()));
      await until(async () => (await left.state()).sad.length === outcome);
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
    await Promise.all([left.configure({ ...trapped, ike }), right.configure(node('right', byCertificate))]);
    await left.perform({ ...datagram, destinationPort: 7778 });
    expect((await left.state()).ikeSas).to.deep.equal([]);
    await left.perform(datagram);
    await until(async () => (await left.state()).sad.length === 2);
    await left.perform(datagram);
    await until(async () => (await right.state()).delivered.some(({ destinationPort }) => destinationPort === 7777));
    const { spd } = await left.state();
    const places = spd.filter(({ direction }) => direction === 'out').map(({ action }) => action);
    expect(places).to.deep.equal(['BYPASS', 'PROTECT']);
  });

  it('closes and rekeys on command', async () => {
    await Promise.all([left.configure(node('left', byCertificate)), right.configure(node('right', byCertificate))]);
    const child = { connection: 'peer', child: 'net' };
    await left.perform({ kind: 'initiate', ...child });
    await until(async () => (await left.state()).sad.length === 2);
    const before = (await left.state()).sad.map(({ spi }) => spi);
    expect(await left.perform({ kind: 'rekey-child', ...child })).to.include({ accepted: true });
    await until(async () => (await left.state()).sad.some(({ spi }) => !before.includes(spi)));
    const spi = (await left.state()).ikeSas[0]!.initiatorSPI;
    expect(await left.perform({ kind: 'rekey-ike', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await left.state()).ikeSas.some(({ initiatorSPI }) => initiatorSPI !== spi));
    expect(await left.perform({ kind: 'close', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await right.state()).ikeSas.length === 0);
  });

  it('says that it died, and has another guest for the next configuration', async () => {
    await left.configure(node('left', byCertificate));
    await guest.console.stop('charon', 'KILL');
    const reply = await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    expect(reply).to.deep.equal({ accepted: false, says: 'charon ended' });
    expect((await left.state()).ikeSas).to.deep.equal([]);
    expect(await left.log()).to.contain('charon ended');
    await left.configure(node('left', byCertificate));
    expect(await left.log()).not.to.contain('charon ended');
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: left, empty: node('left', byCertificate) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
    expect(probes.map(({ name }) => name)).to.include.members(['unknown-verb/vici', 'empty-configuration']);
  });

  it('takes a warm charon from one configuration to another, with nothing left behind', async () => {
    for (const keying of [byCertificate, byCertificate]) await left.configure(node('left', keying));
    const { ikeSas, sad } = await left.state();
    expect({ ikeSas, sad }).to.deep.equal({ ikeSas: [], sad: [] });
  });
});
