/**
 * UDP, RFC 768. The checksum needs the addresses: `encodeUdp` works it out, the structure alone sends zero, which means
 * none.
 */
import { type Endpoints, pseudoHeaderChecksum } from './checksum.ts';
import { computed, declared, surplus, u16 } from './fields.ts';
import { protocols } from './ip/protocols.ts';
import { structure, type ValueOf } from './kernel.ts';
import { writeNumber } from './writer.ts';

export type UdpDatagram = ValueOf<typeof udpDatagram>;

const headerLength = 8;
const checksumOffset = 6;

export const udpDatagram = structure(
  'udp',
  'User Datagram Protocol',
  [
    u16('sourcePort', 'Source Port'),
    u16('destinationPort', 'Destination Port'),
    computed(u16('length', 'Length'), ({ payload }: { payload: Uint8Array }) => headerLength + payload.length),
    computed(u16('checksum', 'Checksum'), () => 0),
    declared('payload', 'Data', ({ length }: { length: number }) => length - headerLength),
    surplus('trailer', 'Octets after the datagram'),
  ],
  ({ sourcePort, destinationPort }) => `port ${sourcePort} → ${destinationPort}`,
);

/** The datagram with its checksum over the pseudo-header, unless one is given. A sum of zero is sent as 0xffff. */
export function encodeUdp(datagram: UdpDatagram, endpoints: Endpoints): Uint8Array {
  const octets = udpDatagram.encode(datagram);
  if (datagram.checksum === undefined) {
    writeNumber(octets, checksumOffset, pseudoHeaderChecksum(octets, protocols.UDP, endpoints) || 0xffff, 2);
  }
  return octets;
}
