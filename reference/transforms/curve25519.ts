/**
 * Diffie-Hellman on Curve25519 (RFC 8031, with the function X25519 of RFC 7748). Every value of 32 octets is a valid one; a
 * peer's value of small order shows only in the shared secret, which is then all zeros and must be refused.
 */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { x25519 } from '@noble/curves/ed25519.js';
import type { Provider } from './cipher.ts';
import type { KeyExchangeMethod } from './key-exchange-method.ts';

/** Group 31. A private value of another length than 32 octets is a RangeError: there is nothing to bring into range. */
export function curve25519(provider: Provider): KeyExchangeMethod {
  const sharedSecret = (privateValue: Uint8Array, peerPublicValue: Uint8Array) => {
    requireOctets(privateValue);
    if (peerPublicValue.length !== OCTETS) return undefined;
    try {
      return provider === 'node'
        ? nodeSharedSecret(privateValue, peerPublicValue)
        : x25519.getSharedSecret(privateValue, peerPublicValue);
    } catch {
      // Both providers refuse the all-zero secret, as RFC 8031 section 2.3 asks.
      return undefined;
    }
  };
  return {
    group: 31,
    name: 'Curve25519',
    publicOctets: OCTETS,
    privateOctets: OCTETS,
    isValidPublicValue: (value) => value.length === OCTETS,
    publicValue(privateValue) {
      requireOctets(privateValue);
      return provider === 'node' ? nodePublicValue(privateValue) : x25519.getPublicKey(privateValue);
    },
    sharedSecret,
    uncheckedSharedSecret: (privateValue, peerPublicValue) =>
      peerPublicValue.length === OCTETS
        ? (sharedSecret(privateValue, peerPublicValue) ?? new Uint8Array(OCTETS))
        : undefined,
  };
}

function nodePublicValue(privateValue: Uint8Array): Uint8Array {
  const spki = createPublicKey(nodePrivateKey(privateValue)).export({ format: 'der', type: 'spki' });
  return Uint8Array.from(spki.subarray(-OCTETS));
}

function nodeSharedSecret(privateValue: Uint8Array, peerPublicValue: Uint8Array): Uint8Array {
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: Buffer.from(peerPublicValue).toString('base64url') },
    format: 'jwk',
  });
  return Uint8Array.from(diffieHellman({ privateKey: nodePrivateKey(privateValue), publicKey }));
}

/** The public value and the shared secret of an exchange come from the same octets: parsing them costs more than either. */
function nodePrivateKey(privateValue: Uint8Array): KeyObject {
  const known = privateKeys.get(privateValue);
  if (known) return known;
  // Ten times as fast as PKCS#8. The form wants a public value beside the private one; it is not read.
  const d = Buffer.from(privateValue).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: 'X25519', x: UNREAD, d }, format: 'jwk' });
  privateKeys.set(privateValue, key);
  return key;
}

const privateKeys = new WeakMap<Uint8Array, KeyObject>();

function requireOctets(privateValue: Uint8Array): void {
  if (privateValue.length !== OCTETS) {
    throw new RangeError(`a private value of Curve25519 is ${OCTETS} octets, not ${privateValue.length}`);
  }
}

const OCTETS = 32;
const UNREAD = Buffer.alloc(OCTETS).toString('base64url');
