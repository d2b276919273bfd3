/**
 * The Authentication Header, RFC 4302 section 2: as a link of an IPv6 chain (`authenticationHeader`), and with what
 * follows it as an IPv4 packet's payload (`ahPacket`). Payload Len counts 4-octet units without the first two. The ICV
 * is only carried: what it covers and whether it holds is `reference/ipsec`'s concern.
 *
 *     | Next Header   |  Payload Len  |          RESERVED             |
 *     |                 Security Parameters Index (SPI)               |
 *     |                    Sequence Number Field                      |
 *     |                Integrity Check Value-ICV (variable)           |
 */
import { computed, constant, octets, reserved, rest, u8, u32 } from './fields.ts';
import { protocols } from './ip/protocols.ts';
import { structure, type ValueOf } from './kernel.ts';
import { hex } from './octets.ts';

export type AuthenticationHeader = ValueOf<typeof authenticationHeader>;
export type AhPacket = ValueOf<typeof ahPacket>;

/** An SPI as documents write it: `0x00000100`. */
export function spiText(spi: number): string {
  return `0x${spi.toString(16).padStart(8, '0')}`;
}

/** SPI, Sequence Number and ICV lie behind these 12 octets of fixed fields. */
const fixedLength = 12;

const fields = [
  computed(u8('nextHeader', 'Next Header', { registry: protocols }), () => protocols['IPv6-NoNxt']),
  computed(
    u8('payloadLength', 'Payload Len'),
    ({ icv }: { icv: Uint8Array }) => Math.ceil((fixedLength + icv.length) / 4) - 2,
  ),
  reserved(2),
  u32('spi', 'Security Parameters Index', { display: spiText }),
  u32('sequenceNumber', 'Sequence Number'),
  octets(
    'icv',
    'Integrity Check Value',
    (header: { payloadLength: number }) => 4 * (header.payloadLength + 2) - fixedLength,
    hex,
  ),
] as const;

export const authenticationHeader = structure('ah', 'Authentication Header', [
  constant('type', 'authentication'),
  ...fields,
]);

export const ahPacket = structure(
  'ah',
  'Authentication Header',
  [...fields, rest('payload', 'Payload')],
  ({ spi, sequenceNumber }) => `SPI ${spiText(spi)}, sequence number ${sequenceNumber}`,
);
