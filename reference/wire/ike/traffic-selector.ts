/**
 * The Traffic Selector payloads, RFC 7296 section 3.13. Ports are selectors as sent: for ICMP the type is in the high
 * and the code in the low octet, OPAQUE is 65535 to 0. Selectors of unknown type stay octets. Matching packets is
 * `reference/ipsec`'s concern.
 *
 *     |   TS Type     |IP Protocol ID*|       Selector Length         |
 *     |           Start Port*         |           End Port*           |
 *     |                       Starting Address*                       |
 *     |                        Ending Address*                        |
 */
import type { Address } from '../address.ts';
import { ipv4Address, ipv6Address } from '../address-fields.ts';
import { computed, reserved, rest, u8, u16 } from '../fields.ts';
import { choice, list, within } from '../groups.ts';
import { protocolName, protocols } from '../ip/protocols.ts';
import { type Part, structure, type ValueOf } from '../kernel.ts';
import { payload } from './generic-header.ts';
import { trafficSelectorTypes } from './registry.ts';

export type TrafficSelectorPayload = ValueOf<typeof tsiPayload> | ValueOf<typeof tsrPayload>;
export type TrafficSelector = AddressRangeSelector | UnknownSelector;
export type AddressRangeSelector = ValueOf<typeof ipv4Range> | ValueOf<typeof ipv6Range>;
export type UnknownSelector = ValueOf<typeof unknownSelector>;

/** Whether the selector is a range of IPv4 or IPv6 addresses, the two types of RFC 7296. */
export function isAddressRange(selector: TrafficSelector): selector is AddressRangeSelector {
  return 'startAddress' in selector;
}

const tsType = u8('tsType', 'TS Type', { registry: trafficSelectorTypes });
const protocolId = u8('protocolId', 'IP Protocol ID', { registry: protocols });
const selectorLength = computed(u16('selectorLength', 'Selector Length'), (_, whole) => whole.length);
const body = ({ selectorLength: length }: { selectorLength: number }) => length - 4;

const ipv4Range = addressRange(
  'ipv4Range',
  ipv4Address('startAddress', 'Starting Address'),
  ipv4Address('endAddress', 'Ending Address'),
);
const ipv6Range = addressRange(
  'ipv6Range',
  ipv6Address('startAddress', 'Starting Address'),
  ipv6Address('endAddress', 'Ending Address'),
);

const unknownSelector = structure('selector', 'Traffic Selector of unknown type', [
  tsType,
  protocolId,
  selectorLength,
  within('data', body, [rest('data', 'Selector Data')]),
]);

const selector = choice<TrafficSelector>(
  'selector',
  'Traffic Selector',
  ({ octets, offset }) => structureOf(octets[offset]!),
  (value) => (isAddressRange(value) ? structureOf(value.tsType) : unknownSelector),
);

const selectors = [
  computed(
    u8('numberOfSelectors', 'Number of TSs'),
    (value: { selectors: readonly unknown[] }) => value.selectors.length,
  ),
  reserved(3),
  list('selectors', selector),
] as const;

export const tsiPayload = payload('TSi', 'Traffic Selector - Initiator', selectors);
export const tsrPayload = payload('TSr', 'Traffic Selector - Responder', selectors);

function addressRange(
  name: string,
  start: Part<{ readonly startAddress: Address }>,
  end: Part<{ readonly endAddress: Address }>,
) {
  const ports = [u16('startPort', 'Start Port'), u16('endPort', 'End Port')] as const;
  const range = within('range', body, [...ports, start, end]);
  return structure(name, 'Traffic Selector', [tsType, protocolId, selectorLength, range], rangeText);
}

interface RangeFields {
  readonly protocolId: number;
  readonly startPort: number;
  readonly endPort: number;
  readonly startAddress: Address;
  readonly endAddress: Address;
}

function rangeText(range: RangeFields): string {
  const protocol = range.protocolId === 0 ? 'any protocol' : protocolName(range.protocolId);
  return `${range.startAddress} to ${range.endAddress}, ${protocol}, ports ${range.startPort} to ${range.endPort}`;
}

function structureOf(type: number) {
  if (type === trafficSelectorTypes.TS_IPV4_ADDR_RANGE) return ipv4Range;
  if (type === trafficSelectorTypes.TS_IPV6_ADDR_RANGE) return ipv6Range;
  return unknownSelector;
}
