/** Two plutos on two kernels: what the adapter renders negotiates and carries traffic, what it reads back is what happened, and a dead pluto is an answer. */
import { expect } from 'chai';
import type { Guest } from '../../runtime/runtime.ts';
import { guestProductNamed } from '../catalogue.ts';
import { canRunGuests, type GuestPair, guestPair, until } from '../guest-pair.test-support.ts';
import { honestyProbes, type QuestionedNode } from '../honesty.ts';
import { byCertificate, datagram, node as gateway, type Keying } from '../two-gateways.test-support.ts';

describe('libreswan on real kernels', function () {
  this.timeout(180_000);
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
    pair = await guestPair('libreswan');
    const { create } = guestProductNamed('libreswan')!;
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
    await left.perform(datagram);
    await until(async () => (await right.state()).delivered.length > 0);
    const state = await right.state();
    expect(state.ikeSas).to.have.length(1);
    expect(state.ikeSas[0]).to.include({ connection: 'peer', state: 'established', remoteIdentity: 'CN=left' });
    expect(state.sad.find(({ direction }) => direction === 'in')).to.include({ packets: 1, child: 'peer/net' });
    expect(await right.log()).to.contain('CN=left');
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
    for (const [key, accepted] of [
      ['aabbcc', true],
      ['aabbcd', false],
    ] as const) {
      await Promise.all([left.configure(node('left', keyed('aabbcc'))), right.configure(node('right', keyed(key)))]);
      expect(await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' })).to.include({ accepted });
      expect((await left.state()).sad).to.have.lengthOf(accepted ? 2 : 0);
    }
  });

  it('closes and rekeys on command', async () => {
    await Promise.all([left.configure(node('left', byCertificate)), right.configure(node('right', byCertificate))]);
    const child = { connection: 'peer', child: 'net' };
    await left.perform({ kind: 'initiate', ...child });
    const before = (await left.state()).sad.map(({ spi }) => spi);
    expect(await left.perform({ kind: 'rekey-child', ...child })).to.include({ accepted: true });
    await until(async () => (await left.state()).sad.some(({ spi }) => !before.includes(spi)));
    expect(await left.perform({ kind: 'rekey-ike', connection: 'peer' })).to.include({ accepted: true });
    expect(await left.perform({ kind: 'close', connection: 'peer' })).to.include({ accepted: true });
    await until(async () => (await right.state()).ikeSas.length === 0);
  });

  it('says that it died, and has another pluto for the next configuration', async () => {
    await left.configure(node('left', byCertificate));
    await guest.console.stop('pluto', 'ABRT');
    const reply = await left.perform({ kind: 'initiate', connection: 'peer', child: 'net' });
    expect(reply).to.deep.equal({ accepted: false, says: 'pluto ended: signal 6' });
    expect((await left.state()).ikeSas).to.deep.equal([]);
    expect(await left.log()).to.contain('pluto ended: signal 6');
    await left.configure(node('left', byCertificate));
    expect(await left.log()).not.to.contain('pluto ended');
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: left, empty: node('left', byCertificate) });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
    expect(probes.map(({ name }) => name)).to.include.members(['unknown-verb/whack', 'empty-configuration']);
  });
});

/** pluto, told to run no script, brings no route along. */
const node = (name: 'left' | 'right', keying: Keying) => gateway(name, keying, { routed: true });
