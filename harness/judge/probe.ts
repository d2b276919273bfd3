/**
 * What a moment put on the wire, as a packet can be recognised by: an echo by identifier and sequence, a datagram by its ports and
 * payload, a SYN by its ports. A packet with a wrong checksum is no probe and no answer, so an altered octet never goes unnoticed. A key is what
 * packets are filed and looked up under; two packets of one key may still differ, which `isProbe` sees.
 */
import type { Address } from '../../reference/wire/address.ts';
import { internetChecksum } from '../../reference/wire/checksum.ts';
import { checksumIsRight, echoOf } from '../../reference/wire/echo.ts';
import { icmpTypes } from '../../reference/wire/icmp.ts';
import { icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { mobilityMessage } from '../../reference/wire/mobility/message.ts';
import { equal, hex, readU16, unhex } from '../../reference/wire/octets.ts';
import type { Icmpv6Kind, MarkEntry, MarkedCommand, MobilityKind } from '../capture/transcript.ts';
import type { OpenedFrame } from './opened-frame.ts';
import { readable } from './readable.ts';

/** What a packet is recognised by, and whom it was for. */
export type Probe = ProbeMarks & { readonly destination: Address };

type ProbeMarks =
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

/** Under which the packets that carry a probe are filed. */
export function probeKey(probe: Probe): string {
  switch (probe.kind) {
    case 'echo':
      return `echo ${probe.identifier} ${probe.sequence}`;
    case 'udp':
      return `udp ${probe.sourcePort} ${probe.destinationPort} ${digest(probe.payload)}`;
    case 'tcp-syn':
      return `tcp ${probe.sourcePort} ${probe.destinationPort}`;
  }
}

/** Under which the packets that answer a probe are filed; a datagram has no answer. */
export function answerKey(probe: Probe): string | undefined {
  return probe.kind === 'udp' ? undefined : `answer ${probeKey(probe)}`;
}

/** Under which the packets that carry a message of Mobile IPv6, or of ICMPv6 where no probe sent it, are filed by its kind. */
export function messageKey(kind: MobilityKind | Icmpv6Kind): string {
  return `message ${kind}`;
}

/** Under which errors of ICMP and ICMPv6 are filed, whatever their kind. */
export const icmpErrorKey = 'icmp error';

/** Under which solicitations and advertisements of an address are filed. */
export function neighborKey(kind: 'neighborSolicitation' | 'neighborAdvertisement', target: Address): string {
  return `${kind} ${target}`;
}

/** Everything that a packet may be looked up under, as a probe and as an answer. Never throws. */
export function keysOfPacket(packet: IpPacket): readonly string[] {
  return readable(() => (checksumIsRight(packet) ? keysOf(packet) : [])) ?? [];
}

/** Of a packet that is filed under the probe's key: whether it is the probe to the last octet. */
export function isProbe(packet: IpPacket, probe: Probe): boolean {
  return probe.kind !== 'udp' || equal(packet.payload.subarray(8), probe.payload);
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

function probeOfCommand(command: MarkedCommand): Probe | undefined {
  switch (command.kind) {
    case 'echo':
      return {
        kind: 'echo',
        identifier: command.identifier,
        sequence: command.sequence,
        destination: command.to,
      };
    case 'udp':
      return {
        kind: 'udp',
        sourcePort: command.sourcePort,
        destinationPort: command.destinationPort,
        payload: unhex(command.payload),
        destination: command.to,
      };
    case 'tcp-syn':
      return {
        kind: 'tcp-syn',
        sourcePort: command.sourcePort,
        destinationPort: command.destinationPort,
        destination: command.to,
      };
    case 'packet':
      return probeIn(unhex(command.octets));
    case 'esp':
      return probeIn(unhex(command.packet.packet));
    default:
      return undefined;
  }
}

function probeIn(octets: Uint8Array): Probe | undefined {
  const packet = ipPacket.decode(octets).value;
  if (packet.protocol === IPV6) return probeIn(packet.payload);
  const { destination } = packet;
  const echo = echoOf(packet);
  if (echo) return { kind: 'echo', identifier: echo.identifier, sequence: echo.sequence, destination };
  if (packet.payload.length < 8) return undefined;
  const ports = { sourcePort: readU16(packet.payload), destinationPort: readU16(packet.payload, 2), destination };
  if (packet.protocol === UDP) return { kind: 'udp', ...ports, payload: packet.payload.subarray(8) };
  return packet.protocol === TCP ? { kind: 'tcp-syn', ...ports } : undefined;
}

function keysOf(packet: IpPacket): readonly string[] {
  if (packet.protocol === MOBILITY) return [messageKey(mobilityMessage.decode(packet.payload).value.kind)];
  const filed = packet.protocol === ICMPV6 ? keysOfIcmpv6(packet) : [];
  if (filed.length > 0) return filed;
  if (packet.protocol === ICMP && icmpErrors.has(packet.payload[0] ?? 0)) return [icmpErrorKey];
  const echo = echoOf(packet);
  if (echo) {
    const key = `echo ${echo.identifier} ${echo.sequence}`;
    return [echo.kind === 'request' ? key : `answer ${key}`];
  }
  if (packet.payload.length < 8) return [];
  const [from, to] = [readU16(packet.payload), readU16(packet.payload, 2)];
  if (packet.protocol === UDP) return [`udp ${from} ${to} ${digest(packet.payload.subarray(8))}`];
  if (packet.protocol !== TCP) return [];
  const isSynAck = packet.payload.length >= 20 && (packet.payload[13]! & SYN_ACK) === SYN_ACK;
  return isSynAck ? [`tcp ${from} ${to}`, `answer tcp ${to} ${from}`] : [`tcp ${from} ${to}`];
}

/** None of a probe or its answer. */
function keysOfIcmpv6({ payload }: IpPacket): readonly string[] {
  const error = (payload[0] ?? 0) < FIRST_INFORMATION ? [icmpErrorKey] : [];
  const message = readable(() => icmpv6Message.decode(payload).value);
  if (!message) return error;
  switch (message.kind) {
    case 'echo':
    case 'redirect':
    case 'other':
      return error;
    case 'neighborSolicitation':
    case 'neighborAdvertisement':
      return [neighborKey(message.kind, message.targetAddress)];
    default:
      return [messageKey(message.kind), ...error];
  }
}

/** Short, and another one for nearly every payload. */
function digest(payload: Uint8Array): string {
  return `${payload.length} ${internetChecksum(payload)} ${hex(payload.subarray(0, 32))}`;
}

const ICMP = 1;
/** A Redirect says nothing against a packet. */
const icmpErrors: ReadonlySet<number> = new Set([
  icmpTypes['Destination Unreachable'],
  icmpTypes['Time Exceeded'],
  icmpTypes['Parameter Problem'],
]);
const IPV6 = 41;
const ICMPV6 = 58;
const MOBILITY = 135;
/** From here on types are no errors (RFC 4443 section 2.1). */
const FIRST_INFORMATION = 128;
const TCP = 6;
const UDP = 17;
const SYN_ACK = 0x12;
