/**
 * Diffie-Hellman modulo a prime: the groups of RFC 3526 with generator 2. node:crypto does the powers; it refuses degenerate
 * values of a peer, so for those, and only when asked, plain big-integer arithmetic takes over.
 */
import { createDiffieHellman, createDiffieHellmanGroup } from 'node:crypto';
import { integerFrom, modularPower, octetsFrom, withinOneAnd } from './integer.ts';
import type { KeyExchangeMethod } from './key-exchange-method.ts';

/**
 * A MODP group, its prime taken from the OpenSSL that node carries. `privateOctets` follows the exponent sizes of RFC 3526
 * section 8, the larger estimate.
 */
export function modpGroup(parameters: {
  group: number;
  name: string;
  openSslName: string;
  privateOctets: number;
}): KeyExchangeMethod {
  const { group, name, openSslName, privateOctets } = parameters;
  const primeOctets = Uint8Array.from(createDiffieHellmanGroup(openSslName).getPrime());
  const prime = integerFrom(primeOctets);
  const publicOctets = primeOctets.length;

  const exponentFrom = (privateValue: Uint8Array) => withinOneAnd(prime - 2n, integerFrom(privateValue));

  /** RFC 6989 section 2.1: 1 < r < p - 1. */
  const isValidPublicValue = (value: Uint8Array) => {
    const integer = integerFrom(value);
    return value.length === publicOctets && integer > 1n && integer < prime - 1n;
  };

  return {
    group,
    name,
    publicOctets,
    privateOctets,
    isValidPublicValue,
    publicValue(privateValue) {
      const exchange = createDiffieHellman(primeOctets, GENERATOR);
      exchange.setPrivateKey(octetsFrom(exponentFrom(privateValue), publicOctets));
      // With a private key set this only computes the public one; it comes without leading zeros.
      return leftPadded(exchange.generateKeys(), publicOctets);
    },
    sharedSecret(privateValue, peerPublicValue) {
      if (!isValidPublicValue(peerPublicValue)) return undefined;
      const exchange = createDiffieHellman(primeOctets, GENERATOR);
      exchange.setPrivateKey(octetsFrom(exponentFrom(privateValue), publicOctets));
      return leftPadded(exchange.computeSecret(peerPublicValue), publicOctets);
    },
    uncheckedSharedSecret: (privateValue, peerPublicValue) =>
      octetsFrom(modularPower(integerFrom(peerPublicValue), exponentFrom(privateValue), prime), publicOctets),
  };
}

/** RFC 7296 section 3.4: zero bits are prepended to the length of the modulus. */
function leftPadded(octets: Uint8Array, length: number): Uint8Array {
  const padded = new Uint8Array(length);
  padded.set(octets, length - octets.length);
  return padded;
}

const GENERATOR = 2;
