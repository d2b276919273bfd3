/** What the fields of a document hold: each says what was expected of it. */
import { z } from 'zod';
import { isAddress, parsePrefix } from '../../reference/wire/address.ts';

export const hex = z.string().regex(/^([0-9a-f]{2})*$/, 'lower-case hexadecimal');
export const count = z.number().int().nonnegative();
export const port = z.number().int().min(0).max(65_535);
/** Octets of the header, and of type and code. */
export const octet = z.number().int().min(0).max(255);
export const spi = z.number().int().min(0).max(0xffff_ffff);

export const address = z.string().refine(isAddress, 'an IPv4 or IPv6 address');

export const prefix = z.string().refine(isPrefix, 'a prefix, as 192.0.2.0/24');

/** In JSON `{ "$bigint": "…" }` where it is beyond the safe integers; a bigint by the time that it is checked. */
export const sequenceNumber = z.union([
  z
    .bigint()
    .min(0n)
    .max(2n ** 64n - 1n),
  count,
]);

function isPrefix(text: string): boolean {
  try {
    parsePrefix(text);
    return true;
  } catch {
    return false;
  }
}
