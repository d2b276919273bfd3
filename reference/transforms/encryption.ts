/**
 * Transform type 1, the encryption algorithms (RFC 7296 section 3.3.2): AES-CBC (RFC 3602), AES-CTR (RFC 3686 in ESP, RFC 5930 in IKE), 3DES and DES-CBC
 * (RFC 2451), NULL (RFC 2410), AES-GCM and AES-CCM (RFC 4106 and RFC 4309 in ESP, RFC 5282 in IKE), ChaCha20-Poly1305 (RFC 7634), and AES-GMAC, which
 * encrypts nothing (RFC 4543, ESP only).
 * A transform turns octets into octets: padding, the choice of IV and what the associated data are belong to esp and to the SK payload.
 */
import { concat, u32 } from '../wire/octets.ts';
import { gmac } from './block-cipher-mac.ts';
import type { Cipher, Provider } from './cipher.ts';
import * as noble from './ciphers-noble.ts';
import * as node from './ciphers-node.ts';
import { equalInConstantTime } from './constant-time.ts';

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
  const row = algorithms.find((algorithm) => algorithm.id === id);
  if (row === undefined) return undefined;
  const { functions, keyOctets, ...rest } = row;
  if (keyOctets === 'AES' ? !isAesKeyLength(keyLengthBits) : keyLengthBits !== undefined) return undefined;
  const sizes = { ...rest, keyOctets: keyOctets === 'AES' ? keyLengthBits! / 8 : keyOctets };
  return { ...sizes, ...functions(sizes, provider) };
}

type Sizes = Omit<EncryptionTransform, 'encrypt' | 'decrypt'>;
type Functions = Pick<EncryptionTransform, 'encrypt' | 'decrypt'>;

/** `AES`: 16, 24 or 32 octets of key, as the Key Length attribute says. */
interface Algorithm extends Omit<Sizes, 'keyOctets'> {
  readonly keyOctets: number | 'AES';
  functions(sizes: Sizes, provider: Provider): Functions;
}

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

/** RFC 3686 section 4: the first counter block is the salt, the packet's IV, and the number 1. */
function countered(sizes: Sizes, cipher: Cipher): Functions {
  const blockFrom = (key: Uint8Array, iv: Uint8Array) => {
    requireSizes(sizes, key, iv);
    return concat(key.subarray(sizes.keyOctets), iv, u32(1));
  };
  return {
    encrypt: (key, iv, plaintext) => cipher.encrypt(key.subarray(0, sizes.keyOctets), blockFrom(key, iv), plaintext),
    decrypt: (key, iv, ciphertext) => cipher.decrypt(key.subarray(0, sizes.keyOctets), blockFrom(key, iv), ciphertext),
  };
}

/** RFC 4106 section 4, RFC 4309 section 4 and RFC 7634 section 2: the nonce is the salt, the tail of the key, followed by the packet's IV. */
function saltedAead(sizes: Sizes, cipher: Cipher): Functions {
  let held: { readonly key: Uint8Array; readonly proper: Uint8Array; readonly nonce: Uint8Array } | undefined;
  /** The key proper and the nonce, which stands until the next call: many packets in a row are of one key, and no cipher keeps it. */
  const parts = (key: Uint8Array, iv: Uint8Array) => {
    requireSizes(sizes, key, iv);
    if (held?.key !== key) {
      const nonce = new Uint8Array(sizes.saltOctets + sizes.ivOctets);
      held = { key, proper: key.subarray(0, sizes.keyOctets), nonce };
    }
    held.nonce.set(key.subarray(sizes.keyOctets));
    held.nonce.set(iv, sizes.saltOctets);
    return held;
  };
  return {
    encrypt(key, iv, plaintext, aad) {
      const { proper, nonce } = parts(key, iv);
      return cipher.encrypt(proper, nonce, plaintext, aad);
    },
    decrypt(key, iv, ciphertextAndIcv, aad) {
      const { proper, nonce } = parts(key, iv);
      return cipher.decrypt(proper, nonce, ciphertextAndIcv, aad);
    },
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

const ciphersOf = (provider: Provider) => (provider === 'noble' ? noble : node);

const AEAD = { keyOctets: 'AES', saltOctets: 4, ivOctets: 8, blockOctets: 1 } as const;

function galois(id: number, name: string, icvOctets: number): Algorithm {
  const functions: Algorithm['functions'] = (sizes, provider) =>
    saltedAead(sizes, ciphersOf(provider).aesGcmWithTag(icvOctets));
  return { ...AEAD, id, name, icvOctets, functions };
}

/** RFC 4309 section 4: a salt of three octets makes a nonce of eleven. */
function counterWithCbcMac(id: number, name: string, icvOctets: number): Algorithm {
  const functions: Algorithm['functions'] = (sizes, provider) =>
    saltedAead(sizes, ciphersOf(provider).aesCcm(icvOctets));
  return { ...AEAD, saltOctets: 3, id, name, icvOctets, functions };
}

const algorithms: readonly Algorithm[] = [
  {
    id: 2,
    name: 'ENCR_DES',
    keyOctets: 8,
    saltOctets: 0,
    ivOctets: 8,
    blockOctets: 8,
    icvOctets: 0,
    judgingOnly: true,
    functions: (sizes) => cipherBlockChaining(sizes, node.desCbc),
  },
  {
    id: 3,
    name: 'ENCR_3DES',
    keyOctets: 24,
    saltOctets: 0,
    ivOctets: 8,
    blockOctets: 8,
    icvOctets: 0,
    functions: (sizes) => cipherBlockChaining(sizes, node.tripleDesCbc),
  },
  {
    id: 11,
    name: 'ENCR_NULL',
    keyOctets: 0,
    saltOctets: 0,
    ivOctets: 0,
    blockOctets: 1,
    icvOctets: 0,
    functions: () => identity,
  },
  {
    id: 12,
    name: 'ENCR_AES_CBC',
    keyOctets: 'AES',
    saltOctets: 0,
    ivOctets: 16,
    blockOctets: 16,
    icvOctets: 0,
    functions: (sizes, provider) => cipherBlockChaining(sizes, ciphersOf(provider).aesCbc),
  },
  {
    id: 13,
    name: 'ENCR_AES_CTR',
    keyOctets: 'AES',
    saltOctets: 4,
    ivOctets: 8,
    blockOctets: 1,
    icvOctets: 0,
    functions: (sizes, provider) => countered(sizes, ciphersOf(provider).aesCtr),
  },
  counterWithCbcMac(14, 'ENCR_AES_CCM_8', 8),
  counterWithCbcMac(15, 'ENCR_AES_CCM_12', 12),
  counterWithCbcMac(16, 'ENCR_AES_CCM_16', 16),
  galois(18, 'ENCR_AES_GCM_8', 8),
  galois(19, 'ENCR_AES_GCM_12', 12),
  galois(20, 'ENCR_AES_GCM_16', 16),
  { ...AEAD, id: 21, name: 'ENCR_NULL_AUTH_AES_GMAC', icvOctets: 16, functions: authenticationOnly },
  {
    ...AEAD,
    keyOctets: 32,
    id: 28,
    name: 'ENCR_CHACHA20_POLY1305',
    icvOctets: 16,
    functions: (sizes, provider) => saltedAead(sizes, ciphersOf(provider).chacha20Poly1305),
  },
];
