/**
 * The options of neighbour discovery, RFC 4861 section 4.6, with those of Mobile IPv6 (RFC 6275 sections 7.2 to 7.4)
 * and the flag of RFC 3963 section 7.3. Length counts 8-octet units and includes the two octets before the data; an option of length zero is malformed. An
 * option of an unexpected length is `option`: octets.
 */
import { ipv6Address, macAddress } from './address-fields.ts';
import { bits, optionalFlag, reservedBits } from './bit-fields.ts';
import { computed, constant, reserved, rest, u8, u16, u32 } from './fields.ts';
import { choice, within } from './groups.ts';
import { type Part, type Structure, structure, type ValueOf } from './kernel.ts';

export type NeighborDiscoveryOption =
  | ValueOf<typeof sourceLinkLayerAddress>
  | ValueOf<typeof targetLinkLayerAddress>
  | PrefixInformation
  | ValueOf<typeof redirectedHeader>
  | ValueOf<typeof mtu>
  | AdvertisementInterval
  | HomeAgentInformation
  | ValueOf<typeof unknownOption>;
export type PrefixInformation = ValueOf<typeof prefixInformation>;
export type AdvertisementInterval = ValueOf<typeof advertisementInterval>;
export type HomeAgentInformation = ValueOf<typeof homeAgentInformation>;

/** The prefixes that these options tell, but for those of a length that no prefix has. */
export function prefixesIn(options: readonly NeighborDiscoveryOption[]): readonly PrefixInformation[] {
  return options.filter(
    (option) => option.type === 'prefixInformation' && option.prefixLength <= ADDRESS_BITS,
  ) as PrefixInformation[];
}

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

/** Lifetimes in seconds; 0xffffffff is infinity. With the Router Address flag the prefix is the router's whole address. */
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

/** The longest time between two unsolicited advertisements, in milliseconds. */
const advertisementInterval = option('advertisementInterval', types['Advertisement Interval'], [
  reserved(2),
  u32('advertisementInterval', 'Advertisement Interval (ms)'),
]);

/** The higher preference comes first; the lifetime is in seconds. */
const homeAgentInformation = option('homeAgentInformation', types['Home Agent Information'], [
  bits('flags', 'R, Reserved', 2, [
    optionalFlag('mobileRouterSupport', 'Mobile Router Support'),
    reservedBits('reservedBits', 15),
  ]),
  u16('homeAgentPreference', 'Home Agent Preference'),
  u16('homeAgentLifetime', 'Home Agent Lifetime (s)'),
]);

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
  advertisementInterval,
  homeAgentInformation,
  option: unknownOption,
};

export const neighborDiscoveryOption = choice<NeighborDiscoveryOption>(
  'option',
  'Option',
  ({ octets, offset, left }) => kindOf(octets[offset], left > 1 ? octets[offset + 1]! : 0),
  ({ type }) => kinds[type],
);

const ADDRESS_BITS = 128;

/** A known option has one length, in 8-octet units, but for the redirected header. */
function kindOf(type: number | undefined, units: number): Structure<NeighborDiscoveryOption> {
  if (type === types['Source Link-layer Address'] && units === 1) return kinds.sourceLinkLayerAddress;
  if (type === types['Target Link-layer Address'] && units === 1) return kinds.targetLinkLayerAddress;
  if (type === types['Prefix Information'] && units === 4) return kinds.prefixInformation;
  if (type === types['Redirected Header'] && units > 0) return kinds.redirectedHeader;
  if (type === types.MTU && units === 1) return kinds.mtu;
  if (type === types['Advertisement Interval'] && units === 1) return kinds.advertisementInterval;
  return type === types['Home Agent Information'] && units === 1 ? kinds.homeAgentInformation : kinds.option;
}

function option<const K extends string, const P extends readonly Part<never>[]>(kind: K, type: number, parts: P) {
  return structure(kind, 'Option', [
    constant('type', kind),
    computed(anOption, () => type),
    length,
    within(kind, data, parts),
  ]);
}
