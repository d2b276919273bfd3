/**
 * Assigned Internet Protocol Numbers (IANA registry protocol-numbers), as far as IPsec and Mobile IPv6 laboratories
 * meet them.
 */
import { nameIn } from '../fields.ts';

export const protocols = {
  HOPOPT: 0,
  ICMP: 1,
  IGMP: 2,
  IPv4: 4,
  TCP: 6,
  UDP: 17,
  IPv6: 41,
  'IPv6-Route': 43,
  'IPv6-Frag': 44,
  GRE: 47,
  ESP: 50,
  AH: 51,
  'IPv6-ICMP': 58,
  'IPv6-NoNxt': 59,
  'IPv6-Opts': 60,
  OSPFIGP: 89,
  IPComp: 108,
  L2TP: 115,
  SCTP: 132,
  'Mobility Header': 135,
  UDPLite: 136,
  HIP: 139,
  Shim6: 140,
} as const;

/** The name for people: `ESP`, or the number. */
export function protocolName(protocol: number): string {
  return nameIn(protocols, protocol) ?? String(protocol);
}
