/** What is decided about home address options and type 2 routing headers, and about the tunnels between a mobile node and its home agent. */
import { type Address, isLinkLocal, isMulticast, isV4Mapped } from '../wire/address.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { Binding } from './binding-cache.ts';

export interface HeaderRules {
  /** 6.3, 9.3.1, 9.5.1: a home address is a unicast routable address, be it in an option or, of a binding update, in the header. */
  homeAddressRoutable(homeAddress: Address): boolean;
  /** 6.3: the option is 16 octets long, and no other can be read; `octets` is what its length field says. */
  homeAddressLengthAcceptable(octets: number): boolean;
  /** 6.3: the home address is the sender's, so it is none of this node's own. */
  homeAddressOfAnother(isOwn: boolean): boolean;
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
  /** 6.3: an option that was vouched for changes no state, the binding cache least of all. */
  optionMakesBinding(): boolean;
  /** 9.3.3: a Binding Error goes to a unicast address only, thus not to nobody; what came from a group has gone no further (`sourceAcceptable` of a host). */
  bindingErrorMayBeSent(source: Address): boolean;
  /** 9.3.4, 11.3.5: an ICMPv6 error is one about a packet that left here: nobody ends a binding by one about a packet that he made up. */
  errorBelieved(wasSent: boolean): boolean;
  /** 9.3.1: upper layers see the home address. */
  sourceForUpperLayers(homeAddress: Address, careOfAddress: Address): Address;
  /** 11.3.3: length 2, one segment left, and an address that is a home address of this node. */
  routingHeaderAcceptable(header: RoutingHeaderClaim): boolean;
  /** 11.3.3, RFC 8200 4.1: the header stands before AH and ESP, which are of the home address; `hidden` is how many came out of those. */
  routingHeaderPlaceAcceptable(hidden: number): boolean;
  /** 9.3.2: what is sent to a home address with a binding goes by way of the care-of address. */
  routesToCareOfAddress(binding: Binding): boolean;
  /** 11.3.1, 9.3.2: what key management sends from or to a home address has the headers that any other packet has. */
  keyManagementLeavesAsOthers(): boolean;
}

export interface RoutingHeaderClaim {
  /** In units of 8 octets, the first not counted. */
  readonly headerLength: number;
  readonly segmentsLeft: number;
  readonly isHomeAddress: boolean;
}

export const headerSections = {
  homeAddressRoutable: 'RFC 6275 9.3.1',
  homeAddressLengthAcceptable: 'RFC 6275 6.3',
  homeAddressOfAnother: 'RFC 6275 6.3',
  homeAddressesAcceptable: 'RFC 6275 6.3',
  homeAddressPlaceAcceptable: 'RFC 6275 6.3',
  vouchedForLater: 'RFC 6275 9.3.1',
  bindingVouches: 'RFC 6275 9.3.1',
  securityAssociationsVouch: 'RFC 6275 9.3.1',
  optionMakesBinding: 'RFC 6275 6.3',
  bindingErrorMayBeSent: 'RFC 6275 9.3.3',
  errorBelieved: 'RFC 6275 9.3.4, 11.3.5',
  sourceForUpperLayers: 'RFC 6275 9.3.1',
  routingHeaderAcceptable: 'RFC 6275 11.3.3',
  routingHeaderPlaceAcceptable: 'RFC 6275 11.3.3',
  routesToCareOfAddress: 'RFC 6275 9.3.2',
  keyManagementLeavesAsOthers: 'RFC 6275 11.3.1, 9.3.2',
} as const satisfies Record<keyof HeaderRules, string>;

export const headerRules: HeaderRules = {
  homeAddressRoutable: isUnicastRoutable,
  homeAddressLengthAcceptable: (octets) => octets === 16,
  homeAddressOfAnother: (isOwn) => !isOwn,
  homeAddressesAcceptable: (count) => count <= 1,
  homeAddressPlaceAcceptable: (hidden) => hidden === 0,
  vouchedForLater: (nextHeader) => vouchers.has(nextHeader),
  bindingVouches: (binding, careOfAddress) => binding?.careOfAddress === careOfAddress,
  securityAssociationsVouch: (icvOctets) => icvOctets.some((octets) => octets > 0),
  optionMakesBinding: () => false,
  bindingErrorMayBeSent: (source) => source !== '::',
  errorBelieved: (wasSent) => wasSent,
  sourceForUpperLayers: (homeAddress) => homeAddress,
  routingHeaderAcceptable: ({ headerLength, segmentsLeft, isHomeAddress }) =>
    headerLength === 2 && segmentsLeft === 1 && isHomeAddress,
  routingHeaderPlaceAcceptable: (hidden) => hidden === 0,
  routesToCareOfAddress: () => true,
  keyManagementLeavesAsOthers: () => true,
};

/**
 * Neither a group, nor of one link, nor one that stands for nobody, for oneself (RFC 4291 sections 2.4 and 2.5) or for a node of IPv4, which is on no
 * wire of IPv6 (RFC 6890 section 2.2.3).
 */
export function isUnicastRoutable(address: Address): boolean {
  return (
    !isMulticast(address) && !isLinkLocal(address) && !isV4Mapped(address) && address !== '::' && address !== '::1'
  );
}

const vouchers: ReadonlySet<number> = new Set([protocols.ESP, protocols.AH, protocols['Mobility Header']]);
