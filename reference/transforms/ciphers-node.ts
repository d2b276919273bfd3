/**
 * The ciphers that node:crypto has, as bare functions of key, nonce and octets: the second opinion on @noble, the only
 * source of DES and 3DES, and the fast path for judging captures. Names, numbers and salts are for encryption.ts.
 */
import { type CipherCCMTypes, type CipherGCMTypes, createCipheriv, createDecipheriv } from 'node:crypto';
import { concat } from '../wire/octets.ts';
import type { Cipher } from './cipher.ts';

export const aesCbc: Cipher = blocks((key) => [`aes-${key.length * 8}-cbc`, key]);

export const tripleDesCbc: Cipher = blocks((key) => ['des-ede3-cbc', key]);

/** DES is absent from OpenSSL 3; encrypting, decrypting and encrypting with one key three times is DES. */
export const desCbc: Cipher = blocks((key) => {
  return ['des-ede3-cbc', concat(key, key, key)];
});

export const aesCtr: Cipher = blocks((key) => [`aes-${key.length * 8}-ctr`, key]);

export const aesGcmWithTag = (tagOctets: number): Cipher =>
  authenticated(
    (key) => (key.length === 16 ? 'aes-128-gcm' : key.length === 24 ? 'aes-192-gcm' : 'aes-256-gcm'),
    tagOctets,
  );

export const aesGcm: Cipher = aesGcmWithTag(16);

export function aesCcm(authTagLength: number): Cipher {
  const algorithmFor = (key: Uint8Array) => `aes-${key.length * 8}-ccm` as CipherCCMTypes;
  return {
    encrypt(key, nonce, plaintext, aad = new Uint8Array()) {
      const cipher = createCipheriv(algorithmFor(key), key, nonce, { authTagLength });
      cipher.setAAD(aad, { plaintextLength: plaintext.length });
      const ciphertext = cipher.update(plaintext);
      cipher.final();
      return concat(ciphertext, cipher.getAuthTag());
    },
    decrypt(key, nonce, ciphertextAndIcv, aad = new Uint8Array()) {
      const end = ciphertextAndIcv.length - authTagLength;
      if (end < 0) return undefined;
      const decipher = createDecipheriv(algorithmFor(key), key, nonce, { authTagLength });
      decipher.setAuthTag(ciphertextAndIcv.subarray(end));
      decipher.setAAD(aad, { plaintextLength: end });
      try {
        const plaintext = decipher.update(ciphertextAndIcv.subarray(0, end));
        decipher.final();
        return octetsOf(plaintext);
      } catch {
        return undefined;
      }
    },
  };
}

// The types of node:crypto name only the GCM modes here; at run time an AEAD is an AEAD.
export const chacha20Poly1305: Cipher = authenticated(() => 'chacha20-poly1305' as CipherGCMTypes);

function blocks(select: (key: Uint8Array) => [algorithm: string, key: Uint8Array]): Cipher {
  return {
    encrypt(key, iv, plaintext) {
      const [algorithm, sized] = select(key);
      return octetsOf(createCipheriv(algorithm, sized, iv).setAutoPadding(false).update(plaintext));
    },
    decrypt(key, iv, ciphertext) {
      const [algorithm, sized] = select(key);
      return octetsOf(createDecipheriv(algorithm, sized, iv).setAutoPadding(false).update(ciphertext));
    },
  };
}

function authenticated(algorithmFor: (key: Uint8Array) => CipherGCMTypes, tagOctets = 16): Cipher {
  const options = { authTagLength: tagOctets };
  return {
    encrypt(key, nonce, plaintext, aad) {
      const cipher = createCipheriv(algorithmFor(key), key, nonce, options);
      if (aad) cipher.setAAD(aad);
      const sealed = new Uint8Array(plaintext.length + tagOctets);
      sealed.set(cipher.update(plaintext));
      cipher.final();
      sealed.set(cipher.getAuthTag(), plaintext.length);
      return sealed;
    },
    decrypt(key, nonce, ciphertextAndIcv, aad) {
      const end = ciphertextAndIcv.length - tagOctets;
      if (end < 0) return undefined;
      const decipher = createDecipheriv(algorithmFor(key), key, nonce, options);
      if (aad) decipher.setAAD(aad);
      decipher.setAuthTag(ciphertextAndIcv.subarray(end));
      const plaintext = decipher.update(ciphertextAndIcv.subarray(0, end));
      try {
        decipher.final();
      } catch {
        return undefined;
      }
      return octetsOf(plaintext);
    },
  };
}

/** A plain view of what node returned: no Buffer leaves this file. */
function octetsOf(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length);
}
