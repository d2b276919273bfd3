/**
 * The two headers that carry a home address in a packet's own, RFC 6275 sections 6.3 and 6.4: put in on the way out, taken out on the way in. The home
 * address option stands after a routing header and before Fragment, AH and ESP; the type 2 routing header after other routing headers. AH and the SPD
 * see the packet as at home (sections 9.3.1, 9.3.2, 11.3.2); that is `reference/ipsec`'s concern.
 */
import type { Address } from '../address.ts';
import {
  type ExtensionHeader,
  extensionHeaders,
  extensionProtocols,
  homeAddressHeader,
  type Ipv6Option,
  optionTypes,
  type RoutingHeader,
  routingTypes,
} from './extension-headers.ts';
import type { Ipv6Packet } from './ipv6.ts';

/** Every home address that an option of this header chain names, in order. */
export function homeAddressesIn({ extensions }: Pick<Ipv6Packet, 'extensions'>): readonly Address[] {
  return extensions.flatMap((header) =>
    header.type === 'destinationOptions'
      ? header.options.flatMap((option) => (option.type === 'homeAddress' ? [option.homeAddress] : []))
      : [],
  );
}

/** A home address option that is not 16 octets long (section 6.3), which therefore names no address. */
export interface MisshapenHomeAddress {
  /** What its length field says, in octets. */
  readonly length: number;
  /** Where in the packet that field stands. */
  readonly lengthAt: number;
}

/** The first of this header chain, of which so many headers, `read`, are left out. */
export function misshapenHomeAddress(
  { extensions }: Pick<Ipv6Packet, 'extensions'>,
  read: number,
): MisshapenHomeAddress | undefined {
  let headerAt = FIXED_HEADER;
  for (const [place, header] of extensions.entries()) {
    if (header.type === 'destinationOptions' && place >= read) {
      let at = headerAt + 2;
      for (const option of header.options) {
        if (option.type === 'option' && option.optionType === optionTypes['Home Address']) {
          return { length: option.data.length, lengthAt: at + 1 };
        }
        at += octetsOf(option);
      }
    }
    headerAt += extensionHeaders.get(extensionProtocols[header.type])!.encode(header).length;
  }
  return undefined;
}

/** The packet of a mobile node as it leaves its care-of address: its source is in the option (section 11.3.1). */
export function withHomeAddress(packet: Ipv6Packet, careOfAddress: Address): Ipv6Packet {
  const header = homeAddressHeader(packet.source);
  return { ...inserted(packet, header), source: careOfAddress };
}

/** The packet to a mobile node by way of its care-of address (section 9.3.2). */
export function withRoutingHeader(packet: Ipv6Packet, careOfAddress: Address): Ipv6Packet {
  const header: RoutingHeader = {
    type: 'routing',
    routingType: routingTypes['Type 2 Routing Header'],
    segmentsLeft: 1,
    addresses: [packet.destination],
  };
  return { ...inserted(packet, header), destination: careOfAddress };
}

/** The type 2 routing headers of a packet, in order. */
export function routingHeadersOf({ extensions }: Pick<Ipv6Packet, 'extensions'>): readonly RoutingHeader[] {
  return extensions.filter(isType2);
}

/** The first of them. */
export function routingHeaderOf(packet: Ipv6Packet): RoutingHeader | undefined {
  return routingHeadersOf(packet)[0];
}

/** The packet with its type 2 routing header followed: to the home address, no segment left (section 11.3.3). */
export function followed(packet: Ipv6Packet, header: RoutingHeader): Ipv6Packet {
  const processed = { ...header, segmentsLeft: 0, addresses: [packet.destination, ...header.addresses!.slice(1)] };
  const extensions = packet.extensions.map((each) => (each === header ? processed : each));
  return { ...packet, destination: header.addresses![0]!, extensions };
}

/** The headers that are read before AH; those before ESP are all that can be seen of such a packet. */
export function headersBeforeAuthentication({ extensions }: Ipv6Packet): Ipv6Packet['extensions'] {
  const at = extensions.findIndex(({ type }) => type === 'authentication');
  return at < 0 ? extensions : extensions.slice(0, at);
}

/** The packet as upper layers see it: from the home address, without the headers that brought it here (sections 9.3.1 and 11.3.3). */
export function asAtHome(packet: Ipv6Packet): Ipv6Packet {
  const [homeAddress] = homeAddressesIn(packet);
  const extensions = packet.extensions.filter((header) => !isType2(header) && !holdsHomeAddress(header));
  if (extensions.length === packet.extensions.length) return packet;
  return { ...rechained(packet, extensions), source: homeAddress ?? packet.source };
}

function inserted(packet: Ipv6Packet, header: ExtensionHeader): Ipv6Packet {
  const before = packet.extensions.findLastIndex(({ type }) => type === 'hopByHop' || type === 'routing') + 1;
  return rechained(packet, packet.extensions.toSpliced(before, 0, header));
}

/** With what the chain says of itself worked out anew. */
function rechained(packet: Ipv6Packet, extensions: readonly ExtensionHeader[]): Ipv6Packet {
  return {
    ...packet,
    extensions: extensions.map((header) => ({ ...header, nextHeader: undefined })),
    nextHeader: undefined,
    payloadLength: undefined,
  };
}

const isType2 = (header: ExtensionHeader): header is RoutingHeader =>
  header.type === 'routing' && header.routingType === routingTypes['Type 2 Routing Header'];

const holdsHomeAddress = (header: ExtensionHeader): boolean =>
  header.type === 'destinationOptions' && header.options.some(({ type }) => type === 'homeAddress');

function octetsOf(option: Ipv6Option): number {
  if (option.type === 'pad1') return 1;
  return 2 + (option.type === 'homeAddress' ? 16 : option.data.length);
}

/** Of IPv6, in octets. */
const FIXED_HEADER = 40;
