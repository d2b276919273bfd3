/** What IPsec decides about the length of a path (RFC 4301 sections 6.1.1, 8.1 and 8.2): whom it believes about it, for how long, and what becomes of a longer packet. Lengths are octets. */
import type { Instant } from '../machine.ts';
import type { EspIdentity, PathMtu, SadEntry, SecurityAssociation } from './sad.ts';

export interface PathMtuRules {
  /** 6.1.1: whether an unauthenticated message about the path is acted upon is for an administrator to say. */
  pathMtuMessageHeeded(configured: 'heeded' | 'ignored'): boolean;
  /** 8.2.1: the SA of the packet that is quoted, by its SPI, protocol and destination; no other, and none for an SPI that nobody uses. */
  pathMtuSa(sad: readonly SadEntry[], quoted: EspIdentity): SadEntry | undefined;
  /** 6.1.1, RFC 8201 4: a path does not get longer by a message, nor so short that nothing is carried any more. */
  pathMtuAcceptable(told: number, known: number, version: 4 | 6): boolean;
  /** 8.2.2, RFC 1191 6.3: what was learnt is forgotten after ten minutes. */
  pathMtuStands(known: PathMtu, now: Instant): boolean;
  /** 8.2.1: the packet before protection that the path takes, so that header, IV, padding and ICV have room. */
  longestPacket(room: Room): number;
  /** 8.2.1, cases 1 to 3: a longer packet is not carried and its sender told, cut before it is sealed, or sealed and cut then. */
  packetBeyondPath(packet: LongPacket): 'told' | 'cut' | 'sealed';
  /** 8.2.1: what the sender is told; nothing below what every link takes (RFC 791 3.2, RFC 8200 5). */
  mtuTold(longest: number, version: 4 | 6): number;
  /** 8.1: the DF bit outside, copied unless the SA was told to set or clear it; a choice where the inner packet is IPv6, clear here. */
  outerDontFragment(inner: boolean | undefined, configured: NonNullable<SecurityAssociation['dontFragment']>): boolean;
}

/** What an SA puts around a packet. */
export interface Room {
  readonly pathMtu: number;
  /** Headers, IV and ICV. */
  readonly around: number;
  /** What the length of a packet with its trailer is filled up to a multiple of. */
  readonly alignment: number;
  /** Pad Length and Next Header; 0 under AH. */
  readonly trailer: number;
}

export interface LongPacket {
  readonly version: 4 | 6;
  readonly dontFragment: boolean;
  readonly octets: number;
  /** It is another node's; to one of its own a host tells nothing. */
  readonly forwarded: boolean;
  readonly fragments: 'before' | 'after';
}

export const pathMtuSections = {
  pathMtuMessageHeeded: 'RFC 4301 6.1.1',
  pathMtuSa: 'RFC 4301 8.2.1',
  pathMtuAcceptable: 'RFC 4301 6.1.1, RFC 8201 4',
  pathMtuStands: 'RFC 4301 8.2.2',
  longestPacket: 'RFC 4301 8.2.1',
  packetBeyondPath: 'RFC 4301 8.2.1',
  mtuTold: 'RFC 4301 8.2.1, RFC 791 3.2, RFC 8200 5',
  outerDontFragment: 'RFC 4301 5.1.2.1 (4), 8.1',
} as const satisfies Record<keyof PathMtuRules, string>;

export const pathMtuRules: PathMtuRules = {
  pathMtuMessageHeeded: (configured) => configured === 'heeded',
  pathMtuSa: (sad, { spi, protocol, destination }) =>
    sad.find(
      (entry) =>
        entry.sa.direction === 'out' &&
        entry.sa.spi === spi &&
        entry.sa.protocol === protocol &&
        entry.destination === destination,
    ),
  pathMtuAcceptable: (told, known, version) => told < known && told >= leastPathMtu[version],
  pathMtuStands: ({ learnt }, now) => now - learnt < TEN_MINUTES,
  longestPacket: ({ pathMtu, around, alignment, trailer }) =>
    Math.floor((pathMtu - around) / alignment) * alignment - trailer,
  packetBeyondPath({ version, dontFragment, octets, forwarded, fragments }) {
    if (!forwarded) return 'sealed';
    if (version === 6) return octets > leastLinkMtu[6] ? 'told' : 'sealed';
    if (dontFragment) return 'told';
    return fragments === 'before' ? 'cut' : 'sealed';
  },
  mtuTold: (longest, version) => Math.max(longest, leastLinkMtu[version]),
  outerDontFragment: (inner, configured) => (configured === 'copy' ? (inner ?? false) : configured === 'set'),
};

/** RFC 791 section 3.2, RFC 8200 section 5. */
const leastLinkMtu = { 4: 68, 6: 1280 } as const;
/** A local parameter: of IPv4 what every host can receive (RFC 791 3.1). */
const leastPathMtu = { 4: 576, 6: 1280 } as const;
/** Milliseconds. */
const TEN_MINUTES = 600_000;
