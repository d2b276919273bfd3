/**
 * What a node is told to be, in the words of RFC 4301 (SPD, SAD, PAD) and RFC 7296 (connections and children), as pure
 * data that survives JSON. The reference host reads it as it is; a product's adapter renders the same data as `ip xfrm`,
 * swanctl.conf or whatever its vendor speaks. Nothing here decides anything.
 *
 * Addresses are canonical text (RFC 5952), prefixes are `address/length`, key octets are lower-case hex.
 */
import type { IkeConnection, IkeSettings } from '../ikev2/configuration.ts';
import type { ManualSaConfiguration } from '../ipsec/configuration.ts';
import type { MobilityConfiguration } from '../mobility/configuration.ts';
import type { Address } from '../wire/address.ts';

export interface NodeConfiguration {
  /** `nut`, `tn`, `router`, or what the topology calls it. */
  readonly name: string;
  readonly interfaces: readonly InterfaceConfiguration[];
  /** Addresses the node owns without a link: the inner addresses of a tunnel. */
  readonly innerAddresses: readonly Prefix[];
  readonly routes: readonly Route[];
  readonly forwarding: boolean;
  /** Addresses that it translates in what it forwards; each outside one is its own besides. Absent: none. */
  readonly translations?: readonly Translation[];
  /** Links on which the node tells hosts that it is a router; absent: on none. */
  readonly advertises?: readonly AdvertisingConfiguration[];
  /** Ports whose delivered datagrams and connections the node reports. */
  readonly sinks: readonly Sink[];
  /** Ordered; the first match decides (RFC 4301 4.4.1). Traffic that matches no entry is `unmatched`. */
  readonly spd: readonly SpdEntry[];
  /** RFC 4301 4.4.1 wants a final discard; Linux leaves unmatched traffic alone. Default BYPASS. */
  readonly unmatched?: 'BYPASS' | 'DISCARD';
  /** Whether unauthenticated ICMP messages about the length of an SA's path are acted upon (RFC 4301 6.1.1). Default heeded. */
  readonly pathMtuMessages?: 'heeded' | 'ignored';
  readonly manual: readonly ManualSaConfiguration[];
  /** Of which its children have their inbound SPIs; absent: any that is not reserved. */
  readonly spis?: IkeSettings['childSpis'];
  /** Connections in PAD order: the first whose peer identity matches is the one that holds (RFC 4301 4.4.3). */
  readonly ike: readonly IkeConnection[];
  /** The roles of Mobile IPv6 that the node takes; absent: none, and it knows none of its headers. */
  readonly mobility?: MobilityConfiguration;
}

/** `192.0.2.0/24`, `2001:db8::/32`; a single address is `/32` or `/128`. */
export type Prefix = string;

export interface InterfaceConfiguration {
  readonly name: string;
  readonly link: string;
  /** With the prefix length of the link. */
  readonly addresses: readonly Prefix[];
  /** The longest packet that the link takes, in octets; 1500 unless given. */
  readonly mtu?: number;
}

/** What a router says of itself on a link (RFC 4861 6.2.1, RFC 6275 7). */
export interface AdvertisingConfiguration {
  readonly interface: string;
  /**
   * Milliseconds between two unsolicited advertisements; each time another number between `least` and `most`. Which interval it tells, where that is not
   * `most` (RFC 6275 7.3): whoever counts on it takes a router for lost whose machine was busy.
   */
  readonly interval: { readonly least: number; readonly most: number; readonly told?: number };
  /** Seconds for which it is a default router; 0: it is none. */
  readonly routerLifetime: number;
  /** Milliseconds, for hosts that ask neighbors again; absent: it does not say. */
  readonly retransTimer?: number;
  readonly prefixes: readonly AdvertisedPrefix[];
  /** It is a home agent on this link, the more preferred the greater the number, for so many seconds. */
  readonly homeAgent?: { readonly preference: number; readonly lifetime: number };
}

export interface AdvertisedPrefix {
  /** The router's own address there with the length of the prefix; the address is told where `routerAddress` says so, and the prefix alone otherwise. */
  readonly prefix: Prefix;
  readonly routerAddress: boolean;
  /** Seconds. */
  readonly validLifetime: number;
  readonly preferredLifetime: number;
}

/** One address for another (RFC 3022 2.1). */
export interface Translation {
  readonly inside: Address;
  readonly outside: Address;
}

export interface Route {
  /** A prefix, or `default4` / `default6`. */
  readonly destination: Prefix;
  readonly via: Address;
  readonly interface: string;
}

export interface Sink {
  readonly protocol: 'udp' | 'tcp';
  readonly port: number;
}

/** RFC 4301 4.4.1.1. A missing field is ANY. */
export interface Selector {
  readonly local: Prefix;
  readonly remote: Prefix;
  readonly protocol?: number;
  readonly localPort?: PortRange;
  readonly remotePort?: PortRange;
  /** For ICMP and ICMPv6: type and code take the place of the ports. */
  readonly icmp?: { readonly type: number | PortRange; readonly code?: number | PortRange };
  /** For the Mobility Header: its type in the place of the ports. */
  readonly mobilityHeaderType?: PortRange;
}

export type PortRange = number | readonly [first: number, last: number];

export interface SpdEntry {
  readonly name: string;
  /** `both` writes the outbound entry and its mirror. */
  readonly direction: 'in' | 'out' | 'both';
  readonly selector: Selector;
  readonly action: 'BYPASS' | 'DISCARD' | ProtectAction;
}

export interface ProtectAction {
  readonly kind: 'PROTECT';
  readonly protocol: 'ESP' | 'AH';
  readonly mode: 'transport' | 'tunnel';
  /** Outer addresses of the tunnel, seen from this node. */
  readonly tunnel?: { readonly local: Address; readonly remote: Address };
  /** The SAs of this entry, by name, `connection/child` for those of a child; absent: any SA whose selectors fit. */
  readonly securityAssociations?: readonly string[];
  /** The name of the entry that the result passes through next, outbound; inbound before (appendix E: there the forwarding tables say so). */
  readonly within?: string;
}

export type {
  ManualAhConfiguration as ManualAh,
  ManualEspConfiguration as ManualEsp,
  ManualSaConfiguration as ManualSa,
} from '../ipsec/configuration.ts';

export type Hex = string;

/** PAD entries with the IKE policy that goes with them, as the IKEv2 machine takes them. */
export type {
  ChildConfiguration,
  Credential,
  EapMethod,
  FragmentationConfiguration,
  Identity,
  IdentityPattern,
  IkeConnection,
  InternalAddresses,
  Lifetime,
  LocalIdentity,
  ProposalConfiguration,
  RemoteIdentity,
  TrafficSelectorConfiguration,
} from '../ikev2/configuration.ts';

export type {
  BindingByHand,
  CorrespondentNodeConfiguration,
  HomeAgentConfiguration,
  MobileNodeConfiguration,
  MobilityConfiguration,
} from '../mobility/configuration.ts';
