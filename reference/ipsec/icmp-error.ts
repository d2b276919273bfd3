/**
 * ICMP error messages as RFC 4301 section 6.2 looks at them: an error that no selector accommodates by its own header is judged by the
 * packet it quotes. Errors are types 3, 4, 5, 11 and 12 of ICMP (RFC 1122 section 3.2.2) and 0 to 127 of ICMPv6 (RFC 4443 section 2.1).
 */
import { addressText } from '../wire/address.ts';
import { type IpPacket, readIpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16 } from '../wire/octets.ts';
import { type PacketSelectors, type PolicyAddresses, selectorsOfPacket } from './selectors-of-packet.ts';

/** The selector fields of the packet that an ICMP error quotes, as it was sent; undefined for any other packet. */
export function quotedPacket(packet: IpPacket, addressesOf: PolicyAddresses): PacketSelectors | undefined {
  const quoted = quotation(packet);
  return quoted && selectorsOfPacket(quoted, addressesOf);
}

/** As much as an ICMP error quotes of a packet, whose payload is cut short; undefined for any other packet, and where not even its headers are all there. */
export function quotation({ protocol, payload }: IpPacket): IpPacket | undefined {
  if (protocol === protocols.ICMP && icmpErrors.has(payload[0] ?? -1)) return quotedIpv4(payload.subarray(8));
  if (protocol === protocols['IPv6-ICMP'] && (payload[0] ?? 128) < 128) return quotedIpv6(payload.subarray(8));
  return undefined;
}

/** Read by hand, because a quotation is cut short. */
function quotedIpv4(quoted: Uint8Array): IpPacket | undefined {
  const headerOctets = 4 * ((quoted[0] ?? 0) & 15);
  if (quoted.length < 20 || quoted[0]! >> 4 !== 4 || quoted.length < headerOctets) return undefined;
  return {
    version: 4,
    source: addressText(quoted.subarray(12, 16)),
    destination: addressText(quoted.subarray(16, 20)),
    protocol: quoted[9]!,
    fragmentOffset: readU16(quoted, 6) & 0x1fff,
    payload: quoted.subarray(headerOctets),
  };
}

/** Its decoder knows of no checksum, and takes a payload that is cut short. */
function quotedIpv6(quoted: Uint8Array): IpPacket | undefined {
  return (quoted[0] ?? 0) >> 4 === 6 ? readIpPacket(quoted) : undefined;
}

const icmpErrors: ReadonlySet<number> = new Set([3, 4, 5, 11, 12]);
