/** ARP for IPv4 over Ethernet, RFC 826. Other address lengths are refused. */
import { ipv4Address, macAddress } from './address-fields.ts';
import { bits, literalBits } from './bit-fields.ts';
import { etherTypes } from './ethernet.ts';
import { computed, surplus, u16 } from './fields.ts';
import { structure, type ValueOf } from './kernel.ts';

export type ArpPacket = ValueOf<typeof arpPacket>;

export const arpOperations = { REQUEST: 1, REPLY: 2 } as const;

const ethernet = 1;

export const arpPacket = structure(
  'arp',
  'Address Resolution Protocol',
  [
    computed(u16('hardwareType', 'Hardware Type'), () => ethernet),
    computed(u16('protocolType', 'Protocol Type', { registry: etherTypes }), () => etherTypes.IPv4),
    bits('addressLengths', 'Hardware, Protocol Address Length', 2, [
      literalBits('hardwareLength', 8, 'Hardware Address Length', 6),
      literalBits('protocolLength', 8, 'Protocol Address Length', 4),
    ]),
    u16('operation', 'Operation', { registry: arpOperations }),
    macAddress('senderHardwareAddress', 'Sender Hardware Address'),
    ipv4Address('senderProtocolAddress', 'Sender Protocol Address'),
    macAddress('targetHardwareAddress', 'Target Hardware Address'),
    ipv4Address('targetProtocolAddress', 'Target Protocol Address'),
    surplus('trailer', 'Octets after the packet'),
  ],
  (arp) =>
    arp.operation === arpOperations.REQUEST
      ? `who has ${arp.targetProtocolAddress}? ${arp.senderProtocolAddress} asks`
      : `${arp.senderProtocolAddress} is at ${arp.senderHardwareAddress}`,
);
