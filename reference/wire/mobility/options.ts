/**
 * The mobility options of RFC 6275 section 6.2, and the choice among all that this house knows. An option whose length
 * is none of its type's is `option`: octets. Where options stand and which padding separates them is `alignment.ts`.
 */
import { ipv6Address } from '../address-fields.ts';
import { computed, constant, rest, u16 } from '../fields.ts';
import { choice, within } from '../groups.ts';
import { type Structure, structure, type ValueOf } from '../kernel.ts';
import {
  type CareOfTestInitOption,
  type CareOfTestOption,
  type CgaParameters,
  type CgaParametersRequest,
  careOfTest,
  careOfTestInit,
  cgaParameters,
  cgaParametersRequest,
  type DnsUpdate,
  dnsUpdate,
  type MobileNetworkPrefix,
  type MobileNodeIdentifier,
  type MobilityMessageAuthentication,
  type MobilityMessageReplayProtection,
  mobileNetworkPrefix,
  mobileNodeIdentifier,
  mobilityMessageAuthentication,
  mobilityMessageReplayProtection,
  type PermanentHomeKeygenToken,
  permanentHomeKeygenToken,
  type Signature,
  signature,
} from './later-options.ts';
import { dataLength, option, optionLength, optionType } from './option-format.ts';
import { mobilityOptionTypes as types } from './option-types.ts';

export type MobilityOption =
  | ValueOf<typeof pad1>
  | ValueOf<typeof padN>
  | BindingRefreshAdvice
  | AlternateCareOfAddress
  | NonceIndices
  | BindingAuthorizationData
  | MobileNetworkPrefix
  | MobileNodeIdentifier
  | MobilityMessageAuthentication
  | MobilityMessageReplayProtection
  | CgaParametersRequest
  | CgaParameters
  | Signature
  | PermanentHomeKeygenToken
  | CareOfTestInitOption
  | CareOfTestOption
  | DnsUpdate
  | UnknownMobilityOption;
export type BindingRefreshAdvice = ValueOf<typeof bindingRefreshAdvice>;
export type AlternateCareOfAddress = ValueOf<typeof alternateCareOfAddress>;
export type NonceIndices = ValueOf<typeof nonceIndices>;
export type BindingAuthorizationData = ValueOf<typeof bindingAuthorizationData>;
export type UnknownMobilityOption = ValueOf<typeof unknownOption>;

/** The option of a kind: `MobilityOptionOf<'nonceIndices'>`. */
export type MobilityOptionOf<Type extends MobilityOption['type']> = Extract<MobilityOption, { type: Type }>;

const pad1 = structure('pad1', 'Pad1', [constant('type', 'pad1'), computed(optionType, () => types.Pad1)]);

const padN = option('padN', 'PadN', types.PadN, [rest('data', 'Option Data')]);

const bindingRefreshAdvice = option('bindingRefreshAdvice', 'Binding Refresh Advice', types['Binding Refresh Advice'], [
  u16('refreshInterval', 'Refresh Interval (4 s)', { display: (units) => `${units} (${4 * units} s)` }),
]);

const alternateCareOfAddress = option(
  'alternateCareOfAddress',
  'Alternate Care-of Address',
  types['Alternate Care-of Address'],
  [ipv6Address('alternateCareOfAddress', 'Alternate Care-of Address')],
);

const nonceIndices = option('nonceIndices', 'Nonce Indices', types['Nonce Indices'], [
  u16('homeNonceIndex', 'Home Nonce Index'),
  u16('careOfNonceIndex', 'Care-of Nonce Index'),
]);

/** The authenticator covers the message before it: whoever knows the keys puts it in. */
const bindingAuthorizationData = option(
  'bindingAuthorizationData',
  'Binding Authorization Data',
  types['Authorization Data'],
  [rest('authenticator', 'Authenticator')],
);

const unknownOption = structure('option', 'Option', [
  constant('type', 'option'),
  optionType,
  optionLength,
  within('data', dataLength, [rest('data', 'Option Data')]),
]);

const kinds: Readonly<Record<MobilityOption['type'], Structure<MobilityOption>>> = {
  pad1,
  padN,
  bindingRefreshAdvice,
  alternateCareOfAddress,
  nonceIndices,
  bindingAuthorizationData,
  mobileNetworkPrefix,
  mobileNodeIdentifier,
  mobilityMessageAuthentication,
  mobilityMessageReplayProtection,
  cgaParametersRequest,
  cgaParameters,
  signature,
  permanentHomeKeygenToken,
  careOfTestInit,
  careOfTest,
  dnsUpdate,
  option: unknownOption,
};

export const mobilityOption = choice<MobilityOption>(
  'option',
  'Option',
  ({ octets, offset, left }) => (left > 0 ? kinds[kindOf(octets[offset]!, octets[offset + 1])] : kinds.option),
  ({ type }) => kinds[type],
);

function kindOf(type: number, length: number | undefined): MobilityOption['type'] {
  const known = kindOfType.get(type);
  return known && (length === undefined || known.fits(length)) ? known.kind : 'option';
}

const exactly = (octets: number) => (length: number) => length === octets;
const atLeast = (octets: number) => (length: number) => length >= octets;

/** The kind that a type announces, as long as Option Length fits it. */
const kindOfType: ReadonlyMap<number, { kind: MobilityOption['type']; fits: (length: number) => boolean }> = new Map([
  [types.Pad1, { kind: 'pad1', fits: atLeast(0) }],
  [types.PadN, { kind: 'padN', fits: atLeast(0) }],
  [types['Binding Refresh Advice'], { kind: 'bindingRefreshAdvice', fits: exactly(2) }],
  [types['Alternate Care-of Address'], { kind: 'alternateCareOfAddress', fits: exactly(16) }],
  [types['Nonce Indices'], { kind: 'nonceIndices', fits: exactly(4) }],
  [types['Authorization Data'], { kind: 'bindingAuthorizationData', fits: atLeast(0) }],
  [types['Mobile Network Prefix Option'], { kind: 'mobileNetworkPrefix', fits: exactly(18) }],
  [types['MN-ID-OPTION-TYPE'], { kind: 'mobileNodeIdentifier', fits: atLeast(1) }],
  [types['AUTH-OPTION-TYPE'], { kind: 'mobilityMessageAuthentication', fits: atLeast(5) }],
  [types['MESG-ID-OPTION-TYPE'], { kind: 'mobilityMessageReplayProtection', fits: exactly(8) }],
  [types['CGA Parameters Request'], { kind: 'cgaParametersRequest', fits: exactly(0) }],
  [types['CGA Parameters'], { kind: 'cgaParameters', fits: atLeast(0) }],
  [types.Signature, { kind: 'signature', fits: atLeast(0) }],
  [types['Permanent Home Keygen Token'], { kind: 'permanentHomeKeygenToken', fits: atLeast(0) }],
  [types['Care-of Test Init'], { kind: 'careOfTestInit', fits: exactly(0) }],
  [types['Care-of Test'], { kind: 'careOfTest', fits: exactly(8) }],
  [types['DNS-UPDATE-TYPE'], { kind: 'dnsUpdate', fits: atLeast(2) }],
]);
