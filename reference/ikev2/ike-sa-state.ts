/**
 * The states of an IKE SA and the transitions between them, as a table that tells the protocol's story (RFC 7296 sections 1.2 to 1.4 and
 * 2.8). A state holds what is known by then and nothing else. Who makes which transition is written in the exchanges; one that is not in
 * the table does not happen.
 */
import type { PseudorandomFunction } from '../transforms/prf.ts';
import type { IdentificationPayload } from '../wire/ike/identity-payloads.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import type { Proposal } from '../wire/ike/proposal.ts';
import type { ChildConfiguration, IkeConnection } from './configuration.ts';
import type { EapAuthenticator } from './eap/authenticator.ts';
import type { PeerIdentity } from './identity.ts';
import type { PacketSelectors } from './interface.ts';
import type { IkeKeyring } from './keymat.ts';
import type { ChosenProposal } from './proposal-selection.ts';
import type { HeldTicket, Presented } from './resumption/session.ts';
import type { Protection } from './sealed-message.ts';

/** What two peers share once IKE_SA_INIT is done. */
export interface Keyed {
  readonly chosen: ChosenProposal;
  readonly keys: IkeKeyring;
  readonly prf: PseudorandomFunction;
  readonly fromInitiator: Protection;
  readonly fromResponder: Protection;
  readonly Ni: Uint8Array;
  readonly Nr: Uint8Array;
}

/** What IKE_AUTH signs besides identities, and what IKE_SA_INIT said of signatures. */
export interface FirstMessages {
  /** The first message of the initiator, the one that was answered with keys, as it was on the wire. */
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  /** Hash algorithms of RFC 7427 that the peer announced. */
  readonly peerHashAlgorithms: readonly number[];
  /** Both have said that they use a postquantum preshared key (RFC 8784). */
  readonly usesPpk?: boolean;
  /** What was said between these and IKE_AUTH (RFC 9242). */
  readonly intermediate?: IntermediateAuthentication;
  /** Where these are of IKE_SESSION_RESUME (RFC 5723). */
  readonly resumed?: Presented;
}

/** What AUTH covers of all exchanges of IKE_INTERMEDIATE so far. */
export interface IntermediateAuthentication {
  readonly exchanges: number;
  /** IntAuth_i and IntAuth_r. */
  readonly i: Uint8Array;
  readonly r: Uint8Array;
}

/** A responder while EAP goes on: what the first IKE_AUTH request said, which is answered when it is over (RFC 7296 section 2.16). */
export interface EapUnderWay {
  readonly IDi: IdentificationPayload;
  /** As it was sent. */
  readonly IDr: IdentificationPayload;
  readonly payloads: readonly Payload[];
  readonly authenticator: EapAuthenticator;
  readonly isOver: boolean;
  /** So far. */
  readonly exchanges: number;
}

/** The child an initiator is asked for: it goes with IKE_AUTH. */
export interface ChildWish {
  readonly child: ChildConfiguration;
  readonly packet?: PacketSelectors;
}

export type IkeSaState =
  | { readonly name: 'idle' }
  | {
      readonly name: 'initSent';
      readonly connection: IkeConnection;
      readonly wish: ChildWish;
      readonly offered: readonly Proposal[];
      readonly group: number;
      readonly groupsTried: readonly number[];
      readonly privateValue: Uint8Array;
      readonly Ni: Uint8Array;
      readonly cookies: readonly Uint8Array[];
      /** The request as AUTH covers it. */
      readonly request: Uint8Array;
    }
  | {
      readonly name: 'resumeSent';
      readonly connection: IkeConnection;
      readonly wish: ChildWish;
      readonly held: HeldTicket;
      readonly Ni: Uint8Array;
      readonly cookies: readonly Uint8Array[];
      /** The request as AUTH covers it. */
      readonly request: Uint8Array;
    }
  | {
      readonly name: 'halfOpen';
      readonly keyed: Keyed;
      readonly first: FirstMessages;
      readonly until: number;
      /** Once the initiator has begun to authenticate by EAP: with which connection, and how far it is. */
      readonly connection?: IkeConnection;
      readonly eap?: EapUnderWay;
    }
  | {
      readonly name: 'authSent';
      readonly connection: IkeConnection;
      readonly keyed: Keyed;
      readonly first: FirstMessages;
      readonly wish: ChildWish;
    }
  | {
      readonly name: 'established';
      readonly connection: IkeConnection;
      readonly keyed: Keyed;
      readonly peer: PeerIdentity;
    }
  | {
      readonly name: 'rekeyed';
      readonly connection: IkeConnection;
      readonly keyed: Keyed;
      readonly peer: PeerIdentity;
      /** When this node closes it, if nobody has. */
      readonly until: number;
    }
  | {
      readonly name: 'deleting';
      readonly connection: IkeConnection;
      readonly keyed: Keyed;
      readonly peer: PeerIdentity;
    }
  | {
      readonly name: 'leftBehind';
      readonly connection: IkeConnection;
      readonly keyed: Keyed;
      readonly peer: PeerIdentity;
    }
  | { readonly name: 'closed' };

export type StateName = IkeSaState['name'];

export type Occasion =
  | 'asks for an IKE SA'
  | 'is asked to ask again'
  | 'asks to resume'
  | 'is refused its ticket'
  | 'is answered IKE_SESSION_RESUME'
  | 'answers IKE_SA_INIT'
  | 'answers IKE_SESSION_RESUME'
  | 'is answered IKE_SA_INIT'
  | 'exchanges further keys'
  | 'is asked for EAP'
  | 'authenticates the peer'
  | 'replaces an IKE SA'
  | 'is replaced'
  | 'asks to delete'
  | 'is left behind'
  | 'ends';

export interface Transition {
  readonly from: StateName;
  readonly on: Occasion;
  readonly to: StateName;
  readonly story: string;
}

/** In the order in which an IKE SA lives through them. */
export const transitions: readonly Transition[] = [
  {
    from: 'idle',
    on: 'asks for an IKE SA',
    to: 'initSent',
    story: 'The initiator draws an SPI, a nonce and a private value, and offers proposals (1.2).',
  },
  {
    from: 'initSent',
    on: 'is asked to ask again',
    to: 'initSent',
    story: 'The responder wants its cookie back (2.6) or another group (1.3): the same request again, with it.',
  },
  {
    from: 'initSent',
    on: 'is answered IKE_SA_INIT',
    to: 'authSent',
    story: 'Both nonces and public values are known: keys are made (2.14), the initiator says who it is and signs.',
  },
  {
    from: 'idle',
    on: 'answers IKE_SA_INIT',
    to: 'halfOpen',
    story: 'The responder chooses a proposal, makes keys and waits, not for ever, to hear who that is.',
  },
  {
    from: 'idle',
    on: 'asks to resume',
    to: 'resumeSent',
    story: 'A ticket of an IKE SA that was interrupted is presented, with a new SPI and nonce (4.3.2 of RFC 5723).',
  },
  {
    from: 'resumeSent',
    on: 'is asked to ask again',
    to: 'resumeSent',
    story: 'The gateway wants its cookie back: the same request again, with it (4.3.2 of RFC 5723).',
  },
  {
    from: 'resumeSent',
    on: 'is refused its ticket',
    to: 'idle',
    story: 'TICKET_NACK: it begins as if there had been no ticket (4.3.2 of RFC 5723).',
  },
  {
    from: 'resumeSent',
    on: 'is answered IKE_SESSION_RESUME',
    to: 'authSent',
    story: 'Both nonces are known: keys are made from the old SK_d (5.1 of RFC 5723), and AUTH will prove them.',
  },
  {
    from: 'idle',
    on: 'answers IKE_SESSION_RESUME',
    to: 'halfOpen',
    story: 'The gateway takes a ticket of its own, and waits to hear that the client has its keys (4.3.2 of RFC 5723).',
  },
  {
    from: 'authSent',
    on: 'exchanges further keys',
    to: 'authSent',
    story: 'An IKE_INTERMEDIATE was answered: the keys are new ones (2.2.2 of RFC 9370), and AUTH will cover it.',
  },
  {
    from: 'halfOpen',
    on: 'exchanges further keys',
    to: 'halfOpen',
    story: 'The same, as the responder has it once its answer has gone out (2.2.2 of RFC 9370).',
  },
  {
    from: 'halfOpen',
    on: 'is asked for EAP',
    to: 'halfOpen',
    story: 'No AUTH yet: the responder proves itself and asks, as often as the method takes (2.16).',
  },
  {
    from: 'halfOpen',
    on: 'authenticates the peer',
    to: 'established',
    story: 'AUTH verifies for the identity asserted, and the PAD knows it: the responder signs in its turn (1.2).',
  },
  {
    from: 'authSent',
    on: 'authenticates the peer',
    to: 'established',
    story: "The responder's AUTH verifies as well; the first child, if it was not refused, is there (1.2).",
  },
  {
    from: 'idle',
    on: 'replaces an IKE SA',
    to: 'established',
    story:
      'CREATE_CHILD_SA made it from an older one (1.3.2): it is born established and inherits the children (2.18).',
  },
  {
    from: 'established',
    on: 'is replaced',
    to: 'rekeyed',
    story:
      'A newer IKE SA has its children; it answers what still comes until somebody deletes it (2.8), this node in the end.',
  },
  {
    from: 'established',
    on: 'asks to delete',
    to: 'deleting',
    story: 'Delete has been sent for the IKE SA itself; nothing new begins on it (1.4.1).',
  },
  {
    from: 'rekeyed',
    on: 'asks to delete',
    to: 'deleting',
    story: 'Who began the rekeying deletes the old IKE SA (2.8).',
  },
  {
    from: 'established',
    on: 'is left behind',
    to: 'leftBehind',
    story:
      'One end has moved and does not take it along: nothing is said or heard on it any more, and its children live on (6.1.7 and 10.3.1 of RFC 6275).',
  },
  { from: 'idle', on: 'ends', to: 'closed', story: 'Refused before it had any keys.' },
  { from: 'initSent', on: 'ends', to: 'closed', story: 'Nobody answered, or nothing was in common (2.7).' },
  { from: 'resumeSent', on: 'ends', to: 'closed', story: 'Nobody answered (4.3.2 of RFC 5723).' },
  { from: 'halfOpen', on: 'ends', to: 'closed', story: 'Nobody came to authenticate, or failed to (2.21.2).' },
  {
    from: 'authSent',
    on: 'ends',
    to: 'closed',
    story: 'The responder refused us, or did not prove who it is (2.21.2).',
  },
  { from: 'established', on: 'ends', to: 'closed', story: 'The peer deleted it, or answers no more (2.4, 1.4.1).' },
  { from: 'rekeyed', on: 'ends', to: 'closed', story: 'The peer deleted what it had replaced (2.8).' },
  {
    from: 'leftBehind',
    on: 'ends',
    to: 'closed',
    story: 'The same peer has a new IKE SA, or says that it has no other (2.4; 7.4 of RFC 4877).',
  },
  { from: 'deleting', on: 'ends', to: 'closed', story: 'The peer has confirmed, or answers no more (1.4.1).' },
];
