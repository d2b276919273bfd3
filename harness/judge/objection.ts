/**
 * What a node says against a packet that it refuses: a Binding Error (RFC 6275 section 9.3.3), which goes to where the packet came from, or an ICMPv6
 * error (RFC 4443), which quotes it. Read from a frame; whether it belongs to a stimulus is told by its octets, whenever it comes.
 */
import type { Address } from '../../reference/wire/address.ts';
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
  if (protocol !== ICMPV6) return undefined;
  const message = icmpv6Message.decode(payload).value;
  if (!('originalPacket' in message) || !formsOf(stimulus).some((octets) => quotes(message.originalPacket, octets))) {
    return undefined;
  }
  const { type, code } = message;
  if (message.kind !== 'parameterProblem') {
    return { kind: 'icmp', found, shown: sentence(found, `ICMPv6 error ${type}, code ${code}`), type, code };
  }
  const { pointer } = message;
  const says = `Parameter Problem, code ${code}, pointer to octet ${pointer}`;
  return { kind: 'icmp', found, shown: sentence(found, says), type, code, pointer };
}

/** As much as the error holds of it; the hop limit may be another by then. */
function quotes(quoted: Uint8Array, packet: Uint8Array): boolean {
  const length = Math.min(quoted.length, packet.length);
  if (length < FIXED_HEADER) return false;
  const [one, other] = [quoted, packet].map((octets) => octets.slice(0, length).fill(0, HOP_LIMIT, HOP_LIMIT + 1));
  return equal(one!, other!);
}

/** From the IP header on: as it was on the wire, and as AH and ESP let it out, which is what a node has that reads on there. */
function formsOf({ frame }: FoundPacket): readonly Uint8Array[] {
  const out = frame.packets.filter(({ esp }) => esp).map(({ packet }) => ipPacket.encode(packet));
  return [frame.entry.octets.subarray(ETHERNET), ...out];
}

const sentence = (found: FoundPacket, says: string): Finding => finding(says, packetEvidence(found, says));

const MOBILITY = 135;
const ICMPV6 = 58;

/** Octets. */
const ETHERNET = 14;
const FIXED_HEADER = 40;
const HOP_LIMIT = 7;
