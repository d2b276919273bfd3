/**
 * AUTH (RFC 7296 section 2.15): which octets are signed, how a shared key or a signature signs them, and how each is verified. Signatures are of
 * method 14 where the peer announced the hash (RFC 7427), else of the older methods 1 and 9 to 11. Whose key it must be is asked
 * in `peer-authentication.ts`.
 */
import type { Env } from '../machine.ts';
import type { SignatureAlgorithm, SignatureHash } from '../transforms/algorithm-identifier.ts';
import type { PrivateKey, PublicKey } from '../transforms/asymmetric-key.ts';
import type { Provider } from '../transforms/cipher.ts';
import { decodeDigitalSignature, encodeDigitalSignature, hashAlgorithmOf } from '../transforms/digital-signature.ts';
import { equalInConstantTime } from '../transforms/integrity.ts';
import type { PseudorandomFunction } from '../transforms/prf.ts';
import { sharedKeyCode } from '../transforms/shared-key.ts';
import { algorithmForKey, algorithmOfAuthenticationMethod, hashForKey, sign, verify } from '../transforms/signature.ts';
import type { AuthenticationPayload, IdentificationPayload } from '../wire/ike/identity-payloads.ts';
import { encodePayloads } from '../wire/ike/payload-chain.ts';
import { concat, unhex } from '../wire/octets.ts';
import type { Credential, EapCredential, IkeSettings, RsaScheme } from './configuration.ts';
import { privateKeyNamed } from './credentials.ts';

/** Method and data of an AUTH payload. */
export type Authentication = Pick<AuthenticationPayload, 'method' | 'data'>;

/** RealMessage | NonceOfTheOther | prf(SK_p, RestOfIDPayload) [| IntAuth], for the side whose message, SK_p and identity these are. */
export function signedOctets(
  realMessage: Uint8Array,
  nonceOfTheOther: Uint8Array,
  prf: PseudorandomFunction,
  SK_p: Uint8Array,
  identification: IdentificationPayload,
  intermediate: Uint8Array,
): Uint8Array {
  const restOfIdPayload = encodePayloads([identification]).octets.subarray(GENERIC_HEADER);
  return concat(realMessage, nonceOfTheOther, prf.prf(SK_p, restOfIdPayload), intermediate);
}

/** One that proves who has it, by itself. */
export type SigningCredential = Exclude<Credential, EapCredential | { readonly kind: 'null' }>;

/** Signs with whatever the credential is. */
export function authenticate(
  credential: SigningCredential,
  octets: Uint8Array,
  prf: PseudorandomFunction,
  peerHashAlgorithms: readonly number[],
  settings: IkeSettings,
  env: Env,
): Authentication {
  if (credential.kind === 'shared-key') {
    return { method: METHODS.sharedKey, data: sharedKeyCode(prf, unhex(credential.key), octets) };
  }
  const key = privateKeyNamed(credential.key);
  const scheme = ('scheme' in credential ? credential.scheme : undefined) ?? settings.rsaScheme;
  const { method, algorithm } = signatureFor(key, peerHashAlgorithms, scheme);
  const signature = sign(algorithm, key, octets, entropyFor(algorithm, env), settings.provider);
  return {
    method,
    data: method === METHODS.digitalSignature ? encodeDigitalSignature(algorithm, signature) : signature,
  };
}

export type AuthenticationKind = 'signature' | 'shared-key' | 'null';

/** Whether the kind of authentication is known, and which. */
export function kindOf({ method }: Authentication): AuthenticationKind | 'unknown' {
  if (method === METHODS.sharedKey) return 'shared-key';
  if (method === METHODS.null) return 'null';
  const known = method === METHODS.digitalSignature || algorithmOfAuthenticationMethod(method) !== undefined;
  return known ? 'signature' : 'unknown';
}

export function verifySharedKey(
  { data }: Authentication,
  key: string,
  octets: Uint8Array,
  prf: PseudorandomFunction,
): boolean {
  return equalInConstantTime(sharedKeyCode(prf, unhex(key), octets), data);
}

/** The algorithm an AUTH payload names and the signature in it; undefined where it cannot be read. */
export function signatureIn({ method, data }: Authentication): ReadSignature | undefined {
  if (method === METHODS.digitalSignature) {
    const read = decodeDigitalSignature(data);
    return (
      read?.algorithm && {
        algorithm: read.algorithm,
        signature: read.signature,
        announced: hashAlgorithmOf(read.algorithm),
      }
    );
  }
  const algorithm = algorithmOfAuthenticationMethod(method);
  return algorithm && { algorithm, signature: data };
}

export interface ReadSignature {
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** For method 14: the identifier of RFC 7427 that must have been announced. */
  readonly announced?: number;
}

export function verifySignature(
  { algorithm, signature }: ReadSignature,
  key: PublicKey,
  octets: Uint8Array,
  provider: Provider,
): boolean {
  return verify(algorithm, key, octets, signature, provider);
}

/** The strongest hash both know for the key, with method 14; the method of the key's own kind where the peer announced none. */
function signatureFor(
  key: PrivateKey,
  peerHashAlgorithms: readonly number[],
  rsaScheme: RsaScheme,
): { method: number; algorithm: SignatureAlgorithm } {
  for (const hash of preferredHashes(key)) {
    const algorithm = algorithmForKey(key, hash, rsaScheme);
    if (peerHashAlgorithms.includes(hashAlgorithmOf(algorithm))) return { method: METHODS.digitalSignature, algorithm };
  }
  const method = methodOfKind(key);
  return { method, algorithm: algorithmOfAuthenticationMethod(method) ?? algorithmForKey(key) };
}

/** The one as strong as the key, then the others. */
function preferredHashes(key: PrivateKey): readonly SignatureHash[] {
  const best = hashForKey(key);
  return [best, ...(['sha256', 'sha384', 'sha512'] as const).filter((hash) => hash !== best)];
}

function methodOfKind(key: PrivateKey): number {
  switch (key.type) {
    case 'RSA':
      return METHODS.rsa;
    case 'ECDSA':
      return { 'P-256': METHODS.ecdsa256, 'P-384': METHODS.ecdsa384, 'P-521': METHODS.ecdsa512 }[key.publicKey.curve];
    case 'Ed25519':
    case 'Ed448':
      return METHODS.digitalSignature;
  }
}

function entropyFor(algorithm: SignatureAlgorithm, env: Env): Uint8Array | undefined {
  if (algorithm.scheme === 'RSASSA-PSS') return env.octets('signature', algorithm.saltOctets);
  return algorithm.scheme === 'ECDSA' ? env.octets('signature', ECDSA_ENTROPY) : undefined;
}

/** Authentication methods (section 3.8). */
const METHODS = {
  rsa: 1,
  sharedKey: 2,
  ecdsa256: 9,
  ecdsa384: 10,
  ecdsa512: 11,
  null: 13,
  digitalSignature: 14,
} as const;

/** Octets before the body of a payload. */
const GENERIC_HEADER = 4;
const ECDSA_ENTROPY = 32;
