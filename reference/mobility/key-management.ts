/** Key management as Mobile IPv6 sees it (RFC 6275 sections 10.3.1 and 11.7.3): connections with ends, which bindings move. */
import type { Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';

/** Of this node, as far as a binding is its concern. */
export interface KeyManagement {
  /** It takes along whoever has moved (the K bit): this peer, or any. Not so where it is told of none. */
  canMove(peer?: Address): boolean;
  /** One end of its connections is here now: the node's own of those with a peer, or that of the mobile node with a home address. */
  endMoved(now: Instant, of: EndOf, to: Address, fate: FateOfKeyManagement): void;
}

export type EndOf = { readonly peer: Address } | { readonly homeAddress: Address };

/** Of a connection with an end that has moved. The SAs that it made survive whatever becomes of it (section 6.1.7). */
export type FateOfKeyManagement = 'follows' | 'discarded' | 'renewed' | 'stays';
