/** What is signed in a handshake and how (RFC 5246 sections 4.7, 7.4.1.4.1, 7.4.3 and 7.4.8, RFC 8422 section 5.4): by the key of the certificate that was shown. */
import type { SignatureAlgorithm } from '../transforms/algorithm-identifier.ts';
import type { PrivateKey, PublicKey } from '../transforms/asymmetric-key.ts';
import { hashForKey, sign, verify } from '../transforms/signature.ts';
import { concat, u16 } from '../wire/octets.ts';
import type { ServerKeyExchange } from '../wire/tls/handshake.ts';
import { signatureSchemes } from '../wire/tls/registry.ts';
import type { TlsEndpoint } from './endpoint.ts';
import type { TlsSecrets } from './key-schedule.ts';
import { type Handshake, refuses } from './refusal.ts';

/** What is said of it beside the octets. */
export interface TlsSignature {
  readonly signatureScheme: number;
  readonly signature: Uint8Array;
}

/** In order of preference. */
export const knownSchemes: readonly number[] = Object.values(signatureSchemes);

/** What this end signs with, of what the other end knows; undefined where there is nothing. */
export function ownScheme({ rules, credential }: TlsEndpoint, known: readonly number[]): number | undefined {
  return rules.tlsOwnSignatureScheme(known, schemesFor(credential.key));
}

/** ECDSA mixes entropy into its nonce; RSASSA-PKCS1-v1_5 takes none. */
export function signed(
  { credential, env, provider }: TlsEndpoint,
  signatureScheme: number,
  octets: Uint8Array,
): TlsSignature {
  const entropy = credential.key.type === 'ECDSA' ? env.octets('signature', ECDSA_ENTROPY) : undefined;
  const algorithm = algorithmOf(signatureScheme)!;
  return { signatureScheme, signature: sign(algorithm, credential.key, octets, entropy, provider) };
}

/** ServerKeyExchange signs both random values and the server's public value. */
export function signedParameters(
  { clientRandom, serverRandom }: Omit<TlsSecrets, 'master'>,
  { namedCurve, publicValue }: Pick<ServerKeyExchange, 'namedCurve' | 'publicValue'>,
): Uint8Array {
  const parameters = [Uint8Array.of(NAMED_CURVE), u16(namedCurve), Uint8Array.of(publicValue.length), publicValue];
  return concat(clientRandom, serverRandom, ...parameters);
}

/** Refuses what this key did not sign; `rule` is about whose signature it is. */
export function* verifies(
  { rules, provider }: TlsEndpoint,
  rule: 'tlsKeyExchangeSigned' | 'tlsCertificateVerified',
  key: PublicKey,
  octets: Uint8Array,
  { signatureScheme, signature }: TlsSignature,
): Handshake<void> {
  if (!rules.tlsSignatureScheme(knownSchemes, signatureScheme))
    return yield* refuses('tlsSignatureScheme', 'illegal_parameter', `scheme ${signatureScheme} was never offered`);
  const algorithm = algorithmOf(signatureScheme);
  const isSigned = () => algorithm !== undefined && verify(algorithm, key, octets, signature, provider);
  if (!rules[rule](isSigned)) yield* refuses(rule, 'decrypt_error', 'the certificate has not signed this');
}

/** In order of preference. */
function schemesFor(key: PrivateKey): readonly number[] {
  if (key.type === 'RSA') return [signatureSchemes.rsa_pkcs1_sha256, signatureSchemes.rsa_pkcs1_sha384];
  return hashForKey(key) === 'sha384'
    ? [signatureSchemes.ecdsa_secp384r1_sha384]
    : [signatureSchemes.ecdsa_secp256r1_sha256];
}

function algorithmOf(scheme: number): SignatureAlgorithm | undefined {
  switch (scheme) {
    case signatureSchemes.rsa_pkcs1_sha256:
      return { scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha256' };
    case signatureSchemes.rsa_pkcs1_sha384:
      return { scheme: 'RSASSA-PKCS1-v1_5', hash: 'sha384' };
    case signatureSchemes.ecdsa_secp256r1_sha256:
      return { scheme: 'ECDSA', hash: 'sha256', form: 'Ecdsa-Sig-Value' };
    case signatureSchemes.ecdsa_secp384r1_sha384:
      return { scheme: 'ECDSA', hash: 'sha384', form: 'Ecdsa-Sig-Value' };
    default:
      return undefined;
  }
}

const ECDSA_ENTROPY = 32;

/** ECCurveType: the curve is told by its number. */
export const NAMED_CURVE = 3;
