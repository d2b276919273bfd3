/**
 * Echo messages of both versions (RFC 792, RFC 4443 4.1) in one view, and whether an upper-layer packet's checksum is
 * right.
 */
import { internetChecksum, pseudoHeaderChecksum } from './checksum.ts';
import { type IpPacket, pseudoHeaderEndpoints } from './ip/packet.ts';
import { mobilityChecksum } from './mobility/message.ts';
import { concat, readU16, u16 } from './octets.ts';

export interface EchoMessage {
  readonly kind: 'request' | 'reply';
  readonly identifier: number;
  readonly sequence: number;
  readonly data: Uint8Array;
}

/** The echo in a packet, or undefined when it carries something else. */
export function echoOf({
  version,
  protocol,
  payload,
}: Pick<IpPacket, 'version' | 'protocol' | 'payload'>): EchoMessage | undefined {
  const types = typesOf[version];
  if (protocol !== types.protocol || payload.length < 8 || payload[1] !== 0) return undefined;
  const kind = payload[0] === types.request ? 'request' : payload[0] === types.reply ? 'reply' : undefined;
  return kind && { kind, identifier: readU16(payload, 4), sequence: readU16(payload, 6), data: payload.subarray(8) };
}

/** The payload of an IP packet that carries this echo, and its protocol number. */
export function encodeEcho(
  echo: EchoMessage,
  ends: { readonly version: 4 | 6; readonly source: string; readonly destination: string },
) {
  const types = typesOf[ends.version];
  const zeroed = concat(Uint8Array.of(types[echo.kind], 0, 0, 0), u16(echo.identifier), u16(echo.sequence), echo.data);
  const checksum = ends.version === 4 ? internetChecksum(zeroed) : pseudoHeaderChecksum(zeroed, types.protocol, ends);
  zeroed.set(u16(checksum), 2);
  return { protocol: types.protocol, payload: zeroed };
}

/** True as well for protocols without a checksum of ours, and for UDP over IPv4 without one (RFC 768). */
export function checksumIsRight(packet: IpPacket): boolean {
  const { version, protocol, payload } = packet;
  if (protocol === ICMP) return version === 4 && payload.length >= 8 && internetChecksum(payload) === 0;
  if (protocol === UDP && version === 4 && payload.length >= 8 && readU16(payload, 6) === 0) return true;
  if (protocol === MOBILITY)
    return payload.length >= 8 && mobilityChecksum(payload, pseudoHeaderEndpoints(packet)) === 0;
  if (protocol !== UDP && protocol !== TCP && protocol !== ICMPV6) return true;
  return payload.length >= 8 && pseudoHeaderChecksum(payload, protocol, pseudoHeaderEndpoints(packet)) === 0;
}

const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ICMPV6 = 58;
const MOBILITY = 135;

const typesOf = {
  4: { protocol: ICMP, request: 8, reply: 0 },
  6: { protocol: ICMPV6, request: 128, reply: 129 },
} as const;
