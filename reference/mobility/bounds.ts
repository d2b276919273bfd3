/** How much others can make a node keep or do by Mobile IPv6. Reaching a bound is told as a rule's refusal is, under its name. */
import type { Bounds } from '../machine.ts';

export const mobilityBounds = {
  /** Bindings that binding updates made; the oldest gives way. A correspondent may delete any at any time (RFC 6275 9.1), and a case has a handful. */
  bindings: 256,
  /** Correspondents that a mobile node registers with; the oldest gives way. Whoever sends it a packet through its home agent makes it register (RFC 6275 11.7.2). */
  correspondents: 64,
  /** Routers whose advertisements are kept; the oldest gives way. A link has a few. */
  routersHeard: 16,
  /** Home agents of one reply that are kept: more than one message of the minimum MTU has. */
  homeAgents: 64,
  /** Binding Errors in one second, as many at once: limited as ICMPv6 errors are (RFC 6275 9.3.3, RFC 4443 2.4 (f)). */
  bindingErrorsPerSecond: 10,
} as const satisfies Bounds;
