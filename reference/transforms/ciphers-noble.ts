/**
 * The ciphers that @noble/ciphers has, as bare functions of key, nonce and octets. It shares no code with the OpenSSL
 * that most products use, so an error common to both ends cannot hide. Names, numbers and salts are for encryption.ts.
 */
import { cbc, ctr, gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { counterWithCbcMac } from './ccm.ts';
import type { Cipher } from './cipher.ts';
import { equalInConstantTime } from './constant-time.ts';

export const aesCbc: Cipher = {
  encrypt: (key, iv, plaintext) => cbc(key, iv, { disablePadding: true }).encrypt(plaintext),
  decrypt: (key, iv, ciphertext) => cbc(key, iv, { disablePadding: true }).decrypt(ciphertext),
};

export const aesCtr: Cipher = {
  encrypt: (key, block, plaintext) => ctr(key, block).encrypt(plaintext),
  decrypt: (key, block, ciphertext) => ctr(key, block).decrypt(ciphertext),
};

export const aesGcm: Cipher = authenticated(gcm);

/** What a shortened tag belongs to is found by encrypting again: in GCM the plaintext is to the ciphertext as the ciphertext to the plaintext. */
export function aesGcmWithTag(tagOctets: number): Cipher {
  const encrypt: Cipher['encrypt'] = (key, nonce, plaintext, aad) =>
    gcm(key, nonce, aad)
      .encrypt(plaintext)
      .slice(0, plaintext.length + tagOctets);
  return {
    encrypt,
    decrypt(key, nonce, ciphertextAndIcv, aad) {
      const end = ciphertextAndIcv.length - tagOctets;
      if (end < 0) return undefined;
      const plaintext = encrypt(key, nonce, ciphertextAndIcv.slice(0, end), aad).slice(0, end);
      return equalInConstantTime(encrypt(key, nonce, plaintext, aad), ciphertextAndIcv) ? plaintext : undefined;
    },
  };
}

/** @noble has no CCM; it is made of the two modes that are in it. */
export const aesCcm = (tagOctets: number): Cipher => counterWithCbcMac(tagOctets, { cbc: aesCbc, ctr: aesCtr });

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
