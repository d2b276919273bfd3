/**
 * The packets of IPv6 that left this node last, as they are within a tunnel of Mobile IPv6. An ICMPv6 error says what it says about a packet that was sent (RFC 6275
 * sections 9.3.4 and 11.3.5), and anybody can make one up: it is believed where it quotes one of these, once about each.
 */
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import { encodeExtensions, type Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, readIpPacket } from '../wire/ip/packet.ts';
import { equal } from '../wire/octets.ts';
import { mobilityBounds } from './bounds.ts';

export class SentPackets {
  readonly #packets: Ipv6Packet[] = [];

  left(packet: Ipv6Packet): void {
    if (this.#packets.push(packet) > mobilityBounds.packetsRemembered) this.#packets.shift();
  }

  /** Whether one of them is quoted; that one is forgotten then. */
  takes(quoted: Uint8Array): boolean {
    const quote = readIpPacket(quoted);
    const index = quote ? this.#packets.findIndex((packet) => isQuoteOf(quote, packet)) : -1;
    if (index !== -1) this.#packets.splice(index, 1);
    return index !== -1;
  }
}

/** A packet may have been cut on its way, as a quotation may be: what is left of the payload is its beginning, and more than nothing. */
function isQuoteOf(quote: IpPacket, packet: Ipv6Packet): boolean {
  if (quote.version !== 6 || quote.source !== packet.source || quote.destination !== packet.destination) return false;
  if (quote.protocol !== packet.protocol || !equal(headersOf(quote), headersOf(packet))) return false;
  const { length } = quote.payload;
  return (
    length >= Math.min(LEAST_QUOTED, packet.payload.length) && equal(quote.payload, packet.payload.subarray(0, length))
  );
}

/** All but a fragment header, which the packet is given when it is cut, and what named it before. */
function headersOf({ extensions, protocol }: Ipv6Packet): Uint8Array {
  const whole = extensions.filter(({ type }) => type !== 'fragment');
  return encodeExtensions(
    whole.map(({ nextHeader: _named, ...header }) => header as ExtensionHeader),
    protocol,
  );
}

/** Octets of the payload: what an ICMP error has of it at least, in IPv4 as well (RFC 792). */
const LEAST_QUOTED = 8;
