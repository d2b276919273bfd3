/**
 * Cookies (RFC 7296 section 2.6): Cookie = <VersionIDofSecret> | Hash(Ni | IPi | SPIi | <secret>). The responder stores nothing: it makes the
 * cookie anew and compares. When one is asked for is a rule.
 */
import { hash } from '../transforms/keyed-hash.ts';
import { type Address, addressOctets } from '../wire/address.ts';
import { concat } from '../wire/octets.ts';

/** What a cookie binds. */
export interface CookieSubject {
  readonly Ni: Uint8Array;
  readonly IPi: Address;
  readonly SPIi: Uint8Array;
}

/** 33 octets: the version of the secret, which this house changes only by starting anew, and SHA-256. */
export function cookieFor({ Ni, IPi, SPIi }: CookieSubject, secret: Uint8Array): Uint8Array {
  return concat(VERSION_OF_SECRET, hash('sha256', concat(Ni, addressOctets(IPi), SPIi, secret)));
}

const VERSION_OF_SECRET = Uint8Array.of(1);
