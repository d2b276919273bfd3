/**
 * What a node says against a packet that it refuses: a Binding Error (RFC 6275 section 9.3.3), which goes to where the packet came from, or an ICMP
 * error (RFC 792, RFC 4443), which quotes it. Read from a frame; whether it belongs to a stimulus is told by its octets, whenever it comes.
 */
import type { Address } from '../../reference/wire/address.ts';
import { icmpMessage, unreachableCodes } from '../../reference/wire/icmp.ts';
import { icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { homeAddressesIn } from '../../reference/wire/ip/home-addresses.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import { mobilityMessage } from '../../reference/wire/mobility/message.ts';
import { equal } from '../../reference/wire/octets.ts';
import { packetEvidence } from './evidence-of.ts';
import { type Finding, finding } from './finding.ts';
import type { FoundPacket } from './opened-frame.ts';
import { readable } from './readable.ts';

export type Objection = BindingErrorObjection | IcmpObjection;

interface Objecting {
  readonly found: FoundPacket;
  /** As a sentence, with the frame. */
  readonly shown: Finding;
}

export interface BindingErrorObjection extends Objecting {
  readonly kind: 'bindingError';
  readonly status: number;
  readonly homeAddress: Address;
  /** Of the packet that brings it. */
  readonly source: Address;
  readonly destination: Address;
}

export interface IcmpObjection extends Objecting {
  readonly kind: 'icmp';
  readonly type: number;
  readonly code: number;
  /** Of a Parameter Problem, in octets of the packet that is quoted. */
  readonly pointer?: number;
  /** Of what says that the packet is too long, in octets. */
  readonly mtu?: number;
}

/** Undefined where the packet says nothing against the stimulus. */
export function objectionTo(stimulus: FoundPacket, found: FoundPacket): Objection | undefined {
  return readable(() => bindingErrorTo(stimulus, found) ?? icmpTo(stimulus, found));
}

/** Section 9.3.3: about a packet without an option it names no home address. */
function bindingErrorTo({ frame }: FoundPacket, found: FoundPacket): Objection | undefined {
  const stimulus = frame.packets[0]!.packet;
  const { protocol, payload, source, destination } = found.packet.packet;
  if (protocol !== MOBILITY || stimulus.version === 4 || destination !== stimulus.source) return undefined;
  const message = mobilityMessage.decode(payload).value;
  if (message.kind !== 'bindingError') return undefined;
  const { status, homeAddress } = message;
  if (homeAddressesIn(stimulus).length === 0 && homeAddress !== '::') return undefined;
  const shown = sentence(found, `Binding Error, status ${status}, of ${homeAddress}`);
  return { kind: 'bindingError', found, shown, status, homeAddress, source, destination };
}

function icmpTo(stimulus: FoundPacket, found: FoundPacket): Objection | undefined {
  const { protocol, payload } = found.packet.packet;
  if (protocol === ICMP) return icmpv4To(stimulus, found);
  if (protocol !== ICMPV6) return undefined;
  const message = icmpv6Message.decode(payload).value;
  if (!('originalPacket' in message) || !isQuoted(message.originalPacket, stimulus)) return undefined;
  const { type, code } = message;
  const objection = { kind: 'icmp', found, type, code } as const;
  if (message.kind === 'packetTooBig') {
    return { ...objection, shown: sentence(found, `Packet Too Big, MTU ${message.mtu}`), mtu: message.mtu };
  }
  if (message.kind !== 'parameterProblem') {
    return { ...objection, shown: sentence(found, `ICMPv6 error ${type}, code ${code}`) };
  }
  const { pointer } = message;
  const says = `Parameter Problem, code ${code}, pointer to octet ${pointer}`;
  return { ...objection, shown: sentence(found, says), pointer };
}

function icmpv4To(stimulus: FoundPacket, found: FoundPacket): Objection | undefined {
  const message = icmpMessage.decode(found.packet.packet.payload).value;
  if (!('originalDatagram' in message) || !isQuoted(message.originalDatagram, stimulus)) return undefined;
  const { type, code } = message;
  const objection = { kind: 'icmp', found, type, code } as const;
  const isTooBig =
    message.kind === 'destinationUnreachable' && code === unreachableCodes['Fragmentation Needed and DF set'];
  if (!isTooBig) return { ...objection, shown: sentence(found, `ICMP error ${type}, code ${code}`) };
  const { nextHopMtu: mtu = 0 } = message;
  return { ...objection, shown: sentence(found, `Fragmentation Needed, MTU ${mtu}`), mtu };
}

const isQuoted = (quoted: Uint8Array, stimulus: FoundPacket): boolean =>
  formsOf(stimulus).some((octets) => quotes(quoted, octets));

/** As much as the error holds of it, its header at least; hop limit, or TTL with its checksum, may be others by then. */
function quotes(quoted: Uint8Array, packet: Uint8Array): boolean {
  const length = Math.min(quoted.length, packet.length);
  const [header, ...changing] = (packet[0] ?? 0) >> 4 === 4 ? IPV4 : IPV6;
  if (length < header) return false;
  const [one, other] = [quoted, packet].map((octets) => {
    const fixed = octets.slice(0, length);
    for (const at of changing) fixed[at] = 0;
    return fixed;
  });
  return equal(one!, other!);
}

/** From the IP header on: as it was on the wire, and as AH and ESP let it out, which is what a node has that reads on there. */
function formsOf({ frame }: FoundPacket): readonly Uint8Array[] {
  const out = frame.packets.filter(({ esp }) => esp).map(({ packet }) => ipPacket.encode(packet));
  return [frame.entry.octets.subarray(ETHERNET), ...out];
}

const sentence = (found: FoundPacket, says: string): Finding => finding(says, packetEvidence(found, says));

const MOBILITY = 135;
const ICMP = 1;
const ICMPV6 = 58;

/** Octets. */
const ETHERNET = 14;
/** Length of a header, and the places of what routers change in it. */
const IPV4 = [20, 8, 10, 11] as const;
const IPV6 = [40, 7] as const;
