/** Conversations that turn when a rule of ESP or its UDP encapsulation is broken in one of two nodes (RFC 4303, RFC 3948). */
import { checksumIsRight } from '../wire/echo.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { concat, equal, u32 } from '../wire/octets.ts';
import { type Conversation, describeRules, sentBy } from './conversation.test-support.ts';
import type { EspAssociation } from './sad.ts';
import { outcome, type TwoNodes, udpPacket } from './two-nodes.test-support.ts';

const conversations: readonly Conversation[] = [
  {
    rule: 'ipsecProtocol',
    story: 'what follows another protocol number is not ESP',
    broken: () => 'ESP',
    play: (nodes) => outcome(nodes.arrives({ protocol: 51 })),
    lawful: 'inboundSa',
    turned: 'deliver',
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
    broken: (octets) => new Uint8Array(octets),
    play: (nodes) => equal(espOf(nodes).subarray(8, 24), espOf(nodes).subarray(8, 24)),
    lawful: false,
    turned: true,
  },
  {
    rule: 'headerBeforeEspAcceptable',
    story: 'hops that were counted down on the way matter to nobody',
    broken: (outer) => outer.version === 4 && outer.timeToLive === 64,
    play: (nodes) => outcome(nodes.arrives({ onTheWay: { apply: (octets) => octets.with(8, octets[8]! - 1) } })),
    lawful: 'deliver',
    turned: 'headerBeforeEspAcceptable',
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
    rule: 'checksumOfTranslated',
    story: 'what was summed between other addresses is summed between these, and what was wrong stays wrong',
    setting: { mode: 'transport' },
    broken: ({ payload }) => payload,
    play(nodes) {
      const { sa } = nodes.nut.sad.remove('ESP', 'in', 0x1001)!;
      nodes.nut.install({ ...(sa as EspAssociation), realEnds: { source: '10.0.0.2', destination: '192.0.2.1' } }, 0);
      return ['10.0.0.2', '10.0.0.3'].map((source) => {
        const { payload } = ipPacket.decode(nodes.packet({ source })).value;
        const delivered = nodes.arrives({ packet: nodes.packet({ header: { payload } }) });
        return delivered.kind === 'deliver' && checksumIsRight(ipPacket.decode(delivered.packet).value);
      });
    },
    lawful: [true, false],
    turned: [false, false],
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
    broken: (sa, encapsulated) => 'encapsulation' in sa === encapsulated,
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
    rule: 'resynchronizationRetries',
    story: 'after losing more than 2^32 packets the receiver finds the sender again',
    setting: { sa: { extendedSequenceNumbers: true } },
    broken: () => 0,
    play(nodes) {
      nodes.arrives();
      const lost = 2n * 2n ** 32n;
      const outcomes = Array.from({ length: 17 }, (_, i) =>
        outcome(nodes.arrives({ sequenceNumber: lost + BigInt(i + 2) })),
      );
      return [outcomes[0], outcomes[16], outcome(nodes.arrives())];
    },
    lawful: ['icvMatches', 'deliver', 'deliver'],
    turned: ['icvMatches', 'icvMatches', 'icvMatches'],
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
    rule: 'isKeepalive',
    story: 'one octet 0xFF to port 4500 is a keepalive',
    broken: () => false,
    play: (nodes) => outcome(nodes.nut.inbound(0, toPort4500(nodes, Uint8Array.of(0xff)))),
    lawful: 'keepalive',
    turned: 'malformed',
  },
  {
    rule: 'ikeMessageIn',
    story: 'four zero octets mark IKE, which is not ESP of SPI 0',
    broken: () => undefined,
    play: (nodes) => outcome(nodes.nut.inbound(0, toPort4500(nodes, concat(u32(0), new Uint8Array(28))))),
    lawful: 'deliver',
    turned: 'inboundSa',
  },
];

describeRules('rules of ESP', conversations);

function flippedLast(octets: Uint8Array): Uint8Array {
  return octets.with(-1, octets.at(-1)! ^ 1);
}

function espOf(nodes: TwoNodes): Uint8Array {
  return ipPacket.decode(sentBy(nodes)).value.payload;
}

function firstOf(nodes: TwoNodes): number {
  return espOf(nodes)[7]!;
}

function toPort4500(nodes: TwoNodes, content: Uint8Array): Uint8Array {
  const { source, destination } = ipPacket.decode(nodes.sealed()).value;
  const header = Uint8Array.of(0x11, 0x94, 0x11, 0x94, 0, 8 + content.length, 0, 0);
  return udpPacket({ source, destination, header: { payload: concat(header, content) } });
}
