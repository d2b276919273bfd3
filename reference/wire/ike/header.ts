/**
 * The IKE header, RFC 7296 section 3.1; the same fields in the same places as ISAKMP's (RFC 2408 section 3.1). Next
 * Payload and Length are completed by `message.ts`, which sees the whole message.
 *
 *     |                       IKE SA Initiator's SPI                  |
 *     |                       IKE SA Responder's SPI                  |
 *     |  Next Payload | MjVer | MnVer | Exchange Type |     Flags     |
 *     |                          Message ID                           |
 *     |                            Length                             |
 */
import { bit, bits, flag, reservedBits } from '../bit-fields.ts';
import { computed, nameIn, octets, u8, u32 } from '../fields.ts';
import { together } from '../groups.ts';
import { structure, type ValueOf } from '../kernel.ts';
import { hex } from '../octets.ts';
import { exchangeTypes, payloadTypes } from './registry.ts';

export type IkeHeader = ValueOf<typeof ikeHeader>;
export type IkeFlags = IkeHeader['flags'];

/** Octets of the header. */
export const ikeHeaderLength = 28;

export const ikeHeader = structure(
  'header',
  'IKE Header',
  [
    octets('initiatorSPI', "IKE SA Initiator's SPI", 8, hex),
    octets('responderSPI', "IKE SA Responder's SPI", 8, hex),
    computed(u8('nextPayload', 'Next Payload', { registry: payloadTypes }), () => payloadTypes.NONE),
    bits('version', 'Major, Minor Version', 1, [
      bit('majorVersion', 4, 'Major Version', () => 2),
      bit('minorVersion', 4, 'Minor Version', () => 0),
    ]),
    u8('exchangeType', 'Exchange Type', { registry: exchangeTypes }),
    together(
      'flags',
      bits('flags', 'Flags', 1, [
        reservedBits('reservedHigh', 2),
        flag('response', 'Response'),
        flag('version', 'Version: a higher one is spoken'),
        flag('initiator', 'Initiator: sent by the original initiator'),
        reservedBits('reservedLow', 3),
      ]),
    ),
    u32('messageId', 'Message ID'),
    computed(u32('length', 'Length'), () => ikeHeaderLength),
  ],
  (header) => {
    const exchange = nameIn(exchangeTypes, header.exchangeType) ?? `exchange ${header.exchangeType}`;
    return `${exchange} ${header.flags.response ? 'response' : 'request'} ${header.messageId}`;
  },
);
