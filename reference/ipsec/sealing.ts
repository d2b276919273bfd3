/**
 * One packet put under an SA, RFC 4303 section 3.3 with RFC 4301 section 5.1: sequence number, trailer, encryption, ICV, and the outer
 * header of tunnel mode. Outbound processing calls it with nothing but the packet; a tester gives whatever else it wants instead.
 */
import type { Env } from '../machine.ts';
import { type Address, familyOf } from '../wire/address.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { concat, readU16, unhex } from '../wire/octets.ts';
import { sealAh } from './ah.ts';
import { ipsecBounds } from './bounds.ts';
import { inUdp } from './encapsulation.ts';
import { alignmentOf, type EspKeys, espTrailer, sealEspPayload } from './esp.ts';
import { ahOffset } from './mutable-fields.ts';
import { type Refusal, refusal, refusalBeyond } from './refusal.ts';
import { ahFormOf, type IpsecRules } from './rules.ts';
import { type AhEntry, type EspEntry, isEsp, type SadEntry } from './sad.ts';
import { protectedPart, withProtectedPart } from './transport.ts';
import { encapsulate, innerProtocol } from './tunnel.ts';

/** Only `packet` is needed; a field given is obeyed, whatever it does to the result. */
export interface EspSealing {
  /** Tunnel mode: the inner packet. Transport mode: the packet whose payload is protected. Encoded. */
  readonly packet: Uint8Array;
  readonly sequenceNumber?: bigint;
  /** Whether the SA's own counter moves to this packet's number. Default true. */
  readonly counts?: boolean;
  readonly outerSource?: Address;
  readonly outerDestination?: Address;
  /** Tunnel mode: fields of the outer header that are not to be as the rules make them. */
  readonly outerHeader?: { readonly dscp?: number; readonly ecn?: number; readonly hops?: number };
  readonly spi?: number;
  /** IP protocol number that announces the ESP packet: 50, or 17 with UDP encapsulation, unless given. */
  readonly protocol?: number;
  /** Key octets in the place of the SA's, hex. */
  readonly encryptionKey?: string;
  readonly integrityKey?: string;
  /** Of ESP, in the place of the one that the rules draw; hex. */
  readonly initializationVector?: string;
  /** On payload, padding, pad length and next header. */
  readonly beforeSealing?: Tamper;
  /** On the ESP packet, from SPI to ICV; with AH from its first octet to the end of the packet. */
  readonly afterSealing?: Tamper;
  /** On the whole IP packet as it leaves, as somebody on the way might. */
  readonly onTheWay?: Tamper;
}

export interface Tamper {
  apply(octets: Uint8Array): Uint8Array;
}

/** What sealing needs to know beyond the order. */
export interface SealingContext {
  readonly rules: IpsecRules;
  readonly env: Env;
  /** Where the peer of this SA was last heard from. */
  readonly lastHeardFrom?: Address;
}

export type Sealed =
  /** The whole IP packet, and the octets its encryption covers. */
  | { readonly kind: 'sealed'; readonly packet: Uint8Array; readonly octets: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Seals under `entry`, by ESP or AH, whose counter moves. Throws `MalformedOctets` when `order.packet` is no IP packet, `RangeError` when a tamper leaves the
 * cipher no whole blocks or a key has the wrong size.
 */
export function sealed(entry: SadEntry, order: EspSealing, context: SealingContext): Sealed {
  const { rules } = context;
  const packet = ipPacket.decode(order.packet).value;
  if (order.packet.length > ipsecBounds.packetOctets) {
    return { kind: 'refused', refusal: refusalBeyond('packetOctets', `${order.packet.length} octets`) };
  }
  const sequenceNumber = order.sequenceNumber ?? rules.nextSequenceNumber(entry.sequenceNumber);
  if (order.sequenceNumber === undefined && !rules.sequenceNumberUsable(sequenceNumber, entry.sa)) {
    return { kind: 'refused', refusal: refusal('sequenceNumberUsable', `${entry.sa.name}: the counter is at its end`) };
  }
  const destination = order.outerDestination ?? rules.tunnelDestination(entry, context.lastHeardFrom);
  if (entry.sa.mode === 'tunnel' && !rules.familiesMayMix(packet.version, familyOf(destination))) {
    return {
      kind: 'refused',
      refusal: refusal('familiesMayMix', `IPv${packet.version} in IPv${familyOf(destination)}`),
    };
  }
  const passing: Passing = { order, packet, destination, sequenceNumber, context };
  const made = isEsp(entry) ? underEsp(entry, passing) : underAh(entry as AhEntry, passing);
  if (order.counts ?? true) entry.sequenceNumber = sequenceNumber;
  return { kind: 'sealed', ...made, packet: order.onTheWay?.apply(made.packet) ?? made.packet };
}

/** One packet on its way into an SA. */
interface Passing {
  readonly order: EspSealing;
  readonly packet: IpPacket;
  /** Of the outer header, in tunnel mode. */
  readonly destination: Address;
  readonly sequenceNumber: bigint;
  readonly context: SealingContext;
}

type Made = Pick<Extract<Sealed, { kind: 'sealed' }>, 'packet' | 'octets'>;

function underEsp(entry: EspEntry, passing: Passing): Made {
  const { esp, octets } = sealPayload(entry, passing);
  const outer =
    entry.sa.mode === 'tunnel'
      ? aroundInner(entry, passing, (addresses) => carriedBy(entry, passing.order, esp, addresses))
      : aroundPayload(entry, passing, esp);
  return { packet: ipPacket.encode(outer), octets };
}

/** RFC 4302 section 3.3: AH covers the packet that it goes into, its outer header among the rest, so that is made first. */
function underAh(entry: AhEntry, passing: Passing): Made {
  const { order, packet, sequenceNumber, context } = passing;
  const payload = order.packet;
  const bare =
    entry.sa.mode === 'tunnel'
      ? aroundInner(entry, passing, () => ({ protocol: innerProtocol(packet), payload }))
      : { ...packet, ...outerAddresses(order, packet) };
  const { integrityKey } = order;
  const keys = { ...entry.keys, ...(integrityKey !== undefined && { integrityKey: unhex(integrityKey) }) };
  const { ivOctets } = keys.integrity;
  const iv = ivOctets > 0 ? context.rules.initializationVector(ivOctets, sequenceNumber, context.env) : undefined;
  const numbers = { spi: order.spi ?? entry.sa.spi, sequenceNumber, ...(iv && { iv }) };
  const octets = sealAh(bare, numbers, keys, ahFormOf(context.rules));
  return { packet: tamperedAh(octets, order), octets: octets.length };
}

/** From the first octet of AH on; what changes the length of a packet that is finished is no tamper of it. */
function tamperedAh(octets: Uint8Array, { afterSealing }: EspSealing): Uint8Array {
  if (!afterSealing) return octets;
  const at = ahOffset(octets)!;
  const changed = afterSealing.apply(octets.subarray(at));
  if (changed.length !== octets.length - at) throw new RangeError('a tamper with AH keeps its length');
  return concat(octets.subarray(0, at), changed);
}

function sealPayload(
  entry: EspEntry,
  { order, packet, sequenceNumber, context: { rules, env } }: Passing,
): { esp: Uint8Array; octets: number } {
  const keys = orderedKeys(entry.keys, order);
  const { payload, nextHeader } =
    entry.sa.mode === 'tunnel' ? { payload: order.packet, nextHeader: innerProtocol(packet) } : protectedPart(packet);
  const honest = concat(payload, espTrailer(rules.padding(payload.length, alignmentOf(keys)), nextHeader));
  const plaintext = order.beforeSealing?.apply(honest) ?? honest;
  const iv =
    order.initializationVector === undefined
      ? rules.initializationVector(keys.encryption.ivOctets, sequenceNumber, env)
      : unhex(order.initializationVector);
  const spi = order.spi ?? entry.sa.spi;
  const sealed = sealEspPayload({ spi, sequenceNumber, iv, plaintext }, keys, rules.integrityCoverage);
  return { esp: order.afterSealing?.apply(sealed) ?? sealed, octets: plaintext.length };
}

function aroundInner(
  entry: SadEntry,
  { order, packet: inner, destination, context: { rules, env } }: Passing,
  carriedBetween: (addresses: Addresses) => { protocol: number; payload: Uint8Array },
): IpPacket {
  const addresses = { source: order.outerSource ?? entry.source, destination };
  const identification = readU16(env.octets('identifier', 2));
  const { dontFragment = 'copy' } = entry.sa;
  const outer = encapsulate(inner, { ...addresses, ...carriedBetween(addresses), identification, dontFragment }, rules);
  const { hops, ...traffic } = order.outerHeader ?? {};
  if (outer.version === 4) return { ...outer, ...traffic, ...(hops !== undefined && { timeToLive: hops }) };
  return { ...outer, ...traffic, ...(hops !== undefined && { hopLimit: hops }) };
}

function outerAddresses({ outerSource, outerDestination }: EspSealing, packet: IpPacket): Addresses {
  return { source: outerSource ?? packet.source, destination: outerDestination ?? packet.destination };
}

interface Addresses {
  readonly source: Address;
  readonly destination: Address;
}

function aroundPayload(entry: EspEntry, { order, packet }: Passing, esp: Uint8Array): IpPacket {
  const addresses = outerAddresses(order, packet);
  const { protocol, payload } = carriedBy(entry, order, esp, addresses);
  return { ...withProtectedPart(packet, protocol, payload), ...addresses };
}

function carriedBy(
  { encapsulation }: EspEntry,
  order: EspSealing,
  esp: Uint8Array,
  addresses: Addresses,
): { protocol: number; payload: Uint8Array } {
  if (!encapsulation) return { protocol: order.protocol ?? protocols.ESP, payload: esp };
  return { protocol: order.protocol ?? protocols.UDP, payload: inUdp(esp, encapsulation, addresses) };
}

function orderedKeys(keys: EspKeys, { encryptionKey, integrityKey }: EspSealing): EspKeys {
  return {
    ...keys,
    ...(encryptionKey !== undefined && { encryptionKey: unhex(encryptionKey) }),
    ...(integrityKey !== undefined && { integrityKey: unhex(integrityKey) }),
  };
}
