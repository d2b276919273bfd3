/**
 * Distinguished names (RFC 5280 section 4.1.2.4) as values: from and to the text of RFC 4514, from and to DER, and their equality
 * (RFC 5280 section 7.1). String preparation goes as far as case and white space; nothing is normalised beyond that.
 */
import { AsnConvert } from '@peculiar/asn1-schema';
import { AttributeTypeAndValue, AttributeValue, Name, RelativeDistinguishedName } from '@peculiar/asn1-x509';

/** In the order of the encoding: the country first, the common name last. */
export type DistinguishedName = readonly RelativeName[];

/** A set, nearly always of one. */
export type RelativeName = readonly Attribute[];

export interface Attribute {
  /** The dotted object identifier. */
  readonly type: string;
  readonly value: string;
  readonly form: StringForm;
}

export type StringForm =
  | 'printableString'
  | 'utf8String'
  | 'ia5String'
  | 'teletexString'
  | 'bmpString'
  | 'universalString';

/**
 * The name that RFC 4514 writes as `text`: the last relative name first (`CN=a.example, O=Touchstone`), `+` within a set,
 * backslash before a special character or two hexadecimal digits. Spaces around separators are ignored. Throws
 * RangeError on anything else.
 */
export function parseDistinguishedName(text: string): DistinguishedName {
  if (text.trim() === '') return [];
  return splitOutsideEscapes(text, ',')
    .map((relative) => splitOutsideEscapes(relative, '+').map(parseAttribute))
    .reverse();
}

/** As RFC 4514 writes it, the last relative name first, with a space after each comma. */
export function printDistinguishedName(name: DistinguishedName): string {
  return name.toReversed().map(printRelativeName).join(', ');
}

/** The same text in the order of the encoding, as strongSwan and OpenSSL's one-line form read and write it. */
export function printInEncodingOrder(name: DistinguishedName): string {
  return name.map(printRelativeName).join(', ');
}

/** The Name in DER: what ID_DER_ASN1_DN carries. */
export function encodeDistinguishedName(name: DistinguishedName): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(nameStructure(name)));
}

/** The name in `octets`; undefined where they are no Name in DER. */
export function decodeDistinguishedName(octets: Uint8Array): DistinguishedName | undefined {
  try {
    return nameFrom(AsnConvert.parse(octets.slice().buffer, Name));
  } catch {
    return undefined;
  }
}

/** RFC 5280 section 7.1: the same relative names in the same order, each the same set, whatever the form of string. */
export function equalDistinguishedNames(one: DistinguishedName, other: DistinguishedName): boolean {
  return one.length === other.length && one.every((relative, at) => equalRelativeNames(relative, other[at]!));
}

/** Whether `name` lies in the sub-tree below `root`, the root itself included (RFC 4301 section 4.4.3.1). */
export function isWithinSubtree(name: DistinguishedName, root: DistinguishedName): boolean {
  return name.length >= root.length && root.every((relative, at) => equalRelativeNames(name[at]!, relative));
}

/** The library's structure, for a certificate to hold. @internal */
export function nameStructure(name: DistinguishedName): Name {
  return new Name(
    name.map(
      (relative) =>
        new RelativeDistinguishedName(
          relative.map(
            ({ type, value, form }) =>
              new AttributeTypeAndValue({ type, value: new AttributeValue({ [form]: value }) }),
          ),
        ),
    ),
  );
}

/** The value of the library's structure. Throws RangeError for an attribute that is no string. @internal */
export function nameFrom(structure: Name): DistinguishedName {
  return structure.map((relative) => relative.map(({ type, value }) => ({ type, ...stringFrom(value) })));
}

function stringFrom(value: AttributeValue): Pick<Attribute, 'value' | 'form'> {
  for (const form of stringForms) {
    const text = value[form];
    if (text !== undefined) return { value: text, form };
  }
  throw new RangeError('an attribute of a name that is no string');
}

function equalRelativeNames(one: RelativeName, other: RelativeName): boolean {
  return comparable(one) === comparable(other);
}

/** The attributes prepared and in an order of their own: equal texts are equal sets, however often one is asked. */
function comparable(relative: RelativeName): string {
  const known = comparables.get(relative);
  if (known !== undefined) return known;
  const text = JSON.stringify(relative.map(({ type, value }) => `${type}=${prepared(value)}`).sort());
  comparables.set(relative, text);
  return text;
}

/** Pure memory: a name that a stranger made long is prepared once. */
const comparables = new WeakMap<RelativeName, string>();

/** Case folded, white space trimmed and each run of it one space. */
function prepared(value: string): string {
  return value.trim().replace(/\s+/g, ' ').toLowerCase();
}

function parseAttribute(text: string): Attribute {
  const equals = text.indexOf('=');
  const key = text.slice(0, equals).trim();
  const type = attributeTypes[key.toUpperCase()] ?? (/^\d+(\.\d+)+$/.test(key) ? key : undefined);
  if (equals < 0 || type === undefined) throw new RangeError(`no attribute of a distinguished name: ${text.trim()}`);
  const value = unescaped(text.slice(equals + 1));
  return { type, value, form: formFor(type, value) };
}

/** RFC 5280 section 4.1.2.4 and appendix A: these two are IA5String; the others PrintableString if they can be, else UTF8String. */
function formFor(type: string, value: string): StringForm {
  if (type === attributeTypes.DC || type === attributeTypes.EMAILADDRESS) return 'ia5String';
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? 'printableString' : 'utf8String';
}

function printRelativeName(relative: RelativeName): string {
  return relative.map(({ type, value }) => `${shortNames.get(type) ?? type}=${escaped(value)}`).join('+');
}

function escaped(value: string): string {
  return value.replace(/[,+"\\<>;=]|^[# ]| $/g, '\\$&');
}

function unescaped(text: string): string {
  const octets: number[] = [];
  // Only U+0020 is padding; other white space is part of the value, and so is a space behind a backslash.
  const trimmed = text.replace(/^ +/, '').replace(/(?<=(^|[^\\])(\\\\)*) +$/, '');
  for (const [token] of trimmed.matchAll(/\\[0-9A-Fa-f]{2}|\\[\s\S]|[^\\]+|\\$/g)) {
    if (/^\\[0-9A-Fa-f]{2}$/.test(token)) octets.push(Number.parseInt(token.slice(1), 16));
    else octets.push(...new TextEncoder().encode(token.replace(/^\\/, '')));
  }
  return new TextDecoder().decode(Uint8Array.from(octets));
}

function splitOutsideEscapes(text: string, separator: ',' | '+'): string[] {
  const pieces = [''];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === separator) {
      pieces.push('');
      continue;
    }
    const token = text[at] === '\\' ? text.slice(at, ++at + 1) : text[at]!;
    pieces[pieces.length - 1] += token;
  }
  return pieces;
}

const stringForms: readonly StringForm[] = [
  'printableString',
  'utf8String',
  'ia5String',
  'teletexString',
  'bmpString',
  'universalString',
];

/** RFC 4514 section 3, and what products write beyond it. */
const attributeTypes: Readonly<Record<string, string>> = {
  CN: '2.5.4.3',
  SN: '2.5.4.4',
  SERIALNUMBER: '2.5.4.5',
  C: '2.5.4.6',
  L: '2.5.4.7',
  ST: '2.5.4.8',
  STREET: '2.5.4.9',
  O: '2.5.4.10',
  OU: '2.5.4.11',
  DC: '0.9.2342.19200300.100.1.25',
  UID: '0.9.2342.19200300.100.1.1',
  EMAILADDRESS: '1.2.840.113549.1.9.1',
};

const shortNames: ReadonlyMap<string, string> = new Map(
  Object.entries(attributeTypes).map(([short, type]) => [type, short === 'EMAILADDRESS' ? 'emailAddress' : short]),
);
