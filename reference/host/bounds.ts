/** How much others can make a host keep or do, outside IPsec and IKE. Reaching a bound is told as a rule's refusal is, under its name. */
import type { Bounds } from '../machine.ts';

export const hostBounds = {
  /** Packets that wait for their missing pieces, 64 KiB each and a minute long (RFC 1122 3.3.2); the oldest gives way. A scenario has a handful at once. */
  partialPackets: 64,
  /** Neighbors whose hardware address is known; the oldest gives way, and is asked for again when needed. A link of the lab has some ten. */
  neighbors: 1024,
  /** Neighbors asked for at once, with at most three seconds each (RFC 4861 10): whoever sends from made-up addresses makes a host ask for each. */
  unresolvedNeighbors: 128,
  /** Addresses whose duplicates are looked for at once, a second each (RFC 4862 5.4): binding updates make a home agent look. */
  tentativeAddresses: 64,
  /** Packets that wait for one neighbor; RFC 4861 7.2.2 wants one at least, and the oldest to give way. Sixteen let a burst of a scenario through. */
  packetsForNeighbor: 16,
  /** Connections that others have opened to sinks; the oldest gives way. A sink answers the opening and the end, and keeps no data. */
  connections: 256,
  /** Datagrams and connections that sinks report; a report holds them all. Far more than any case sends to a sink. */
  deliveries: 16_384,
  /** Octets in them: a state report goes into a bundle, where each octet takes two characters. */
  deliveredOctets: 4_194_304,
  /** ICMP errors in one second, as many at once: RFC 4443 2.4 (f) wants a limit and gives this one, RFC 1812 4.3.2.8 wants one too. */
  errorsPerSecond: 10,
} as const satisfies Bounds;
