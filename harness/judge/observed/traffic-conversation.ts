/**
 * What one address sends to another, in clear and out of SAs, by its kind: the protocol, and the service or the type of message. A packet is captured twice where it goes
 * through a gateway, or comes out of an SA on the machine that captures: in clear and inside ESP. Such twins are one packet, and it was protected.
 */
import type { Address } from '../../../reference/wire/address.ts';
import { protocolName, protocols } from '../../../reference/wire/ip/protocols.ts';
import { readU16 } from '../../../reference/wire/octets.ts';
import type { Seen, SeenPacket } from '../sightings.ts';

export interface TrafficKind {
  /** `UDP to 53`, `IPv6-ICMP 128`. */
  readonly name: string;
  /** The lower of two ports, where it is the one that the packet goes to. */
  readonly service: number | undefined;
  clear: number;
  protected: number;
  firstClear: Seen | undefined;
  firstProtected: Seen | undefined;
  lastProtected: Seen | undefined;
  /** In clear, with no twin that was protected so far, by what tells packets apart; the oldest first. */
  readonly alone: Map<number, Seen>;
  /** One of those, so long ago that no twin will come. */
  leak: Seen | undefined;
}

export class TrafficConversation {
  readonly source: Address;
  readonly destination: Address;
  readonly kinds = new Map<number, TrafficKind>();
  readonly #sendsUnderSas: (address: Address) => boolean;

  constructor(
    { source, destination }: Pick<SeenPacket, 'source' | 'destination'>,
    sendsUnderSas: (address: Address) => boolean,
  ) {
    this.source = source;
    this.destination = destination;
    this.#sendsUnderSas = sendsUnderSas;
  }

  /** Whether the sender has sent anything under an SA, to whomever. */
  get speaksIpsec(): boolean {
    return this.#sendsUnderSas(this.source);
  }

  add(seen: SeenPacket, twins: Twins): void {
    const kind = this.#kindOf(seen);
    if (!kind) return;
    const digest = digestOf(seen);
    const place = { number: seen.number, time: seen.time };
    if (seen.within) {
      kind.protected++;
      kind.firstProtected ??= place;
      kind.lastProtected = place;
      if (kind.alone.size > 0 && kind.alone.delete(digest)) kind.clear--;
      twins.add(digest);
      return;
    }
    if (twins.has(digest)) return;
    kind.clear++;
    kind.firstClear ??= place;
    kind.alone.set(digest, place);
    if (kind.alone.size <= MOST_ALONE) return;
    const [[oldest, since]] = kind.alone as unknown as [[number, Seen]];
    kind.alone.delete(oldest);
    if (kind.firstProtected && since.number > kind.firstProtected.number) kind.leak ??= since;
  }

  #kindOf({ protocol, payload }: SeenPacket): TrafficKind | undefined {
    const hasPorts = portedProtocols.has(protocol);
    if (payload.length < (hasPorts ? 4 : 1)) return undefined;
    if (protocol === protocols['IPv6-ICMP'] && isNeighborDiscovery(payload[0]!)) return undefined;
    const [from, to] = hasPorts ? [readU16(payload), readU16(payload, 2)] : [0, 0];
    const detail = hasPorts ? Math.min(from, to) : detailOf(protocol, payload);
    const isToService = hasPorts && to <= from;
    const key = (protocol * 65_536 + detail) * 2 + (isToService ? 1 : 0);
    const known = this.kinds.get(key);
    if (known || this.kinds.size >= MOST_KINDS) return known;
    const kind = {
      name: [protocolName(protocol), ...(hasPorts ? [isToService ? 'to' : 'from'] : []), detail].join(' '),
      service: isToService ? detail : undefined,
      clear: 0,
      protected: 0,
      firstClear: undefined,
      firstProtected: undefined,
      lastProtected: undefined,
      alone: new Map<number, Seen>(),
      leak: undefined,
    };
    this.kinds.set(key, kind);
    return kind;
  }
}

/** Packets that came out of SAs lately; of two whose digests share a place the later one. */
export class Twins {
  readonly #digests = new Int32Array(TWINS);

  add(digest: number): void {
    this.#digests[digest & (TWINS - 1)] = digest;
  }

  has(digest: number): boolean {
    return this.#digests[digest & (TWINS - 1)] === digest;
  }
}

/** What went in clear between two packets of its kind that went protected; undefined where there is none. */
export function leakOf({ leak, alone, firstProtected, lastProtected }: TrafficKind): Seen | undefined {
  if (leak) return leak;
  if (!firstProtected || !lastProtected) return undefined;
  for (const seen of alone.values())
    if (seen.number > firstProtected.number && seen.number < lastProtected.number) return seen;
  return undefined;
}

/** Of ICMP and Mobile IPv6 the type, by which policies may tell messages apart (RFC 4301 4.4.1.1). */
function detailOf(protocol: number, payload: Uint8Array): number {
  if (protocol === protocols['Mobility Header']) return payload[2] ?? 0;
  return protocol === protocols.ICMP || protocol === protocols['IPv6-ICMP'] ? payload[0]! : 0;
}

/** What a link cannot do without (RFC 4861), and errors that are about other packets. */
const isNeighborDiscovery = (type: number): boolean => type < 128 || (type >= 133 && type <= 137);

/** Of the upper layer: hop limits and the rest of IP headers change on the way. A step of FNV-1a for each of some octets. */
function digestOf({ protocol, payload }: SeenPacket): number {
  let digest = Math.imul(0x811c9dc5 ^ protocol, 0x01000193) ^ payload.length;
  const end = Math.min(payload.length, DIGESTED);
  for (let at = 0; at < end; at++) digest = Math.imul(digest ^ payload[at]!, 0x01000193);
  return digest;
}

const portedProtocols: ReadonlySet<number> = new Set([protocols.TCP, protocols.UDP, protocols.SCTP, protocols.UDPLite]);
/** Ports, numbers, checksum, and the beginning of the data. */
const DIGESTED = 40;
/** Of one pair of addresses. */
const MOST_KINDS = 16;
/** Packets of a kind that wait for a twin: more than a gateway keeps back of one flow. */
const MOST_ALONE = 16;
/** A power of two. */
const TWINS = 16_384;
