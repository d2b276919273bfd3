/** The address of whichever home agent of a prefix is nearest: identifier 126 of RFC 2526, in the form for interface identifiers of 64 bits (section 2). */
import { type Address, addressOctets, addressText, type Prefix, prefixRange } from '../wire/address.ts';

export function homeAgentsAnycast(prefix: Prefix): Address {
  const octets = addressOctets(prefixRange(prefix).first).slice();
  octets.set(HOME_AGENTS, 8);
  return addressText(octets);
}

/** Universal/local bit clear, all other bits set but for the anycast identifier 126. */
const HOME_AGENTS = Uint8Array.of(0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe);
