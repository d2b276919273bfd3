/** For every rule a conversation of two nodes that turns when the rule is broken in one of them. */
import { expect } from 'chai';
import { ipPacket } from '../wire/ip/packet.ts';
import { concat, equal, u32 } from '../wire/octets.ts';
import type { PolicyConfiguration } from './configuration.ts';
import type { Inbound } from './ipsec.ts';
import { type IpsecRules, ipsecRules, ipsecSections } from './rules.ts';
import { protectedPart } from './transport.ts';
import { outcome, type Setting, TwoNodes, udpPacket } from './two-nodes.test-support.ts';

/** A conversation, what it comes to between honest nodes, and what it comes to with a broken rule. */
interface Conversation<Name extends keyof IpsecRules> {
  readonly rule: Name;
  readonly story: string;
  readonly broken: IpsecRules[Name];
  readonly setting?: Setting;
  play(nodes: TwoNodes): unknown;
  readonly lawful: unknown;
  readonly turned: unknown;
}

const conversations: readonly { [Name in keyof IpsecRules]: Conversation<Name> }[keyof IpsecRules][] = [
  {
    rule: 'spdEntry',
    story: 'a DISCARD entry ahead of PROTECT wins, not the last match',
    setting: { ahead: [discardPort7()] },
    broken: (matching) => matching.at(-1),
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer())),
    lawful: 'spdEntry',
    turned: 'protected',
  },
  {
    rule: 'addressMatches',
    story: 'traffic beside the prefix is not protected',
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer({ destination: '10.3.0.1' }))),
    lawful: 'bypass',
    turned: 'protected',
  },
  {
    rule: 'protocolMatches',
    story: 'an entry for TCP leaves UDP alone',
    setting: { selector: { protocol: 6 } },
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer())),
    lawful: 'bypass',
    turned: 'protected',
  },
  {
    rule: 'portMatches',
    story: 'an entry for port 7 leaves port 8 alone',
    setting: { selector: { protocol: 17, remotePort: 7 } },
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer({ destinationPort: 8 }))),
    lawful: 'bypass',
    turned: 'protected',
  },
  {
    rule: 'icmpMatches',
    story: 'an entry for echo requests leaves echo replies alone',
    setting: { selector: { protocol: 1, icmp: { type: 8 } } },
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer({ header: icmp(0, 0) }))),
    lawful: 'bypass',
    turned: 'protected',
  },
  {
    rule: 'unmatchedTraffic',
    story: 'the final entry that was configured discards',
    setting: { unmatched: 'DISCARD' },
    broken: () => 'BYPASS',
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer({ destination: '10.3.0.1' }))),
    lawful: 'unmatchedTraffic',
    turned: 'bypass',
  },
  {
    rule: 'bypassesAsIke',
    story: "IKE leaves in clear under a policy that protects everything, other traffic from IKE's port does not",
    broken: ({ flow }) => flow.localPort === 500,
    play: (nodes) =>
      [500, 7].map((destinationPort) =>
        outcome(nodes.nut.outbound(0, nodes.answer({ sourcePort: 500, destinationPort }))),
      ),
    lawful: ['bypass', 'protected'],
    turned: ['bypass', 'bypass'],
  },
  {
    rule: 'withoutSa',
    story: 'without an SA nothing leaves in clear',
    broken: () => 'bypass',
    play(nodes) {
      nodes.nut.sad.clear();
      return nodes.nut.outbound(0, nodes.answer()).kind;
    },
    lawful: 'acquire',
    turned: 'bypass',
  },
  {
    rule: 'unprotectedAcceptable',
    story: 'what is to be protected is discarded when it comes in clear',
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.inbound(0, nodes.packet())),
    lawful: 'unprotectedAcceptable',
    turned: 'deliver',
  },
  {
    rule: 'protectionSatisfies',
    story: 'a DISCARD entry holds for what arrives under an SA too',
    setting: { ahead: [discardPort7()] },
    broken: () => true,
    play: (nodes) => outcome(nodes.arrives()),
    lawful: 'protectionSatisfies',
    turned: 'deliver',
  },
  {
    rule: 'saServesEntry',
    story: 'an entry that names another SA is not served by this one',
    setting: { ahead: [protectPort7By('stronger')], sa: { selector: { local: '0.0.0.0/0', remote: '0.0.0.0/0' } } },
    broken: () => true,
    play: (nodes) => outcome(nodes.arrives()),
    lawful: 'saServesEntry',
    turned: 'deliver',
  },
  {
    rule: 'inboundSa',
    story: 'the SPI alone finds the SA, whatever the outer source',
    broken: (sad, { spi, source }) => sad.find(({ sa }) => sa.spi === spi && sa.source === source),
    play: (nodes) => outcome(nodes.arrives({ outerSource: '198.51.100.2' })),
    lawful: 'deliver',
    turned: 'inboundSa',
  },
  {
    rule: 'spiUsable',
    story: 'a reserved SPI is discarded even where an SA has it',
    setting: { sa: { spi: 200 } },
    broken: () => true,
    play: (nodes) => outcome(nodes.arrives()),
    lawful: 'spiUsable',
    turned: 'deliver',
  },
  {
    rule: 'outboundSa',
    story: 'the newer SA takes over',
    broken: (fitting) => fitting[0],
    play(nodes) {
      const { sa } = nodes.nut.sad.named('fromNut')!;
      nodes.nut.install({ ...sa, spi: 0x2002 }, 0);
      const sent = nodes.nut.outbound(0, nodes.answer());
      return sent.kind === 'protected' && sent.entry.sa.spi;
    },
    lawful: 0x2002,
    turned: 0x1002,
  },
  {
    rule: 'lifetimeReached',
    story: 'nothing is accepted after the hard lifetime',
    setting: { sa: { lifetime: { seconds: 60 } } },
    broken: () => false,
    play: (nodes) => outcome(nodes.arrives({}, 60_000)),
    lawful: 'lifetimeReached',
    turned: 'deliver',
  },
  {
    rule: 'nextSequenceNumber',
    story: 'the first packet has number 1, the next 2',
    broken: (last) => last,
    play: (nodes) => [firstOf(nodes), firstOf(nodes)],
    lawful: [1, 2],
    turned: [0, 0],
  },
  {
    rule: 'sequenceNumberUsable',
    story: 'the counter does not cycle',
    setting: { sa: { sequenceNumber: 2n ** 32n - 1n } },
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer())),
    lawful: 'sequenceNumberUsable',
    turned: 'protected',
  },
  {
    rule: 'initializationVector',
    story: 'no two packets have the same IV',
    broken: ({ encryption }) => new Uint8Array(encryption.ivOctets),
    play: (nodes) => equal(espOf(nodes).subarray(8, 24), espOf(nodes).subarray(8, 24)),
    lawful: false,
    turned: true,
  },
  {
    rule: 'padding',
    story: 'padding is 1, 2, 3',
    broken: (length, alignment) => new Uint8Array(-(length + 2) & (alignment - 1)),
    play: (nodes) => outcome(nodes.tn.inbound(0, sentBy(nodes))),
    lawful: 'deliver',
    turned: 'paddingAcceptable',
  },
  {
    rule: 'integrityCoverage',
    story: 'the ICV covers SPI and sequence number',
    broken: (authenticated) => authenticated.subarray(8),
    play: (nodes) => outcome(nodes.tn.inbound(0, sentBy(nodes))),
    lawful: 'deliver',
    turned: 'icvMatches',
  },
  {
    rule: 'inboundProcedure',
    story: 'a forged number does not move the window',
    broken: [
      'sequenceNumber',
      'windowUpdate',
      'integrity',
      'decryption',
      'padding',
      'nextHeader',
      'decapsulation',
      'selectors',
    ],
    play(nodes) {
      nodes.arrives({ sequenceNumber: 1000n, counts: false, integrityKey: '00'.repeat(32) });
      return outcome(nodes.arrives());
    },
    lawful: 'deliver',
    turned: 'sequenceNumberAcceptable',
  },
  {
    rule: 'espFragmentAcceptable',
    story: 'ESP that is a fragment is discarded',
    setting: { outer: 4 },
    broken: () => true,
    play(nodes) {
      const outer = ipPacket.decode(nodes.sealed()).value;
      const fragment = { ...outer, moreFragments: true, headerChecksum: undefined };
      return outcome(nodes.nut.inbound(0, ipPacket.encode(fragment)));
    },
    lawful: 'espFragmentAcceptable',
    turned: 'deliver',
  },
  {
    rule: 'encapsulationAcceptable',
    story: 'UDP-encapsulated ESP is accepted on an SA without encapsulation',
    broken: ({ encapsulation }, encapsulated) => (encapsulation !== undefined) === encapsulated,
    play(nodes) {
      const { payload, ...outer } = ipPacket.decode(nodes.sealed()).value;
      const { source, destination } = outer;
      const udp = udpPacket({ source, destination, sourcePort: 4500, destinationPort: 4500 });
      const header = ipPacket.decode(udp).value.payload.slice(0, 8);
      new DataView(header.buffer).setUint32(4, (8 + payload.length) << 16);
      const carried = udpPacket({ source, destination, header: { payload: concat(header, payload) } });
      return outcome(nodes.nut.inbound(0, carried));
    },
    lawful: 'deliver',
    turned: 'encapsulationAcceptable',
  },
  {
    rule: 'sequenceNumberHigh',
    story: 'the upper half is carried over when the lower one turns',
    setting: { sa: { extendedSequenceNumbers: true, sequenceNumber: 2n ** 32n - 1n } },
    broken: (_low, { top }) => Number(top >> 32n),
    play: (nodes) => outcome(nodes.arrives()),
    lawful: 'deliver',
    turned: 'sequenceNumberAcceptable',
  },
  {
    rule: 'sequenceNumberAcceptable',
    story: 'a duplicate is discarded',
    broken: () => true,
    play(nodes) {
      const packet = nodes.sealed();
      return [outcome(nodes.nut.inbound(0, packet)), outcome(nodes.nut.inbound(0, packet))];
    },
    lawful: ['deliver', 'sequenceNumberAcceptable'],
    turned: ['deliver', 'deliver'],
  },
  {
    rule: 'icvMatches',
    story: 'the last octet of the ICV counts',
    broken: (computed, received) => equal(computed.subarray(0, 12), received.subarray(0, 12)),
    play: (nodes) => outcome(nodes.arrives({ afterSealing: { apply: flippedLast } })),
    lawful: 'icvMatches',
    turned: 'deliver',
  },
  {
    rule: 'paddingAcceptable',
    story: 'padding that is not 1, 2, 3 is discarded',
    broken: () => true,
    play: (nodes) => outcome(nodes.arrives({ beforeSealing: { apply: (octets) => octets.with(-3, 0) } })),
    lawful: 'paddingAcceptable',
    turned: 'deliver',
  },
  {
    rule: 'isDummyPacket',
    story: 'a dummy packet is discarded, the next is not',
    setting: { mode: 'transport' },
    broken: () => false,
    play: (nodes) => outcome(nodes.arrives({ beforeSealing: { apply: (octets) => octets.with(-1, 59) } })),
    lawful: 'isDummyPacket',
    turned: 'deliver',
  },
  {
    rule: 'nextHeaderFitsMode',
    story: 'tunnel mode carries IP, whatever looks like it',
    broken: () => true,
    play: (nodes) => outcome(nodes.arrives({ beforeSealing: { apply: (octets) => octets.with(-1, 17) } })),
    lawful: 'nextHeaderFitsMode',
    turned: 'deliver',
  },
  {
    rule: 'familiesMayMix',
    story: 'IPv6 travels in IPv4',
    setting: { outer: 4, inner: 6 },
    broken: (inner, outer) => inner === outer,
    play: (nodes) => outcome(nodes.arrives()),
    lawful: 'deliver',
    turned: 'familiesMayMix',
  },
  {
    rule: 'checkedHeader',
    story: "the inner header is matched with the SA's selectors",
    broken: () => 'outer',
    play: (nodes) => outcome(nodes.arrives()),
    lawful: 'deliver',
    turned: 'packetFitsSa',
  },
  {
    rule: 'outerSourceAcceptable',
    story: 'tunnel mode goes on when the outer source changes',
    broken: ({ sa }, outerSource) => sa.source === outerSource,
    play: (nodes) => outcome(nodes.arrives({ outerSource: '198.51.100.2' })),
    lawful: 'deliver',
    turned: 'outerSourceAcceptable',
  },
  {
    rule: 'packetFitsSa',
    story: 'an inner source outside the selectors is discarded',
    broken: () => true,
    play: (nodes) => outcome(nodes.arrives({ packet: nodes.packet({ source: '10.3.0.1' }) })),
    lawful: 'packetFitsSa',
    turned: 'deliver',
  },
  {
    rule: 'icmpErrorFitsSa',
    story: 'an ICMP error from elsewhere passes when what it quotes belongs to the SA, and only then',
    broken: () => true,
    play: (nodes) =>
      [nodes.answer(), nodes.answer({ source: '10.9.0.1' })].map((quoted) =>
        outcome(nodes.arrives({ packet: nodes.packet({ source: '10.3.0.254', header: icmpError(quoted) }) })),
      ),
    lawful: ['deliver', 'icmpErrorFitsSa'],
    turned: ['deliver', 'deliver'],
  },
  {
    rule: 'notifiesInvalidSelectors',
    story: 'no INVALID_SELECTORS unless it is switched on',
    broken: () => true,
    play(nodes) {
      const refused = nodes.arrives({ packet: nodes.packet({ source: '10.3.0.1' }) });
      return 'notify' in refused;
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'tunnelDestination',
    story: "answers go to the SA's endpoint, not to where the peer was last heard from",
    broken: (entry, lastHeardFrom) => lastHeardFrom ?? entry.destination,
    play(nodes) {
      nodes.arrives({ outerSource: '198.51.100.2' });
      return headerOf(nodes).destination;
    },
    lawful: '192.0.2.2',
    turned: '198.51.100.2',
  },
  {
    rule: 'outerHopLimit',
    story: 'the outer TTL is not the inner one',
    broken: (inner) => inner,
    play: (nodes) => headerOf(nodes, { timeToLive: 3 }).timeToLive,
    lawful: 64,
    turned: 3,
  },
  {
    rule: 'outerDscp',
    story: 'DSCP is copied out',
    broken: () => 0,
    play: (nodes) => headerOf(nodes, { dscp: 46 }).dscp,
    lawful: 46,
    turned: 0,
  },
  {
    rule: 'outerEcn',
    story: 'ECN is copied out',
    broken: () => 0,
    play: (nodes) => headerOf(nodes, { ecn: 2 }).ecn,
    lawful: 2,
    turned: 0,
  },
  {
    rule: 'outerDontFragment',
    story: 'DF is copied out',
    broken: () => false,
    play: (nodes) => headerOf(nodes, { dontFragment: true }).dontFragment,
    lawful: true,
    turned: false,
  },
  {
    rule: 'outerFlowLabel',
    story: 'a gateway does not copy the flow label',
    setting: { outer: 6, inner: 6 },
    broken: (inner) => inner ?? 0,
    play(nodes) {
      const outer = ipPacket.decode(sentBy(nodes, { flowLabel: 0x12345 })).value;
      return outer.version === 6 && outer.flowLabel;
    },
    lawful: 0,
    turned: 0x12345,
  },
  {
    rule: 'innerEcn',
    story: 'congestion on the way reaches an ECN-capable inner header, and no other',
    broken: (inner) => inner,
    play: (nodes) => [2, 1, 0].map((ecn) => deliveredAfter(nodes, ecn, { ecn: 3 }).ecn),
    lawful: [3, 3, 0],
    turned: [2, 1, 0],
  },
  {
    rule: 'innerDscp',
    story: 'the outer DSCP stays outside',
    broken: (_inner, outer) => outer,
    play: (nodes) => deliveredAfter(nodes, 0, { dscp: 46 }).dscp,
    lawful: 0,
    turned: 46,
  },
  {
    rule: 'isKeepalive',
    story: 'one octet 0xFF to port 4500 is a keepalive',
    broken: () => false,
    play: (nodes) => outcome(nodes.nut.inbound(0, toPort4500(nodes, Uint8Array.of(0xff)))),
    lawful: 'keepalive',
    turned: 'malformed',
  },
  {
    rule: 'hasNonEspMarker',
    story: 'four zero octets mark IKE, which is not ESP of SPI 0',
    broken: () => false,
    play: (nodes) => outcome(nodes.nut.inbound(0, toPort4500(nodes, concat(u32(0), new Uint8Array(28))))),
    lawful: 'deliver',
    turned: 'spiUsable',
  },
];

describe('rules of IPsec', () => {
  for (const { rule, story, broken, setting, play, lawful, turned } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(play(new TwoNodes(setting)), 'lawful').to.deep.equal(lawful);
      expect(play(new TwoNodes({ ...setting, rules: { [rule]: broken } })), 'broken').to.deep.equal(turned);
    });
  }

  it('every rule has its conversation and its section', () => {
    const told = new Set(conversations.map(({ rule }) => rule));
    expect(Object.keys(ipsecRules).filter((rule) => !told.has(rule as keyof IpsecRules))).to.deep.equal([]);
    expect(Object.keys(ipsecSections).sort()).to.deep.equal(Object.keys(ipsecRules).sort());
  });
});

function discardPort7(): PolicyConfiguration {
  const selector = { local: '10.1.0.0/24', remote: '10.2.0.0/24', protocol: 17, localPort: 7 };
  return { name: 'discard', direction: 'both', selector, action: 'DISCARD' };
}

function protectPort7By(name: string): PolicyConfiguration {
  const action = { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', securityAssociations: [name] } as const;
  return { ...discardPort7(), name: 'stronger', action };
}

function icmp(type: number, code: number) {
  return { protocol: 1, payload: Uint8Array.of(type, code, 0, 0, 0, 0, 0, 0) };
}

/** Destination unreachable, port unreachable. */
function icmpError(quoted: Uint8Array) {
  return { protocol: 1, payload: concat(Uint8Array.of(3, 3, 0, 0, 0, 0, 0, 0), quoted.subarray(0, 28)) };
}

function flippedLast(octets: Uint8Array): Uint8Array {
  return octets.with(-1, octets.at(-1)! ^ 1);
}

/** The packet with which the nut answers, whole. */
function sentBy(nodes: TwoNodes, header = {}): Uint8Array {
  const sent = nodes.nut.outbound(0, nodes.answer({ header }));
  if (sent.kind !== 'protected') throw new Error(outcome(sent));
  return sent.packet;
}

function espOf(nodes: TwoNodes): Uint8Array {
  return protectedPart(ipPacket.decode(sentBy(nodes)).value).payload;
}

function firstOf(nodes: TwoNodes): number {
  return espOf(nodes)[7]!;
}

function headerOf(nodes: TwoNodes, header = {}) {
  const outer = ipPacket.decode(sentBy(nodes, header)).value;
  if (outer.version !== 4) throw new Error('the outer header is IPv4 here');
  return outer;
}

/** The header delivered by the nut after the outer header was changed on the way. */
function deliveredAfter(nodes: TwoNodes, ecn: number, changes: { ecn?: number; dscp?: number }) {
  const outer = ipPacket.decode(nodes.sealed({ packet: nodes.packet({ header: { ecn } }) })).value;
  if (outer.version !== 4) throw new Error('the outer header is IPv4 here');
  const changed = ipPacket.encode({ ...outer, ...changes, headerChecksum: undefined });
  const result: Inbound = nodes.nut.inbound(0, changed);
  if (result.kind !== 'deliver') throw new Error(outcome(result));
  return ipPacket.decode(result.packet).value;
}

function toPort4500(nodes: TwoNodes, content: Uint8Array): Uint8Array {
  const { source, destination } = ipPacket.decode(nodes.sealed()).value;
  const header = Uint8Array.of(0x11, 0x94, 0x11, 0x94, 0, 8 + content.length, 0, 0);
  return udpPacket({ source, destination, header: { payload: concat(header, content) } });
}
