/** Conversations that turn when a rule of SPD, SAD or selectors is broken in one of two nodes (RFC 4301 sections 4.4, 5.1, 5.2 and 6.2). */
import { withHomeAddress } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { concat } from '../wire/octets.ts';
import type { PolicyConfiguration } from './configuration.ts';
import { type Conversation, describeRules } from './conversation.test-support.ts';
import { outcome } from './two-nodes.test-support.ts';

const conversations: readonly Conversation[] = [
  {
    rule: 'policyAddresses',
    story: 'a packet from a care-of address is one from the home address in its option',
    setting: { mode: 'transport', outer: 6 },
    broken: ({ source, destination }) => ({ source, destination }),
    play: (nodes) => {
      const packet = ipPacket.decode(nodes.packet()).value as Ipv6Packet;
      return outcome(nodes.arrives({ packet: ipPacket.encode(withHomeAddress(packet, '2001:db8:99::1')) }));
    },
    lawful: 'deliver',
    turned: 'packetFitsSa',
  },
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
    rule: 'mobilityTypeMatches',
    story: 'an entry for binding updates leaves home tests alone',
    setting: { selector: { protocol: protocols['Mobility Header'], mobilityHeaderType: 5 } },
    broken: () => true,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer({ header: mobility(3) }))),
    lawful: 'bypass',
    turned: 'protected',
  },
  {
    rule: 'dscpMatches',
    story: 'a packet is protected whatever its DSCP',
    broken: (dscp) => dscp === 0,
    play: (nodes) => outcome(nodes.nut.outbound(0, nodes.answer({ header: { dscp: 46 } }))),
    lawful: 'protected',
    turned: 'bypass',
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
    story: 'the SPI finds the SA, whatever the outer source',
    broken: (sad, { spi, source }) => sad.find(({ sa }) => sa.spi === spi && sa.source === source),
    play: (nodes) => outcome(nodes.arrives({ outerSource: '198.51.100.2' })),
    lawful: 'deliver',
    turned: 'inboundSa',
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
];

describeRules('rules of SPD and SAD', conversations);

function discardPort7(): PolicyConfiguration {
  const selector = { local: '10.1.0.0/24', remote: '10.2.0.0/24', protocol: 17, localPort: 7 };
  return { name: 'discard', direction: 'both', selector, action: 'DISCARD' };
}

function protectPort7By(name: string): PolicyConfiguration {
  const action = { kind: 'PROTECT', protocol: 'ESP', mode: 'tunnel', securityAssociations: [name] } as const;
  return { ...discardPort7(), name: 'stronger', action };
}

/** A Mobility Header of this type, as far as a selector reads. */
function mobility(type: number) {
  return { protocol: protocols['Mobility Header'], payload: Uint8Array.of(59, 0, type, 0, 0, 0, 0, 0) };
}

function icmp(type: number, code: number) {
  return { protocol: 1, payload: Uint8Array.of(type, code, 0, 0, 0, 0, 0, 0) };
}

/** Destination unreachable, port unreachable. */
function icmpError(quoted: Uint8Array) {
  return { protocol: 1, payload: concat(Uint8Array.of(3, 3, 0, 0, 0, 0, 0, 0), quoted.subarray(0, 28)) };
}
