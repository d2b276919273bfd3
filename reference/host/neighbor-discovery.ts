/**
 * Neighbor solicitation and advertisement, RFC 4861 sections 4.3, 4.4 and 7.2, as packets: the question, the answer, and what somebody else's
 * says. The lab's addresses are given, so that a node tests only those it speaks for (`duplicate-address-detection.ts`); the tests of others are answered.
 */
import { type Address, solicitedNodeMulticast } from '../wire/address.ts';
import type { MacAddress } from '../wire/address-fields.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Message, icmpv6Types } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { NetworkInterface } from './interfaces.ts';

/** What a solicitation or an advertisement says. */
export interface NeighborMessage {
  readonly kind: 'solicitation' | 'advertisement';
  /** Whose hardware address may be learnt from it; `::` for a node that has none yet. */
  readonly neighbor: Address;
  readonly hardwareAddress?: MacAddress;
  readonly target: Address;
  /** Of an advertisement: it answers a solicitation. */
  readonly solicited?: boolean;
}

/** The kinds of RFC 4861: they concern the link alone. Redirects and routers' messages are not acted upon. */
export function isNeighborDiscovery(packet: IpPacket): packet is Ipv6Packet {
  const type = packet.payload[0] ?? 0;
  return (
    packet.protocol === protocols['IPv6-ICMP'] &&
    type >= icmpv6Types['Router Solicitation'] &&
    type <= icmpv6Types['Redirect Message']
  );
}

/** Undefined for a message that RFC 4861 section 7.1 ignores, or of another kind. Throws `MalformedOctets`. */
export function readNeighborDiscovery(packet: Ipv6Packet): NeighborMessage | undefined {
  if (packet.hopLimit !== HOP_LIMIT) return undefined;
  const message = icmpv6Message.decode(packet.payload).value;
  if (message.kind === 'neighborSolicitation') {
    const option = message.options.find((one) => one.type === 'sourceLinkLayerAddress');
    return {
      kind: 'solicitation',
      neighbor: packet.source,
      ...(option && { hardwareAddress: option.linkLayerAddress }),
      target: message.targetAddress,
    };
  }
  if (message.kind === 'neighborAdvertisement') {
    const option = message.options.find((one) => one.type === 'targetLinkLayerAddress');
    return {
      kind: 'advertisement',
      solicited: message.solicited,
      neighbor: message.targetAddress,
      ...(option && { hardwareAddress: option.linkLayerAddress }),
      target: message.targetAddress,
    };
  }
  return undefined;
}

/** From the address that speaks for the interface unless another is given; to the target itself where it is asked whether it is there still. */
export function neighborSolicitation(
  from: NetworkInterface,
  target: Address,
  { source = from.addressTowards(target) ?? from.linkLocalAddress, destination = solicitedNodeMulticast(target) } = {},
): IpPacket {
  return packet(source, destination, {
    kind: 'neighborSolicitation',
    type: icmpv6Types['Neighbor Solicitation'],
    code: 0,
    targetAddress: target,
    options: [{ type: 'sourceLinkLayerAddress', linkLayerAddress: from.hardwareAddress }],
  });
}

/** The question of duplicate address detection: from nobody, without a hardware address (RFC 4862 section 5.4.2). */
export function duplicateSolicitation(target: Address): IpPacket {
  return packet(UNSPECIFIED, solicitedNodeMulticast(target), {
    kind: 'neighborSolicitation',
    type: icmpv6Types['Neighbor Solicitation'],
    code: 0,
    targetAddress: target,
    options: [],
  });
}

export interface Advertising {
  readonly target: Address;
  /** To whom it is an answer; `::` for one that has no address yet, who is answered with all nodes (section 7.2.4). Absent: nobody asked (7.2.6). */
  readonly asker?: Address;
  /** It replaces what the receiver knows. */
  readonly override: boolean;
}

/** The node of this interface has the target's packets; the advertisement comes from an address of its own. */
export function neighborAdvertisement(from: NetworkInterface, { target, asker, override }: Advertising): IpPacket {
  const solicited = asker !== undefined && asker !== UNSPECIFIED;
  const source = from.owns(target) ? target : (from.addressTowards(target) ?? from.linkLocalAddress);
  return packet(source, solicited ? asker : ALL_NODES, {
    kind: 'neighborAdvertisement',
    type: icmpv6Types['Neighbor Advertisement'],
    code: 0,
    solicited,
    override,
    targetAddress: target,
    options: [{ type: 'targetLinkLayerAddress', linkLayerAddress: from.hardwareAddress }],
  });
}

function packet(source: Address, destination: Address, message: Icmpv6Message): IpPacket {
  return {
    version: 6,
    source,
    destination,
    hopLimit: HOP_LIMIT,
    extensions: [],
    protocol: protocols['IPv6-ICMP'],
    payload: encodeIcmpv6(message, { source, destination }),
  };
}

/** Section 7.1: whoever sent it is on this link. */
const HOP_LIMIT = 255;
const UNSPECIFIED: Address = '::';
const ALL_NODES: Address = 'ff02::1';
