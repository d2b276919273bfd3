/**
 * Fragmentation and reassembly: RFC 791 section 3.2 for IPv4, RFC 8200 section 4.5 for IPv6, bounded in time (60 seconds of either document) and
 * in number. Whether overlapping pieces spoil the whole is a rule; whether a packet may be fragmented at all is decided by
 * whoever calls.
 */
import type { Instant } from '../machine.ts';
import { type ExtensionHeader, extensionProtocols, type FragmentHeader } from '../wire/ip/extension-headers.ts';
import { type Ipv4Packet, ipv4Packet } from '../wire/ip/ipv4.ts';
import { encodeExtensions, type Ipv6Packet, ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import type { HostRules } from './rules.ts';

/** The pieces of a packet, none longer than `mtu` octets. `identification` is not to be used again soon. */
export function fragmented(packet: IpPacket, mtu: number, identification: number): readonly IpPacket[] {
  return packet.version === 4
    ? fragmented4(packet, mtu, identification & 0xffff)
    : fragmented6(packet, mtu, identification);
}

/** Pieces waiting for the rest of their packet. */
export class Reassembly {
  readonly #rules: HostRules;
  readonly #partial = new Map<string, Partial>();

  constructor(rules: HostRules) {
    this.#rules = rules;
  }

  /** The whole packet once its last missing piece came. */
  take(now: Instant, packet: IpPacket): IpPacket | undefined {
    const piece = pieceOf(packet);
    const key = keyOf(packet, piece);
    const partial = this.#partial.get(key) ?? this.#begin(now, key);
    if (partial.pieces.some((other) => overlap(other, piece))) {
      if (this.#rules.overlapSpoils()) {
        partial.spoiled = true;
        return undefined;
      }
      partial.pieces = partial.pieces.filter((other) => !overlap(other, piece));
    }
    partial.pieces.push(piece);
    if (partial.spoiled || !complete(partial.pieces)) return undefined;
    this.#partial.delete(key);
    return whole(partial.pieces);
  }

  /** Lets go of what did not become whole in time. */
  expire(now: Instant): void {
    for (const [key, { until }] of this.#partial) if (until <= now) this.#partial.delete(key);
  }

  deadline(): Instant | undefined {
    // Insertion order is order of expiry.
    return this.#partial.values().next().value?.until;
  }

  #begin(now: Instant, key: string): Partial {
    if (this.#partial.size === MOST_PARTIAL) this.#partial.delete(this.#partial.keys().next().value!);
    const partial: Partial = { until: now + REASSEMBLY_TIMEOUT, pieces: [], spoiled: false };
    this.#partial.set(key, partial);
    return partial;
  }
}

interface Partial {
  readonly until: Instant;
  pieces: Piece[];
  spoiled: boolean;
}

interface Piece {
  readonly packet: IpPacket;
  readonly identification: number;
  /** Octets from the start of the whole. */
  readonly offset: number;
  readonly more: boolean;
}

function pieceOf(packet: IpPacket): Piece {
  const header = packet.version === 4 ? packet : fragmentHeaderOf(packet)!;
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

function overlap(one: Piece, other: Piece): boolean {
  return (
    one.offset < other.offset + other.packet.payload.length && other.offset < one.offset + one.packet.payload.length
  );
}

function complete(pieces: Piece[]): boolean {
  pieces.sort((one, other) => one.offset - other.offset);
  let reached = 0;
  for (const piece of pieces) {
    if (piece.offset !== reached) return false;
    reached += piece.packet.payload.length;
  }
  return !pieces.at(-1)!.more;
}

/** `pieces` in order and without holes. The headers are those of the first piece. */
function whole(pieces: readonly Piece[]): IpPacket {
  const first = pieces[0]!.packet;
  const last = pieces.at(-1)!;
  const payload = new Uint8Array(last.offset + last.packet.payload.length);
  for (const { packet, offset } of pieces) payload.set(packet.payload, offset);
  if (first.version === 4) {
    const { totalLength: _length, headerChecksum: _checksum, ...header } = first;
    return ipv4Packet.decode(ipv4Packet.encode({ ...header, moreFragments: false, fragmentOffset: 0, payload })).value;
  }
  const { payloadLength: _length, nextHeader: _next, ...header } = first;
  const extensions = renumbered(first.extensions.filter((extension) => extension.type !== 'fragment'));
  // What the pieces carried may begin with more extension headers: read the chain anew.
  return ipv6Packet.decode(ipv6Packet.encode({ ...header, extensions, payload })).value;
}

function fragmented4(packet: Ipv4Packet, mtu: number, identification: number): readonly IpPacket[] {
  const { totalLength: _length, headerChecksum: _checksum, ...header } = packet;
  const room = mtu - 4 * (packet.headerLength ?? 5 + Math.ceil((packet.options?.length ?? 0) / 4));
  const offset = packet.fragmentOffset ?? 0;
  return pieces(packet.payload, room).map(({ octets, at, more }) => ({
    ...header,
    identification: packet.identification || identification,
    moreFragments: more || packet.moreFragments,
    fragmentOffset: offset + at / 8,
    payload: octets,
  }));
}

function fragmented6(packet: Ipv6Packet, mtu: number, identification: number): readonly IpPacket[] {
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
    extensions: [...before, { type: 'fragment', fragmentOffset: at / 8, moreFragments: more, identification }],
    protocol,
    payload: octets,
  }));
}

/** Cuts at multiples of eight octets. */
function pieces(
  octets: Uint8Array,
  room: number,
): readonly { readonly octets: Uint8Array; readonly at: number; readonly more: boolean }[] {
  const size = room & ~7;
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

function fragmentHeaderOf(packet: Ipv6Packet): FragmentHeader | undefined {
  return packet.extensions.find((extension): extension is FragmentHeader => extension.type === 'fragment');
}

/** Milliseconds: RFC 8200 section 4.5 and RFC 1122 section 3.3.2. */
const REASSEMBLY_TIMEOUT = 60_000;
const MOST_PARTIAL = 64;
