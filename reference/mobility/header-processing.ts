/**
 * What a node does with the home addresses in the headers of packets, RFC 6275 sections 9.3 and 11.3: on arrival before IPsec and after it, and on the
 * way out before it. Who is where is told by the binding cache; nothing here changes it (section 6.3).
 */
import { icvOctets, type SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { RoutingHeader } from '../wire/ip/extension-headers.ts';
import { extensionProtocols } from '../wire/ip/extension-headers.ts';
import {
  asAtHome,
  followed,
  headersBeforeAuthentication,
  homeAddressesIn,
  misshapenHomeAddress,
  routingHeadersOf,
  withHomeAddress,
  withRoutingHeader,
} from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { Binding } from './binding-cache.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

/** What the headers are read and made by. */
export interface Whereabouts {
  /** Of a correspondent's or home agent's binding cache. */
  binding(homeAddress: Address): Binding | undefined;
  /** A packet leaves by way of it. */
  used(now: Instant, binding: Binding): void;
  /** A packet came from where it says. */
  heard(binding: Binding): void;
  isOwnHomeAddress(address: Address): boolean;
  /** Any of this node's, a care-of address among them. */
  isOwnAddress(address: Address): boolean;
  /** Where a packet of this mobile node from its home address leaves, if the destination holds a binding to it. */
  careOfAddressTowards(destination: Address, homeAddress: Address): Address | undefined;
}

export type Arrived =
  /** To IPsec; `claim` is the home address that stands in an option. */
  | { readonly kind: 'goes-on'; readonly packet: Ipv6Packet; readonly claim?: Claim }
  /** Its sender is to have a Binding Error (`unknownBinding`), or a Parameter Problem that points at an octet of the packet. */
  | {
      readonly kind: 'refused';
      readonly refusal: Discarded;
      readonly unknownBinding?: Claim;
      readonly pointer?: number;
    };

/** Values from the wire. */
export interface Claim {
  readonly homeAddress: Address;
  readonly careOfAddress: Address;
  readonly vouchedBy: 'binding' | 'later';
  /** How many options there were. */
  readonly options: number;
}

export class HeaderProcessing {
  readonly #rules: MobilityRules;
  readonly #whereabouts: Whereabouts;

  constructor(rules: MobilityRules, whereabouts: Whereabouts) {
    this.#rules = rules;
    this.#whereabouts = whereabouts;
  }

  /** A packet to this node, before IPsec. */
  arrives(packet: Ipv6Packet): Arrived {
    const routed = this.#follows(packet);
    if ('rule' in routed) return { kind: 'refused', refusal: routed };
    const ahead = { extensions: headersBeforeAuthentication(routed) };
    const misshapen = this.#misshapen(packet, 0);
    if (misshapen) return misshapen;
    const homeAddresses = homeAddressesIn(ahead);
    const [homeAddress] = homeAddresses;
    if (homeAddress === undefined) return { kind: 'goes-on', packet: routed };
    if (!this.#rules.homeAddressesAcceptable(homeAddresses.length)) {
      return { kind: 'refused', refusal: refusal('homeAddressesAcceptable', homeAddresses.join(', ')) };
    }
    return this.#claimed(routed, homeAddress, homeAddresses.length);
  }

  /** The same packet as AH or ESP let it out, behind the headers that were `read` before; what is none of that place is found in the end (`vouched`). */
  arrivesOn(packet: Ipv6Packet, read: number): Arrived {
    return this.#misshapen(packet, read) ?? { kind: 'goes-on', packet };
  }

  /** The same packet after IPsec, as upper layers see it, or why nothing vouched for its home address. */
  vouched(packet: Ipv6Packet, through: readonly SadEntry[], claim: Claim | undefined): Ipv6Packet | Discarded {
    const unfollowed = routingHeadersOf(packet).filter(({ segmentsLeft }) => segmentsLeft > 0).length;
    if (!this.#rules.routingHeaderPlaceAcceptable(unfollowed)) {
      return refusal('routingHeaderPlaceAcceptable', `${unfollowed} came out of IPsec`);
    }
    const hidden = homeAddressesIn(packet).length - (claim?.options ?? 0);
    if (!this.#rules.homeAddressPlaceAcceptable(hidden)) {
      return refusal('homeAddressPlaceAcceptable', `${hidden} came out of IPsec`);
    }
    if (!claim) return asAtHome(packet);
    const { homeAddress, careOfAddress } = claim;
    const needsIpsec = claim.vouchedBy === 'later' && through.length > 0;
    if (needsIpsec && !this.#rules.securityAssociationsVouch(through.map(icvOctets))) {
      return refusal('securityAssociationsVouch', `${homeAddress} from ${careOfAddress}: no SA authenticates it`);
    }
    return { ...asAtHome(packet), source: this.#rules.sourceForUpperLayers(homeAddress, careOfAddress) };
  }

  /** A packet of this node's own, before IPsec. Mobility Headers have what headers they need. */
  leaves(now: Instant, packet: Ipv6Packet): Ipv6Packet {
    const careOfAddress = this.#whereabouts.careOfAddressTowards(packet.destination, packet.source);
    const optioned = careOfAddress === undefined ? packet : withHomeAddress(packet, careOfAddress);
    const binding = this.#whereabouts.binding(packet.destination);
    if (!binding || !this.#rules.routesToCareOfAddress(binding)) return optioned;
    this.#whereabouts.used(now, binding);
    return withRoutingHeader(optioned, binding.careOfAddress);
  }

  #misshapen(packet: Ipv6Packet, read: number): Arrived | undefined {
    const misshapen = misshapenHomeAddress({ extensions: headersBeforeAuthentication(packet) }, read);
    if (!misshapen || this.#rules.homeAddressLengthAcceptable(misshapen.length)) return undefined;
    const why = refusal('homeAddressLengthAcceptable', `${misshapen.length} octets from ${packet.source}`);
    return { kind: 'refused', refusal: why, pointer: misshapen.lengthAt };
  }

  /** Each in its turn, as any other header that stands there more than once (RFC 8200 section 4.1). */
  #follows(packet: Ipv6Packet): Ipv6Packet | Discarded {
    return routingHeadersOf({ extensions: headersBeforeAuthentication(packet) }).reduce<Ipv6Packet | Discarded>(
      (sofar, header) => ('rule' in sofar ? sofar : this.#followsOne(sofar, header)),
      packet,
    );
  }

  #followsOne(packet: Ipv6Packet, header: RoutingHeader): Ipv6Packet | Discarded {
    const [homeAddress] = header.addresses ?? [];
    const headerLength = header.headerLength ?? 2;
    const isHomeAddress = homeAddress !== undefined && this.#whereabouts.isOwnHomeAddress(homeAddress);
    const { segmentsLeft } = header;
    if (
      homeAddress !== undefined &&
      this.#rules.routingHeaderAcceptable({ headerLength, segmentsLeft, isHomeAddress })
    ) {
      return followed(packet, header);
    }
    const says = `length ${headerLength}, ${segmentsLeft} segments left, to ${header.addresses?.join(', ') ?? 'no address'}`;
    return refusal('routingHeaderAcceptable', says);
  }

  #claimed(packet: Ipv6Packet, homeAddress: Address, options: number): Arrived {
    const careOfAddress = packet.source;
    const refused = (rule: Parameters<typeof refusal>[0]): Discarded =>
      refusal(rule, `${homeAddress} from ${careOfAddress}`);
    if (!this.#rules.homeAddressRoutable(homeAddress)) {
      return { kind: 'refused', refusal: refused('homeAddressRoutable') };
    }
    if (!this.#rules.homeAddressOfAnother(this.#whereabouts.isOwnAddress(homeAddress))) {
      return { kind: 'refused', refusal: refused('homeAddressOfAnother') };
    }
    const claim = { homeAddress, careOfAddress, options };
    const binding = this.#whereabouts.binding(homeAddress);
    if (this.#rules.bindingVouches(binding, careOfAddress)) {
      if (binding) this.#whereabouts.heard(binding);
      return { kind: 'goes-on', packet, claim: { ...claim, vouchedBy: 'binding' } };
    }
    const later: Claim = { ...claim, vouchedBy: 'later' };
    if (this.#rules.vouchedForLater(nextAfterOption(packet))) return { kind: 'goes-on', packet, claim: later };
    return { kind: 'refused', refusal: refused('bindingVouches'), unknownBinding: later };
  }
}

/** What the header with the option announces (section 9.3.1). */
function nextAfterOption({ extensions, protocol }: Ipv6Packet): number {
  const at = extensions.findIndex(
    (header) => header.type === 'destinationOptions' && header.options.some(({ type }) => type === 'homeAddress'),
  );
  const next = extensions[at + 1];
  return next ? extensionProtocols[next.type] : protocol;
}
