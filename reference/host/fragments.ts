/**
 * Fragmentation and reassembly: RFC 791 section 3.2 for IPv4, RFC 8200 section 4.5 for IPv6, bounded in time (60 seconds of either document) and
 * in number. Which pieces are acceptable, and what overlapping ones do to the whole, are rules; whether a packet may be fragmented at
 * all is decided by whoever calls.
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { type ExtensionHeader, extensionProtocols, type FragmentHeader } from '../wire/ip/extension-headers.ts';
import { type Ipv4Packet, ipv4Packet } from '../wire/ip/ipv4.ts';
import { encodeExtensions, type Ipv6Packet, ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { hostBounds } from './bounds.ts';
import { type FragmentRules, fragmentRules, type PieceCandidate } from './fragment-rules.ts';
import { FIXED_HEADER, holdsAllHeaders, PAYLOAD_LENGTH } from './header-octets.ts';
import { type ErrorReason, parameterProblem } from './icmp-errors.ts';
import { PartialPacket, type Piece } from './partial-packet.ts';
import { type HostRules, hostSections } from './rules.ts';

/** The pieces of a packet, none longer than `mtu` octets. `identification` is not to be used again soon. */
export function fragmented(
  packet: IpPacket,
  mtu: number,
  identification: number,
  flags: FragmentRules['pieceFlags'] = fragmentRules.pieceFlags,
): readonly IpPacket[] {
  return packet.version === 4
    ? fragmented4(packet, mtu, identification & 0xffff, flags)
    : fragmented6(packet, mtu, identification, flags);
}

export interface ReassemblySurroundings {
  discarded(refusal: Discarded): void;
  /** Tells the sender of `about` what is wrong with it. */
  report(now: Instant, about: IpPacket, reason: ErrorReason): void;
}

/** Packets waiting for the rest of their pieces. */
export class Reassembly {
  readonly #rules: HostRules;
  readonly #surroundings: ReassemblySurroundings;
  readonly #partial = new Map<string, PartialPacket>();

  constructor(rules: HostRules, surroundings: ReassemblySurroundings) {
    this.#rules = rules;
    this.#surroundings = surroundings;
  }

  /** The whole packet once its last missing piece came; `isProtected` where the piece came out of an SA. */
  take(now: Instant, packet: IpPacket, isProtected = false): IpPacket | undefined {
    const piece = pieceOf(packet);
    const apart = this.#rules.piecesApart(isProtected) ? ', protected' : '';
    const key = keyOf(packet, piece) + apart;
    const known = this.#partial.get(key);
    if (known?.spoiled) return undefined;
    const refused = this.#refusal(piece, candidateOf(piece, known));
    if (refused) {
      this.#refuse(refused.rule, `${pieceText(piece)} of ${packet.source}`);
      if (refused.error) this.#surroundings.report(now, packet, refused.error);
      return undefined;
    }
    const partial = known ?? this.#begin(now, key);
    const overlapping = partial.overlaps(piece)
      ? this.#rules.overlapping(packet.version, () => partial.repeats(piece))
      : 'replaces';
    if (overlapping !== 'replaces') {
      this.#refuse('overlapping', `${pieceText(piece)} of ${packet.source} was there already`);
      // RFC 8200 section 4.5: also what is still to come is discarded, so it is remembered that the packet was.
      if (overlapping === 'spoils') partial.spoil();
      return undefined;
    }
    partial.hold(piece);
    const payload = partial.first && partial.whole;
    if (payload === undefined) return undefined;
    this.#partial.delete(key);
    return this.#whole(partial.first!, payload);
  }

  /** Lets go of what did not become whole in time. */
  expire(now: Instant): void {
    for (const [key, { until, first }] of this.#partial) {
      if (until > now) return;
      this.#partial.delete(key);
      if (this.#rules.missingPiecesAreReported(first !== undefined)) {
        this.#surroundings.report(now, first!, { kind: 'pieces-missing' });
      }
    }
  }

  deadline(): Instant | undefined {
    // Insertion order is order of expiry.
    return this.#partial.values().next().value?.until;
  }

  #refusal(piece: Piece, candidate: PieceCandidate): Refused | undefined {
    const { packet, offset, more } = piece;
    if (!this.#rules.pieceAcceptable(candidate)) {
      const field = packet.version === 6 && this.#rules.fieldAtFault(candidate);
      if (!field) return { rule: 'pieceAcceptable' };
      const pointer =
        field === 'Payload Length' ? PAYLOAD_LENGTH : FIXED_HEADER + lengthOfHeaders(packet) + FRAGMENT_OFFSET;
      return { rule: 'pieceAcceptable', error: parameterProblem('erroneous header field encountered', pointer) };
    }
    const isFirst = packet.version === 6 && offset === 0 && more;
    if (!isFirst || this.#rules.firstPieceAcceptable(holdsAllHeaders(packet))) return undefined;
    const error = parameterProblem('IPv6 First Fragment has incomplete IPv6 Header Chain', 0);
    return { rule: 'firstPieceAcceptable', error };
  }

  /** Cut in pieces, a chain of headers was not read; it may turn out to be none. */
  #whole(first: IpPacket, payload: Uint8Array): IpPacket | undefined {
    try {
      return whole(first, payload);
    } catch (error) {
      if (!(error instanceof MalformedOctets)) throw error;
      this.#surroundings.discarded({
        rule: 'wellFormed',
        section: 'RFC 8200 4',
        detail: `from ${first.source}: ${error.message}`,
      });
      return undefined;
    }
  }

  #begin(now: Instant, key: string): PartialPacket {
    if (this.#partial.size === hostBounds.partialPackets) {
      const [oldest, { size }] = this.#partial.entries().next().value!;
      this.#partial.delete(oldest);
      this.#surroundings.discarded(
        beyond(hostBounds, 'partialPackets', `the pieces of ${oldest} give way, ${size} octets`),
      );
    }
    const partial = new PartialPacket(now + REASSEMBLY_TIMEOUT);
    this.#partial.set(key, partial);
    return partial;
  }

  #refuse(rule: keyof HostRules, detail: string): void {
    this.#surroundings.discarded({ rule, section: hostSections[rule], detail });
  }
}

interface Refused {
  readonly rule: 'pieceAcceptable' | 'firstPieceAcceptable';
  readonly error?: ErrorReason;
}

/** What the rules about pieces ask of one, given what is known of its packet. */
function candidateOf({ packet, offset, more }: Piece, partial: PartialPacket | undefined): PieceCandidate {
  const octets = packet.payload.length;
  const { reached = 0, end, first } = partial ?? {};
  const headers = Math.max(lengthOfHeaders(packet), first ? lengthOfHeaders(first) : 0);
  return { offset, octets, more, reached, end, whole: headers + Math.max(reached, offset + octets) };
}

/** The octets that Total Length or Payload Length counts besides those of the pieces. */
function lengthOfHeaders(packet: IpPacket): number {
  if (packet.version === 4) return 4 * (packet.headerLength ?? 5);
  return encodeExtensions(renumbered(packet.extensions.slice(0, -1)), packet.protocol).length;
}

function pieceText({ packet, offset, more }: Piece): string {
  return `a piece of ${packet.payload.length} octets at ${offset}${more ? '' : ', the last one,'}`;
}

function pieceOf(packet: IpPacket): Piece {
  const header = packet.version === 4 ? packet : fragmentHeaderOf(packet);
  return {
    packet,
    identification: header.identification ?? 0,
    offset: 8 * (header.fragmentOffset ?? 0),
    more: header.moreFragments ?? false,
  };
}

/** RFC 791 section 3.2 tells packets apart by their protocol too, RFC 8200 section 4.5 does not. */
function keyOf({ version, source, destination, protocol }: IpPacket, { identification }: Piece): string {
  return `${source} ${destination} ${identification}${version === 4 ? ` ${protocol}` : ''}`;
}

/** The packet of the first piece with the octets of all. */
function whole(first: IpPacket, payload: Uint8Array): IpPacket {
  if (first.version === 4) {
    const { totalLength: _length, headerChecksum: _checksum, ...header } = first;
    return ipv4Packet.decode(ipv4Packet.encode({ ...header, moreFragments: false, fragmentOffset: 0, payload })).value;
  }
  const { payloadLength: _length, nextHeader: _next, ...header } = first;
  const extensions = renumbered(first.extensions.slice(0, -1));
  // What the pieces carried may begin with more extension headers: read the chain anew.
  return ipv6Packet.decode(ipv6Packet.encode({ ...header, extensions, payload })).value;
}

function fragmented4(
  packet: Ipv4Packet,
  mtu: number,
  identification: number,
  flags: FragmentRules['pieceFlags'],
): readonly IpPacket[] {
  const { totalLength: _length, headerChecksum: _checksum, ...header } = packet;
  const room = mtu - 4 * (packet.headerLength ?? 5 + Math.ceil((packet.options?.length ?? 0) / 4));
  const offset = packet.fragmentOffset ?? 0;
  return pieces(packet.payload, room).map(({ octets, at, more }) => ({
    ...header,
    identification: packet.identification || identification,
    ...flags(!more && !packet.moreFragments),
    fragmentOffset: offset + at / 8,
    payload: octets,
  }));
}

function fragmented6(
  packet: Ipv6Packet,
  mtu: number,
  identification: number,
  flags: FragmentRules['pieceFlags'],
): readonly IpPacket[] {
  const { payloadLength: _length, nextHeader: _next, ...header } = packet;
  // The Per-Fragment headers: everything a router on the way may look at.
  const boundary = 1 + packet.extensions.findLastIndex(({ type }) => type === 'hopByHop' || type === 'routing');
  const before = renumbered(packet.extensions.slice(0, boundary));
  const after = renumbered(packet.extensions.slice(boundary));
  const chain = encodeExtensions(after, packet.protocol);
  const protocol = after[0] ? extensionProtocols[after[0].type] : packet.protocol;
  const part = new Uint8Array(chain.length + packet.payload.length);
  part.set(chain);
  part.set(packet.payload, chain.length);
  const room = mtu - 40 - 8 - encodeExtensions(before, packet.protocol).length;
  return pieces(part, room).map(({ octets, at, more }) => ({
    ...header,
    extensions: [
      ...before,
      { type: 'fragment', fragmentOffset: at / 8, moreFragments: flags(!more).moreFragments, identification },
    ],
    protocol,
    payload: octets,
  }));
}

/** Cuts at multiples of eight octets. Throws `RangeError` where the headers leave no room for as many. */
function pieces(
  octets: Uint8Array,
  room: number,
): readonly { readonly octets: Uint8Array; readonly at: number; readonly more: boolean }[] {
  const size = room & ~7;
  if (size <= 0) throw new RangeError(`no room for a piece: ${room} octets`);
  const cut: { octets: Uint8Array; at: number; more: boolean }[] = [];
  for (let at = 0; at < octets.length; at += size) {
    cut.push({ octets: octets.subarray(at, at + size), at, more: at + size < octets.length });
  }
  return cut;
}

/** Extension headers whose Next Header is computed again. */
function renumbered(extensions: readonly ExtensionHeader[]): readonly ExtensionHeader[] {
  return extensions.map(({ nextHeader: _next, ...extension }) => extension as ExtensionHeader);
}

/** The last of its headers, as what follows it is no header but a piece. */
function fragmentHeaderOf({ extensions }: Ipv6Packet): FragmentHeader {
  return extensions.at(-1) as FragmentHeader;
}

/** Octets from the beginning of a Fragment header. */
const FRAGMENT_OFFSET = 2;

/** Milliseconds: RFC 8200 section 4.5 and RFC 1122 section 3.3.2. */
const REASSEMBLY_TIMEOUT = 60_000;
