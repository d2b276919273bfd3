/**
 * ICMPv6, RFC 4443, with the messages of neighbour discovery (RFC 4861 section 4, whose options are
 * `neighbor-discovery-options.ts`) and those by which a mobile node asks for home agents and prefixes (RFC 6275
 * sections 6.5 to 6.8, RFC 3963 section 7). Multicast listener discovery and other kinds without a declaration here are
 * `other`. The checksum needs the addresses: `encodeIcmpv6`.
 */
import { ipv6Address, ipv6Addresses } from './address-fields.ts';
import { bit, bits, optionalFlag, reservedBits } from './bit-fields.ts';
import { type Endpoints, pseudoHeaderChecksum } from './checksum.ts';
import { computed, constant, reserved, rest, surplus, u8, u16, u32 } from './fields.ts';
import { choice, list } from './groups.ts';
import { protocols } from './ip/protocols.ts';
import { type Part, type Structure, structure, type ValueOf } from './kernel.ts';
import { neighborDiscoveryOption } from './neighbor-discovery-options.ts';
import { writeNumber } from './writer.ts';

export type Icmpv6Message =
  | Icmpv6Echo
  | Icmpv6Error
  | RouterSolicitation
  | RouterAdvertisement
  | NeighborSolicitation
  | NeighborAdvertisement
  | Redirect
  | HomeAgentAddressDiscoveryRequest
  | HomeAgentAddressDiscoveryReply
  | MobilePrefixSolicitation
  | MobilePrefixAdvertisement
  | Icmpv6Other;
export type Icmpv6MessageOf<Kind extends Icmpv6Message['kind']> = Extract<Icmpv6Message, { kind: Kind }>;
export type Icmpv6Echo = ValueOf<typeof echo>;
export type Icmpv6Error =
  | ValueOf<typeof destinationUnreachable>
  | ValueOf<typeof packetTooBig>
  | ValueOf<typeof timeExceeded>
  | ValueOf<typeof parameterProblem>;
export type RouterSolicitation = ValueOf<typeof routerSolicitation>;
export type RouterAdvertisement = ValueOf<typeof routerAdvertisement>;
export type NeighborSolicitation = ValueOf<typeof neighborSolicitation>;
export type NeighborAdvertisement = ValueOf<typeof neighborAdvertisement>;
export type Redirect = ValueOf<typeof redirect>;
export type HomeAgentAddressDiscoveryRequest = ValueOf<typeof homeAgentAddressDiscoveryRequest>;
export type HomeAgentAddressDiscoveryReply = ValueOf<typeof homeAgentAddressDiscoveryReply>;
export type MobilePrefixSolicitation = ValueOf<typeof mobilePrefixSolicitation>;
export type MobilePrefixAdvertisement = ValueOf<typeof mobilePrefixAdvertisement>;
export type Icmpv6Other = ValueOf<typeof other>;

export const icmpv6Types = {
  'Destination Unreachable': 1,
  'Packet Too Big': 2,
  'Time Exceeded': 3,
  'Parameter Problem': 4,
  'Echo Request': 128,
  'Echo Reply': 129,
  'Multicast Listener Query': 130,
  'Multicast Listener Report': 131,
  'Multicast Listener Done': 132,
  'Router Solicitation': 133,
  'Router Advertisement': 134,
  'Neighbor Solicitation': 135,
  'Neighbor Advertisement': 136,
  'Redirect Message': 137,
  'Version 2 Multicast Listener Report': 143,
  'Home Agent Address Discovery Request': 144,
  'Home Agent Address Discovery Reply': 145,
  'Mobile Prefix Solicitation': 146,
  'Mobile Prefix Advertisement': 147,
} as const;

/** Codes of Destination Unreachable (RFC 4443 section 3.1). */
export const unreachableCodes = {
  'no route to destination': 0,
  'communication with destination administratively prohibited': 1,
  'beyond scope of source address': 2,
  'address unreachable': 3,
  'port unreachable': 4,
  'source address failed ingress/egress policy': 5,
  'reject route to destination': 6,
} as const;

/** Codes of Parameter Problem (RFC 4443 section 3.4, RFC 7112 section 5). */
export const parameterProblemCodes = {
  'erroneous header field encountered': 0,
  'unrecognized Next Header type encountered': 1,
  'unrecognized IPv6 option encountered': 2,
  'IPv6 First Fragment has incomplete IPv6 Header Chain': 3,
} as const;

const originalPacket = rest('originalPacket', 'Original Packet');
const options = list('options', neighborDiscoveryOption);

const echo = message('echo', 'Echo', [
  u16('identifier', 'Identifier'),
  u16('sequenceNumber', 'Sequence Number'),
  rest('data', 'Data'),
]);

const destinationUnreachable = message('destinationUnreachable', 'Destination Unreachable', [
  reserved(4),
  originalPacket,
]);
const packetTooBig = message('packetTooBig', 'Packet Too Big', [u32('mtu', 'MTU'), originalPacket]);
const timeExceeded = message('timeExceeded', 'Time Exceeded', [reserved(4), originalPacket]);
const parameterProblem = message('parameterProblem', 'Parameter Problem', [u32('pointer', 'Pointer'), originalPacket]);

const routerSolicitation = message('routerSolicitation', 'Router Solicitation', [reserved(4), options]);

/** Lifetime in seconds, timers in milliseconds; H is the home agent flag of RFC 6275 section 7.1. */
const routerAdvertisement = message('routerAdvertisement', 'Router Advertisement', [
  computed(u8('curHopLimit', 'Cur Hop Limit'), () => 64),
  bits('flags', 'Flags', 1, [
    optionalFlag('managed', 'Managed address configuration'),
    optionalFlag('otherConfiguration', 'Other configuration'),
    optionalFlag('homeAgent', 'Home Agent'),
    bit('preference', 2, 'Default Router Preference', () => 0),
    reservedBits('reservedBits', 3),
  ]),
  u16('routerLifetime', 'Router Lifetime (s)'),
  computed(u32('reachableTime', 'Reachable Time (ms)'), () => 0),
  computed(u32('retransTimer', 'Retrans Timer (ms)'), () => 0),
  options,
]);

const neighborSolicitation = message('neighborSolicitation', 'Neighbor Solicitation', [
  reserved(4),
  ipv6Address('targetAddress', 'Target Address'),
  options,
]);

const neighborAdvertisement = message('neighborAdvertisement', 'Neighbor Advertisement', [
  bits('flags', 'Flags', 4, [
    optionalFlag('router', 'Router'),
    optionalFlag('solicited', 'Solicited'),
    optionalFlag('override', 'Override'),
    reservedBits('reservedBits', 29),
  ]),
  ipv6Address('targetAddress', 'Target Address'),
  options,
]);

const redirect = message('redirect', 'Redirect', [
  reserved(4),
  ipv6Address('targetAddress', 'Target Address'),
  ipv6Address('destinationAddress', 'Destination Address'),
  options,
]);

const identifier = u16('identifier', 'Identifier');
const mobileRouterSupport = bits('flags', 'R, Reserved', 2, [
  optionalFlag('mobileRouterSupport', 'Mobile Router Support'),
  reservedBits('reservedBits', 15),
]);

const homeAgentAddressDiscoveryRequest = message(
  'homeAgentAddressDiscoveryRequest',
  'Home Agent Address Discovery Request',
  [identifier, mobileRouterSupport, surplus('trailer', 'Octets after the message')],
);

const homeAgentAddressDiscoveryReply = message('homeAgentAddressDiscoveryReply', 'Home Agent Address Discovery Reply', [
  identifier,
  mobileRouterSupport,
  ipv6Addresses('homeAgentAddresses', 'Home Agent Address'),
]);

const mobilePrefixSolicitation = message('mobilePrefixSolicitation', 'Mobile Prefix Solicitation', [
  identifier,
  reserved(2),
  options,
]);

const mobilePrefixAdvertisement = message('mobilePrefixAdvertisement', 'Mobile Prefix Advertisement', [
  identifier,
  bits('flags', 'M, O, Reserved', 2, [
    optionalFlag('managed', 'Managed Address Configuration'),
    optionalFlag('otherConfiguration', 'Other Stateful Configuration'),
    reservedBits('reservedBits', 14),
  ]),
  options,
]);

const other = message('other', 'Message', [rest('body', 'Message Body')]);

const kinds: Readonly<Record<Icmpv6Message['kind'], Structure<Icmpv6Message>>> = {
  echo,
  destinationUnreachable,
  packetTooBig,
  timeExceeded,
  parameterProblem,
  routerSolicitation,
  routerAdvertisement,
  neighborSolicitation,
  neighborAdvertisement,
  redirect,
  homeAgentAddressDiscoveryRequest,
  homeAgentAddressDiscoveryReply,
  mobilePrefixSolicitation,
  mobilePrefixAdvertisement,
  other,
};

const kindOfType: ReadonlyMap<number, Structure<Icmpv6Message>> = new Map([
  [icmpv6Types['Destination Unreachable'], kinds.destinationUnreachable],
  [icmpv6Types['Packet Too Big'], kinds.packetTooBig],
  [icmpv6Types['Time Exceeded'], kinds.timeExceeded],
  [icmpv6Types['Parameter Problem'], kinds.parameterProblem],
  [icmpv6Types['Echo Request'], kinds.echo],
  [icmpv6Types['Echo Reply'], kinds.echo],
  [icmpv6Types['Router Solicitation'], kinds.routerSolicitation],
  [icmpv6Types['Router Advertisement'], kinds.routerAdvertisement],
  [icmpv6Types['Neighbor Solicitation'], kinds.neighborSolicitation],
  [icmpv6Types['Neighbor Advertisement'], kinds.neighborAdvertisement],
  [icmpv6Types['Redirect Message'], kinds.redirect],
  [icmpv6Types['Home Agent Address Discovery Request'], kinds.homeAgentAddressDiscoveryRequest],
  [icmpv6Types['Home Agent Address Discovery Reply'], kinds.homeAgentAddressDiscoveryReply],
  [icmpv6Types['Mobile Prefix Solicitation'], kinds.mobilePrefixSolicitation],
  [icmpv6Types['Mobile Prefix Advertisement'], kinds.mobilePrefixAdvertisement],
]);

export const icmpv6Message = choice<Icmpv6Message>(
  'icmpv6',
  'Internet Control Message Protocol v6',
  ({ octets, offset, left }) => (left > 0 && kindOfType.get(octets[offset]!)) || other,
  ({ kind }) => kinds[kind],
);

/** The message with its checksum over the pseudo-header, unless one is given. */
export function encodeIcmpv6(message: Icmpv6Message, endpoints: Endpoints): Uint8Array {
  const octets = icmpv6Message.encode(message);
  if (message.checksum === undefined) {
    writeNumber(octets, checksumOffset, pseudoHeaderChecksum(octets, protocols['IPv6-ICMP'], endpoints), 2);
  }
  return octets;
}

function message<const K extends string, const P extends readonly Part<never>[]>(kind: K, label: string, parts: P) {
  return structure('icmpv6', `ICMPv6 ${label}`, [
    constant('kind', kind),
    u8('type', 'Type', { registry: icmpv6Types }),
    u8('code', 'Code'),
    computed(u16('checksum', 'Checksum'), () => 0),
    ...parts,
  ]);
}

const checksumOffset = 2;
