/**
 * Name constraints (RFC 5280 section 4.2.1.10) as values: the extension from and to DER, which names of a certificate a constraint is asked
 * about, and whether a name lies within a subtree. What follows from it is for the rules.
 */
import { type DerElement, derElement, derElements, derTag } from '../transforms/der.ts';
import { addressOctets, type Prefix } from '../wire/address.ts';
import { concat } from '../wire/octets.ts';
import { type DistinguishedName, isWithinSubtree } from './distinguished-name.ts';
import { encodeGeneralName, type GeneralName, generalNameFrom, generalNameTags } from './general-name.ts';

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

/** The names at and below `base`; of a kind, by its context tag, even where the base is not understood. */
export interface Subtree {
  readonly tag: number;
  /** Undefined: a kind that is not processed here, or distances, which this profile has no use for. */
  readonly base: SubtreeBase | undefined;
}

export type SubtreeBase =
  /** A mailbox, a host for all its mailboxes, or a domain behind a dot for those of the hosts in it. */
  | { readonly rfc822Name: string }
  /** A domain and all its hosts. */
  | { readonly dNSName: string }
  /** A host, or a domain behind a dot for the hosts in it. */
  | { readonly uniformResourceIdentifier: string }
  | { readonly directoryName: DistinguishedName }
  /** As many octets of mask as of address, 4 or 16. */
  | { readonly iPAddress: Uint8Array; readonly mask: Uint8Array };

/** The base of a subtree that is to be issued: addresses as a prefix. */
export type SubtreeRecipe = Exclude<SubtreeBase, { readonly iPAddress: Uint8Array }> | { readonly iPAddress: Prefix };

/** What a certificate calls its subject. */
export interface NamesOfSubject {
  readonly subject: DistinguishedName;
  readonly subjectAltNames: readonly GeneralName[];
}

/** The extension's value in DER. */
export function encodeNameConstraints(
  permitted: readonly SubtreeRecipe[],
  excluded: readonly SubtreeRecipe[],
): Uint8Array {
  const subtrees = (tag: number, bases: readonly SubtreeRecipe[]) =>
    bases.length > 0
      ? derElement(tag, ...bases.map((base) => derElement(derTag.SEQUENCE, encodeBase(base))))
      : new Uint8Array();
  return derElement(derTag.SEQUENCE, subtrees(PERMITTED, permitted), subtrees(EXCLUDED, excluded));
}

/** The constraints in the extension's value; undefined where the octets are none. */
export function decodeNameConstraints(octets: Uint8Array): NameConstraints | undefined {
  const outer = derElements(octets);
  const fields = outer?.length === 1 && outer[0]!.tag === derTag.SEQUENCE ? derElements(outer[0]!.contents) : undefined;
  const tags = fields?.map(({ tag }) => tag).join();
  if (!fields || ![PERMITTED, EXCLUDED, [PERMITTED, EXCLUDED]].some((lawful) => tags === String(lawful)))
    return undefined;
  const permitted = subtreesIn(fields, PERMITTED);
  const excluded = subtreesIn(fields, EXCLUDED);
  return permitted && excluded && { permitted, excluded };
}

/**
 * The names that constraints are applied to: the subject, where it is not empty, and every subjectAltName; where there is none of
 * these, the mailboxes in the subject too.
 */
export function constrainedNames({ subject, subjectAltNames }: NamesOfSubject): readonly GeneralName[] {
  return [
    ...(subject.length > 0 ? [{ directoryName: subject }] : []),
    ...subjectAltNames,
    ...(subjectAltNames.length === 0 ? mailboxesIn(subject) : []),
  ];
}

/** Whether the name lies at or below the base of the subtree, which is of its kind; `unclear` where this cannot be told. */
export function isWithin(name: GeneralName, { base }: Subtree): boolean | 'unclear' {
  if (base === undefined || 'tag' in name) return 'unclear';
  if ('dNSName' in name && 'dNSName' in base) return isHostWithin(name.dNSName, base.dNSName);
  if ('directoryName' in name && 'directoryName' in base)
    return isWithinSubtree(name.directoryName, base.directoryName);
  if ('rfc822Name' in name && 'rfc822Name' in base) return isMailboxWithin(name.rfc822Name, base.rfc822Name);
  if ('iPAddress' in name && 'iPAddress' in base) return isAddressWithin(addressOctets(name.iPAddress), base);
  if ('uniformResourceIdentifier' in name && 'uniformResourceIdentifier' in base) {
    const host = hostOf(name.uniformResourceIdentifier);
    return host === undefined ? 'unclear' : isExactHostOrBelow(host, base.uniformResourceIdentifier);
  }
  return 'unclear';
}

/**
 * What asking one name about one subtree costs, in comparisons of a short text: both may be as long as a message, and a distinguished name is prepared
 * once, attribute by attribute.
 */
export function weightOf(name: GeneralName | SubtreeBase | undefined): number {
  if (name === undefined) return 1;
  if ('directoryName' in name) return 1 + name.directoryName.length;
  const [text] = Object.values(name) as [string | Uint8Array | number];
  return 1 + (typeof text === 'number' ? 0 : text.length) / SHORT;
}

/** Any name that adds labels, or none, to the left; a dot before the constraint, which only URIs should have, asks for at least one. */
function isHostWithin(name: string, constraint: string): boolean {
  const [host, domain] = [name.toLowerCase(), constraint.toLowerCase()];
  if (domain === '' || host === domain) return true;
  return host.endsWith(domain.startsWith('.') ? domain : `.${domain}`);
}

/** The host named, or any below a domain that is written behind a dot. */
function isExactHostOrBelow(name: string, constraint: string): boolean {
  const [host, domain] = [name.toLowerCase(), constraint.toLowerCase()];
  return domain.startsWith('.') ? host.endsWith(domain) : host === domain;
}

function isMailboxWithin(mailbox: string, constraint: string): boolean | 'unclear' {
  const at = mailbox.lastIndexOf('@');
  if (at < 1) return 'unclear';
  const host = mailbox.slice(at + 1);
  const constrained = constraint.lastIndexOf('@');
  if (constrained < 0) return isExactHostOrBelow(host, constraint);
  // The case of a local part is its host's business, and counts.
  return (
    mailbox.slice(0, at) === constraint.slice(0, constrained) &&
    isExactHostOrBelow(host, constraint.slice(constrained + 1))
  );
}

function isAddressWithin(
  address: Uint8Array,
  { iPAddress, mask }: { readonly iPAddress: Uint8Array; readonly mask: Uint8Array },
): boolean {
  return (
    address.length === mask.length &&
    mask.every((bits, place) => (address[place]! & bits) === (iPAddress[place]! & bits))
  );
}

/** A URI's host, where it is a name: constraints are about no others. */
function hostOf(uri: string): string | undefined {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1];
  const host = authority?.replace(/^.*@/, '').replace(/:\d*$/, '');
  return host && /[a-z]/i.test(host) && !host.startsWith('[') ? host : undefined;
}

function mailboxesIn(subject: DistinguishedName): GeneralName[] {
  return subject.flat().flatMap(({ type, value }) => (type === EMAIL_ADDRESS ? [{ rfc822Name: value }] : []));
}

function encodeBase(base: SubtreeRecipe): Uint8Array {
  if (!('iPAddress' in base)) return encodeGeneralName(base);
  const { address, length } = base.iPAddress;
  const octets = addressOctets(address);
  const mask = octets.map((_, place) => 256 - 2 ** (8 - Math.min(8, Math.max(0, length - 8 * place))));
  return derElement(generalNameTags.iPAddress, concat(octets, mask));
}

function subtreesIn(fields: readonly DerElement[], wanted: number): Subtree[] | undefined {
  const subtrees = fields.flatMap(({ tag, contents }) =>
    tag === wanted ? (derElements(contents) ?? [NO_SUBTREE]) : [],
  );
  const read = subtrees.map(subtreeFrom);
  return read.every((subtree) => subtree !== undefined) ? read : undefined;
}

function subtreeFrom({ tag, contents }: DerElement): Subtree | undefined {
  const [base, ...distances] = (tag === derTag.SEQUENCE && derElements(contents)) || [];
  if (!base) return undefined;
  return { tag: base.tag, base: distances.every(isDefaultMinimum) ? baseFrom(base) : undefined };
}

/** DER leaves it out, and some write it none the less. */
function isDefaultMinimum({ tag, contents }: DerElement): boolean {
  return tag === MINIMUM && contents.length === 1 && contents[0] === 0;
}

function baseFrom(element: DerElement): SubtreeBase | undefined {
  const { tag, contents } = element;
  if (tag === generalNameTags.iPAddress) {
    const half = contents.length / 2;
    if (half !== 4 && half !== 16) return undefined;
    return { iPAddress: contents.subarray(0, half), mask: contents.subarray(half) };
  }
  const name = generalNameFrom(element);
  return 'tag' in name || 'iPAddress' in name ? undefined : name;
}

const PERMITTED = 0xa0;
const EXCLUDED = 0xa1;
const MINIMUM = 0x80;

const EMAIL_ADDRESS = '1.2.840.113549.1.9.1';

/** What stands where subtrees should: it reads as none. */
const NO_SUBTREE: DerElement = { tag: 0, contents: new Uint8Array() };

/** Characters. */
const SHORT = 64;
