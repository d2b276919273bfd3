/** Two Linux kernels with mirrored manual SAs: what the adapter renders carries traffic, and what it reads back is what happened. */
import { expect } from 'chai';
import type { ManualSa, NodeConfiguration, SpdEntry } from '../../lab/node.ts';
import { guestProductNamed } from '../catalogue.ts';
import { type GuestPair, guestPair, skipWithoutGuests, until } from '../guest-pair.test-support.ts';
import { honestyProbes, type QuestionedNode } from '../honesty.ts';

describe('linux on real kernels', function () {
  this.timeout(120_000);
  let pair: GuestPair;
  let left: QuestionedNode;
  let right: QuestionedNode;

  before(async function () {
    await skipWithoutGuests(this);
    pair = await guestPair('linux');
    const { create } = guestProductNamed('linux')!;
    [left, right] = await Promise.all([create(pair.left), create(pair.right)]);
  });

  after(async () => {
    await Promise.all([left?.stop(), right?.stop()]);
    await pair?.close();
  });

  it('carries a datagram through ESP in tunnel mode, one family in the other, and counts it', async () => {
    const [here, there] = mirrored(tunnel);
    await Promise.all([left.configure(here), right.configure(there)]);
    const reply = await left.perform(datagram);
    expect(reply).to.deep.equal({ accepted: true, says: 'sent' });
    await until(async () => (await right.state()).delivered.length > 0);
    const state = await right.state();
    expect(state.delivered).to.deep.equal([
      {
        protocol: 'udp',
        source: '2001:db8:1::1',
        destination: '2001:db8:2::1',
        sourcePort: 1234,
        destinationPort: 7777,
        payload: '010203',
      },
    ]);
    expect(state.sad.map(({ spi, direction, packets }) => ({ spi, direction, packets }))).to.have.deep.members([
      { spi: 0x1001, direction: 'in', packets: 1 },
      { spi: 0x1002, direction: 'out', packets: 0 },
    ]);
    expect(state.spd.filter(({ action }) => action === 'PROTECT').map(({ direction }) => direction)).to.have.members([
      'in',
      'out',
    ]);
    expect(pair.frames.some(isEspOverIpv4), 'ESP was on the link').to.equal(true);
  });

  it('carries ESP in UDP, in transport mode', async () => {
    const encapsulation = { sourcePort: 4500, destinationPort: 4500 };
    const [here, there] = mirrored({
      ...tunnel,
      spd: [
        {
          name: 'hosts',
          direction: 'both',
          selector: { local: '192.0.2.1/32', remote: '192.0.2.2/32' },
          action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', securityAssociations: ['there', 'back'] },
        },
      ],
      manual: tunnel.manual.map((sa) => ({ ...sa, mode: 'transport', encapsulation })),
    });
    await Promise.all([left.configure(here), right.configure(there)]);
    const framesBefore = pair.frames.length;
    await left.perform({ ...datagram, from: '192.0.2.1', to: '192.0.2.2' });
    await until(async () => (await right.state()).delivered.length > 0);
    const frames = pair.frames.slice(framesBefore);
    expect(frames.some(isEspInUdp), 'ESP in UDP was on the link').to.equal(true);
    expect(frames.some(isEspOverIpv4), 'bare ESP was on the link').to.equal(false);
  });

  it('refuses what comes in the clear where ESP is asked for', async () => {
    const [here, there] = mirrored(tunnel);
    await Promise.all([left.configure({ ...here, spd: [], manual: [], routes: clearRoute }), right.configure(there)]);
    await left.perform(datagram);
    await until(async () => ((await right.state()).counters.XfrmInTmplMismatch ?? 0) > 0);
    expect((await right.state()).delivered).to.deep.equal([]);
  });

  it('answers honestly', async () => {
    const probes = await honestyProbes({ node: left, empty: tunnel });
    expect(probes.filter(({ held }) => !held)).to.deep.equal([]);
    expect(probes.map(({ name }) => name)).to.deep.equal([
      'unknown-verb/console',
      'unknown-verb/ip',
      'empty-configuration',
    ]);
  });

  it('takes a warm guest from one configuration to another, with nothing left behind', async () => {
    const [here] = mirrored(tunnel);
    await left.configure(here);
    await left.configure(here);
    expect((await left.state()).sad).to.have.length(here.manual.length);
    await left.configure({ ...here, spd: [], manual: [] });
    const { sad, spd } = await left.state();
    expect({ sad, spd }).to.deep.equal({ sad: [], spd: [] });
  });
});

const datagram = {
  kind: 'udp',
  from: '2001:db8:1::1',
  to: '2001:db8:2::1',
  sourcePort: 1234,
  destinationPort: 7777,
  payload: Uint8Array.of(1, 2, 3),
} as const;

const key = '000102030405060708090a0b0c0d0e0f';

const tunnel: NodeConfiguration = {
  name: 'left',
  interfaces: [{ name: 'eth0', link: 'link', addresses: ['192.0.2.1/24', '2001:db8::1/64'] }],
  innerAddresses: ['2001:db8:1::1/128'],
  routes: [],
  forwarding: false,
  sinks: [{ protocol: 'udp', port: 7777 }],
  spd: [
    {
      name: 'inner',
      direction: 'both',
      selector: { local: '2001:db8:1::/64', remote: '2001:db8:2::/64' },
      action: {
        kind: 'PROTECT',
        protocol: 'ESP',
        mode: 'tunnel',
        tunnel: { local: '192.0.2.1', remote: '192.0.2.2' },
        securityAssociations: ['there', 'back'],
      },
    },
  ],
  manual: [manual('there', 'out', 0x1001), manual('back', 'in', 0x1002)],
  ike: [],
};

const clearRoute = [{ destination: '2001:db8:2::/64', via: '2001:db8::2', interface: 'eth0' }];

function manual(name: string, direction: 'in' | 'out', spi: number): ManualSa {
  const [source, destination] = direction === 'out' ? ['192.0.2.1', '192.0.2.2'] : ['192.0.2.2', '192.0.2.1'];
  return {
    name,
    direction,
    spi,
    source,
    destination,
    mode: 'tunnel',
    encryption: { id: 12, keyLength: 128, key },
    integrity: { id: 12, key: key + key },
    replayWindow: 64,
    extendedSequenceNumbers: false,
  };
}

/** The configuration, and that of its peer. */
function mirrored(here: NodeConfiguration): [NodeConfiguration, NodeConfiguration] {
  const entry = (one: SpdEntry): SpdEntry => ({
    ...one,
    selector: { local: one.selector.remote, remote: one.selector.local },
    action:
      typeof one.action === 'object' && one.action.tunnel
        ? { ...one.action, tunnel: turned(one.action.tunnel) }
        : one.action,
  });
  return [
    here,
    {
      ...here,
      name: 'right',
      interfaces: [{ name: 'eth0', link: 'link', addresses: ['192.0.2.2/24', '2001:db8::2/64'] }],
      innerAddresses: ['2001:db8:2::1/128'],
      spd: here.spd.map(entry),
      manual: here.manual.map((sa) => ({ ...sa, direction: sa.direction === 'in' ? 'out' : 'in' })),
    },
  ];
}

const turned = ({ local, remote }: { local: string; remote: string }) => ({ local: remote, remote: local });

/** To port 4500, and no IKE: those begin with four octets of zero. */
const isEspInUdp = (frame: Uint8Array): boolean =>
  frame[12] === 0x08 && frame[23] === 17 && hexOf(frame, 36, 38) === '1194' && hexOf(frame, 42, 46) !== '00000000';

const hexOf = (frame: Uint8Array, start: number, end: number): string => Buffer.from(frame).toString('hex', start, end);

const isEspOverIpv4 = (frame: Uint8Array): boolean => frame[12] === 0x08 && frame[13] === 0x00 && frame[23] === 50;
