/**
 * IPAddrBlocks (RFC 3779 section 2.2.3): the address space that a certificate speaks for, as ranges. Every range that is a
 * prefix is written as one (section 2.2.3.7). Subsequent address families are not written, and are read without being told apart.
 */
import { type DerElement, derElement, derElements, derTag } from '../transforms/der.ts';
import { type AddressRange, addressOctets, addressText, familyOf, rangePrefix } from '../wire/address.ts';
import { concat } from '../wire/octets.ts';

export interface IpAddressBlocks {
  readonly family: 4 | 6;
  /** `inherit`: what the issuer's certificate says. */
  readonly ranges: readonly AddressRange[] | 'inherit';
}

/** The object identifier id-pe-ipAddrBlocks. */
export const ipAddressBlocksIdentifier = '1.3.6.1.5.5.7.1.7';

/** The value of the extension in DER. Ranges are taken in the order given. */
export function encodeIpAddressBlocks(blocks: readonly IpAddressBlocks[]): Uint8Array {
  return derElement(derTag.SEQUENCE, ...blocks.map(encodeFamily));
}

/** The blocks in order; undefined where the octets are no IPAddrBlocks, or name a family that is neither IPv4 nor IPv6. */
export function decodeIpAddressBlocks(octets: Uint8Array): IpAddressBlocks[] | undefined {
  const families = sequence(derElements(octets)?.[0]);
  const blocks = families?.map(familyFrom);
  return blocks?.every((block) => block !== undefined) ? blocks : undefined;
}

/** Ranges gathered by family, IPv4 first, in the order they came. */
export function ipAddressBlocksOf(ranges: readonly AddressRange[]): IpAddressBlocks[] {
  return ([4, 6] as const)
    .map((family) => ({ family, ranges: ranges.filter((range) => familyOf(range.first) === family) }))
    .filter((blocks) => blocks.ranges.length > 0);
}

function encodeFamily({ family, ranges }: IpAddressBlocks): Uint8Array {
  return derElement(
    derTag.SEQUENCE,
    derElement(derTag.OCTET_STRING, Uint8Array.of(0, addressFamilyNumber[family])),
    ranges === 'inherit' ? derElement(derTag.NULL) : derElement(derTag.SEQUENCE, ...ranges.map(encodeRange)),
  );
}

function encodeRange(range: AddressRange): Uint8Array {
  const first = addressOctets(range.first);
  const prefix = rangePrefix(range);
  if (prefix) return bitString(first, prefix.length);
  const last = addressOctets(range.last);
  // Section 2.2.3.8: the lower bound loses its trailing zeros, the upper bound its trailing ones.
  return derElement(
    derTag.SEQUENCE,
    bitString(first, 8 * first.length - trailingBits(first, 0)),
    bitString(last, 8 * last.length - trailingBits(last, 1)),
  );
}

function familyFrom(element: DerElement): IpAddressBlocks | undefined {
  const parts = sequence(element);
  const family = parts?.[0]?.tag === derTag.OCTET_STRING ? familyNumbered(parts[0].contents[1]) : undefined;
  if (!parts || !family) return undefined;
  if (parts[1]?.tag === derTag.NULL) return { family, ranges: 'inherit' };
  const ranges = sequence(parts[1])?.map((range) => rangeFrom(range, family === 4 ? 4 : 16));
  return ranges?.every((range) => range !== undefined) ? { family, ranges } : undefined;
}

function rangeFrom(element: DerElement, octets: number): AddressRange | undefined {
  const [lower, upper] = element.tag === BIT_STRING ? [element, element] : (sequence(element) ?? []);
  const first = lower && filled(lower, octets, 0);
  const last = upper && filled(upper, octets, 1);
  return first && last && { first: addressText(first), last: addressText(last) };
}

/** The bits of a BIT STRING, and `bit` in every place after them. */
function filled({ tag, contents }: DerElement, octets: number, bit: 0 | 1): Uint8Array | undefined {
  const bits = 8 * (contents.length - 1) - (contents[0] ?? 0);
  if (tag !== BIT_STRING || bits < 0 || bits > 8 * octets || contents[0]! > 7) return undefined;
  const address = new Uint8Array(octets);
  address.set(contents.subarray(1));
  for (let at = bits; at < 8 * octets; at++) {
    const mask = 0x80 >> (at & 7);
    if (bit) address[at >> 3]! |= mask;
    else address[at >> 3]! &= ~mask;
  }
  return address;
}

/** The first `bits` bits of `octets`, which are zero behind them or are cut to be so. */
function bitString(octets: Uint8Array, bits: number): Uint8Array {
  const kept = octets.slice(0, Math.ceil(bits / 8));
  const unused = 8 * kept.length - bits;
  if (kept.length > 0) kept[kept.length - 1]! &= 0xff << unused;
  return derElement(BIT_STRING, concat(Uint8Array.of(unused), kept));
}

function trailingBits(octets: Uint8Array, bit: 0 | 1): number {
  let count = 0;
  for (let at = 8 * octets.length - 1; at >= 0; at--) {
    if (((octets[at >> 3]! >> (7 - (at & 7))) & 1) !== bit) break;
    count++;
  }
  return count;
}

function sequence(element: DerElement | undefined): DerElement[] | undefined {
  return element?.tag === derTag.SEQUENCE ? derElements(element.contents) : undefined;
}

function familyNumbered(number: number | undefined): 4 | 6 | undefined {
  if (number === addressFamilyNumber[4]) return 4;
  return number === addressFamilyNumber[6] ? 6 : undefined;
}

const addressFamilyNumber = { 4: 1, 6: 2 } as const;

const BIT_STRING = 0x03;
