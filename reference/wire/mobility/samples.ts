/**
 * One value of every mobility message and every mobility option, for the fuzzer, for tests, and for the witnesses that
 * are asked what they read in them.
 */
import { etherTypes } from '../ethernet.ts';
import { encodeIcmpv6 } from '../icmpv6.ts';
import { homeAddressHeader } from '../ip/extension-headers.ts';
import { ipv6Packet } from '../ip/ipv6.ts';
import { protocols } from '../ip/protocols.ts';
import { linuxCookedFrame, linuxCookedFrame2, loopbackFrame } from '../link-layers.ts';
import { fromText, unhex } from '../octets.ts';
import { aligned, encodeMobility, type MobilityMessage } from './message.ts';
import { type MobilityOption, mobilityOption } from './options.ts';

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

/** The last two carry options. */
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

const mobileNode = { source: '2001:db8::99', destination: '2001:db8::2' };
const mobilityMessages = everyMobilityMessage.map((message) => encodeMobility(aligned(message), mobileNode));

const prefixes = encodeIcmpv6(
  {
    kind: 'mobilePrefixAdvertisement',
    type: 147,
    code: 0,
    identifier: 9,
    managed: true,
    options: [
      { type: 'advertisementInterval', advertisementInterval: 1000 },
      { type: 'homeAgentInformation', mobileRouterSupport: true, homeAgentPreference: 10, homeAgentLifetime: 1800 },
    ],
  },
  mobileNode,
);
const homeAgents = encodeIcmpv6(
  {
    kind: 'homeAgentAddressDiscoveryReply',
    type: 145,
    code: 0,
    identifier: 9,
    homeAgentAddresses: ['2001:db8::1', '2001:db8::2'],
  },
  mobileNode,
);

const bindingUpdate = ipv6Packet.encode({
  version: 6,
  source: '2001:db8:c0::1',
  destination: mobileNode.destination,
  extensions: [homeAddressHeader(mobileNode.source)],
  protocol: protocols['Mobility Header'],
  payload: mobilityMessages.at(-1)!,
});
const cooked = { linkLayerAddressLength: 6, linkLayerAddress: new Uint8Array(8), hardwareType: 1, packetType: 0 };

/** Decoder names of `decoders.ts` and a buffer that each accepts, as in the `samples.ts` of all structures. */
export const mobilityInputs: readonly (readonly [string, Uint8Array])[] = [
  ['packet', bindingUpdate],
  ['captured IPV6', bindingUpdate],
  ['captured NULL', loopbackFrame.encode({ family: 30, payload: bindingUpdate })],
  ['captured LINUX_SLL', linuxCookedFrame.encode({ ...cooked, protocolType: etherTypes.IPv6, payload: bindingUpdate })],
  [
    'captured LINUX_SLL2',
    linuxCookedFrame2.encode({ ...cooked, protocolType: etherTypes.IPv6, interfaceIndex: 2, payload: bindingUpdate }),
  ],
  ['icmpv6', prefixes],
  ['icmpv6', homeAgents],
  ...mobilityMessages.map((octets) => ['mobility', octets] as const),
  ...everyMobilityOption.map((option) => ['mobility option', mobilityOption.encode(option)] as const),
];
