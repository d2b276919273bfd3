/** Addresses as text, by their octets: few are spelled often, and to spell one costs more than to look it up. */
import { type Address, addressText } from '../../../reference/wire/address.ts';
import { readU32 } from '../../../reference/wire/octets.ts';

export class AddressNames {
  readonly #short = new Map<number, Address>();
  readonly #long = new Map<string, Address>();

  /** Of IPv4, four octets from `at` on. */
  ipv4(octets: Uint8Array, at: number): Address {
    return this.#of(this.#short, readU32(octets, at), octets, at, 4);
  }

  ipv6(octets: Uint8Array, at: number): Address {
    return this.#of(this.#long, latin1(octets, at, at + 16), octets, at, 16);
  }

  #of<Key>(known: Map<Key, Address>, key: Key, octets: Uint8Array, at: number, length: number): Address {
    const before = known.get(key);
    if (before !== undefined) return before;
    if (known.size >= MOST_KNOWN) known.clear();
    const text = addressText(octets.subarray(at, at + length));
    known.set(key, text);
    return text;
  }
}

/** One character an octet, for a key of a map. */
export function latin1(octets: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...octets.subarray(start, end));
}

/** Hosts of a large network; whoever scans a larger one shall not fill the memory. */
const MOST_KNOWN = 8_192;
