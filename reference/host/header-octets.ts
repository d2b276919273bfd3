/**
 * The headers of IPv6 as octets, read no further than the lengths they declare: for a piece, of which a codec reads no more than the headers before
 * it, and for a packet that no codec reads because something in it ends beyond what holds it (RFC 8200 sections 4 and 4.5).
 */
import { extensionHeaders, optionTypes } from '../wire/ip/extension-headers.ts';
import { type Ipv6Packet, ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16 } from '../wire/octets.ts';

/** Whether a first piece holds all headers up to and with that of the upper layer, of which ESP is one. */
export function holdsAllHeaders({ protocol, payload }: Ipv6Packet): boolean {
  for (const header of headersIn(payload, protocol, 0, payload.length)) if (header.end > payload.length) return false;
  return true;
}

/** The packet with all behind its fixed header as payload; undefined for octets that are no IPv6. */
export function withHeadersUnread(octets: Uint8Array): Ipv6Packet | undefined {
  if (octets.length < FIXED_HEADER || octets[0]! >> 4 !== 6) return undefined;
  const fixed = ipv6Packet.decode(octets.slice(0, FIXED_HEADER).with(NEXT_HEADER, protocols['IPv6-NoNxt'])).value;
  const { payloadLength = 0, nextHeader: _none, ...header } = fixed;
  const payload = octets.subarray(FIXED_HEADER, FIXED_HEADER + payloadLength);
  return { ...header, protocol: octets[NEXT_HEADER]!, payload };
}

/**
 * Where in the octets of a packet a length stands that leads beyond what holds it: Hdr Ext Len, Opt Data Len of an option, or Payload Length; undefined where there is
 * none, or the packet itself ends before its Payload Length does.
 */
export function misleadingLength(octets: Uint8Array): number | undefined {
  const end = FIXED_HEADER + readU16(octets, PAYLOAD_LENGTH);
  if (end > octets.length) return undefined;
  for (const header of headersIn(octets, octets[NEXT_HEADER]!, FIXED_HEADER, end)) {
    if (header.end > end) return header.isExtension ? lengthThatEnds(header, end) : undefined;
    if (!optionHeaders.has(header.protocol)) continue;
    const misleading = misleadingOption(octets, header.at + 2, header.end);
    if (misleading !== undefined) return misleading;
  }
  return undefined;
}

/** Where the option ends that begins at `at` (RFC 8200 section 4.2), as it says itself. */
export function endOfOption(octets: Uint8Array, at: number): number {
  return octets[at] === optionTypes.Pad1 ? at + 1 : at + 2 + (octets[at + 1] ?? 0);
}

/** Offsets in octets. */
interface HeaderOctets {
  readonly protocol: number;
  readonly isExtension: boolean;
  readonly at: number;
  /** As it declares, or at the least. */
  readonly end: number;
}

/** The chain that begins with `first`, up to its upper layer or the first header that ends behind `end`. */
function* headersIn(octets: Uint8Array, first: number, begin: number, end: number): Generator<HeaderOctets> {
  let [protocol, at] = [first, begin];
  while (extensionHeaders.has(protocol)) {
    const header = { protocol, isExtension: true, at, end: at + lengthOf(protocol, octets[at + HEADER_LENGTH] ?? 0) };
    yield header;
    if (header.end > end) return;
    [protocol, at] = [octets[at]!, header.end];
  }
  yield { protocol, isExtension: false, at, end: at + (leastOctets.get(protocol) ?? 0) };
}

/** Its own length, or that of the packet where nothing is left to have one. */
function lengthThatEnds({ at }: HeaderOctets, end: number): number {
  return at + HEADER_LENGTH < end ? at + HEADER_LENGTH : PAYLOAD_LENGTH;
}

function lengthOf(protocol: number, headerLength: number): number {
  if (protocol === protocols['IPv6-Frag']) return 8;
  return protocol === protocols.AH ? 4 * (headerLength + 2) : 8 * (headerLength + 1);
}

function misleadingOption(octets: Uint8Array, begin: number, end: number): number | undefined {
  let at = begin;
  while (at < end) {
    const next = endOfOption(octets, at);
    if (next > end) return Math.min(at + 1, end - 1);
    at = next;
  }
  return undefined;
}

const optionHeaders: ReadonlySet<number> = new Set([protocols.HOPOPT, protocols['IPv6-Opts']]);

/** Octets of the headers of upper layers. */
const leastOctets: ReadonlyMap<number, number> = new Map([
  [protocols.TCP, 20],
  [protocols.UDP, 8],
  [protocols['IPv6-ICMP'], 4],
  [protocols.ESP, 8],
  [protocols.IPv4, 20],
  [protocols.IPv6, 40],
  [protocols['Mobility Header'], 8],
]);

/** Octets of the fixed header, and offsets in it (RFC 8200 section 3). */
export const FIXED_HEADER = 40;
export const PAYLOAD_LENGTH = 4;
export const NEXT_HEADER = 6;
/** Offset in an extension header. */
const HEADER_LENGTH = 1;
