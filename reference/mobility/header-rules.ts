/** What is decided about home address options and type 2 routing headers, and about the tunnels between a mobile node and its home agent. */
import { type Address, isLinkLocal, isMulticast } from '../wire/address.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { Binding } from './binding-cache.ts';

export interface HeaderRules {
  /** 6.3, 9.3.1, 9.5.1: a home address is a unicast routable address, be it in an option or, of a binding update, in the header. */
  homeAddressRoutable(homeAddress: Address): boolean;
  /** 6.3: one home address option for each IPv6 header at most. */
  homeAddressesAcceptable(count: number): boolean;
  /** 6.3: the option stands before AH and ESP, so that it is read before them; `hidden` is how many came out of those. */
  homeAddressPlaceAcceptable(hidden: number): boolean;
  /** 9.3.1: before ESP, AH or a Mobility Header the option is processed although nothing vouches for it yet. */
  vouchedForLater(nextHeader: number): boolean;
  /** 9.3.1: before anything else it needs a binding to where the packet comes from. */
  bindingVouches(binding: Binding | undefined, careOfAddress: Address): boolean;
  /** 9.3.1, DUPONT A: what vouches later is an SA that authenticates; how many octets of ICV each has that the packet came under. */
  securityAssociationsVouch(icvOctets: readonly number[]): boolean;
  /** 9.3.3: a Binding Error goes to a unicast address only. */
  bindingErrorMayBeSent(source: Address): boolean;
  /** 9.3.1: upper layers see the home address. */
  sourceForUpperLayers(homeAddress: Address, careOfAddress: Address): Address;
  /** 11.3.3: length 2, one segment left, and an address that is a home address of this node. */
  routingHeaderAcceptable(header: RoutingHeaderClaim): boolean;
  /** 9.3.2: what is sent to a home address with a binding goes by way of the care-of address. */
  routesToCareOfAddress(binding: Binding): boolean;
}

export interface RoutingHeaderClaim {
  /** In units of 8 octets, the first not counted. */
  readonly headerLength: number;
  readonly segmentsLeft: number;
  readonly isHomeAddress: boolean;
}

export const headerSections = {
  homeAddressRoutable: 'RFC 6275 9.3.1',
  homeAddressesAcceptable: 'RFC 6275 6.3',
  homeAddressPlaceAcceptable: 'RFC 6275 6.3',
  vouchedForLater: 'RFC 6275 9.3.1',
  bindingVouches: 'RFC 6275 9.3.1',
  securityAssociationsVouch: 'RFC 6275 9.3.1',
  bindingErrorMayBeSent: 'RFC 6275 9.3.3',
  sourceForUpperLayers: 'RFC 6275 9.3.1',
  routingHeaderAcceptable: 'RFC 6275 11.3.3',
  routesToCareOfAddress: 'RFC 6275 9.3.2',
} as const satisfies Record<keyof HeaderRules, string>;

export const headerRules: HeaderRules = {
  homeAddressRoutable: isUnicastRoutable,
  homeAddressesAcceptable: (count) => count <= 1,
  homeAddressPlaceAcceptable: (hidden) => hidden === 0,
  vouchedForLater: (nextHeader) => vouchers.has(nextHeader),
  bindingVouches: (binding, careOfAddress) => binding?.careOfAddress === careOfAddress,
  securityAssociationsVouch: (icvOctets) => icvOctets.some((octets) => octets > 0),
  bindingErrorMayBeSent: isUnicastRoutable,
  sourceForUpperLayers: (homeAddress) => homeAddress,
  routingHeaderAcceptable: ({ headerLength, segmentsLeft, isHomeAddress }) =>
    headerLength === 2 && segmentsLeft === 1 && isHomeAddress,
  routesToCareOfAddress: () => true,
};

/** Neither a group, nor of one link, nor one that stands for nobody or for oneself (RFC 4291 sections 2.4 and 2.5). */
export function isUnicastRoutable(address: Address): boolean {
  return !isMulticast(address) && !isLinkLocal(address) && address !== '::' && address !== '::1';
}

const vouchers: ReadonlySet<number> = new Set([protocols.ESP, protocols.AH, protocols['Mobility Header']]);
