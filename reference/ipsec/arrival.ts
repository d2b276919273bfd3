/**
 * What arrived under an SA, by its protocol: the sequence number on the wire, both ICVs, and what comes out (RFC 4303 section 3.4, RFC 4302 section
 * 3.4). What is done with it, in which order, is `inbound.ts`.
 */
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { readU32 } from '../wire/octets.ts';
import { ahLayout, computedAhIcv, withoutHeader } from './ah.ts';
import { computedIcv, espLayout, readTrailer, unverifiedPlaintext } from './esp.ts';
import { ahFormOf, type IpsecRules } from './rules.ts';
import { type AhEntry, type EspEntry, isEsp, type SadEntry } from './sad.ts';
import { withPayload } from './transport.ts';

export interface Arrival {
  readonly entry: SadEntry;
  /** The packet that carries it, decoded. */
  readonly outer: IpPacket;
  /** The same, encoded. */
  readonly octets: Uint8Array;
  /** From SPI to ICV; absent of AH, which stands in `octets`. */
  readonly esp?: Uint8Array;
}

export interface Content {
  /** The 32 bits on the wire. */
  readonly sequenceNumber: number;
  /** How many octets count for the lifetime. */
  readonly octets: number;
  icvs(sequenceHigh: number): { readonly computed: Uint8Array; readonly received: Uint8Array };
  /** Undefined where there is nothing that could be one. */
  opened(sequenceHigh: number): Carried | undefined;
  /** The packet of transport mode as its sender had it. Throws `MalformedOctets`. */
  restored(carried: Carried): IpPacket;
}

/** What was carried; AH has no padding. */
export interface Carried {
  readonly payload: Uint8Array;
  readonly nextHeader: number;
  readonly padding: Uint8Array;
}

/** Undefined where the octets are too few. */
export function contentOf({ entry, outer, octets, esp }: Arrival, rules: IpsecRules): Content | undefined {
  if (isEsp(entry)) return esp && espContent(entry, outer, esp, rules);
  return ahContent(entry as AhEntry, outer, octets, rules);
}

function espContent({ keys }: EspEntry, outer: IpPacket, esp: Uint8Array, rules: IpsecRules): Content | undefined {
  const layout = espLayout(esp, keys);
  if (!layout) return undefined;
  return {
    sequenceNumber: readU32(esp, 4),
    octets: layout.ciphertext[1] - layout.ciphertext[0],
    icvs: (high) => ({
      computed: computedIcv(esp, layout, keys, high, rules.integrityCoverage),
      received: esp.subarray(...layout.icv),
    }),
    opened(high) {
      const plaintext = unverifiedPlaintext(esp, layout, keys, high);
      return plaintext && readTrailer(plaintext);
    },
    restored: ({ nextHeader, payload }) => reread(withPayload(outer, nextHeader, payload)),
  };
}

function ahContent({ keys }: AhEntry, outer: IpPacket, octets: Uint8Array, rules: IpsecRules): Content | undefined {
  const layout = ahLayout(octets, keys);
  if (!layout) return undefined;
  return {
    sequenceNumber: layout.sequenceNumber,
    octets: octets.length,
    icvs: (high) => ({
      computed: computedAhIcv(octets, layout, keys, high, ahFormOf(rules)),
      received: octets.subarray(...layout.icv),
    }),
    opened() {
      const { protocol: nextHeader, payload } = withoutHeader(outer);
      return { nextHeader, payload, padding: new Uint8Array() };
    },
    restored: () => reread(withoutHeader(outer)),
  };
}

/** Extension headers that came out are read as such, so that selectors see past them. */
function reread(packet: IpPacket): IpPacket {
  return ipPacket.decode(ipPacket.encode(packet)).value;
}
