/**
 * Who the peer is and whether it has proved it (RFC 7296 sections 2.15, 2.16 and 3.6; RFC 4301 section 4.4.3; RFC 4945 section 3.1): the PAD entry of
 * the identity, the key that belongs to it, the signature over what was said. A sequence of rules, each of which may refuse.
 */
import { calendarSecondsAt } from '../certificates/calendar.ts';
import type { Certificate } from '../certificates/certificate.ts';
import { validatePath } from '../certificates/path-validation.ts';
import { parseRevocationList, type RevocationList } from '../certificates/revocation-list.ts';
import type { PublicKey } from '../transforms/asymmetric-key.ts';
import { derElementCount } from '../transforms/der.ts';
import type { IdentificationPayload } from '../wire/ike/identity-payloads.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { certificateEncodings } from '../wire/ike/registry.ts';
import {
  type Authentication,
  kindOf,
  signatureIn,
  signedOctets,
  verifySharedKey,
  verifySignature,
} from './authentication.ts';
import { ikev2Bounds } from './bounds.ts';
import type { IkeConnection } from './configuration.ts';
import { certificateIn, certificateOf, revocationListOf } from './credentials.ts';
import { addressOfIdentity, identityText } from './identity.ts';
import { addressesOfCertificate } from './identity-in-certificate.ts';
import type { IkeSa } from './ike-sa.ts';
import type { FirstMessages, Keyed } from './ike-sa-state.ts';
import { intermediateOctets } from './intermediate-authentication.ts';
import { identityProven, refusalOfNullAuthentication } from './null-authentication.ts';
import { findAll } from './payloads.ts';
import { keysOfPeer } from './raw-public-keys.ts';
import type { Refusal } from './refusal.ts';
import { tellRefusal } from './surroundings.ts';

/** What the peer says of itself in IKE_AUTH. */
export interface PeerClaim {
  readonly identification: IdentificationPayload;
  readonly authentication: Authentication;
  readonly payloads: readonly Payload[];
}

/** Undefined where the peer is who it says and may be, for this connection. */
export function refusalOfPeer(
  ikeSa: IkeSa,
  connection: IkeConnection,
  claim: PeerClaim,
  keyed: Keyed,
  first: FirstMessages,
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  const { identification, authentication } = claim;
  const peer = identityProven(identification, authentication, rules);
  if (!rules.identityMatchesPad(peer, connection.remote.identity)) {
    return {
      rule: 'identityMatchesPad',
      detail: `${identityText(peer)} is not the peer of ${connection.name}`,
    };
  }
  const used = kindOf(authentication);
  if (!rules.authenticationMethod(connection.remote.authentication, used)) {
    return {
      rule: 'authenticationMethod',
      detail: `${connection.name} wants a ${connection.remote.authentication}, not ${used}`,
    };
  }
  const octets = octetsOfPeer(ikeSa, identification, keyed, first);
  if (used === 'null') return refusalOfNullAuthentication(keyed, identification.type, octets, authentication, rules);
  const refusal =
    used === 'shared-key'
      ? refusalOfSharedKey(ikeSa, connection, claim, keyed, octets)
      : refusalOfSignature(ikeSa, connection, claim, octets);
  return refusal ?? refusalOfAddress(ikeSa, claim);
}

/** What the peer signs: its first message, our nonce, its identity under its SK_p, and what was said in between. */
function octetsOfPeer(
  ikeSa: IkeSa,
  identification: IdentificationPayload,
  keyed: Keyed,
  first: FirstMessages,
): Uint8Array {
  const { prf, keys, Ni, Nr } = keyed;
  const intermediate = intermediateOctets(first, ikeSa.surroundings.rules);
  return ikeSa.role === 'responder'
    ? signedOctets(first.request, Nr, prf, keys.SK_pi, identification, intermediate)
    : signedOctets(first.response, Ni, prf, keys.SK_pr, identification, intermediate);
}

function refusalOfSharedKey(
  ikeSa: IkeSa,
  connection: IkeConnection,
  { identification, authentication }: PeerClaim,
  { prf }: Keyed,
  octets: Uint8Array,
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  const key = rules.sharedKeyOfIdentity(connection.remote.sharedKeys ?? [], identification);
  if (key === undefined) {
    return { rule: 'sharedKeyOfIdentity', detail: `no shared key belongs to ${identityText(identification)}` };
  }
  if (!rules.authenticationData(() => verifySharedKey(authentication, key, octets, prf))) {
    return {
      rule: 'authenticationData',
      detail: `the shared key of ${identityText(identification)} did not sign this`,
    };
  }
  return undefined;
}

function refusalOfSignature(
  ikeSa: IkeSa,
  connection: IkeConnection,
  { identification, authentication, payloads }: PeerClaim,
  octets: Uint8Array,
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  if (connection.remote.publicKeys) {
    const keys = keysOfPeer(ikeSa, connection.remote.publicKeys, payloads);
    return 'rule' in keys ? keys : refusalOfSigner(ikeSa, keys, authentication, octets);
  }
  const certificates = certificatesOf(ikeSa, payloads);
  const signer = rules.certificateThatSigns(certificates);
  if (signer?.publicKey === undefined)
    return { rule: 'certificateThatSigns', detail: 'no certificate with a key to verify with' };
  const refusal = refusalOfSigner(ikeSa, [signer.publicKey], authentication, octets);
  if (refusal !== undefined) return refusal;
  const failure = pathFailure(ikeSa, connection, signer, { certificates, lists: revocationListsOf(ikeSa, payloads) });
  if (!rules.certificationPath(failure)) return { rule: 'certificationPath', detail: failure ?? '' };
  const others = certificates.filter((certificate) => certificate !== signer);
  if (!rules.identityMatchesCertificate(identification, signer, others)) {
    return {
      rule: 'identityMatchesCertificate',
      detail: `the certificate does not certify ${identityText(identification)}`,
    };
  }
  return refusalOfCertificateAddresses(ikeSa, connection, signer);
}

/** Undefined where one of these keys signed. */
function refusalOfSigner(
  { surroundings: { rules, settings } }: IkeSa,
  keys: readonly PublicKey[],
  authentication: Authentication,
  octets: Uint8Array,
): Refusal | undefined {
  const signature = signatureIn(authentication);
  if (
    signature?.announced !== undefined &&
    !rules.signatureHash(settings.signatureHashAlgorithms, signature.announced)
  ) {
    return { rule: 'signatureHash', detail: `hash algorithm ${signature.announced} was never announced` };
  }
  const verifies = () =>
    signature !== undefined && keys.some((key) => verifySignature(signature, key, octets, settings.provider));
  if (rules.authenticationData(verifies)) return undefined;
  return { rule: 'authenticationData', detail: 'no key of the peer signed this' };
}

/** What path validation says against the certificate, at the lab's date. */
function pathFailure(
  ikeSa: IkeSa,
  connection: IkeConnection,
  signer: Certificate,
  sent: { readonly certificates: readonly Certificate[]; readonly lists: readonly RevocationList[] },
): string | undefined {
  const { rules, certificateRules, now } = ikeSa.surroundings;
  const material = {
    others: sent.certificates.filter((certificate) => certificate !== signer),
    anchors: connection.remote.trustAnchors.map(certificateOf),
    lists: rules.revocationListsThatCount((connection.remote.revocationLists ?? []).map(revocationListOf), sent.lists),
  };
  const validation = validatePath(signer, material, calendarSecondsAt(now), certificateRules);
  return validation.valid ? undefined : `${validation.failed}: ${validation.subject}: ${validation.says}`;
}

function refusalOfAddress({ surroundings, path }: IkeSa, { identification }: PeerClaim): Refusal | undefined {
  const address = addressOfIdentity(identification);
  if (address === undefined || surroundings.rules.addressIdentityIsTransportAddress(address, path.remoteAddress))
    return undefined;
  return { rule: 'addressIdentityIsTransportAddress', detail: `${address} speaks from ${path.remoteAddress}` };
}

function refusalOfCertificateAddresses(
  { surroundings, path }: IkeSa,
  { remote }: IkeConnection,
  signer: Certificate,
): Refusal | undefined {
  const { rules } = surroundings;
  const addresses = addressesOfCertificate(signer);
  if (addresses.length === 0) {
    return rules.certificateWithoutAddresses(remote.certificateAddresses)
      ? undefined
      : { rule: 'certificateWithoutAddresses', detail: `nothing certifies ${path.remoteAddress}` };
  }
  return rules.certificateAddressesIncludeTransportAddress(addresses, path.remoteAddress)
    ? undefined
    : {
        rule: 'certificateAddressesIncludeTransportAddress',
        detail: `${addresses.join(', ')}, not ${path.remoteAddress}`,
      };
}

/** In the order sent, as many as are read; what is no X.509 certificate is passed over. */
function certificatesOf(ikeSa: IkeSa, payloads: readonly Payload[]): Certificate[] {
  return readOf(ikeSa, payloads, 'certificates', X509_SIGNATURE, certificateIn);
}

/** Likewise; what is no list is passed over. */
function revocationListsOf(ikeSa: IkeSa, payloads: readonly Payload[]): RevocationList[] {
  return readOf(ikeSa, payloads, 'revocationLists', REVOCATION_LIST, parseRevocationList);
}

function readOf<Value>(
  { surroundings }: IkeSa,
  payloads: readonly Payload[],
  bound: 'certificates' | 'revocationLists',
  wanted: number,
  read: (data: Uint8Array) => Value | undefined,
): Value[] {
  const sent = findAll(payloads, 'CERT').filter(({ encoding }) => encoding === wanted);
  const beyond = sent.length - ikev2Bounds[bound];
  if (beyond > 0) tellRefusal(surroundings, bound, `${beyond} are not read`);
  const most = ikev2Bounds.certificateElements;
  let elements = 0;
  return sent.slice(0, ikev2Bounds[bound]).flatMap(({ data }) => {
    elements += derElementCount(data, most);
    if (elements < most) return read(data) ?? [];
    tellRefusal(surroundings, 'certificateElements', `${wanted}: more elements than ${most} are not read`);
    return [];
  });
}

const X509_SIGNATURE = certificateEncodings['X.509 Certificate - Signature'];
const REVOCATION_LIST = certificateEncodings['Certificate Revocation List (CRL)'];
