/**
 * Mobility options of documents that extend Mobile IPv6: mobile networks (RFC 3963 section 4.3), identifiers of mobile
 * nodes (RFC 4283 section 3), authentication by shared keys (RFC 4285 sections 5 and 6), Enhanced Route Optimization
 * (RFC 4866 section 5) and DNS updates (RFC 5026 section 8.1). Choosing among them is `options.ts`'s concern.
 */
import { ipv6Address } from '../address-fields.ts';
import { bits, optionalFlag, reservedBits } from '../bit-fields.ts';
import { computed, octets, reserved, rest, u8, u32 } from '../fields.ts';
import type { ValueOf } from '../kernel.ts';
import { toText } from '../octets.ts';
import { option } from './option-format.ts';
import { mobilityOptionTypes as types } from './option-types.ts';
import { authenticationSubtypes, dnsUpdateStatusCodes, mobileNodeIdentifierSubtypes } from './registry.ts';

export type MobileNetworkPrefix = ValueOf<typeof mobileNetworkPrefix>;
export type MobileNodeIdentifier = ValueOf<typeof mobileNodeIdentifier>;
export type MobilityMessageAuthentication = ValueOf<typeof mobilityMessageAuthentication>;
export type MobilityMessageReplayProtection = ValueOf<typeof mobilityMessageReplayProtection>;
export type CgaParametersRequest = ValueOf<typeof cgaParametersRequest>;
export type CgaParameters = ValueOf<typeof cgaParameters>;
export type Signature = ValueOf<typeof signature>;
export type PermanentHomeKeygenToken = ValueOf<typeof permanentHomeKeygenToken>;
export type CareOfTestInitOption = ValueOf<typeof careOfTestInit>;
export type CareOfTestOption = ValueOf<typeof careOfTest>;
export type DnsUpdate = ValueOf<typeof dnsUpdate>;

export const mobileNetworkPrefix = option(
  'mobileNetworkPrefix',
  'Mobile Network Prefix',
  types['Mobile Network Prefix Option'],
  [reserved(1), u8('prefixLength', 'Prefix Length'), ipv6Address('mobileNetworkPrefix', 'Mobile Network Prefix')],
);

export const mobileNodeIdentifier = option(
  'mobileNodeIdentifier',
  'Mobile Node Identifier',
  types['MN-ID-OPTION-TYPE'],
  [u8('subtype', 'Subtype', { registry: mobileNodeIdentifierSubtypes }), rest('identifier', 'Identifier')],
);

/** Authenticates the message from the Mobility Header up to and including the Mobility SPI. */
export const mobilityMessageAuthentication = option(
  'mobilityMessageAuthentication',
  'Mobility Message Authentication',
  types['AUTH-OPTION-TYPE'],
  [
    u8('subtype', 'Subtype', { registry: authenticationSubtypes }),
    u32('mobilitySpi', 'Mobility SPI'),
    rest('authenticationData', 'Authentication Data'),
  ],
);

/** The timestamp has the format of NTP: 32 bits of seconds since 1900, 32 bits of their fraction. */
export const mobilityMessageReplayProtection = option(
  'mobilityMessageReplayProtection',
  'Mobility Message Replay Protection',
  types['MESG-ID-OPTION-TYPE'],
  [octets('timestamp', 'Timestamp', 8)],
);

export const cgaParametersRequest = option(
  'cgaParametersRequest',
  'CGA Parameters Request',
  types['CGA Parameters Request'],
  [],
);

/** Up to 255 octets of the CGA Parameters data structure, which goes on in the next such option. */
export const cgaParameters = option('cgaParameters', 'CGA Parameters', types['CGA Parameters'], [
  rest('cgaParameters', 'CGA Parameters'),
]);

export const signature = option('signature', 'Signature', types.Signature, [rest('signature', 'Signature')]);

/** The token is encrypted with the mobile node's public key, hence longer than its 8 octets. */
export const permanentHomeKeygenToken = option(
  'permanentHomeKeygenToken',
  'Permanent Home Keygen Token',
  types['Permanent Home Keygen Token'],
  [rest('permanentHomeKeygenToken', 'Permanent Home Keygen Token')],
);

export const careOfTestInit = option('careOfTestInit', 'Care-of Test Init', types['Care-of Test Init'], []);

export const careOfTest = option('careOfTest', 'Care-of Test', types['Care-of Test'], [
  octets('careOfKeygenToken', 'Care-of Keygen Token', 8),
]);

export const dnsUpdate = option('dnsUpdate', 'DNS Update', types['DNS-UPDATE-TYPE'], [
  computed(
    u8('status', 'Status', { registry: dnsUpdateStatusCodes }),
    () => dnsUpdateStatusCodes['DNS update performed'],
  ),
  bits('flags', 'R, Reserved', 1, [optionalFlag('remove', 'R: remove the DNS entry'), reservedBits('reservedBits', 7)]),
  rest('mobileNodeIdentity', 'MN identity (FQDN)', toText),
]);
