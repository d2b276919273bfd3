/**
 * Unsigned integers as octets and back, big-endian (I2OSP and OS2IP of RFC 8017 section 4), and the modular power. Not in
 * constant time: the keys here belong to the laboratory.
 */
import { hex, unhex } from '../wire/octets.ts';

/** The integer that the octets spell; 0 for none. */
export function integerFrom(octets: Uint8Array): bigint {
  return octets.length === 0 ? 0n : BigInt(`0x${hex(octets)}`);
}

/** The integer in exactly `length` octets. Throws RangeError if it does not fit. */
export function octetsFrom(integer: bigint, length: number): Uint8Array {
  const digits = integer.toString(16).padStart(2 * length, '0');
  if (digits.length > 2 * length) throw new RangeError(`an integer of more than ${length} octets`);
  return unhex(digits);
}

/** Brings an integer into 1..maximum; one that is already there stays as it is. */
export function withinOneAnd(maximum: bigint, integer: bigint): bigint {
  return integer === 0n ? maximum : ((integer - 1n) % maximum) + 1n;
}

/** base^exponent mod modulus, by square and multiply. */
export function modularPower(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let power = 1n % modulus;
  let square = base % modulus;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) power = (power * square) % modulus;
    square = (square * square) % modulus;
  }
  return power;
}
