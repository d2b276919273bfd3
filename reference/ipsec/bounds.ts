/**
 * How much others can make IPsec do for one packet. What one ICV costs is bounded by the packet, how many are computed by the rule
 * `resynchronizationRetries`, the SAD and SPD by whoever fills them. Reaching a bound is told as a rule's refusal is, under its name.
 */
import type { Bounds } from '../machine.ts';

export const ipsecBounds = {
  /** SAs one inside the other in one packet (RFC 4301 appendix E); each takes twenty octets and an ICV, so that sixty would fit an Ethernet frame. */
  nestedSas: 8,
  /** Octets of a packet that goes under an SA: outer header, UDP, trailer and ICV add some four hundred at most, and an IP packet ends at 65,535. */
  packetOctets: 65_000,
} as const satisfies Bounds;
