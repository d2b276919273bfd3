/**
 * Return routability, RFC 6275 section 5.2: the tokens that a correspondent hands out, the key that a mobile node makes of them, and what it
 * authenticates with it. Formulas only; who keeps nonces and tokens, and for how long, stands with the roles.
 */
import { hash, hmac } from '../transforms/keyed-hash.ts';
import { type Address, addressOctets } from '../wire/address.ts';
import { concat } from '../wire/octets.ts';

/**
 * 5.2.5: `First (64, HMAC_SHA1 (Kcn, (home address | nonce | 0)))` is the home keygen token, the same of the care-of address and 1 the care-of keygen token;
 * the last octet is a correspondent's rule, `tokenOctet`.
 */
export function keygenToken(Kcn: Uint8Array, address: Address, nonce: Uint8Array, octet: number): Uint8Array {
  return hmac('sha1', Kcn, concat(addressOctets(address), nonce, Uint8Array.of(octet))).slice(0, KEYGEN_TOKEN);
}

/** 5.2.5: `Kbm = SHA-1 (home keygen token | care-of keygen token)`; of the home keygen token alone for a deregistration from home. */
export function bindingManagementKey(homeToken: Uint8Array, careOfToken?: Uint8Array): Uint8Array {
  return hash('sha1', careOfToken ? concat(homeToken, careOfToken) : homeToken);
}

/**
 * 6.2.7: `First (96, HMAC_SHA1 (Kbm, (care-of address | correspondent | MH Data)))`. MH Data is the Mobility Header without its authenticator, whose `octets` end it
 * where nothing else is said, and with a checksum of zero.
 */
export function bindingAuthenticator(
  Kbm: Uint8Array,
  careOfAddress: Address,
  correspondent: Address,
  mobilityHeader: Uint8Array,
  { octets, at }: AuthenticatorPlace = { octets: AUTHENTICATOR, at: mobilityHeader.length - AUTHENTICATOR },
): Uint8Array {
  const data = concat(mobilityHeader.subarray(0, at), mobilityHeader.subarray(at + octets));
  data.fill(0, CHECKSUM, CHECKSUM + 2);
  const mobilityData = concat(addressOctets(careOfAddress), addressOctets(correspondent), data);
  return hmac('sha1', Kbm, mobilityData).slice(0, AUTHENTICATOR);
}

/** Where in a Mobility Header the authenticator stands. */
export interface AuthenticatorPlace {
  readonly octets: number;
  readonly at: number;
}

/** Section 12, in seconds: how long a nonce is believed after its first use, how long a token should be, and how long a binding made so may last. */
export const MAX_NONCE_LIFETIME = 240;
export const MAX_TOKEN_LIFETIME = 210;
export const MAX_RR_BINDING_LIFETIME = 420;

/** Octets. */
export const AUTHENTICATOR = 12;
export const KEYGEN_TOKEN = 8;

const CHECKSUM = 4;
