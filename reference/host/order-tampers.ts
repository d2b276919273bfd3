/**
 * What a packet of ESP or AH made by hand lies about, and what an independent decoder that holds the keys of the SA says to it: whatever is changed after
 * sealing, or sealed under another key, has a wrong ICV (RFC 4303 section 3.4.4), and what is called another protocol is malformed as that.
 * A lie about the SPI leaves a decoder nothing to check.
 */
import type { Sad, SadEntry } from '../ipsec/sad.ts';
import { concat, u32 } from '../wire/octets.ts';
import type { EspOrder, HostEffect } from './interface.ts';

type Tampers = NonNullable<Extract<HostEffect, { kind: 'frame' }>['tampers']>;

/** A decoder verifies no AH. */
export function tampersOf(order: EspOrder, { sa }: SadEntry): Tampers {
  const complaint = sa.protocol === 'ESP' ? { complaint: WRONG_ICV } : {};
  // One algorithm with one key encrypts and authenticates.
  const isCombined = sa.integrity === undefined;
  const { spi, protocol, encryptionKey, integrityKey, beforeSealing, afterSealing, onTheWay } = order;
  return [
    ...(spi === undefined ? [] : [{ name: 'another SPI' }]),
    ...(protocol === undefined ? [] : [{ name: `as protocol ${protocol}`, complaint: MALFORMED }]),
    ...(encryptionKey === undefined ? [] : [{ name: 'another encryption key', ...(isCombined && complaint) }]),
    ...(integrityKey === undefined ? [] : [{ name: 'another integrity key', ...complaint }]),
    ...(beforeSealing ? [beforeSealing] : []),
    ...(afterSealing ? [{ ...complaint, ...afterSealing }] : []),
    ...(onTheWay ? [onTheWay] : []),
  ];
}

/** Undefined where there is none of that name, as where a peer agreed to none. */
export function securityAssociationOf(
  { securityAssociation: name, direction = 'out' }: Pick<EspOrder, 'securityAssociation' | 'direction'>,
  sad: Sad,
): SadEntry | undefined {
  return sad.named(name, direction) ?? sad.named(name);
}

/** Sealed under one SA, and called another's: SPI and ICV are of two SAs. */
export function relabelledAs(order: EspOrder, { sa: { spi, protocol } }: SadEntry): EspOrder {
  const at = protocol === 'AH' ? 4 : 0;
  const apply = (sealed: Uint8Array): Uint8Array => concat(sealed.subarray(0, at), u32(spi), sealed.subarray(at + 4));
  return { ...order, afterSealing: { name: `announced as ${order.announcedAs}`, apply } };
}

/** In tshark's words. */
const WRONG_ICV = 'ESP ICV is incorrect';
const MALFORMED = 'Malformed Packet (Exception occurred)';
