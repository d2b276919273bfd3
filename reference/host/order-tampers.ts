/**
 * What an ESP packet made by hand lies about, and what an independent decoder that holds the keys of the SA says to it: whatever is changed after
 * sealing, or sealed under another key, has a wrong ICV (RFC 4303 section 3.4.4), and what is called another protocol is malformed as that.
 * A lie about the SPI leaves a decoder nothing to check.
 */
import type { Sad, SadEntry } from '../ipsec/sad.ts';
import { concat, u32 } from '../wire/octets.ts';
import type { EspOrder, HostEffect } from './interface.ts';

type Tampers = NonNullable<Extract<HostEffect, { kind: 'frame' }>['tampers']>;

/** `combined`: one algorithm with one key encrypts and authenticates. */
export function tampersOf(order: EspOrder, combined: boolean): Tampers {
  const { spi, protocol, encryptionKey, integrityKey, beforeSealing, afterSealing, onTheWay } = order;
  return [
    ...(spi === undefined ? [] : [{ name: 'another SPI' }]),
    ...(protocol === undefined ? [] : [{ name: `as protocol ${protocol}`, complaint: MALFORMED }]),
    ...(encryptionKey === undefined
      ? []
      : [{ name: 'another encryption key', ...(combined && { complaint: WRONG_ICV }) }]),
    ...(integrityKey === undefined ? [] : [{ name: 'another integrity key', complaint: WRONG_ICV }]),
    ...(beforeSealing ? [beforeSealing] : []),
    ...(afterSealing ? [{ complaint: WRONG_ICV, ...afterSealing }] : []),
    ...(onTheWay ? [onTheWay] : []),
  ];
}

/** Throws `RangeError` where there is none of that name. */
export function securityAssociationOf({ securityAssociation: name, direction = 'out' }: EspOrder, sad: Sad): SadEntry {
  const entry = sad.named(name, direction) ?? sad.named(name);
  if (!entry) throw new RangeError(`no SA ${name}`);
  return entry;
}

/** Sealed under one SA, and called another's: SPI and ICV are of two SAs. */
export function relabelledAs(order: EspOrder, sad: Sad): EspOrder {
  const { spi } = securityAssociationOf({ ...order, securityAssociation: order.announcedAs! }, sad).sa;
  const apply = (esp: Uint8Array): Uint8Array => concat(u32(spi), esp.subarray(4));
  return { ...order, afterSealing: { name: `announced as ${order.announcedAs}`, apply } };
}

/** In tshark's words. */
const WRONG_ICV = 'ESP ICV is incorrect';
const MALFORMED = 'Malformed Packet (Exception occurred)';
