/**
 * The packets a node sends on command: an echo request, a UDP datagram, the first segment of a TCP connection. As a plain
 * host would send them; how they are protected and routed is decided on their way out.
 */
import type { Address } from '../wire/address.ts';
import { familyOf } from '../wire/address.ts';
import { encodeEcho } from '../wire/echo.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { encodeTcp, type TcpSegment } from '../wire/tcp.ts';
import { encodeUdp } from '../wire/udp.ts';
import type { HostCommand } from './interface.ts';

export type ProbeCommand = Extract<HostCommand, { kind: 'echo' | 'udp' | 'tcp-syn' }>;

/** `initialSequenceNumber` is that of a TCP connection. */
export function probePacket(command: ProbeCommand, initialSequenceNumber: number): IpPacket {
  const { from, to } = command;
  switch (command.kind) {
    case 'echo': {
      const { identifier, sequence, payload: data } = command;
      const ends = { version: familyOf(from), source: from, destination: to };
      const echo = encodeEcho({ kind: 'request', identifier, sequence, data }, ends);
      return ipPacketBetween(from, to, echo.protocol, echo.payload);
    }
    case 'udp':
      return udpPacket(from, to, command);
    case 'tcp-syn': {
      const { sourcePort, destinationPort } = command;
      return tcpPacket(from, to, { sourcePort, destinationPort, sequenceNumber: initialSequenceNumber, syn: true });
    }
  }
}

export function udpPacket(
  source: Address,
  destination: Address,
  datagram: { readonly sourcePort: number; readonly destinationPort: number; readonly payload: Uint8Array },
): IpPacket {
  const { sourcePort, destinationPort, payload } = datagram;
  const octets = encodeUdp({ sourcePort, destinationPort, payload }, { source, destination });
  return ipPacketBetween(source, destination, protocols.UDP, octets);
}

export function tcpPacket(source: Address, destination: Address, segment: Omit<TcpSegment, 'payload'>): IpPacket {
  const octets = encodeTcp({ ...segment, payload: new Uint8Array(0) }, { source, destination });
  return ipPacketBetween(source, destination, protocols.TCP, octets);
}

/** A packet of the family of its addresses, with nothing special about it. */
export function ipPacketBetween(
  source: Address,
  destination: Address,
  protocol: number,
  payload: Uint8Array,
): IpPacket {
  if (familyOf(source) !== familyOf(destination))
    throw new RangeError(`${source} and ${destination} are of two families`);
  return familyOf(source) === 4
    ? { version: 4, source, destination, protocol, payload }
    : { version: 6, source, destination, extensions: [], protocol, payload };
}
