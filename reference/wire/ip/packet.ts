/** An IP packet of either version, told apart by its first four bits (RFC 791 section 3.1, RFC 8200 section 3). */
import { choice } from '../groups.ts';
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
