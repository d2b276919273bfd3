/**
 * What a provider offers for one cipher, before IANA's registry gives it a name and RFC 4106 or RFC 7634 a salt. Two
 * files fill this in (ciphers-noble.ts, ciphers-node.ts); encryption.ts chooses between them.
 */

/** Which implementation computes: @noble (the default), or node:crypto (OpenSSL; several times faster). */
export type Provider = 'noble' | 'node';

/** `nonce` is the IV of CBC (one block), or the 12-octet nonce of an AEAD; `aad` counts for an AEAD only. */
export interface Cipher {
  /** The ciphertext, followed by the 16-octet tag for an AEAD. For CBC the plaintext is whole blocks already. */
  encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad?: Uint8Array): Uint8Array;
  /** The plaintext, or undefined where the tag is wrong. */
  decrypt(key: Uint8Array, nonce: Uint8Array, ciphertext: Uint8Array, aad?: Uint8Array): Uint8Array | undefined;
}
