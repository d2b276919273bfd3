/**
 * Where everybody lives in Mobile IPv6 (RFC 6275 section 4.1), as data: a home link with the home agent, two links that a mobile node may visit, the link of
 * a correspondent, and one router between them. It shares the addresses of `topologies.ts`, speaks IPv6 alone, and names its nodes as the scenario does.
 *
 *     home           2001:db8:1::/64   home agent ::1   mobile node's home address ::2   router ::fe
 *     away (foreign-1)  2001:db8:2::/64   mobile node ::2                                   router ::fe
 *     far  (foreign-2)  2001:db8:3::/64   mobile node ::2                                   router ::fe
 *     correspondent  2001:db8:c::/64   correspondent ::1                                 router ::fe
 *
 * A second mobile node has its home on the first of these (::22), or on the link of the correspondent (::1), with a home agent there (::2). A mobile node owns its home address wherever it is: as an inner address, besides what its interface has on the link.
 */
import type { AdvertisingConfiguration, NodeConfiguration, Prefix } from './node.ts';
import { nutAddresses, ONLY_INTERFACE, type PlaceName, places } from './topologies.ts';

/** Of IPv6, without prefix length. */
export const mobileIpv6 = {
  homeAgent: nutAddresses.ipv6,
  homeAddress: places.home.ipv6,
  /** Of a second mobile node with the same home agent. */
  otherHomeAddress: '2001:db8:1::22',
  /** Where a tester is that moves; a tested node forms its own (RFC 4862). */
  careOfAddresses: { 'foreign-1': places['foreign-1'].ipv6, 'foreign-2': places['foreign-2'].ipv6 },
  correspondent: '2001:db8:c::1',
  /** Where the correspondent is a mobile node as well, and that link its home. */
  correspondentHomeAgent: '2001:db8:c::2',
  routers: {
    home: places.home.router.ipv6,
    'foreign-1': places['foreign-1'].router.ipv6,
    'foreign-2': places['foreign-2'].router.ipv6,
    correspondent: '2001:db8:c::fe',
  },
  prefixes: {
    home: '2001:db8:1::/64',
    'foreign-1': '2001:db8:2::/64',
    'foreign-2': '2001:db8:3::/64',
    correspondent: '2001:db8:c::/64',
  },
} as const;

/** Of every link here. */
export const MOBILE_PREFIX_LENGTH = 64;

/** A node without policies at its place. What a scenario adds: `mobility`, `spd`, `manual`, `ike`, `sinks`. */
export function mobileNodeAt(name: string, place: PlaceName = 'home'): NodeConfiguration {
  const { link, ipv6, router } = places[place];
  const node = nodeOn(name, link, ipv6, router.ipv6);
  return { ...node, innerAddresses: [`${mobileIpv6.homeAddress}/128`] };
}

/** A mobile node that finds out by itself where it is: nothing of that is told to it. It is at home on this link. */
export function signallingNode(name: string, link: HomeLink = 'home'): NodeConfiguration {
  const { innerAddresses: _home, ...node } = mobileNodeAt(name);
  return {
    ...node,
    interfaces: [{ name: ONLY_INTERFACE, link, addresses: [] }],
    innerAddresses: [],
    routes: [],
  };
}

export function homeAgentNode(name: string, link: HomeLink = 'home'): NodeConfiguration {
  const address = link === 'home' ? mobileIpv6.homeAgent : mobileIpv6.correspondentHomeAgent;
  return { ...nodeOn(name, link, address, mobileIpv6.routers[link]), forwarding: true };
}

/** A link that is the home of a mobile node. */
export type HomeLink = 'home' | 'correspondent';

export function correspondentNode(name: string): NodeConfiguration {
  return nodeOn(name, CORRESPONDENT_LINK, mobileIpv6.correspondent, mobileIpv6.routers.correspondent);
}

/** The links by the names that a person has for them. */
export const linkNames: Readonly<Record<string, string>> = {
  home: 'home',
  away: 'foreign-1',
  far: 'foreign-2',
  correspondent: 'correspondent',
};

const CORRESPONDENT_LINK = 'correspondent';

/**
 * Between all four links, each of which hears it twice a second and more: a node that moved is to notice. It tells of no home agent: that one tells of
 * itself.
 */
export const mobileRouter: NodeConfiguration = {
  name: 'router',
  interfaces: [
    { name: 'home', link: 'home', addresses: [onLink(mobileIpv6.routers.home)] },
    { name: 'foreign-1', link: 'away', addresses: [onLink(mobileIpv6.routers['foreign-1'])] },
    { name: 'foreign-2', link: 'far', addresses: [onLink(mobileIpv6.routers['foreign-2'])] },
    { name: 'correspondent', link: CORRESPONDENT_LINK, addresses: [onLink(mobileIpv6.routers.correspondent)] },
  ],
  innerAddresses: [],
  routes: [],
  forwarding: true,
  advertises: [
    advertising('home', mobileIpv6.routers.home),
    advertising('foreign-1', mobileIpv6.routers['foreign-1']),
    advertising('foreign-2', mobileIpv6.routers['foreign-2']),
  ],
  sinks: [],
  spd: [],
  manual: [],
  ike: [],
};

/** What a router on a link that mobile nodes visit says of itself. */
export function advertising(name: string, address: string): AdvertisingConfiguration {
  return {
    interface: name,
    interval: { least: 300, most: 500 },
    routerLifetime: 30,
    retransTimer: 200,
    prefixes: [{ prefix: onLink(address), routerAddress: true, validLifetime: 3_600, preferredLifetime: 1_800 }],
  };
}

function nodeOn(name: string, link: string, address: string, router: string): NodeConfiguration {
  return {
    name,
    interfaces: [{ name: ONLY_INTERFACE, link, addresses: [onLink(address)] }],
    innerAddresses: [],
    routes: [{ destination: 'default6', via: router, interface: ONLY_INTERFACE }],
    forwarding: false,
    sinks: [],
    spd: [],
    manual: [],
    ike: [],
  };
}

function onLink(address: string): Prefix {
  return `${address}/${MOBILE_PREFIX_LENGTH}`;
}
