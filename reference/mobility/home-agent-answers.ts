/**
 * What a home agent answers by ICMPv6: who serves a home link (RFC 6275 sections 6.5, 6.6 and 10.5), and which prefixes it has (sections 6.7, 6.8 and 10.6).
 */
import type { Address } from '../wire/address.ts';
import {
  encodeIcmpv6,
  type Icmpv6Message,
  icmpv6Message,
  icmpv6Types,
  type MobilePrefixAdvertisement,
} from '../wire/icmpv6.ts';
import { withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';

export type Asked = Extract<Icmpv6Message, { kind: 'homeAgentAddressDiscoveryRequest' | 'mobilePrefixSolicitation' }>;

/** The message, if it asks a home agent something. Throws `MalformedOctets`. */
export function askedOf({ protocol, payload }: Ipv6Packet): Asked | undefined {
  if (protocol !== protocols['IPv6-ICMP']) return undefined;
  const message = icmpv6Message.decode(payload).value;
  const asks = message.kind === 'homeAgentAddressDiscoveryRequest' || message.kind === 'mobilePrefixSolicitation';
  return asks ? message : undefined;
}

/** These home agents of the link (section 10.5.1). */
export function discoveryReply(
  { identifier }: Asked,
  ends: { readonly source: Address; readonly destination: Address },
  homeAgents: readonly Address[],
): Ipv6Packet {
  return packet(ends, {
    kind: 'homeAgentAddressDiscoveryReply',
    type: icmpv6Types['Home Agent Address Discovery Reply'],
    code: 0,
    identifier,
    homeAgentAddresses: homeAgents,
  });
}

/** The prefixes of the home link, by way of the care-of address (section 10.6.3). */
export function prefixAdvertisement(
  { source, homeAddress, careOfAddress }: { readonly [end in 'source' | 'homeAddress' | 'careOfAddress']: Address },
  told: Pick<MobilePrefixAdvertisement, 'identifier' | 'managed' | 'otherConfiguration' | 'options'>,
): Ipv6Packet {
  const type = icmpv6Types['Mobile Prefix Advertisement'];
  const message = { kind: 'mobilePrefixAdvertisement', type, code: 0, ...told } as const;
  return withRoutingHeader(packet({ source, destination: homeAddress }, message), careOfAddress);
}

function packet(ends: { readonly source: Address; readonly destination: Address }, message: Icmpv6Message): Ipv6Packet {
  const payload = encodeIcmpv6(message, ends);
  return { version: 6, ...ends, extensions: [], protocol: protocols['IPv6-ICMP'], payload };
}
