/**
 * Diffie-Hellman on Curve25519 and Curve448 (RFC 8031, with the functions X25519 and X448 of RFC 7748). Every value of 32 or 56 octets is a valid one; a
 * peer's value of small order shows only in the shared secret, which is then all zeros and must be refused.
 */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { x448 } from '@noble/curves/ed448.js';
import { x25519 } from '@noble/curves/ed25519.js';
import type { Provider } from './cipher.ts';
import type { KeyExchangeMethod } from './key-exchange-method.ts';

/** A private value of another length than the curve's is a RangeError: there is nothing to bring into range. */
export function montgomeryGroup(
  { group, name, curve }: { group: number; name: string; curve: Curve },
  provider: Provider,
): KeyExchangeMethod {
  const { noble, octets } = curves[curve];
  const requireOctets = (privateValue: Uint8Array) => {
    if (privateValue.length !== octets)
      throw new RangeError(`a private value of ${name} is ${octets} octets, not ${privateValue.length}`);
  };
  const sharedSecret = (privateValue: Uint8Array, peerPublicValue: Uint8Array) => {
    requireOctets(privateValue);
    if (peerPublicValue.length !== octets) return undefined;
    try {
      return provider === 'node'
        ? nodeSharedSecret(curve, privateValue, peerPublicValue)
        : noble.getSharedSecret(privateValue, peerPublicValue);
    } catch {
      // Both providers refuse the all-zero secret, as RFC 8031 section 2.3 asks.
      return undefined;
    }
  };
  return {
    group,
    name,
    publicOctets: octets,
    privateOctets: octets,
    isValidPublicValue: (value) => value.length === octets,
    publicValue(privateValue) {
      requireOctets(privateValue);
      return provider === 'node' ? nodePublicValue(curve, privateValue) : noble.getPublicKey(privateValue);
    },
    sharedSecret,
    uncheckedSharedSecret: (privateValue, peerPublicValue) =>
      peerPublicValue.length === octets
        ? (sharedSecret(privateValue, peerPublicValue) ?? new Uint8Array(octets))
        : undefined,
  };
}

type Curve = keyof typeof curves;

/** Known since the key was made; as DER it costs more than to compute it. */
function nodePublicValue(curve: Curve, privateValue: Uint8Array): Uint8Array {
  const { x } = nodePrivateKey(curve, privateValue).export({ format: 'jwk' });
  return Uint8Array.from(Buffer.from(x!, 'base64url'));
}

function nodeSharedSecret(curve: Curve, privateValue: Uint8Array, peerPublicValue: Uint8Array): Uint8Array {
  const x = Buffer.from(peerPublicValue).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: curve, x }, format: 'jwk' });
  return Uint8Array.from(diffieHellman({ privateKey: nodePrivateKey(curve, privateValue), publicKey }));
}

/** The public value and the shared secret of an exchange come from the same octets: parsing them costs more than either. */
function nodePrivateKey(curve: Curve, privateValue: Uint8Array): KeyObject {
  const known = privateKeys.get(privateValue);
  if (known) return known;
  // Ten times as fast as PKCS#8. The form wants a public value beside the private one; it is not read.
  const d = Buffer.from(privateValue).toString('base64url');
  const x = Buffer.alloc(curves[curve].octets).toString('base64url');
  const key = createPrivateKey({ key: { kty: 'OKP', crv: curve, x, d }, format: 'jwk' });
  privateKeys.set(privateValue, key);
  return key;
}

const privateKeys = new WeakMap<Uint8Array, KeyObject>();

const curves = { X25519: { noble: x25519, octets: 32 }, X448: { noble: x448, octets: 56 } } as const;
