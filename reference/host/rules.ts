/**
 * What a host or router decides outside IPsec and IKE, each rule with the section it comes from. A node is given these rules and
 * decides nothing in passing; a mutant replaces one member. `hostRules` is what the documents ask.
 */
import { type Address, isLinkLocal, isMulticast } from '../wire/address.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { type FragmentRules, fragmentRules, fragmentSections } from './fragment-rules.ts';
import { type NeighborRules, neighborRules, neighborSections } from './neighbor-rules.ts';

export interface HostRules extends FragmentRules, NeighborRules {
  /** A packet comes from one node: what has a group for its source is dropped. */
  sourceAcceptable(source: Address): boolean;
  /** A packet for `destination` is delivered here; `owned` says whether the node has that address. */
  destinationIsMine(destination: Address, owned: boolean): boolean;
  /** What comes with a wrong checksum of its upper layer is dropped. */
  checksumAcceptable(holds: boolean): boolean;
  /** An echo request is answered. */
  echoIsAnswered(source: Address, destination: Address): boolean;
  /** The source of an echo reply: the address that was asked. */
  echoReplySource(asked: Address): Address;
  /** DSCP and ECN of an echo reply: those of the request. */
  echoReplyTrafficClass(asked: TrafficClass): TrafficClass;
  /** A datagram for a port that nobody reads is reported to its sender. */
  closedPortIsReported(): boolean;
  /** A connection to a port that nobody reads is reset. */
  closedPortIsReset(): boolean;
  /** An ICMP error may be sent about a packet: never about another error, a group unless its like is asked for there, or a later fragment of IPv4. */
  errorMayBeSent(about: ErrorCause): boolean;
  /** What stands behind AH is read once AH is verified. */
  behindAuthenticationWaits(): boolean;
  /** What AH and ESP let out is read on as any other: its options, routing headers, pieces. */
  readsBehindIpsec(): boolean;
  /** What the last header of IPv6 announces is read here, or is nothing at all; its sender is told otherwise. */
  nextHeaderRecognized(protocol: number): boolean;
  /** Hop-by-hop options follow the IPv6 header and no other, by which header announces them; elsewhere they are nothing that is known. */
  hopByHopPlaceAcceptable(announcedBy: 'IPv6' | 'another'): boolean;
  /** Of a header of IPv6 that cannot be read, as it or one of its options ends beyond what holds it, the sender is told. */
  unreadableHeaderIsReported(): boolean;
  /** What is done about an option that the node does not know: its two highest bits say so; a group is told only by 10. */
  unrecognizedOption(optionType: number, toGroup: boolean): 'skip' | 'discard' | 'report';
  /** A routing header of a type that the node does not know, or of type 0, is passed over where no segment is left, and reported otherwise. */
  routingTypePassedOver(routingType: number, segmentsLeft: number): boolean;
  /** A router answers a solicitation that comes from this link, and from an address where it names one of the link layer. */
  solicitationAcceptable(message: RouterMessageClaim): boolean;
  /** A host heeds an advertisement that a router on this link sent from its link-local address. */
  advertisementAcceptable(message: RouterMessageClaim): boolean;
  /** The interval that a router tells, in milliseconds: the longest between two of its advertisements, and 20 more where it is short. */
  advertisedInterval(most: number): number;
  /** When a solicitation is answered: after a delay of up to half a second, drawn anew each time, and not too soon after the last advertisement. */
  answersSolicitationAt(asked: SolicitationAnswer): number;
  /** What comes from nobody, or is of one link or of one node at either end, is not forwarded; where it leaves by a tunnel, its far end is that one's. */
  mayBeForwarded(source: Address, destination: Address, byTunnel: boolean): boolean;
  /** The TTL or hop limit of a packet that is forwarded; at 0 it goes no further. */
  hopsLeft(hops: number): number;
}

/** DSCP (6 bits) and ECN (2 bits) of either IP header. */
export interface TrafficClass {
  readonly dscp: number;
  readonly ecn: number;
}

export interface ErrorCause {
  readonly source: Address;
  readonly destination: Address;
  /** The packet carries an ICMP error itself. */
  readonly isError: boolean;
  /** Of IPv4. */
  readonly isLaterFragment: boolean;
  /** The error is one that also a packet to a group may be answered with: Packet Too Big, and an option that is not known. */
  readonly answersGroups: boolean;
}

/** Of a router solicitation or advertisement. */
export interface RouterMessageClaim {
  readonly hopLimit: number;
  readonly code: number;
  readonly source: Address;
  /** An option names the sender's address of the link layer. */
  readonly hasLinkLayerAddress: boolean;
}

/** Instants and durations in milliseconds. */
export interface SolicitationAnswer {
  readonly now: number;
  /** The last advertisement; undefined before the first. */
  readonly last: number | undefined;
  /** Between 0 and 1. */
  readonly drawn: number;
  /** The least interval between unsolicited ones. */
  readonly least: number;
}

/** Where each rule is written. */
export const hostSections = {
  ...fragmentSections,
  ...neighborSections,
  sourceAcceptable: 'RFC 1122 3.2.1.3, RFC 4291 2.7',
  destinationIsMine: 'RFC 1122 3.2.1.3',
  checksumAcceptable: 'RFC 1122 4.1.3.4',
  echoIsAnswered: 'RFC 1122 3.2.2.6, RFC 4443 4.2',
  echoReplySource: 'RFC 1122 3.2.2.6, RFC 4443 4.2',
  echoReplyTrafficClass: 'RFC 1122 3.2.2',
  closedPortIsReported: 'RFC 1122 4.1.3.1, RFC 4443 3.1',
  closedPortIsReset: 'RFC 9293 3.5.2',
  errorMayBeSent: 'RFC 1122 3.2.2, RFC 4443 2.4 (e)',
  behindAuthenticationWaits: 'RFC 8200 4, RFC 4302 3.4',
  readsBehindIpsec: 'RFC 8200 4, 4.2, 4.4',
  nextHeaderRecognized: 'RFC 8200 4, RFC 4443 3.4',
  hopByHopPlaceAcceptable: 'RFC 8200 4, 4.1',
  unreadableHeaderIsReported: 'RFC 4443 3.4',
  unrecognizedOption: 'RFC 8200 4.2',
  routingTypePassedOver: 'RFC 8200 4.4, RFC 5095 3',
  solicitationAcceptable: 'RFC 4861 6.1.1',
  advertisementAcceptable: 'RFC 4861 6.1.2',
  advertisedInterval: 'RFC 6275 7.3, 7.5',
  answersSolicitationAt: 'RFC 4861 6.2.6, RFC 6275 13',
  mayBeForwarded: 'RFC 1812 5.3.7, RFC 3927 2.7, RFC 4291 2.5',
  hopsLeft: 'RFC 1812 5.3.1, RFC 8200 3',
} as const satisfies Record<keyof HostRules, string>;

export const hostRules: HostRules = {
  ...fragmentRules,
  ...neighborRules,
  sourceAcceptable: (source) => !isMulticast(source),
  destinationIsMine: (_destination, owned) => owned,
  checksumAcceptable: (holds) => holds,
  echoIsAnswered: (_source, destination) => !isMulticast(destination),
  echoReplySource: (asked) => asked,
  echoReplyTrafficClass: (asked) => asked,
  closedPortIsReported: () => true,
  closedPortIsReset: () => true,
  errorMayBeSent: ({ source, destination, isError, isLaterFragment, answersGroups }) =>
    !isError &&
    !isLaterFragment &&
    (answersGroups || !isMulticast(destination)) &&
    !isMulticast(source) &&
    !unspecified.has(source),
  behindAuthenticationWaits: () => true,
  readsBehindIpsec: () => true,
  nextHeaderRecognized: (protocol) => recognized.has(protocol),
  hopByHopPlaceAcceptable: (announcedBy) => announcedBy === 'IPv6',
  unreadableHeaderIsReported: () => true,
  unrecognizedOption(optionType, toGroup) {
    const action = optionType >> 6;
    if (action === 0) return 'skip';
    return action === 2 || (action === 3 && !toGroup) ? 'report' : 'discard';
  },
  routingTypePassedOver: (_routingType, segmentsLeft) => segmentsLeft === 0,
  solicitationAcceptable: ({ hopLimit, code, source, hasLinkLayerAddress }) =>
    hopLimit === 255 && code === 0 && !(source === '::' && hasLinkLayerAddress),
  advertisementAcceptable: ({ hopLimit, code, source }) => hopLimit === 255 && code === 0 && isLinkLocal(source),
  advertisedInterval: (most) => (most < 200 ? most + 20 : most),
  answersSolicitationAt: ({ now, last, drawn, least }) =>
    Math.max(now + drawn * MAX_RA_DELAY_TIME, (last ?? -Infinity) + Math.min(least, MIN_DELAY_BETWEEN_RAS)),
  mayBeForwarded: (source, destination, byTunnel) =>
    isOfMoreThanOneLink(source) && (byTunnel || isOfMoreThanOneLink(destination)),
  hopsLeft: (hops) => Math.max(0, hops - 1),
};

/** RFC 4861 section 10, in milliseconds. */
const MAX_RA_DELAY_TIME = 500;
const MIN_DELAY_BETWEEN_RAS = 3_000;

const isOfMoreThanOneLink = (address: Address): boolean =>
  !isLinkLocal(address) && !unspecified.has(address) && address !== '::1' && !address.startsWith('127.');

const recognized: ReadonlySet<number> = new Set([
  protocols.TCP,
  protocols.UDP,
  protocols['IPv6-ICMP'],
  protocols['IPv6-NoNxt'],
]);

const unspecified: ReadonlySet<Address> = new Set(['0.0.0.0', '::']);
