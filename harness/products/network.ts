/**
 * The Linux network under every product that runs on a guest: addresses, routes and kernel settings as lines for `ip -batch`
 * (ip-address(8), ip-route(8)) and files below /proc/sys, and the lines that take all of it back. What a product adds for IPsec is left to it.
 */
import type { NodeConfiguration, Prefix, SpdEntry } from '../lab/node.ts';
import { addressOf, covers, familyOf, prefixOf } from './prefix.ts';

/** What a guest is given, in the order given: settings first, then lines. */
export interface Rendering {
  readonly settings: readonly Setting[];
  /** For `ip -batch`, without the leading `ip`. */
  readonly lines: readonly string[];
}

/** A file below /proc/sys and what is written there. */
export interface Setting {
  readonly path: string;
  readonly value: string;
}

/** Pure. */
export function renderNetwork(configuration: NodeConfiguration): Rendering {
  return {
    settings: settingsOf(configuration),
    lines: [
      ...configuration.interfaces.flatMap(({ name, addresses }) =>
        addresses.map((prefix) => addressLine(prefix, name)),
      ),
      // Alone: with its prefix an address of `lo` would make the whole network behind the node its own.
      ...withoutHomeAddress(configuration).map((prefix) => addressLine(prefixOf(addressOf(prefix)), 'lo')),
      ...configuration.routes.map(
        ({ destination, via, interface: name }) => `route add ${routeDestination(destination)} via ${via} dev ${name}`,
      ),
      ...tunnelRoutes(configuration),
    ],
  };
}

/** Takes a guest back to the state it booted in, whatever was configured. `interfaces` are those of its wires. */
export const resetLines = (interfaces: readonly string[]): string[] => [
  'xfrm policy flush',
  'xfrm state flush',
  'route flush proto boot',
  '-6 route flush proto boot',
  `link del ${tunnelDevice}`,
  ...tunnelRules.map((preference) => `-6 rule del pref ${preference}`),
  ...['lo', ...interfaces].map((name) => `addr flush dev ${name} scope global`),
  'neigh flush all',
];

/** The tunnel of a mobile node to its home agent, the table that leads into it, and the rules that lead to that table or past it. */
export const tunnelDevice = 'home-agent';
export const tunnelTable = 100;
export const tunnelRules = [100, 101] as const;

/** What is asked after a reset: each answer must be what it was when the guest had booted. */
export const auditLines: readonly string[] = [
  'xfrm state count',
  'xfrm policy count',
  'route show table all',
  'address show',
  'rule show',
  '-6 rule show',
];

/** What Linux does not do about the length of paths (RFC 4301 6.1.1 and 8), whoever keys its SAs; `clears`: whether it can be told to clear the DF bit outside. */
export function pathUnsupported(
  { interfaces, pathMtuMessages, manual, ike }: NodeConfiguration,
  clears: boolean,
): string | undefined {
  const tunnels = [...manual, ...ike.flatMap(({ children }) => children)];
  if (interfaces.some(({ mtu }) => mtu !== undefined)) return 'the MTU of an interface is not told yet';
  if (pathMtuMessages === 'ignored') return 'Linux acts upon every ICMP message about the length of a path';
  if (tunnels.some(({ fragments }) => fragments === 'before')) return 'Linux cuts what is too long once it is sealed';
  if (tunnels.some(({ dontFragment = 'copy' }) => dontFragment !== 'copy' && !(clears && dontFragment === 'clear')))
    return clears ? 'Linux: an SA copies the DF bit or clears it' : 'nothing is told of the DF bit outside';
  return undefined;
}

/** As text a person can read, and paste into a root shell. */
export const printed = ({ settings, lines }: Rendering): string =>
  [
    ...settings.map(({ path, value }) => `sysctl -w ${path.slice('/proc/sys/'.length).replaceAll('/', '.')}=${value}`),
    ...lines.map((line) => `ip ${line}`),
    '',
  ].join('\n');

/** Anti-spoofing is the policy's business here (a moved source must reach it), and duplicate address detection only costs a second. */
function settingsOf({ forwarding, interfaces }: NodeConfiguration): Setting[] {
  const perInterface = ['all', 'default', ...interfaces.map(({ name }) => name)];
  const switched = forwarding ? '1' : '0';
  return [
    ...perInterface.map((name) => ({ path: `/proc/sys/net/ipv4/conf/${name}/rp_filter`, value: '0' })),
    ...perInterface.flatMap((name) => [
      { path: `/proc/sys/net/ipv6/conf/${name}/accept_dad`, value: '0' },
      { path: `/proc/sys/net/ipv6/conf/${name}/accept_ra`, value: '0' },
    ]),
    { path: '/proc/sys/net/ipv4/conf/all/accept_redirects', value: '0' },
    { path: '/proc/sys/net/ipv4/icmp_ratelimit', value: '0' },
    { path: '/proc/sys/net/ipv6/icmp/ratelimit', value: '0' },
    { path: '/proc/sys/net/ipv4/ip_forward', value: switched },
    { path: '/proc/sys/net/ipv6/conf/all/forwarding', value: switched },
  ];
}

/** Whoever plays a mobile node gives it that address, with a flag of its own. */
function withoutHomeAddress({ innerAddresses, mobility }: NodeConfiguration): readonly Prefix[] {
  const homeAddress = mobility?.mobileNode && addressOf(mobility.mobileNode.homeAddress);
  return innerAddresses.filter((prefix) => addressOf(prefix) !== homeAddress);
}

const addressLine = (prefix: Prefix, name: string): string =>
  `address add ${prefix} dev ${name}${familyOf(prefix) === 'ipv6' ? ' nodad' : ''}`;

const routeDestination = (destination: Prefix): string =>
  destination === 'default4' ? '0.0.0.0/0' : destination === 'default6' ? '::/0' : destination;

/**
 * Linux looks up a route before it looks at the policy, so what a tunnel carries needs one, although only the route to
 * the tunnel's end is followed. One that the configuration already covers is left alone, and so is the tunnel's own end.
 */
function tunnelRoutes(configuration: NodeConfiguration): string[] {
  const known = [
    ...configuration.routes.map(({ destination }) => routeDestination(destination)),
    ...configuration.interfaces.flatMap(({ addresses }) => addresses),
  ];
  const lines = configuration.spd.filter(isOutboundTunnel).flatMap(({ selector, action }) => {
    const { remote } = action.tunnel;
    if (known.some((prefix) => covers(prefix, selector.remote)) || covers(selector.remote, remote)) return [];
    return [`route add ${selector.remote} dev ${interfaceTowards(configuration, remote)}`];
  });
  return [...new Set(lines)];
}

type TunnelEntry = SpdEntry & { action: { tunnel: { remote: string } } };

const isOutboundTunnel = (entry: SpdEntry): entry is TunnelEntry =>
  entry.direction !== 'in' && typeof entry.action === 'object' && entry.action.tunnel !== undefined;

function interfaceTowards({ interfaces, routes }: NodeConfiguration, address: string): string {
  const onLink = interfaces.find(({ addresses }) => addresses.some((prefix) => covers(prefix, address)));
  const routed = routes.find(({ destination }) => covers(routeDestination(destination), address));
  return onLink?.name ?? routed?.interface ?? interfaces[0]!.name;
}

/** The addresses a configuration makes the node's own. */
export function ownAddresses({ interfaces, innerAddresses, mobility }: NodeConfiguration): string[] {
  const homeAddress = mobility?.mobileNode?.homeAddress;
  return [
    ...new Set(
      [
        ...interfaces.flatMap(({ addresses }) => addresses),
        ...innerAddresses,
        ...(homeAddress === undefined ? [] : [homeAddress]),
      ].map(addressOf),
    ),
  ];
}
