/**
 * The Ethernet II frame without preamble and check sequence (RFC 894, RFC 2464 section 3). An EtherType below 1536
 * would be an IEEE 802.3 length.
 */
import { macAddress } from './address-fields.ts';
import { rest, u16 } from './fields.ts';
import { structure, type ValueOf } from './kernel.ts';

export type { MacAddress } from './address-fields.ts';
export type EthernetFrame = ValueOf<typeof ethernetFrame>;

export const etherTypes = { IPv4: 0x0800, ARP: 0x0806, IPv6: 0x86dd } as const;

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
