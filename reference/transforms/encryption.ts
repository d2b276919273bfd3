/**
 * Transform type 1, the encryption algorithms (RFC 7296 section 3.3.2): AES-CBC (RFC 3602), 3DES and DES-CBC (RFC 2451),
 * NULL (RFC 2410), AES-GCM (RFC 4106 in ESP, RFC 5282 in IKE), ChaCha20-Poly1305 (RFC 7634), and AES-GMAC, which encrypts nothing (RFC 4543, ESP only).
 * A transform turns octets into octets: padding, the choice of IV and what the associated data are belong to esp and to the SK payload.
 */
import { concat } from '../wire/octets.ts';
import { gmac } from './block-cipher-mac.ts';
import type { Cipher, Provider } from './cipher.ts';
import * as noble from './ciphers-noble.ts';
import * as node from './ciphers-node.ts';
import { equalInConstantTime } from './integrity.ts';

/** All sizes are in octets. */
export interface EncryptionTransform {
  /** The number in IANA's registry of IKEv2 transforms of type 1. */
  readonly id: number;
  /** The name in that registry. */
  readonly name: string;
  /** The cipher's key proper, without the salt. */
  readonly keyOctets: number;
  /** What KEYMAT gives beyond the key and no packet shows: the head of an AEAD's nonce; otherwise 0. */
  readonly saltOctets: number;
  /** The IV as each packet carries it. */
  readonly ivOctets: number;
  /** The plaintext must be a multiple of this. */
  readonly blockOctets: number;
  /** The ICV that the cipher itself appends; 0 unless it is an AEAD. */
  readonly icvOctets: number;
  /** Too weak to offer to anybody: here so that a capture can be opened. */
  readonly judgingOnly?: boolean;
  /**
   * The ciphertext, with the ICV appended by an AEAD. `key` is `keyOctets + saltOctets` long, as KEYMAT lays it out.
   * Throws RangeError for octets of another size: that is the caller's error, never a peer's.
   */
  encrypt(key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, aad?: Uint8Array): Uint8Array;
  /** The plaintext; undefined where the ICV is wrong or the octets are no whole blocks. */
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertextAndIcv: Uint8Array, aad?: Uint8Array): Uint8Array | undefined;
}

/**
 * The transform that a proposal names, or undefined where Touchstone has none. `keyLengthBits` is the Key Length
 * attribute: AES must have it, and a cipher with one size of key must not (RFC 7296 section 3.3.5). 3DES and DES come from
 * node:crypto under either provider.
 */
export function encryptionTransform(
  id: number,
  keyLengthBits?: number,
  provider: Provider = 'noble',
): EncryptionTransform | undefined {
  const ciphers = provider === 'noble' ? noble : node;
  switch (id) {
    case ENCR.DES:
      return keyLengthBits === undefined ? { ...DES, ...cipherBlockChaining(DES, node.desCbc) } : undefined;
    case ENCR.TRIPLE_DES:
      return keyLengthBits === undefined
        ? { ...TRIPLE_DES, ...cipherBlockChaining(TRIPLE_DES, node.tripleDesCbc) }
        : undefined;
    case ENCR.NULL:
      return keyLengthBits === undefined ? { ...NULL, ...identity } : undefined;
    case ENCR.AES_CBC: {
      if (!isAesKeyLength(keyLengthBits)) return undefined;
      const sizes = { ...AES_CBC, keyOctets: keyLengthBits / 8 };
      return { ...sizes, ...cipherBlockChaining(sizes, ciphers.aesCbc) };
    }
    case ENCR.AES_GCM_16: {
      if (!isAesKeyLength(keyLengthBits)) return undefined;
      const sizes = { ...AES_GCM_16, keyOctets: keyLengthBits / 8 };
      return { ...sizes, ...saltedAead(sizes, ciphers.aesGcm) };
    }
    case ENCR.NULL_AUTH_AES_GMAC: {
      if (!isAesKeyLength(keyLengthBits)) return undefined;
      const sizes = { ...NULL_AUTH_AES_GMAC, keyOctets: keyLengthBits / 8 };
      return { ...sizes, ...authenticationOnly(sizes, provider) };
    }
    case ENCR.CHACHA20_POLY1305:
      return keyLengthBits === undefined
        ? { ...CHACHA20_POLY1305, ...saltedAead(CHACHA20_POLY1305, ciphers.chacha20Poly1305) }
        : undefined;
    default:
      return undefined;
  }
}

type Sizes = Omit<EncryptionTransform, 'encrypt' | 'decrypt'>;
type Functions = Pick<EncryptionTransform, 'encrypt' | 'decrypt'>;

function cipherBlockChaining(sizes: Sizes, cipher: Cipher): Functions {
  return {
    encrypt(key, iv, plaintext) {
      requireSizes(sizes, key, iv);
      if (plaintext.length % sizes.blockOctets !== 0) {
        throw new RangeError(
          `${sizes.name} encrypts whole blocks of ${sizes.blockOctets} octets, not ${plaintext.length}`,
        );
      }
      return plaintext.length === 0 ? new Uint8Array() : cipher.encrypt(key, iv, plaintext);
    },
    decrypt(key, iv, ciphertext) {
      requireSizes(sizes, key, iv);
      if (ciphertext.length % sizes.blockOctets !== 0) return undefined;
      return ciphertext.length === 0 ? new Uint8Array() : cipher.decrypt(key, iv, ciphertext);
    },
  };
}

/** RFC 4106 section 4 and RFC 7634 section 2: the nonce is the salt, the tail of the key, followed by the packet's IV. */
function saltedAead(sizes: Sizes, cipher: Cipher): Functions {
  const nonceFrom = (key: Uint8Array, iv: Uint8Array) => {
    requireSizes(sizes, key, iv);
    return concat(key.subarray(sizes.keyOctets), iv);
  };
  return {
    encrypt: (key, iv, plaintext, aad) =>
      cipher.encrypt(key.subarray(0, sizes.keyOctets), nonceFrom(key, iv), plaintext, aad),
    decrypt: (key, iv, ciphertextAndIcv, aad) =>
      cipher.decrypt(key.subarray(0, sizes.keyOctets), nonceFrom(key, iv), ciphertextAndIcv, aad),
  };
}

/**
 * RFC 4543 section 3.3 as erratum 1821 has it, and as everybody computes: the associated data, the IV and the plaintext are authenticated, and nothing is
 * encrypted.
 */
function authenticationOnly(sizes: Sizes, provider: Provider): Functions {
  const tag = (key: Uint8Array, iv: Uint8Array, plaintext: Uint8Array, aad: Uint8Array = new Uint8Array()) => {
    requireSizes(sizes, key, iv);
    return gmac(key, iv, concat(aad, iv, plaintext), provider);
  };
  return {
    encrypt: (key, iv, plaintext, aad) => concat(plaintext, tag(key, iv, plaintext, aad)),
    decrypt(key, iv, plaintextAndIcv, aad) {
      const end = plaintextAndIcv.length - sizes.icvOctets;
      if (end < 0) return undefined;
      const plaintext = plaintextAndIcv.slice(0, end);
      return equalInConstantTime(tag(key, iv, plaintext, aad), plaintextAndIcv.subarray(end)) ? plaintext : undefined;
    },
  };
}

const identity: Functions = {
  encrypt: (_key, _iv, plaintext) => plaintext.slice(),
  decrypt: (_key, _iv, ciphertext) => ciphertext.slice(),
};

function requireSizes(sizes: Sizes, key: Uint8Array, iv: Uint8Array): void {
  if (key.length !== sizes.keyOctets + sizes.saltOctets) {
    throw new RangeError(`${sizes.name} takes ${sizes.keyOctets + sizes.saltOctets} octets of key, not ${key.length}`);
  }
  if (iv.length !== sizes.ivOctets) {
    throw new RangeError(`${sizes.name} takes ${sizes.ivOctets} octets of IV, not ${iv.length}`);
  }
}

function isAesKeyLength(bits: number | undefined): bits is 128 | 192 | 256 {
  return bits === 128 || bits === 192 || bits === 256;
}

const ENCR = {
  DES: 2,
  TRIPLE_DES: 3,
  NULL: 11,
  AES_CBC: 12,
  AES_GCM_16: 20,
  NULL_AUTH_AES_GMAC: 21,
  CHACHA20_POLY1305: 28,
} as const;

const DES: Sizes = {
  id: ENCR.DES,
  name: 'ENCR_DES',
  keyOctets: 8,
  saltOctets: 0,
  ivOctets: 8,
  blockOctets: 8,
  icvOctets: 0,
  judgingOnly: true,
};

const TRIPLE_DES: Sizes = {
  id: ENCR.TRIPLE_DES,
  name: 'ENCR_3DES',
  keyOctets: 24,
  saltOctets: 0,
  ivOctets: 8,
  blockOctets: 8,
  icvOctets: 0,
};

const NULL: Sizes = {
  id: ENCR.NULL,
  name: 'ENCR_NULL',
  keyOctets: 0,
  saltOctets: 0,
  ivOctets: 0,
  blockOctets: 1,
  icvOctets: 0,
};

const AES_CBC: Omit<Sizes, 'keyOctets'> = {
  id: ENCR.AES_CBC,
  name: 'ENCR_AES_CBC',
  saltOctets: 0,
  ivOctets: 16,
  blockOctets: 16,
  icvOctets: 0,
};

const AES_GCM_16: Omit<Sizes, 'keyOctets'> = {
  id: ENCR.AES_GCM_16,
  name: 'ENCR_AES_GCM_16',
  saltOctets: 4,
  ivOctets: 8,
  blockOctets: 1,
  icvOctets: 16,
};

const NULL_AUTH_AES_GMAC: Omit<Sizes, 'keyOctets'> = {
  ...AES_GCM_16,
  id: ENCR.NULL_AUTH_AES_GMAC,
  name: 'ENCR_NULL_AUTH_AES_GMAC',
};

const CHACHA20_POLY1305: Sizes = {
  id: ENCR.CHACHA20_POLY1305,
  name: 'ENCR_CHACHA20_POLY1305',
  keyOctets: 32,
  saltOctets: 4,
  ivOctets: 8,
  blockOctets: 1,
  icvOctets: 16,
};
