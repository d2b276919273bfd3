/** Conversations that turn when a rule about the length of a path is broken (RFC 4301 sections 6.1.1 and 8.2): a router speaks of the nut's last packet, and a longer one is to be forwarded then. */
import { expect } from 'chai';
import { icmpMessage } from '../wire/icmp.ts';
import { encodeIcmpv6 } from '../wire/icmpv6.ts';
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import { withHomeAddress, withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { type Conversation, describeRules, sentBy } from './conversation.test-support.ts';
import type { IpsecRules } from './rules.ts';
import { outcome, outerAddress, TwoNodes } from './two-nodes.test-support.ts';

const conversations: readonly Conversation[] = [
  {
    rule: 'pathMtuMessageHeeded',
    story: 'an administrator has them ignored',
    setting: { pathMtuMessages: 'ignored' },
    broken: () => true,
    play: (nodes) => [heard(nodes, 1_400), fate(nodes, LONG)],
    lawful: ['pathMtuMessageHeeded', 'protected'],
    turned: ['heeded', 1_326],
  },
  {
    rule: 'pathMtuSa',
    story: 'for an SPI that nobody uses nothing is learnt',
    broken: (sad) => sad.find(({ sa }) => sa.direction === 'out'),
    play: (nodes) => [heard(nodes, 1_400, { spi: 0x0bad }), fate(nodes, LONG)],
    lawful: ['pathMtuSa', 'protected'],
    turned: ['heeded', 1_326],
  },
  {
    rule: 'pathMtuAcceptable',
    story: 'a path is not so short that nothing passes, and no longer than was known',
    broken: () => true,
    play: (nodes) => [heard(nodes, 68), heard(nodes, 1_400), heard(nodes, 1_450), fate(nodes, LONG)],
    lawful: ['pathMtuAcceptable', 'heeded', 'pathMtuAcceptable', 1_326],
    turned: ['heeded', 'heeded', 'heeded', 1_374],
  },
  {
    rule: 'pathMtuStands',
    story: 'what was learnt is forgotten after ten minutes',
    broken: () => true,
    play: (nodes) => [
      heard(nodes, 1_400),
      fate(nodes, LONG, undefined, 599_999),
      fate(nodes, LONG, undefined, 600_000),
    ],
    lawful: ['heeded', 1_326, 'protected'],
    turned: ['heeded', 1_326, 1_326],
  },
  {
    rule: 'longestPacket',
    story: 'what is as long as was told goes into one packet of the path',
    broken: ({ pathMtu, around, trailer }) => pathMtu - around - trailer,
    play(nodes) {
      heard(nodes, 1_400);
      const longest = fate(nodes, LONG) as number;
      return [longest, sentBy(nodes, sized(longest)).length <= 1_400];
    },
    lawful: [1_326, true],
    turned: [1_338, false],
  },
  {
    rule: 'packetBeyondPath',
    story: 'the sender of what may not be cut is told',
    broken: () => 'sealed',
    play: (nodes) => [heard(nodes, 1_400), fate(nodes, LONG), fate(nodes, 1_326)],
    lawful: ['heeded', 1_326, 'protected'],
    turned: ['heeded', 'protected', 'protected'],
  },
  {
    rule: 'mtuTold',
    story: 'IPv6 is told nothing below 1280',
    setting: { outer: 6, inner: 6 },
    broken: (longest) => longest,
    play: (nodes) => [heard(nodes, 1_290), fate(nodes, LONG), fate(nodes, 1_280)],
    lawful: ['heeded', 1_280, 'protected'],
    turned: ['heeded', 1_198, 'protected'],
  },
];

describeRules('rules of paths', conversations);

describe('a packet that is too long for the path of its SA', () => {
  const mayBeCut = { dontFragment: false };

  it('is sealed, and cut then, where it may be cut and nothing else was said', () => {
    expect(fate(new TwoNodes(), 1_450, mayBeCut)).to.equal('protected');
  });

  it('is cut before where the SA was told so, or that what it makes is not to be cut', () => {
    for (const sa of [{ fragments: 'before' }, { dontFragment: 'set' }] as const) {
      expect(fate(new TwoNodes({ sa }), 1_450, mayBeCut)).to.equal('cut');
    }
  });

  it('is the node’s own: nobody is told', () => {
    const nodes = new TwoNodes();
    expect(outcome(nodes.nut.outbound(0, nodes.answer({ header: sized(1_450) })))).to.equal('protected');
  });

  it('is so no longer where the SA takes another path', () => {
    const nodes = new TwoNodes();
    expect([heard(nodes, 1_400), fate(nodes, LONG)]).to.deep.equal(['heeded', 1_326]);
    nodes.nut.sad.moveFarEnds(({ sa }) => sa.direction === 'out', '198.51.100.2');
    expect(fate(nodes, LONG)).to.equal('protected');
  });

  it('has less room under AH, and in UDP', () => {
    expect(fate(new TwoNodes({ protocol: 'AH' }), 1_490)).to.equal(1_500 - 20 - 12 - 16);
    const inUdp = { encapsulation: { sourcePort: 4500, destinationPort: 4500 } };
    expect(fate(new TwoNodes({ sa: inUdp }), 1_490)).to.equal(16 * Math.floor((1_500 - 68) / 16) - 2);
  });
});

describe('the DF bit outside', () => {
  const cases = [
    ['copy', true, false],
    ['set', true, true],
    ['clear', false, false],
  ] as const;
  for (const [dontFragment, ofOne, ofOther] of cases) {
    it(`is ${dontFragment === 'copy' ? 'copied' : dontFragment} where the SA says so (8.1)`, () => {
      const outside = (inside: boolean) =>
        ipPacket.decode(sentBy(new TwoNodes({ sa: { dontFragment } }), { dontFragment: inside })).value;
      expect(outside(true)).to.include({ dontFragment: ofOne });
      expect(outside(false)).to.include({ dontFragment: ofOther });
    });
  }
});

const chains: readonly (readonly [string, (packet: Ipv6Packet) => Ipv6Packet])[] = [
  ['no other header', (packet) => packet],
  ['a type 2 routing header', (packet) => withRoutingHeader(packet, '2001:db8:2::9')],
  ['a home address option', (packet) => withHomeAddress(packet, '2001:db8:2::7')],
  ['both', (packet) => withHomeAddress(withRoutingHeader(packet, '2001:db8:2::9'), '2001:db8:2::7')],
  ['options', (packet) => withExtension(packet, { type: 'destinationOptions', options: padding })],
  ['options for every hop', (packet) => withExtension(packet, { type: 'hopByHop', options: padding })],
  [
    'a Fragment header',
    (packet) => withExtension(packet, { type: 'fragment', fragmentOffset: 0, moreFragments: true, identification: 1 }),
  ],
];

describe('a message about the length of a path', () => {
  it('is read as far as it goes, and no further', () => {
    const nodes = new TwoNodes();
    const message = told(nodes, 1_400);
    for (let length = 0; length < message.payload.length; length++) {
      const cut = { ...message, payload: message.payload.subarray(0, length) };
      expect(nodes.nut.hears(0, cut)?.rule, `${length} octets`).to.be.oneOf([
        undefined,
        'pathMtuSa',
        'pathMtuAcceptable',
      ]);
    }
  });

  for (const [what, seenAs] of chains) {
    it(`is about the SA behind ${what}, or quotes too little`, () => {
      for (const setting of [{}, { protocol: 'AH' }] as const) {
        const nodes = new TwoNodes({ outer: 6, inner: 6, ...setting });
        const { payload, ...rest } = told(nodes, 1_400, { seenAs });
        const headers = payload.length - sentBy(nodes).length + (setting.protocol ? 48 : 44);
        const hears = (length: number) =>
          nodes.nut.hears(0, { ...rest, payload: payload.subarray(0, length) } as IpPacket)?.rule;
        for (const length of [8, 47, headers - 1]) expect(hears(length), `${length} octets`).to.equal('pathMtuSa');
        expect(hears(payload.length)).to.equal(undefined);
        expect(nodes.nut.sad.entries.map(({ pathMtu }) => pathMtu?.octets)).to.include(1_400);
      }
    });
  }

  it('is about no SA by the care-of address where that of a mobile node is with its home address', () => {
    const rules: Partial<IpsecRules> = { policyAddresses: ({ source, destination }) => ({ source, destination }) };
    const seenAs = (packet: Ipv6Packet) => withRoutingHeader(packet, '2001:db8:2::9');
    const setting = { outer: 6, inner: 6 } as const;
    expect(heard(new TwoNodes(setting), 1_400, { seenAs })).to.equal('heeded');
    expect(heard(new TwoNodes({ ...setting, rules }), 1_400, { seenAs })).to.equal('pathMtuSa');
  });

  it('is about no SA where it quotes what none protected, or a later piece', () => {
    const nodes = new TwoNodes({ outer: 6, inner: 6 });
    const later = { type: 'fragment', fragmentOffset: 9, moreFragments: false, identification: 1 } as const;
    for (const seenAs of [
      (packet: Ipv6Packet) => ({ ...packet, protocol: protocols.TCP }),
      (packet: Ipv6Packet) => ({ ...packet, extensions: [later] }),
    ]) {
      expect(nodes.nut.hears(0, told(nodes, 1_400, { seenAs }))).to.equal(undefined);
    }
    expect(nodes.nut.sad.entries.some(({ pathMtu }) => pathMtu)).to.equal(false);
  });
});

const withExtension = (packet: Ipv6Packet, header: ExtensionHeader): Ipv6Packet => ({
  ...packet,
  extensions: [header, ...packet.extensions],
});
const padding = [{ type: 'padN', data: new Uint8Array(4) }] as const;

/** Octets of a packet that a link of 1500 takes under ESP. */
const LONG = 1_400;

/** How a packet is quoted that the nut has sent: with another SPI, or as it was on its way. */
interface About {
  readonly spi?: number;
  readonly seenAs?: (packet: Ipv6Packet) => Ipv6Packet;
}

const anew = ({ payloadLength: _length, nextHeader: _next, ...packet }: Ipv6Packet): Ipv6Packet => packet;

/** Whether the nut heeds a router that says of its last packet how long it might be, or the rule by which it does not. */
function heard(nodes: TwoNodes, mtu: number, about: About = {}): string {
  return nodes.nut.hears(0, told(nodes, mtu, about))?.rule ?? 'heeded';
}

function told(nodes: TwoNodes, mtu: number, { spi, seenAs }: About = {}): IpPacket {
  const sent = sentBy(nodes).slice();
  const quoted = seenAs ? ipPacket.encode(anew(seenAs(ipPacket.decode(sent).value as Ipv6Packet))) : sent;
  const family = quoted[0]! >> 4 === 4 ? 4 : 6;
  if (spi !== undefined) new DataView(quoted.buffer).setUint32(20, spi);
  const ends = { source: family === 4 ? '192.0.2.254' : '2001:db8:1::fe', destination: outerAddress('nut', family) };
  if (family === 6) {
    const message = { kind: 'packetTooBig', type: 2, code: 0, mtu, originalPacket: quoted } as const;
    const payload = encodeIcmpv6(message, ends);
    return { version: 6, ...ends, extensions: [], protocol: protocols['IPv6-ICMP'], payload };
  }
  const message = {
    kind: 'destinationUnreachable',
    type: 3,
    code: 4,
    nextHopMtu: mtu,
    originalDatagram: quoted,
  } as const;
  return { version: 4, ...ends, protocol: protocols.ICMP, payload: icmpMessage.encode(message) };
}

/** What becomes of a packet of this length that is forwarded: the MTU that its sender is told, or a word. */
function fate(nodes: TwoNodes, octets: number, header: object = { dontFragment: true }, now = 0): number | string {
  const packet = nodes.answer({ header: { ...sizedIn(nodes, octets), ...header } });
  const result = nodes.nut.outbound(now, packet, { forwarded: true });
  return result.kind === 'discard' && result.mtu !== undefined ? result.mtu : outcome(result);
}

const sized = (octets: number) => ({ dontFragment: true, payload: new Uint8Array(octets - 20) });

function sizedIn(nodes: TwoNodes, octets: number): Partial<IpPacket> {
  const header = ipPacket.decode(nodes.answer()).value.version === 4 ? 20 : 40;
  return { payload: new Uint8Array(octets - header) };
}
