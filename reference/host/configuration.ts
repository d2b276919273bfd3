/**
 * What a node is told to be, in the words of RFC 4301 (SPD, SAD, PAD) and RFC 7296 (connections and children), as pure
 * data that survives JSON. The reference host reads it as it is; a product's adapter renders the same data as `ip xfrm`,
 * swanctl.conf or whatever its vendor speaks. Nothing here decides anything.
 *
 * Addresses are canonical text (RFC 5952), prefixes are `address/length`, key octets are lower-case hex.
 */
import type { CertificateRecipe } from '../certificates/recipe.ts';
import type { Address } from '../wire/address.ts';

export interface NodeConfiguration {
  /** `nut`, `tn`, `router`, or what the topology calls it. */
  readonly name: string;
  readonly interfaces: readonly InterfaceConfiguration[];
  /** Addresses the node owns without a link: the inner addresses of a tunnel. */
  readonly innerAddresses: readonly Prefix[];
  readonly routes: readonly Route[];
  readonly forwarding: boolean;
  /** Ports whose delivered datagrams and connections the node reports. */
  readonly sinks: readonly Sink[];
  /** Ordered; the first match decides (RFC 4301 4.4.1). Traffic that matches no entry is `unmatched`. */
  readonly spd: readonly SpdEntry[];
  /** RFC 4301 4.4.1 wants a final discard; Linux leaves unmatched traffic alone. Default BYPASS. */
  readonly unmatched?: 'BYPASS' | 'DISCARD';
  readonly manual: readonly ManualSa[];
  /** Connections in PAD order: the first whose peer identity matches is the one that holds (RFC 4301 4.4.3). */
  readonly ike: readonly IkeConnection[];
}

/** `192.0.2.0/24`, `2001:db8::/32`; a single address is `/32` or `/128`. */
export type Prefix = string;

export interface InterfaceConfiguration {
  readonly name: string;
  readonly link: string;
  /** With the prefix length of the link. */
  readonly addresses: readonly Prefix[];
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
  readonly protocol: 'ESP';
  readonly mode: 'transport' | 'tunnel';
  /** Outer addresses of the tunnel, seen from this node. */
  readonly tunnel?: { readonly local: Address; readonly remote: Address };
  /** The manual SAs of this entry, by name; absent: any SA whose selectors fit, negotiated or manual. */
  readonly securityAssociations?: readonly string[];
}

/** RFC 4301 4.5.1: a unidirectional SA keyed by hand. */
export interface ManualSa {
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly spi: number;
  readonly source: Address;
  readonly destination: Address;
  readonly mode: 'transport' | 'tunnel';
  readonly encryption: { readonly id: number; readonly keyLength?: number; readonly key: Hex };
  readonly integrity?: { readonly id: number; readonly key: Hex };
  /** Packets; 0 turns anti-replay off (RFC 4303 3.4.3). */
  readonly replayWindow: number;
  readonly extendedSequenceNumbers: boolean;
  /** The last sequence number used (out) or the top of the window (in), as if traffic had passed before. */
  readonly sequenceNumber?: bigint | number;
  /** The traffic this SA may carry; absent: whatever the SPD entry that names it selects. */
  readonly selector?: Selector;
  readonly encapsulation?: { readonly sourcePort: number; readonly destinationPort: number };
  readonly lifetime?: Lifetime;
}

export type Hex = string;

/** Hard limits: the SA is gone when one is reached. */
export interface Lifetime {
  readonly seconds?: number;
  readonly octets?: number;
}

/** One PAD entry together with the IKE policy that goes with it. */
export interface IkeConnection {
  readonly name: string;
  readonly localAddresses: readonly Address[];
  readonly remoteAddresses: readonly (Address | 'any')[];
  readonly local: LocalIdentity;
  readonly remote: RemoteIdentity;
  readonly proposals: readonly ProposalConfiguration[];
  readonly children: readonly ChildConfiguration[];
}

export interface LocalIdentity {
  /** Sent as IDi or IDr. */
  readonly identity: Identity;
  readonly authentication: Credential;
}

export interface RemoteIdentity {
  /** `any` accepts every identity that the authentication proves. */
  readonly identity: IdentityPattern | 'any';
  readonly authentication: 'signature' | 'shared-key';
  readonly trustAnchors: readonly CertificateRecipe[];
  /** Shared keys by the identity they belong to; `any` is the group key. */
  readonly sharedKeys?: readonly { readonly identity: Identity | 'any'; readonly key: Hex }[];
  /** What is asked of a certificate beyond the identity: that it names addresses at all (draft-dupont-ipsec-mipv6-00 3.1 J). */
  readonly certificateAddresses?: 'required';
}

/** An identification payload (RFC 7296 3.5), by IANA name of its type and its text: an address, a name, a DN, or hex for ID_KEY_ID. */
export interface Identity {
  readonly type: 'ID_IPV4_ADDR' | 'ID_FQDN' | 'ID_RFC822_ADDR' | 'ID_IPV6_ADDR' | 'ID_DER_ASN1_DN' | 'ID_KEY_ID';
  readonly value: string;
}

/** RFC 4301 4.4.3.1: exact, or a sub-tree of names or DNs, or an address range. */
export type IdentityPattern = Identity & { readonly match?: 'exact' | 'sub-tree' | 'range' };

export type Credential =
  | {
      readonly kind: 'certificate';
      /** The certificate that signs comes first; what follows is sent in this order. */
      readonly chain: readonly CertificateRecipe[];
      /** The key that signs AUTH, by its name among the lab keys. */
      readonly key: string;
    }
  | { readonly kind: 'shared-key'; readonly key: Hex };

/** Transform ids of RFC 7296 3.3.2 for one proposal of IKE or ESP, in order of preference. */
export interface ProposalConfiguration {
  readonly encryption: readonly { readonly id: number; readonly keyLength?: number }[];
  readonly integrity: readonly number[];
  readonly pseudorandomFunctions?: readonly number[];
  /** For a child: present means perfect forward secrecy at rekeying and for further children. */
  readonly keyExchangeMethods?: readonly number[];
  readonly extendedSequenceNumbers?: readonly boolean[];
}

export interface ChildConfiguration {
  readonly name: string;
  readonly mode: 'transport' | 'tunnel';
  /** What this node claims for itself and what the peer may claim (RFC 4301 4.4.3.3), as traffic selectors. */
  readonly local: readonly TrafficSelectorConfiguration[];
  readonly remote: readonly TrafficSelectorConfiguration[];
  readonly proposals: readonly ProposalConfiguration[];
  /** `trap`: an outbound packet without an SA starts IKE (RFC 4301 5.1 case 2); `none`: on command only. */
  readonly start: 'none' | 'trap';
  readonly replayWindow?: number;
  readonly lifetime?: Lifetime;
}

export interface TrafficSelectorConfiguration {
  /** A prefix, or a first and a last address. */
  readonly addresses: Prefix | readonly [first: Address, last: Address];
  readonly protocol?: number;
  readonly ports?: PortRange;
  readonly icmp?: Selector['icmp'];
}
