/**
 * ICMPv6 errors about tunnels, RFC 2473 section 8: whoever put a packet into a tunnel is told what becomes of the tunnel packet, and tells the source of the
 * original. What it says, and of which errors, are rules; the errors themselves are built by the host.
 */
import { MalformedOctets } from '../wire/dissection.ts';
import { type Icmpv6Message, icmpv6Message } from '../wire/icmpv6.ts';
import { optionTypes } from '../wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket, readIpPacket } from '../wire/ip/packet.ts';
import type { Tunnel } from './tunnel.ts';
import { innerPacket } from './tunnel.ts';

/** What the source of an original packet is told. */
export type TunnelReport =
  | { readonly kind: 'address-unreachable' }
  /** In octets. */
  | { readonly kind: 'too-big'; readonly mtu: number };

/** What an error says of a tunnel packet. */
export interface TunnelErrorClaim {
  readonly kind: Icmpv6Message['kind'];
  /** Of a Packet Too Big, in octets. */
  readonly mtu: number;
  /** Of the original packet. */
  readonly octets: number;
  /** Of a Parameter Problem: it points at a Tunnel Encapsulation Limit. */
  readonly isAboutLimit: boolean;
}

export interface TunnelError {
  /** As much of it as was quoted. */
  readonly original: Ipv6Packet;
  readonly tunnel: Tunnel;
  readonly claim: TunnelErrorClaim;
}

/** The packet inside a tunnel that an error to this node quotes; undefined for anything else. `error` has the checksum that it should have. */
export function tunnelErrorIn(error: Ipv6Packet): TunnelError | undefined {
  const message = decoded(error.payload);
  if (!message || !('originalPacket' in message)) return undefined;
  const { originalPacket, kind } = message;
  const outer = readIpPacket(originalPacket);
  const original = outer?.version === 6 ? innerPacket(outer) : undefined;
  if (outer?.version !== 6 || !original || outer.source !== error.destination) return undefined;
  const octets = lengthOf(original);
  const mtu = message.kind === 'packetTooBig' ? message.mtu : 0;
  const isAboutLimit =
    message.kind === 'parameterProblem' &&
    originalPacket[message.pointer - LIMIT_IN_OPTION] === optionTypes['Tunnel Encapsulation Limit'];
  const { source, destination } = outer;
  return { original, tunnel: { source, destination }, claim: { kind, mtu, octets, isAboutLimit } };
}

/** What its header says: a quotation may have less. */
function lengthOf(packet: IpPacket): number {
  return packet.version === 6 ? FIXED_HEADER + (packet.payloadLength ?? 0) : ipPacket.encode(packet).length;
}

function decoded(octets: Uint8Array): Icmpv6Message | undefined {
  try {
    return icmpv6Message.decode(octets).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

/** Octets. */
const FIXED_HEADER = 40;
/** The pointer is to the value, behind type and length (RFC 2473 section 6.7). */
const LIMIT_IN_OPTION = 2;
