/**
 * Identities (RFC 7296 section 3.5): from configuration to the octets of IDi and IDr and back to text, and the comparisons a PAD
 * entry makes (RFC 4301 section 4.4.3.1). Comparing an identity with a certificate is `identity-in-certificate.ts`.
 */
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
  equalDistinguishedNames,
  isWithinSubtree,
  parseDistinguishedName,
  printDistinguishedName,
} from '../certificates/distinguished-name.ts';
import { addressOctets, addressText, inPrefix, inRange, parsePrefix } from '../wire/address.ts';
import { idTypes } from '../wire/ike/registry.ts';
import { equal, fromText, hex, toText, unhex } from '../wire/octets.ts';
import type { Identity, IdentityPattern, IkeConnection } from './configuration.ts';
import type { Path } from './interface.ts';

/** An identity as it was on the wire. */
export interface PeerIdentity {
  readonly idType: number;
  readonly data: Uint8Array;
}

/** The fields of IDi or IDr. Throws RangeError for an address or key id that is none: our own configuration is wrong. */
export function identityOctets({ type, value }: Identity): PeerIdentity {
  const idType = idTypes[type];
  switch (type) {
    case 'ID_IPV4_ADDR':
    case 'ID_IPV6_ADDR':
      return { idType, data: addressOctets(value) };
    case 'ID_FQDN':
    case 'ID_RFC822_ADDR':
      return { idType, data: fromText(value) };
    case 'ID_DER_ASN1_DN':
      return { idType, data: encodeDistinguishedName(parseDistinguishedName(value)) };
    case 'ID_KEY_ID':
      return { idType, data: unhex(value) };
    case 'ID_NULL':
      return { idType, data: new Uint8Array() };
  }
}

/** The address that an identity is, in canonical text; undefined for a name. */
export function addressOfIdentity({ idType, data }: PeerIdentity): string | undefined {
  const isAddress =
    (idType === idTypes.ID_IPV4_ADDR && data.length === 4) || (idType === idTypes.ID_IPV6_ADDR && data.length === 16);
  return isAddress ? addressText(data) : undefined;
}

/** For events: who it was. */
export function identityText({ idType, data }: PeerIdentity): string {
  const address = addressOfIdentity({ idType, data });
  if (address !== undefined) return address;
  if (idType === idTypes.ID_NULL) return 'nobody';
  if (idType === idTypes.ID_FQDN || idType === idTypes.ID_RFC822_ADDR) return toText(data);
  const name = idType === idTypes.ID_DER_ASN1_DN ? decodeDistinguishedName(data) : undefined;
  return name ? printDistinguishedName(name) : hex(data);
}

/** Section 3.5 and RFC 4945 section 3.1: same type, names whatever their case, all else the same octets. */
export function identityEquals(peer: PeerIdentity, identity: Identity): boolean {
  const { idType, data } = identityOctets(identity);
  return sameIdentity(peer, { idType, data });
}

export function sameIdentity(one: PeerIdentity, other: PeerIdentity): boolean {
  if (one.idType !== other.idType) return false;
  switch (one.idType) {
    case idTypes.ID_FQDN:
      return toText(one.data).toLowerCase() === toText(other.data).toLowerCase();
    case idTypes.ID_RFC822_ADDR:
      return sameMailbox(toText(one.data), toText(other.data));
    case idTypes.ID_DER_ASN1_DN:
      return sameName(one.data, other.data);
    default:
      return equal(one.data, other.data);
  }
}

/** RFC 4301 section 4.4.3.1. Key ids match exactly only, whatever the pattern says. */
export function identityMatches(peer: PeerIdentity, pattern: IdentityPattern | 'any'): boolean {
  if (pattern === 'any') return true;
  if (pattern.match === 'range') return identityInRange(peer, pattern);
  if (pattern.match === 'sub-tree') return identityInSubtree(peer, pattern);
  return identityEquals(peer, pattern);
}

/** RFC 5280 section 7.1; what is no DN at all equals only its own octets. */
function sameName(one: Uint8Array, other: Uint8Array): boolean {
  const name = decodeDistinguishedName(one);
  const otherName = decodeDistinguishedName(other);
  return name && otherName ? equalDistinguishedNames(name, otherName) : equal(one, other);
}

/** RFC 5280 section 7.5: the host of a mailbox is compared whatever its case, the local part exactly. */
export function sameMailbox(one: string, other: string): boolean {
  const [local, host] = mailbox(one);
  const [otherLocal, otherHost] = mailbox(other);
  return local === otherLocal && host === otherHost;
}

/** Whether a connection is meant for messages between these addresses. */
export function addressMatchesConnection(path: Path, connection: IkeConnection): boolean {
  return (
    (connection.localAddresses.length === 0 || connection.localAddresses.includes(path.localAddress)) &&
    connection.remoteAddresses.some((address) => address === 'any' || address === path.remoteAddress)
  );
}

function identityInRange(peer: PeerIdentity, { type, value }: Identity): boolean {
  const address = addressOfIdentity(peer);
  if (address === undefined || peer.idType !== idTypes[type]) return false;
  const [first, last] = value.split('-');
  return last === undefined ? inPrefix(address, parsePrefix(value)) : inRange(address, { first: first!, last });
}

/** `example.org` and `.example.org` hold every name below; `@example.org` every mailbox there; a DN every DN that begins with it. */
function identityInSubtree(peer: PeerIdentity, { type, value }: Identity): boolean {
  if (peer.idType !== idTypes[type]) return false;
  switch (type) {
    case 'ID_FQDN':
      return isBelow(toText(peer.data), value);
    case 'ID_RFC822_ADDR': {
      const [, host] = mailbox(toText(peer.data));
      const root = value.replace(/^@/, '').toLowerCase();
      return host === root || isBelow(host, root);
    }
    case 'ID_DER_ASN1_DN': {
      const name = decodeDistinguishedName(peer.data);
      return name !== undefined && isWithinSubtree(name, parseDistinguishedName(value));
    }
    default:
      return identityEquals(peer, { type, value });
  }
}

function isBelow(name: string, root: string): boolean {
  return name.toLowerCase().endsWith(`.${root.replace(/^\./, '').toLowerCase()}`);
}

function mailbox(text: string): [local: string, host: string] {
  const at = text.lastIndexOf('@');
  return [text.slice(0, Math.max(at, 0)), text.slice(at + 1).toLowerCase()];
}
