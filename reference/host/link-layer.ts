/**
 * One interface on an Ethernet link: frames in, packets out, and the other way round. It finds the neighbors' hardware addresses by ARP
 * (RFC 826) and neighbor discovery (RFC 4861 section 7.2), which stay below IPsec: they speak of the link, not of the node's
 * traffic. What a packet is for is decided above.
 */
import type { Discarded, Instant } from '../machine.ts';
import type { LinkMessage } from '../mobility/link-message.ts';
import { type Address, addressOctets, familyOf, isMulticast } from '../wire/address.ts';
import { type MacAddress, macText } from '../wire/address-fields.ts';
import { arpPacket } from '../wire/arp.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { broadcast, ethernetFrame, etherTypes } from '../wire/ethernet.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { arpReply, arpRequest } from './arp.ts';
import { type Detected, DuplicateAddressDetection } from './duplicate-address-detection.ts';
import type { HostEffect } from './interface.ts';
import type { NetworkInterface } from './interfaces.ts';
import { NeighborCache } from './neighbor-cache.ts';
import {
  duplicateSolicitation,
  isNeighborDiscovery,
  type NeighborMessage,
  neighborAdvertisement,
  neighborSolicitation,
  readNeighborDiscovery,
} from './neighbor-discovery.ts';
import type { Answering } from './neighbor-rules.ts';
import { readRouterMessage, routerSolicitation } from './router-messages.ts';
import type { HostRules } from './rules.ts';

/** An encoded IP packet on its way to the link, with what is to be said of the frame that carries it. */
export interface OutgoingPacket {
  readonly octets: Uint8Array;
  readonly tampers?: FrameEffect['tampers'];
  readonly command?: number;
}

export type FrameEffect = Extract<HostEffect, { kind: 'frame' }>;

/** What lies around a link layer. */
export interface LinkSurroundings {
  /** The node forwards what is not for it. */
  readonly isRouter: boolean;
  emit(frame: FrameEffect): void;
  discarded(refusal: Discarded): void;
  /** The octets of a frame that announces IP are no packet. */
  unreadable(now: Instant, octets: Uint8Array): void;
  /** In which capacity the node answers for an address that is none of the interface's own (RFC 4861 sections 7.2.7 and 7.2.8). */
  answersFor(address: Address): Exclude<Answering, 'own'> | undefined;
  /** What a neighbor or router says that may concern more than this layer. */
  heard(now: Instant, message: LinkMessage): void;
  /** What came of a duplicate address detection. */
  detected(now: Instant, address: Address, outcome: Detected): void;
}

export class LinkLayer {
  readonly interface: NetworkInterface;
  readonly #rules: HostRules;
  readonly #surroundings: LinkSurroundings;
  readonly #neighbors: NeighborCache<OutgoingPacket>;
  readonly #detection: DuplicateAddressDetection;

  constructor(through: NetworkInterface, rules: HostRules, surroundings: LinkSurroundings) {
    const discarded = (refusal: Discarded): void => surroundings.discarded(refusal);
    this.interface = through;
    this.#rules = rules;
    this.#surroundings = surroundings;
    this.#neighbors = new NeighborCache(discarded);
    this.#detection = new DuplicateAddressDetection(rules, discarded);
  }

  /** The packet in a frame, unless it is for somebody else, of no use, or this layer's own business. */
  receive(now: Instant, octets: Uint8Array): IpPacket | undefined {
    const frame = read(() => ethernetFrame.decode(octets).value);
    if (!frame || !this.#isForMe(frame.destination)) return undefined;
    if (frame.etherType === etherTypes.ARP) {
      this.#receiveArp(frame.payload);
      return undefined;
    }
    if (frame.etherType !== etherTypes.IPv4 && frame.etherType !== etherTypes.IPv6) return undefined;
    const packet = read(() => ipPacket.decode(frame.payload).value);
    if (!packet) this.#surroundings.unreadable(now, frame.payload);
    if (!packet || !isNeighborDiscovery(packet)) return packet;
    this.#receiveNeighborDiscovery(now, packet, frame.source);
    return undefined;
  }

  send(now: Instant, neighbor: Address, packet: OutgoingPacket): void {
    const to = isMulticast(neighbor) ? multicastHardwareAddress(neighbor) : this.#neighbors.hardwareAddressOf(neighbor);
    if (to !== undefined) this.#transmit(to, etherTypeOf(neighbor), packet);
    else if (this.#neighbors.await(now, neighbor, packet)) this.#ask(neighbor);
  }

  /** Repeats questions that nobody answered; returns the packets that cannot be delivered. */
  timeout(now: Instant): readonly OutgoingPacket[] {
    const { repeat, unreachable } = this.#neighbors.due(now);
    for (const neighbor of repeat) this.#ask(neighbor);
    for (const address of this.#detection.due(now)) this.#surroundings.detected(now, address, 'unique');
    return unreachable;
  }

  deadline(): Instant | undefined {
    return earlier(this.#neighbors.deadline(), this.#detection.deadline());
  }

  /** Asks whether anybody has this address (RFC 4862 section 5.4). */
  detectDuplicates(now: Instant, address: Address): void {
    if (this.#detection.begin(now, address)) this.say(duplicateSolicitation(address));
  }

  /** Says to all nodes, unasked, that packets for this address are to come here, whatever they know (RFC 4861 sections 7.2.6 and 7.2.8). */
  advertise(target: Address): void {
    const capacity = this.interface.owns(target) ? 'own' : 'proxy';
    const router = this.#rules.saysRouter(this.#surroundings.isRouter, capacity);
    this.say(neighborAdvertisement(this.interface, { target, override: true, router }));
  }

  /** A packet to a group of this link. */
  say(packet: IpPacket): void {
    this.#transmit(multicastHardwareAddress(packet.destination), etherTypes.IPv6, { octets: ipPacket.encode(packet) });
  }

  solicitRouters(): void {
    this.say(routerSolicitation(this.interface));
  }

  /** Asks a neighbor that is known whether it is there still (RFC 4861 section 7.3.3); one that is not known is asked for. */
  probe(neighbor: Address): void {
    const known = this.#neighbors.hardwareAddressOf(neighbor);
    if (known === undefined) this.#ask(neighbor);
    else {
      const solicitation = neighborSolicitation(this.interface, neighbor, { destination: neighbor });
      this.#transmit(known, etherTypes.IPv6, { octets: ipPacket.encode(solicitation) });
    }
  }

  /** Asks all who may answer for an address; from nobody where the source is unspecified (RFC 6275 section 11.5.5). */
  askFor(target: Address, source: Address): void {
    const isNobody = source === UNSPECIFIED;
    this.say(isNobody ? duplicateSolicitation(target) : neighborSolicitation(this.interface, target, { source }));
  }

  knows(neighbor: Address): boolean {
    return this.#neighbors.hardwareAddressOf(neighbor) !== undefined;
  }

  /** Where a neighbor is; what waited for it leaves. */
  learn(neighbor: Address, hardwareAddress: MacAddress): void {
    for (const packet of this.#neighbors.learn(neighbor, hardwareAddress)) {
      this.#transmit(hardwareAddress, etherTypeOf(neighbor), packet);
    }
  }

  /** Sends to one hardware address of the link, whatever is known of the destination's. */
  sendTo(hardwareAddress: MacAddress, packet: OutgoingPacket): void {
    this.#transmit(hardwareAddress, etherTypes.IPv6, packet);
  }

  /** On another link nobody is known. */
  forgetNeighbors(): void {
    this.#neighbors.forget();
    this.#detection.forget();
  }

  #isForMe(destination: MacAddress): boolean {
    const isGroup = Number.parseInt(destination.slice(0, 2), 16) % 2 === 1;
    return isGroup || destination === this.interface.hardwareAddress;
  }

  #ask(neighbor: Address): void {
    if (familyOf(neighbor) === 4) {
      const octets = arpPacket.encode(arpRequest(this.interface, neighbor));
      this.#transmit(broadcast, etherTypes.ARP, { octets });
      return;
    }
    this.say(neighborSolicitation(this.interface, neighbor));
  }

  #receiveArp(octets: Uint8Array): void {
    const message = read(() => arpPacket.decode(octets).value);
    if (!message) return;
    const { senderProtocolAddress: sender, senderHardwareAddress } = message;
    const isForMe = this.interface.owns(message.targetProtocolAddress);
    if (this.#rules.arpTeaches(isForMe, this.#neighbors.isKnown(sender))) this.learn(sender, senderHardwareAddress);
    const reply = arpReply(this.interface, message);
    if (reply) this.#transmit(reply.targetHardwareAddress, etherTypes.ARP, { octets: arpPacket.encode(reply) });
  }

  #receiveNeighborDiscovery(now: Instant, packet: Ipv6Packet, sender: MacAddress): void {
    const routerMessage = read(() => readRouterMessage(packet, this.#rules));
    if (routerMessage) this.#hearRouter(now, routerMessage);
    const message = read(() => readNeighborDiscovery(packet, this.#rules));
    if (!message) return;
    if (message.kind === 'solicitation') this.#answer(message, sender);
    else this.#advertised(message);
    if (this.#detection.contradicts(message)) this.#surroundings.detected(now, message.target, 'duplicate');
    if (message.kind === 'solicitation') return;
    const { target, solicited, router, hardwareAddress } = message;
    const from = hardwareAddress !== undefined && { hardwareAddress };
    this.#surroundings.heard(now, { kind: 'neighborAdvertisement', target, solicited, router, ...from });
  }

  #hearRouter(now: Instant, message: LinkMessage): void {
    const isNamed = 'source' in message && message.source !== UNSPECIFIED && message.hardwareAddress !== undefined;
    if (isNamed) this.learn(message.source, message.hardwareAddress!);
    this.#surroundings.heard(now, message);
  }

  /** RFC 4861 7.2.3 and 7.2.4. */
  #answer({ target, source: asker, hardwareAddress }: NeighborMessage, sender: MacAddress): void {
    const answering = this.interface.owns(target) ? 'own' : this.#surroundings.answersFor(target);
    const isMine = this.#rules.solicitationIsMine(answering);
    const teaches = this.#rules.solicitationTeaches(isMine, asker);
    if (teaches && hardwareAddress !== undefined) this.learn(asker, hardwareAddress);
    if (!isMine) return;
    const capacity = answering ?? 'proxy';
    const override = this.#rules.overridesOthers(capacity);
    const router = this.#rules.saysRouter(this.#surroundings.isRouter, capacity);
    const advertisement = neighborAdvertisement(this.interface, { target, asker, override, router });
    if (isMulticast(advertisement.destination)) this.say(advertisement);
    else this.#transmit(hardwareAddress ?? sender, etherTypes.IPv6, { octets: ipPacket.encode(advertisement) });
  }

  /** RFC 4861 7.2.5. */
  #advertised({ target, hardwareAddress, override }: NeighborMessage): void {
    const known = this.#neighbors.hardwareAddressOf(target);
    const teaches = this.#rules.advertisementTeaches(this.#neighbors.isAskedFor(target), known !== undefined);
    if (hardwareAddress === undefined || hardwareAddress === known || !teaches) return;
    if (known === undefined || this.#rules.replacesKnown(override)) this.learn(target, hardwareAddress);
  }

  #transmit(destination: MacAddress, etherType: number, packet: OutgoingPacket): void {
    this.#surroundings.emit({
      kind: 'frame',
      interface: this.interface.name,
      octets: ethernetFrame.encode({
        destination,
        source: this.interface.hardwareAddress,
        etherType,
        payload: packet.octets,
      }),
      ...(packet.tampers && { tampers: packet.tampers }),
      ...(packet.command !== undefined && { command: packet.command }),
    });
  }
}

function earlier(one: Instant | undefined, other: Instant | undefined): Instant | undefined {
  return one === undefined || (other !== undefined && other < one) ? other : one;
}

function etherTypeOf(neighbor: Address): number {
  return familyOf(neighbor) === 4 ? etherTypes.IPv4 : etherTypes.IPv6;
}

const UNSPECIFIED: Address = '::';

/** RFC 1112 section 6.4 and RFC 2464 section 7. */
function multicastHardwareAddress(group: Address): MacAddress {
  const octets = addressOctets(group);
  if (octets.length === 16) return macText(Uint8Array.of(0x33, 0x33, ...octets.subarray(12)));
  return macText(Uint8Array.of(0x01, 0x00, 0x5e, octets[1]! & 0x7f, octets[2]!, octets[3]!));
}

/** The value, or undefined for octets that are none. */
function read<T>(reading: () => T): T | undefined {
  try {
    return reading();
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}
