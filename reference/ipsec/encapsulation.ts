/**
 * UDP encapsulation of ESP, RFC 3948: ESP, IKE behind its non-ESP marker, and NAT keepalives share UDP port 4500. Which of the three a
 * datagram is, is a rule; the checksum of an encapsulated packet is zero over IPv4 (section 2.1) and computed over IPv6.
 */
import { type Address, familyOf } from '../wire/address.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16 } from '../wire/octets.ts';
import { encodeUdp } from '../wire/udp.ts';
import type { IpsecRules } from './rules.ts';

export interface Encapsulation {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** What arrived at UDP port 4500. */
export type PortContent = { readonly kind: 'esp'; readonly esp: Uint8Array } | { readonly kind: 'ike' | 'keepalive' };

/** UDP header and ESP packet, as the payload of an IP packet between these addresses. */
export function inUdp(
  esp: Uint8Array,
  { sourcePort, destinationPort }: Encapsulation,
  addresses: { readonly source: Address; readonly destination: Address },
): Uint8Array {
  const checksum = familyOf(addresses.source) === 4 ? 0 : undefined;
  return encodeUdp({ sourcePort, destinationPort, checksum, payload: esp }, addresses);
}

/** What a packet to UDP port 4500 holds; undefined for any other packet. */
export function portContent(packet: IpPacket, rules: IpsecRules): PortContent | undefined {
  const { protocol, payload } = packet;
  if (protocol !== protocols.UDP || payload.length < UDP_HEADER || readU16(payload, 2) !== NAT_TRAVERSAL_PORT) {
    return undefined;
  }
  const datagram = payload.subarray(UDP_HEADER, readU16(payload, 4));
  if (rules.isKeepalive(datagram)) return { kind: 'keepalive' };
  if (rules.ikeMessageIn(datagram, NAT_TRAVERSAL_PORT)) return { kind: 'ike' };
  return { kind: 'esp', esp: datagram };
}

export const NAT_TRAVERSAL_PORT = 4500;

const UDP_HEADER = 8;
