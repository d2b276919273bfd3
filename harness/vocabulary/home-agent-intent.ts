/**
 * Intents with a home agent under test (RFC 6275 section 10). The tester is its mobile node, told by hand, on a foreign link with its home address beside its
 * care-of address; on the home link stands a third party that speaks to the home address; a router lies between the links.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import { correspondentNode, homeAgentNode, mobileIpv6, mobileNodeAt, mobileRouter } from '../lab/mobility-topology.ts';
import type { NodeConfiguration, SpdEntry } from '../lab/node.ts';
import { attacker, attackerAddresses, ONLY_INTERFACE } from '../lab/topologies.ts';
import { host, mirroredEntry, mirroredSa, sinks } from './intent.ts';
import { entryOf, inboundName, manualSas, outboundName, type Pair, type PairOptions, pairBetween } from './pairs.ts';

/** The cast of these scenarios. */
export const onHomeLink = { nut: 'tested', tn: 'tester', neighbor: 'stranger' } as const;

/** Who is where. */
export const home = {
  agent: mobileIpv6.homeAgent,
  /** Of all home agents of the home link (RFC 2526 4). */
  agents: '2001:db8:1:0:fdff:ffff:ffff:fffe',
  address: mobileIpv6.homeAddress,
  /** With the interface identifier of the home address (RFC 6275 10.3.1). */
  linkLocal: 'fe80::2',
  careOfAddress: mobileIpv6.careOfAddresses['foreign-1'],
  otherCareOfAddress: mobileIpv6.careOfAddresses['foreign-2'],
  /** A second mobile node of the same home agent, and one that it does not know. */
  otherAddress: '2001:db8:1::22',
  strangeAddress: '2001:db8:1::33',
  neighbor: attackerAddresses.ipv6,
  prefix: mobileIpv6.prefixes.home,
} as const;

type HomeAgentConfiguration = NonNullable<NonNullable<NodeConfiguration['mobility']>['homeAgent']>;

export interface HomeAgentIntent {
  /** Beyond that it serves the tester's home address and another one; IPsec is asked for where there are pairs. */
  readonly told?: Partial<HomeAgentConfiguration>;
  readonly pairs?: readonly Pair[];
  /** The policy for these pairs; each has an entry of its own, in order, where it is absent. */
  readonly policy?: readonly SpdEntry[];
  /** On top of what it is told, each side. */
  readonly more?: { readonly nut?: Partial<NodeConfiguration>; readonly tn?: Partial<NodeConfiguration> };
}

export function homeAgentIntent({ told = {}, pairs = [], policy, more = {} }: HomeAgentIntent = {}): PolicyIntent {
  const spd = policy ?? pairs.map((pair) => entryOf(pair, namesOf(pair)));
  const manual = pairs.flatMap(manualSas);
  const homeAgent = {
    interface: ONLY_INTERFACE,
    address: home.agent,
    homeAddresses: [home.address, home.otherAddress],
    requiresIpsec: pairs.length > 0,
    ...told,
  };
  const mobileNode = { interface: ONLY_INTERFACE, homeAddress: `${home.address}/64`, homeAgent: home.agent };
  const tn = mobileNodeAt('tn', 'foreign-1');
  return {
    parties: {
      nut: { ...homeAgentNode('nut'), sinks, spd, manual, mobility: { homeAgent }, ...more.nut },
      tn: { ...tn, spd: spd.map(mirroredEntry), manual: manual.map(mirroredSa), mobility: { mobileNode }, ...more.tn },
      neighbor: { ...attacker, name: 'neighbor' },
    },
    ends: { nut: home.agent, tn: home.address, neighbor: home.neighbor },
    others: [mobileRouter],
  };
}

/** The cast of those in which the mobile node speaks to somebody on a link of his own. */
export const throughHomeAgent = { nut: 'tested', tn: 'tester', cn: 'tester' } as const;

/**
 * The mobile node is at home at first. What it says to the correspondent is under ESP in transport mode, of which the home agent knows nothing; `pairs` are with
 * the home agent.
 */
export function flowThroughHomeAgent(pairs: readonly Pair[]): PolicyIntent {
  const flow = pairBetween('flow', { local: home.address, remote: mobileIpv6.correspondent }, { spi: 0x5000 });
  const entry = entryOf(flow, namesOf(flow));
  const { parties, ends, ...rest } = homeAgentIntent({ pairs });
  const { nut, tn } = parties as { readonly nut: NodeConfiguration; readonly tn: NodeConfiguration };
  const { interfaces, innerAddresses, routes } = mobileNodeAt('tn', 'home');
  const atHome = { interfaces, innerAddresses, routes };
  const cn = correspondentNode('cn');
  return {
    ...rest,
    parties: {
      nut,
      tn: { ...tn, ...atHome, spd: [...tn.spd, entry], manual: [...tn.manual, ...manualSas(flow)] },
      cn: { ...cn, spd: [mirroredEntry(entry)], manual: manualSas(flow).map(mirroredSa) },
    },
    ends: { nut: ends.nut!, tn: ends.tn!, cn: mobileIpv6.correspondent },
  };
}

/** In transport mode between the home agent and a home address: binding updates and what answers them (RFC 3776 4.1, RFC 4877 4.1), and nothing else. */
export function signallingPair(options: PairOptions & { readonly homeAddress?: string } = {}): Pair {
  const { homeAddress = home.address, ...rest } = options;
  const selector = { protocol: MOBILITY, ...rest.selector };
  return pairBetween('signalling', { local: home.agent, remote: homeAddress }, { ...rest, selector });
}

/** The same for solicitations and advertisements of prefixes (RFC 3776 4.1, RFC 6275 10.6.3). */
export function prefixPair(): Pair {
  const selector = { protocol: ICMPV6, icmp: { type: [146, 147] } } as const;
  return pairBetween('prefixes', { local: home.agent, remote: home.address }, { spi: 0x4000, selector });
}

/** In tunnel mode to where the mobile node is, for what passes between its home address and anybody. */
export function tunnelPairTo(name: string, options: PairOptions = {}): Pair {
  const pair = pairBetween(name, { local: home.agent, remote: home.careOfAddress }, { spi: 0x2000, ...options });
  return {
    ...pair,
    mode: 'tunnel',
    selector: { ...pair.selector, local: '::/0', remote: host(home.address), ...options.selector },
  };
}

/** Under ESP in tunnel mode the tests of return routability: types 1 to 4 of the Mobility Header (RFC 6275 10.4.6, RFC 4877 4.3). */
export function routabilityPair(): Pair {
  return tunnelPairTo('routability', { selector: { protocol: MOBILITY, mobilityHeaderType: [1, 4] } });
}

const MOBILITY = 135;
const ICMPV6 = 58;
const namesOf = ({ name }: Pair): readonly string[] => [inboundName(name), outboundName(name)];
