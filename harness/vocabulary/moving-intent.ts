/**
 * Intents in which the node under test is a mobile node that moves by itself, in the topology of Mobile IPv6: a tester is its home agent, another one its
 * correspondent. Both speak by hand unless the home agent is to do as RFC 6275 section 10 says. Times are short, as on real products they are real.
 */
import type { Address } from '../../reference/wire/address.ts';
import type { PolicyIntent } from '../capture/transcript.ts';
import {
  advertising,
  correspondentNode,
  homeAgentNode,
  mobileIpv6,
  mobileNodeAt,
  mobileRouter,
  signallingNode,
} from '../lab/mobility-topology.ts';
import type {
  AdvertisingConfiguration,
  MobileNodeConfiguration,
  MobilityConfiguration,
  NodeConfiguration,
  SpdEntry,
} from '../lab/node.ts';
import { ONLY_INTERFACE } from '../lab/topologies.ts';
import { mirroredEntry, mirroredSa, sinks } from './intent.ts';
import { entryOf, inboundName, manualSas, outboundName, type Pair, type PairOptions, pairBetween } from './pairs.ts';

/** The cast of such a scenario: the mobile node first. */
export const mobileCast = { nut: 'tested', ha: 'tester', cn: 'tester' } as const;

/** The same with somebody on one of the links, which may be taken for a router. */
export const amongNeighbors = { ...mobileCast, neighbor: 'stranger' } as const;

export const neighborAddresses = {
  home: '2001:db8:1::66',
  'foreign-1': '2001:db8:2::66',
  'foreign-2': '2001:db8:3::66',
  /** On every link. */
  linkLocal: 'fe80::66',
} as const;

type ForeignLink = keyof typeof mobileIpv6.careOfAddresses;

export interface MovingOptions {
  /** In seconds; 60 unless given. */
  readonly lifetime?: number;
  /** Registers with correspondents; not unless said. */
  readonly routeOptimization?: boolean;
  /** What protects the signalling with the home agent, and whatever else; nothing unless given. */
  readonly pairs?: readonly Pair[];
  /** That answers come protected is asked for by the policy alone, not by Mobile IPv6 once more. */
  readonly trustsPolicy?: boolean;
  /** What the routers of the foreign links say of their prefixes, in seconds. */
  readonly validOnForeignLinks?: number;
  /** The mobile node has to find its home agent. */
  readonly discoversHomeAgent?: boolean;
  /** The home agent does by itself what it has to; by hand unless said. */
  readonly homeAgentActs?: boolean;
  /** The correspondent does, too. */
  readonly correspondentActs?: boolean;
  /** The mobile node answers other mobile nodes as a correspondent does. */
  readonly isCorrespondent?: boolean;
  /** The home agent tells of itself on the home link; so unless said. */
  readonly homeAgentAdvertises?: boolean;
  /** The router has the same link-local address on every link. */
  readonly routerOfOneName?: boolean;
  /** The router says nothing there. */
  readonly routerSilentOn?: ForeignLink;
  /** A neighbor stands on this link, for a cast that has one. */
  readonly neighborOn?: ForeignLink | 'home';
}

export function moving(options: MovingOptions = {}): PolicyIntent {
  const {
    lifetime = 60,
    routeOptimization = false,
    pairs = [],
    discoversHomeAgent = false,
    trustsPolicy = false,
  } = options;
  const mobileNode: MobileNodeConfiguration = {
    interface: ONLY_INTERFACE,
    homeAddress: `${mobileIpv6.homeAddress}/64`,
    ...(!discoversHomeAgent && { homeAgent: mobileIpv6.homeAgent }),
    signalling: {
      lifetime,
      routeOptimization,
      ...((!pairs.some(isOfHomeAgent) || trustsPolicy) && { withoutIpsec: true }),
    },
  };
  const mobility = { mobileNode, ...(options.isCorrespondent && { correspondentNode: { signalling: {} } }) };
  const nut: NodeConfiguration = { ...signallingNode('nut'), sinks, ...policyOf(pairs), mobility };
  const ha: NodeConfiguration = {
    ...homeAgentNode('ha'),
    ...mirrored(policyOf(pairs.filter(isOfHomeAgent))),
    ...(options.homeAgentAdvertises !== false && { advertises: [advertisingItself(mobileIpv6.homeAgent)] }),
    mobility: homeAgentOf(options),
  };
  const cn: NodeConfiguration = {
    ...correspondentNode('cn'),
    ...mirrored(policyOf(pairs.filter(({ ends }) => ends.remote === mobileIpv6.correspondent))),
    mobility: options.correspondentActs ? { correspondentNode: { signalling: {} } } : byHand,
  };
  return {
    parties: { nut, ha, cn, ...(options.neighborOn && { neighbor: neighborAt(options.neighborOn) }) },
    ends: {
      nut: mobileIpv6.homeAddress,
      ha: mobileIpv6.homeAgent,
      cn: mobileIpv6.correspondent,
      ...(options.neighborOn && { neighbor: neighborAddresses[options.neighborOn] }),
    },
    others: [routerOf(options)],
  };
}

/** What RFC 4877 section 4.3 wants under ESP in transport mode: the Mobility Headers between home address and home agent. */
export function homeAgentPair(options: PairOptions = {}): Pair {
  const ends = { local: mobileIpv6.homeAddress, remote: mobileIpv6.homeAgent };
  return pairBetween('signalling', ends, { ...options, selector: { protocol: MOBILITY_HEADER } });
}

/** ESP in transport mode for all that passes between home address and correspondent. */
export function payloadPair(options: PairOptions = {}): Pair {
  const ends = { local: mobileIpv6.homeAddress, remote: mobileIpv6.correspondent };
  return pairBetween('payload', ends, { spi: 0x2000, ...options });
}

function routerOf({ validOnForeignLinks, routerOfOneName, routerSilentOn }: MovingOptions): NodeConfiguration {
  const advertises = mobileRouter.advertises!.filter((told) => told.interface !== routerSilentOn);
  const interfaces = routerOfOneName
    ? mobileRouter.interfaces.map((each) => ({ ...each, addresses: [...each.addresses, 'fe80::fe/64'] }))
    : mobileRouter.interfaces;
  return { ...mobileRouter, interfaces, advertises: advertises.map((told) => validFor(told, validOnForeignLinks)) };
}

function validFor(told: AdvertisingConfiguration, validLifetime: number | undefined): AdvertisingConfiguration {
  if (validLifetime === undefined || told.interface === 'home') return told;
  const lifetimes = { validLifetime, preferredLifetime: validLifetime };
  return { ...told, prefixes: told.prefixes.map((prefix) => ({ ...prefix, ...lifetimes })) };
}

/** On a link of the topology, with an address of its prefix. */
function neighborAt(place: NonNullable<MovingOptions['neighborOn']>): NodeConfiguration {
  const addresses = [`${neighborAddresses[place]}/64`, `${neighborAddresses.linkLocal}/64`];
  const node = mobileNodeAt('neighbor', place);
  return { ...node, interfaces: [{ ...node.interfaces[0]!, addresses }], innerAddresses: [] };
}

function homeAgentOf({ homeAgentActs, pairs = [] }: MovingOptions): MobilityConfiguration {
  if (!homeAgentActs) return byHand;
  const served = { address: mobileIpv6.homeAgent, homeAddresses: [mobileIpv6.homeAddress] };
  return { homeAgent: { interface: ONLY_INTERFACE, ...served, requiresIpsec: pairs.some(isOfHomeAgent) } };
}

/** Who answers by hand keeps no bindings, and asks for none. */
const byHand: MobilityConfiguration = { correspondentNode: { believesHomeAddresses: true } };

/** What a home agent says of itself on the home link. */
export function advertisingItself(address: Address): AdvertisingConfiguration {
  return {
    ...advertising(ONLY_INTERFACE, address),
    // Whoever is at home goes by the router; the home agent is one for those who are away.
    routerLifetime: 0,
    homeAgent: { preference: 0, lifetime: 1_800 },
  };
}

interface Policy {
  readonly spd: readonly SpdEntry[];
  readonly manual: NodeConfiguration['manual'];
}

/** What a mobile node is told of these pairs. */
export function policyOf(pairs: readonly Pair[]): Policy {
  const spd = pairs.map((pair) => entryOf(pair, [inboundName(pair.name), outboundName(pair.name)]));
  return { spd, manual: pairs.flatMap(manualSas) };
}

/** The same for who is at their other end. */
export function mirrored({ spd, manual }: Policy): Policy {
  return { spd: spd.map(mirroredEntry), manual: manual.map(mirroredSa) };
}

const MOBILITY_HEADER = 135;

const isOfHomeAgent = ({ ends }: Pair): boolean => ends.remote === mobileIpv6.homeAgent;
