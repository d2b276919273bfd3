/**
 * The Internet checksum (RFC 1071) and the pseudo-headers that UDP, TCP and ICMPv6 sum along (RFC 768, RFC 9293
 * section 3.1, RFC 8200 section 8.1). With an IPv6 routing header the destination in the pseudo-header is the final
 * one: the caller's concern.
 */
import { type Address, addressOctets } from './address.ts';

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
export function pseudoHeaderChecksum(octets: Uint8Array, protocol: number, { source, destination }: Endpoints): number {
  const addresses = add(addressOctets(destination), add(addressOctets(source), 0));
  return internetChecksum(octets, addresses + protocol + (octets.length >>> 16) + (octets.length & 0xffff));
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
