/**
 * A certificate (RFC 5280 section 4) as a value. The library knows the structure; what stands here is what IKE and path validation
 * read, beside the octets that were signed. Reading judges nothing: an expired or forged certificate reads as well as another.
 */
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  type Extension,
  KeyUsage,
  Certificate as Structure,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import { decodeAlgorithmIdentifier, type SignatureAlgorithm } from '../transforms/algorithm-identifier.ts';
import { type PublicKey, parsePublicKey } from '../transforms/asymmetric-key.ts';
import { integerFrom } from '../transforms/integer.ts';
import { hash } from '../transforms/keyed-hash.ts';
import { hex } from '../wire/octets.ts';
import { type CalendarSeconds, calendarSecondsOf } from './calendar.ts';
import { type DistinguishedName, nameFrom } from './distinguished-name.ts';
import { decodeGeneralNames, type GeneralName } from './general-name.ts';
import { decodeIpAddressBlocks, type IpAddressBlocks, ipAddressBlocksIdentifier } from './ip-address-blocks.ts';
import { decodeNameConstraints, type NameConstraints } from './name-constraints.ts';

export interface Certificate {
  /** The whole, as it came. */
  readonly der: Uint8Array;
  /** TBSCertificate, as it came: what the signature is over. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  readonly serialNumber: bigint;
  /** What the signature field says; undefined for an algorithm Touchstone does not have. */
  readonly signatureAlgorithm: SignatureAlgorithm | undefined;
  /** The algorithm named outside and the one named under the signature, in DER (section 4.1.1.2 wants them equal). */
  readonly algorithmIdentifiers: { readonly outer: Uint8Array; readonly signed: Uint8Array };
  readonly signature: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** The subject's Name in DER: what ID_DER_ASN1_DN is to carry. */
  readonly subjectOctets: Uint8Array;
  readonly notBefore: CalendarSeconds;
  readonly notAfter: CalendarSeconds;
  /** SubjectPublicKeyInfo in DER. */
  readonly spki: Uint8Array;
  /** Undefined for a kind of key Touchstone does not have. */
  readonly publicKey: PublicKey | undefined;
  readonly extensions: readonly CertificateExtension[];
  readonly basicConstraints?: { readonly isAuthority: boolean; readonly pathLength?: number };
  readonly keyUsage?: readonly KeyUsageName[];
  /** Dotted object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  readonly subjectAltNames: readonly GeneralName[];
  readonly subjectKeyIdentifier?: Uint8Array;
  readonly authorityKeyIdentifier?: Uint8Array;
  readonly ipAddressBlocks?: readonly IpAddressBlocks[];
  readonly nameConstraints?: NameConstraints;
}

export interface CertificateExtension {
  /** The dotted object identifier. */
  readonly identifier: string;
  readonly critical: boolean;
  /** What the OCTET STRING holds, in DER. */
  readonly value: Uint8Array;
}

export type KeyUsageName =
  | 'digitalSignature'
  | 'nonRepudiation'
  | 'keyEncipherment'
  | 'dataEncipherment'
  | 'keyAgreement'
  | 'keyCertSign'
  | 'cRLSign'
  | 'encipherOnly'
  | 'decipherOnly';

/**
 * The certificate in `der`; undefined where it is none, or an extension named here does not hold what it should. The same octets
 * give the same object as long as it is remembered.
 */
export function parseCertificate(der: Uint8Array): Certificate | undefined {
  const octets = hex(der);
  const known = parsed.get(octets);
  if (known) return known;
  try {
    const certificate = certificateFrom(der.slice());
    if (parsed.size === REMEMBERED) parsed.clear();
    parsed.set(octets, certificate);
    return certificate;
  } catch {
    // The library says nothing of use about where a stranger's DER goes wrong.
    return undefined;
  }
}

/** SHA-1 of a trust anchor's SubjectPublicKeyInfo, as CERTREQ lists them for X.509 (RFC 7296 section 3.7). */
export function authorityHash(anchor: Certificate): Uint8Array {
  return hash('sha1', anchor.spki);
}

/** The object identifiers of the extensions that are read here. */
export const extensionIdentifiers = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  ipAddressBlocks: ipAddressBlocksIdentifier,
  nameConstraints: '2.5.29.30',
} as const;

/** In the order of their bits (section 4.2.1.3). */
export const keyUsageNames: readonly KeyUsageName[] = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
];

function certificateFrom(der: Uint8Array): Certificate {
  const structure = AsnConvert.parse(buffer(der), Structure);
  const { tbsCertificate, signatureAlgorithm, signatureValue } = structure;
  const outer = new Uint8Array(AsnConvert.serialize(signatureAlgorithm));
  const spki = new Uint8Array(AsnConvert.serialize(tbsCertificate.subjectPublicKeyInfo));
  const extensions = (tbsCertificate.extensions ?? []).map(extensionFrom);
  return {
    der,
    tbs: new Uint8Array(structure.tbsCertificateRaw!),
    version: (tbsCertificate.version + 1) as 1 | 2 | 3,
    serialNumber: integerFrom(new Uint8Array(tbsCertificate.serialNumber)),
    signatureAlgorithm: decodeAlgorithmIdentifier(outer),
    algorithmIdentifiers: { outer, signed: new Uint8Array(AsnConvert.serialize(tbsCertificate.signature)) },
    signature: new Uint8Array(signatureValue),
    issuer: nameFrom(tbsCertificate.issuer),
    subject: nameFrom(tbsCertificate.subject),
    subjectOctets: new Uint8Array(AsnConvert.serialize(tbsCertificate.subject)),
    notBefore: calendarSecondsOf(tbsCertificate.validity.notBefore.getTime()),
    notAfter: calendarSecondsOf(tbsCertificate.validity.notAfter.getTime()),
    spki,
    publicKey: parsePublicKey(spki),
    extensions,
    ...readExtensions(extensions),
  };
}

/** The library's structure as a value. @internal */
export function extensionFrom({ extnID, critical, extnValue }: Extension): CertificateExtension {
  return { identifier: extnID, critical, value: new Uint8Array(extnValue.buffer) };
}

function readExtensions(extensions: readonly CertificateExtension[]) {
  const value = (identifier: string) => extensions.find((extension) => extension.identifier === identifier)?.value;
  const basicConstraints = value(extensionIdentifiers.basicConstraints);
  const keyUsage = value(extensionIdentifiers.keyUsage);
  const extendedKeyUsage = value(extensionIdentifiers.extendedKeyUsage);
  const subjectAltName = value(extensionIdentifiers.subjectAltName);
  const subjectKeyIdentifier = value(extensionIdentifiers.subjectKeyIdentifier);
  const authorityKeyIdentifier = value(extensionIdentifiers.authorityKeyIdentifier);
  const ipAddressBlocks = value(extensionIdentifiers.ipAddressBlocks);
  const nameConstraints = value(extensionIdentifiers.nameConstraints);
  return {
    ...(basicConstraints && { basicConstraints: basicConstraintsFrom(basicConstraints) }),
    ...(keyUsage && { keyUsage: keyUsageFrom(keyUsage) }),
    ...(extendedKeyUsage && { extendedKeyUsage: [...AsnConvert.parse(buffer(extendedKeyUsage), ExtendedKeyUsage)] }),
    subjectAltNames: subjectAltName ? required(decodeGeneralNames(subjectAltName)) : [],
    ...(subjectKeyIdentifier && {
      subjectKeyIdentifier: new Uint8Array(AsnConvert.parse(buffer(subjectKeyIdentifier), SubjectKeyIdentifier).buffer),
    }),
    ...(authorityKeyIdentifier && keyIdentifierFrom(authorityKeyIdentifier)),
    ...(ipAddressBlocks && { ipAddressBlocks: required(decodeIpAddressBlocks(ipAddressBlocks)) }),
    ...(nameConstraints && { nameConstraints: required(decodeNameConstraints(nameConstraints)) }),
  };
}

function basicConstraintsFrom(value: Uint8Array) {
  const { cA, pathLenConstraint } = AsnConvert.parse(buffer(value), BasicConstraints);
  return { isAuthority: cA, ...(pathLenConstraint !== undefined && { pathLength: pathLenConstraint }) };
}

function keyUsageFrom(value: Uint8Array): KeyUsageName[] {
  const bits = AsnConvert.parse(buffer(value), KeyUsage).toNumber();
  return keyUsageNames.filter((_, bit) => (bits >> bit) & 1);
}

function keyIdentifierFrom(value: Uint8Array) {
  const { keyIdentifier } = AsnConvert.parse(buffer(value), AuthorityKeyIdentifier);
  return keyIdentifier && { authorityKeyIdentifier: new Uint8Array(keyIdentifier.buffer) };
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new RangeError('an extension does not hold what its identifier says');
  return value;
}

function buffer(octets: Uint8Array): ArrayBuffer {
  return octets.slice().buffer as ArrayBuffer;
}

/** Pure memory, of a bounded number: reading a certificate takes longer than most of what follows. */
const parsed = new Map<string, Certificate>();

const REMEMBERED = 256;
