/** What the roles of Mobile IPv6 take and want: the types between them, `mobility.ts`, and the host around it. */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Instant } from '../machine.ts';
import type { Address, Prefix } from '../wire/address.ts';
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import type { MobilityMessage } from '../wire/mobility/message.ts';
import type { Binding } from './binding-cache.ts';
import type { Claim } from './header-processing.ts';
import type { KeyManagement } from './key-management.ts';
import type { LinkMessage, MovingInterface } from './link-message.ts';
import type { MessageArrival } from './message-arrival.ts';
import type { Tunnel } from './tunnel.ts';
import type { TunnelReport } from './tunnel-errors.ts';

export type { Tunnel } from './tunnel.ts';

/** A correspondent node, a home agent or a mobile node: what it takes, and what it says about packets that pass. */
export interface Role {
  /** Takes the message if it is one for this role; then no other is asked. */
  receive(now: Instant, arrival: MessageArrival): boolean;
  /** Takes another packet to this node if it is one for this role; it is as upper layers see it. */
  receivePacket?(now: Instant, packet: Ipv6Packet, came: CameVouched): boolean;
  timeout(now: Instant): void;
  deadline(): Instant | undefined;
  /** Where key management with this peer is run from (section 11.3.2). */
  keyManagementAddress?(peer: Address): Address | undefined;
  /** Where a packet of this node's own leaves, in place of its source, which goes into a home address option (section 11.3.1). */
  careOfAddressTowards?(destination: Address, source: Address): Address | undefined;
  /**
   * The ends of the tunnel that a packet leaves through, after IPsec (sections 10.4.2 and 11.3.1), which may have put it in a tunnel of its own; or why it
   * cannot leave now.
   */
  tunnelFor?(packet: Ipv6Packet, isTunnelled: boolean): Tunnel | Discarded | undefined;
  /** Whether a packet in IPv6 encapsulation is let out of its tunnel (sections 10.4.5 and 11.3.3); undefined where it is no concern of this role. */
  opensTunnel?(outer: Ipv6Packet, inner: IpPacket): 'opens' | Discarded | undefined;
  /** A packet that came out of a tunnel reached an upper layer, as that sees it (section 11.7.2). */
  cameByTunnel?(now: Instant, packet: Ipv6Packet, tunnel: Tunnel): void;
  /** Takes a message of ICMPv6 if it is one for this role alone. */
  hearIcmp?(now: Instant, message: Icmpv6Message, packet: Ipv6Packet, came: CameBy): boolean;
  /** What a router or neighbor says on a link of this node's (section 11.5.1). */
  heardOnLink?(now: Instant, interfaceName: string, message: LinkMessage): void;
  /** What came of a duplicate address detection (RFC 4862 section 5.4) that a role asked for. */
  detected?(now: Instant, address: Address, outcome: 'unique' | 'duplicate'): void;
  /** In which capacity it answers on a link for an address that is none of the node's own (section 10.4.1, RFC 4861 sections 7.2.7 and 7.2.8). */
  answersFor?(interfaceName: string, address: Address): 'proxy' | 'anycast' | undefined;
  /** An address that its node has by this role, besides its own. */
  owns?(address: Address): boolean;
  /** Why a packet that the node would forward goes no further; its sender is told (section 10.4.2). */
  stops?(packet: Ipv6Packet): Discarded | undefined;
  /** Its node is on another link, or has other addresses (section 11.5). */
  moved?(now: Instant): void;
  /** A packet leaves by way of a binding (section 9.5.5). */
  used?(now: Instant, binding: Binding): void;
  /** A packet came from where a binding says. */
  heard?(binding: Binding): void;
  /** An ICMP error says that a packet which left by way of a binding did not arrive (section 9.3.4). */
  undelivered?(now: Instant, binding: Binding): void;
  /** The lifetime of a binding is over, and it is gone (section 9.6). */
  ended?(now: Instant, binding: Binding): void;
}

/** A message that a role sends. Addresses are as at home; the headers that bring it there are put in by whoever sends it. */
export interface MessageOrder {
  readonly source: Address;
  readonly destination: Address;
  readonly message: MobilityMessage;
  /** It leaves from here, with its source in a home address option. */
  readonly careOfAddress?: Address;
  /** It goes by way of here, with its destination in a type 2 routing header. */
  readonly by?: Address;
}

/** What vouches for a packet: the SAs it came under, outermost first, and the home address in its headers, which upper layers see as its source. */
export interface CameVouched {
  readonly through: readonly SadEntry[];
  readonly claim?: Claim;
}

/** How a packet of ICMPv6 came. */
export interface CameBy {
  /** As it came out of IPsec, with all its headers. */
  readonly whole: IpPacket;
}

/** A message of ICMPv6 that a role sends. */
export interface IcmpOrder {
  readonly source: Address;
  readonly destination: Address;
  readonly message: Icmpv6Message;
  /** It leaves from here, with its source in a home address option. */
  readonly careOfAddress?: Address;
}

/** What lies around the roles. */
export interface RoleSurroundings extends LinkServices {
  send(now: Instant, order: MessageOrder): void;
  /** A packet of its own, with the headers that bring it where it goes. */
  sendPacket(now: Instant, packet: Ipv6Packet): void;
  discarded(refusal: Discarded): void;
  /** The far ends of these SAs are here now; keys, SPI and counters go on (RFC 4877 section 4.3). */
  moveSas(moves: (entry: SadEntry) => boolean, to: Address): void;
  readonly keyManagement: KeyManagement;
}

/** What a role asks of the links that its node is on. */
export interface LinkServices {
  /** RFC 4862 section 5.4; `Role.detected` is told what comes of it. */
  detectDuplicates(now: Instant, interfaceName: string, address: Address): void;
  /** An unsolicited neighbor advertisement to all nodes (RFC 4861 section 7.2.6). */
  advertise(interfaceName: string, address: Address): void;
  addressesOf(interfaceName: string): readonly Prefix[];
}

/** What lies around a mobile node. */
export interface MobileNodeSurroundings extends RoleSurroundings {
  readonly link: MovingInterface;
  /** Of a home address in the binding cache. */
  careOfAddressOf(homeAddress: Address): Address | undefined;
  sendIcmp(now: Instant, order: IcmpOrder): void;
}

/** What lies around Mobile IPv6. */
export interface MobilitySurroundings extends LinkServices, Pick<RoleSurroundings, 'moveSas' | 'keyManagement'> {
  /** The interface of a mobile node. */
  moving(interfaceName: string): MovingInterface;
  /** A packet of this node's own leaves, by IPsec and the routes as any other. */
  send(now: Instant, packet: IpPacket): void;
  /** A packet came out of a tunnel to this node. */
  arrives(now: Instant, packet: IpPacket): void;
  /** Whether an address is one of this node's. */
  owns(address: Address): boolean;
  /** An ICMPv6 error to the source of a packet, if one may be sent. */
  report(now: Instant, about: IpPacket, reason: Report): void;
  /** A role took this message. */
  took(arrival: MessageArrival): void;
  discarded(refusal: Discarded): void;
}

/** What an ICMPv6 error says; the pointer of a Parameter Problem counts the packet's octets. */
export type Report =
  | TunnelReport
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number };

/** A binding as a node reports it. */
export interface BindingState {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  readonly homeRegistration: boolean;
}

/** What a mobile node has told one peer of where it is (section 11.1). */
export interface BindingUpdateState extends BindingState {
  /** The home agent, or a correspondent. */
  readonly peer: Address;
  /** No acknowledgement is awaited any more. */
  readonly settled: boolean;
}
