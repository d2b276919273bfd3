/**
 * The Ethernet II frame without preamble and check sequence (RFC 894, RFC 2464 section 3), and the tag of a VLAN (IEEE
 * 802.1Q), which stands where the EtherType would, and may stand there several times. An EtherType below 1536 would be an
 * IEEE 802.3 length.
 */
import { macAddress } from './address-fields.ts';
import { bit, bits, optionalFlag } from './bit-fields.ts';
import { rest, u16 } from './fields.ts';
import { structure, type ValueOf } from './kernel.ts';

export type { MacAddress } from './address-fields.ts';
export type EthernetFrame = ValueOf<typeof ethernetFrame>;
export type VlanTag = ValueOf<typeof vlanTag>;

export const etherTypes = {
  IPv4: 0x0800,
  ARP: 0x0806,
  '802.1Q': 0x8100,
  IPv6: 0x86dd,
  'PPPoE Session': 0x8864,
  '802.1ad': 0x88a8,
  /** Of tags around tags before 802.1ad: no standard, and still met. */
  QinQ: 0x9100,
} as const;

/** The least that is an EtherType. */
export const LEAST_ETHER_TYPE = 1536;

export const broadcast = 'ff:ff:ff:ff:ff:ff';

export const ethernetFrame = structure(
  'ethernet',
  'Ethernet II',
  [
    macAddress('destination', 'Destination'),
    macAddress('source', 'Source'),
    u16('etherType', 'EtherType', { registry: etherTypes }),
    rest('payload', 'Payload'),
  ],
  ({ source, destination }) => `${source} → ${destination}`,
);

export const vlanTag = structure(
  'vlanTag',
  'VLAN tag',
  [
    bits('control', 'Tag Control Information', 2, [
      bit('priority', 3, 'Priority Code Point', () => 0),
      optionalFlag('dropEligible', 'Drop Eligible'),
      bit('vlan', 12, 'VLAN Identifier'),
    ]),
    u16('etherType', 'EtherType', { registry: etherTypes }),
    rest('payload', 'Payload'),
  ],
  ({ vlan }) => `VLAN ${vlan}`,
);
