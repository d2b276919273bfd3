/**
 * What a moment put on the wire, as a packet can be recognised by: an echo by identifier and sequence, a datagram by its ports and
 * payload, a SYN by its ports. A packet with a wrong checksum is no probe and no answer, so an altered octet never goes unnoticed.
 */
import { checksumIsRight, type EchoMessage, echoOf } from '../../reference/wire/echo.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { equal, hex, readU16, unhex } from '../../reference/wire/octets.ts';
import type { HostCommand, JsonOf, MarkEntry } from '../capture/transcript.ts';
import type { OpenedFrame, OpenedPacket } from './opened-frame.ts';
import { readable } from './readable.ts';

/** What a packet is recognised by. */
export type Probe =
  | { readonly kind: 'echo'; readonly identifier: number; readonly sequence: number }
  | {
      readonly kind: 'udp';
      readonly sourcePort: number;
      readonly destinationPort: number;
      readonly payload: Uint8Array;
    }
  | { readonly kind: 'tcp-syn'; readonly sourcePort: number; readonly destinationPort: number };

/** The probe of a mark, or undefined when it sent none, or none that can be read. */
export function probeOf({ act }: MarkEntry): Probe | undefined {
  return act.kind === 'command' ? readable(() => probeOfCommand(act.command)) : undefined;
}

function probeOfCommand(command: JsonOf<HostCommand>): Probe | undefined {
  switch (command.kind) {
    case 'echo':
      return { kind: 'echo', identifier: command.identifier, sequence: command.sequence };
    case 'udp':
      return {
        kind: 'udp',
        sourcePort: command.sourcePort,
        destinationPort: command.destinationPort,
        payload: unhex(command.payload),
      };
    case 'tcp-syn':
      return { kind: 'tcp-syn', sourcePort: command.sourcePort, destinationPort: command.destinationPort };
    case 'packet':
      return probeIn(unhex(command.octets));
    case 'esp':
      return probeIn(unhex(command.packet.packet));
    default:
      return undefined;
  }
}

export function showsProbe({ packet }: OpenedPacket, probe: Probe): boolean {
  return isProbe(packet, probe) && checksumIsRight(packet);
}

/** A datagram has no answer. */
export function showsAnswer({ packet }: OpenedPacket, probe: Probe): boolean {
  return isAnswer(packet, probe) && checksumIsRight(packet);
}

/** Whether a frame carries the packet that was made by hand at this moment, octet for octet. */
export function carriesOrder({ entry, packets }: OpenedFrame, { act }: MarkEntry): boolean {
  if (act.kind !== 'command') return false;
  if (act.command?.kind === 'packet') return hex(entry.octets).endsWith(act.command.octets);
  const made = act.command?.kind === 'esp' ? act.command.packet?.packet : undefined;
  if (made === undefined) return false;
  return packets.some(
    ({ packet, esp }) => esp !== undefined && packet.payload.length > 0 && made.endsWith(hex(packet.payload)),
  );
}

function isProbe(packet: IpPacket, probe: Probe): boolean {
  if (probe.kind === 'echo') return isEcho(echoOf(packet), 'request', probe);
  if (packet.protocol !== (probe.kind === 'udp' ? UDP : TCP) || packet.payload.length < 8) return false;
  if (readU16(packet.payload) !== probe.sourcePort || readU16(packet.payload, 2) !== probe.destinationPort)
    return false;
  return probe.kind === 'tcp-syn' || equal(packet.payload.subarray(8), probe.payload);
}

function isAnswer(packet: IpPacket, probe: Probe): boolean {
  if (probe.kind === 'echo') return isEcho(echoOf(packet), 'reply', probe);
  if (probe.kind === 'udp' || packet.protocol !== TCP || packet.payload.length < 20) return false;
  const answersPorts =
    readU16(packet.payload) === probe.destinationPort && readU16(packet.payload, 2) === probe.sourcePort;
  return answersPorts && (packet.payload[13]! & SYN_ACK) === SYN_ACK;
}

function isEcho(
  echo: EchoMessage | undefined,
  kind: EchoMessage['kind'],
  probe: Extract<Probe, { kind: 'echo' }>,
): boolean {
  return echo?.kind === kind && echo.identifier === probe.identifier && echo.sequence === probe.sequence;
}

function probeIn(octets: Uint8Array): Probe | undefined {
  const packet = ipPacket.decode(octets).value;
  const echo = echoOf(packet);
  if (echo) return { kind: 'echo', identifier: echo.identifier, sequence: echo.sequence };
  if (packet.payload.length < 8) return undefined;
  const ports = { sourcePort: readU16(packet.payload), destinationPort: readU16(packet.payload, 2) };
  if (packet.protocol === UDP) return { kind: 'udp', ...ports, payload: packet.payload.subarray(8) };
  return packet.protocol === TCP ? { kind: 'tcp-syn', ...ports } : undefined;
}

const TCP = 6;
const UDP = 17;
const SYN_ACK = 0x12;
