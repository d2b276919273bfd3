/**
 * One value of every mobility message and every mobility option, for the fuzzer, for tests, and for the witnesses that
 * are asked what they read in them.
 */
import { fromText, unhex } from '../octets.ts';
import type { MobilityMessage } from './message.ts';
import type { MobilityOption } from './options.ts';

const filled = (length: number, filler: number) => new Uint8Array(length).fill(filler);

/** In an order that RFC 4283 and 4285 allow; Binding Authorization Data has a message of its own to be last in. */
export const everyMobilityOption: readonly MobilityOption[] = [
  { type: 'pad1' },
  { type: 'padN', data: new Uint8Array(3) },
  { type: 'bindingRefreshAdvice', refreshInterval: 450 },
  { type: 'alternateCareOfAddress', alternateCareOfAddress: '2001:db8:c0::1' },
  { type: 'nonceIndices', homeNonceIndex: 0x1234, careOfNonceIndex: 0x5678 },
  { type: 'mobileNetworkPrefix', prefixLength: 56, mobileNetworkPrefix: '2001:db8:77::' },
  { type: 'mobileNodeIdentifier', subtype: 1, identifier: fromText('mn@home.example') },
  { type: 'cgaParametersRequest' },
  { type: 'cgaParameters', cgaParameters: filled(255, 0xca) },
  { type: 'cgaParameters', cgaParameters: filled(40, 0xcb) },
  { type: 'signature', signature: filled(64, 0x51) },
  { type: 'permanentHomeKeygenToken', permanentHomeKeygenToken: filled(16, 0x9e) },
  { type: 'careOfTestInit' },
  { type: 'careOfTest', careOfKeygenToken: unhex('3132333435363738') },
  { type: 'dnsUpdate', status: 0, remove: true, mobileNodeIdentity: fromText('mn.home.example') },
  { type: 'option', optionType: 200, data: unhex('00ff00') },
  { type: 'mobilityMessageReplayProtection', timestamp: unhex('e8f0a1b280000000') },
  { type: 'mobilityMessageAuthentication', subtype: 1, mobilitySpi: 0x100, authenticationData: filled(12, 0xad) },
];

const cookie = unhex('0102030405060708');
const token = unhex('2122232425262728');

/** The last two carry every option there is. */
export const everyMobilityMessage: readonly MobilityMessage[] = [
  { kind: 'bindingRefreshRequest', options: [] },
  { kind: 'homeTestInit', homeInitCookie: cookie, options: [] },
  { kind: 'careOfTestInit', careOfInitCookie: cookie, options: [] },
  { kind: 'homeTest', homeNonceIndex: 7, homeInitCookie: cookie, homeKeygenToken: token, options: [] },
  { kind: 'careOfTest', careOfNonceIndex: 8, careOfInitCookie: cookie, careOfKeygenToken: token, options: [] },
  { kind: 'bindingError', status: 1, homeAddress: '2001:db8::99', options: [] },
  { kind: 'other', mhType: 11, data: new Uint8Array(2) },
  {
    kind: 'bindingAcknowledgement',
    status: 0,
    keyManagementMobilityCapability: true,
    mobileRouter: true,
    sequenceNumber: 5,
    lifetime: 15,
    options: [
      { type: 'bindingRefreshAdvice', refreshInterval: 10 },
      { type: 'bindingAuthorizationData', authenticator: filled(12, 0xba) },
    ],
  },
  {
    kind: 'bindingUpdate',
    sequenceNumber: 5,
    acknowledge: true,
    homeRegistration: true,
    linkLocalAddressCompatibility: true,
    keyManagementMobilityCapability: true,
    mobileRouter: true,
    lifetime: 15,
    options: everyMobilityOption,
  },
];
