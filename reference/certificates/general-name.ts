/**
 * GeneralName (RFC 5280 section 4.2.1.6) as values: the names a subjectAltName may carry. Kinds that IKE has no use for are kept
 * as they came. Whether a name matches an identity is ikev2's rule.
 */
import { type DerElement, derElement, derElements, derTag } from '../transforms/der.ts';
import { type Address, addressOctets, addressText } from '../wire/address.ts';
import { fromText, toText } from '../wire/octets.ts';
import { type DistinguishedName, decodeDistinguishedName, encodeDistinguishedName } from './distinguished-name.ts';

export type GeneralName =
  | { readonly rfc822Name: string }
  | { readonly dNSName: string }
  | { readonly directoryName: DistinguishedName }
  | { readonly uniformResourceIdentifier: string }
  | { readonly iPAddress: Address }
  /** Any other kind, and an address of the wrong size: its context tag and its contents. */
  | { readonly tag: number; readonly contents: Uint8Array };

/** GeneralNames in DER: the value of a subjectAltName extension. */
export function encodeGeneralNames(names: readonly GeneralName[]): Uint8Array {
  return derElement(derTag.SEQUENCE, ...names.map(encodeGeneralName));
}

/** The names in order; undefined where the octets are no GeneralNames. */
export function decodeGeneralNames(octets: Uint8Array): GeneralName[] | undefined {
  const outer = derElements(octets);
  if (outer?.length !== 1 || outer[0]!.tag !== derTag.SEQUENCE) return undefined;
  return derElements(outer[0]!.contents)?.map(generalNameFrom);
}

function encodeGeneralName(name: GeneralName): Uint8Array {
  if ('rfc822Name' in name) return derElement(tags.rfc822Name, fromText(name.rfc822Name));
  if ('dNSName' in name) return derElement(tags.dNSName, fromText(name.dNSName));
  if ('directoryName' in name) return derElement(tags.directoryName, encodeDistinguishedName(name.directoryName));
  if ('uniformResourceIdentifier' in name) {
    return derElement(tags.uniformResourceIdentifier, fromText(name.uniformResourceIdentifier));
  }
  if ('iPAddress' in name) return derElement(tags.iPAddress, addressOctets(name.iPAddress));
  return derElement(name.tag, name.contents);
}

function generalNameFrom({ tag, contents }: DerElement): GeneralName {
  switch (tag) {
    case tags.rfc822Name:
      return { rfc822Name: toText(contents) };
    case tags.dNSName:
      return { dNSName: toText(contents) };
    case tags.uniformResourceIdentifier:
      return { uniformResourceIdentifier: toText(contents) };
    case tags.iPAddress:
      if (contents.length === 4 || contents.length === 16) return { iPAddress: addressText(contents) };
      break;
    case tags.directoryName: {
      const directoryName = decodeDistinguishedName(contents);
      if (directoryName) return { directoryName };
    }
  }
  return { tag, contents };
}

/** Context-specific tags; directoryName is explicit, the strings and octets are implicit. */
const tags = {
  rfc822Name: 0x81,
  dNSName: 0x82,
  directoryName: 0xa4,
  uniformResourceIdentifier: 0x86,
  iPAddress: 0x87,
} as const;
