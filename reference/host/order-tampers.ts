/**
 * What an ESP packet made by hand lies about, and what an independent decoder that holds the keys of the SA says to it: whatever is changed after
 * sealing, or sealed under another key, has a wrong ICV (RFC 4303 section 3.4.4). A lie about the SPI or the protocol leaves a decoder
 * nothing to check.
 */
import type { EspOrder, HostEffect } from './interface.ts';

type Tampers = NonNullable<Extract<HostEffect, { kind: 'frame' }>['tampers']>;

export function tampersOf({
  spi,
  protocol,
  encryptionKey,
  integrityKey,
  beforeSealing,
  afterSealing,
}: EspOrder): Tampers {
  return [
    ...(spi === undefined ? [] : [{ name: 'another SPI' }]),
    ...(protocol === undefined ? [] : [{ name: `as protocol ${protocol}` }]),
    ...(encryptionKey === undefined ? [] : [{ name: 'another encryption key' }]),
    ...(integrityKey === undefined ? [] : [{ name: 'another integrity key', complaint: WRONG_ICV }]),
    ...(beforeSealing ? [beforeSealing] : []),
    ...(afterSealing ? [{ complaint: WRONG_ICV, ...afterSealing }] : []),
  ];
}

/** In tshark's words. */
const WRONG_ICV = 'ESP ICV is incorrect';
