/**
 * The ciphers that @noble/ciphers has, as bare functions of key, nonce and octets. It shares no code with the OpenSSL
 * that most products use, so an error common to both ends cannot hide. Names, numbers and salts are for encryption.ts.
 */
import { cbc, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import type { Cipher } from './cipher.ts';

export const aesCbc: Cipher = {
  encrypt: (key, iv, plaintext) => cbc(key, iv, { disablePadding: true }).encrypt(plaintext),
  decrypt: (key, iv, ciphertext) => cbc(key, iv, { disablePadding: true }).decrypt(ciphertext),
};

export const aesGcm: Cipher = authenticated(gcm);

export const chacha20Poly1305: Cipher = authenticated(chacha20poly1305);

type NobleAead = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad?: Uint8Array,
) => { encrypt(plaintext: Uint8Array): Uint8Array; decrypt(ciphertext: Uint8Array): Uint8Array };

function authenticated(aead: NobleAead): Cipher {
  return {
    encrypt: (key, nonce, plaintext, aad) => aead(key, nonce, aad).encrypt(plaintext),
    decrypt(key, nonce, ciphertextAndIcv, aad) {
      const opened = aead(key, nonce, aad);
      try {
        return opened.decrypt(ciphertextAndIcv);
      } catch {
        // The sizes of key and nonce were judged above; what is left to go wrong is the tag.
        return undefined;
      }
    },
  };
}
