/** For every rule of a mobile node about the discovery of home agents and of the prefixes of its home, a conversation that turns when the rule is broken. */
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import type { RoutingHeader } from '../wire/ip/extension-headers.ts';
import type { PrefixInformation } from '../wire/neighbor-discovery-options.ts';
import { type DiscoveryRules, discoverySections } from './discovery-rules.ts';
import {
  anycast,
  careOf,
  correspondent,
  home,
  homeAgent,
  otherHomeAgent,
  type World,
} from './mobile-node.test-support.ts';
import { type Conversation, itConverses } from './mobile-node-conversations.test-support.ts';

const conversations: readonly Conversation<DiscoveryRules>[] = [
  {
    rule: 'homeAgentsAskedAt',
    story: 'home agents are asked for at the anycast address of the home prefix',
    told: { homeAgent: 'discovered' },
    broken: { homeAgentsAskedAt: ({ address }) => address },
    seen: (world) => world.leaves().asked.map(({ destination }) => destination),
    lawful: [anycast],
  },
  {
    rule: 'homeAgentRequestRepeatedAfter',
    story: 'the time between requests doubles',
    told: { homeAgent: 'discovered' },
    broken: { homeAgentRequestRepeatedAfter: (last) => last },
    seen: (world) => {
      const [first, ...others] = world.leaves().passes(10_000).asked;
      return others.map(({ at }) => at - first!.at);
    },
    lawful: [3_000, 9_000],
  },
  {
    rule: 'prefixesAskedAs',
    story: 'prefixes are asked for from the care-of address, with the home address in an option',
    broken: { prefixesAskedAs: (_home, careOfAddress) => careOfAddress },
    seen: (world) => {
      const [asked] = world.leaves().acknowledged({ status: 1 }).asked;
      return [asked?.source, asked?.careOfAddress];
    },
    lawful: [home, careOf],
  },
  {
    rule: 'asksAfterUnsolicited',
    story: 'prefixes that nobody asked for make the node ask',
    broken: { asksAfterUnsolicited: () => false },
    seen: (world) => world.registered().icmp(prefixes(world, 8), homeAgent, [routed]).asked.length,
    lawful: 1,
  },
  {
    rule: 'repeatsHomeAgentRequest',
    story: 'a request for home agents is repeated four times',
    told: { homeAgent: 'discovered' },
    broken: { repeatsHomeAgentRequest: () => true },
    seen: (world) =>
      world
        .leaves()
        .passes(200_000)
        .asked.map(({ destination }) => destination),
    lawful: Array.from({ length: 5 }, () => anycast),
  },
  {
    rule: 'homeAgentReplyMatches',
    story: 'a reply to another request is none',
    told: { homeAgent: 'discovered' },
    broken: { homeAgentReplyMatches: () => true },
    seen: (world) => world.leaves().icmp(reply(1)).updates.length,
    lawful: 0,
  },
  {
    rule: 'orderOfHomeAgents',
    story: 'the first home agent of the reply is tried first',
    told: { homeAgent: 'discovered' },
    broken: { orderOfHomeAgents: (listed) => listed.toReversed() },
    seen: (world) => {
      world.leaves();
      const { message } = world.asked[0]!;
      world.icmp(reply(message.kind === 'homeAgentAddressDiscoveryRequest' ? message.identifier : 0));
      return world.updates.map(({ destination }) => destination);
    },
    lawful: [homeAgent],
  },
  {
    rule: 'prefixesComeFrom',
    story: 'prefixes of somebody else are not believed',
    broken: { prefixesComeFrom: () => true },
    seen: (world) =>
      world.leaves().acknowledged({ status: 1 }).icmp(prefixes(world, 8), correspondent, [routed]).refusals,
    lawful: ['prefixesComeFrom'],
  },
  {
    rule: 'prefixesRouted',
    story: 'prefixes without a routing header are not believed',
    broken: { prefixesRouted: () => true },
    seen: (world) => world.leaves().acknowledged({ status: 1 }).icmp(prefixes(world, 8), homeAgent).refusals,
    lawful: ['prefixesRouted'],
  },
  {
    rule: 'prefixesSolicited',
    story: 'prefixes that nobody asked for are not believed',
    broken: { prefixesSolicited: () => true },
    seen: (world) => world.registered().icmp(prefixes(world, 8), homeAgent, [routed]).refusals,
    lawful: ['prefixesSolicited'],
  },
  {
    rule: 'asksForPrefixesBefore',
    story: 'prefixes are asked for before the home address ends',
    broken: { asksForPrefixesBefore: () => 0 },
    seen: (world) => {
      world.leaves().acknowledged({ status: 1 }).icmp(prefixes(world, 400), homeAgent, [routed]).passes(350_000);
      return world.asked.length > 1;
    },
    lawful: true,
  },
  {
    rule: 'shortensBindings',
    story: 'a binding that would outlive the home prefix is shortened',
    broken: { shortensBindings: () => false },
    seen: (world) => {
      world.leaves().acknowledged({ status: 1 }).icmp(prefixes(world, 8), homeAgent, [routed]);
      return world.updates.map(({ message }) => message.lifetime);
    },
    lawful: [10, 2],
  },
];

function reply(identifier: number): Icmpv6Message {
  const homeAgentAddresses = [homeAgent, otherHomeAgent];
  return { kind: 'homeAgentAddressDiscoveryReply', type: 145, code: 0, identifier, homeAgentAddresses };
}

/** In answer to what was asked last, if anything was. */
function prefixes(world: World, validLifetime: number): Icmpv6Message {
  const asked = world.asked.at(-1)?.message;
  const identifier = asked?.kind === 'mobilePrefixSolicitation' ? asked.identifier : 4_711;
  const option: PrefixInformation = {
    type: 'prefixInformation',
    prefixLength: 64,
    onLink: true,
    autonomous: true,
    routerAddress: false,
    validLifetime,
    preferredLifetime: validLifetime / 2,
    prefix: '2001:db8:1::',
  };
  return { kind: 'mobilePrefixAdvertisement', type: 147, code: 0, identifier, options: [option] };
}

const routed: RoutingHeader = { type: 'routing', routingType: 2, segmentsLeft: 0, addresses: [careOf] };

describe('rules of discovery', () => itConverses(discoverySections, conversations));
