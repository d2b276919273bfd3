/**
 * Transform types, their identifiers and attributes: RFC 7296 section 3.3.2 with RFC 9370's additional key exchanges,
 * and the IANA registry.
 */
import type { Registry } from '../fields.ts';

export const transformTypes = {
  'Encryption Algorithm': 1,
  'Pseudorandom Function': 2,
  'Integrity Algorithm': 3,
  'Key Exchange Method': 4,
  'Sequence Numbers': 5,
  'Additional Key Exchange 1': 6,
  'Additional Key Exchange 2': 7,
  'Additional Key Exchange 3': 8,
  'Additional Key Exchange 4': 9,
  'Additional Key Exchange 5': 10,
  'Additional Key Exchange 6': 11,
  'Additional Key Exchange 7': 12,
} as const;

export const encryptionAlgorithms = {
  ENCR_DES_IV64: 1,
  ENCR_DES: 2,
  ENCR_3DES: 3,
  ENCR_RC5: 4,
  ENCR_IDEA: 5,
  ENCR_CAST: 6,
  ENCR_BLOWFISH: 7,
  ENCR_3IDEA: 8,
  ENCR_DES_IV32: 9,
  ENCR_NULL: 11,
  ENCR_AES_CBC: 12,
  ENCR_AES_CTR: 13,
  ENCR_AES_CCM_8: 14,
  ENCR_AES_CCM_12: 15,
  ENCR_AES_CCM_16: 16,
  ENCR_AES_GCM_8: 18,
  ENCR_AES_GCM_12: 19,
  ENCR_AES_GCM_16: 20,
  ENCR_NULL_AUTH_AES_GMAC: 21,
  ENCR_CAMELLIA_CBC: 23,
  ENCR_CAMELLIA_CTR: 24,
  ENCR_CAMELLIA_CCM_8: 25,
  ENCR_CAMELLIA_CCM_12: 26,
  ENCR_CAMELLIA_CCM_16: 27,
  ENCR_CHACHA20_POLY1305: 28,
  ENCR_AES_CCM_8_IIV: 29,
  ENCR_AES_GCM_16_IIV: 30,
  ENCR_CHACHA20_POLY1305_IIV: 31,
} as const;

export const pseudorandomFunctions = {
  PRF_HMAC_MD5: 1,
  PRF_HMAC_SHA1: 2,
  PRF_HMAC_TIGER: 3,
  PRF_AES128_XCBC: 4,
  PRF_HMAC_SHA2_256: 5,
  PRF_HMAC_SHA2_384: 6,
  PRF_HMAC_SHA2_512: 7,
  PRF_AES128_CMAC: 8,
} as const;

export const integrityAlgorithms = {
  NONE: 0,
  AUTH_HMAC_MD5_96: 1,
  AUTH_HMAC_SHA1_96: 2,
  AUTH_DES_MAC: 3,
  AUTH_KPDK_MD5: 4,
  AUTH_AES_XCBC_96: 5,
  AUTH_HMAC_MD5_128: 6,
  AUTH_HMAC_SHA1_160: 7,
  AUTH_AES_CMAC_96: 8,
  AUTH_AES_128_GMAC: 9,
  AUTH_AES_192_GMAC: 10,
  AUTH_AES_256_GMAC: 11,
  AUTH_HMAC_SHA2_256_128: 12,
  AUTH_HMAC_SHA2_384_192: 13,
  AUTH_HMAC_SHA2_512_256: 14,
} as const;

export const keyExchangeMethods = {
  NONE: 0,
  '768-bit MODP Group': 1,
  '1024-bit MODP Group': 2,
  '1536-bit MODP Group': 5,
  '2048-bit MODP Group': 14,
  '3072-bit MODP Group': 15,
  '4096-bit MODP Group': 16,
  '6144-bit MODP Group': 17,
  '8192-bit MODP Group': 18,
  '256-bit random ECP group': 19,
  '384-bit random ECP group': 20,
  '521-bit random ECP group': 21,
  '1024-bit MODP Group with 160-bit Prime Order Subgroup': 22,
  '2048-bit MODP Group with 224-bit Prime Order Subgroup': 23,
  '2048-bit MODP Group with 256-bit Prime Order Subgroup': 24,
  '192-bit Random ECP Group': 25,
  '224-bit Random ECP Group': 26,
  brainpoolP224r1: 27,
  brainpoolP256r1: 28,
  brainpoolP384r1: 29,
  brainpoolP512r1: 30,
  Curve25519: 31,
  Curve448: 32,
  'ml-kem-512': 35,
  'ml-kem-768': 36,
  'ml-kem-1024': 37,
} as const;

export const sequenceNumbers = {
  'No Extended Sequence Numbers': 0,
  'Extended Sequence Numbers': 1,
} as const;

export const transformAttributes = { 'Key Length': 14 } as const;

/** The registry of Transform IDs that a transform type selects, if the type is known. */
export function transformIds(transformType: number): Registry | undefined {
  if (transformType >= 6 && transformType <= 12) return keyExchangeMethods;
  return byType[transformType];
}

const byType: Readonly<Record<number, Registry>> = {
  [transformTypes['Encryption Algorithm']]: encryptionAlgorithms,
  [transformTypes['Pseudorandom Function']]: pseudorandomFunctions,
  [transformTypes['Integrity Algorithm']]: integrityAlgorithms,
  [transformTypes['Key Exchange Method']]: keyExchangeMethods,
  [transformTypes['Sequence Numbers']]: sequenceNumbers,
};
