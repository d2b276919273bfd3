/**
 * Tampers: named pure functions on octets. An offset below zero counts from the end. None has a complaint to expect of an independent decoder,
 * which does not look inside ESP without keys.
 */
import type { OctetTamper } from '../lab/node.ts';

/** Other bits at one offset: those set in `mask` are inverted. */
export function flippedAt(offset: number, mask = 0x01): OctetTamper {
  return {
    name: `flippedAt(${offset}, 0x${mask.toString(16).padStart(2, '0')})`,
    apply: (octets) => octets.with(offset, octets.at(offset)! ^ mask),
  };
}

/** Another octet at one offset. */
export function octetAt(offset: number, value: number): OctetTamper {
  return { name: `octetAt(${offset}, ${value})`, apply: (octets) => octets.with(offset, value) };
}

/** The last octets are missing. */
export function shortenedBy(count: number): OctetTamper {
  return { name: `shortenedBy(${count})`, apply: (octets) => octets.subarray(0, -count) };
}
