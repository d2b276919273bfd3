/** Authorities, certificates and shared keys as scenarios name them. Everything is a recipe: the octets are made where they are needed. */
import type { AltName, CertificateRecipe, Credential, Identity } from '../lab/node.ts';

export type { CertificateRecipe, Credential, Identity, IdentityPattern, RevocationListRecipe } from '../lab/node.ts';

/** The authority that both sides trust. */
export const labAuthority: CertificateRecipe = {
  subject: 'CN=Touchstone Lab CA, O=Touchstone',
  key: 'ecdsaAuthority',
  authority: {},
  keyUsage: ['keyCertSign', 'cRLSign'],
  serial: 1,
};

/** An authority nobody trusts. */
export const foreignAuthority: CertificateRecipe = {
  subject: 'CN=Foreign CA, O=Elsewhere',
  key: 'foreignAuthority',
  authority: {},
  keyUsage: ['keyCertSign', 'cRLSign'],
  serial: 1,
};

export interface CertifiedName {
  readonly commonName: string;
  /** The whole subject, where it is not the lab's. */
  readonly subject?: string;
  readonly altNames?: readonly AltName[];
  readonly altNamesCritical?: boolean;
  readonly addressBlocks?: readonly string[];
  readonly key?: string;
  readonly issuer?: CertificateRecipe;
  /** As an authority's, where it is one. */
  readonly authority?: CertificateRecipe['authority'];
  readonly validity?: CertificateRecipe['validity'];
}

/** An end-entity certificate of the lab's authority. */
export function certificateOf({
  commonName,
  key = 'p256One',
  issuer = labAuthority,
  ...rest
}: CertifiedName): CertificateRecipe {
  return {
    subject: `CN=${commonName}, O=Touchstone`,
    key,
    issuer,
    keyUsage: ['digitalSignature'],
    serial: serialOf(commonName, key, JSON.stringify(rest)),
    ...rest,
  };
}

/** Signs with the first certificate's key; the rest is sent after it. */
export function signedWith(...chain: readonly [CertificateRecipe, ...CertificateRecipe[]]): Credential {
  return { kind: 'certificate', chain, key: chain[0].key };
}

/** Signs with the key of RSA of this certificate, in this scheme. */
export function signedInScheme(certificate: CertificateRecipe, scheme: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS'): Credential {
  return { kind: 'certificate', chain: [certificate], key: certificate.key, scheme };
}

/** Signs with a key that nobody has certified. */
export function rawPublicKey(key: string): Credential {
  return { kind: 'public-key', key };
}

/** Proves nothing, and says so. */
export const nullAuthentication: Credential = { kind: 'null' };

/** And sends its public half along. */
export function sentRawPublicKey(key: string): Credential {
  return { kind: 'public-key', key, isSent: true };
}

export function sharedKey(secret: string): Credential {
  return { kind: 'shared-key', key: hexOf(secret) };
}

export const fqdn = (value: string): Identity => ({ type: 'ID_FQDN', value });
export const userFqdn = (value: string): Identity => ({ type: 'ID_RFC822_ADDR', value });
export const distinguishedName = (value: string): Identity => ({ type: 'ID_DER_ASN1_DN', value });
export const keyId = (text: string): Identity => ({ type: 'ID_KEY_ID', value: hexOf(text) });
export const nobody: Identity = { type: 'ID_NULL', value: '' };
export const addressIdentity = (address: string): Identity => ({
  type: address.includes(':') ? 'ID_IPV6_ADDR' : 'ID_IPV4_ADDR',
  value: address,
});

/** Text as hex of its octets. */
export function hexOf(text: string): string {
  return Array.from(new TextEncoder().encode(text), (octet) => octet.toString(16).padStart(2, '0')).join('');
}

/** A serial number that two different certificates of an authority do not share (RFC 5280 4.1.2.2). */
function serialOf(...parts: readonly string[]): number {
  let sum = 7;
  for (const character of parts.join('/')) sum = (sum * 31 + character.charCodeAt(0)) % 0x7fffffff;
  return sum;
}
