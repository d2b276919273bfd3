/** What a correspondent node decides about tests of return routability and about its bindings (RFC 6275 section 9). */
import type { Address } from '../wire/address.ts';
import type { BindingUpdate } from '../wire/mobility/message.ts';
import { bindingStatusCodes as statuses } from '../wire/mobility/registry.ts';
import { isUnicastRoutable } from './header-rules.ts';
import {
  AUTHENTICATOR,
  bindingManagementKey,
  MAX_NONCE_LIFETIME,
  MAX_RR_BINDING_LIFETIME,
} from './return-routability.ts';

/** Lifetimes, ages and intervals are seconds. */
export interface CorrespondentRules {
  /** 9.4.1, 9.4.2: a test with a home address option is silently ignored. */
  testInitAcceptable(hasHomeAddressOption: boolean): boolean;
  /** RFC 4291 2.5.2: nothing that is addressed to nobody is an answer. What came from a group has gone no further (`sourceAcceptable` of a host). */
  answerMayBeSent(destination: Address): boolean;
  /** 5.2.5: which octet tells the two tokens apart. */
  tokenOctet(which: 'home' | 'care-of'): number;
  /** 5.2.7: a nonce of this age makes no new tokens. */
  nonceRenewed(age: number): boolean;
  /** 5.2.7: what was made from a nonce of this age is believed. */
  nonceAcceptable(age: number): boolean;

  /** 6.1.7: L and K are a home agent's business. */
  flagsAcceptable(
    flags: Pick<BindingUpdate, 'linkLocalAddressCompatibility' | 'keyManagementMobilityCapability'>,
  ): boolean;
  /** 6.1.7: the care-of address is a unicast routable address, as the home address is (`homeAddressRoutable`). */
  careOfAddressRoutable(careOfAddress: Address): boolean;
  /** 9.5.1: the care-of address is the one in the option, if there is one. */
  careOfAddressNamed(source: Address, alternate: Address | undefined): Address;
  /** 9.5.1: a lifetime of zero deletes; so does the home address as care-of address (RFC 3775 9.5.1), which nothing could be sent by way of. */
  deletes(update: { readonly lifetime: number; readonly isAtHome: boolean }): boolean;
  /** 9.5.1: without H the Nonce Indices option is there, with H it is not. */
  nonceIndicesAsRequired(present: boolean, homeRegistration: boolean): boolean;
  /** 9.5.1, 6.2.7: Binding Authorization Data is there and the last option, with no padding behind it, and has 12 octets. */
  authorizationDataAcceptable(
    data: { readonly place: 'last' | 'before others'; readonly octets: number } | undefined,
  ): boolean;
  /** 9.5.1: what an update is told whose nonces are not both known, or undefined where they are. */
  nonceStatus(known: { readonly home: boolean; readonly careOf: boolean }): number | undefined;
  /** 9.5.1: which nonces an update needs: of a deletion the home nonce alone is looked at. */
  careOfNonceNeeded(deletes: boolean): boolean;
  /** 5.2.5: Kbm is made of both tokens, of a deletion's home keygen token alone. */
  bindingManagementKeyOf(homeToken: Uint8Array, careOfToken: Uint8Array | undefined): Uint8Array;
  /** 6.2.7: the address that the authenticator covers: the care-of address, of a deletion the home address. */
  authenticatedAddress(update: {
    readonly deletes: boolean;
    readonly homeAddress: Address;
    readonly careOfAddress: Address;
  }): Address;
  /** 9.5.1: the authenticator is that of the update. */
  authenticatorAcceptable(holds: boolean): boolean;
  /** 9.5.3: nonces that made a binding at these two addresses never do so again, once it is deleted. */
  noncesUsable(wereUsed: boolean): boolean;
  /** 9.5.1: greater than the last one, modulo 65536; any will do where there is none. */
  sequenceNumberAcceptable(sequenceNumber: number, last: number | undefined): boolean;
  /** 5.2.8: of a binding that is gone the sequence number counts as long as its nonces are believed. */
  formerSequenceNumberCounts(): boolean;
  /** 9.5.1: a binding stays what it is, a home registration or none. */
  registrationTypeAcceptable(existing: boolean | undefined, homeRegistration: boolean): boolean;
  /** 10.3.1: who is no home agent takes no home registration. */
  homeRegistrationSupported(): boolean;
  /** 9.5.1: an SA is no substitute for return routability, unless the node is told that it is (DUPONT E1). */
  ipsecTrusted(told: boolean): boolean;
  /** DUPONT E1: an SA that authenticates, for nothing but the home address, authorises an update (RFC 6275 9.5.1 wants return routability always). */
  securityAssociationAuthorizes(sa: VouchingSa): boolean;
  /** DUPONT E2: what is registered under an SA stands where the SA protects it. */
  careOfAddressProtected(where: 'option' | 'header under AH' | 'header under ESP'): boolean;

  /** 8.2: where route optimization is turned off no binding is made, and status 129 says so; what there is may still be deleted. */
  bindingsAllowed(areAllowed: boolean): boolean;
  /** 9.5.2: there is room for one more; beside so many others. Here the one used longest ago gives way (9.6), and none is refused. */
  bindingMayBeMade(others: number): boolean;
  /** 9.5.2, 5.2.6: no longer than asked for, than the node grants, and than 420 s where return routability authorised it. In units of 4 s. */
  bindingLifetime(asked: number, bound: { readonly longest: number; readonly byTests: boolean }): number;
  /** 9.5.4: an acknowledgement is sent where it is asked for, and always about nonces, sequence numbers and resources. */
  updateAcknowledged(asked: boolean, status: number): boolean;
  /** 9.5.4: no authenticator goes with the statuses about nonces, and one with every other. */
  acknowledgementAuthenticated(status: number): boolean;
  /** 9.5.4: it goes to where the update came from, and by a routing header with the home address unless that is where it came from. */
  acknowledgementDestination(
    source: Address,
    homeAddress: Address,
  ): { readonly destination: Address; readonly by?: Address };
  /** 9.5.1, 6.1.8: the sequence number is that of the update; the last one accepted, where that is what is wrong. */
  acknowledgedSequenceNumber(status: number, given: number, last: number): number;
  /** 9.5.5: a binding that a packet uses in the last quarter of its lifetime is to be refreshed; asked for again after 10 s. */
  refreshRequested(binding: { readonly lifetime: number; readonly left: number; readonly sinceLast: number }): boolean;
  /** 9.3.4: a binding whose packets come back as undeliverable again and again is deleted; `errors` in a row over so many seconds. */
  unreachabilityPersists(errors: number, over: number): boolean;
}

export interface VouchingSa {
  /** Octets of ICV that each SA has which the update came under. */
  readonly icvOctets: readonly number[];
  /** The innermost carries traffic of the home address only. */
  readonly isOfHomeAddress: boolean;
}

export const correspondentSections = {
  testInitAcceptable: 'RFC 6275 9.4.1, 9.4.2',
  answerMayBeSent: 'RFC 4291 2.5.2, RFC 6275 9.5.4',
  tokenOctet: 'RFC 6275 5.2.5',
  nonceRenewed: 'RFC 6275 5.2.7',
  nonceAcceptable: 'RFC 6275 5.2.7',
  flagsAcceptable: 'RFC 6275 6.1.7',
  careOfAddressRoutable: 'RFC 6275 6.1.7',
  careOfAddressNamed: 'RFC 6275 9.5.1',
  deletes: 'RFC 6275 9.5.1, RFC 3775 9.5.1',
  nonceIndicesAsRequired: 'RFC 6275 9.5.1',
  authorizationDataAcceptable: 'RFC 6275 9.5.1, 6.2.7',
  nonceStatus: 'RFC 6275 9.5.1',
  careOfNonceNeeded: 'RFC 6275 9.5.1',
  bindingManagementKeyOf: 'RFC 6275 5.2.5',
  authenticatedAddress: 'RFC 6275 6.2.7',
  authenticatorAcceptable: 'RFC 6275 9.5.1',
  noncesUsable: 'RFC 6275 9.5.3',
  sequenceNumberAcceptable: 'RFC 6275 9.5.1',
  formerSequenceNumberCounts: 'RFC 6275 5.2.8',
  registrationTypeAcceptable: 'RFC 6275 9.5.1',
  homeRegistrationSupported: 'RFC 6275 10.3.1',
  ipsecTrusted: 'RFC 6275 9.5.1, DUPONT 2.5 E1',
  securityAssociationAuthorizes: 'DUPONT 2.5 E1',
  careOfAddressProtected: 'DUPONT 2.5 E2',
  bindingsAllowed: 'RFC 6275 8.2, 6.1.8',
  bindingMayBeMade: 'RFC 6275 9.5.2',
  bindingLifetime: 'RFC 6275 9.5.2, 5.2.6',
  updateAcknowledged: 'RFC 6275 9.5.4',
  acknowledgementAuthenticated: 'RFC 6275 9.5.4',
  acknowledgementDestination: 'RFC 6275 9.5.4',
  acknowledgedSequenceNumber: 'RFC 6275 9.5.1, 6.1.8',
  refreshRequested: 'RFC 6275 9.5.5',
  unreachabilityPersists: 'RFC 6275 9.3.4',
} as const satisfies Record<keyof CorrespondentRules, string>;

export const correspondentRules: CorrespondentRules = {
  testInitAcceptable: (hasHomeAddressOption) => !hasHomeAddressOption,
  answerMayBeSent: (destination) => destination !== '::',
  tokenOctet: (which) => (which === 'home' ? 0 : 1),
  nonceRenewed: (age) => age >= NONCE_INTERVAL,
  nonceAcceptable: (age) => age <= MAX_NONCE_LIFETIME,
  flagsAcceptable: () => true,
  careOfAddressRoutable: isUnicastRoutable,
  careOfAddressNamed: (source, alternate) => alternate ?? source,
  deletes: ({ lifetime, isAtHome }) => lifetime === 0 || isAtHome,
  nonceIndicesAsRequired: (present, homeRegistration) => present !== homeRegistration,
  authorizationDataAcceptable: (data) => data?.place === 'last' && data.octets === AUTHENTICATOR,
  nonceStatus({ home, careOf }) {
    if (home && careOf) return undefined;
    if (home) return statuses['Expired care-of nonce index'];
    return careOf ? statuses['Expired home nonce index'] : statuses['Expired nonces'];
  },
  careOfNonceNeeded: (deletes) => !deletes,
  bindingManagementKeyOf: bindingManagementKey,
  authenticatedAddress: ({ deletes, homeAddress, careOfAddress }) => (deletes ? homeAddress : careOfAddress),
  authenticatorAcceptable: (holds) => holds,
  noncesUsable: (wereUsed) => !wereUsed,
  sequenceNumberAcceptable: (sequenceNumber, last) => last === undefined || isGreater(sequenceNumber, last),
  formerSequenceNumberCounts: () => true,
  registrationTypeAcceptable: (existing, homeRegistration) => existing === undefined || existing === homeRegistration,
  homeRegistrationSupported: () => false,
  ipsecTrusted: (told) => told,
  securityAssociationAuthorizes: ({ icvOctets, isOfHomeAddress }) =>
    isOfHomeAddress && icvOctets.some((octets) => octets > 0),
  careOfAddressProtected: (where) => where !== 'header under ESP',
  bindingsAllowed: (areAllowed) => areAllowed,
  bindingMayBeMade: () => true,
  bindingLifetime(asked, { longest, byTests }) {
    const bound = byTests ? Math.min(longest, MAX_RR_BINDING_LIFETIME) : longest;
    return Math.min(asked, Math.floor(bound / 4));
  },
  updateAcknowledged: (asked, status) => asked || acknowledgedAlways.has(status),
  acknowledgementAuthenticated: (status) => !aboutNonces.has(status),
  acknowledgementDestination: (source, homeAddress) =>
    source === homeAddress ? { destination: source } : { destination: homeAddress, by: source },
  acknowledgedSequenceNumber: (status, given, last) =>
    status === statuses['Sequence number out of window'] ? last : given,
  refreshRequested: ({ lifetime, left, sinceLast }) => left <= lifetime / 4 && sinceLast >= REFRESH_INTERVAL,
  unreachabilityPersists: (errors, over) => errors >= 3 && over >= 2,
};

/** 9.5.1: by one to 32767, modulo 65536. */
export function isGreater(sequenceNumber: number, last: number): boolean {
  const ahead = (sequenceNumber - last) & 0xffff;
  return ahead > 0 && ahead < 0x8000;
}

const aboutNonces: ReadonlySet<number> = new Set([
  statuses['Expired home nonce index'],
  statuses['Expired care-of nonce index'],
  statuses['Expired nonces'],
]);

const acknowledgedAlways: ReadonlySet<number> = new Set([
  ...aboutNonces,
  statuses['Sequence number out of window'],
  statuses['Insufficient resources'],
  // 9.5.1 and 10.3.1 say of these, too, that they are sent.
  statuses['Registration type change disallowed'],
  statuses['Home registration not supported'],
]);

/** In seconds; 5.2.7 calls the first convenient, the other is this node's choice. */
const NONCE_INTERVAL = 30;
const REFRESH_INTERVAL = 10;
