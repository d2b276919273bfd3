/**
 * Tampers: named pure functions on octets. An offset below zero counts from the end. What an independent decoder says to one depends on
 * where it is applied: after sealing ESP the ICV is wrong (`reference/host/order-tampers.ts`); elsewhere a tamper that draws a complaint
 * names it.
 */
import { internetChecksum } from '../../reference/wire/checksum.ts';
import { u16 } from '../../reference/wire/octets.ts';
import type { OctetTamper } from '../lab/node.ts';

/** Other bits at one offset: those set in `mask` are inverted. */
export function flippedAt(offset: number, mask = 0x01): OctetTamper {
  return {
    name: `flippedAt(${offset}, 0x${mask.toString(16).padStart(2, '0')})`,
    apply: (octets) => octets.with(offset, octets.at(offset)! ^ mask),
  };
}

/** Another octet at one offset. `complaint` is what tshark says to it there, if anything. */
export function octetAt(offset: number, value: number, complaint?: string): OctetTamper {
  return {
    name: `octetAt(${offset}, ${value})`,
    ...(complaint !== undefined && { complaint }),
    apply: (octets) => octets.with(offset, value),
  };
}

/** Other bits of an IP packet on its way, at one offset; the checksum of an IPv4 header is right again, as a router leaves it, and that of UDP around ESP, as a translator of addresses does. */
export function changedOnTheWay(offset: number, mask: number): OctetTamper {
  return {
    name: `changedOnTheWay(${offset}, 0x${mask.toString(16).padStart(2, '0')})`,
    apply(octets) {
      const changed = octets.with(offset, octets[offset]! ^ mask);
      const isIpv6 = changed[0]! >> 4 === 6;
      const header = isIpv6 ? 40 : 4 * (changed[0]! & 0x0f);
      if (changed[isIpv6 ? 6 : 9] === UDP && offset >= (isIpv6 ? 8 : 12) && offset < header)
        carryOver(octets, changed, offset & ~1, header + 6);
      if (isIpv6) return changed;
      changed.fill(0, 10, 12);
      changed.set(u16(internetChecksum(changed.subarray(0, header))), 10);
      return changed;
    },
  };
}

/** What a word's change makes of a checksum (RFC 1624 3); none is none still. */
function carryOver(before: Uint8Array, after: Uint8Array, word: number, checksum: number): void {
  const at = (octets: Uint8Array, place: number) => octets.subarray(place, place + 2);
  const inverted = (octets: Uint8Array) => octets.map((octet) => ~octet);
  const old = at(before, checksum);
  if (old.every((octet) => octet === 0)) return;
  const terms = [...inverted(old), ...inverted(at(before, word)), ...at(after, word)];
  after.set(u16(internetChecksum(Uint8Array.from(terms))), checksum);
}

const UDP = 17;

/** A number of four octets (network byte order) at one offset is greater. */
function raisedAt(offset: number, by: number): OctetTamper {
  return {
    name: `raisedAt(${offset}, ${by})`,
    apply: (octets) => {
      const raised = octets.slice();
      const view = new DataView(raised.buffer);
      view.setUint32(offset, view.getUint32(offset) + by);
      return raised;
    },
  };
}

/** ESP on the wire, still sealed: its sequence number is greater, and its ICV (at the end) is another. `at` is where the ESP header begins. */
export function forgedAhead(at: number, by: number): OctetTamper {
  const tampers = [raisedAt(at + 4, by), flippedAt(-1)];
  return {
    complaint: 'ESP ICV is incorrect',
    name: tampers.map(({ name }) => name).join(', '),
    apply: (octets) => tampers.reduce((sofar, { apply }) => apply(sofar), octets),
  };
}

/** What tshark says of what it reads as something else, which it cannot be. */
export const TAKEN_FOR_ANOTHER = 'Malformed Packet (Exception occurred)';

/** The last octets are missing. */
export function shortenedBy(count: number): OctetTamper {
  return { name: `shortenedBy(${count})`, apply: (octets) => octets.subarray(0, -count) };
}
