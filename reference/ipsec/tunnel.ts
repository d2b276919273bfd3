/**
 * Tunnel mode headers, RFC 4301 section 5.1.2: the outer header made for an inner packet, and what the inner header takes over when the
 * outer one is removed, for every family in every other. What is copied is a rule; the TTL is decremented by whoever forwards, not here.
 */
import { type Address, familyOf } from '../wire/address.ts';
import { ecnName } from '../wire/ip/ecn.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { IpsecRules } from './rules.ts';

/** The next header that announces an inner packet. */
export function innerProtocol(inner: IpPacket): number {
  return inner.version === 4 ? protocols.IPv4 : protocols.IPv6;
}

export interface OuterOrder {
  readonly source: Address;
  readonly destination: Address;
  /** What the outer header announces, ESP or UDP. */
  readonly protocol: number;
  readonly payload: Uint8Array;
  /** IPv4 Identification. */
  readonly identification: number;
  /** IPv4 DF, as the SA was told (RFC 4301 8.1). */
  readonly dontFragment: 'copy' | 'set' | 'clear';
}

/** The outer packet around a payload that was made from `inner` (5.1.2.1 and 5.1.2.2). */
export function encapsulate(inner: IpPacket, order: OuterOrder, rules: IpsecRules): IpPacket {
  const { source, destination, protocol, payload, identification } = order;
  const hopLimit = rules.outerHopLimit((inner.version === 4 ? inner.timeToLive : inner.hopLimit) ?? 64);
  const dscp = rules.outerDscp(inner.dscp ?? 0);
  const ecn = rules.outerEcn(inner.ecn ?? 0);
  const common = { source, destination, protocol, payload, dscp, ecn };
  if (familyOf(destination) === 6) {
    const flowLabel = rules.outerFlowLabel(inner.version === 6 ? inner.flowLabel : undefined);
    return { version: 6, ...common, hopLimit, flowLabel, extensions: [] };
  }
  const dontFragment = rules.outerDontFragment(
    inner.version === 4 ? inner.dontFragment : undefined,
    order.dontFragment,
  );
  return { version: 4, ...common, timeToLive: hopLimit, dontFragment, identification };
}

/** The inner packet as it is delivered or forwarded: its header takes from the outer one only what the rules let it. */
export function decapsulate(inner: IpPacket, outer: IpPacket, rules: IpsecRules): IpPacket | Refusal {
  const ecn = rules.innerEcn(inner.ecn ?? 0, outer.ecn ?? 0);
  if (ecn === 'drop') {
    return refusal('innerEcn', `${ecnName(outer.ecn ?? 0)} outside a packet that is ${ecnName(inner.ecn ?? 0)}`);
  }
  const dscp = rules.innerDscp(inner.dscp ?? 0, outer.dscp ?? 0);
  if (ecn === inner.ecn && dscp === inner.dscp) return inner;
  return inner.version === 4 ? { ...inner, ecn, dscp, headerChecksum: undefined } : { ...inner, ecn, dscp };
}

/**
 * The packet that a tunnel payload begins with, TFC padding after it cut off by its own total length (RFC 4303 section 2.7).
 * Throws `MalformedOctets`.
 */
export function innerPacketOf(payload: Uint8Array): IpPacket {
  const { trailer: _padding, ...packet } = ipPacket.decode(payload).value;
  return packet;
}

/** How long a decoded packet says it is, octets. */
export function promisedOctets(packet: IpPacket): number {
  return packet.version === 4 ? (packet.totalLength ?? 0) : 40 + (packet.payloadLength ?? 0);
}
