/** What is decided by a home agent (RFC 6275 sections 10.3, 10.5 and 10.6): whose bindings it takes and what it answers. */
import type { Address } from '../wire/address.ts';
import { mobilityBounds } from './bounds.ts';
import type { VouchingSa } from './correspondent-rules.ts';
import type { FateOfKeyManagement } from './key-management.ts';

export interface HomeAgentRules {
  /** 5.1, RFC 4877 4.1: a home registration came under an SA that authenticates; how many octets of ICV each has. */
  registrationAuthenticated(icvOctets: readonly number[]): boolean;
  /** 10.3.1, RFC 4877 4.2: the SA is one of this home address alone: no mobile node may speak for another. */
  registrationOfItsHomeAddress(isOfHomeAddress: boolean): boolean;
  /** 9.5.1: a home registration has no Nonce Indices. */
  nonceIndicesAcceptable(present: boolean): boolean;
  /** 9.5.1: greater than the last one, modulo 2**16; any where none is known. */
  sequenceNumberGreater(received: number, last: number | undefined): boolean;
  /** 9.5.1: an acknowledgement of status 135 has the last number that was accepted. */
  sequenceNumberOfRefusal(received: number, last: number): number;
  /** 9.5.1: no update makes a home registration another binding, or the other way round. */
  registrationTypeKept(isHomeRegistration: boolean, bindingIs: boolean): boolean;
  /** 10.3.1: a registration has a home address option. 10.3.2: a mobile node at home may leave it out when it deregisters. */
  homeAddressOptionAcceptable(present: boolean, deregisters: boolean): boolean;
  /** 10.3.1: the home address is on the home link by a prefix that is valid yet, for a unit of a lifetime at least, else status 132. In seconds. */
  homeAddressOnHomeLink(isOnLink: boolean, validLifetime: number): boolean;
  /** 10.3.1: only those are served that it was told to serve, else status 133. */
  homeAddressServed(isServed: boolean): boolean;
  /** 10.3.1: a mobile node that may not be registered for now is told so with status 129. */
  registrationAllowed(isProhibited: boolean): boolean;
  /** 9.5.1: where the mobile node is: the Alternate Care-of Address, or else where the packet came from. */
  careOfAddressOf(alternate: Address | undefined, source: Address): Address;
  /** 9.5.1: nothing asks that a care-of address is authenticated, as it is in the option; DUPONT-E2 does. */
  careOfAddressAcceptable(isAuthenticated: boolean): boolean;
  /** 9.5.1: a lifetime of zero deregisters; so does, as RFC 3775 6.1.7 had it, a care-of address that is the home address: nobody is bound to where he is at home. */
  deregisters(lifetime: number, isAtHome: boolean): boolean;
  /** 10.3.2: only a home registration can be ended, else status 133. */
  deregistrationAcceptable(isRegistered: boolean): boolean;
  /** 10.3.2, 9.5.1: a registration whose addresses are tested yet is withdrawn by a later deregistration, and is never made. */
  deregistrationWithdraws(): boolean;

  /** 10.3.1: which addresses are to be the mobile node's alone: with L its link-local address, too. */
  addressesDefended(homeAddress: Address, linkLocalAddress: Address, linkLocal: boolean): readonly Address[];
  /** 10.3.1: an address is tested unless it is defended already. */
  needsDetection(isDefended: boolean): boolean;
  /** 10.3.1: while so many others wait for their test there is no room for one more, and status 130 says so. */
  testMayBegin(waiting: number): boolean;
  /** 10.3.1: the acknowledgement waits until every address was found to be nobody else's. */
  acknowledgementWaits(): boolean;
  /** 10.3.1: one duplicate refuses the whole update, with status 134. */
  duplicateRefuses(): boolean;
  /** 10.3.1: no longer than asked for, than its policy, and than the prefix is valid. In seconds, four of which are one unit. */
  lifetimeGranted(asked: number, longest: number, validLifetime: number): number;
  /** 10.3.1: status 1 where the prefix is deprecated before the binding ends, or becomes invalid with it; in units of four seconds. */
  prefixDiscoveryNecessary(granted: number, lifetimes: PrefixLifetimes): boolean;
  /** 10.3.1: K is set only where it was asked for, the SAs are negotiated, and the key management can follow the mobile node. */
  keyManagementMoves(asked: boolean, isNegotiated: boolean, canMove: boolean): boolean;
  /** 10.3.1: with K the peer's end of key management is moved to the new care-of address; without it what ends elsewhere is discarded. */
  keyManagementAfterBinding(isMovable: boolean): FateOfKeyManagement;
  /** 10.3.1, 10.3.2: an acknowledgement is returned whether or not it was asked for. */
  acknowledges(asked: boolean): boolean;
  /** 9.5.4: to where the update came from, whatever the binding cache says or said. */
  acknowledgementAddress(source: Address, formerPlace: Address | undefined): Address;
  /** 9.5.4: by a type 2 routing header where the update had a home address option, and only there. */
  acknowledgementRouted(hadOption: boolean): boolean;
  /** 10.3.2: how long the last sequence number outlives a deregistration, in milliseconds: MAX_DELETE_BCE_TIMEOUT. */
  deregisteredRemembered(): number;

  /** 10.5.1: a question to the anycast address of its home link is answered. */
  discoveryAnswered(): boolean;
  /** 10.6.2: a solicitation is answered right away; to a node without a binding, too, if IPsec vouches for it (10.6.3). */
  prefixSolicitationAnswered(isRegistered: boolean): boolean;
  /** 5.4, RFC 4877 4.2: where IPsec is required a solicitation came under an SA that authenticates, of this home address alone; else it acknowledges nothing. */
  prefixSolicitationVouchedFor(sa: VouchingSa): boolean;
}

/** In seconds. */
export interface PrefixLifetimes {
  readonly valid: number;
  readonly preferred: number;
}

export const homeAgentSections = {
  registrationAuthenticated: 'RFC 6275 5.1',
  registrationOfItsHomeAddress: 'RFC 6275 10.3.1, RFC 4877 4.2',
  nonceIndicesAcceptable: 'RFC 6275 9.5.1',
  sequenceNumberGreater: 'RFC 6275 9.5.1',
  sequenceNumberOfRefusal: 'RFC 6275 9.5.1',
  registrationTypeKept: 'RFC 6275 9.5.1',
  homeAddressOptionAcceptable: 'RFC 6275 10.3.1',
  homeAddressOnHomeLink: 'RFC 6275 10.3.1',
  homeAddressServed: 'RFC 6275 10.3.1',
  registrationAllowed: 'RFC 6275 10.3.1, 6.1.8',
  careOfAddressOf: 'RFC 6275 9.5.1',
  careOfAddressAcceptable: 'RFC 6275 9.5.1',
  deregisters: 'RFC 6275 9.5.1',
  deregistrationAcceptable: 'RFC 6275 10.3.2',
  deregistrationWithdraws: 'RFC 6275 10.3.2, 9.5.1',
  addressesDefended: 'RFC 6275 10.3.1',
  needsDetection: 'RFC 6275 10.3.1',
  testMayBegin: 'RFC 6275 10.3.1',
  acknowledgementWaits: 'RFC 6275 10.3.1',
  duplicateRefuses: 'RFC 6275 10.3.1',
  lifetimeGranted: 'RFC 6275 10.3.1',
  prefixDiscoveryNecessary: 'RFC 6275 10.3.1',
  keyManagementMoves: 'RFC 6275 10.3.1',
  keyManagementAfterBinding: 'RFC 6275 10.3.1',
  acknowledges: 'RFC 6275 10.3.1',
  acknowledgementAddress: 'RFC 6275 9.5.4',
  acknowledgementRouted: 'RFC 6275 9.5.4',
  deregisteredRemembered: 'RFC 6275 10.3.2',
  discoveryAnswered: 'RFC 6275 10.5.1',
  prefixSolicitationAnswered: 'RFC 6275 10.6.2',
  prefixSolicitationVouchedFor: 'RFC 6275 5.4, RFC 4877 4.2',
} as const satisfies Record<keyof HomeAgentRules, string>;

export const homeAgentRules: HomeAgentRules = {
  registrationAuthenticated: (icvOctets) => icvOctets.some((octets) => octets > 0),
  registrationOfItsHomeAddress: (isOfHomeAddress) => isOfHomeAddress,
  nonceIndicesAcceptable: (present) => !present,
  sequenceNumberGreater(received, last) {
    const ahead = last === undefined ? 1 : (received - last) & 0xffff;
    return ahead > 0 && ahead < 0x8000;
  },
  sequenceNumberOfRefusal: (_received, last) => last,
  registrationTypeKept: (isHomeRegistration, bindingIs) => isHomeRegistration === bindingIs,
  homeAddressOptionAcceptable: (present, deregisters) => present || deregisters,
  homeAddressOnHomeLink: (isOnLink, validLifetime) => isOnLink && inUnits(validLifetime) > 0,
  homeAddressServed: (isServed) => isServed,
  registrationAllowed: (isProhibited) => !isProhibited,
  careOfAddressOf: (alternate, source) => alternate ?? source,
  careOfAddressAcceptable: () => true,
  deregisters: (lifetime, isAtHome) => lifetime === 0 || isAtHome,
  deregistrationAcceptable: (isRegistered) => isRegistered,
  deregistrationWithdraws: () => true,

  addressesDefended: (homeAddress, linkLocalAddress, linkLocal) =>
    linkLocal ? [homeAddress, linkLocalAddress] : [homeAddress],
  needsDetection: (isDefended) => !isDefended,
  testMayBegin: (waiting) => waiting < mobilityBounds.registrationsUnderTest,
  acknowledgementWaits: () => true,
  duplicateRefuses: () => true,
  lifetimeGranted: (asked, longest, validLifetime) => Math.min(asked, longest, validLifetime),
  prefixDiscoveryNecessary: (granted, { valid, preferred }) =>
    inUnits(preferred) < inUnits(granted) || inUnits(valid) <= inUnits(granted),
  keyManagementMoves: (asked, isNegotiated, canMove) => asked && isNegotiated && canMove,
  keyManagementAfterBinding: (isMovable) => (isMovable ? 'follows' : 'discarded'),
  acknowledges: () => true,
  acknowledgementAddress: (source) => source,
  acknowledgementRouted: (hadOption) => hadOption,
  deregisteredRemembered: () => 10_000,

  discoveryAnswered: () => true,
  prefixSolicitationAnswered: () => true,
  prefixSolicitationVouchedFor: ({ icvOctets, isOfHomeAddress }) =>
    isOfHomeAddress && icvOctets.some((octets) => octets > 0),
};

/** Four seconds each (RFC 6275 10.3.1). */
const inUnits = (seconds: number): number => Math.floor(seconds / 4);
