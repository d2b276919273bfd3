/**
 * ESP, RFC 4303 section 2: the packet as it is on the wire, and what lies inside once it is decrypted (payload,
 * padding and the two octets that say what they are, found from the end). Where IV and ICV lie depends on the SA:
 * sealing and opening are `reference/ipsec`'s.
 *
 *     |               Security Parameters Index (SPI)                 |
 *     |                      Sequence Number                          |
 *     |          body: IV, encrypted payload and trailer, ICV         |
 */
import { spiText } from './ah.ts';
import { rest, u32 } from './fields.ts';
import { protocolName } from './ip/protocols.ts';
import { fromCodec, type Structure, structure, type ValueOf } from './kernel.ts';
import { briefHex } from './reader.ts';

export type EspPacket = ValueOf<typeof espPacket>;

export const espPacket = structure(
  'esp',
  'Encapsulating Security Payload',
  [
    u32('spi', 'Security Parameters Index', { display: spiText }),
    u32('sequenceNumber', 'Sequence Number'),
    rest('body', 'IV, ciphertext, ICV'),
  ],
  ({ spi, sequenceNumber }) => `SPI ${spiText(spi)}, sequence number ${sequenceNumber}`,
);

/** A decrypted buffer. `padLength` may lie; left out it is the padding's length. */
export interface EspPlaintext {
  readonly payload: Uint8Array;
  readonly padding: Uint8Array;
  readonly padLength?: number;
  readonly nextHeader: number;
}

/** The padding that a receiver expects: 1, 2, 3, … (RFC 4303 section 2.4). */
export function monotonicPadding(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i + 1);
}

export const espPlaintext: Structure<EspPlaintext> = fromCodec({
  name: 'espPlaintext',
  label: 'ESP payload and trailer',
  read(reader) {
    reader.enter('espPlaintext', 'ESP payload and trailer');
    if (reader.left < trailerLength) reader.fault('nextHeader', `${trailerLength} octets of trailer`, `${reader.left}`);
    const padLength = reader.octets[reader.end - 2]!;
    const payload = reader.view(reader.left - trailerLength - padLength, 'payload');
    if (reader.tracing) reader.leaf(reader.offset - payload.length, 'payload', 'Payload Data', briefHex(payload));
    const padding = reader.view(padLength, 'padding');
    if (reader.tracing) reader.leaf(reader.offset - padLength, 'padding', 'Padding', briefHex(padding));
    reader.leaf(reader.claim(1, 'padLength'), 'padLength', 'Pad Length', String(padLength));
    const nextHeader = reader.octets[reader.claim(1, 'nextHeader')]!;
    reader.leaf(reader.offset - 1, 'nextHeader', 'Next Header', `${nextHeader} (${protocolName(nextHeader)})`);
    reader.leave();
    return { payload, padding, padLength, nextHeader };
  },
  write(writer, value) {
    writer.octets(value.payload);
    writer.octets(value.padding);
    writer.number(value.padLength ?? value.padding.length, 1);
    writer.number(value.nextHeader, 1);
  },
});

const trailerLength = 2;
