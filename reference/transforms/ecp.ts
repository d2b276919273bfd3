/**
 * Diffie-Hellman on the random curves modulo a prime (RFC 5903): a public value is x and y side by side with no
 * leading octet, and the shared secret is x alone (section 7).
 */
import { createECDH } from 'node:crypto';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { concat } from '../wire/octets.ts';
import type { Provider } from './cipher.ts';
import { integerFrom, octetsFrom, withinOneAnd } from './integer.ts';
import type { KeyExchangeMethod } from './key-exchange-method.ts';

/** One of the ECP groups on `curve`. */
export function ecpGroup(
  parameters: { group: number; name: string; curve: keyof typeof curves },
  provider: Provider,
): KeyExchangeMethod {
  const { group, name, curve } = parameters;
  const { noble, openSslName, coordinateOctets } = curves[curve];
  const publicOctets = 2 * coordinateOctets;
  const order = noble.Point.CURVE().n;

  const scalarFrom = (privateValue: Uint8Array) =>
    octetsFrom(withinOneAnd(order - 1n, integerFrom(privateValue)), coordinateOctets);

  /** RFC 6989 section 2.3: the coordinates are below the modulus and the point lies on the curve. */
  const isValidPublicValue = (value: Uint8Array) => {
    if (value.length !== publicOctets) return false;
    try {
      noble.Point.fromBytes(uncompressed(value)).assertValidity();
      return true;
    } catch {
      return false;
    }
  };

  const sharedSecret = (privateValue: Uint8Array, peerPublicValue: Uint8Array) => {
    if (!isValidPublicValue(peerPublicValue)) return undefined;
    const scalar = scalarFrom(privateValue);
    if (provider === 'node') {
      const exchange = createECDH(openSslName);
      exchange.setPrivateKey(scalar);
      return Uint8Array.from(exchange.computeSecret(uncompressed(peerPublicValue)));
    }
    return noble.getSharedSecret(scalar, uncompressed(peerPublicValue), true).slice(1);
  };

  return {
    group,
    name,
    publicOctets,
    privateOctets: coordinateOctets,
    isValidPublicValue,
    publicValue(privateValue) {
      return publicPoint(curve, scalarFrom(privateValue), provider);
    },
    sharedSecret,
    uncheckedSharedSecret: (privateValue, peerPublicValue) =>
      sharedSecret(privateValue, peerPublicValue) ??
      (peerPublicValue.length === publicOctets
        ? octetsFrom(
            offCurveSecret(noble.Point, integerFrom(scalarFrom(privateValue)), peerPublicValue),
            coordinateOctets,
          )
        : undefined),
  };
}

/** x and y of the scalar times the base point. */
export function publicPoint(curve: keyof typeof curves, scalar: Uint8Array, provider: Provider): Uint8Array {
  const { noble, openSslName } = curves[curve];
  if (provider === 'noble') return noble.getPublicKey(scalar, false).slice(1);
  const exchange = createECDH(openSslName);
  exchange.setPrivateKey(scalar);
  return Uint8Array.from(exchange.getPublicKey()).slice(1);
}

/**
 * The x of the scalar times a point that need not lie on the curve: the formulas for adding and doubling never use b, which is
 * what an attack with an invalid curve lives on. 0 for the point at infinity.
 */
function offCurveSecret(curve: typeof p256.Point, scalar: bigint, peerPublicValue: Uint8Array): bigint {
  const { Fp } = curve;
  const { a } = curve.CURVE();
  const half = peerPublicValue.length / 2;

  const sum = (one: AffinePoint | undefined, other: AffinePoint | undefined): AffinePoint | undefined => {
    if (!one || !other) return one ?? other;
    const isDoubling = one.x === other.x && one.y === other.y;
    const run = isDoubling ? Fp.add(one.y, one.y) : Fp.sub(other.x, one.x);
    if (run === 0n) return undefined;
    const rise = isDoubling ? Fp.add(Fp.mul(Fp.sqr(one.x), 3n), a) : Fp.sub(other.y, one.y);
    const slope = Fp.mul(rise, Fp.inv(run));
    const x = Fp.sub(Fp.sub(Fp.sqr(slope), one.x), other.x);
    return { x, y: Fp.sub(Fp.mul(slope, Fp.sub(one.x, x)), one.y) };
  };

  let product: AffinePoint | undefined;
  let doubled: AffinePoint | undefined = {
    x: Fp.create(integerFrom(peerPublicValue.subarray(0, half))),
    y: Fp.create(integerFrom(peerPublicValue.subarray(half))),
  };
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    if (rest & 1n) product = sum(product, doubled);
    doubled = sum(doubled, doubled);
  }
  return product?.x ?? 0n;
}

interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/** The point as SEC 1 writes it uncompressed. */
function uncompressed(coordinates: Uint8Array): Uint8Array {
  return concat(Uint8Array.of(0x04), coordinates);
}

const curves = {
  'P-256': { noble: p256, openSslName: 'prime256v1', coordinateOctets: 32 },
  'P-384': { noble: p384, openSslName: 'secp384r1', coordinateOctets: 48 },
  'P-521': { noble: p521, openSslName: 'secp521r1', coordinateOctets: 66 },
} as const;
