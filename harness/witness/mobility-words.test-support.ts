/**
 * What tshark and Scapy call the structures of Mobile IPv6 and their fields. Where a witness has no word, or a wrong one, it is not asked:
 * tshark 4.0 leaves the last two octets out of most opaque options and shows no timestamp of RFC 4285; Scapy knows neither RFC 5026 nor the R
 * of a Home Agent Information option.
 */
import { hex, toText } from '../../reference/wire/octets.ts';

/** A layer or an option as Scapy names it, and its fields, octets as hex. */
export type Told = readonly [name: string, fields: Readonly<Record<string, unknown>>];

/** Fields as tshark names and prints them. */
export type Shown = Readonly<Record<string, string>>;

/** One of our values in the words of both. */
export function inWords(value: object, words: Words): readonly [Told, Shown] {
  const [name, ...fields] = words;
  const held = value as Readonly<Record<string, unknown>>;
  const told: Record<string, unknown> = {};
  const shown: Record<string, string> = {};
  for (const [ours, scapys, tsharks, print = printed] of fields) {
    if (scapys) told[scapys] = plain(held[ours]);
    if (tsharks) shown[tsharks] = print(held[ours] as never);
  }
  return [[name, told], shown];
}

type Words = readonly [
  scapys: string,
  ...fields: readonly (readonly [ours: string, scapys: string, tsharks?: string, print?: (value: never) => string])[],
];

const plain = (value: unknown): unknown =>
  value instanceof Uint8Array ? hex(value) : typeof value === 'boolean' ? Number(value) : (value ?? 0);
const printed = (value: unknown): string => String(plain(value));
const asNumber = (octets: Uint8Array): string => `0x${hex(octets)}`;

export const messageWords = {
  bindingRefreshRequest: ['MIP6MH_BRR'],
  homeTestInit: ['MIP6MH_HoTI', ['homeInitCookie', 'cookie', 'mip6.hoti.cookie', asNumber]],
  careOfTestInit: ['MIP6MH_CoTI', ['careOfInitCookie', 'cookie', 'mip6.coti.cookie', asNumber]],
  homeTest: [
    'MIP6MH_HoT',
    ['homeNonceIndex', 'index', 'mip6.hot.nindex'],
    ['homeInitCookie', 'cookie', 'mip6.hot.cookie', asNumber],
    ['homeKeygenToken', 'token', 'mip6.hot.token', asNumber],
  ],
  careOfTest: [
    'MIP6MH_CoT',
    ['careOfNonceIndex', 'index', 'mip6.cot.nindex'],
    ['careOfInitCookie', 'cookie', 'mip6.cot.cookie', asNumber],
    ['careOfKeygenToken', 'token', 'mip6.hot.token', asNumber],
  ],
  bindingUpdate: [
    'MIP6MH_BU',
    ['sequenceNumber', 'seq', 'mip6.bu.seqnr'],
    ['acknowledge', 'A', 'mip6.bu.a_flag'],
    ['homeRegistration', 'H', 'mip6.bu.h_flag'],
    ['linkLocalAddressCompatibility', 'L', 'mip6.bu.l_flag'],
    ['keyManagementMobilityCapability', 'K', 'mip6.bu.k_flag'],
    ['mobileRouter', 'R', 'mip6.nemo.bu.r_flag'],
    ['lifetime', 'mhtime', 'mip6.bu.lifetime'],
  ],
  bindingAcknowledgement: [
    'MIP6MH_BA',
    ['status', 'status', 'mip6.ba.status'],
    ['keyManagementMobilityCapability', 'K', 'mip6.ba.k_flag'],
    ['mobileRouter', 'R', 'mip6.nemo.ba.r_flag'],
    ['sequenceNumber', 'seq', 'mip6.ba.seqnr'],
    ['lifetime', 'mhtime', 'mip6.ba.lifetime'],
  ],
  bindingError: ['MIP6MH_BE', ['status', 'status', 'mip6.be.status'], ['homeAddress', 'ha', 'mip6.be.haddr']],
  other: ['MIP6MH_Generic', ['mhType', 'mhtype', 'mip6.mhtype']],
} as const satisfies Record<string, Words>;

export const optionWords = {
  pad1: ['Pad1'],
  padN: ['PadN'],
  bindingRefreshAdvice: ['MIP6OptBRAdvice', ['refreshInterval', 'rinter', 'mip6.bra.interval']],
  alternateCareOfAddress: ['MIP6OptAltCoA', ['alternateCareOfAddress', 'acoa', 'mip6.acoa.acoa']],
  nonceIndices: [
    'MIP6OptNonceIndices',
    ['homeNonceIndex', 'hni', 'mip6.ni.hni'],
    ['careOfNonceIndex', 'coni', 'mip6.ni.cni'],
  ],
  bindingAuthorizationData: ['MIP6OptBindingAuthData', ['authenticator', 'authenticator', 'mip6.bad.auth']],
  mobileNetworkPrefix: [
    'MIP6OptMobNetPrefix',
    ['prefixLength', 'plen', 'mip6.nemo.mnp.pfl'],
    ['mobileNetworkPrefix', 'prefix', 'mip6.nemo.mnp.mnp'],
  ],
  mobileNodeIdentifier: [
    'MIP6OptMNID',
    ['subtype', 'subtype', 'mip6.mnid.subtype'],
    ['identifier', 'id', 'mip6.mnid.identifier', toText],
  ],
  mobilityMessageAuthentication: [
    'MIP6OptMsgAuth',
    ['subtype', 'subtype', 'mip6.auth.subtype'],
    ['mobilitySpi', 'mspi', 'mip6.auth.mobility_spi'],
    ['authenticationData', 'authdata'],
  ],
  mobilityMessageReplayProtection: ['MIP6OptReplayProtection', ['timestamp', 'timestamp']],
  cgaParametersRequest: ['MIP6OptCGAParamsReq'],
  cgaParameters: ['MIP6OptCGAParams', ['cgaParameters', 'cgaparams']],
  signature: ['MIP6OptSignature', ['signature', 'sig']],
  permanentHomeKeygenToken: ['MIP6OptHomeKeygenToken', ['permanentHomeKeygenToken', 'hkt']],
  careOfTestInit: ['MIP6OptCareOfTestInit'],
  careOfTest: ['MIP6OptCareOfTest', ['careOfKeygenToken', 'cokt']],
  dnsUpdate: ['MIP6OptUnknown', ['status', '', 'mip6.dnsu.status'], ['remove', '', 'mip6.dnsu.flag.r']],
  option: ['MIP6OptUnknown', ['optionType', 'otype'], ['data', 'odata']],
} as const satisfies Record<string, Words>;

export const icmpv6Words = {
  homeAgentAddressDiscoveryRequest: [
    'ICMPv6HAADRequest',
    ['identifier', 'id', 'icmpv6.mip6.identifier'],
    ['mobileRouterSupport', 'R'],
  ],
  homeAgentAddressDiscoveryReply: [
    'ICMPv6HAADReply',
    ['identifier', 'id', 'icmpv6.mip6.identifier'],
    ['mobileRouterSupport', 'R'],
    ['homeAgentAddresses', 'addresses', 'icmpv6.mip6.home_agent_address', (addresses: string[]) => addresses.join('|')],
  ],
  mobilePrefixSolicitation: ['ICMPv6MPSol', ['identifier', 'id', 'icmpv6.mip6.identifier']],
  mobilePrefixAdvertisement: [
    'ICMPv6MPAdv',
    ['identifier', 'id', 'icmpv6.mip6.identifier'],
    ['managed', '', 'icmpv6.mip6.flag.m'],
    ['otherConfiguration', '', 'icmpv6.mip6.flag.o'],
  ],
  routerAdvertisement: ['ICMPv6ND_RA', ['homeAgent', 'H', 'icmpv6.nd.ra.flag.h']],
} as const satisfies Record<string, Words>;

export const neighborDiscoveryWords = {
  prefixInformation: [
    'ICMPv6NDOptPrefixInfo',
    ['routerAddress', 'R', 'icmpv6.opt.prefix.flag.r'],
    ['prefix', 'prefix', 'icmpv6.opt.prefix'],
  ],
  advertisementInterval: [
    'ICMPv6NDOptAdvInterval',
    ['advertisementInterval', 'advint', 'icmpv6.opt.advertisement_interval'],
  ],
  homeAgentInformation: [
    'ICMPv6NDOptHAInfo',
    ['homeAgentPreference', 'pref', 'icmpv6.opt.home_agent_preference'],
    ['homeAgentLifetime', 'lifetime', 'icmpv6.opt.home_agent_lifetime'],
  ],
} as const satisfies Record<string, Words>;
