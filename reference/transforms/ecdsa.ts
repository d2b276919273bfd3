/**
 * ECDSA (FIPS 186, RFC 6979): a signature whose nonce follows from key and digest, so that one seed gives the same octets. From noble whole, or with the
 * multiplication of the base point, which is nearly all of the work, from node:crypto, whose own ECDSA draws its nonce.
 */
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { createHmacDrbg } from '@noble/curves/utils.js';
import { concat } from '../wire/octets.ts';
import type { Provider } from './cipher.ts';
import { publicPoint } from './ecp.ts';
import { integerFrom, octetsFrom } from './integer.ts';
import { type HashName, hashOctets, hmac } from './keyed-hash.ts';

/** How the two numbers are written: as RFC 3279's structure, or side by side (RFC 4754). */
export type EcdsaForm = 'Ecdsa-Sig-Value' | 'r|s';

export type EcdsaCurve = keyof typeof curves;

/** Signs a digest; `entropy`, where given, is mixed into the nonce (RFC 6979 section 3.6). */
export function ecdsaSign(
  { curve, scalar, form, entropy }: { curve: EcdsaCurve; scalar: Uint8Array; form: EcdsaForm; entropy?: Uint8Array },
  digest: Uint8Array,
  provider: Provider,
): Uint8Array {
  const { noble } = curves[curve];
  if (provider === 'noble') return noble.sign(digest, scalar, { ...options(form), extraEntropy: entropy ?? false });
  const { r, s } = numbers(curve, integerFrom(scalar), digest, entropy);
  return new noble.Signature(r, s).toBytes(options(form).format);
}

export function ecdsaVerify(
  { curve, point, form }: { curve: EcdsaCurve; point: Uint8Array; form: EcdsaForm },
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  return curves[curve].noble.verify(signature, digest, point, options(form));
}

/** RFC 6979 section 3.2, steps a to h, and FIPS 186 section 6.4.1: x is the private key, k the nonce, m the digest as a number. */
function numbers(curve: EcdsaCurve, x: bigint, digest: Uint8Array, entropy: Uint8Array = new Uint8Array()) {
  const { noble, drbgHash } = curves[curve];
  const { Fn } = noble.Point;
  const m = Fn.create(leftmostBits(digest, Fn.BITS));
  const seed = concat(octetsFrom(x, Fn.BYTES), octetsFrom(m, Fn.BYTES), entropy);
  const drbg = createHmacDrbg<{ r: bigint; s: bigint }>(
    hashOctets[drbgHash],
    Fn.BYTES,
    (key: Uint8Array, octets: Uint8Array) => hmac(drbgHash, key, octets, 'node'),
  );
  return drbg(seed, (candidate) => {
    const k = leftmostBits(candidate, Fn.BITS);
    if (k === 0n || k >= Fn.ORDER) return undefined;
    const x1 = publicPoint(curve, octetsFrom(k, Fn.BYTES), 'node').subarray(0, Fn.BYTES);
    const r = Fn.create(integerFrom(x1));
    const s = Fn.mul(Fn.inv(k), Fn.create(m + r * x));
    return r === 0n || s === 0n ? undefined : { r, s };
  });
}

/** bits2int of RFC 6979 section 2.3.2. */
function leftmostBits(octets: Uint8Array, bits: number): bigint {
  return integerFrom(octets) >> BigInt(Math.max(0, 8 * octets.length - bits));
}

/** The digest is ours already, and high values of s are lawful outside Bitcoin. */
function options(form: EcdsaForm) {
  return { prehash: false, lowS: false, format: form === 'r|s' ? 'compact' : 'der' } as const;
}

/** With the hash that noble's generator of nonces uses on each. */
const curves = {
  'P-256': { noble: p256, drbgHash: 'sha256' },
  'P-384': { noble: p384, drbgHash: 'sha384' },
  'P-521': { noble: p521, drbgHash: 'sha512' },
} as const satisfies Record<string, { noble: typeof p256; drbgHash: HashName }>;
