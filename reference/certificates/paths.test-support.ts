/** Certificates and lists of a small hierarchy, for the tests of path validation. */
import { expect } from 'chai';
import { calendarSecondsAt } from './calendar.ts';
import { type Certificate, type CertificateExtension, parseCertificate } from './certificate.ts';
import { parseDistinguishedName } from './distinguished-name.ts';
import { type CertificateRequest, certificateFromRecipe, issueCertificate } from './issuing.ts';
import { revocationListFromRecipe } from './issuing-lists.ts';
import { labKey } from './lab-keys.ts';
import type { CertificateRecipe, RevocationListRecipe } from './recipe.ts';
import { parseRevocationList, type RevocationList } from './revocation-list.ts';

export const now = calendarSecondsAt(0);
export const root: CertificateRecipe = { subject: 'CN=Root', key: 'rsaAuthority', authority: {} };
export const foreignRoot: CertificateRecipe = { subject: 'CN=Foreign', key: 'foreignAuthority', authority: {} };
export const intermediate: CertificateRecipe = {
  subject: 'CN=Intermediate',
  key: 'intermediateAuthority',
  issuer: root,
  authority: { pathLength: 0 },
};
export const end: CertificateRecipe = { subject: 'CN=end', key: 'p256One', issuer: intermediate };

/** Permits one name, below one that permits another. */
export const narrower: CertificateRecipe = {
  ...intermediate,
  authority: {},
  nameConstraints: { permitted: [{ dNSName: 'a.example' }] },
};
export const narrowerBelow: CertificateRecipe = {
  subject: 'CN=Second',
  key: 'p256Two',
  issuer: narrower,
  authority: {},
  nameConstraints: { permitted: [{ dNSName: 'b.example' }] },
};

/** Permits one organisation only, of which the one below is none. */
export const organisation: CertificateRecipe = {
  ...intermediate,
  authority: {},
  nameConstraints: { permitted: [{ directoryName: 'O=Lab' }] },
};
export const outsideItsIssuer: CertificateRecipe = {
  subject: 'CN=Second',
  key: 'p256Two',
  issuer: organisation,
  authority: {},
};

/** Gives itself a new certificate, though its own name is not what it permits. */
export const selfIssuer: CertificateRecipe = { ...organisation, subject: 'CN=Self' };
export const selfIssued: CertificateRecipe = { subject: 'CN=Self', key: 'p256Two', issuer: selfIssuer, authority: {} };

export function listOf(recipe: RevocationListRecipe): RevocationList {
  return parseRevocationList(revocationListFromRecipe(recipe))!;
}

export function withEntryExtension(list: RevocationList, extension: CertificateExtension): RevocationList {
  const revoked = [...list.revoked].map(([serial, entry]) => [serial, { ...entry, extensions: [extension] }] as const);
  return { ...list, revoked: new Map(revoked) };
}

export function of(recipe: CertificateRecipe): Certificate {
  return parseCertificate(certificateFromRecipe(recipe))!;
}

/** An end entity, with `more` in its recipe, and the certificate above it. */
export function withIntermediate(issuer: CertificateRecipe, more: Partial<CertificateRecipe> = {}): Certificate[] {
  return [of({ ...end, issuer, ...more }), of(issuer)];
}

/** An end entity below the root, with whatever a recipe does not offer. */
export function requested(more: Partial<CertificateRequest>): Certificate {
  const request: CertificateRequest = {
    serial: 7,
    issuer: { name: parseDistinguishedName(root.subject), key: labKey(root.key) },
    subject: parseDistinguishedName('CN=end'),
    publicKey: labKey('p256One').publicKey,
    notBefore: now - 10,
    notAfter: now + 10,
    ...more,
  };
  return parseCertificate(issueCertificate(request))!;
}

export function exchangedAlgorithm(): Certificate {
  const { der } = of({ ...end, issuer: root });
  // sha256WithRSAEncryption ends in 0b, sha384WithRSAEncryption in 0c; the outer one stands 20 octets after the TBSCertificate.
  const at = der.length - 256 - 5 - 2 - 1;
  expect(der[at]).to.equal(0x0b);
  return parseCertificate(der.with(at, 0x0c))!;
}

export function unknown(critical: boolean): CertificateExtension {
  return { identifier: '1.3.6.1.4.1.99999.1', critical, value: Uint8Array.of(5, 0) };
}
