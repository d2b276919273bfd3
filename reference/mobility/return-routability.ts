/**
 * Return routability, RFC 6275 section 5.2: the tokens that a correspondent hands out, the key that a mobile node makes of them, and what it
 * authenticates with it. Formulas only; who keeps nonces and tokens, and for how long, stands with the roles.
 */
import { hash, hmac } from '../transforms/keyed-hash.ts';
import { type Address, addressOctets } from '../wire/address.ts';
import { concat } from '../wire/octets.ts';

/** 5.2.5: `First (64, HMAC_SHA1 (Kcn, (home address | nonce | 0)))`. */
export function homeKeygenToken(Kcn: Uint8Array, homeAddress: Address, nonce: Uint8Array): Uint8Array {
  return keygenToken(Kcn, homeAddress, nonce, 0);
}

/** 5.2.5: `First (64, HMAC_SHA1 (Kcn, (care-of address | nonce | 1)))`. */
export function careOfKeygenToken(Kcn: Uint8Array, careOfAddress: Address, nonce: Uint8Array): Uint8Array {
  return keygenToken(Kcn, careOfAddress, nonce, 1);
}

/** 5.2.5: `Kbm = SHA-1 (home keygen token | care-of keygen token)`; of the home keygen token alone for a deregistration from home. */
export function bindingManagementKey(homeToken: Uint8Array, careOfToken?: Uint8Array): Uint8Array {
  return hash('sha1', careOfToken ? concat(homeToken, careOfToken) : homeToken);
}

/**
 * 6.2.7: `First (96, HMAC_SHA1 (Kbm, (care-of address | correspondent | MH Data)))`. `mobilityHeader` ends with the Binding Authorization Data option, whose
 * authenticator of 12 octets is left out, as the checksum counts as zero.
 */
export function bindingAuthenticator(
  Kbm: Uint8Array,
  careOfAddress: Address,
  correspondent: Address,
  mobilityHeader: Uint8Array,
): Uint8Array {
  const data = mobilityHeader.slice(0, -AUTHENTICATOR);
  data.fill(0, CHECKSUM, CHECKSUM + 2);
  const mobilityData = concat(addressOctets(careOfAddress), addressOctets(correspondent), data);
  return hmac('sha1', Kbm, mobilityData).slice(0, AUTHENTICATOR);
}

/** Octets. */
export const AUTHENTICATOR = 12;
export const KEYGEN_TOKEN = 8;

function keygenToken(Kcn: Uint8Array, address: Address, nonce: Uint8Array, which: 0 | 1): Uint8Array {
  return hmac('sha1', Kcn, concat(addressOctets(address), nonce, Uint8Array.of(which))).slice(0, KEYGEN_TOKEN);
}

const CHECKSUM = 4;
