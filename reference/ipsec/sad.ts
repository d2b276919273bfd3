/**
 * The Security Association Database, RFC 4301 section 4.4.2: every live SA with its parameters, counters, replay window and lifetimes,
 * keyed by hand (4.5.1) or negotiated. Which entry a packet belongs to, and whether a lifetime is over, are rules.
 */
import type { Instant } from '../machine.ts';
import type { Provider } from '../transforms/cipher.ts';
import type { Address } from '../wire/address.ts';
import type { Endpoints } from '../wire/checksum.ts';
import { type AhKeys, ahKeys } from './ah.ts';
import { type EspKeys, espKeys, type KeyedTransform } from './esp.ts';
import { ReplayWindow } from './replay-window.ts';
import type { Direction } from './selectors-of-packet.ts';
import type { Selectors, TrafficSelector } from './traffic-selector.ts';

/** The parameters of one unidirectional SA (4.4.2.1). */
export type SecurityAssociation = EspAssociation | AhAssociation;

export interface EspAssociation extends Association {
  readonly protocol: 'ESP';
  readonly encryption: KeyedTransform;
  /** Absent with an AEAD, or where there is none at all. */
  readonly integrity?: KeyedTransform;
  /** UDP encapsulation (RFC 3948), ports as this SA's packets carry them. */
  readonly encapsulation?: { readonly sourcePort: number; readonly destinationPort: number };
  /** Inbound, in transport mode through a NAT: the addresses that the sender's checksums are about (RFC 3948 3.1.2). */
  readonly realEnds?: Endpoints;
}

export interface AhAssociation extends Association {
  readonly protocol: 'AH';
  readonly integrity: KeyedTransform;
}

/** What both protocols have. */
interface Association {
  /** Of a manual SA its own; of a negotiated one `connection/child`, which a rekeyed SA shares with its predecessor. */
  readonly name: string;
  readonly direction: Direction;
  readonly spi: number;
  /** Tunnel mode: the outer addresses. Transport mode: the addresses of the hosts. */
  readonly source: Address;
  readonly destination: Address;
  readonly mode: 'transport' | 'tunnel';
  /** Packets; 0 turns anti-replay off (RFC 4303 3.4.3). Outbound: whether the receiver has it on. */
  readonly replayWindow: number;
  readonly extendedSequenceNumbers: boolean;
  /** The last sequence number used (out) or the top of the window (in), as if traffic had passed before. */
  readonly sequenceNumber?: bigint;
  /** The traffic it may carry, seen from this node; absent on both sides: any. */
  readonly local?: readonly TrafficSelector[];
  readonly remote?: readonly TrafficSelector[];
  readonly lifetime?: Lifetime;
  /** Tunnel mode, of IPv4 in IPv4: the DF bit outside (RFC 4301 8.1). Default copy. */
  readonly dontFragment?: 'copy' | 'set' | 'clear';
  /** Tunnel mode: whether what is too long for the path is cut before it is protected, or after (8.2.1). Default after. */
  readonly fragments?: 'before' | 'after';
}

/** Hard limits (4.4.2.1). Octets count what ESP's encryption is applied to, and what AH's ICV covers. */
export interface Lifetime {
  readonly seconds?: number;
  readonly octets?: number;
}

/** What was learnt of the path of an SA. */
export interface PathMtu {
  /** Of the packet that carries ESP or AH. */
  readonly octets: number;
  readonly learnt: Instant;
}

/** An SA that lives. */
export class SadEntry {
  readonly sa: SecurityAssociation;
  readonly keys: EspKeys | AhKeys;
  readonly window: ReplayWindow;
  readonly installed: Instant;
  /** Where the SA begins and ends now: `sa.source` and `sa.destination` until a node moves. */
  source: Address;
  destination: Address;
  /** UDP encapsulation now: `sa.encapsulation` until a NAT has moved a node. */
  encapsulation: EspAssociation['encapsulation'];
  /** Outbound: the last sequence number used. */
  sequenceNumber: bigint;
  packets = 0;
  octets = 0;
  firstUse: Instant | undefined;
  lastUse: Instant | undefined;
  /** Inbound: the outer source of the last packet that was accepted. */
  lastHeardFrom: Address | undefined;
  replayFailures = 0;
  integrityFailures = 0;
  /** Outbound: how long its packets may be, where somebody on the path has said so (8.2.1). */
  pathMtu: PathMtu | undefined;
  /** Integrity failures since the last packet that was authenticated (RFC 4303 A3.1). */
  consecutiveFailures = 0;
  /** Its lifetime is over, and the rules keep it. */
  outlivesLifetime = false;

  constructor(sa: SecurityAssociation, installed: Instant, provider?: Provider) {
    this.sa = sa;
    this.keys = sa.protocol === 'ESP' ? espKeys(sa, provider) : ahKeys(sa, provider);
    this.sequenceNumber = sa.sequenceNumber ?? 0n;
    this.window = new ReplayWindow(sa.replayWindow, sa.direction === 'in' ? sa.sequenceNumber : 0n);
    this.installed = installed;
    this.source = sa.source;
    this.destination = sa.destination;
    this.encapsulation = sa.protocol === 'ESP' ? sa.encapsulation : undefined;
  }

  get selectors(): Selectors | undefined {
    const { local, remote } = this.sa;
    return local && remote ? { local, remote } : undefined;
  }

  /** Counts one packet and the octets that it protects. */
  count(now: Instant, octets: number): void {
    this.packets++;
    this.octets += octets;
    this.firstUse ??= now;
    this.lastUse = now;
  }

  /** It begins and ends there now; how long that path is, is not known. */
  takesPath(source: Address, destination: Address): void {
    this.source = source;
    this.destination = destination;
    this.pathMtu = undefined;
  }

  /** When a lifetime ends: the instant of the last use once the octets are spent. Past it, what is kept all the same has no other. */
  deadline(): Instant | undefined {
    if (this.outlivesLifetime) return undefined;
    const { seconds = Infinity, octets = Infinity } = this.sa.lifetime ?? {};
    if (this.octets >= octets) return this.lastUse ?? this.installed;
    return seconds === Infinity ? undefined : this.installed + 1000 * seconds;
  }
}

/** The two kinds of SA, told apart. */
export type EspEntry = SadEntry & { readonly sa: EspAssociation; readonly keys: EspKeys };
export type AhEntry = SadEntry & { readonly sa: AhAssociation; readonly keys: AhKeys };

export const isEsp = (entry: SadEntry): entry is EspEntry => entry.sa.protocol === 'ESP';
export const isAh = (entry: SadEntry): entry is AhEntry => entry.sa.protocol === 'AH';

/** Octets of ICV in each packet of an SA; none where it does not authenticate. */
export function icvOctets(entry: SadEntry): number {
  if (!isEsp(entry)) return entry.keys.integrity?.icvOctets ?? 0;
  return entry.keys.encryption.icvOctets + (entry.keys.integrity?.icvOctets ?? 0);
}

/** What identifies the SA of a packet. */
export interface EspIdentity {
  readonly spi: number;
  readonly protocol: 'ESP' | 'AH';
  readonly source: Address;
  readonly destination: Address;
}

/** Between which addresses an SA's packets go, in UDP or not. */
export interface Ends {
  readonly source: Address;
  readonly destination: Address;
  readonly encapsulation?: EspAssociation['encapsulation'];
}

export class Sad {
  #entries: SadEntry[] = [];

  /** Oldest first. */
  get entries(): readonly SadEntry[] {
    return this.#entries;
  }

  /** Throws `RangeError` for a transform that Touchstone lacks. */
  install(sa: SecurityAssociation, now: Instant, provider?: Provider): SadEntry {
    const entry = new SadEntry(sa, now, provider);
    this.#entries.push(entry);
    return entry;
  }

  /** Removes the SA of this protocol, direction and SPI, and returns it if there was one. */
  remove(protocol: 'ESP' | 'AH', direction: Direction, spi: number): SadEntry | undefined {
    const gone = this.#entries.find(
      ({ sa }) => sa.protocol === protocol && sa.direction === direction && sa.spi === spi,
    );
    this.#entries = this.#entries.filter((entry) => entry !== gone);
    return gone;
  }

  clear(): void {
    this.#entries = [];
  }

  /** The newest SA of this name, in a direction if one is given. */
  named(name: string, direction?: Direction): SadEntry | undefined {
    return this.#entries.findLast(({ sa }) => sa.name === name && (!direction || sa.direction === direction));
  }

  /** When a packet was last taken under an inbound SA of this SPI. */
  heardAt(spi: number): Instant | undefined {
    return this.#entries.findLast(({ sa }) => sa.direction === 'in' && sa.spi === spi)?.lastUse;
  }

  /** The newest SA the other way between the same endpoints. */
  reverseOf(entry: SadEntry): SadEntry | undefined {
    return this.#entries.findLast(
      (other) =>
        other.sa.direction !== entry.sa.direction &&
        other.sa.source === entry.sa.destination &&
        other.sa.destination === entry.sa.source,
    );
  }

  /** The SA of this protocol, direction and SPI begins and ends elsewhere now; nothing else of it changes. */
  readdress(protocol: 'ESP' | 'AH', direction: Direction, spi: number, ends: Ends): void {
    const moved = this.#entries.filter(
      ({ sa }) => sa.protocol === protocol && sa.direction === direction && sa.spi === spi,
    );
    for (const entry of moved) {
      entry.takesPath(ends.source, ends.destination);
      entry.encapsulation = ends.encapsulation;
    }
  }

  /** The nodes at the far end of these SAs are at another address now (RFC 6275 10.4.6, RFC 4877 4.3). */
  moveFarEnds(moves: (entry: SadEntry) => boolean, to: Address): void {
    for (const entry of this.#entries.filter(moves)) {
      if (entry.sa.direction === 'out') entry.takesPath(entry.source, to);
      else entry.takesPath(to, entry.destination);
    }
  }

  /**
   * This node left an address for another: its SAs begin and end there now, or those with this peer (RFC 4301 5.1.2.1 note 3, a mobile implementation).
   */
  relocate(from: Address, to: Address, peer?: Address): void {
    for (const entry of this.#entries) {
      const farEnd = entry.sa.direction === 'out' ? entry.destination : entry.source;
      if (entry.sa.mode === 'transport' || (peer !== undefined && farEnd !== peer)) continue;
      if (entry.sa.direction === 'out' && entry.source === from) entry.takesPath(to, entry.destination);
      if (entry.sa.direction === 'in' && entry.destination === from) entry.takesPath(entry.source, to);
    }
  }
}
