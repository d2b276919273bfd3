/**
 * An IKE SA as every file of this folder speaks of it, and what it finds around it. An IKE SA reaches the others of its node through its
 * surroundings, so the two types stand in one file and nothing but types is here: how an IKE SA lives is `living-ike-sa.ts`, what is told
 * and drawn in its surroundings is `surroundings.ts`, and what its messages do is written in the exchanges.
 */
import type { CertificateRules } from '../certificates/rules.ts';
import type { Env, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { ChildSa, NamedSpi } from './child-sa.ts';
import type { IkeConnection, IkeSettings } from './configuration.ts';
import type { InitiatedExchange } from './exchange.ts';
import type { IkeSaState, Keyed, Occasion } from './ike-sa-state.ts';
import type { Fragment, IkeEffect, IkeSeams, OriginalRole, Path } from './interface.ts';
import type { MessageIdWindow } from './message-id-window.ts';
import type { Tickets } from './resumption/session.ts';
import type { Ikev2Rules } from './rules.ts';
import type { Protection } from './sealed-message.ts';

export interface IkeSa {
  readonly surroundings: Surroundings;
  /** This node's role when this IKE SA began. */
  readonly role: OriginalRole;
  readonly initiatorSPI: Uint8Array;
  /** Zero until the responder has drawn it. */
  responderSPI: Uint8Array;
  path: Path;
  readonly state: IkeSaState;
  children: ChildSa[];
  /** Addresses behind the responder that are the initiator's as long as this IKE SA lives (RFC 7296 2.19). */
  internalAddresses: readonly Address[];
  readonly window: MessageIdWindow<InitiatedExchange>;
  /** What NAT detection said: whether somebody rewrites addresses, and whether the peer is the one behind. */
  nat: NatDetection;
  /** Where MOBIKE was agreed on (RFC 4555). */
  mobike: Mobike | undefined;
  /** Message ID of the newest request of the peer that was about its addresses. */
  newestAddresses: number | undefined;
  /** Whether both peers have said that they want fragments (RFC 7383 section 2.3). */
  fragmentation: boolean;
  /** Fragments that wait for the rest. */
  gathering: readonly FragmentQueue[];
  /** The keys before each IKE_INTERMEDIATE exchange: a request that comes again has its own (RFC 9242 section 3.3.1). */
  readonly earlierKeys: Keyed[];
  peersRekeying: PeersRekeying | undefined;
  /** What has replaced it, once something has. */
  successor: IkeSa | undefined;
  /** What the peer has deleted and is not known here, while an answer may be on its way that would make it known (section 2.25.1). */
  deletedMeanwhile: readonly NamedSpi[];
  /** As responder: what waits for further keys, the oldest first. */
  followUps: readonly FollowUp[];
  /** What is to begin later. */
  postponed: PostponedExchange[];
  /** When its peer was last known to live, or asked. */
  livedAt: Instant;
  readonly keyed: Keyed | undefined;
  readonly connection: IkeConnection | undefined;
  /** What RFC 7296 section 2.25 asks of requests that come meanwhile. */
  readonly activity: 'established' | 'rekeying' | 'deleting';
  readonly spis: { readonly initiatorSPI: string; readonly responderSPI: string };

  /** Takes the transition of the table for this occasion. Throws where there is none: that would be our own mistake. */
  become(on: Occasion, state: IkeSaState): void;
  /** What this node seals with. */
  outboundProtection(keyed: Keyed): Protection;
  /** What the peer seals with. */
  inboundProtection(keyed: Keyed): Protection;
  /** Begins an exchange as soon as the window has room for it, after whatever waits already, or before that. */
  begin(exchange: InitiatedExchange | MovableExchange, turn?: 'last' | 'first'): void;
  /** Begins an exchange some time later (section 2.25), on the IKE SA that has replaced this one if need be. */
  postpone(exchange: PostponedExchange['exchange']): void;
  /** Section 2.18: the children of the IKE SA that this one replaces, and what was to be asked on it later. */
  inherit(old: IkeSa): void;
  /** What was to be asked and is not yet; from now on that is for the successor. */
  handsOver(successor: IkeSa): readonly MovableExchange[];
  /** Begins what was postponed until now. */
  resume(): void;
  /** Begins what waits, if there is room (section 2.3). */
  proceed(): void;
  /** Whether an exchange of that purpose runs or waits. */
  intends(purpose: InitiatedExchange['purpose']): boolean;
  /** Nothing is said or heard on it any more, and its children live on. */
  leaveBehind(): void;
  /** The end, of the children too. */
  end(outcome: 'closed' | 'failed', reason: string): void;
}

/** About children, which another IKE SA may have taken over before it was asked. */
export interface MovableExchange extends InitiatedExchange {
  /** The same on the one that has. */
  onSuccessor(successor: IkeSa): MovableExchange;
}

export interface NatDetection {
  readonly detected: boolean;
  readonly peerBehind: boolean;
  readonly thisNodeBehind: boolean;
  /** This node lies about its own address. */
  readonly feigned: boolean;
}

/** What an IKE SA knows besides, with MOBIKE; its successor inherits it. */
export interface Mobike {
  /** This node's role in the first of the IKE SAs that replaced one another (RFC 4555 section 1.3). */
  readonly side: OriginalRole;
  /** Where the peer says it can be reached besides (section 3.4). */
  readonly peerAddresses: readonly Address[];
  /** How often the addresses in use have changed. */
  readonly changes: number;
}

/** Fragments of one message, in the order they came. */
export interface FragmentQueue {
  /** The peer's request, or its response to this node's. */
  readonly kind: MessageKind;
  readonly messageId: number;
  readonly totalFragments: number;
  readonly waiting: readonly Fragment[];
  /** When the rest will not come any more. */
  readonly until: Instant;
}

export type MessageKind = 'request' | 'response';

/** How a simultaneous rekeying by the peer is remembered until this node's own is answered (section 2.8.1). */
export interface PeersRekeying {
  readonly ikeSa: IkeSa;
  readonly nonces: readonly Uint8Array[];
}

/** What CREATE_CHILD_SA has agreed on, and what is not made before more keys are exchanged (RFC 9370 section 2.2.4). */
export interface FollowUp {
  /** What the next request returns. */
  readonly link: Uint8Array;
  /** All that were chosen. */
  readonly methods: readonly number[];
  /** Of those that are done. */
  readonly secrets: readonly Uint8Array[];
  /** Whether it is another IKE SA in place of this one. */
  readonly rekeysIkeSa: boolean;
  make(secrets: readonly Uint8Array[]): void;
}

export interface PostponedExchange {
  readonly at: Instant;
  exchange(on: IkeSa): InitiatedExchange;
}

/**
 * The rules and the configuration that the IKE SAs of a node were given, entropy, time, and the place where effects go. One machine makes
 * one of these and hands it to all its IKE SAs; it decides nothing.
 */
export interface Surroundings {
  /** In PAD order. */
  readonly connections: readonly IkeConnection[];
  readonly rules: Ikev2Rules;
  readonly certificateRules: CertificateRules;
  readonly env: Env;
  readonly seams: IkeSeams;
  readonly settings: IkeSettings;
  /** The instant of the step under way. */
  readonly now: Instant;
  readonly ikeSas: readonly IkeSa[];
  readonly tickets: Tickets;
  /** Where this node speaks to somebody from, if a connection does not say. */
  addressTowards(remote: Address): Address | undefined;
  /** When the last packet was taken under a child that this node receives by this SPI. */
  packetHeardAt(inboundSpi: number): Instant | undefined;
  /** Takes a token for an answer to what nobody vouches for; false where there is none left. */
  spendsToken(): boolean;
  emit(effect: IkeEffect): void;
  /** From now on datagrams with this SA's SPI reach it. */
  adopt(ikeSa: IkeSa): void;
  forget(ikeSa: IkeSa): void;
}
