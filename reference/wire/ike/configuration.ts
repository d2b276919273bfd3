/**
 * The Configuration payload (RFC 7296 section 3.15) and EAP messages (section 3.16, RFC 3748 section 4), whose contents
 * stay octets.
 */
import { bit, bits, reservedBits } from '../bit-fields.ts';
import { computed, nameIn, octets, reserved, rest, u8, u16 } from '../fields.ts';
import { list, when } from '../groups.ts';
import { structure, type ValueOf } from '../kernel.ts';
import { payload } from './generic-header.ts';
import { configurationAttributes, configurationTypes, eapCodes, eapTypes } from './registry.ts';

export type ConfigurationPayload = ValueOf<typeof configurationPayload>;
export type ConfigurationAttribute = ValueOf<typeof configurationAttribute>;
export type EapPayload = ValueOf<typeof eapPayload>;

const configurationAttribute = structure(
  'attribute',
  'Configuration Attribute',
  [
    bits('reservedAndType', 'R, Attribute Type', 2, [
      reservedBits('reservedBit', 1),
      bit('type', 15, 'Attribute Type'),
    ]),
    computed(u16('length', 'Length'), ({ value }: { value: Uint8Array }) => value.length),
    octets('value', 'Value', ({ length }: { length: number }) => length),
  ],
  ({ type }) => nameIn(configurationAttributes, type) ?? `type ${type}`,
);

export const configurationPayload = payload('CP', 'Configuration', [
  u8('configurationType', 'CFG Type', { registry: configurationTypes }),
  reserved(3),
  list('attributes', configurationAttribute),
]);

/** Only requests and responses have a type. */
const hasType = ({ code }: { code: number }) => code === eapCodes.Request || code === eapCodes.Response;

export const eapPayload = payload('EAP', 'Extensible Authentication', [
  u8('code', 'Code', { registry: eapCodes }),
  u8('identifier', 'Identifier'),
  computed(
    u16('length', 'Length'),
    (value: { code: number; data: Uint8Array }) => value.data.length + (hasType(value) ? 5 : 4),
  ),
  when(hasType, u8('eapType', 'Type', { registry: eapTypes })),
  rest('data', 'Type-Data'),
]);
