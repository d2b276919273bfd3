/**
 * Small operations on octets that every layer needs: joining, comparing, hexadecimal and text. Numbers are
 * big-endian, the network's order. `equal` is not constant-time; comparing an ICV against a forger's guess is no
 * concern of a test laboratory.
 */

export function concat(...pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

export function equal(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && compare(one, other) === 0;
}

/** Lexicographic order as unsigned octets: negative, zero or positive; a prefix comes before what it begins. */
export function compare(one: Uint8Array, other: Uint8Array): number {
  const shared = Math.min(one.length, other.length);
  for (let i = 0; i < shared; i++) {
    const difference = one[i]! - other[i]!;
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

/** Lower-case hexadecimal, two digits an octet, without separators. */
export function hex(octets: Uint8Array): string {
  let digits = '';
  for (const octet of octets) digits += hexOf[octet];
  return digits;
}

/** Octets of hexadecimal digits; white space between digits is ignored. Throws `RangeError` on anything else. */
export function unhex(digits: string): Uint8Array {
  const packed = digits.replace(/\s+/g, '');
  if (packed.length % 2 !== 0 || /[^0-9a-fA-F]/.test(packed)) throw new RangeError(`not hexadecimal: ${digits}`);
  const octets = new Uint8Array(packed.length / 2);
  for (let i = 0; i < octets.length; i++) octets[i] = Number.parseInt(packed.slice(2 * i, 2 * i + 2), 16);
  return octets;
}

/** The UTF-8 octets of a text. */
export function fromText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** UTF-8 text of octets; what is no UTF-8 becomes U+FFFD. */
export function toText(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}

export function u16(number: number): Uint8Array {
  return Uint8Array.of(number >>> 8, number);
}

export function u32(number: number): Uint8Array {
  return Uint8Array.of(number >>> 24, number >>> 16, number >>> 8, number);
}

export function u64(number: bigint): Uint8Array {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, number);
  return octets;
}

/** Unsigned numbers of so many octets each, one after another; what is left over is not read. */
export function numbersOf(octets: Uint8Array, each: 1 | 2): number[] {
  return Array.from({ length: Math.floor(octets.length / each) }, (_, i) =>
    each === 1 ? octets[i]! : readU16(octets, 2 * i),
  );
}

export function readU16(octets: Uint8Array, at = 0): number {
  return (octets[at]! << 8) | octets[at + 1]!;
}

export function readU32(octets: Uint8Array, at = 0): number {
  return ((octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!) >>> 0;
}

export function readU64(octets: Uint8Array, at = 0): bigint {
  return (BigInt(readU32(octets, at)) << 32n) | BigInt(readU32(octets, at + 4));
}

const hexOf: readonly string[] = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
