/** Conversations that turn when a rule of tunnel headers is broken in one of two nodes (RFC 4301 section 5.1.2, RFC 6040). */
import { ecnCodepoints } from '../wire/ip/ecn.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { type Conversation, describeRules, sentBy } from './conversation.test-support.ts';
import { outcome, type TwoNodes } from './two-nodes.test-support.ts';

const { 'Not-ECT': NOT_ECT, 'ECT(0)': ECT0, 'ECT(1)': ECT1, CE } = ecnCodepoints;
const marks = [NOT_ECT, ECT0, ECT1, CE];

const conversations: readonly Conversation[] = [
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
    story: 'of two marks the severer is delivered, and congestion is the end of a packet that is not ECN-capable',
    broken: (inner, outer) => (outer === CE && inner !== NOT_ECT ? CE : inner),
    play: (nodes) => marks.map((inner) => marks.map((outer) => ecnAfter(nodes, inner, outer))),
    lawful: [
      [NOT_ECT, NOT_ECT, NOT_ECT, 'innerEcn'],
      [ECT0, ECT0, ECT1, CE],
      [ECT1, ECT1, ECT1, CE],
      [CE, CE, CE, CE],
    ],
    turned: [
      [NOT_ECT, NOT_ECT, NOT_ECT, NOT_ECT],
      [ECT0, ECT0, ECT0, CE],
      [ECT1, ECT1, ECT1, CE],
      [CE, CE, CE, CE],
    ],
  },
  {
    rule: 'innerDscp',
    story: 'the outer DSCP stays outside',
    broken: (_inner, outer) => outer,
    play: (nodes) => deliveredAfter(nodes, 0, { dscp: 46 }).dscp,
    lawful: 0,
    turned: 46,
  },
];

describeRules('rules of tunnel headers', conversations);

function headerOf(nodes: TwoNodes, header = {}) {
  const outer = ipPacket.decode(sentBy(nodes, header)).value;
  if (outer.version !== 4) throw new Error('the outer header is IPv4 here');
  return outer;
}

/** The inner ECN that the nut delivers, or the rule that refused. */
function ecnAfter(nodes: TwoNodes, inner: number, outer: number): number | string {
  const result = arrivingAfter(nodes, inner, { ecn: outer });
  return result.kind === 'deliver' ? (ipPacket.decode(result.packet).value.ecn ?? 0) : outcome(result);
}

/** The header delivered by the nut after the outer header was changed on the way. */
function deliveredAfter(nodes: TwoNodes, ecn: number, changes: { ecn?: number; dscp?: number }) {
  const result = arrivingAfter(nodes, ecn, changes);
  if (result.kind !== 'deliver') throw new Error(outcome(result));
  return ipPacket.decode(result.packet).value;
}

function arrivingAfter(nodes: TwoNodes, ecn: number, changes: { ecn?: number; dscp?: number }) {
  const outer = ipPacket.decode(nodes.sealed({ packet: nodes.packet({ header: { ecn } }) })).value;
  if (outer.version !== 4) throw new Error('the outer header is IPv4 here');
  const changed = ipPacket.encode({ ...outer, ...changes, headerChecksum: undefined });
  return nodes.nut.inbound(0, changed);
}
