/**
 * The Encrypted payload (RFC 7296 section 3.14) and the Encrypted Fragment payload (RFC 7383 section 2.5). The body,
 * IV and ciphertext and ICV, is opaque: their lengths are the algorithms' secret, so sealing and opening are
 * `reference/ikev2`'s. The Next Payload of these headers names the first payload *inside*; it is the property
 * `innerNextPayload`.
 */
import { bits, optionalFlag, reservedBits } from '../bit-fields.ts';
import { computed, constant, rest, u8, u16 } from '../fields.ts';
import { within } from '../groups.ts';
import { structure, type ValueOf } from '../kernel.ts';
import { payloadTypes } from './registry.ts';

export type EncryptedPayload = ValueOf<typeof encryptedPayload>;
export type EncryptedFragmentPayload = ValueOf<typeof encryptedFragmentPayload>;

const header = [
  u8('innerNextPayload', 'Next Payload (inside)', { registry: payloadTypes }),
  bits('criticalAndReserved', 'Critical, Reserved', 1, [
    optionalFlag('critical', 'Critical'),
    reservedBits('reservedBits', 7),
  ]),
  computed(u16('payloadLength', 'Payload Length'), (_, whole) => whole.length),
] as const;

const length = ({ payloadLength }: { payloadLength: number }) => payloadLength - 4;

export const encryptedPayload = structure('SK', 'Encrypted and Authenticated', [
  constant('type', 'SK'),
  ...header,
  within('body', length, [rest('body', 'IV, ciphertext, ICV')]),
]);

export const encryptedFragmentPayload = structure('SKF', 'Encrypted and Authenticated Fragment', [
  constant('type', 'SKF'),
  ...header,
  within('fragment', length, [
    u16('fragmentNumber', 'Fragment Number'),
    u16('totalFragments', 'Total Fragments'),
    rest('body', 'IV, ciphertext, ICV'),
  ]),
]);
