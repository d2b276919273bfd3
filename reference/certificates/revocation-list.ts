/**
 * A certificate revocation list (RFC 5280 section 5) as a value. The library knows the structure; reading judges nothing. Which certificates a list
 * speaks of, and whether it may, is asked in `revocation.ts`.
 */
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList } from '@peculiar/asn1-x509';
import { decodeAlgorithmIdentifier, type SignatureAlgorithm } from '../transforms/algorithm-identifier.ts';
import { integerFrom } from '../transforms/integer.ts';
import { type CalendarSeconds, calendarSecondsOf } from './calendar.ts';
import { type CertificateExtension, extensionFrom } from './certificate.ts';
import { type DistinguishedName, nameFrom } from './distinguished-name.ts';

export interface RevocationList {
  /** TBSCertList, as it came: what the signature is over. */
  readonly tbs: Uint8Array;
  /** Undefined for an algorithm Touchstone does not have. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  /** The algorithm named outside and the one named under the signature, in DER (section 5.1.1.2 wants them equal). */
  readonly algorithmIdentifiers: { readonly outer: Uint8Array; readonly signed: Uint8Array };
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: CalendarSeconds;
  readonly nextUpdate?: CalendarSeconds;
  /** By serial number. */
  readonly revoked: ReadonlyMap<bigint, RevokedCertificate>;
  readonly extensions: readonly CertificateExtension[];
}

export interface RevokedCertificate {
  readonly revocationDate: CalendarSeconds;
  readonly extensions: readonly CertificateExtension[];
}

/** The list in `der`; undefined where it is none. */
export function parseRevocationList(der: Uint8Array): RevocationList | undefined {
  try {
    return listFrom(der);
  } catch {
    // The library says nothing of use about where a stranger's DER goes wrong.
    return undefined;
  }
}

/** The object identifiers of the extensions that are known here (sections 5.2 and 5.3). */
export const listExtensionIdentifiers = {
  authorityKeyIdentifier: '2.5.29.35',
  cRLNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
} as const;

/** Those of lists that do not tell all of one issuer (sections 5.2.4, 5.2.5 and 5.3.3). */
export const partialListIdentifiers = {
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
} as const;

function listFrom(der: Uint8Array): RevocationList {
  const { tbsCertList, tbsCertListRaw, signatureAlgorithm, signature } = AsnConvert.parse(der.slice(), CertificateList);
  const { issuer, thisUpdate, nextUpdate, revokedCertificates = [], crlExtensions = [] } = tbsCertList;
  const outer = new Uint8Array(AsnConvert.serialize(signatureAlgorithm));
  return {
    tbs: new Uint8Array(tbsCertListRaw!),
    signatureAlgorithm: decodeAlgorithmIdentifier(outer),
    algorithmIdentifiers: { outer, signed: new Uint8Array(AsnConvert.serialize(tbsCertList.signature)) },
    signature: new Uint8Array(signature),
    issuer: nameFrom(issuer),
    thisUpdate: calendarSecondsOf(thisUpdate.getTime()),
    ...(nextUpdate && { nextUpdate: calendarSecondsOf(nextUpdate.getTime()) }),
    revoked: new Map(
      revokedCertificates.map(({ userCertificate, revocationDate, crlEntryExtensions = [] }) => [
        integerFrom(new Uint8Array(userCertificate)),
        {
          revocationDate: calendarSecondsOf(revocationDate.getTime()),
          extensions: crlEntryExtensions.map(extensionFrom),
        },
      ]),
    ),
    extensions: crlExtensions.map(extensionFrom),
  };
}
