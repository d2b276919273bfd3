/**
 * Neighbor solicitation and advertisement, RFC 4861 sections 4.3, 4.4 and 7.2, as packets: the question, the answer, and what somebody else's
 * says. The lab's addresses are given, so that a node tests only those it speaks for (`duplicate-address-detection.ts`); the tests of others are answered.
 */
import { type Address, solicitedNodeMulticast } from '../wire/address.ts';
import type { MacAddress } from '../wire/address-fields.ts';
import { checksumIsRight } from '../wire/echo.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Message, icmpv6Types } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { NetworkInterface } from './interfaces.ts';
import type { HostRules } from './rules.ts';

/** What a solicitation or an advertisement says. */
export interface NeighborMessage {
  readonly kind: 'solicitation' | 'advertisement';
  /** Who sent it; `::` for a node that has no address yet. */
  readonly source: Address;
  /** Of the sender of a solicitation, or of the target of an advertisement. */
  readonly hardwareAddress?: MacAddress;
  readonly target: Address;
  /** Of an advertisement: it answers a solicitation, comes from a router, replaces what is known. */
  readonly solicited: boolean;
  readonly router: boolean;
  readonly override: boolean;
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

/** Undefined for a message that the rules ignore, or of another kind. Throws `MalformedOctets`. */
export function readNeighborDiscovery(packet: Ipv6Packet, rules: HostRules): NeighborMessage | undefined {
  const message = icmpv6Message.decode(packet.payload).value;
  if (message.kind !== 'neighborSolicitation' && message.kind !== 'neighborAdvertisement') return undefined;
  const { source, destination, hopLimit = 0 } = packet;
  const { code, targetAddress: target } = message;
  const sourceOption = message.options.find((one) => one.type === 'sourceLinkLayerAddress');
  const targetOption = message.options.find((one) => one.type === 'targetLinkLayerAddress');
  const isSolicitation = message.kind === 'neighborSolicitation';
  const flags = isSolicitation ? { solicited: false, router: false, override: false } : flagsOf(message);
  const kind = isSolicitation ? 'solicitation' : 'advertisement';
  const claim = { kind, hopLimit, code, source, destination, target, solicited: flags.solicited } as const;
  const hasSourceLinkLayerAddress = sourceOption !== undefined;
  const checksumHolds = checksumIsRight(packet);
  if (!rules.neighborMessageAcceptable({ ...claim, checksumHolds, hasSourceLinkLayerAddress })) return undefined;
  const option = isSolicitation ? sourceOption : targetOption;
  return { kind, source, target, ...flags, ...(option && { hardwareAddress: option.linkLayerAddress }) };
}

function flagsOf({ solicited = false, router = false, override = false }: NeighborAdvertisement) {
  return { solicited, router, override };
}

type NeighborAdvertisement = Extract<Icmpv6Message, { kind: 'neighborAdvertisement' }>;

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
  /** The target is a router. */
  readonly router: boolean;
}

/** The node of this interface has the target's packets; the advertisement comes from an address of its own. */
export function neighborAdvertisement(
  from: NetworkInterface,
  { target, asker, override, router }: Advertising,
): IpPacket {
  const solicited = asker !== undefined && asker !== UNSPECIFIED;
  const source = from.owns(target) ? target : (from.addressTowards(target) ?? from.linkLocalAddress);
  return packet(source, solicited ? asker : ALL_NODES, {
    kind: 'neighborAdvertisement',
    type: icmpv6Types['Neighbor Advertisement'],
    code: 0,
    router,
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
