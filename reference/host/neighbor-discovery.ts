/**
 * Neighbor solicitation and advertisement, RFC 4861 sections 4.3, 4.4 and 7.2, as packets: the question, the answer, and what somebody else's
 * says. Duplicate address detection is left out (the lab's addresses are given), but the one of others is answered.
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
      neighbor: message.targetAddress,
      ...(option && { hardwareAddress: option.linkLayerAddress }),
      target: message.targetAddress,
    };
  }
  return undefined;
}

export function neighborSolicitation(from: NetworkInterface, target: Address): IpPacket {
  return packet(from.addressTowards(target) ?? from.linkLocalAddress, solicitedNodeMulticast(target), {
    kind: 'neighborSolicitation',
    type: icmpv6Types['Neighbor Solicitation'],
    code: 0,
    targetAddress: target,
    options: [{ type: 'sourceLinkLayerAddress', linkLayerAddress: from.hardwareAddress }],
  });
}

/** The answer to `asker`; to all nodes where the asker has no address yet (section 7.2.4). */
export function neighborAdvertisement(from: NetworkInterface, target: Address, asker: Address): IpPacket {
  const solicited = asker !== UNSPECIFIED;
  return packet(target, solicited ? asker : ALL_NODES, {
    kind: 'neighborAdvertisement',
    type: icmpv6Types['Neighbor Advertisement'],
    code: 0,
    solicited,
    override: true,
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
