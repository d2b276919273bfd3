/**
 * What stands in the Type-Data of three EAP methods: MD5-Challenge (RFC 3748 section 5.4, RFC 1994 section 4.1), EAP-MSCHAPv2 (the packets of RFC 2759
 * under an identifier and a length of their own), and EAP-TLS (RFC 5216 section 3.1). The EAP packet around it is `ike/configuration.ts`.
 *
 *     MD5-Challenge   | Value-Size | Value ... | Name ...
 *     EAP-MSCHAPv2    | OpCode | MS-CHAPv2-ID | MS-Length | Value-Size | Value ... | Name ...      (Challenge, Response)
 *                     | OpCode | MS-CHAPv2-ID | MS-Length | Message ...                            (Success, Failure, asked)
 *                     | OpCode |                                                                   (the same, answered)
 *     EAP-TLS         | L M S R R R R R | TLS Message Length ... | TLS Data ... |
 */
import { bits, flag, reservedBits } from './bit-fields.ts';
import { computed, octets, rest, u8, u16, u32 } from './fields.ts';
import { when } from './groups.ts';
import { structure, type ValueOf } from './kernel.ts';
import { toText } from './octets.ts';

export type Md5Challenge = ValueOf<typeof md5Challenge>;
export type MsChapV2Challenge = ValueOf<typeof msChapV2Challenge>;
export type MsChapV2Result = ValueOf<typeof msChapV2Result>;
export type EapTlsData = ValueOf<typeof eapTlsData>;

export const msChapV2OpCodes = { Challenge: 1, Response: 2, Success: 3, Failure: 4, 'Change-Password': 7 } as const;

const valueSize = computed(u8('valueSize', 'Value-Size'), ({ value }: { value: Uint8Array }) => value.length);
const value = octets('value', 'Value', ({ valueSize }: { valueSize: number }) => valueSize);

export const md5Challenge = structure('md5-challenge', 'MD5-Challenge', [
  valueSize,
  value,
  rest('name', 'Name', toText),
]);

const msHeader = [
  u8('opCode', 'OpCode', { registry: msChapV2OpCodes }),
  u8('identifier', 'MS-CHAPv2-ID'),
  computed(u16('length', 'MS-Length'), (_, whole) => whole.length),
] as const;

/** A Challenge, or a Response whose value is the peer's challenge, eight zeros, the NT-Response, and a flag. */
export const msChapV2Challenge = structure('ms-chap-v2-challenge', 'MS-CHAPv2 Challenge or Response', [
  ...msHeader,
  valueSize,
  value,
  rest('name', 'Name', toText),
]);

/** Success or Failure as it is asked; the answer to it is the OpCode alone. */
export const msChapV2Result = structure('ms-chap-v2-result', 'MS-CHAPv2 Success or Failure', [
  ...msHeader,
  rest('message', 'Message', toText),
]);

/** A TLS message, or a fragment of one; a start, or an acknowledgement, has none. */
export const eapTlsData = structure('eap-tls', 'EAP-TLS', [
  bits('flags', 'Flags', 1, [
    flag('lengthIncluded', 'Length included'),
    flag('moreFragments', 'More fragments'),
    flag('start', 'EAP-TLS start'),
    reservedBits('reservedFlags', 5),
  ]),
  when(({ lengthIncluded }: { lengthIncluded: boolean }) => lengthIncluded, u32('messageLength', 'TLS Message Length')),
  rest('data', 'TLS Data'),
]);
