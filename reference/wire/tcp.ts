/**
 * The TCP segment, RFC 9293 section 3.1, as far as selectors and the opening of a connection need it: options stay
 * octets.
 */
import { bit, bits, optionalFlag, reservedBits } from './bit-fields.ts';
import { type Endpoints, pseudoHeaderChecksum } from './checksum.ts';
import { computed, rest, u16, u32 } from './fields.ts';
import { headerOptions, headerWords } from './header-options.ts';
import { protocols } from './ip/protocols.ts';
import { structure, type ValueOf } from './kernel.ts';
import { writeNumber } from './writer.ts';

export type TcpSegment = ValueOf<typeof tcpSegment>;

const checksumOffset = 16;

export const tcpSegment = structure(
  'tcp',
  'Transmission Control Protocol',
  [
    u16('sourcePort', 'Source Port'),
    u16('destinationPort', 'Destination Port'),
    u32('sequenceNumber', 'Sequence Number'),
    computed(u32('acknowledgmentNumber', 'Acknowledgment Number'), () => 0),
    bits('offsetAndFlags', 'Data Offset, Control Bits', 2, [
      bit('dataOffset', 4, 'Data Offset (words)', headerWords),
      reservedBits('reservedBits', 4),
      optionalFlag('cwr', 'CWR'),
      optionalFlag('ece', 'ECE'),
      optionalFlag('urg', 'URG'),
      optionalFlag('ack', 'ACK'),
      optionalFlag('psh', 'PSH'),
      optionalFlag('rst', 'RST'),
      optionalFlag('syn', 'SYN'),
      optionalFlag('fin', 'FIN'),
    ]),
    computed(u16('window', 'Window'), () => 65535),
    computed(u16('checksum', 'Checksum'), () => 0),
    computed(u16('urgentPointer', 'Urgent Pointer'), () => 0),
    headerOptions('dataOffset'),
    rest('payload', 'Data'),
  ],
  ({ sourcePort, destinationPort }) => `port ${sourcePort} → ${destinationPort}`,
);

/** The segment with its checksum over the pseudo-header, unless one is given. */
export function encodeTcp(segment: TcpSegment, endpoints: Endpoints): Uint8Array {
  const octets = tcpSegment.encode(segment);
  if (segment.checksum === undefined) {
    writeNumber(octets, checksumOffset, pseudoHeaderChecksum(octets, protocols.TCP, endpoints), 2);
  }
  return octets;
}
