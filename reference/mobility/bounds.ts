/** How much others can make a node keep or do by Mobile IPv6. Reaching a bound is told as a rule's refusal is, under its name. */
import type { Bounds } from '../machine.ts';

export const mobilityBounds = {
  /** Bindings that binding updates made; the oldest gives way. A correspondent may delete any at any time (RFC 6275 9.1), and a case has a handful. */
  bindings: 256,
  /** Correspondents that a mobile node registers with; the oldest gives way. Whoever sends it a packet through its home agent makes it register (RFC 6275 11.7.2). */
  correspondents: 64,
  /** Home keygen tokens of one mobile node or of one of its registrations, and as many care-of keygen tokens; the oldest gives way. A case has a handful. */
  keygenTokens: 256,
  /** Routers whose advertisements are kept; the oldest gives way. A link has a few. */
  routersHeard: 16,
  /** Home agents of one reply that are kept: more than one message of the minimum MTU has. */
  homeAgents: 64,
  /** Other home agents of a home link; the oldest gives way. A link has a few. */
  homeAgentsListed: 16,
  /** Addresses of one of them; the oldest give way. A reply has room for 77 of all. */
  addressesOfHomeAgent: 77,
  /** Prefixes of a home link that others told of; the oldest gives way. An advertisement to a mobile node has room for 37 within the minimum MTU. */
  homePrefixes: 32,
  /**
   * Former bindings of which the last sequence number is known until their nonces are too old; where one gives way, its nonces go, and whoever relied on
   * them asks again (RFC 6275 5.2.8). Four times the bindings: each could be deleted and made again several times in the four minutes of a nonce.
   */
  formerBindings: 1024,
  /** Nonces at once. Nine last 240 s at one in 30 s; beyond those a deleted binding asks for one before its time, until there are so many. */
  nonces: 16,
  /** Bindings whose packets come back as undeliverable; the oldest is forgotten. A case has one. */
  unreachableBindings: 64,
  /** Packets that an ICMPv6 error is believed about; of the oldest none is. An error comes within the time of a way there and back. */
  packetsRemembered: 64,
  /** Octets of a packet that is given a header with a home address, or a tunnel: those add up to 88, and a packet of IPv6 ends at 65,575. */
  packetOctets: 65_000,
  /** Home registrations that wait for the test of their addresses, a second each: two addresses of each are half of what a link tests at once. */
  registrationsUnderTest: 16,
  /** Tunnels one inside the other in one packet: a packet through the home agent has one, and one more where IPsec made a tunnel within. */
  nestedTunnels: 4,
  /** Binding Errors in one second, as many at once: limited as ICMPv6 errors are (RFC 6275 9.3.3, RFC 4443 2.4 (f)). */
  bindingErrorsPerSecond: 10,
} as const satisfies Bounds;
