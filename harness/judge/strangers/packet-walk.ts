/**
 * Walks the packets of a capture inwards, from their IP header on: pieces are put together, tunnels entered, ESP and AH opened with what keys there are, and whoever
 * observes is told of everything on the way. A sender's machine captures checksums before they are computed, so none is asked; whether octets are believed an ICV
 * decides. Written for speed where most packets are ESP, and by the structures of `reference/wire` everywhere else.
 */
import { ahOffset } from '../../../reference/ipsec/mutable-fields.ts';
import { type IpPacket, ipPacket, isFragment } from '../../../reference/wire/ip/packet.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { readU16, readU32 } from '../../../reference/wire/octets.ts';
import type { StrangersEsp } from '../../capture/keys/strangers-key.ts';
import type { StrangerPacket } from '../../capture/strangers/packets.ts';
import { IkeFragments } from '../ike-fragments.ts';
import { type IkeKeys, openIke } from '../ike-opening.ts';
import { readable } from '../readable.ts';
import { StreamReassembly } from '../reassembly.ts';
import type { Observer, OpenedProtection, Seen, SeenProtection } from '../sightings.ts';
import { AddressNames } from './address-names.ts';
import { espOutermost } from './outermost-esp.ts';
import type { PlaintextAhead } from './plaintext-ahead.ts';
import type { OpenedAhByStranger, OpenedByStranger, StrangersOpening } from './strangers-opening.ts';

/** Hears each IKE message before it is opened, to learn keys from it. */
export type HearingIke = (octets: Uint8Array, carrier: IpPacket) => void;

export interface Walking {
  readonly opening: StrangersOpening;
  readonly ikeKeys: IkeKeys;
  readonly hears: HearingIke;
}

export class PacketWalk {
  readonly #walking: Walking;
  readonly #observer: Observer;
  readonly #names = new AddressNames();
  readonly #pieces = new StreamReassembly();
  readonly #ikeFragments = new IkeFragments();
  #began: bigint | undefined;

  constructor(walking: Walking, observer: Observer) {
    this.#walking = walking;
    this.#observer = observer;
  }

  /** Never throws for what the octets are. `ahead` is of the outermost ESP. */
  take({ record: { number, nanoseconds }, packet: { octets, missing } }: StrangerPacket, ahead?: PlaintextAhead): void {
    if (nanoseconds !== undefined) this.#began ??= nanoseconds;
    const time = nanoseconds === undefined ? undefined : Number(nanoseconds - this.#began!) / 1e9;
    this.#packet(octets, { seen: { number, time }, within: undefined, depth: 0, isCut: missing > 0, ahead });
  }

  /** What `take` will open first, with the key that it will try first; undefined where it will do anything else. */
  outermost({ packet: { octets, missing } }: StrangerPacket): FirstOpened | undefined {
    const found = missing > 0 ? undefined : espOutermost(octets, this.#names);
    const key = found && this.#walking.opening.firstTried(readU32(found.esp), found.destination);
    return key && { esp: found.esp, key };
  }

  #packet(octets: Uint8Array, around: Around): void {
    if (around.depth > DEEPEST || octets.length < LEAST_HEADER) return;
    const version = octets[0]! >> 4;
    if (version === 4) this.#ipv4(octets, around);
    else if (version === 6 && octets.length >= IPV6_HEADER) this.#ipv6(octets, around);
  }

  #ipv4(octets: Uint8Array, around: Around): void {
    const header = 4 * (octets[0]! & 0xf);
    const length = around.depth === 0 ? octets.length : Math.min(octets.length, readU16(octets, 2));
    if (header < LEAST_HEADER || header > length) return;
    if ((readU16(octets, 6) & FRAGMENT_BITS) !== 0) {
      this.#piece(octets, around);
      return;
    }
    const source = this.#names.ipv4(octets, 12);
    const destination = this.#names.ipv4(octets, 16);
    const whole = upTo(octets, length);
    this.#upper({ source, destination, protocol: octets[9]!, payload: whole.subarray(header), whole }, around);
  }

  #ipv6(octets: Uint8Array, around: Around): void {
    const source = this.#names.ipv6(octets, 8);
    const destination = this.#names.ipv6(octets, 24);
    const length = around.depth === 0 ? octets.length : Math.min(octets.length, IPV6_HEADER + readU16(octets, 4));
    const whole = upTo(octets, length);
    const next = octets[6]!;
    if (!extensions.has(next)) {
      const payload = whole.subarray(IPV6_HEADER);
      this.#upper({ source, destination, protocol: next, payload, whole }, around);
    } else if (ahOffset(whole) !== undefined) {
      this.#upper({ source, destination, protocol: protocols.AH, payload: NOTHING, whole }, around);
    } else this.#extended({ source, destination }, whole, around);
  }

  #extended(ends: Pick<Carrier, 'source' | 'destination'>, whole: Uint8Array, around: Around): void {
    const packet = readable(() => ipPacket.decode(whole).value);
    if (!packet) return;
    if (isFragment(packet)) this.#piece(whole, around);
    else this.#upper({ ...ends, protocol: packet.protocol, payload: packet.payload, whole }, around);
  }

  #piece(octets: Uint8Array, around: Around): void {
    const { seen, within, depth, isCut } = around;
    if (isCut) return;
    const whole = readable(() => {
      const piece = ipPacket.decode(octets).value;
      const layer = within ? 'protected' : 'wire';
      const packet = this.#pieces.take(seen.time === undefined ? seen.number : 1000 * seen.time, layer, piece);
      return packet && ipPacket.encode(packet);
    });
    if (whole) this.#packet(whole, { ...around, depth: depth + 1 });
  }

  #upper(carrier: Carrier, around: Around): void {
    const { protocol, payload } = carrier;
    if (protocol === protocols.ESP) this.#esp(payload, carrier, around, false);
    else if (protocol === protocols.AH) this.#ah(carrier, around);
    else if (protocol === protocols.IPv4 || protocol === protocols.IPv6)
      this.#packet(payload, { ...around, depth: around.depth + 1 });
    else if (protocol === protocols.UDP && payload.length >= UDP_HEADER) this.#udp(carrier, around);
    else this.#told(carrier, around);
  }

  /** RFC 3948 2.2: behind four zero octets stands IKE, where an SPI would; a single octet keeps a NAT's mapping alive. */
  #udp(carrier: Carrier, around: Around): void {
    const { payload } = carrier;
    const [from, to] = [readU16(payload), readU16(payload, 2)];
    if (from === ENCAPSULATION_PORT || to === ENCAPSULATION_PORT) {
      if (payload.length < UDP_HEADER + 4) return;
      const data = payload.subarray(UDP_HEADER);
      if (readU32(data) === 0) this.#ike(data.subarray(4), carrier, around);
      else this.#esp(data, carrier, around, true);
    } else if (from === IKE_PORT || to === IKE_PORT) this.#ike(payload.subarray(UDP_HEADER), carrier, around);
    else this.#told(carrier, around);
  }

  #told(
    { source, destination, protocol, payload, whole, outer }: Carrier,
    { seen: { number, time }, within }: Around,
  ): void {
    this.#observer.packet({ number, time, source, destination, protocol, payload, whole, outer, within });
  }

  #ike(octets: Uint8Array, { whole }: Carrier, { seen, isCut }: Around): void {
    const carrier = whole && readable(() => ipPacket.decode(whole).value);
    if (!carrier || isCut) return;
    this.#walking.hears(octets, carrier);
    const ike = openIke(octets, carrier, this.#walking.ikeKeys, (...given) => this.#ikeFragments.take(...given));
    if (ike) this.#observer.ike({ number: seen.number, time: seen.time, ike });
  }

  #esp(octets: Uint8Array, carrier: Carrier, around: Around, encapsulated: boolean): void {
    if (octets.length < ESP_HEADER) return;
    const { seen, isCut, depth, ahead } = around;
    const found = isCut ? 'cut' : this.#walking.opening.esp(octets, carrier.destination, ahead);
    const opened = typeof found === 'string' ? undefined : found;
    const protection: SeenProtection = {
      number: seen.number,
      time: seen.time,
      protocol: 'ESP',
      spi: readU32(octets),
      sequenceNumber: readU32(octets, 4),
      source: carrier.source,
      destination: carrier.destination,
      encapsulated,
      state: opened ? (opened.verified ? 'opened' : 'unverified') : (found as 'no-key' | 'bad-icv' | 'cut'),
      octets,
      ...(opened && { opened: protectionOf(octets, opened) }),
    };
    this.#observer.protection(protection);
    if (!opened) return;
    const { payload, nextHeader } = opened.opened.trailer!;
    this.#inside(nextHeader, payload, carrier, {
      seen,
      within: protection,
      depth: depth + 1,
      isCut: false,
      ahead: undefined,
    });
  }

  #ah(carrier: Carrier, around: Around): void {
    const { source, destination, whole } = carrier;
    const offset = whole && ahOffset(whole);
    if (!whole || offset === undefined) return;
    const { seen, isCut, depth } = around;
    const found = isCut ? 'cut' : this.#walking.opening.ah(whole, destination);
    const opened = typeof found === 'object' ? found : undefined;
    const protection: SeenProtection = {
      number: seen.number,
      time: seen.time,
      protocol: 'AH',
      spi: readU32(whole, offset + 4),
      sequenceNumber: readU32(whole, offset + 8),
      source,
      destination,
      encapsulated: false,
      state: opened ? 'opened' : ((found ?? 'no-key') as 'no-key' | 'bad-icv' | 'cut'),
      octets: whole.subarray(offset),
      ...(opened && { opened: authenticationOf(opened) }),
    };
    this.#observer.protection(protection);
    if (!opened) return;
    const { protocol, payload } = opened.opened.packet;
    this.#inside(protocol, payload, carrier, {
      seen,
      within: protection,
      depth: depth + 1,
      isCut: false,
      ahead: undefined,
    });
  }

  #inside(protocol: number, payload: Uint8Array, carrier: Carrier, around: Around): void {
    const { source, destination, whole: outer } = carrier;
    if (protocol === protocols.IPv4 || protocol === protocols.IPv6) this.#packet(payload, around);
    else if (around.depth <= DEEPEST)
      this.#upper({ source, destination, protocol, payload, whole: undefined, outer }, around);
  }
}

export interface FirstOpened {
  readonly esp: Uint8Array;
  readonly key: StrangersEsp;
}

/** Without a view of its own where nothing is behind it: most packets are as long as they say. */
const upTo = (octets: Uint8Array, length: number): Uint8Array =>
  length === octets.length ? octets : octets.subarray(0, length);

interface Around {
  readonly seen: Seen;
  readonly within: SeenProtection | undefined;
  readonly depth: number;
  /** Octets of the frame are missing, so that no ICV can be right. */
  readonly isCut: boolean;
  readonly ahead: PlaintextAhead | undefined;
}

interface Carrier {
  readonly source: string;
  readonly destination: string;
  readonly protocol: number;
  readonly payload: Uint8Array;
  readonly whole: Uint8Array | undefined;
  readonly outer?: Uint8Array | undefined;
}

function protectionOf(octets: Uint8Array, { opened, by }: OpenedByStranger): OpenedProtection {
  const { layout, trailer } = opened;
  const { nextHeader, padding } = trailer!;
  return {
    key: by.key,
    extendedSequenceNumbers: by.key.extendedSequenceNumbers ?? false,
    mode: nextHeader === protocols.IPv4 || nextHeader === protocols.IPv6 ? 'tunnel' : 'transport',
    iv: octets.subarray(layout!.iv[0], layout!.iv[1]),
    padding,
  };
}

function authenticationOf({ opened: { packet }, by: { key } }: OpenedAhByStranger): OpenedProtection {
  const { protocol } = packet;
  return {
    key,
    extendedSequenceNumbers: key.extendedSequenceNumbers ?? false,
    mode: protocol === protocols.IPv4 || protocol === protocols.IPv6 ? 'tunnel' : 'transport',
  };
}

/** Behind which the upper layer of IPv6 still has to be looked for. */
const extensions: ReadonlySet<number> = new Set([
  protocols.HOPOPT,
  protocols['IPv6-Route'],
  protocols['IPv6-Frag'],
  protocols.AH,
  protocols['IPv6-Opts'],
]);

const NOTHING = new Uint8Array();
/** Tunnels in tunnels: deeper nesting is somebody's attack on the reader. */
const DEEPEST = 16;
/** Offset and MF. */
const FRAGMENT_BITS = 0x3fff;
const LEAST_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const ESP_HEADER = 8;
const IKE_PORT = 500;
const ENCAPSULATION_PORT = 4500;
