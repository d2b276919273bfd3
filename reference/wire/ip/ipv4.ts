/**
 * The IPv4 packet, RFC 791 section 3.1, with DSCP (RFC 2474) and ECN (RFC 3168) in the former Type of Service.
 * Options stay octets. What the payload holds is `frame.ts`'s concern, reassembly that of `reference/host`.
 *
 *     0                   1                   2                   3
 *     |Version|  IHL  |   DSCP    |ECN|          Total Length         |
 *     |         Identification        |R|D|M|     Fragment Offset     |
 *     |  Time to Live |    Protocol   |        Header Checksum        |
 *     |                         Source Address                        |
 *     |                      Destination Address                      |
 *     |                       Options, padded                         |
 */
import { ipv4Address } from '../address-fields.ts';
import { bit, bits, fixedBits, optionalFlag, reservedBits } from '../bit-fields.ts';
import { internetChecksum } from '../checksum.ts';
import { computed, declared, surplus, u8, u16 } from '../fields.ts';
import { type HeaderOptions, headerOptions, headerWords } from '../header-options.ts';
import { structure, type ValueOf } from '../kernel.ts';
import { protocolName, protocols } from './protocols.ts';

export type Ipv4Packet = ValueOf<typeof ipv4Packet>;

interface Lengths extends HeaderOptions {
  readonly headerLength?: number;
  readonly totalLength?: number;
}

export const ipv4Packet = structure(
  'ipv4',
  'Internet Protocol version 4',
  [
    bits('versionAndLength', 'Version, Header Length', 1, [
      fixedBits('version', 4, 'Version', 4),
      bit('headerLength', 4, 'IHL (words)', headerWords),
    ]),
    bits('trafficClass', 'Differentiated Services', 1, [
      bit('dscp', 6, 'DSCP', () => 0),
      bit('ecn', 2, 'ECN', () => 0),
    ]),
    computed(
      u16('totalLength', 'Total Length'),
      (value: { payload: Uint8Array } & Lengths) =>
        4 * (value.headerLength ?? headerWords(value)) + value.payload.length,
    ),
    computed(u16('identification', 'Identification'), () => 0),
    bits('fragment', 'Flags, Fragment Offset', 2, [
      reservedBits('reservedFlag', 1),
      optionalFlag('dontFragment', "Don't Fragment"),
      optionalFlag('moreFragments', 'More Fragments'),
      bit('fragmentOffset', 13, 'Fragment Offset (8 octets)', () => 0),
    ]),
    computed(u8('timeToLive', 'Time to Live'), () => 64),
    u8('protocol', 'Protocol', { registry: protocols }),
    computed(u16('headerChecksum', 'Header Checksum'), (value: HeaderOptions, whole) =>
      internetChecksum(whole.subarray(0, 4 * headerWords(value))),
    ),
    ipv4Address('source', 'Source Address'),
    ipv4Address('destination', 'Destination Address'),
    headerOptions('headerLength'),
    declared(
      'payload',
      'Payload',
      ({ totalLength, headerLength }: Required<Lengths>) => totalLength - 4 * headerLength,
    ),
    surplus('trailer', 'Octets after the packet'),
  ],
  (packet) => `${packet.source} → ${packet.destination}, ${protocolName(packet.protocol)}`,
);
