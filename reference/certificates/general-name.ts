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

/** The context tag of its kind. */
export function tagOf(name: GeneralName): number {
  if ('tag' in name) return name.tag;
  return generalNameTags[
    (Object.keys(generalNameTags) as (keyof typeof generalNameTags)[]).find((kind) => kind in name)!
  ];
}

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

/** One name in DER. */
export function encodeGeneralName(name: GeneralName): Uint8Array {
  if ('rfc822Name' in name) return derElement(generalNameTags.rfc822Name, fromText(name.rfc822Name));
  if ('dNSName' in name) return derElement(generalNameTags.dNSName, fromText(name.dNSName));
  if ('directoryName' in name)
    return derElement(generalNameTags.directoryName, encodeDistinguishedName(name.directoryName));
  if ('uniformResourceIdentifier' in name) {
    return derElement(generalNameTags.uniformResourceIdentifier, fromText(name.uniformResourceIdentifier));
  }
  if ('iPAddress' in name) return derElement(generalNameTags.iPAddress, addressOctets(name.iPAddress));
  return derElement(name.tag, name.contents);
}

/** The name in one element. */
export function generalNameFrom({ tag, contents }: DerElement): GeneralName {
  switch (tag) {
    case generalNameTags.rfc822Name:
      return { rfc822Name: toText(contents) };
    case generalNameTags.dNSName:
      return { dNSName: toText(contents) };
    case generalNameTags.uniformResourceIdentifier:
      return { uniformResourceIdentifier: toText(contents) };
    case generalNameTags.iPAddress:
      if (contents.length === 4 || contents.length === 16) return { iPAddress: addressText(contents) };
      break;
    case generalNameTags.directoryName: {
      const directoryName = decodeDistinguishedName(contents);
      if (directoryName) return { directoryName };
    }
  }
  return { tag, contents };
}

/** Context-specific tags; directoryName is explicit, the strings and octets are implicit. */
export const generalNameTags = {
  rfc822Name: 0x81,
  dNSName: 0x82,
  directoryName: 0xa4,
  uniformResourceIdentifier: 0x86,
  iPAddress: 0x87,
} as const;
