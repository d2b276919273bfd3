/** The ESP packet that a packet on the wire carries at once: behind its IP header, or in UDP (RFC 3948 2.1). Whoever looks for more walks the packet (`packet-walk.ts`). */
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { readU16, readU32 } from '../../../reference/wire/octets.ts';
import type { AddressNames } from './address-names.ts';

export interface OutermostEsp {
  /** From the SPI to the end of the packet. A view. */
  readonly esp: Uint8Array;
  readonly destination: string;
}

/** Undefined where there is none, or something stands between: a piece, an extension header. */
export function espOutermost(octets: Uint8Array, names: AddressNames): OutermostEsp | undefined {
  if (octets.length < IPV4_HEADER) return undefined;
  const version = octets[0]! >> 4;
  if (version === 4) {
    const header = 4 * (octets[0]! & 0xf);
    if (header < IPV4_HEADER || header > octets.length || (readU16(octets, 6) & FRAGMENT_BITS) !== 0) return undefined;
    const esp = espIn(octets[9]!, octets, header);
    return esp && { esp, destination: names.ipv4(octets, 16) };
  }
  if (version !== 6 || octets.length < IPV6_HEADER) return undefined;
  const esp = espIn(octets[6]!, octets, IPV6_HEADER);
  return esp && { esp, destination: names.ipv6(octets, 24) };
}

function espIn(protocol: number, octets: Uint8Array, at: number): Uint8Array | undefined {
  if (protocol === protocols.ESP) return octets.length < at + ESP_HEADER ? undefined : octets.subarray(at);
  if (protocol !== protocols.UDP || octets.length < at + UDP_HEADER + ESP_HEADER) return undefined;
  if (readU16(octets, at) !== ENCAPSULATION_PORT && readU16(octets, at + 2) !== ENCAPSULATION_PORT) return undefined;
  return readU32(octets, at + UDP_HEADER) === 0 ? undefined : octets.subarray(at + UDP_HEADER);
}

/** Offset and MF. */
const FRAGMENT_BITS = 0x3fff;
const IPV4_HEADER = 20;
const IPV6_HEADER = 40;
const UDP_HEADER = 8;
const ESP_HEADER = 8;
const ENCAPSULATION_PORT = 4500;
