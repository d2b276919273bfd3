/**
 * Router solicitations and advertisements (RFC 4861 sections 4.1 and 4.2) as packets, and what is read from one that came. When a router sends them is
 * `router-advertisements.ts`; what a host makes of them is left to whoever moves.
 */

import type { LinkMessage } from '../mobility/link-message.ts';
import { type Address, parsePrefix, prefixRange } from '../wire/address.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Message, icmpv6Types } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { NeighborDiscoveryOption, PrefixInformation } from '../wire/neighbor-discovery-options.ts';
import type { AdvertisedPrefix, AdvertisingConfiguration } from './configuration.ts';
import type { NetworkInterface } from './interfaces.ts';
import type { HostRules, RouterMessageClaim } from './rules.ts';

/** Undefined for a message of another kind, or one that the rules ignore. Throws `MalformedOctets`. */
export function readRouterMessage(packet: Ipv6Packet, rules: HostRules): LinkMessage | undefined {
  const message = icmpv6Message.decode(packet.payload).value;
  if (message.kind !== 'routerSolicitation' && message.kind !== 'routerAdvertisement') return undefined;
  const { source, hopLimit = 0 } = packet;
  const option = message.options.find((one) => one.type === 'sourceLinkLayerAddress');
  const hardwareAddress = option && { hardwareAddress: option.linkLayerAddress };
  const claim: RouterMessageClaim = { hopLimit, code: message.code, source, hasLinkLayerAddress: option !== undefined };
  if (message.kind === 'routerSolicitation') {
    return rules.solicitationAcceptable(claim) ? { kind: message.kind, source, ...hardwareAddress } : undefined;
  }
  return rules.advertisementAcceptable(claim) ? { kind: message.kind, source, message, ...hardwareAddress } : undefined;
}

export function routerSolicitation(from: NetworkInterface): Ipv6Packet {
  return packet(from.linkLocalAddress, ALL_ROUTERS, {
    kind: 'routerSolicitation',
    type: icmpv6Types['Router Solicitation'],
    code: 0,
    options: [{ type: 'sourceLinkLayerAddress', linkLayerAddress: from.hardwareAddress }],
  });
}

/** To all nodes of the link. */
export function routerAdvertisement(
  from: NetworkInterface,
  { interval, routerLifetime, retransTimer = 0, prefixes, homeAgent }: AdvertisingConfiguration,
  rules: HostRules,
): Ipv6Packet {
  const advertisementInterval = rules.advertisedInterval(interval.told ?? interval.most);
  const options: NeighborDiscoveryOption[] = [
    { type: 'sourceLinkLayerAddress', linkLayerAddress: from.hardwareAddress },
    ...prefixes.map(prefixInformation),
    { type: 'advertisementInterval', advertisementInterval },
  ];
  if (homeAgent) {
    const { preference: homeAgentPreference, lifetime: homeAgentLifetime } = homeAgent;
    options.push({ type: 'homeAgentInformation', homeAgentPreference, homeAgentLifetime });
  }
  return packet(from.linkLocalAddress, ALL_NODES, {
    kind: 'routerAdvertisement',
    type: icmpv6Types['Router Advertisement'],
    code: 0,
    homeAgent: homeAgent !== undefined,
    routerLifetime,
    retransTimer,
    options,
  });
}

export function prefixInformation(told: AdvertisedPrefix): PrefixInformation {
  const prefix = parsePrefix(told.prefix);
  const { routerAddress, validLifetime, preferredLifetime } = told;
  return {
    type: 'prefixInformation',
    prefixLength: prefix.length,
    onLink: true,
    autonomous: true,
    routerAddress,
    validLifetime,
    preferredLifetime,
    prefix: routerAddress ? prefix.address : prefixRange(prefix).first,
  };
}

function packet(source: Address, destination: Address, message: Icmpv6Message): Ipv6Packet {
  const payload = encodeIcmpv6(message, { source, destination });
  const protocol = protocols['IPv6-ICMP'];
  return { version: 6, source, destination, hopLimit: HOP_LIMIT, extensions: [], protocol, payload };
}

/** RFC 4861 6.1: whoever sent it is on this link. */
const HOP_LIMIT = 255;
const ALL_NODES: Address = 'ff02::1';
const ALL_ROUTERS: Address = 'ff02::2';
