/**
 * An IP packet of either version, told apart by its first four bits (RFC 791 section 3.1, RFC 8200 section 3), and
 * what both versions can be asked: whether it is a fragment, and which addresses an upper-layer checksum covers.
 */
import type { Endpoints } from '../checksum.ts';
import { MalformedOctets } from '../dissection.ts';
import { choice } from '../groups.ts';
import { headersBeforeAuthentication } from './home-addresses.ts';
import { type Ipv4Packet, ipv4Packet } from './ipv4.ts';
import { type Ipv6Packet, ipv6Packet } from './ipv6.ts';

export type IpPacket = Ipv4Packet | Ipv6Packet;

/** Reads version 6 where the first four bits say so and version 4 otherwise, which then faults on any other number. */
export const ipPacket = choice<IpPacket>(
  'ip',
  'Internet Protocol',
  ({ octets, offset, left }) => (left > 0 && octets[offset]! >> 4 === 6 ? ipv6Packet : ipv4Packet),
  (packet) => (packet.version === 6 ? ipv6Packet : ipv4Packet),
);

/** Undefined for octets that are no packet, or one that is cut off in its headers. */
export function readIpPacket(octets: Uint8Array): IpPacket | undefined {
  try {
    return ipPacket.decode(octets).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

/** Whether the payload is only a piece of an upper-layer packet. An atomic fragment (RFC 6946) is whole. */
export function isFragment(packet: IpPacket): boolean {
  if (packet.version === 4) return (packet.fragmentOffset ?? 0) > 0 || packet.moreFragments === true;
  return packet.extensions.some(
    (extension) => extension.type === 'fragment' && (extension.fragmentOffset > 0 || extension.moreFragments),
  );
}

/** The same of a packet that arrives: a Fragment header behind AH is none before AH is verified (RFC 8200 section 4: headers are read in their order). */
export function arrivesAsFragment(packet: IpPacket): boolean {
  return isFragment(packet.version === 4 ? packet : { ...packet, extensions: headersBeforeAuthentication(packet) });
}

/**
 * The addresses of the pseudo-header: the final destination of a routing header that is not used up (RFC 8200 section
 * 8.1), and the home address of a Home Address option in place of the source (RFC 6275 section 11.3.1).
 */
export function pseudoHeaderEndpoints(packet: IpPacket): Endpoints {
  let { source, destination } = packet;
  if (packet.version === 4) return { source, destination };
  for (const extension of packet.extensions) {
    if (extension.type === 'routing' && extension.segmentsLeft > 0)
      destination = extension.addresses?.at(-1) ?? destination;
    if (extension.type !== 'destinationOptions') continue;
    for (const option of extension.options) if (option.type === 'homeAddress') source = option.homeAddress;
  }
  return { source, destination };
}
