/** Two plutos on two kernels: what the adapter renders negotiates and carries traffic, what it reads back is what happened, and a dead pluto is an answer. */
import { expect } from 'chai';
import type { Credential, IkeConnection, NodeConfiguration, RemoteIdentity } from '../../lab/node.ts';
import type { Guest } from '../../runtime/runtime.ts';
import { guestProductNamed } from '../catalogue.ts';
import { canRunGuests, type GuestPair, guestPair, until } from '../guest-pair.test-support.ts';
import { honestyProbes, type QuestionedNode } from '../honesty.ts';

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

interface Keying {
  credential(name: string): Credential;
  remote(peer: string): RemoteIdentity;
}

const keys: Readonly<Record<string, string>> = { left: 'p256One', right: 'p256Two' };

const authority = { subject: 'CN=Lab Authority', key: 'ecdsaAuthority', authority: {} };

const byCertificate: Keying = {
  credential: (name) => ({
    kind: 'certificate',
    chain: [{ subject: `CN=${name}`, key: keys[name]!, issuer: authority, altNames: [{ dNSName: `${name}.example` }] }],
    key: keys[name]!,
  }),
  remote: () => ({ identity: 'any', authentication: 'signature', trustAnchors: [authority] }),
};

function node(name: 'left' | 'right', keying: Keying): NodeConfiguration {
  const [own, other, peer] = name === 'left' ? ([1, 2, 'right'] as const) : ([2, 1, 'left'] as const);
  const connection: IkeConnection = {
    name: 'peer',
    localAddresses: [`192.0.2.${own}`],
    remoteAddresses: ['any'],
    local: { identity: { type: 'ID_FQDN', value: `${name}.example` }, authentication: keying.credential(name) },
    remote: keying.remote(peer),
    proposals: [
      {
        encryption: [{ id: 12, keyLength: 128 }],
        integrity: [12],
        pseudorandomFunctions: [5],
        keyExchangeMethods: [31],
      },
    ],
    children: [
      {
        name: 'net',
        mode: 'tunnel',
        local: [{ addresses: `10.0.${own}.0/24` }],
        remote: [{ addresses: `10.0.${other}.0/24` }],
        proposals: [{ encryption: [{ id: 20, keyLength: 128 }], integrity: [] }],
        start: 'none',
      },
    ],
  };
  return {
    name,
    interfaces: [{ name: 'eth0', link: 'link', addresses: [`192.0.2.${own}/24`] }],
    innerAddresses: [`10.0.${own}.1/32`],
    routes: [{ destination: `10.0.${other}.0/24`, via: `192.0.2.${other}`, interface: 'eth0' }],
    forwarding: false,
    sinks: [{ protocol: 'udp', port: 7777 }],
    spd: [],
    manual: [],
    ike: [{ ...connection, remoteAddresses: [`192.0.2.${other}`] }],
  };
}

const datagram = {
  kind: 'udp',
  from: '10.0.1.1',
  to: '10.0.2.1',
  sourcePort: 1234,
  destinationPort: 7777,
  payload: Uint8Array.of(1, 2, 3),
} as const;
