/**
 * Where everybody lives, as data. Two links and a router between them: `home`, where the node under test and the testing node live, and
 * `away`, where the testing node may turn up. A scenario starts from one of the topologies and adds policies; it names places, not addresses.
 *
 *     home  192.0.2.0/24     2001:db8:1::/64      nut .1 ::1   tn .2 ::2   (tn .3 ::3)   router .254 ::fe
 *     away  198.51.100.0/24  2001:db8:2::/64                   tn .2 ::2                 router .254 ::fe
 *     far   203.0.113.0/24   2001:db8:3::/64                   tn .2 ::2                 router .254 ::fe    (`mobility-topology.ts`)
 *     behind nut  10.1.0.1/24  2001:db8:a1::1/64      behind tn  10.2.0.1/24  2001:db8:a2::1/64
 *     outsider    10.3.0.1     2001:db8:a3::1         played by the tn; no policy ever speaks of it
 *     host        10.1.0.66    2001:db8:a1::66        behind the nut, which is its router; only where a cast has one
 *     attacker    192.0.2.66   2001:db8:1::66         at home, and nobody's peer; only where a cast has one
 */
import type { NodeConfiguration, Prefix, Route } from './node.ts';

/** An address of each family. */
export interface Addresses {
  readonly ipv4: string;
  readonly ipv6: string;
}

/** A place where the testing node can be. */
export interface Place {
  readonly link: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly prefixLengths: { readonly ipv4: number; readonly ipv6: number };
  /** The router on that link. */
  readonly router: Addresses;
}

/** `foreign-1` is `other-prefix` by the name that Mobile IPv6 has for it. */
export type PlaceName = 'home' | 'same-prefix' | 'other-prefix' | 'foreign-1' | 'foreign-2';

/** What nut and tn call their interface. */
export const ONLY_INTERFACE = 'eth0';

const homeRouter: Addresses = { ipv4: '192.0.2.254', ipv6: '2001:db8:1::fe' };
const awayRouter: Addresses = { ipv4: '198.51.100.254', ipv6: '2001:db8:2::fe' };
const farRouter: Addresses = { ipv4: '203.0.113.254', ipv6: '2001:db8:3::fe' };
const prefixLengths = { ipv4: 24, ipv6: 64 } as const;

const away: Place = { link: 'away', ipv4: '198.51.100.2', ipv6: '2001:db8:2::2', prefixLengths, router: awayRouter };

/** Where the testing node can be. */
export const places: Readonly<Record<PlaceName, Place>> = {
  home: { link: 'home', ipv4: '192.0.2.2', ipv6: '2001:db8:1::2', prefixLengths, router: homeRouter },
  'same-prefix': { link: 'home', ipv4: '192.0.2.3', ipv6: '2001:db8:1::3', prefixLengths, router: homeRouter },
  'other-prefix': away,
  'foreign-1': away,
  'foreign-2': { link: 'far', ipv4: '203.0.113.2', ipv6: '2001:db8:3::2', prefixLengths, router: farRouter },
};

export const nutAddresses: Addresses = { ipv4: '192.0.2.1', ipv6: '2001:db8:1::1' };

/** Where a third host stands, on the link of the node under test. */
export const attackerAddresses: Addresses = { ipv4: '192.0.2.66', ipv6: '2001:db8:1::66' };

/** The protected sides of a tunnel: addresses that stand for a network behind each node. */
export const inner = {
  nut: { ipv4: '10.1.0.1', ipv6: '2001:db8:a1::1' },
  tn: { ipv4: '10.2.0.1', ipv6: '2001:db8:a2::1' },
  outsider: { ipv4: '10.3.0.1', ipv6: '2001:db8:a3::1' },
  host: { ipv4: '10.1.0.66', ipv6: '2001:db8:a1::66' },
} as const satisfies Record<string, Addresses>;

export const innerPrefixes = {
  nut: { ipv4: '10.1.0.0/24', ipv6: '2001:db8:a1::/64' },
  tn: { ipv4: '10.2.0.0/24', ipv6: '2001:db8:a2::/64' },
  outsider: { ipv4: '10.3.0.0/24', ipv6: '2001:db8:a3::/64' },
} as const satisfies Record<string, Addresses>;

/** Knows both links, and who stands before each network behind a gateway. */
const router: NodeConfiguration = {
  name: 'router',
  interfaces: [
    { name: 'home', link: 'home', addresses: addressesOf(homeRouter) },
    { name: 'away', link: 'away', addresses: addressesOf(awayRouter) },
  ],
  innerAddresses: [],
  routes: [...routesTo('nut', nutAddresses), ...routesTo('tn', places.home), ...routesTo('outsider', places.home)],
  forwarding: true,
  sinks: [],
  spd: [],
  manual: [],
  ike: [],
};

/** The same router between `away` and `home`, where whoever comes from away has another address (RFC 3022 2.1). */
export const translatingRouter: NodeConfiguration = {
  ...router,
  interfaces: router.interfaces.map((each) =>
    each.link === 'home' ? { ...each, addresses: [...each.addresses, `${places['same-prefix'].ipv4}/24`] } : each,
  ),
  routes: [{ destination: innerPrefixes.tn.ipv4, via: away.ipv4, interface: 'away' }],
  translations: [{ inside: away.ipv4, outside: places['same-prefix'].ipv4 }],
};

/** Nodes without policies. What a scenario adds: `spd`, `manual`, `ike`, `sinks`. */
export interface Topology {
  readonly nut: NodeConfiguration;
  readonly tn: NodeConfiguration;
  readonly router: NodeConfiguration;
}

/** Two hosts on one link. */
export const hostToHost: Topology = topology([], []);

/** Two security gateways; the networks behind them are addresses of their own, so that no third machine is needed. */
export const gateway: Topology = topology(behind('nut'), [...behind('tn'), ...behind('outsider')]);

/** The third host, which has no policy. */
export const attacker: NodeConfiguration = node('attacker', { ...places.home, ...attackerAddresses }, []);

/** A host of the network behind the node under test. */
export const hostBehind: NodeConfiguration = {
  ...node('host', { ...places.home, ...attackerAddresses }, hostPrefixes(inner.host)),
  routes: throughNode(nutAddresses),
};

/** The same topology, in which the node under test knows the way to that host. */
export function beforeHost({ nut, ...rest }: Topology): Topology {
  const [ipv4, ipv6] = hostPrefixes(inner.host);
  const routes: readonly Route[] = [
    { destination: ipv4, via: attackerAddresses.ipv4, interface: ONLY_INTERFACE },
    { destination: ipv6, via: attackerAddresses.ipv6, interface: ONLY_INTERFACE },
  ];
  return { ...rest, nut: { ...nut, routes: [...nut.routes, ...routes] } };
}

/** The same topology, whose tester stands at this place. */
export function testerAt(place: Place, { tn, ...rest }: Topology): Topology {
  const { addresses, routes } = stationedAt(place);
  return { ...rest, tn: { ...tn, interfaces: [{ name: ONLY_INTERFACE, link: place.link, addresses }], routes } };
}

/** The addresses and routes of a node's only interface at a place. */
export function stationedAt(place: Place): {
  readonly addresses: readonly Prefix[];
  readonly routes: readonly Route[];
} {
  return {
    addresses: [`${place.ipv4}/${place.prefixLengths.ipv4}`, `${place.ipv6}/${place.prefixLengths.ipv6}`],
    routes: throughNode(place.router),
  };
}

function throughNode({ ipv4, ipv6 }: Addresses): readonly Route[] {
  return [
    { destination: 'default4', via: ipv4, interface: ONLY_INTERFACE },
    { destination: 'default6', via: ipv6, interface: ONLY_INTERFACE },
  ];
}

function hostPrefixes({ ipv4, ipv6 }: Addresses): readonly [ipv4: Prefix, ipv6: Prefix] {
  return [`${ipv4}/32`, `${ipv6}/128`];
}

function topology(behindNut: readonly Prefix[], behindTn: readonly Prefix[]): Topology {
  return {
    nut: node('nut', { ...places.home, ...nutAddresses }, behindNut),
    tn: node('tn', places.home, behindTn),
    router,
  };
}

function node(name: string, place: Place, innerAddresses: readonly Prefix[]): NodeConfiguration {
  const { addresses, routes } = stationedAt(place);
  return {
    name,
    interfaces: [{ name: ONLY_INTERFACE, link: place.link, addresses }],
    innerAddresses,
    routes,
    // The tn's networks are its own addresses; what still comes to a place it left is not for it to pass on.
    forwarding: name === 'nut' && innerAddresses.length > 0,
    sinks: [],
    spd: [],
    manual: [],
    ike: [],
  };
}

function behind(who: keyof typeof innerPrefixes): readonly Prefix[] {
  return [`${inner[who].ipv4}/${prefixLengths.ipv4}`, `${inner[who].ipv6}/${prefixLengths.ipv6}`];
}

function addressesOf(addresses: Addresses): readonly Prefix[] {
  return [`${addresses.ipv4}/${prefixLengths.ipv4}`, `${addresses.ipv6}/${prefixLengths.ipv6}`];
}

function routesTo(who: keyof typeof innerPrefixes, via: Addresses): readonly Route[] {
  return [
    { destination: innerPrefixes[who].ipv4, via: via.ipv4, interface: 'home' },
    { destination: innerPrefixes[who].ipv6, via: via.ipv6, interface: 'home' },
  ];
}
