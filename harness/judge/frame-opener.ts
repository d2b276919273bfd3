/**
 * Walks one frame inwards: Ethernet, IP, reassembly, UDP, ESP, and whatever ESP carried in turn. What a receiver would drop unread (a wrong
 * checksum of the IPv4 header, RFC 1122 3.2.1.2, or of a datagram with IKE in it) is not walked into.
 */

import { ahOffset } from '../../reference/ipsec/mutable-fields.ts';
import { withPayload } from '../../reference/ipsec/transport.ts';
import { spiText } from '../../reference/wire/ah.ts';
import { internetChecksum } from '../../reference/wire/checksum.ts';
import { checksumIsRight } from '../../reference/wire/echo.ts';
import { ethernetFrame } from '../../reference/wire/ethernet.ts';
import { type IpPacket, ipPacket, isFragment } from '../../reference/wire/ip/packet.ts';
import { readU16, readU32 } from '../../reference/wire/octets.ts';
import type { FrameEntry } from '../capture/transcript.ts';
import { type GatheringFragments, openIke } from './ike-opening.ts';
import type { KeyRing } from './key-ring.ts';
import type { OpenedBuffer, OpenedEspHeader, OpenedFrame, OpenedPacket } from './opened-frame.ts';
import { readable } from './readable.ts';

/** The whole that a piece completes; `layer` is `wire`, or names the SA it came out of. */
export type Reassembling = (piece: IpPacket, layer: string) => IpPacket | undefined;

export class FrameOpener {
  readonly #keys: KeyRing;
  readonly #reassembled: Reassembling;
  readonly #packets: OpenedPacket[] = [];
  readonly #buffers: OpenedBuffer[] = [];
  readonly #esp: OpenedEspHeader[] = [];
  readonly #gathered: GatheringFragments;
  #ike: OpenedFrame['ike'];

  constructor(keys: KeyRing, reassembled: Reassembling, gathered: GatheringFragments) {
    this.#keys = keys;
    this.#reassembled = reassembled;
    this.#gathered = gathered;
  }

  open(entry: FrameEntry): OpenedFrame {
    const ethernet = readable(() => ethernetFrame.decode(entry.octets).value);
    if (ethernet && isIp(ethernet.etherType))
      this.#packet(ethernet.payload, 'wire', entry.octets.length - ethernet.payload.length, undefined);
    return {
      entry,
      packets: this.#packets,
      buffers: this.#buffers,
      esp: this.#esp,
      ...(this.#ike && { ike: this.#ike }),
      destinationMac: ethernet ? ethernet.destination : '',
      sourceMac: ethernet ? ethernet.source : '',
    };
  }

  #packet(octets: Uint8Array, buffer: string, start: number, esp: OpenedEspHeader | undefined): void {
    const read = readable(() => ipPacket.decode(octets).value);
    if (!read || !headerIsRight(read, octets)) return;
    const packet = carrierOf(read, octets);
    this.#packets.push({ packet, range: { buffer, start, end: start + octets.length }, ...(esp && { esp }) });
    if (isFragment(packet)) this.#piece(packet, buffer, esp);
    else this.#upper(packet, { buffer, start: start + octets.length - tailOf(packet, octets), esp }, octets);
  }

  #piece(piece: IpPacket, layer: string, esp: OpenedEspHeader | undefined): void {
    const packet = readable(() => this.#reassembled(piece, layer));
    if (!packet) return;
    const { payload: octets, protocol: firstProtocol } = packet;
    const name = this.#named('reassembled', 'reassembled');
    this.#buffers.push({ name, octets, kind: 'reassembled', firstProtocol });
    this.#packets.push({ packet, range: { buffer: name, start: 0, end: octets.length }, ...(esp && { esp }) });
    this.#upper(packet, { buffer: name, start: 0, esp });
  }

  /** `within` is where the payload lies; `whole` are the octets of the packet, where it came as one. */
  #upper(packet: IpPacket, within: Within, whole: Uint8Array = ipPacket.encode(packet)): void {
    if (this.#authenticated(packet, whole)) return;
    if (packet.protocol === IPV4 || packet.protocol === IPV6) {
      if (this.#packets.length < DEEPEST_TUNNEL) this.#packet(packet.payload, within.buffer, within.start, within.esp);
      return;
    }
    if (packet.protocol === ESP) {
      this.#espPacket(packet.payload, packet, false);
      return;
    }
    if (packet.protocol !== UDP || packet.payload.length < 8) return;
    const ports = [readU16(packet.payload), readU16(packet.payload, 2)];
    const data = packet.payload.subarray(8);
    // Who has port 4500 marks IKE, whatever port a NAT has given the other.
    if (!ports.includes(ENCAPSULATION_PORT)) {
      if (ports.includes(IKE_PORT)) this.#message(data, packet);
    } else if (data.length >= 4) {
      // RFC 3948 2.2: four zero octets stand where an SPI would. RFC 3948 2.1: the checksum of ESP in UDP is nobody's concern.
      if (readU32(data) === 0) this.#message(data.subarray(4), packet);
      else this.#espPacket(data, packet, true);
    }
  }

  /** Whether the packet has AH in it; if that is good, what it carries is walked into. */
  #authenticated(carrier: IpPacket, whole: Uint8Array): boolean {
    const offset = ahOffset(whole);
    if (offset === undefined || this.#esp.length > DEEPEST) return offset !== undefined;
    const opened = this.#keys.openAh(whole);
    const identified = {
      protocol: 'AH',
      spi: readU32(whole, offset + 4),
      sequenceNumber: readU32(whole, offset + 8),
      carrier,
      encapsulated: false,
    } as const;
    if (opened === undefined || typeof opened === 'string') {
      this.#esp.push({ ...identified, state: opened ?? 'bad-icv' });
      return true;
    }
    const { protocol, payload } = opened.packet;
    const mode = protocol === IPV4 || protocol === IPV6 ? 'tunnel' : 'transport';
    const header: OpenedEspHeader = { ...identified, state: 'opened', mode };
    this.#esp.push(header);
    const name = this.#named(`ah ${spiText(identified.spi)}`, 'ip', 'transport');
    const kind = mode === 'tunnel' ? 'ip' : 'transport';
    this.#buffers.push({ name, octets: payload, kind, firstProtocol: protocol });
    if (mode === 'tunnel') this.#packet(payload, name, 0, header);
    else {
      const range = { buffer: name, start: 0, end: payload.length };
      this.#packets.push({ packet: opened.packet, range, esp: header });
      this.#upper(opened.packet, { buffer: name, start: 0, esp: header });
    }
    return true;
  }

  #message(octets: Uint8Array, carrier: IpPacket): void {
    if (!checksumIsRight(carrier)) return;
    this.#ike = openIke(octets, carrier, this.#keys, this.#gathered);
    if (this.#ike?.buffer) this.#buffers.push(this.#ike.buffer);
  }

  #espPacket(octets: Uint8Array, carrier: IpPacket, encapsulated: boolean): void {
    if (octets.length < 8 || this.#esp.length > DEEPEST) return;
    const [spi, sequenceNumber] = [readU32(octets), readU32(octets, 4)];
    const identified = { protocol: 'ESP', spi, sequenceNumber, carrier, encapsulated } as const;
    const opened = this.#keys.openEsp(octets);
    if (typeof opened === 'string') {
      this.#esp.push({ ...identified, state: opened });
      return;
    }
    const { payload, nextHeader } = opened.trailer!;
    const mode = nextHeader === IPV4 || nextHeader === IPV6 ? 'tunnel' : 'transport';
    const header: OpenedEspHeader = { ...identified, state: 'opened', mode };
    this.#esp.push(header);
    const name = this.#named(`esp 0x${identified.spi.toString(16).padStart(8, '0')}`, 'ip', 'transport');
    this.#buffers.push({
      name,
      octets: opened.plaintext!,
      kind: mode === 'tunnel' ? 'ip' : 'transport',
      firstProtocol: nextHeader,
    });
    if (mode === 'tunnel') {
      this.#packet(payload, name, 0, header);
      return;
    }
    const inner = restored(carrier, nextHeader, payload);
    this.#packets.push({ packet: inner, range: { buffer: name, start: 0, end: payload.length }, esp: header });
    this.#upper(inner, { buffer: name, start: payload.length - inner.payload.length, esp: header });
  }

  /** A name of its own for a buffer: the second of its kinds has a number. */
  #named(name: string, ...kinds: readonly OpenedBuffer['kind'][]): string {
    const earlier = this.#buffers.filter(({ kind }) => kinds.includes(kind)).length;
    return earlier === 0 ? name : `${name} (${earlier + 1})`;
  }
}

/** Where a payload lies, and what protects it. */
interface Within {
  readonly buffer: string;
  readonly start: number;
  readonly esp: OpenedEspHeader | undefined;
}

/** The packet of transport mode as its sender had it, extension headers behind ESP among the others. */
function restored(carrier: IpPacket, protocol: number, payload: Uint8Array): IpPacket {
  const packet = withPayload(carrier, protocol, payload);
  return readable(() => ipPacket.decode(ipPacket.encode(packet)).value) ?? packet;
}

/** From the first octet of the payload on; what stands behind the packet is no part of it. */
function tailOf({ payload }: IpPacket, octets: Uint8Array): number {
  return octets.byteOffset + octets.length - payload.byteOffset;
}

/** In IPv6 AH is read as an extension header; what is behind it is not in clear, whether or not it can be read. */
function carrierOf(packet: IpPacket, octets: Uint8Array): IpPacket {
  const place = packet.version === 6 ? packet.extensions.findIndex(({ type }) => type === 'authentication') : -1;
  const offset = ahOffset(octets);
  if (packet.version === 4 || place < 0 || offset === undefined) return packet;
  return { ...packet, extensions: packet.extensions.slice(0, place), protocol: AH, payload: octets.subarray(offset) };
}

function headerIsRight(packet: IpPacket, octets: Uint8Array): boolean {
  return packet.version === 6 || internetChecksum(octets.subarray(0, 4 * (octets[0]! & 0x0f))) === 0;
}

const isIp = (etherType: number): boolean => etherType === 0x0800 || etherType === 0x86dd;
const IPV4 = 4;
const UDP = 17;
const IPV6 = 41;
const ESP = 50;
const AH = 51;
const IKE_PORT = 500;
const ENCAPSULATION_PORT = 4500;
/** ESP in ESP in ESP: deeper nesting is somebody's attack on the reader. */
const DEEPEST = 8;
/** Packets in packets without any protection, likewise. */
const DEEPEST_TUNNEL = 16;
