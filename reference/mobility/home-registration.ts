/** A binding update to a home agent, as the tests of RFC 6275 sections 9.5.1 and 10.3 ask it: who wants to be found where, and what vouches for that. */
import { icvOctets, isAh, type SadEntry } from '../ipsec/sad.ts';
import type { Discarded } from '../machine.ts';
import { type Address, addressOctets, addressText } from '../wire/address.ts';
import type { MessageArrival } from './message-arrival.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export interface HomeRegistration {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  /** Where the binding had it before. */
  readonly formerPlace?: Address | undefined;
  /** Of the IPv6 header: the acknowledgement goes there. */
  readonly source: Address;
  /** The address of this node that the update came to. */
  readonly boundTo: Address;
  readonly sequenceNumber: number;
  /** Seconds. */
  readonly lifetime: number;
  readonly deregisters: boolean;
  readonly acknowledge: boolean;
  readonly homeRegistration: boolean;
  readonly linkLocal: boolean;
  readonly keyManagementMobilityCapability: boolean;
  readonly hasOption: boolean;
  readonly hasNonceIndices: boolean;
  /** Of each SA that it came under. */
  readonly icvOctets: readonly number[];
  /** One of them is of the home address alone. */
  readonly isOfHomeAddress: boolean;
  /** One of them came from IKE. */
  readonly isNegotiated: boolean;
  /** An ICV covers where the mobile node says it is. */
  readonly isCareOfAddressAuthenticated: boolean;
}

export function homeRegistrationOf(arrival: MessageArrival<'bindingUpdate'>, rules: MobilityRules): HomeRegistration {
  const { message, source, destination: boundTo, through } = arrival;
  const homeAddress = arrival.homeAddress ?? source;
  const alternate = message.options.find((option) => option.type === 'alternateCareOfAddress');
  const careOfAddress = rules.careOfAddressOf(alternate?.alternateCareOfAddress, source);
  return {
    homeAddress,
    careOfAddress,
    source,
    boundTo,
    sequenceNumber: message.sequenceNumber,
    lifetime: LIFETIME_UNIT * message.lifetime,
    deregisters: rules.deregisters(message.lifetime, careOfAddress === homeAddress),
    acknowledge: message.acknowledge ?? false,
    homeRegistration: message.homeRegistration ?? false,
    linkLocal: message.linkLocalAddressCompatibility ?? false,
    keyManagementMobilityCapability: message.keyManagementMobilityCapability ?? false,
    hasOption: arrival.homeAddress !== undefined,
    hasNonceIndices: message.options.some(({ type }) => type === 'nonceIndices'),
    icvOctets: through.map(icvOctets),
    isOfHomeAddress: through.some((entry) => isOfHomeAddress(entry, homeAddress)),
    isNegotiated: through.some(({ sa }) => sa.name.includes('/')),
    isCareOfAddressAuthenticated: alternate !== undefined || through.some(isAh),
  };
}

/** Why nothing is said to who sent an update, whatever it asks for (sections 9.5.1 and 5.1). */
export function unvouchedIn(
  { homeAddress, careOfAddress, icvOctets, isOfHomeAddress: isOfIt }: HomeRegistration,
  rules: MobilityRules,
  requiresIpsec: boolean,
): Discarded | undefined {
  const says = `${homeAddress} at ${careOfAddress}`;
  if (!rules.homeAddressRoutable(homeAddress)) return refusal('homeAddressRoutable', says);
  if (!rules.careOfAddressRoutable(careOfAddress)) return refusal('careOfAddressRoutable', says);
  if (!requiresIpsec) return undefined;
  if (!rules.registrationAuthenticated(icvOctets)) return refusal('registrationAuthenticated', says);
  const isUnderSa = icvOctets.length > 0;
  const isAnothers = isUnderSa && !rules.registrationOfItsHomeAddress(isOfIt);
  return isAnothers ? refusal('registrationOfItsHomeAddress', says) : undefined;
}

/** Why a home registration is passed over in silence that somebody vouches for (sections 9.5.1 and 10.3.1). */
export function unacceptableIn(asked: HomeRegistration, rules: MobilityRules): Discarded | undefined {
  const says = `${asked.homeAddress} at ${asked.careOfAddress}`;
  if (!rules.nonceIndicesAcceptable(asked.hasNonceIndices)) return refusal('nonceIndicesAcceptable', says);
  if (!rules.homeAddressOptionAcceptable(asked.hasOption, asked.deregisters)) {
    return refusal('homeAddressOptionAcceptable', says);
  }
  const isTaken = rules.careOfAddressAcceptable(asked.isCareOfAddressAuthenticated);
  return isTaken ? undefined : refusal('careOfAddressAcceptable', says);
}

/** Whether an SA is one of this home address alone (RFC 4877 section 4.2). */
export function isOfHomeAddress({ selectors }: SadEntry, homeAddress: Address): boolean {
  const remote = selectors?.remote ?? [];
  return (
    remote.length > 0 &&
    remote.every(({ startAddress, endAddress }) => startAddress === homeAddress && endAddress === homeAddress)
  );
}

/** The link-local address with the interface identifier of a home address (section 10.3.1). */
export function linkLocalAddressOf(homeAddress: Address): Address {
  const octets = addressOctets('fe80::');
  octets.set(addressOctets(homeAddress).subarray(INTERFACE_IDENTIFIER), INTERFACE_IDENTIFIER);
  return addressText(octets);
}

const INTERFACE_IDENTIFIER = 8;
const LIFETIME_UNIT = 4;
