/**
 * Authentication method 2, the shared key message integrity code (RFC 7296 section 2.15): which octets are signed is ikev2's
 * to say.
 */
import { fromText } from '../wire/octets.ts';
import type { PseudorandomFunction } from './prf.ts';

/** prf(prf(Shared Secret, "Key Pad for IKEv2"), octets). The pad is 17 ASCII characters without an end of string. */
export function sharedKeyCode(prf: PseudorandomFunction, sharedSecret: Uint8Array, octets: Uint8Array): Uint8Array {
  return prf.prf(prf.prf(sharedSecret, KEY_PAD), octets);
}

const KEY_PAD = fromText('Key Pad for IKEv2');
