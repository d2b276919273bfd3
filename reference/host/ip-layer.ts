/**
 * The IP layer of a node: which packets are its own, which it forwards, where each goes, and IPsec at the boundary between (RFC
 * 4301 section 5: outbound before the route is taken, inbound before delivery or forwarding; fragments are whole before and cut after). What
 * is delivered, and what wants key management, is handed up to the host.
 */
import { Ipsec, type Outbound } from '../ipsec/ipsec.ts';
import type { IpsecRules } from '../ipsec/rules.ts';
import { beyond, type Discarded, type Env, type Instant } from '../machine.ts';
import type { LinkMessage } from '../mobility/link-message.ts';
import type { Came, Mobility } from '../mobility/mobility.ts';
import { TokenBucket } from '../token-bucket.ts';
import type { Provider } from '../transforms/cipher.ts';
import { type Address, addressText, familyOf, isMulticast, type Prefix, parsePrefix } from '../wire/address.ts';
import { type IpPacket, ipPacket, readIpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16, readU32 } from '../wire/octets.ts';
import { ArrivingHeaders } from './arriving-headers.ts';
import { hostBounds } from './bounds.ts';
import type { AdvertisingConfiguration, NodeConfiguration, Translation } from './configuration.ts';
import { fragmented } from './fragments.ts';
import { type ErrorReason, errorCause, icmpError } from './icmp-errors.ts';
import type { HostCommand } from './interface.ts';
import { NetworkInterface } from './interfaces.ts';
import { type FrameEffect, LinkLayer, type LinkSurroundings, type OutgoingPacket } from './link-layer.ts';
import { RouterAdvertisements } from './router-advertisements.ts';
import { routerAdvertisement } from './router-messages.ts';
import { RoutingTable } from './routing.ts';
import { type HostRules, hostSections } from './rules.ts';
import { translated } from './translation.ts';

/** What lies above and below the IP layer. */
export interface Surroundings {
  /** A frame leaves the node. */
  emit(frame: FrameEffect): void;
  /** A whole packet for this node. */
  deliver(packet: IpPacket, came: Came): void;
  /** A packet wanted an SA that is not there; it is discarded. */
  acquire(wanted: Extract<Outbound, { kind: 'acquire' }>, packet: Uint8Array): void;
  /** A packet did not meet the selectors of the SA that carried it, and the peer is to be told. */
  selectorsNotMet(spi: number, packet: Uint8Array): void;
  /** A packet came under an SPI of nobody, from one address to the other; in UDP from this port. */
  unknownSpi(
    spi: number,
    ends: { readonly localAddress: Address; readonly remoteAddress: Address; readonly remotePort?: number },
  ): void;
  /** An authentic packet came in UDP, under the SA with this SPI. */
  espHeard(spi: number, remoteAddress: Address, remotePort: number): void;
  discarded(refusal: Discarded): void;
}

/** What is said of a packet on its way out. */
export interface Sending {
  /** The node's IKE machine sends it. */
  readonly fromIke?: boolean;
  readonly tampers?: OutgoingPacket['tampers'];
  readonly command?: number;
  /** The packet came from elsewhere. */
  readonly forwarded?: boolean;
  /** Octets that its path takes, where that is known to be less than the first link does. */
  readonly pathMtu?: number;
}

export interface IpLayerSettings {
  readonly rules: { readonly host: HostRules; readonly ipsec: IpsecRules };
  readonly env: Env;
  readonly provider: Provider;
  /** When the manual SAs are installed. */
  readonly now: Instant;
  readonly mobility?: Mobility | undefined;
}

export class IpLayer {
  readonly ipsec: Ipsec;
  readonly #surroundings: Surroundings;
  readonly #rules: HostRules;
  readonly #env: Env;
  readonly #forwarding: boolean;
  readonly #translations: readonly Translation[];
  readonly #interfaces: readonly NetworkInterface[];
  readonly #links: ReadonlyMap<string, LinkLayer>;
  readonly #innerAddresses: ReadonlySet<Address>;
  readonly #arriving: ArrivingHeaders;
  readonly #advertisements: RouterAdvertisements;
  readonly #errors = new TokenBucket(hostBounds.errorsPerSecond);
  #routes: RoutingTable;
  /** Of a node that was told of Mobile IPv6. */
  readonly #mobility: Mobility | undefined;

  constructor(configuration: NodeConfiguration, settings: IpLayerSettings, surroundings: Surroundings) {
    const { rules, env, provider, now, mobility } = settings;
    this.#mobility = mobility;
    this.#surroundings = surroundings;
    this.#rules = rules.host;
    this.#env = env;
    this.#forwarding = configuration.forwarding;
    this.#translations = configuration.translations ?? [];
    this.#interfaces = configuration.interfaces.map((one) => new NetworkInterface(configuration.name, one));
    const discarded = (refusal: Discarded): void => surroundings.discarded(refusal);
    this.#links = new Map(
      this.#interfaces.map((one) => [one.name, new LinkLayer(one, this.#rules, this.#around(one))]),
    );
    this.#innerAddresses = new Set(configuration.innerAddresses.map((prefix) => parsePrefix(prefix).address));
    this.#routes = new RoutingTable(this.#interfaces, configuration.routes);
    this.#arriving = new ArrivingHeaders(rules.host, {
      mobility,
      isMine: (packet) => this.#isMine(packet),
      discarded,
      report: (now, about, reason) => this.report(now, about, reason),
    });
    this.#advertisements = new RouterAdvertisements(configuration.advertises ?? [], env, rules.host, now);
    const isOwnAddress = (address: Address): boolean => this.owns(address);
    const linkMtu = (destination: Address): number =>
      this.#routes.hopTowards(destination)?.interface.mtu ?? Number.POSITIVE_INFINITY;
    this.ipsec = new Ipsec({ configuration, isOwnAddress, linkMtu, env, provider, rules: rules.ipsec, now });
  }

  owns(address: Address): boolean {
    return (
      this.#innerAddresses.has(address) ||
      this.#interfaces.some((one) => one.owns(address)) ||
      this.#mobility?.owns(address) === true
    );
  }

  /** A frame came in on an interface. */
  receive(now: Instant, interfaceName: string, octets: Uint8Array): void {
    const packet = this.link(interfaceName).receive(now, octets);
    if (packet) this.#arrive(now, translated(packet, this.#translations));
  }

  /** A packet of this node's own, or one it forwards: protected, passed in clear or discarded as the SPD says. */
  send(now: Instant, octets: Uint8Array, sending: Sending = {}): void {
    const own = sending.forwarded ? octets : this.#withMobilityHeaders(now, octets, sending);
    if ('rule' in own) {
      this.#surroundings.discarded(own);
      return;
    }
    const { fromIke = false, forwarded = false } = sending;
    const outcome = this.ipsec.outbound(now, own, { fromIke, forwarded });
    if (outcome.kind === 'acquire') {
      this.#surroundings.acquire(outcome, octets);
      this.#surroundings.discarded(outcome.refusal);
    } else if (outcome.kind === 'discard') {
      this.#surroundings.discarded(outcome.refusal);
      if (outcome.mtu !== undefined) this.#tellSender(now, own, { kind: 'too-big', mtu: outcome.mtu });
    } else if (outcome.kind === 'cut') {
      for (const piece of this.#pieces(readIpPacket(own)!, outcome.mtu)) this.send(now, piece, sending);
    } else this.#leave(now, own, outcome, sending);
  }

  /** RFC 4862 5.4, on the link of an interface; Mobile IPv6 is told what came of it. */
  detectDuplicates(now: Instant, interfaceName: string, address: Address): void {
    this.link(interfaceName).detectDuplicates(now, address);
  }

  /** RFC 4861 7.2.6 and 7.2.8, on the link of an interface. */
  advertise(interfaceName: string, address: Address): void {
    this.link(interfaceName).advertise(address);
  }

  addressesOf(interfaceName: string): readonly Prefix[] {
    return this.link(interfaceName).interface.addresses;
  }

  /** A packet that came out of a tunnel to this node. */
  resubmit(now: Instant, packet: IpPacket): void {
    this.#arrive(now, packet);
  }

  /** Past the SPD: towards `destination`, whatever the octets say. */
  route(now: Instant, octets: Uint8Array, destination: Address, sending: Sending = {}): void {
    if (this.owns(destination)) {
      const packet = readIpPacket(octets);
      if (packet) this.#arrive(now, packet);
      return;
    }
    const hop = this.#routes.hopTowards(destination);
    if (!hop) {
      this.#cannotSend(now, octets, { kind: 'no-route' });
      return;
    }
    const link = this.link(hop.interface.name);
    const { tampers, command, pathMtu = Number.POSITIVE_INFINITY } = sending;
    for (const piece of this.#cut(now, octets, Math.min(hop.interface.mtu, pathMtu), sending)) {
      link.send(now, hop.neighbor, {
        octets: piece,
        ...(tampers && { tampers }),
        ...(command !== undefined && { command }),
      });
    }
  }

  /** Where key management with this peer is run from, if nobody says. */
  keyManagementAddress(peer: Address): Address | undefined {
    return this.#mobility?.keyManagementAddress(peer) ?? this.#addressTowards(peer);
  }

  /** An ICMP error about a packet that came in, if one may be sent. */
  report(now: Instant, about: IpPacket, reason: ErrorReason): void {
    if (!this.#rules.errorMayBeSent(errorCause(about, reason))) return;
    if (!this.#errors.spends(now)) {
      this.#surroundings.discarded(beyond(hostBounds, 'errorsPerSecond', `no ${reason.kind} to ${about.source}`));
      return;
    }
    const source = this.owns(about.destination) ? about.destination : this.#addressTowards(about.source);
    if (source !== undefined) this.send(now, ipPacket.encode(icmpError(about, source, reason)));
  }

  /**
   * Other addresses and routes, on another link or on the same; returns the addresses given up and what each became. A home address is given up nowhere:
   * it is among the inner addresses.
   */
  move(
    move: Pick<Extract<HostCommand, { kind: 'move' }>, 'interface' | 'addresses' | 'routes'>,
    { isAnotherLink = true } = {},
  ): readonly { readonly from: Address; readonly to: Address }[] {
    const moved = this.#interfaces.find((one) => one.name === move.interface);
    if (!moved) throw new RangeError(`no interface ${move.interface}`);
    const before = moved.addresses;
    moved.addresses = move.addresses.map(parsePrefix);
    if (isAnotherLink) this.link(moved.name).forgetNeighbors();
    this.#routes = new RoutingTable(this.#interfaces, move.routes);
    const left = before.filter(({ address }) => !this.owns(address));
    return left.flatMap(({ address: from }) => {
      const to = moved.addresses.find(({ address }) => familyOf(address) === familyOf(from))?.address;
      return to === undefined ? [] : [{ from, to }];
    });
  }

  /** Throws `RangeError` for an interface that is none. */
  link(name: string): LinkLayer {
    const link = this.#links.get(name);
    if (!link) throw new RangeError(`no interface ${name}`);
    return link;
  }

  timeout(now: Instant): void {
    this.#arriving.expire(now);
    for (const told of this.#advertisements.due(now)) this.#advertise(told);
    const lost = [...this.#links.values()].flatMap((link) => link.timeout(now));
    for (const { octets } of lost) this.#cannotSend(now, octets, { kind: 'address-unreachable' });
  }

  deadline(): Instant | undefined {
    const own = [this.#arriving.deadline(), this.#advertisements.deadline()];
    const instants = [...own, ...[...this.#links.values()].map((link) => link.deadline())];
    return instants.reduce((earliest, one) =>
      one !== undefined && (earliest === undefined || one < earliest) ? one : earliest,
    );
  }

  /** RFC 4301 5.2, and to whom it is then. Headers are read in their order (RFC 8200 4): what AH and ESP lead to, once it came out. */
  #arrive(now: Instant, packet: IpPacket): void {
    let read = this.#arriving.read(now, packet);
    if (!read) return;
    const { packet: first } = read;
    const octets = ipPacket.encode(first);
    const outcome = this.ipsec.inbound(now, octets, (opened, through) => {
      read = read && this.#arriving.readOn(now, opened, through, read);
      return read?.packet;
    });
    if (outcome.kind === 'discard') this.#surroundings.discarded(outcome.refusal);
    if (outcome.kind === 'discard' && outcome.notify) {
      this.#surroundings.selectorsNotMet(outcome.notify.sa.spi, octets);
    }
    if (outcome.kind === 'discard' && outcome.unknownSpi !== undefined) this.#tellUnknownSpi(outcome.unknownSpi, first);
    if (outcome.kind !== 'deliver') return;
    const { through } = outcome;
    if (through[0] && first.protocol === protocols.UDP) {
      this.#surroundings.espHeard(through[0].sa.spi, first.source, readU16(first.payload));
    }
    if (this.#isMine(read.packet)) this.#deliver(read.packet, { through, ...(read.claim && { claim: read.claim }) });
    else if (this.#forwarding && !isMulticast(read.packet.destination)) this.#forward(now, read.packet);
  }

  #tellUnknownSpi(spi: number, { source, destination, protocol, payload }: IpPacket): void {
    const remotePort = protocol === protocols.UDP ? { remotePort: readU16(payload) } : {};
    this.#surroundings.unknownSpi(spi, { localAddress: destination, remoteAddress: source, ...remotePort });
  }

  /** What IPsec made of a packet, or left as it was. A tunnel's packets are this node's own, and may be cut. */
  #leave(now: Instant, own: Uint8Array, outcome: Left, sending: Sending): void {
    const isTunnelled = outcome.kind === 'protected' && outcome.entry.sa.mode === 'tunnel';
    const on: Sending = {
      ...sending,
      ...(outcome.kind === 'protected' && { pathMtu: outcome.pathMtu }),
      ...(isTunnelled && { forwarded: false }),
    };
    const packet = this.#mobility?.carried(outcome.packet, isTunnelled ? own : undefined) ?? outcome.packet;
    if ('rule' in packet) this.#surroundings.discarded(packet);
    else if (packet === outcome.packet) this.route(now, packet, destinationOf(packet), on);
    else this.#enterTunnel(now, outcome.packet, packet, sending);
  }

  /** RFC 2473 7.1: the tunnel packet is this node's own, and may be cut; who sent the original is told where that is too long. */
  #enterTunnel(now: Instant, original: Uint8Array, tunnelled: Uint8Array, sending: Sending): void {
    const destination = destinationOf(tunnelled);
    const mtu =
      (this.#routes.hopTowards(destination)?.interface.mtu ?? Infinity) - (tunnelled.length - original.length);
    if (sending.forwarded && !this.#mobility!.tunnelTakes(original.length, mtu)) {
      this.#cannotSend(now, original, { kind: 'too-big', mtu });
    } else this.route(now, tunnelled, destination, { ...sending, forwarded: false });
  }

  #advertise(told: AdvertisingConfiguration): void {
    const link = this.link(told.interface);
    link.say(routerAdvertisement(link.interface, told, this.#rules));
  }

  #hear(now: Instant, name: string, message: LinkMessage): void {
    if (message.kind === 'routerSolicitation') this.#advertisements.solicited(now, name);
    else this.#mobility?.heardOnLink(now, name, message);
  }

  #around({ name }: NetworkInterface): LinkSurroundings {
    return {
      isRouter: this.#forwarding,
      heard: (now, message) => this.#hear(now, name, message),
      emit: (frame) => this.#surroundings.emit(frame),
      discarded: (refusal) => this.#surroundings.discarded(refusal),
      unreadable: (now, octets) => this.#arriving.unreadable(now, octets),
      answersFor: (address) => this.#mobility?.answersFor(name, address),
      detected: (now, address, outcome) => this.#mobility?.detected(now, address, outcome),
    };
  }

  #deliver(packet: IpPacket, came: Omit<Came, 'whole'>): void {
    const vouched = this.#arriving.vouched(packet, came.through, came.claim);
    if ('rule' in vouched) this.#surroundings.discarded(vouched);
    else this.#surroundings.deliver(vouched, { ...came, whole: packet });
  }

  /** RFC 6275 9.3.2 and 11.3.1; a Mobility Header brings what it needs. */
  #withMobilityHeaders(now: Instant, octets: Uint8Array, sending: Sending): Uint8Array | Discarded {
    const packet = this.#mobility && readIpPacket(octets);
    if (!packet || packet.version === 4 || packet.protocol === protocols['Mobility Header']) return octets;
    const leaving = this.#mobility!.leaves(now, packet, sending);
    if ('rule' in leaving) return leaving;
    return leaving === packet ? octets : ipPacket.encode(leaving);
  }

  #refuse(rule: keyof HostRules, detail: string): void {
    this.#surroundings.discarded({ rule, section: hostSections[rule], detail });
  }

  #isMine({ destination }: IpPacket): boolean {
    return this.#rules.destinationIsMine(destination, this.owns(destination));
  }

  #forward(now: Instant, packet: IpPacket): void {
    const stopped = this.#mobility?.stops(packet);
    if (stopped) {
      this.#surroundings.discarded(stopped);
      this.report(now, packet, { kind: 'address-unreachable' });
      return;
    }
    const byTunnel = this.#mobility?.hasTunnelFor(packet) ?? false;
    if (!this.#rules.mayBeForwarded(packet.source, packet.destination, byTunnel)) {
      this.#refuse('mayBeForwarded', `from ${packet.source} to ${packet.destination}`);
      return;
    }
    const hops = this.#rules.hopsLeft((packet.version === 4 ? packet.timeToLive : packet.hopLimit) ?? 0);
    if (hops === 0) {
      this.report(now, packet, { kind: 'hops-exceeded' });
      return;
    }
    const further =
      packet.version === 4 ? { ...packet, timeToLive: hops, headerChecksum: undefined } : { ...packet, hopLimit: hops };
    this.send(now, ipPacket.encode(further), { forwarded: true });
  }

  /** The packet itself, or its fragments where it is too long for the link and may be cut. */
  #cut(now: Instant, octets: Uint8Array, mtu: number, sending: Sending): readonly Uint8Array[] {
    const packet = octets.length > mtu ? readIpPacket(octets) : undefined;
    if (!packet) return [octets];
    const dontFragment = packet.version === 4 && (packet.dontFragment ?? false);
    if (!this.#rules.mayBeCut({ version: packet.version, dontFragment, forwarded: sending.forwarded ?? false })) {
      this.#cannotSend(now, octets, { kind: 'too-big', mtu });
      return [];
    }
    return this.#pieces(packet, mtu);
  }

  #pieces(packet: IpPacket, mtu: number): readonly Uint8Array[] {
    const identification = readU32(this.#env.octets('identifier', 4));
    return fragmented(packet, mtu, identification, this.#rules.pieceFlags).map((piece) => ipPacket.encode(piece));
  }

  #cannotSend(now: Instant, octets: Uint8Array, reason: ErrorReason): void {
    const detail = `towards ${destinationOf(octets)}`;
    this.#surroundings.discarded({ rule: reason.kind, section: 'RFC 1122 3.3.1', detail });
    this.#tellSender(now, octets, reason);
  }

  /** Unless that is this node. */
  #tellSender(now: Instant, octets: Uint8Array, reason: ErrorReason): void {
    const packet = readIpPacket(octets);
    if (packet && !this.owns(packet.source)) this.report(now, packet, reason);
  }

  #addressTowards(destination: Address): Address | undefined {
    return this.#routes.hopTowards(destination)?.interface.addressTowards(destination);
  }
}

type Left = Extract<Outbound, { readonly kind: 'bypass' | 'protected' }>;

/** Of an encoded packet, however odd the rest of it is. */
export function destinationOf(octets: Uint8Array): Address {
  return addressText(octets[0]! >> 4 === 6 ? octets.subarray(24, 40) : octets.subarray(16, 20));
}
