/**
 * The IPv6 extension headers that precede an upper layer: Hop-by-Hop Options, Routing, Fragment and Destination
 * Options (RFC 8200 section 4), the Home Address option and type 2 routing header of Mobile IPv6 (RFC 6275 sections 6.3
 * and 6.4); AH stands in `ah.ts`. Which header follows which is `ipv6.ts`'s concern.
 */
import type { Address } from '../address.ts';
import { ipv6Address, ipv6Addresses } from '../address-fields.ts';
import { type AuthenticationHeader, authenticationHeader } from '../ah.ts';
import { bit, bits, flag, reservedBits } from '../bit-fields.ts';
import { computed, constant, reserved, rest, u8, u32 } from '../fields.ts';
import { choice, list, within } from '../groups.ts';
import { type Part, type Structure, structure, type ValueOf } from '../kernel.ts';
import { protocols } from './protocols.ts';

export type ExtensionHeader =
  | HopByHopOptions
  | DestinationOptions
  | RoutingHeader
  | FragmentHeader
  | AuthenticationHeader;
export type HopByHopOptions = ValueOf<typeof hopByHopOptions>;
export type DestinationOptions = ValueOf<typeof destinationOptions>;
export type RoutingHeader = ValueOf<typeof routingHeader>;
export type FragmentHeader = ValueOf<typeof fragmentHeader>;

export type Ipv6Option = ValueOf<typeof pad1> | ValueOf<typeof padN> | HomeAddressOption | UnknownOption;
export type HomeAddressOption = ValueOf<typeof homeAddressOption>;
export type UnknownOption = ValueOf<typeof unknownOption>;

/** Option types (IANA ipv6-parameters); the two highest bits say what to do where the option is unknown. */
export const optionTypes = {
  Pad1: 0,
  PadN: 1,
  'Tunnel Encapsulation Limit': 4,
  'Router Alert': 5,
  'Jumbo Payload': 194,
  'Home Address': 201,
} as const;

/** Routing types 0 (deprecated, RFC 5095) and 2 carry addresses; others carry octets. */
export const routingTypes = { 'Source Route': 0, 'Type 2 Routing Header': 2 } as const;

/** A Destination Options header with a Home Address option at its alignment of 8n+6 (RFC 6275 section 6.3). */
export function homeAddressHeader(homeAddress: Address): DestinationOptions {
  return {
    type: 'destinationOptions',
    options: [
      { type: 'padN', data: new Uint8Array(2) },
      { type: 'homeAddress', homeAddress },
    ],
  };
}

const optionType = u8('optionType', 'Option Type', { registry: optionTypes });
const optionLength = computed(u8('optionLength', 'Opt Data Len'), (_, whole) => whole.length - 2);
const dataLength = (option: { optionLength: number }) => option.optionLength;

const pad1 = structure('pad1', 'Pad1', [constant('type', 'pad1'), computed(optionType, () => optionTypes.Pad1)]);

const padN = structure('padN', 'PadN', [
  constant('type', 'padN'),
  computed(optionType, () => optionTypes.PadN),
  optionLength,
  within('data', dataLength, [rest('data', 'Option Data')]),
]);

const homeAddressOption = structure('homeAddress', 'Home Address', [
  constant('type', 'homeAddress'),
  computed(optionType, () => optionTypes['Home Address']),
  optionLength,
  within('homeAddress', dataLength, [ipv6Address('homeAddress', 'Home Address')]),
]);

const unknownOption = structure('option', 'Option', [
  constant('type', 'option'),
  optionType,
  optionLength,
  within('data', dataLength, [rest('data', 'Option Data')]),
]);

const option = choice<Ipv6Option>(
  'option',
  'Option',
  ({ octets, offset, end }) => {
    const type = octets[offset];
    if (type === optionTypes.Pad1) return pad1;
    if (type === optionTypes.PadN) return padN;
    const addressAhead = offset + 1 < end && octets[offset + 1] === 16;
    return type === optionTypes['Home Address'] && addressAhead ? homeAddressOption : unknownOption;
  },
  (value) => ({ pad1, padN, homeAddress: homeAddressOption, option: unknownOption })[value.type],
);

const nextHeader = computed(u8('nextHeader', 'Next Header', { registry: protocols }), () => protocols['IPv6-NoNxt']);

/** Units of 8 octets, the first not counted. */
const headerLength = computed(u8('headerLength', 'Hdr Ext Len'), (_, whole) =>
  Math.max(0, Math.ceil(whole.length / 8) - 1),
);
const bodyLength = (header: { headerLength: number }) => 8 * header.headerLength + 6;

/** Options up to the end of the header; what is missing to a multiple of 8 octets is padded when written. */
const options: Part<{ readonly options: readonly Ipv6Option[] }> = {
  read: list('options', option).read,
  write(writer, value) {
    const start = writer.length;
    list('options', option).write(writer, value);
    const missing = -(writer.length - start + 2) & 7;
    if (missing === 1) option.write(writer, { type: 'pad1' });
    else if (missing > 1) option.write(writer, { type: 'padN', data: new Uint8Array(missing - 2) });
  },
};

const hopByHopOptions = structure('hopByHop', 'Hop-by-Hop Options Header', [
  constant('type', 'hopByHop'),
  nextHeader,
  headerLength,
  within('options', bodyLength, [options]),
]);

const destinationOptions = structure('destinationOptions', 'Destination Options Header', [
  constant('type', 'destinationOptions'),
  nextHeader,
  headerLength,
  within('options', bodyLength, [options]),
]);

const addresses = ipv6Addresses('addresses', 'Address');

/** Type-specific data: four reserved octets and addresses for types 0 and 2, when they fit; else octets. */
const typeSpecificData: Part<{
  readonly addresses?: readonly Address[];
  readonly reserved?: Uint8Array;
  readonly data?: Uint8Array;
}> = {
  read(reader, into) {
    const carriesAddresses = Object.values(routingTypes).includes(into.routingType as 0 | 2);
    if (!carriesAddresses || reader.left % 16 !== 4) return rest('data', 'Type-specific data').read(reader, into);
    reserved(4).read(reader, into);
    addresses.read(reader, into);
  },
  write(writer, value) {
    if (value.data) return writer.octets(value.data);
    reserved(4).write(writer, value);
    addresses.write(writer, { addresses: value.addresses ?? [] });
  },
};

const routingHeader = structure('routing', 'Routing Header', [
  constant('type', 'routing'),
  nextHeader,
  headerLength,
  u8('routingType', 'Routing Type', { registry: routingTypes }),
  u8('segmentsLeft', 'Segments Left'),
  within('data', (header: { headerLength: number }) => 8 * header.headerLength + 4, [typeSpecificData]),
]);

const fragmentHeader = structure('fragment', 'Fragment Header', [
  constant('type', 'fragment'),
  nextHeader,
  reserved(1),
  bits('fragment', 'Fragment Offset, M', 2, [
    bit('fragmentOffset', 13, 'Fragment Offset (8 octets)'),
    reservedBits('reservedBits', 2),
    flag('moreFragments', 'More Fragments'),
  ]),
  u32('identification', 'Identification'),
]);

/** The structure of an extension header by its protocol number; any other number is an upper layer. */
export const extensionHeaders: ReadonlyMap<number, Structure<ExtensionHeader>> = new Map<
  number,
  Structure<ExtensionHeader>
>([
  [protocols.HOPOPT, hopByHopOptions],
  [protocols['IPv6-Route'], routingHeader],
  [protocols['IPv6-Frag'], fragmentHeader],
  [protocols.AH, authenticationHeader],
  [protocols['IPv6-Opts'], destinationOptions],
]);

/** The protocol number that announces each kind of extension header. */
export const extensionProtocols: Readonly<Record<ExtensionHeader['type'], number>> = {
  hopByHop: protocols.HOPOPT,
  routing: protocols['IPv6-Route'],
  fragment: protocols['IPv6-Frag'],
  authentication: protocols.AH,
  destinationOptions: protocols['IPv6-Opts'],
};
