/**
 * What is decided by a mobile node (RFC 6275 section 11) about what it registers with its home agent, what it believes of the answers, and which way its
 * packets go. Lifetimes are seconds, other durations milliseconds.
 */
import type { Address } from '../wire/address.ts';
import type { FateOfKeyManagement } from './key-management.ts';

export interface MobileNodeRules {
  /** 11.7.1: A and H are set; L where the link-local address has the same interface identifier as the home address; K where the SAs can follow. */
  flagsOfRegistration(claim: RegistrationClaim): RegistrationFlags;
  /** 11.7.1, RFC 4877 4.3: the care-of address stands in an Alternate Care-of Address option, as ESP does not cover the header. */
  namesCareOfAddress(isAway: boolean): boolean;
  /** 11.7.1: never zero, and else no longer than the home address and the care-of address are valid. */
  lifetimeOfRegistration(asked: number, validLifetimes: readonly number[]): number;
  /** 11.7.1, 11.5.5: a node that came home deregisters where its binding has not ended. */
  deregistersAtHome(isRegistered: boolean): boolean;
  /** 11.5.5, 6.1.7: a deregistration asks for a lifetime of zero. */
  lifetimeOfDeregistration(): number;
  /** 11.8, 13: the first registration waits for the home agent's duplicate address detection. */
  firstTimeout(hasBinding: boolean): number;
  /** 11.8: doubled each time, up to MAX_BINDACK_TIMEOUT. */
  nextTimeout(last: number): number;
  /** 11.7.2, 11.8: greater with each binding update, repeated ones too, modulo 2**16. */
  nextSequenceNumber(last: number): number;
  /** 11.7.1, 11.7.3: after status 135 the next number is the one after that which the acknowledgement has. */
  sequenceNumberAfter(refused: number, accepted: number): number;
  /** 11.7.3, 5.1: the home agent's acknowledgement comes under an SA that authenticates; how many octets of ICV each has. */
  acknowledgementProtected(icvOctets: readonly number[]): boolean;
  /** 11.7.3: it has the sequence number of the update that is outstanding, or status 135. */
  acknowledgementMatches(received: number, sent: number, status: number): boolean;
  /** 6.1.8: a status below 128 accepts. */
  accepts(status: number): boolean;
  /** 11.7.3: what a shorter lifetime in the acknowledgement leaves of the one that was asked for; counted from when the update was sent. */
  lifetimeLeft(asked: number, granted: number): number;
  /** 11.7.1, 11.7.3: a registration is renewed well before it ends, and at the interval that the home agent advises where that is shorter. */
  renewsAfter(lifetime: number, advised: number | undefined): number;
  /** 11.7.3: advice to renew sooner is heeded of the home agent alone. */
  heedsAdvice(isHomeAgent: boolean): boolean;
  /** 11.7.3, RFC 4877 7.4: with K in the acknowledgement the own end of key management moves; without it that is discarded, and begun anew from here. */
  keyManagementAfterAcknowledgement(isMovable: boolean): FateOfKeyManagement;
  /** 11.3.2, DUPONT O: key management with the home agent runs from where the node is, and with all others as if it were at home. */
  keyManagementFrom(
    ends: { readonly homeAddress: Address; readonly careOfAddress: Address },
    isHomeAgent: boolean,
  ): Address;
  /** 11.7.3: status 1 asks for prefix discovery. */
  discoversPrefixes(status: number): boolean;
  /** 11.7.3: after a refusal whose cause the node cannot mend no further update goes there, until it has moved. */
  mendsRefusal(status: number): boolean;
  /** 11.4.1, 11.7.1: a home agent that refuses, or is silent up to MAX_BINDACK_TIMEOUT, gives way to the next that was discovered. */
  triesNextHomeAgent(isLastTimeout: boolean, isRefused: boolean): boolean;
  /** 11.8: MAX_UPDATE_RATE: messages of a kind to one node within a second; so many have been sent. */
  mayBeSent(sentWithinSecond: number): boolean;

  /** 11.3.1: what leaves from the home address without a binding goes through the home agent. */
  tunnelsToHomeAgent(): boolean;
  /** 11.3.1: a home address option where the correspondent has acknowledged the care-of address that is used now, and its binding has not ended. */
  sendsDirectly(entry: ListedBinding): boolean;
  /** 11.3.3: only the home agent's tunnel is opened. */
  tunnelOpenedFor(outerSource: Address, homeAgent: Address | undefined): boolean;
  /** 11.7.2, 11.3.1: what came through the tunnel from somebody beyond it, and is no test, begins a correspondent registration; a peer on the link gets none. */
  beginsRegistration(packet: TunnelledPacket): boolean;
}

export interface RegistrationClaim {
  readonly sameIdentifier: boolean;
  /** The SAs are negotiated, and key management can follow a move. */
  readonly keyManagementMoves: boolean;
}

export interface RegistrationFlags {
  readonly acknowledge: boolean;
  readonly homeRegistration: boolean;
  readonly linkLocalAddressCompatibility: boolean;
  readonly keyManagementMobilityCapability: boolean;
}

export interface ListedBinding {
  /** And has not ended since. */
  readonly isAcknowledged: boolean;
  readonly isOfCareOfAddress: boolean;
}

export interface TunnelledPacket {
  /** Correspondents are registered with at all. */
  readonly isWanted: boolean;
  readonly isFromLink: boolean;
  /** The inner packet comes from the end of the tunnel itself. */
  readonly isFromTunnelEnd: boolean;
  readonly isToHomeAddress: boolean;
  /** Home or Care-of Test, or one of their inits. */
  readonly isTest: boolean;
  /** An ICMPv6 error, which asks for no answer. */
  readonly isError: boolean;
}

export const mobileNodeSections = {
  flagsOfRegistration: 'RFC 6275 11.7.1',
  namesCareOfAddress: 'RFC 6275 11.7.1, RFC 4877 4.3',
  lifetimeOfRegistration: 'RFC 6275 11.7.1',
  deregistersAtHome: 'RFC 6275 11.5.5',
  lifetimeOfDeregistration: 'RFC 6275 11.5.5',
  firstTimeout: 'RFC 6275 11.8, 13',
  nextTimeout: 'RFC 6275 11.8',
  nextSequenceNumber: 'RFC 6275 11.7.2, 11.8',
  sequenceNumberAfter: 'RFC 6275 11.7.3',
  acknowledgementProtected: 'RFC 6275 11.7.3, 5.1',
  acknowledgementMatches: 'RFC 6275 11.7.3',
  accepts: 'RFC 6275 6.1.8',
  lifetimeLeft: 'RFC 6275 11.7.3',
  renewsAfter: 'RFC 6275 11.7.1, 11.7.3',
  heedsAdvice: 'RFC 6275 11.7.3',
  keyManagementAfterAcknowledgement: 'RFC 6275 11.7.3, RFC 4877 7.4',
  keyManagementFrom: 'RFC 6275 11.3.2, draft-dupont-ipsec-mipv6-00 3.3',
  discoversPrefixes: 'RFC 6275 11.7.3',
  mendsRefusal: 'RFC 6275 11.7.3',
  triesNextHomeAgent: 'RFC 6275 11.4.1, 11.7.1',
  mayBeSent: 'RFC 6275 11.8',
  tunnelsToHomeAgent: 'RFC 6275 11.3.1',
  sendsDirectly: 'RFC 6275 11.3.1',
  tunnelOpenedFor: 'RFC 6275 11.3.3',
  beginsRegistration: 'RFC 6275 11.7.2',
} as const satisfies Record<keyof MobileNodeRules, string>;

export const mobileNodeRules: MobileNodeRules = {
  flagsOfRegistration: ({ sameIdentifier, keyManagementMoves }) => ({
    acknowledge: true,
    homeRegistration: true,
    linkLocalAddressCompatibility: sameIdentifier,
    keyManagementMobilityCapability: keyManagementMoves,
  }),
  namesCareOfAddress: (isAway) => isAway,
  lifetimeOfRegistration: (asked, validLifetimes) => Math.max(SHORTEST, Math.min(asked, ...validLifetimes)),
  deregistersAtHome: (isRegistered) => isRegistered,
  lifetimeOfDeregistration: () => 0,
  firstTimeout: (hasBinding) => (hasBinding ? INITIAL_BINDACK_TIMEOUT : INITIAL_BINDACK_TIMEOUT_FIRST_REG),
  nextTimeout: (last) => Math.min(2 * last, MAX_BINDACK_TIMEOUT),
  nextSequenceNumber: (last) => (last + 1) & 0xffff,
  sequenceNumberAfter: (_refused, accepted) => (accepted + 1) & 0xffff,
  acknowledgementProtected: (icvOctets) => icvOctets.some((octets) => octets > 0),
  acknowledgementMatches: (received, sent, status) => received === sent || status === SEQUENCE_NUMBER_OUT_OF_WINDOW,
  accepts: (status) => status < 128,
  lifetimeLeft: (asked, granted) => Math.min(asked, granted),
  renewsAfter: (lifetime, advised = Infinity) => Math.min(RENEWED_AT * lifetime, advised),
  heedsAdvice: (isHomeAgent) => isHomeAgent,
  keyManagementAfterAcknowledgement: (isMovable) => (isMovable ? 'follows' : 'renewed'),
  keyManagementFrom: ({ homeAddress, careOfAddress }, isHomeAgent) => (isHomeAgent ? careOfAddress : homeAddress),
  discoversPrefixes: (status) => status === 1,
  mendsRefusal: (status) => status === SEQUENCE_NUMBER_OUT_OF_WINDOW,
  triesNextHomeAgent: (isLastTimeout, isRefused) => isLastTimeout || isRefused,
  mayBeSent: (sentWithinSecond) => sentWithinSecond < MAX_UPDATE_RATE,
  tunnelsToHomeAgent: () => true,
  sendsDirectly: ({ isAcknowledged, isOfCareOfAddress }) => isAcknowledged && isOfCareOfAddress,
  tunnelOpenedFor: (outerSource, homeAgent) => outerSource === homeAgent,
  beginsRegistration: ({ isWanted, isFromLink, isFromTunnelEnd, isToHomeAddress, isTest, isError }) =>
    isWanted && !isFromLink && !isFromTunnelEnd && isToHomeAddress && !isTest && !isError,
};

/** Sections 12 and 13, in milliseconds. */
export const MAX_BINDACK_TIMEOUT = 32_000;
const INITIAL_BINDACK_TIMEOUT = 1_000;
const INITIAL_BINDACK_TIMEOUT_FIRST_REG = 1_500;
const MAX_UPDATE_RATE = 3;
/** Seconds: what is zero deregisters. */
const SHORTEST = 4;
/** Of a lifetime: "well before the expiration". */
const RENEWED_AT = 0.75;
const SEQUENCE_NUMBER_OUT_OF_WINDOW = 135;
