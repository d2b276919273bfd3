/**
 * As much of DER (X.690) as an AlgorithmIdentifier needs: one element after another, of definite length, with a tag of one
 * octet. Certificates are read by a library, in reference/certificates.
 */
import { concat } from '../wire/octets.ts';

export interface DerElement {
  /** The identifier octet, class and constructed bit included. */
  readonly tag: number;
  readonly contents: Uint8Array;
}

export const derTag = {
  INTEGER: 0x02,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OBJECT_IDENTIFIER: 0x06,
  SEQUENCE: 0x30,
} as const;

/** The elements that follow one another in `octets`; undefined where they do not end exactly with it, or are not DER. */
export function derElements(octets: Uint8Array): DerElement[] | undefined {
  const elements: DerElement[] = [];
  let at = 0;
  while (at < octets.length) {
    const tag = octets[at]!;
    let length = octets[at + 1];
    if (length === undefined) return undefined;
    at += 2;
    if (length >= 0x80) {
      const sizeOctets = length - 0x80;
      if (sizeOctets === 0 || sizeOctets > 3 || at + sizeOctets > octets.length) return undefined;
      length = 0;
      for (const octet of octets.subarray(at, at + sizeOctets)) length = length * 256 + octet;
      // DER has one encoding of a length: the shortest.
      if (length < 0x80 || length < 256 ** (sizeOctets - 1)) return undefined;
      at += sizeOctets;
    }
    if (at + length > octets.length) return undefined;
    elements.push({ tag, contents: octets.subarray(at, at + length) });
    at += length;
  }
  return elements;
}

/** How many elements `octets` are made of, those within others and within an OCTET STRING among them; no further than `most`. What is no DER counts as one. */
export function derElementCount(octets: Uint8Array, most: number): number {
  let count = 0;
  const within = [octets];
  for (let next = within.pop(); next && count < most; next = within.pop()) {
    for (const { tag, contents } of derElements(next) ?? []) {
      count++;
      if (tag & CONSTRUCTED || tag === derTag.OCTET_STRING) within.push(contents);
    }
  }
  return Math.min(count, most);
}

/** One element, its contents the concatenation of `parts`, below 2^24 octets, which is what `derElements` reads. Throws RangeError. */
export function derElement(tag: number, ...parts: Uint8Array[]): Uint8Array {
  const contents = concat(...parts);
  return concat(Uint8Array.from([tag, ...lengthOctets(contents.length)]), contents);
}

function lengthOctets(length: number): readonly number[] {
  if (length >= 2 ** 24)
    throw new RangeError(`${length} octets in one element of DER, at most ${2 ** 24 - 1} are written`);
  if (length < 0x80) return [length];
  const octets = [length >> 16, (length >> 8) & 0xff, length & 0xff];
  const first = octets.findIndex((octet) => octet !== 0);
  return [0x80 + 3 - first, ...octets.slice(first)];
}

/** An OBJECT IDENTIFIER, from its dotted form. */
export function objectIdentifier(dotted: string): Uint8Array {
  const [first, second, ...rest] = dotted.split('.').map(Number);
  const octets = [first! * 40 + second!, ...rest].flatMap((arc) => {
    const septets = [arc & 0x7f];
    for (let high = Math.floor(arc / 128); high > 0; high = Math.floor(high / 128))
      septets.unshift((high & 0x7f) | 0x80);
    return septets;
  });
  return derElement(derTag.OBJECT_IDENTIFIER, Uint8Array.from(octets));
}

/** Of an identifier octet. */
const CONSTRUCTED = 0x20;
