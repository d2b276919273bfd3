/**
 * What a packet shows to selectors, RFC 4301 section 4.4.1.1: addresses, next layer protocol, and ports, ICMP type and code, or the type of a
 * Mobility Header. What
 * cannot be seen (a fragment without its upper-layer header, a header cut short, a protocol without ports) is OPAQUE: absent here.
 */
import type { Address } from '../wire/address.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16 } from '../wire/octets.ts';
import { icmpPort, mobilityPort } from './traffic-selector.ts';

export interface PacketSelectors {
  readonly source: Address;
  readonly destination: Address;
  /** The next layer protocol: the first after any IPv6 extension headers (RFC 4301 4.4.1.1). */
  readonly protocol: number;
  /** Differentiated services code point: no selector of its own (RFC 4301 4.1), shown to whoever takes it for one. */
  readonly dscp?: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  /** For ICMP and ICMPv6, in the place of both ports. */
  readonly icmp?: { readonly type: number; readonly code: number };
  /** For the Mobility Header, likewise. */
  readonly mobilityHeaderType?: number;
}

/** The same packet's fields as this node sees them: local and remote rather than source and destination. */
export interface Flow {
  readonly local: Address;
  readonly remote: Address;
  readonly protocol: number;
  readonly dscp?: number;
  /** Port, ICMP type and code, or the type of a Mobility Header; absent when OPAQUE. */
  readonly localPort?: number;
  readonly remotePort?: number;
}

export type Direction = 'in' | 'out';

export type PolicyAddresses = (packet: IpPacket) => { readonly source: Address; readonly destination: Address };

const ofHeader: PolicyAddresses = ({ source, destination }) => ({ source, destination });

/** `addressesOf` says which addresses of a packet the policy is about: those of its header unless told otherwise. */
export function selectorsOfPacket(packet: IpPacket, addressesOf: PolicyAddresses = ofHeader): PacketSelectors {
  const { dscp, payload } = packet;
  const { source, destination } = addressesOf(packet);
  const protocol = nextLayerProtocol(packet);
  const addresses = { source, destination, protocol, ...(dscp !== undefined && { dscp }) };
  if (isLaterFragment(packet)) return addresses;
  if (isIcmp(protocol)) {
    return payload.length < 2 ? addresses : { ...addresses, icmp: { type: payload[0]!, code: payload[1]! } };
  }
  if (protocol === MOBILITY) {
    return payload.length < 3 ? addresses : { ...addresses, mobilityHeaderType: payload[MH_TYPE]! };
  }
  if (!portedProtocols.has(protocol) || payload.length < 4) return addresses;
  return { ...addresses, sourcePort: readU16(payload), destinationPort: readU16(payload, 2) };
}

/** RFC 4301 4.4.1.1: AH is no extension header to skip, but a next layer protocol as ESP is. */
function nextLayerProtocol(packet: IpPacket): number {
  if (packet.version === 4) return packet.protocol;
  return packet.extensions.some(({ type }) => type === 'authentication') ? protocols.AH : packet.protocol;
}

export function flowOf(packet: PacketSelectors, direction: Direction): Flow {
  const { source, destination, icmp } = packet;
  const common = { protocol: packet.protocol, ...(packet.dscp !== undefined && { dscp: packet.dscp }) };
  const inPlace = icmp ? icmpPort(icmp.type, icmp.code) : typePort(packet.mobilityHeaderType);
  const { sourcePort = inPlace, destinationPort = inPlace } = packet;
  return direction === 'out'
    ? { local: source, remote: destination, ...common, localPort: sourcePort, remotePort: destinationPort }
    : { local: destination, remote: source, ...common, localPort: destinationPort, remotePort: sourcePort };
}

const typePort = (type: number | undefined): number | undefined => (type === undefined ? type : mobilityPort(type));

/** For people: `udp 192.0.2.1:7 > 192.0.2.2:7` without names for the protocol. */
export function packetText({
  source,
  destination,
  protocol,
  sourcePort,
  destinationPort,
  icmp,
  mobilityHeaderType,
}: PacketSelectors): string {
  const ports = sourcePort === undefined ? '' : ` ports ${sourcePort} > ${destinationPort}`;
  const message = icmp ? ` type ${icmp.type} code ${icmp.code}` : '';
  const mobility = mobilityHeaderType === undefined ? '' : ` MH type ${mobilityHeaderType}`;
  return `${source} > ${destination} protocol ${protocol}${ports}${message}${mobility}`;
}

export function isIcmp(protocol: number): boolean {
  return protocol === protocols.ICMP || protocol === protocols['IPv6-ICMP'];
}

/** Nothing of its upper layer's header is in it. */
export function isLaterFragment(packet: IpPacket): boolean {
  if (packet.version === 4) return (packet.fragmentOffset ?? 0) > 0;
  return packet.extensions.some((header) => header.type === 'fragment' && header.fragmentOffset > 0);
}

const portedProtocols: ReadonlySet<number> = new Set([protocols.TCP, protocols.UDP, protocols.SCTP, protocols.UDPLite]);

const MOBILITY = protocols['Mobility Header'];
/** Where its type stands in it (RFC 6275 section 6.1.1). */
const MH_TYPE = 2;
