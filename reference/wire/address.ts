/**
 * IPv4 and IPv6 addresses as canonical text (RFC 5952; dotted decimal for IPv4 and inside IPv4-mapped addresses) and as
 * octets; order, prefixes and ranges over them. In values an address is always canonical text, so `===` is equality.
 */
import { compare } from './octets.ts';

export type Address = string;

export interface Prefix {
  readonly address: Address;
  /** Bits, 0 to 32 or 128. */
  readonly length: number;
}

/** An inclusive range of one family. */
export interface AddressRange {
  readonly first: Address;
  readonly last: Address;
}

/** 4 or 16 octets of an address in any accepted notation. Throws `RangeError` on what is none. */
export function addressOctets(address: Address): Uint8Array {
  const octets = address.includes(':') ? parseV6(address) : parseV4(address);
  if (!octets) throw new RangeError(`no address: ${address}`);
  return octets;
}

/** Canonical text of 4 or 16 octets. */
export function addressText(octets: Uint8Array): Address {
  if (octets.length === 4) return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`;
  if (octets.length === 16) return v6Text(octets);
  throw new RangeError(`an address has 4 or 16 octets, not ${octets.length}`);
}

/** The canonical spelling. Throws `RangeError` on what is no address. */
export function canonicalAddress(text: string): Address {
  return addressText(addressOctets(text));
}

export function isAddress(text: string): boolean {
  return (text.includes(':') ? parseV6(text) : parseV4(text)) !== undefined;
}

export function familyOf(address: Address): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** Negative, zero or positive; every IPv4 address comes before every IPv6 address. */
export function compareAddresses(one: Address, other: Address): number {
  return familyOf(one) - familyOf(other) || compare(addressOctets(one), addressOctets(other));
}

/** `192.0.2.0/24`, or an address alone as a prefix of its full length. Throws `RangeError`. */
export function parsePrefix(text: string): Prefix {
  const [address, bits] = text.split('/') as [string, string | undefined];
  const octets = addressOctets(address);
  const length = bits === undefined ? 8 * octets.length : Number(bits);
  if (bits === '' || !Number.isInteger(length) || length < 0 || length > 8 * octets.length) {
    throw new RangeError(`no prefix: ${text}`);
  }
  return { address: addressText(octets), length };
}

/** Whether the first `length` bits agree; false between families. */
export function inPrefix(address: Address, prefix: Prefix): boolean {
  const octets = addressOctets(address);
  const wanted = addressOctets(prefix.address);
  if (octets.length !== wanted.length) return false;
  const full = prefix.length >> 3;
  for (let i = 0; i < full; i++) if (octets[i] !== wanted[i]) return false;
  const bits = prefix.length & 7;
  return bits === 0 || (octets[full]! ^ wanted[full]!) >> (8 - bits) === 0;
}

/** Every address of a prefix, as a range. */
export function prefixRange(prefix: Prefix): AddressRange {
  const first = addressOctets(prefix.address);
  const last = first.slice();
  for (let bit = prefix.length; bit < 8 * first.length; bit++) {
    first[bit >> 3]! &= ~(0x80 >> (bit & 7));
    last[bit >> 3]! |= 0x80 >> (bit & 7);
  }
  return { first: addressText(first), last: addressText(last) };
}

/** The prefix that a range is, if it is one. */
export function rangePrefix(range: AddressRange): Prefix | undefined {
  const bits = 8 * addressOctets(range.first).length;
  for (let length = 0; length <= bits; length++) {
    const whole = prefixRange({ address: range.first, length });
    if (whole.first === range.first && whole.last === range.last) return { address: range.first, length };
  }
  return undefined;
}

export function inRange(address: Address, range: AddressRange): boolean {
  return (
    familyOf(address) === familyOf(range.first) &&
    compareAddresses(range.first, address) <= 0 &&
    compareAddresses(address, range.last) <= 0
  );
}

export function isMulticast(address: Address): boolean {
  const first = addressOctets(address)[0]!;
  return familyOf(address) === 4 ? first >> 4 === 0xe : first === 0xff;
}

/** fe80::/10 (RFC 4291 section 2.5.6) or 169.254.0.0/16 (RFC 3927). */
export function isLinkLocal(address: Address): boolean {
  return inPrefix(
    address,
    familyOf(address) === 4 ? { address: '169.254.0.0', length: 16 } : { address: 'fe80::', length: 10 },
  );
}

/** The IPv6 address that stands for an IPv4 one, `::ffff:192.0.2.1` (RFC 4291 section 2.5.5.2). */
export function v4Mapped(address: Address): Address {
  const octets = new Uint8Array(16);
  octets.fill(0xff, 10, 12);
  octets.set(addressOctets(address), 12);
  return addressText(octets);
}

/** ::ffff:0:0/96, what `v4Mapped` makes. */
export function isV4Mapped(address: Address): boolean {
  return familyOf(address) === 6 && inPrefix(address, { address: '::ffff:0:0', length: 96 });
}

/** ff02::1:ffXX:XXXX of a unicast IPv6 address (RFC 4291 section 2.7.1). */
export function solicitedNodeMulticast(address: Address): Address {
  const octets = addressOctets('ff02::1:ff00:0');
  octets.set(addressOctets(address).subarray(13), 13);
  return addressText(octets);
}

function parseV4(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(4);
  let at = 0;
  for (let i = 0; i < 4; i++) {
    if (i > 0 && text.charCodeAt(at++) !== DOT) return undefined;
    const first = at;
    let value = 0;
    for (let digit = digitAt(text, at); digit !== undefined; digit = digitAt(text, ++at)) value = 10 * value + digit;
    const digits = at - first;
    if (digits < 1 || digits > 3 || value > 255 || (digits > 1 && digitAt(text, first) === 0)) return undefined;
    octets[i] = value;
  }
  return at === text.length ? octets : undefined;
}

function digitAt(text: string, at: number): number | undefined {
  const digit = text.charCodeAt(at) - 0x30;
  return digit >= 0 && digit <= 9 ? digit : undefined;
}

/** One pass, without pieces of text: this is read and written for every packet. */
function parseV6(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(16);
  let size = 0;
  let gap: number | undefined;
  let at = 0;
  if (text.startsWith('::')) {
    gap = 0;
    at = 2;
  }
  while (at < text.length) {
    const first = at;
    let group = 0;
    for (let digit = hexDigitAt(text, at); digit !== undefined; digit = hexDigitAt(text, ++at))
      group = (group << 4) | digit;
    if (text.charCodeAt(at) === DOT) {
      const dotted = parseV4(text.slice(first)); // only the last may be one
      if (!dotted || size > 12) return undefined;
      octets.set(dotted, size);
      size += 4;
      break;
    }
    if (at === first || at - first > 4 || size > 14) return undefined;
    octets[size++] = group >> 8;
    octets[size++] = group;
    if (at === text.length) break;
    if (text.charCodeAt(at++) !== COLON) return undefined;
    if (text.charCodeAt(at) === COLON) {
      if (gap !== undefined) return undefined;
      gap = size;
      at++;
    } else if (at === text.length) return undefined;
  }
  if (gap === undefined) return size === 16 ? octets : undefined;
  if (size > 14) return undefined;
  octets.copyWithin(16 - (size - gap), gap, size);
  return octets.fill(0, gap, 16 - (size - gap));
}

function hexDigitAt(text: string, at: number): number | undefined {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : undefined;
}

function v6Text(octets: Uint8Array): string {
  const { start, length } = longestZeros(octets);
  if (start === 0 && length === 5 && octets[10] === 0xff && octets[11] === 0xff) {
    return `::ffff:${addressText(octets.subarray(12))}`;
  }
  let text = '';
  for (let i = 0; i < 8; i++) {
    if (length > 1 && i === start) {
      text += '::';
      i += length - 1;
      continue;
    }
    if (text !== '' && !text.endsWith(':')) text += ':';
    text += ((octets[2 * i]! << 8) | octets[2 * i + 1]!).toString(16);
  }
  return text;
}

/** The first longest run of zero groups (RFC 5952 section 4.2.3). */
function longestZeros(octets: Uint8Array): { start: number; length: number } {
  let start = 0;
  let longest = 0;
  let length = 0;
  for (let i = 0; i < 8; i++) {
    length = octets[2 * i] === 0 && octets[2 * i + 1] === 0 ? length + 1 : 0;
    if (length > longest) {
      longest = length;
      start = i + 1 - length;
    }
  }
  return { start, length: longest };
}

const DOT = 0x2e;
const COLON = 0x3a;
