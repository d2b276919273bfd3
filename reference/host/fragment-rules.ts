/**
 * What a host or router decides about pieces of packets (RFC 791 section 3.2, RFC 8200 section 4.5), each rule with the section it comes from.
 */
export interface FragmentRules {
  /**
   * A piece has octets, a multiple of eight unless it is the last; what it is a piece of ends where the last one does, and is no longer than
   * its length field can tell.
   */
  pieceAcceptable(piece: PieceCandidate): boolean;
  /** The field at fault in a piece of IPv6 that is not taken, of which its sender is told. */
  fieldAtFault(piece: PieceCandidate): 'Payload Length' | 'Fragment Offset' | undefined;
  /** The first piece of IPv6 holds all headers, that of the upper layer too; its sender is told where it does not. */
  firstPieceAcceptable(holdsAllHeaders: boolean): boolean;
  /** Who sent a packet whose pieces did not all come in time is told, where the first one did. */
  missingPiecesAreReported(firstCame: boolean): boolean;
  /** Pieces that came out of an SA are of another packet than those that came in clear, for which no SA stands. */
  piecesApart(areProtected: boolean): boolean;
  /** What a piece that overlaps others does: of IPv4 its octets stand in the place of theirs; of IPv6 it spoils the packet, unless it is one of them again. */
  overlapping(version: 4 | 6, isDuplicate: () => boolean): 'replaces' | 'spoils' | 'is passed over';
  /** What arrives in pieces is whole before anything above looks at it, ESP included. */
  reassembles(): boolean;
  /** A packet too long for its link is cut, unless it forbids it or is IPv6 and somebody else's. */
  mayBeCut(packet: CutCandidate): boolean;
  /** More Fragments is set in every piece but the last, and Don't Fragment, of IPv4, in none. */
  pieceFlags(isLast: boolean): { readonly moreFragments: boolean; readonly dontFragment: boolean };
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

/** Where each rule is written. */
export const fragmentSections = {
  pieceAcceptable: 'RFC 791 3.2, RFC 8200 4.5',
  fieldAtFault: 'RFC 8200 4.5',
  firstPieceAcceptable: 'RFC 8200 4.5',
  missingPiecesAreReported: 'RFC 1122 3.3.2, RFC 8200 4.5',
  piecesApart: 'RFC 4301 5.2',
  overlapping: 'RFC 791 3.2, RFC 8200 4.5',
  reassembles: 'RFC 1122 3.3.2, RFC 4303 3.4.1',
  mayBeCut: 'RFC 791 3.2, RFC 8200 5',
  pieceFlags: 'RFC 791 3.2, RFC 8200 4.5',
} as const satisfies Record<keyof FragmentRules, string>;

/** Octets that a length field of 16 bits can tell. */
const LONGEST_PACKET = 65_535;

export const fragmentRules: FragmentRules = {
  pieceAcceptable({ octets, offset, more, reached, end, whole }) {
    const fits = more ? octets % 8 === 0 : offset + octets >= reached;
    return octets > 0 && fits && offset + octets <= (end ?? Infinity) && whole <= LONGEST_PACKET;
  },
  fieldAtFault({ octets, more, whole }) {
    if (more && octets % 8 !== 0) return 'Payload Length';
    return whole > LONGEST_PACKET ? 'Fragment Offset' : undefined;
  },
  firstPieceAcceptable: (holdsAllHeaders) => holdsAllHeaders,
  missingPiecesAreReported: (firstCame) => firstCame,
  piecesApart: (areProtected) => areProtected,
  overlapping(version, isDuplicate) {
    if (version === 4) return 'replaces';
    return isDuplicate() ? 'is passed over' : 'spoils';
  },
  reassembles: () => true,
  mayBeCut: ({ version, dontFragment, forwarded }) => (version === 4 ? !dontFragment : !forwarded),
  pieceFlags: (isLast) => ({ moreFragments: !isLast, dontFragment: false }),
};
