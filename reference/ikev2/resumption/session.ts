/** What outlives an IKE SA (RFC 5723 section 5, the rows "from the ticket"), and the tickets that stand for it. */
import type { Instant } from '../../machine.ts';
import type { PeerIdentity } from '../identity.ts';
import type { ChosenProposal } from '../proposal-selection.ts';

export interface Session {
  /** By name. */
  readonly connection: string;
  /** The algorithms, without the exchanges of keys. */
  readonly chosen: ChosenProposal;
  readonly SK_d: Uint8Array;
  readonly IDi: PeerIdentity;
  readonly IDr: PeerIdentity;
  /** Whom the other side was authenticated as. */
  readonly peer: PeerIdentity;
  /** Of the IKE SA that it is the session of, in hex. */
  readonly spis: { readonly initiatorSPI: string; readonly responderSPI: string };
}

/** All of a node's. */
export interface Tickets {
  /** As gateway, by name in hex, the oldest first. */
  readonly given: Map<string, GivenTicket>;
  /** As client, the last one of each connection. */
  readonly held: Map<string, HeldTicket>;
}

export interface GivenTicket {
  readonly session: Session;
  readonly proof: Uint8Array;
  readonly expires: Instant;
  readonly wasUsed: boolean;
}

/** A ticket as it is presented, and what it stands for. */
export interface Presented {
  readonly session: Session;
  readonly ticket: Uint8Array;
}

export interface HeldTicket extends Presented {
  readonly until: Instant;
}
