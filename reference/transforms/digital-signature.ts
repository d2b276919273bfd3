/**
 * The two formats of RFC 7427: the Authentication Data of method 14, a signature behind its own AlgorithmIdentifier
 * (section 3), and the data of the SIGNATURE_HASH_ALGORITHMS notification (section 4).
 *
 *     +-+-+-+-+-+-+-+-+
 *     | ASN.1 Length  |  AlgorithmIdentifier in DER  |  Signature Value
 *     +-+-+-+-+-+-+-+-+
 */
import { concat, readU16, u16 } from '../wire/octets.ts';
import {
  decodeAlgorithmIdentifier,
  encodeAlgorithmIdentifier,
  type SignatureAlgorithm,
  type SignatureHash,
} from './algorithm-identifier.ts';

/** IANA's registry of IKEv2 hash algorithms (RFC 7427 section 7; Identity is RFC 8420's, for EdDSA). */
export const hashAlgorithms = {
  SHA1: 1,
  SHA2_256: 2,
  SHA2_384: 3,
  SHA2_512: 4,
  Identity: 5,
} as const;

export interface DigitalSignature {
  /** In DER, as it stood in the payload. */
  readonly algorithmIdentifier: Uint8Array;
  /** What it names; undefined where Touchstone does not have it. */
  readonly algorithm: SignatureAlgorithm | undefined;
  readonly signature: Uint8Array;
}

/** The Authentication Data of method 14. */
export function encodeDigitalSignature(algorithm: SignatureAlgorithm, signature: Uint8Array): Uint8Array {
  const identifier = encodeAlgorithmIdentifier(algorithm);
  return concat(Uint8Array.of(identifier.length), identifier, signature);
}

/** What the Authentication Data of method 14 holds; undefined where the length runs beyond its end. */
export function decodeDigitalSignature(authenticationData: Uint8Array): DigitalSignature | undefined {
  const length = authenticationData[0];
  if (length === undefined || 1 + length > authenticationData.length) return undefined;
  const algorithmIdentifier = authenticationData.slice(1, 1 + length);
  return {
    algorithmIdentifier,
    algorithm: decodeAlgorithmIdentifier(algorithmIdentifier),
    signature: authenticationData.slice(1 + length),
  };
}

/** The Notification Data of SIGNATURE_HASH_ALGORITHMS: 16-bit identifiers, in the order given. */
export function encodeHashAlgorithms(identifiers: readonly number[]): Uint8Array {
  return concat(...identifiers.map(u16));
}

/** The identifiers, unknown ones too; undefined where the data is not whole 16-bit words. */
export function decodeHashAlgorithms(notificationData: Uint8Array): number[] | undefined {
  if (notificationData.length % 2 !== 0) return undefined;
  return Array.from({ length: notificationData.length / 2 }, (_, at) => {
    return readU16(notificationData, 2 * at);
  });
}

/** Which identifier of the registry a peer must have sent before this algorithm may be used towards it. */
export function hashAlgorithmOf(algorithm: SignatureAlgorithm): number {
  return 'hash' in algorithm ? identifierOf[algorithm.hash] : hashAlgorithms.Identity;
}

const identifierOf: Readonly<Record<SignatureHash, number>> = {
  sha1: hashAlgorithms.SHA1,
  sha256: hashAlgorithms.SHA2_256,
  sha384: hashAlgorithms.SHA2_384,
  sha512: hashAlgorithms.SHA2_512,
};
