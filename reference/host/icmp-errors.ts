/**
 * The ICMP errors a host or router sends about a packet: RFC 792 and RFC 1812 section 4.3 for IPv4, RFC 4443 section 3 for IPv6. Whether one may be
 * sent is a rule; where it goes is decided by whoever sends it.
 */
import type { Address } from '../wire/address.ts';
import { icmpMessage, icmpTypes, unreachableCodes } from '../wire/icmp.ts';
import {
  encodeIcmpv6,
  icmpv6Types,
  unreachableCodes as icmpv6UnreachableCodes,
  parameterProblemCodes,
} from '../wire/icmpv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { ErrorCause } from './rules.ts';

export type ErrorReason =
  | { readonly kind: 'port-unreachable' | 'no-route' | 'address-unreachable' | 'hops-exceeded' | 'pieces-missing' }
  /** `mtu` in octets. */
  | { readonly kind: 'too-big'; readonly mtu: number }
  /** Of IPv6 alone; `pointer` is the place in the packet that is quoted. */
  | { readonly kind: 'parameter-problem'; readonly code: number; readonly pointer: number };

/** Of IPv6; `pointer` in octets from the beginning of the packet. */
export function parameterProblem(problem: keyof typeof parameterProblemCodes, pointer: number): ErrorReason {
  return { kind: 'parameter-problem', code: parameterProblemCodes[problem], pointer };
}

/** The error from `source` to the sender of the packet, which it quotes. */
export function icmpError(about: IpPacket, source: Address, reason: ErrorReason): IpPacket {
  const destination = about.source;
  const quoted = ipPacket.encode(about);
  if (about.version === 4) {
    if (reason.kind === 'parameter-problem') throw new TypeError('a Parameter Problem about IPv4');
    const originalDatagram = quoted.subarray(0, LONGEST_QUOTATION_V4);
    return {
      version: 4,
      source,
      destination,
      protocol: protocols.ICMP,
      payload: icmpMessage.encode(message4(reason, originalDatagram)),
    };
  }
  const message = message6(reason, quoted.subarray(0, LONGEST_QUOTATION_V6));
  const payload = encodeIcmpv6(message, { source, destination });
  return { version: 6, source, destination, extensions: [], protocol: protocols['IPv6-ICMP'], payload };
}

/** What the rule about errors asks of the packet that an error would speak of. */
export function errorCause(packet: IpPacket, reason: ErrorReason): ErrorCause {
  const { version, source, destination } = packet;
  const isLaterFragment = version === 4 && (packet.fragmentOffset ?? 0) > 0;
  const ofOption =
    reason.kind === 'parameter-problem' &&
    reason.code === parameterProblemCodes['unrecognized IPv6 option encountered'];
  const answersGroups = version === 6 && (reason.kind === 'too-big' || ofOption);
  return { source, destination, isError: isIcmpError(packet), isLaterFragment, answersGroups };
}

function isIcmpError({ protocol, payload }: IpPacket): boolean {
  const type = payload[0];
  if (type === undefined) return false;
  if (protocol === protocols.ICMP) return ERRORS_V4.has(type);
  return protocol === protocols['IPv6-ICMP'] && type < icmpv6Types['Echo Request'];
}

function message4(reason: Exclude<ErrorReason, { kind: 'parameter-problem' }>, originalDatagram: Uint8Array) {
  if (reason.kind === 'hops-exceeded' || reason.kind === 'pieces-missing') {
    const code = timeExceededCodes[reason.kind];
    return { kind: 'timeExceeded', type: icmpTypes['Time Exceeded'], code, originalDatagram } as const;
  }
  const code = {
    'port-unreachable': unreachableCodes['Port Unreachable'],
    'no-route': unreachableCodes['Net Unreachable'],
    'address-unreachable': unreachableCodes['Host Unreachable'],
    'too-big': unreachableCodes['Fragmentation Needed and DF set'],
  }[reason.kind];
  return {
    kind: 'destinationUnreachable',
    type: icmpTypes['Destination Unreachable'],
    code,
    ...(reason.kind === 'too-big' && { nextHopMtu: reason.mtu }),
    originalDatagram,
  } as const;
}

function message6(reason: ErrorReason, originalPacket: Uint8Array) {
  if (reason.kind === 'hops-exceeded' || reason.kind === 'pieces-missing') {
    const code = timeExceededCodes[reason.kind];
    return { kind: 'timeExceeded', type: icmpv6Types['Time Exceeded'], code, originalPacket } as const;
  }
  if (reason.kind === 'too-big') {
    return {
      kind: 'packetTooBig',
      type: icmpv6Types['Packet Too Big'],
      code: 0,
      mtu: reason.mtu,
      originalPacket,
    } as const;
  }
  if (reason.kind === 'parameter-problem') {
    const { code, pointer } = reason;
    return {
      kind: 'parameterProblem',
      type: icmpv6Types['Parameter Problem'],
      code,
      pointer,
      originalPacket,
    } as const;
  }
  const code = {
    'port-unreachable': icmpv6UnreachableCodes['port unreachable'],
    'no-route': icmpv6UnreachableCodes['no route to destination'],
    'address-unreachable': icmpv6UnreachableCodes['address unreachable'],
  }[reason.kind];
  return {
    kind: 'destinationUnreachable',
    type: icmpv6Types['Destination Unreachable'],
    code,
    originalPacket,
  } as const;
}

/** RFC 792 and RFC 4443 section 3.3. */
const timeExceededCodes = { 'hops-exceeded': 0, 'pieces-missing': 1 } as const;

/** RFC 1812 section 4.3.2.3: as much as fits 576 octets; RFC 4443 section 2.4 (c): 1280. Less the error's own headers. */
const LONGEST_QUOTATION_V4 = 576 - 20 - 8;
const LONGEST_QUOTATION_V6 = 1280 - 40 - 8;

const ERRORS_V4: ReadonlySet<number> = new Set([
  icmpTypes['Destination Unreachable'],
  icmpTypes.Redirect,
  icmpTypes['Time Exceeded'],
  icmpTypes['Parameter Problem'],
]);
