/**
 * The tunnels between a mobile node and its home agent: IPv6 encapsulation (RFC 2473), as RFC 6275 sections 10.4.2 and 11.3.1 use it. Whose ends they have,
 * and who is let out of one, is decided by the roles.
 */
import type { Address } from '../wire/address.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';

export interface Tunnel {
  readonly source: Address;
  readonly destination: Address;
}

export function encapsulated(inner: Ipv6Packet, { source, destination }: Tunnel): Ipv6Packet {
  const { dscp = 0, ecn = 0 } = inner;
  const payload = ipPacket.encode(inner);
  return { version: 6, source, destination, dscp, ecn, extensions: [], protocol: protocols.IPv6, payload };
}

/** Undefined where the payload is no packet of IPv6. */
export function innerPacket({ protocol, payload }: Ipv6Packet): Ipv6Packet | undefined {
  if (protocol !== protocols.IPv6) return undefined;
  try {
    const { trailer: _padding, ...inner } = ipPacket.decode(payload).value as IpPacket;
    return inner.version === 6 ? (inner as Ipv6Packet) : undefined;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}
