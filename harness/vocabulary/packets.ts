/** Packets as scenarios describe them, encoded: the inner packet of an ESP order, or a packet sent by hand. */
import { type Address, familyOf, solicitedNodeMulticast } from '../../reference/wire/address.ts';
import { pseudoHeaderChecksum } from '../../reference/wire/checksum.ts';
import { type EchoMessage, encodeEcho } from '../../reference/wire/echo.ts';
import { icmpMessage, icmpTypes, unreachableCodes } from '../../reference/wire/icmp.ts';
import {
  encodeIcmpv6,
  type Icmpv6Message,
  icmpv6Types,
  type RouterAdvertisement,
} from '../../reference/wire/icmpv6.ts';
import { extensionProtocols, type RoutingHeader, routingTypes } from '../../reference/wire/ip/extension-headers.ts';
import { routingHeaderOf, withHomeAddress, withRoutingHeader } from '../../reference/wire/ip/home-addresses.ts';
import { encodeExtensions, type Ipv6Packet } from '../../reference/wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { aligned, encodeMobility, type MobilityMessage } from '../../reference/wire/mobility/message.ts';
import type { NeighborDiscoveryOption, PrefixInformation } from '../../reference/wire/neighbor-discovery-options.ts';
import { concat, u16 } from '../../reference/wire/octets.ts';
import { udpDatagram } from '../../reference/wire/udp.ts';
import type { OpenedIke } from '../judge/opened-frame.ts';
import type { OctetTamper } from '../lab/node.ts';

export { type AhByHand, underAh } from '../peers/ah-by-hand.ts';

import { hardwareAddressOf } from '../lab/node.ts';
import { ONLY_INTERFACE } from '../lab/topologies.ts';
import type { Soliciting } from './verbs.ts';

export interface PacketEnds {
  readonly from: Address;
  readonly to: Address;
}

/** Header fields a scenario may want otherwise; what is left out is computed. */
export type HeaderFields = Partial<Pick<IpPacket, 'dscp' | 'ecn'>> & {
  readonly hops?: number;
  /** Of IPv4. */
  readonly dontFragment?: boolean;
  /** Of IPv4, padded to whole words. */
  readonly options?: Uint8Array;
  /** Of IPv6. */
  readonly extensions?: Extract<IpPacket, { version: 6 }>['extensions'];
};

export function echoPacket(
  {
    from,
    to,
    identifier,
    sequence,
    payload,
    kind = 'request',
  }: PacketEnds & Omit<EchoMessage, 'kind' | 'data'> & { payload: Uint8Array; kind?: EchoMessage['kind'] },
  header: HeaderFields = {},
): Uint8Array {
  const version = familyOf(from);
  return encoded(
    { from, to },
    encodeEcho({ kind, identifier, sequence, data: payload }, { version, source: from, destination: to }),
    header,
  );
}

export function udpPacket(
  {
    from,
    to,
    sourcePort,
    destinationPort,
    payload,
  }: PacketEnds & { sourcePort: number; destinationPort: number; payload: Uint8Array },
  header: HeaderFields = {},
): Uint8Array {
  const datagram = concat(u16(sourcePort), u16(destinationPort), u16(8 + payload.length), u16(0), payload);
  datagram.set(u16(pseudoHeaderChecksum(datagram, UDP, { source: from, destination: to }) || 0xffff), 6);
  return encoded({ from, to }, { protocol: UDP, payload: datagram }, header);
}

/** The packet that carried a message of IKE, with its octets changed (behind the non-ESP marker, where there is one). */
export function ikePacket(
  { carrier, octets }: Pick<OpenedIke, 'carrier' | 'octets'>,
  change?: OctetTamper,
): Uint8Array {
  const { sourcePort, destinationPort, payload } = udpDatagram.decode(carrier.payload).value;
  const marker = payload.subarray(0, payload.length - octets.length);
  return udpPacket({
    from: carrier.source,
    to: carrier.destination,
    sourcePort,
    destinationPort,
    payload: concat(marker, change ? change.apply(octets) : octets),
  });
}

/** Any upper-layer packet between two addresses. */
export function encoded(
  { from, to }: PacketEnds,
  upper: { protocol: number; payload: Uint8Array },
  { hops, dontFragment, options, extensions = [], ...traffic }: HeaderFields = {},
): Uint8Array {
  const common = { source: from, destination: to, ...upper, ...traffic };
  return familyOf(from) === 4
    ? ipPacket.encode({
        version: 4,
        ...common,
        ...(options && { options }),
        ...(dontFragment !== undefined && { dontFragment }),
        ...(hops !== undefined && { timeToLive: hops }),
      } as IpPacket)
    : ipPacket.encode({
        version: 6,
        extensions,
        ...common,
        ...(hops !== undefined && { hopLimit: hops }),
      } as IpPacket);
}

/** The packet as a mobile node sends it from its care-of address: its source is in a home address option (RFC 6275 11.3.1). */
export function fromCareOfAddress(packet: Uint8Array, careOfAddress: Address): Uint8Array {
  return ipPacket.encode(withHomeAddress(ipPacket.decode(packet).value as Ipv6Packet, careOfAddress));
}

/** A mobility message as it is at home, without any header that brings it there (RFC 6275 6.1). */
export function mobilityPacket(ends: PacketEnds, message: MobilityMessage): Uint8Array {
  const payload = encodeMobility(aligned(message), { source: ends.from, destination: ends.to });
  return encoded(ends, { protocol: protocols['Mobility Header'], payload });
}

/** The type 2 routing header of a packet. */
export function routingHeaderIn(packet: IpPacket): RoutingHeader | undefined {
  return packet.version === 6 ? routingHeaderOf(packet) : undefined;
}

/** One that leads to a home address (RFC 6275 section 6.4). */
export function routingHeaderTo(homeAddress: Address): RoutingHeader {
  return {
    type: 'routing',
    routingType: routingTypes['Type 2 Routing Header'],
    segmentsLeft: 1,
    addresses: [homeAddress],
  };
}

/** The packet as a correspondent sends it by way of a care-of address: its destination is in a type 2 routing header (RFC 6275 9.3.2). */
export function viaCareOfAddress(packet: Uint8Array, careOfAddress: Address): Uint8Array {
  return ipPacket.encode(withRoutingHeader(ipPacket.decode(packet).value as Ipv6Packet, careOfAddress));
}

/** The packet behind other extension headers, and between other addresses on the wire; its upper layer stays as it was at home. */
export function behindHeaders(
  packet: Uint8Array,
  extensions: Ipv6Packet['extensions'],
  { from, to }: Partial<PacketEnds> = {},
): Uint8Array {
  const { protocol, payload, source, destination } = ipPacket.decode(packet).value as Ipv6Packet;
  return encoded({ from: from ?? source, to: to ?? destination }, { protocol, payload }, { extensions });
}

/** These headers stand behind ESP, as its first plaintext. `complaint` is what tshark says to them, if anything. */
export function hiddenBehindEsp(extensions: Ipv6Packet['extensions'], complaint?: string): OctetTamper {
  return {
    name: 'headers behind ESP',
    ...(complaint !== undefined && { complaint }),
    apply: (plaintext) => {
      const hidden = encodeExtensions(extensions, plaintext.at(-1)!);
      return concat(hidden, plaintext).with(-1, extensionProtocols[extensions[0]!.type]);
    },
  };
}

/** A neighbor solicitation of a node of the lab, as its only interface would send it (RFC 4861 4.3). */
export function neighborSolicitationPacket(
  node: string,
  { target, from, to = solicitedNodeMulticast(target), namesLinkLayer = from !== '::' }: Soliciting,
): Uint8Array {
  const linkLayerAddress = hardwareAddressOf(node, ONLY_INTERFACE);
  const message = {
    kind: 'neighborSolicitation',
    type: icmpv6Types['Neighbor Solicitation'],
    code: 0,
    targetAddress: target,
    options: namesLinkLayer ? [{ type: 'sourceLinkLayerAddress', linkLayerAddress } as const] : [],
  } as const;
  return icmpv6Packet({ from, to }, message, { hops: ON_LINK });
}

/** An advertisement to all nodes that a node of the lab has this address (RFC 4861 4.4). */
export function neighborAdvertisementPacket(node: string, targetAddress: Address): Uint8Array {
  const linkLayerAddress = hardwareAddressOf(node, ONLY_INTERFACE);
  const message = {
    kind: 'neighborAdvertisement',
    type: icmpv6Types['Neighbor Advertisement'],
    code: 0,
    override: true,
    targetAddress,
    options: [{ type: 'targetLinkLayerAddress', linkLayerAddress }],
  } as const;
  return icmpv6Packet({ from: targetAddress, to: ALL_NODES }, message, { hops: ON_LINK });
}

/** What a router says of itself, by hand. */
export interface RouterByHand extends Partial<Omit<RouterAdvertisement, 'kind' | 'type' | 'options'>> {
  /** Link-local. */
  readonly from: Address;
  readonly options?: readonly NeighborDiscoveryOption[];
  /** Its hop limit, where that is to be another than it must. */
  readonly hops?: number;
}

/** A router advertisement to all nodes, as a node of the lab sends it from its only interface (RFC 4861 4.2). */
export function routerAdvertisementPacket(
  node: string,
  { from, options = [], hops = ON_LINK, ...fields }: RouterByHand,
): Uint8Array {
  const linkLayerAddress = hardwareAddressOf(node, ONLY_INTERFACE);
  const message = {
    kind: 'routerAdvertisement',
    type: icmpv6Types['Router Advertisement'],
    code: 0,
    routerLifetime: 30,
    ...fields,
    options: [{ type: 'sourceLinkLayerAddress', linkLayerAddress }, ...options],
  } as const;
  return icmpv6Packet({ from, to: ALL_NODES }, message, { hops });
}

/** A prefix that a router tells of: of its link, for an hour, and for addresses to be formed from; with the R bit the whole address of the router. */
export function advertisedPrefix(prefix: Address, fields: Partial<PrefixInformation> = {}): PrefixInformation {
  return {
    type: 'prefixInformation',
    prefixLength: 64,
    onLink: true,
    autonomous: true,
    validLifetime: 3_600,
    preferredLifetime: 1_800,
    prefix,
    ...fields,
  };
}

/** A message of ICMPv6 between two addresses, its checksum that of these. */
export function icmpv6Packet(ends: PacketEnds, message: Icmpv6Message, header: HeaderFields = {}): Uint8Array {
  const payload = encodeIcmpv6(message, { source: ends.from, destination: ends.to });
  return encoded(ends, { protocol: ICMPV6, payload }, header);
}

/** A packet in another of IPv6 (RFC 2473). */
export function tunnelledPacket(ends: PacketEnds, inner: Uint8Array): Uint8Array {
  return encoded(ends, { protocol: IPV6, payload: inner });
}

/** An ICMP host unreachable about a packet that somebody sent (RFC 792). */
export function hostUnreachablePacket(ends: PacketEnds, about: Uint8Array): Uint8Array {
  const payload = icmpMessage.encode({
    kind: 'destinationUnreachable',
    type: icmpTypes['Destination Unreachable'],
    code: unreachableCodes['Host Unreachable'],
    originalDatagram: about,
  });
  return encoded(ends, { protocol: ICMP, payload });
}

/** That a packet somebody sent was too long for a link of this MTU, which it quotes (RFC 1191 4, RFC 4443 3.2). */
export function tooBigPacket(ends: PacketEnds, mtu: number, about: Uint8Array): Uint8Array {
  if (familyOf(ends.from) === 6) {
    const { 'Packet Too Big': type } = icmpv6Types;
    return icmpv6Packet(ends, { kind: 'packetTooBig', type, code: 0, mtu, originalPacket: about });
  }
  const payload = icmpMessage.encode({
    kind: 'destinationUnreachable',
    type: icmpTypes['Destination Unreachable'],
    code: unreachableCodes['Fragmentation Needed and DF set'],
    nextHopMtu: mtu,
    originalDatagram: about,
  });
  return encoded(ends, { protocol: ICMP, payload });
}

const ALL_NODES: Address = 'ff02::1';
const ICMP = 1;
const IPV6 = 41;
const ICMPV6 = 58;
/** Hop limit of what never leaves its link (RFC 4861 7.1). */
const ON_LINK = 255;
const UDP = 17;
