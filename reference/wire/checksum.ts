/**
 * The Internet checksum (RFC 1071) and the pseudo-headers that UDP, TCP and ICMPv6 sum along (RFC 768, RFC 9293
 * section 3.1, RFC 8200 section 8.1). With an IPv6 routing header the destination in the pseudo-header is the final
 * one: the caller's concern.
 */
import { type Address, addressOctets } from './address.ts';
import { protocols } from './ip/protocols.ts';
import { readU16, u16 } from './octets.ts';

/** The addresses at both ends, of one family. */
export interface Endpoints {
  readonly source: Address;
  readonly destination: Address;
}

/** One's complement of the one's complement sum of 16-bit words; an odd last octet is padded with zero. */
export function internetChecksum(octets: Uint8Array, sum = 0): number {
  return ~fold(add(octets, sum)) & 0xffff;
}

/** Checksum over pseudo-header and `octets` (the whole upper-layer packet, its checksum field zero when computing). */
export function pseudoHeaderChecksum(octets: Uint8Array, protocol: number, ends: Endpoints): number {
  return internetChecksum(octets, addressesOf(ends) + protocol + (octets.length >>> 16) + (octets.length & 0xffff));
}

/**
 * TCP or UDP between other addresses than those its checksum is about, with that changed by the difference (RFC 1624): what was wrong stays wrong. Other
 * protocols of IPv4 sum no addresses, and neither does UDP without a checksum.
 */
export function readdressed(octets: Uint8Array, protocol: number, before: Endpoints, after: Endpoints): Uint8Array {
  const at = checksumAt[protocol];
  if (at === undefined || octets.length < at + 2) return octets;
  const checksum = readU16(octets, at);
  if (protocol === protocols.UDP && checksum === 0) return octets;
  const removed = ~fold(addressesOf(before)) & 0xffff;
  const adjusted = ~fold((~checksum & 0xffff) + removed + addressesOf(after)) & 0xffff;
  const changed = octets.slice();
  changed.set(u16(protocol === protocols.UDP ? adjusted || 0xffff : adjusted), at);
  return changed;
}

function addressesOf({ source, destination }: Endpoints): number {
  return add(addressOctets(destination), add(addressOctets(source), 0));
}

function add(octets: Uint8Array, sum: number): number {
  const even = octets.length & ~1;
  let total = sum;
  for (let i = 0; i < even; i += 2) total += (octets[i]! << 8) | octets[i + 1]!;
  if (even < octets.length) total += octets[even]! << 8;
  return total;
}

function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = Math.floor(folded / 0x10000) + (folded & 0xffff);
  return folded;
}

/** Of the upper layers that sum the addresses along, the offset of the checksum. */
const checksumAt: Readonly<Record<number, number>> = { [protocols.TCP]: 16, [protocols.UDP]: 6 };
