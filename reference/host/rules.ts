/**
 * What a host or router decides outside IPsec and IKE, each rule with the section it comes from. A node is given these rules and
 * decides nothing in passing; a mutant replaces one member. `hostRules` is what the documents ask.
 */
import { type Address, isLinkLocal, isMulticast } from '../wire/address.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { type NeighborRules, neighborRules, neighborSections } from './neighbor-rules.ts';

export interface HostRules extends NeighborRules {
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
  /** An ICMP error may be sent about a packet: never about another error, a group, or a later fragment. */
  errorMayBeSent(about: ErrorCause): boolean;
  /**
   * A piece has octets, a multiple of eight unless it is the last; what it is a piece of ends where the last one does, and is no longer than
   * its length field can tell.
   */
  pieceAcceptable(piece: PieceCandidate): boolean;
  /** Pieces that came out of an SA are of another packet than those that came in clear, for which no SA stands. */
  piecesApart(areProtected: boolean): boolean;
  /** One overlapping piece makes the whole packet be dropped. */
  overlapSpoils(): boolean;
  /** What arrives in pieces is whole before anything above looks at it, ESP included. */
  reassembles(): boolean;
  /** A packet too long for its link is cut, unless it forbids it or is IPv6 and somebody else's. */
  mayBeCut(packet: CutCandidate): boolean;
  /** More Fragments is set in every piece but the last, and Don't Fragment, of IPv4, in none. */
  pieceFlags(isLast: boolean): { readonly moreFragments: boolean; readonly dontFragment: boolean };
  /** What stands behind AH is read once AH is verified. */
  behindAuthenticationWaits(): boolean;
  /** What AH and ESP let out is read on as any other: its options, routing headers, pieces. */
  readsBehindIpsec(): boolean;
  /** What the last header of IPv6 announces is read here, or is nothing at all; its sender is told otherwise. */
  nextHeaderRecognized(protocol: number): boolean;
  /** Hop-by-hop options follow the IPv6 header and no other, by which header announces them; elsewhere they are nothing that is known. */
  hopByHopPlaceAcceptable(announcedBy: 'IPv6' | 'another'): boolean;
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

export interface CutCandidate {
  readonly version: 4 | 6;
  readonly dontFragment: boolean;
  readonly forwarded: boolean;
}

/** All in octets; `offset` and what follows it count from the start of what was cut. */
export interface PieceCandidate {
  readonly octets: number;
  readonly offset: number;
  readonly more: boolean;
  /** How far the pieces reach that came before, and where the last one ended, if it has come. */
  readonly reached: number;
  readonly end: number | undefined;
  /** What the length field of the whole packet would have to say at least. */
  readonly whole: number;
}

export interface ErrorCause {
  readonly source: Address;
  readonly destination: Address;
  /** The packet carries an ICMP error itself. */
  readonly isError: boolean;
  readonly isLaterFragment: boolean;
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
  pieceAcceptable: 'RFC 791 3.2, RFC 8200 4.5',
  piecesApart: 'RFC 4301 5.2',
  overlapSpoils: 'RFC 8200 4.5',
  reassembles: 'RFC 1122 3.3.2, RFC 4303 3.4.1',
  mayBeCut: 'RFC 791 3.2, RFC 8200 5',
  pieceFlags: 'RFC 791 3.2, RFC 8200 4.5',
  behindAuthenticationWaits: 'RFC 8200 4, RFC 4302 3.4',
  readsBehindIpsec: 'RFC 8200 4, 4.2, 4.4',
  nextHeaderRecognized: 'RFC 8200 4, RFC 4443 3.4',
  hopByHopPlaceAcceptable: 'RFC 8200 4, 4.1',
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
  ...neighborRules,
  sourceAcceptable: (source) => !isMulticast(source),
  destinationIsMine: (_destination, owned) => owned,
  checksumAcceptable: (holds) => holds,
  echoIsAnswered: (_source, destination) => !isMulticast(destination),
  echoReplySource: (asked) => asked,
  echoReplyTrafficClass: (asked) => asked,
  closedPortIsReported: () => true,
  closedPortIsReset: () => true,
  errorMayBeSent: ({ source, destination, isError, isLaterFragment }) =>
    !isError && !isLaterFragment && !isMulticast(source) && !isMulticast(destination) && !unspecified.has(source),
  pieceAcceptable({ octets, offset, more, reached, end, whole }) {
    const fits = more ? octets % 8 === 0 : offset + octets >= reached;
    return octets > 0 && fits && offset + octets <= (end ?? Infinity) && whole <= 65_535;
  },
  piecesApart: (areProtected) => areProtected,
  overlapSpoils: () => true,
  reassembles: () => true,
  mayBeCut: ({ version, dontFragment, forwarded }) => (version === 4 ? !dontFragment : !forwarded),
  pieceFlags: (isLast) => ({ moreFragments: !isLast, dontFragment: false }),
  behindAuthenticationWaits: () => true,
  readsBehindIpsec: () => true,
  nextHeaderRecognized: (protocol) => recognized.has(protocol),
  hopByHopPlaceAcceptable: (announcedBy) => announcedBy === 'IPv6',
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
