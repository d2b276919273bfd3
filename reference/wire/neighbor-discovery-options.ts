/**
 * The options of neighbour discovery, RFC 4861 section 4.6, with the R bit of Mobile IPv6 (RFC 6275 section 7.2).
 * Length counts 8-octet units and includes the two octets before the data; an option of length zero is malformed. An
 * option of an unexpected length is `option`: octets.
 */
import { ipv6Address, macAddress } from './address-fields.ts';
import { bits, optionalFlag, reservedBits } from './bit-fields.ts';
import { computed, constant, reserved, rest, u8, u32 } from './fields.ts';
import { choice, within } from './groups.ts';
import { type Part, type Structure, structure, type ValueOf } from './kernel.ts';

export type NeighborDiscoveryOption =
  | ValueOf<typeof sourceLinkLayerAddress>
  | ValueOf<typeof targetLinkLayerAddress>
  | PrefixInformation
  | ValueOf<typeof redirectedHeader>
  | ValueOf<typeof mtu>
  | ValueOf<typeof unknownOption>;
export type PrefixInformation = ValueOf<typeof prefixInformation>;

export const neighborDiscoveryOptionTypes = {
  'Source Link-layer Address': 1,
  'Target Link-layer Address': 2,
  'Prefix Information': 3,
  'Redirected Header': 4,
  MTU: 5,
  'Advertisement Interval': 7,
  'Home Agent Information': 8,
  Nonce: 14,
  'Recursive DNS Server': 25,
} as const;

const types = neighborDiscoveryOptionTypes;
const anOption = u8('optionType', 'Type', { registry: types });
const length = computed(u8('length', 'Length (8 octets)'), (_, whole) => Math.ceil(whole.length / 8));
const data = (option: { length: number }) => 8 * option.length - 2;

const sourceLinkLayerAddress = option('sourceLinkLayerAddress', types['Source Link-layer Address'], [
  macAddress('linkLayerAddress', 'Link-Layer Address'),
]);

const targetLinkLayerAddress = option('targetLinkLayerAddress', types['Target Link-layer Address'], [
  macAddress('linkLayerAddress', 'Link-Layer Address'),
]);

/** Lifetimes in seconds; 0xffffffff is infinity. */
const prefixInformation = option('prefixInformation', types['Prefix Information'], [
  u8('prefixLength', 'Prefix Length'),
  bits('flags', 'Flags', 1, [
    optionalFlag('onLink', 'On-link'),
    optionalFlag('autonomous', 'Autonomous address-configuration'),
    optionalFlag('routerAddress', 'Router Address'),
    reservedBits('reservedBits', 5),
  ]),
  u32('validLifetime', 'Valid Lifetime (s)'),
  u32('preferredLifetime', 'Preferred Lifetime (s)'),
  reserved(4),
  ipv6Address('prefix', 'Prefix'),
]);

const redirectedHeader = option('redirectedHeader', types['Redirected Header'], [
  reserved(6),
  rest('packet', 'IP header and data'),
]);

const mtu = option('mtu', types.MTU, [reserved(2), u32('mtu', 'MTU')]);

const unknownOption = structure('option', 'Option', [
  constant('type', 'option'),
  anOption,
  length,
  within('data', data, [rest('data', 'Option Data')]),
]);

const kinds: Readonly<Record<NeighborDiscoveryOption['type'], Structure<NeighborDiscoveryOption>>> = {
  sourceLinkLayerAddress,
  targetLinkLayerAddress,
  prefixInformation,
  redirectedHeader,
  mtu,
  option: unknownOption,
};

export const neighborDiscoveryOption = choice<NeighborDiscoveryOption>(
  'option',
  'Option',
  ({ octets, offset, left }) => kindOf(octets[offset], left > 1 ? octets[offset + 1]! : 0),
  ({ type }) => kinds[type],
);

/** A known option has one length, in 8-octet units, but for the redirected header. */
function kindOf(type: number | undefined, units: number): Structure<NeighborDiscoveryOption> {
  if (type === types['Source Link-layer Address'] && units === 1) return kinds.sourceLinkLayerAddress;
  if (type === types['Target Link-layer Address'] && units === 1) return kinds.targetLinkLayerAddress;
  if (type === types['Prefix Information'] && units === 4) return kinds.prefixInformation;
  if (type === types['Redirected Header'] && units > 0) return kinds.redirectedHeader;
  return type === types.MTU && units === 1 ? kinds.mtu : kinds.option;
}

function option<const K extends string, const P extends readonly Part<never>[]>(kind: K, type: number, parts: P) {
  return structure(kind, 'Option', [
    constant('type', kind),
    computed(anOption, () => type),
    length,
    within(kind, data, parts),
  ]);
}
