/**
 * The Mobility Header, RFC 6275 section 6.1, with the flags of RFC 3963 section 4: one message, whose options are
 * `options.ts`. A type without a declaration here, and a Header Len too short for what its type holds, are `other`:
 * octets. The checksum needs the addresses: `encodeMobility`. Padding between options needs a decision: `aligned`.
 *
 *     | Payload Proto |  Header Len   |   MH Type     |   Reserved    |
 *     |           Checksum            |                               |
 *     .                       Message Data                            .
 */
import { ipv6Address } from '../address-fields.ts';
import { bits, optionalFlag, reservedBits } from '../bit-fields.ts';
import { type Endpoints, pseudoHeaderChecksum } from '../checksum.ts';
import { nameIn, octets, reserved, u8, u16 } from '../fields.ts';
import { choice } from '../groups.ts';
import { protocols } from '../ip/protocols.ts';
import type { Structure, ValueOf } from '../kernel.ts';
import { writeNumber } from '../writer.ts';
import { alignOptions } from './alignment.ts';
import { fixedOctets, kindOf, message, otherMessage } from './message-format.ts';
import { bindingErrorStatusCodes, bindingStatusCodes } from './registry.ts';

export type MobilityMessage =
  | BindingRefreshRequest
  | HomeTestInit
  | CareOfTestInit
  | HomeTest
  | CareOfTest
  | BindingUpdate
  | BindingAcknowledgement
  | BindingError
  | OtherMobilityMessage;
export type BindingRefreshRequest = ValueOf<typeof bindingRefreshRequest>;
export type HomeTestInit = ValueOf<typeof homeTestInit>;
export type CareOfTestInit = ValueOf<typeof careOfTestInit>;
export type HomeTest = ValueOf<typeof homeTest>;
export type CareOfTest = ValueOf<typeof careOfTest>;
export type BindingUpdate = ValueOf<typeof bindingUpdate>;
export type BindingAcknowledgement = ValueOf<typeof bindingAcknowledgement>;
export type BindingError = ValueOf<typeof bindingError>;
export type OtherMobilityMessage = ValueOf<typeof otherMessage>;

/** The message of a kind: `MobilityMessageOf<'bindingUpdate'>`. */
export type MobilityMessageOf<Kind extends MobilityMessage['kind']> = Extract<MobilityMessage, { kind: Kind }>;

/** The message with its checksum over the pseudo-header, unless one is given. */
export function encodeMobility(message: MobilityMessage, endpoints: Endpoints): Uint8Array {
  const octets = mobilityMessage.encode(message);
  if (message.checksum === undefined) {
    writeNumber(octets, checksumOffset, mobilityChecksum(octets, endpoints), 2);
  }
  return octets;
}

/**
 * The checksum of a Mobility Header, zero where the one inside is right. What follows the header is no part of it where
 * Payload Proto announces something; where it announces nothing, all octets are the header's, whatever Header Len says.
 */
export function mobilityChecksum(octets: Uint8Array, endpoints: Endpoints): number {
  const alone = octets[0] === protocols['IPv6-NoNxt'];
  const header = alone ? octets : octets.subarray(0, 8 * (octets[1]! + 1));
  return pseudoHeaderChecksum(header, protocols['Mobility Header'], endpoints);
}

/** The message with its options aligned; padding that is given is obeyed (`alignOptions`). */
export function aligned<Message extends MobilityMessage>(message: Message): Message {
  if (message.kind === 'other') return message;
  return { ...message, options: alignOptions(message.options, fixedOctets[message.kind]) };
}

const homeInitCookie = octets('homeInitCookie', 'Home Init Cookie', 8);
const careOfInitCookie = octets('careOfInitCookie', 'Care-of Init Cookie', 8);
const sequenceNumber = u16('sequenceNumber', 'Sequence #');
const lifetime = u16('lifetime', 'Lifetime (4 s)', { display: (units) => `${units} (${4 * units} s)` });
const messageDataReserved = (size: number) => reserved(size, 'messageDataReserved');

const bindingRefreshRequest = message('bindingRefreshRequest', 'Binding Refresh Request', [messageDataReserved(2)]);

const homeTestInit = message('homeTestInit', 'Home Test Init', [messageDataReserved(2), homeInitCookie]);

const careOfTestInit = message('careOfTestInit', 'Care-of Test Init', [messageDataReserved(2), careOfInitCookie]);

const homeTest = message('homeTest', 'Home Test', [
  u16('homeNonceIndex', 'Home Nonce Index'),
  homeInitCookie,
  octets('homeKeygenToken', 'Home Keygen Token', 8),
]);

const careOfTest = message('careOfTest', 'Care-of Test', [
  u16('careOfNonceIndex', 'Care-of Nonce Index'),
  careOfInitCookie,
  octets('careOfKeygenToken', 'Care-of Keygen Token', 8),
]);

/** Lifetime in units of 4 seconds; 0 deletes the binding. */
const bindingUpdate = message(
  'bindingUpdate',
  'Binding Update',
  [
    sequenceNumber,
    bits('flags', 'A, H, L, K, R, Reserved', 2, [
      optionalFlag('acknowledge', 'Acknowledge'),
      optionalFlag('homeRegistration', 'Home Registration'),
      optionalFlag('linkLocalAddressCompatibility', 'Link-Local Address Compatibility'),
      optionalFlag('keyManagementMobilityCapability', 'Key Management Mobility Capability'),
      reservedBits('reservedBit', 1),
      optionalFlag('mobileRouter', 'Mobile Router'),
      reservedBits('reservedBits', 10),
    ]),
    lifetime,
  ],
  ({ sequenceNumber, lifetime }) => `sequence ${sequenceNumber}, lifetime ${4 * lifetime} s`,
);

/** Lifetime in units of 4 seconds; undefined where the status is a rejection. */
const bindingAcknowledgement = message(
  'bindingAcknowledgement',
  'Binding Acknowledgement',
  [
    u8('status', 'Status', { registry: bindingStatusCodes }),
    bits('flags', 'K, R, Reserved', 1, [
      optionalFlag('keyManagementMobilityCapability', 'Key Management Mobility Capability'),
      optionalFlag('mobileRouter', 'Mobile Router'),
      reservedBits('reservedBits', 6),
    ]),
    sequenceNumber,
    lifetime,
  ],
  ({ status, sequenceNumber, lifetime }) =>
    `${nameIn(bindingStatusCodes, status) ?? `status ${status}`}, sequence ${sequenceNumber}, lifetime ${4 * lifetime} s`,
);

const bindingError = message(
  'bindingError',
  'Binding Error',
  [
    u8('status', 'Status', { registry: bindingErrorStatusCodes }),
    messageDataReserved(1),
    ipv6Address('homeAddress', 'Home Address'),
  ],
  ({ status, homeAddress }) =>
    `${nameIn(bindingErrorStatusCodes, status) ?? `status ${status}`}, home address ${homeAddress}`,
);

const kinds: Readonly<Record<MobilityMessage['kind'], Structure<MobilityMessage>>> = {
  bindingRefreshRequest,
  homeTestInit,
  careOfTestInit,
  homeTest,
  careOfTest,
  bindingUpdate,
  bindingAcknowledgement,
  bindingError,
  other: otherMessage,
};

export const mobilityMessage = choice<MobilityMessage>(
  'mobility',
  'Mobility Header',
  ({ octets, offset, left }) => (left > 2 ? kinds[kindOf(octets[offset + 2]!, octets[offset + 1]!)] : otherMessage),
  ({ kind }) => kinds[kind],
);

const checksumOffset = 4;
