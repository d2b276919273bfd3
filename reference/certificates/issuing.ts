/**
 * Issuing certificates (RFC 5280 section 4): from a recipe, which gives the same octets every time, or from a request that spells
 * out every field. What is asked for is what is issued, lawful or not: the checks are path-validation.ts's, and a tester needs
 * certificates that fail them.
 */
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AuthorityKeyIdentifier,
  BasicConstraints,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  KeyIdentifier,
  KeyUsage,
  Certificate as Structure,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
} from '@peculiar/asn1-x509';
import { encodeAlgorithmIdentifier, type SignatureAlgorithm } from '../transforms/algorithm-identifier.ts';
import type { PrivateKey, PublicKey } from '../transforms/asymmetric-key.ts';
import { octetsFrom } from '../transforms/integer.ts';
import { hash } from '../transforms/keyed-hash.ts';
import { algorithmForKey, hashForKey, sign } from '../transforms/signature.ts';
import { parsePrefix, prefixRange } from '../wire/address.ts';
import { fromText } from '../wire/octets.ts';
import { type CalendarSeconds, dateOf, wholeLifeOfTheLab } from './calendar.ts';
import { type CertificateExtension, extensionIdentifiers, type KeyUsageName, keyUsageNames } from './certificate.ts';
import { type DistinguishedName, nameStructure, parseDistinguishedName } from './distinguished-name.ts';
import { encodeGeneralNames, type GeneralName } from './general-name.ts';
import { encodeIpAddressBlocks, ipAddressBlocksOf } from './ip-address-blocks.ts';
import { labKey } from './lab-keys.ts';
import { encodeNameConstraints, type SubtreeRecipe } from './name-constraints.ts';
import type { AltName, CertificateRecipe, NameConstraintsRecipe } from './recipe.ts';

/** Each extension stands in the certificate if and only if its field is given. */
export interface CertificateRequest {
  readonly serial: bigint | number;
  /** `key` signs; to issue a self-signed certificate, give the subject's own. */
  readonly issuer: { readonly name: DistinguishedName; readonly key: PrivateKey };
  readonly subject: DistinguishedName;
  readonly publicKey: PublicKey;
  readonly notBefore: CalendarSeconds;
  readonly notAfter: CalendarSeconds;
  readonly subjectAltNames?: { readonly names: readonly GeneralName[]; readonly critical?: boolean };
  readonly basicConstraints?: { readonly isAuthority: boolean; readonly pathLength?: number };
  readonly keyUsage?: readonly KeyUsageName[];
  /** Dotted object identifiers. */
  readonly extendedKeyUsage?: readonly string[];
  /** SHA-1 of each key, as section 4.2.1.2 (1) makes it; left out where false. */
  readonly keyIdentifiers?: boolean;
  readonly extensions?: readonly CertificateExtension[];
  /** Absent: what suits the issuer's key. */
  readonly signatureAlgorithm?: SignatureAlgorithm;
  /** The salt, for PSS. */
  readonly entropy?: Uint8Array;
}

/** The certificate that a recipe describes, in DER. Throws RangeError for a key or a name that does not exist. */
export function certificateFromRecipe(recipe: CertificateRecipe): Uint8Array {
  const text = JSON.stringify(recipe);
  const known = issued.get(text);
  if (known) return known;
  const certificate = issueCertificate(requestFromRecipe(recipe, text));
  issued.set(text, certificate);
  return certificate;
}

/** The serial number that the certificate of a recipe gets. */
export function serialOfRecipe(recipe: CertificateRecipe): bigint {
  return serialFor(recipe, JSON.stringify(recipe));
}

/** A certificate in DER. */
export function issueCertificate(request: CertificateRequest): Uint8Array {
  const algorithm = request.signatureAlgorithm ?? algorithmForIssuer(request.issuer.key);
  const identifier = AsnConvert.parse(buffer(encodeAlgorithmIdentifier(algorithm)), AlgorithmIdentifier);
  const tbsCertificate = new TBSCertificate({
    version: 2,
    serialNumber: serialOctets(BigInt(request.serial)),
    signature: identifier,
    issuer: nameStructure(request.issuer.name),
    validity: new Validity({ notBefore: dateOf(request.notBefore), notAfter: dateOf(request.notAfter) }),
    subject: nameStructure(request.subject),
    subjectPublicKeyInfo: AsnConvert.parse(buffer(request.publicKey.spki), SubjectPublicKeyInfo),
    extensions: extensionsOf(request),
  });
  const tbs = new Uint8Array(AsnConvert.serialize(tbsCertificate));
  const signature = sign(algorithm, request.issuer.key, tbs, request.entropy);
  const certificate = new Structure({
    tbsCertificate,
    signatureAlgorithm: identifier,
    signatureValue: buffer(signature),
  });
  return new Uint8Array(AsnConvert.serialize(certificate));
}

function requestFromRecipe(recipe: CertificateRecipe, text: string): CertificateRequest {
  const { issuer = recipe, authority, validity = wholeLifeOfTheLab, addressBlocks, nameConstraints } = recipe;
  return {
    serial: serialFor(recipe, text),
    issuer: { name: parseDistinguishedName(issuer.subject), key: labKey(issuer.key) },
    subject: parseDistinguishedName(recipe.subject),
    publicKey: labKey(recipe.key).publicKey,
    notBefore: validity.notBefore,
    notAfter: validity.notAfter,
    keyIdentifiers: true,
    basicConstraints: authority
      ? { isAuthority: true, ...(authority.pathLength !== undefined && { pathLength: authority.pathLength }) }
      : { isAuthority: false },
    keyUsage: recipe.keyUsage ?? (authority ? ['keyCertSign', 'cRLSign'] : ['digitalSignature']),
    ...(recipe.altNames && {
      subjectAltNames: { names: recipe.altNames.map(generalName), critical: recipe.altNamesCritical ?? false },
    }),
    extensions: [
      ...(addressBlocks ? [addressBlocksExtension(addressBlocks)] : []),
      ...(nameConstraints ? [nameConstraintsExtension(nameConstraints)] : []),
    ],
  };
}

/** A serial must be unique within its issuer: a digest of the recipe is, and stays the same. */
function serialFor({ serial }: CertificateRecipe, text: string): bigint {
  if (serial !== undefined) return BigInt(serial);
  return BigInt.asUintN(63, new DataView(hash('sha256', fromText(text)).slice().buffer).getBigUint64(0));
}

function generalName(name: AltName): GeneralName {
  return 'directoryName' in name ? { directoryName: parseDistinguishedName(name.directoryName) } : name;
}

function addressBlocksExtension(prefixes: readonly string[]): CertificateExtension {
  const ranges = prefixes.map((prefix) => prefixRange(parsePrefix(prefix)));
  return {
    identifier: extensionIdentifiers.ipAddressBlocks,
    critical: true,
    value: encodeIpAddressBlocks(ipAddressBlocksOf(ranges)),
  };
}

function nameConstraintsExtension({
  permitted = [],
  excluded = [],
  critical = true,
}: NameConstraintsRecipe): CertificateExtension {
  return {
    identifier: extensionIdentifiers.nameConstraints,
    critical,
    value: encodeNameConstraints(permitted.map(subtree), excluded.map(subtree)),
  };
}

function subtree(name: AltName): SubtreeRecipe {
  if ('iPAddress' in name) return { iPAddress: parsePrefix(name.iPAddress) };
  return 'directoryName' in name ? { directoryName: parseDistinguishedName(name.directoryName) } : name;
}

function extensionsOf(request: CertificateRequest): Extensions {
  const { basicConstraints, keyUsage, extendedKeyUsage, subjectAltNames } = request;
  const extensions: Extension[] = [];
  const add = (extnID: string, critical: boolean, value: ArrayBuffer) =>
    extensions.push(new Extension({ extnID, critical, extnValue: new OctetString(value) }));
  if (request.keyIdentifiers) {
    const subject = new SubjectKeyIdentifier(keyIdentifier(request.publicKey));
    const issuer = new KeyIdentifier(keyIdentifier(request.issuer.key.publicKey));
    add(extensionIdentifiers.subjectKeyIdentifier, false, AsnConvert.serialize(subject));
    const authority = new AuthorityKeyIdentifier({ keyIdentifier: issuer });
    add(extensionIdentifiers.authorityKeyIdentifier, false, AsnConvert.serialize(authority));
  }
  if (basicConstraints) {
    const { isAuthority, pathLength } = basicConstraints;
    const constraints = new BasicConstraints({ cA: isAuthority });
    if (pathLength !== undefined) constraints.pathLenConstraint = pathLength;
    add(extensionIdentifiers.basicConstraints, true, AsnConvert.serialize(constraints));
  }
  if (keyUsage) {
    const bits = keyUsage.reduce((sum, name) => sum | (1 << keyUsageNames.indexOf(name)), 0);
    add(extensionIdentifiers.keyUsage, true, AsnConvert.serialize(new KeyUsage(bits)));
  }
  if (extendedKeyUsage) {
    const purposes = new ExtendedKeyUsage([...extendedKeyUsage]);
    add(extensionIdentifiers.extendedKeyUsage, false, AsnConvert.serialize(purposes));
  }
  if (subjectAltNames) {
    const value = encodeGeneralNames(subjectAltNames.names);
    add(extensionIdentifiers.subjectAltName, subjectAltNames.critical ?? false, buffer(value));
  }
  for (const { identifier, critical, value } of request.extensions ?? []) add(identifier, critical, buffer(value));
  return new Extensions(extensions);
}

/** SHA-1 over the BIT STRING's contents, without its tag, length and count of unused bits (section 4.2.1.2). @internal */
export function keyIdentifier(key: PublicKey): ArrayBuffer {
  const { subjectPublicKey } = AsnConvert.parse(buffer(key.spki), SubjectPublicKeyInfo);
  return buffer(hash('sha1', new Uint8Array(subjectPublicKey)));
}

/** What an authority signs with: a hash as strong as its key. @internal */
export function algorithmForIssuer(key: PrivateKey): SignatureAlgorithm {
  return algorithmForKey(key, hashForKey(key));
}

/** Section 4.1.2.2: a positive integer, so a leading zero where its first bit would be a sign. @internal */
export function serialOctets(serial: bigint): ArrayBuffer {
  return buffer(octetsFrom(serial, Math.floor(serial.toString(2).length / 8) + 1));
}

function buffer(octets: Uint8Array): ArrayBuffer {
  return octets.slice().buffer as ArrayBuffer;
}

/** Pure memory: what a recipe always becomes. */
const issued = new Map<string, Uint8Array>();
