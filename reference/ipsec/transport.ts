/**
 * Transport mode, RFC 4303 section 3.1.1: ESP stands after the IP header and before the next layer protocol; in IPv6 after the
 * headers that are for hops on the way (hop-by-hop, routing, fragment) and after destination options that are read before it,
 * those ahead of a routing header and those with a home address (RFC 6275 section 11.3.2). What comes later is protected.
 */
import { type ExtensionHeader, extensionProtocols } from '../wire/ip/extension-headers.ts';
import { encodeExtensions } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { concat } from '../wire/octets.ts';

export interface ProtectedPart {
  /** What goes into the ESP payload. */
  readonly payload: Uint8Array;
  /** What the ESP trailer announces. */
  readonly nextHeader: number;
}

/** What transport mode protects of a packet. */
export function protectedPart(packet: IpPacket): ProtectedPart {
  if (packet.version === 4) return { payload: packet.payload, nextHeader: packet.protocol };
  const hidden = packet.extensions.slice(visibleExtensions(packet.extensions));
  const nextHeader = hidden[0] ? extensionProtocols[hidden[0].type] : packet.protocol;
  return { payload: concat(encodeExtensions(hidden, packet.protocol), packet.payload), nextHeader };
}

/** The packet as it leaves: its protected part replaced by `payload`, announced as `protocol`. */
export function withProtectedPart(packet: IpPacket, protocol: number, payload: Uint8Array): IpPacket {
  if (packet.version === 4) return withPayload(packet, protocol, payload);
  const extensions = packet.extensions.slice(0, visibleExtensions(packet.extensions));
  return withPayload({ ...packet, extensions }, protocol, payload);
}

/** The packet with what follows its header, or its IPv6 extension headers, replaced; computed fields follow. */
export function withPayload(packet: IpPacket, protocol: number, payload: Uint8Array): IpPacket {
  const replaced = { protocol, payload, trailer: undefined };
  if (packet.version === 4) return { ...packet, ...replaced, totalLength: undefined, headerChecksum: undefined };
  const extensions = packet.extensions.map((header) => ({ ...header, nextHeader: undefined }));
  return { ...packet, ...replaced, extensions, payloadLength: undefined, nextHeader: undefined };
}

/** How many of the headers stay in front of ESP, or of AH. */
export function visibleExtensions(extensions: readonly ExtensionHeader[]): number {
  const last = extensions.findLastIndex(
    (header) =>
      header.type === 'hopByHop' || header.type === 'routing' || header.type === 'fragment' || hasHomeAddress(header),
  );
  return last + 1;
}

function hasHomeAddress(header: ExtensionHeader): boolean {
  return header.type === 'destinationOptions' && header.options.some((option) => option.type === 'homeAddress');
}
