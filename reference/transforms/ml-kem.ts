/**
 * ML-KEM (FIPS 203) as a key exchange method of IKEv2 (RFC 9370): who asks sends an encapsulation key, who answers a ciphertext. node:crypto of
 * Node 20 has none, so both providers are @noble.
 */
import { ml_kem512, ml_kem768, ml_kem1024 } from '@noble/post-quantum/ml-kem.js';
import type { KeyExchangeMethod } from './key-exchange-method.ts';

export function mlKem(group: number, name: keyof typeof parameterSets): KeyExchangeMethod {
  const kem = parameterSets[name];
  const { publicKey, cipherText, seed, msgRand } = kem.lengths as Readonly<Record<string, number>>;
  const decapsulated = (privateValue: Uint8Array, ciphertext: Uint8Array) =>
    ciphertext.length === cipherText ? kem.decapsulate(ciphertext, kem.keygen(privateValue).secretKey) : undefined;
  return {
    group,
    name,
    publicOctets: publicKey!,
    privateOctets: seed!,
    isValidPublicValue: (value) => value.length === publicKey,
    publicValue: (privateValue) => kem.keygen(privateValue).publicKey,
    sharedSecret: decapsulated,
    uncheckedSharedSecret: decapsulated,
    answer(privateValue, encapsulationKey) {
      try {
        const answered = kem.encapsulate(encapsulationKey, privateValue.subarray(0, msgRand));
        return { publicValue: answered.cipherText, sharedSecret: answered.sharedSecret };
      } catch {
        // Section 7.2: another length, or coefficients beyond the modulus.
        return undefined;
      }
    },
  };
}

const parameterSets = { 'ml-kem-512': ml_kem512, 'ml-kem-768': ml_kem768, 'ml-kem-1024': ml_kem1024 } as const;
