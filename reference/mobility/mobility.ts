/**
 * Mobile IPv6 as a part of a node (RFC 6275): its binding cache, its headers, its messages, and the tunnels between mobile node and home agent, around
 * IPsec (section 11.3.2). Which messages change a binding is decided by the roles.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import { beyond, type Discarded, type Env, type Instant } from '../machine.ts';
import { TokenBucket } from '../token-bucket.ts';
import { type Address, parsePrefix } from '../wire/address.ts';
import { MalformedOctets } from '../wire/dissection.ts';
import { checksumIsRight } from '../wire/echo.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Message } from '../wire/icmpv6.ts';
import { withHomeAddress, withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { aligned, encodeMobility } from '../wire/mobility/message.ts';
import { bindingErrorStatusCodes } from '../wire/mobility/registry.ts';
import { type Binding, BindingCache } from './binding-cache.ts';
import { mobilityBounds } from './bounds.ts';
import { MobileNodeByHand } from './by-hand.ts';
import type { MobilityConfiguration } from './configuration.ts';
import { CorrespondentNode } from './correspondent-node.ts';
import { type Arrived, type Claim, HeaderProcessing } from './header-processing.ts';
import { HomeAgent } from './home-agent.ts';
import type {
  BindingState,
  BindingUpdateState,
  CameVouched,
  IcmpOrder,
  MessageOrder,
  MobilitySurroundings,
  Role,
  RoleSurroundings,
  Tunnel,
} from './interface.ts';
import type { LinkMessage } from './link-message.ts';
import { readMessage } from './message-arrival.ts';
import { MobileNode } from './mobile-node.ts';
import { type MobilityOrder, orderedPacket } from './order.ts';
import { refusal } from './refusal.ts';
import { RoutabilityTests } from './routability-tests.ts';
import { type MobilityRules, mobilityRules } from './rules.ts';
import { SentPackets } from './sent-packets.ts';
import { encapsulated, innerPacket } from './tunnel.ts';
import { tunnelErrorIn } from './tunnel-errors.ts';
import { undeliveredTo } from './undeliverable.ts';

export interface MobilitySettings {
  readonly configuration: MobilityConfiguration;
  readonly rules?: MobilityRules;
  readonly env: Env;
}

/** How a packet came here. */
export interface Came extends CameVouched {
  /** As it came out of IPsec, with all its headers. */
  readonly whole: IpPacket;
}

export class Mobility {
  readonly #configuration: MobilityConfiguration;
  readonly #rules: MobilityRules;
  readonly #surroundings: MobilitySurroundings;
  readonly #cache: BindingCache;
  readonly #headers: HeaderProcessing;
  readonly #byHand: MobileNodeByHand | undefined;
  readonly #mobileNode: MobileNode | undefined;
  readonly #roles: readonly Role[];
  /** The tunnels that a packet came out of which is under way to its upper layer, outermost first. */
  readonly #tunnels: Tunnel[] = [];
  readonly #sent = new SentPackets();
  readonly #bindingErrors = new TokenBucket(mobilityBounds.bindingErrorsPerSecond);

  constructor({ configuration, rules = mobilityRules, env }: MobilitySettings, surroundings: MobilitySurroundings) {
    const { correspondentNode, homeAgent, mobileNode } = configuration;
    this.#configuration = configuration;
    this.#rules = rules;
    this.#surroundings = surroundings;
    this.#cache = new BindingCache((refusal) => surroundings.discarded(refusal));
    for (const byHand of correspondentNode?.bindings ?? []) {
      this.#cache.enter({ ...byHand, boundTo: undefined, homeRegistration: false, sequenceNumber: 0 });
    }
    const believing = correspondentNode?.believesHomeAddresses ? { ...rules, bindingVouches: () => true } : rules;
    this.#headers = new HeaderProcessing(believing, {
      binding: (homeAddress) => this.#cache.of(homeAddress),
      used: (now, binding) => {
        this.#cache.use(binding);
        for (const role of this.#roles) role.used?.(now, binding);
      },
      heard: (binding) => {
        for (const role of this.#roles) role.heard?.(binding);
      },
      isOwnAddress: (address) => surroundings.owns(address),
      isOwnHomeAddress: (address) => address === this.#homeAddress,
      careOfAddressTowards: (destination, source) =>
        this.#firstOf((role) => role.careOfAddressTowards?.(destination, source)),
    });
    const around = this.#aroundRoles();
    const signalling = correspondentNode?.signalling;
    this.#byHand = mobileNode && !mobileNode.signalling ? new MobileNodeByHand(mobileNode, rules, around) : undefined;
    if (mobileNode?.signalling) {
      const settings = { configuration: { ...mobileNode, signalling: mobileNode.signalling }, rules, env };
      const sendIcmp = (now: Instant, order: IcmpOrder): void => this.#sendIcmp(now, order);
      const link = surroundings.moving(mobileNode.interface);
      const careOfAddressOf = (homeAddress: Address) => this.#cache.of(homeAddress)?.careOfAddress;
      this.#mobileNode = new MobileNode(settings, { ...around, link, careOfAddressOf, sendIcmp });
    }
    // A home agent takes home registrations; what it leaves is a correspondent's.
    this.#roles = [
      homeAgent && new HomeAgent(homeAgent, rules, env, this.#cache, around),
      this.#mobileNode,
      signalling && new CorrespondentNode({ signalling, rules, env, cache: this.#cache }, around),
      this.#byHand,
    ].filter((role) => role !== undefined);
  }

  /** A packet to this node, before IPsec; or as that let it out, where so many of its headers were `read` before. Undefined where it goes no further. */
  arrives(now: Instant, packet: Ipv6Packet, read?: number): Extract<Arrived, { kind: 'goes-on' }> | undefined {
    const arrived = read === undefined ? this.#headers.arrives(packet) : this.#headers.arrivesOn(packet, read);
    if (arrived.kind === 'goes-on') return arrived;
    this.#surroundings.discarded(arrived.refusal);
    if (arrived.pointer !== undefined) this.#reportParameterProblem(now, packet, arrived.pointer);
    if (arrived.unknownBinding) {
      this.#reportBindingError(now, packet, UNKNOWN_BINDING, arrived.unknownBinding.homeAddress);
    }
    return undefined;
  }

  /** After IPsec: as upper layers see it. */
  vouched(packet: Ipv6Packet, through: readonly SadEntry[], claim: Claim | undefined): Ipv6Packet | Discarded {
    const vouched = this.#headers.vouched(packet, through, claim);
    if (claim && !('rule' in vouched) && this.#rules.optionMakesBinding()) {
      const { homeAddress, careOfAddress } = claim;
      const homeRegistration = false;
      this.#cache.enter({ homeAddress, careOfAddress, boundTo: undefined, homeRegistration, sequenceNumber: 0 });
    }
    return vouched;
  }

  /** A packet of this node's own, before IPsec; why it cannot leave, where it has no room for its headers. */
  leaves(now: Instant, packet: Ipv6Packet, { fromIke = false } = {}): Ipv6Packet | Discarded {
    if (fromIke && !this.#rules.keyManagementLeavesAsOthers()) return packet;
    const leaving = this.#headers.leaves(now, packet);
    return leaving === packet ? packet : (tooLong(packet.payload.length) ?? leaving);
  }

  /**
   * A packet of this node's own or one that it forwards, after IPsec: in its tunnel, if it has one; or why it goes no further. `before` is as IPsec got it,
   * where that made a tunnel of it.
   */
  carried(octets: Uint8Array, before?: Uint8Array): Uint8Array | Discarded {
    const about = before ?? octets;
    if (about[0]! >> 4 !== 6 || octets[0]! >> 4 !== 6) return octets;
    const decided = ipPacket.decode(about).value as Ipv6Packet;
    this.#sent.left(decided);
    const tunnel = this.#firstOf((role) => role.tunnelFor?.(decided, before !== undefined));
    if (tunnel && 'rule' in tunnel) return tunnel;
    if (!tunnel) return octets;
    const refused = tooLong(octets.length);
    if (refused) return refused;
    return ipPacket.encode(encapsulated(ipPacket.decode(octets).value as Ipv6Packet, tunnel));
  }

  /** Whether a packet of so many octets goes into a tunnel that carries so many (RFC 2473 section 7.1). */
  tunnelTakes(octets: number, tunnelMtu: number): boolean {
    return this.#rules.tunnelTakes(octets, tunnelMtu);
  }

  /** Takes a packet that is Mobile IPv6's own. It is as upper layers see it. */
  takes(now: Instant, packet: Ipv6Packet, came: Came): boolean {
    const tunnel = this.#tunnels.at(-1);
    if (tunnel) for (const role of this.#roles) role.cameByTunnel?.(now, packet, tunnel);
    if (packet.protocol === protocols['Mobility Header']) this.#takeMessage(now, packet, came);
    else if (this.#takePacket(now, packet, came)) return true;
    else if (packet.protocol === protocols['IPv6-ICMP']) return this.#takeIcmp(now, packet, came);
    else return this.#takeTunnelled(now, packet);
    return true;
  }

  /** A message by hand, as it goes to IPsec, or why there is none: only a mobile node by hand has tests that may authorise one. */
  ordered(order: MobilityOrder): Ipv6Packet | Discarded {
    return this.#byHand ? this.#byHand.ordered(order) : orderedPacket(order, new RoutabilityTests());
  }

  detected(now: Instant, address: Address, outcome: 'unique' | 'duplicate'): void {
    for (const role of this.#roles) role.detected?.(now, address, outcome);
  }

  answersFor(interfaceName: string, address: Address): 'proxy' | 'anycast' | undefined {
    return this.#firstOf((role) => role.answersFor?.(interfaceName, address));
  }

  /** Where key management with this peer is run from; undefined where Mobile IPv6 has no say. */
  keyManagementAddress(peer: Address): Address | undefined {
    return this.#firstOf((role) => role.keyManagementAddress?.(peer));
  }

  /** An address that is the node's by its role. */
  owns(address: Address): boolean {
    return this.#roles.some((role) => role.owns?.(address));
  }

  /** Why a packet that the node would forward goes no further; its sender is told. */
  stops(packet: IpPacket): Discarded | undefined {
    return packet.version === 6 ? this.#firstOf((role) => role.stops?.(packet)) : undefined;
  }

  /** A packet that the node would forward leaves through a tunnel of its roles. */
  hasTunnelFor(packet: IpPacket): boolean {
    return packet.version === 6 && this.#tunnelFor(packet) !== undefined;
  }

  heardOnLink(now: Instant, interfaceName: string, message: LinkMessage): void {
    for (const role of this.#roles) role.heardOnLink?.(now, interfaceName, message);
  }

  moved(now: Instant): void {
    for (const role of this.#roles) role.moved?.(now);
  }

  timeout(now: Instant): void {
    for (const gone of this.#cache.expire(now)) {
      for (const role of this.#roles) role.ended?.(now, gone);
    }
    for (const role of this.#roles) role.timeout(now);
  }

  deadline(): Instant | undefined {
    const instants = [this.#cache.deadline(), ...this.#roles.map((role) => role.deadline())];
    const given = instants.filter((instant) => instant !== undefined);
    return given.length === 0 ? undefined : Math.min(...given);
  }

  /** Of a mobile node that signals. */
  bindingUpdateList(): readonly BindingUpdateState[] | undefined {
    return this.#mobileNode?.bindingUpdateList();
  }

  state(): readonly BindingState[] {
    return this.#cache.entries.map(reported);
  }

  #takeMessage(now: Instant, packet: Ipv6Packet, came: Came): void {
    const tunnel = this.#tunnels.at(-1);
    const read = readMessage(packet, { ...came, ...(tunnel && { tunnel }) }, this.#rules);
    if (read.kind === 'message') {
      if (this.#roles.some((role) => role.receive(now, read.arrival))) this.#surroundings.took(read.arrival);
      return;
    }
    this.#surroundings.discarded(read.refusal);
    if (read.pointer !== undefined) {
      const upperLayerAt = ipPacket.encode(came.whole).length - came.whole.payload.length;
      this.#reportParameterProblem(now, came.whole, upperLayerAt + read.pointer);
    }
    if (read.unknownType) this.#reportBindingError(now, came.whole, UNRECOGNIZED_TYPE, came.claim?.homeAddress);
  }

  /** Of a message with a wrong checksum nobody is told. */
  #takeIcmp(now: Instant, packet: Ipv6Packet, came: Came): boolean {
    if (!checksumIsRight(packet)) return false;
    this.#relayTunnelError(now, packet);
    const message = decodedIcmp(packet.payload);
    if (message && 'originalPacket' in message) {
      if (!this.#rules.errorBelieved(this.#sent.takes(message.originalPacket))) {
        this.#surroundings.discarded(refusal('errorBelieved', `${message.kind} from ${packet.source}`));
        return false;
      }
      this.#takeError(now, packet);
    }
    return message !== undefined && this.#roles.some((role) => role.hearIcmp?.(now, message, packet, came));
  }

  #takePacket(now: Instant, packet: Ipv6Packet, came: Came): boolean {
    try {
      return this.#roles.some((role) => role.receivePacket?.(now, packet, came));
    } catch (error) {
      if (error instanceof MalformedOctets) return false;
      throw error;
    }
  }

  /** Section 9.3.4; such an error is everybody's, so others may read it as well. */
  #takeError(now: Instant, packet: Ipv6Packet): void {
    const binding = undeliveredTo(packet, (homeAddress) => this.#cache.of(homeAddress));
    for (const role of binding ? this.#roles : []) role.undelivered?.(now, binding!);
  }

  /** RFC 2473 section 8. */
  #relayTunnelError(now: Instant, packet: Ipv6Packet): void {
    const error = tunnelErrorIn(packet);
    if (!error) return;
    const { original, tunnel, claim } = error;
    const ours = this.#tunnelFor(original);
    const isOurs = ours?.source === tunnel.source && ours.destination === tunnel.destination;
    const report = this.#rules.tunnelIsOurs(isOurs) ? this.#rules.tunnelErrorRelayed(claim) : undefined;
    if (report) this.#surroundings.report(now, original, report);
  }

  #tunnelFor(packet: Ipv6Packet): Tunnel | undefined {
    const tunnel = this.#firstOf((role) => role.tunnelFor?.(packet, false));
    return tunnel && !('rule' in tunnel) ? tunnel : undefined;
  }

  #takeTunnelled(now: Instant, outer: Ipv6Packet): boolean {
    const inner = innerPacket(outer);
    const opened = inner && this.#firstOf((role) => role.opensTunnel?.(outer, inner));
    if (!inner || !opened) return false;
    if (opened === 'opens') this.#arrivesByTunnel(now, inner, outer);
    else this.#surroundings.discarded(opened);
    return true;
  }

  #arrivesByTunnel(now: Instant, inner: Ipv6Packet, { source, destination }: Ipv6Packet): void {
    if (this.#tunnels.length === mobilityBounds.nestedTunnels) {
      this.#surroundings.discarded(beyond(mobilityBounds, 'nestedTunnels', `from ${source}`));
      return;
    }
    this.#tunnels.push({ source, destination });
    this.#surroundings.arrives(now, inner);
    this.#tunnels.pop();
  }

  #reportParameterProblem(now: Instant, about: IpPacket, pointer: number): void {
    this.#surroundings.report(now, about, { kind: 'parameter-problem', code: 0, pointer });
  }

  /** Section 9.3.3. `about` is as it was on the wire. */
  #reportBindingError(now: Instant, about: IpPacket, status: number, homeAddress: Address = UNSPECIFIED): void {
    if (!this.#rules.bindingErrorMayBeSent(about.source)) return;
    if (!this.#bindingErrors.spends(now)) {
      const why = `no Binding Error to ${about.source}`;
      this.#surroundings.discarded(beyond(mobilityBounds, 'bindingErrorsPerSecond', why));
      return;
    }
    const message = { kind: 'bindingError', status, homeAddress, options: [] } as const;
    this.#send(now, { source: about.destination, destination: about.source, message });
  }

  #send(now: Instant, { source, destination, message, careOfAddress, by }: MessageOrder): void {
    const payload = encodeMobility(aligned(message), { source, destination });
    const protocol = protocols['Mobility Header'];
    const atHome: Ipv6Packet = { version: 6, source, destination, extensions: [], protocol, payload };
    const routed = by === undefined ? atHome : withRoutingHeader(atHome, by);
    this.#surroundings.send(now, careOfAddress === undefined ? routed : withHomeAddress(routed, careOfAddress));
  }

  #sendIcmp(now: Instant, { source, destination, message, careOfAddress }: IcmpOrder): void {
    const payload = encodeIcmpv6(message, { source, destination });
    const protocol = protocols['IPv6-ICMP'];
    const atHome: Ipv6Packet = { version: 6, source, destination, extensions: [], protocol, payload };
    this.#surroundings.send(now, careOfAddress === undefined ? atHome : withHomeAddress(atHome, careOfAddress));
  }

  #aroundRoles(): RoleSurroundings {
    const { detectDuplicates, advertise, addressesOf, moveSas, keyManagement, discarded } = this.#surroundings;
    const send = (now: Instant, order: MessageOrder): void => this.#send(now, order);
    const sendPacket = (now: Instant, packet: Ipv6Packet): void => this.#surroundings.send(now, packet);
    return { send, sendPacket, discarded, detectDuplicates, advertise, addressesOf, moveSas, keyManagement };
  }

  #firstOf<T>(answer: (role: Role) => T | undefined): T | undefined {
    for (const role of this.#roles) {
      const said = answer(role);
      if (said !== undefined) return said;
    }
    return undefined;
  }

  get #homeAddress(): Address | undefined {
    const { mobileNode } = this.#configuration;
    return mobileNode && parsePrefix(mobileNode.homeAddress).address;
  }
}

/** Why a packet of so many octets is given no more of them. */
function tooLong(octets: number): Discarded | undefined {
  if (octets <= mobilityBounds.packetOctets) return undefined;
  return beyond(mobilityBounds, 'packetOctets', `${octets} octets and another header`);
}

function decodedIcmp(octets: Uint8Array): Icmpv6Message | undefined {
  try {
    return icmpv6Message.decode(octets).value;
  } catch (error) {
    if (error instanceof MalformedOctets) return undefined;
    throw error;
  }
}

function reported({ homeAddress, careOfAddress, homeRegistration }: Binding): BindingState {
  return { homeAddress, careOfAddress, homeRegistration };
}

const UNKNOWN_BINDING = bindingErrorStatusCodes['Unknown binding for Home Address destination option'];
const UNRECOGNIZED_TYPE = bindingErrorStatusCodes['Unrecognized MH Type value'];
const UNSPECIFIED: Address = '::';
