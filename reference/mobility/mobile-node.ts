/**
 * A mobile node that signals for itself, RFC 6275 section 11: it notices where it is (`movement.ts`, `returning-home.ts`), keeps its home agent and its correspondents told
 * (`home-registration.ts`, `correspondent-registrations.ts`), and says which way its packets go. This file carries from one to the other.
 */
import type { Discarded, Env, Instant } from '../machine.ts';
import { type Address, addressOctets, isLinkLocal, type Prefix, parsePrefix } from '../wire/address.ts';
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { mobilityHeaderTypes } from '../wire/mobility/registry.ts';
import { equal, readU16 } from '../wire/octets.ts';
import type { ListEntry } from './binding-update-list.ts';
import type { MobileNodeConfiguration, MobileSignalling } from './configuration.ts';
import { CorrespondentRegistrations } from './correspondent-registrations.ts';
import { ErrorsOfPeers } from './errors-of-peers.ts';
import { HomeAgentDiscovery } from './home-agent-discovery.ts';
import type { BindingUpdateState, CameBy, MobileNodeSurroundings, Role, Tunnel } from './interface.ts';
import type { LinkMessage } from './link-message.ts';
import { type MessageArrival, of } from './message-arrival.ts';
import { HomeRegistration } from './mobile-node-registration.ts';
import { type Attachment, Movement } from './movement.ts';
import { PrefixDiscovery } from './prefix-discovery.ts';
import { refusal } from './refusal.ts';
import { ReturningHome } from './returning-home.ts';
import type { MobilityRules } from './rules.ts';

export interface MobileNodeSettings {
  readonly configuration: MobileNodeConfiguration & { readonly signalling: MobileSignalling };
  readonly rules: MobilityRules;
  readonly env: Env;
}

export class MobileNode implements Role {
  readonly #settings: MobileNodeSettings;
  readonly #rules: MobilityRules;
  readonly #around: MobileNodeSurroundings;
  readonly #home: Prefix;
  readonly #movement: Movement;
  readonly #returning: ReturningHome;
  readonly #registration: HomeRegistration;
  readonly #correspondents: CorrespondentRegistrations;
  readonly #discovery: HomeAgentDiscovery;
  readonly #prefixes: PrefixDiscovery;
  readonly #errors: ErrorsOfPeers;
  /** Where the home address may be used as it is, where it may be used from a care-of address, and where not at all. */
  #at: 'home' | 'returning' | 'away' | 'nowhere' = 'home';
  #careOfAddress: Address | undefined;
  /** This node's ends of tunnels of IPsec with the home agent. */
  #tunnelsEndAt: Address;
  /** Of the care-of address, in seconds. */
  #validLifetime = Infinity;
  /** Of the home address. */
  #homeValidUntil: Instant = Infinity;
  #attachment: Attachment | undefined;
  /** Of this link, with the length of their prefixes. */
  #onLink: readonly string[] = [];

  constructor(settings: MobileNodeSettings, around: MobileNodeSurroundings) {
    const { configuration, rules, env } = settings;
    const { signalling } = configuration;
    this.#settings = settings;
    this.#rules = rules;
    this.#around = around;
    this.#home = parsePrefix(configuration.homeAddress);
    const homeAddress = this.#home.address;
    this.#tunnelsEndAt = homeAddress;
    const discarded = (refused: Discarded): void => around.discarded(refused);
    const careOfAddress = (): Address | undefined => this.#careOfAddress;
    this.#movement = new Movement(rules, {
      link: around.link,
      homePrefix: this.#home,
      arrivedHome: (now, attachment) => this.#arrivedHome(now, attachment),
      arrived: (now, address, attachment, validLifetime) => this.#arrived(now, address, attachment, validLifetime),
      detectDuplicates: (now, address) => this.#detectDuplicates(now, address),
      reachedBy: (attachment) => this.#reachedBy(attachment),
      lost: () => this.#lost(),
      discarded,
    });
    this.#returning = new ReturningHome({
      rules,
      link: around.link,
      homeAddress,
      isReturning: () => this.#at === 'returning',
      homeAgent: () => this.#registration.entry?.peer,
      detectDuplicates: (now, address) => this.#detectDuplicates(now, address),
      settles: () => this.#settlesAtHome(),
      deregisters: (now) => this.#deregister(now),
      discarded,
    });
    this.#registration = new HomeRegistration(
      {
        rules,
        homeAddress,
        lifetime: signalling.lifetime,
        requiresIpsec: signalling.withoutIpsec === undefined,
        sameIdentifier: () => equal(identifierOf(homeAddress), identifierOf(around.link.linkLocalAddress)),
        keyManagementMoves: (homeAgent) => around.keyManagement.canMove(homeAgent),
        sequenceNumber: readU16(env.octets('identifier', 2)),
      },
      {
        send: (now, order) => around.send(now, order),
        registered: (now) => this.#correspondents.followsHome(now),
        deregistered: (now) => this.#deregistered(now),
        failed: (now) => this.#failed(now),
        acknowledged: (now, homeAgent, isMovable) => this.#moveKeyManagement(now, homeAgent, isMovable),
        prefixesWanted: (now) => this.#prefixes.asks(now),
        discarded,
      },
    );
    this.#correspondents = new CorrespondentRegistrations({
      rules,
      env,
      homeAddress,
      careOfAddress,
      lifetime: signalling.lifetime,
      leftAtHome: (now) => this.#leftAtHome(now),
      careOfAddressOf: (peer) => around.careOfAddressOf(peer),
      send: (now, order) => around.send(now, order),
      discarded,
    });
    this.#discovery = new HomeAgentDiscovery({
      rules,
      env,
      homePrefix: this.#home,
      sendIcmp: (now, order) => around.sendIcmp(now, order),
      discovered: (now) => this.#register(now),
      discarded,
    });
    this.#prefixes = new PrefixDiscovery({
      rules,
      env,
      home: this.#home,
      homeAgent: () => this.#registration.entry?.peer ?? this.#homeAgent,
      careOfAddress,
      sendIcmp: (now, order) => around.sendIcmp(now, order),
      learnt: (now, validLifetime) => this.#learnt(now, validLifetime),
      discarded,
    });
    this.#errors = new ErrorsOfPeers(rules, {
      ownAddresses: () => [homeAddress, ...(this.#careOfAddress === undefined ? [] : [this.#careOfAddress])],
      registration: this.#registration,
      correspondents: this.#correspondents,
      discarded,
    });
  }

  receive(now: Instant, arrival: MessageArrival): boolean {
    const acknowledgement = of('bindingAcknowledgement', arrival);
    if (acknowledgement && arrival.source === this.#registration.entry?.peer) {
      this.#registration.acknowledged(now, acknowledgement);
      return true;
    }
    const error = of('bindingError', arrival);
    if (error) {
      this.#errors.bindingError(now, error);
      return true;
    }
    return this.#correspondents.receive(now, arrival);
  }

  timeout(now: Instant): void {
    this.#movement.timeout(now);
    this.#registration.timeout(now);
    this.#correspondents.timeout(now);
    this.#discovery.timeout(now);
    this.#prefixes.timeout(now);
    this.#returning.timeout(now);
  }

  deadline(): Instant | undefined {
    const home = [this.#movement, this.#returning, this.#registration, this.#discovery, this.#prefixes];
    const instants = [...home, this.#correspondents]
      .map((each) => each.deadline())
      .filter((instant) => instant !== undefined);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  bindingUpdateList(): readonly BindingUpdateState[] {
    return this.#entries().map((entry) => entry.reported());
  }

  careOfAddressTowards(destination: Address, source: Address): Address | undefined {
    const careOfAddress = this.#careOfAddress;
    if (source !== this.#home.address || careOfAddress === undefined) return undefined;
    const entry = this.#entries().find(({ peer }) => peer === destination);
    if (!entry) return undefined;
    const { isAcknowledged } = entry;
    const isOfCareOfAddress = entry.careOfAddress === careOfAddress;
    return this.#rules.sendsDirectly({ isAcknowledged, isOfCareOfAddress }) ? careOfAddress : undefined;
  }

  keyManagementAddress(peer: Address): Address | undefined {
    const isHomeAgent = peer === (this.#registration.entry?.peer ?? this.#homeAgent);
    const homeAddress = this.#home.address;
    return this.#rules.keyManagementFrom(
      { homeAddress, careOfAddress: this.#careOfAddress ?? homeAddress },
      isHomeAgent,
    );
  }

  /** Its home address is its own wherever it is, although no interface has it. */
  owns(address: Address): boolean {
    return address === this.#home.address;
  }

  tunnelFor({ source, destination }: Ipv6Packet, isTunnelled = false): Tunnel | Discarded | undefined {
    if (isTunnelled && !this.#rules.encapsulatesAgain()) return undefined;
    if (source !== this.#home.address || isLinkLocal(destination) || this.#at === 'home') return undefined;
    const homeAgent = this.#registration.entry?.peer;
    if (this.#at === 'away' && this.#careOfAddress !== undefined && homeAgent !== undefined) {
      return this.#rules.tunnelsToHomeAgent() ? { source: this.#careOfAddress, destination: homeAgent } : undefined;
    }
    const rule = this.#at === 'returning' ? 'usesHomeAddressAtOnce' : 'tunnelsToHomeAgent';
    return refusal(rule, `from ${source} to ${destination}, while the node is ${this.#at}`);
  }

  opensTunnel(outer: Ipv6Packet): 'opens' | Discarded | undefined {
    if (this.#careOfAddress === undefined || outer.destination !== this.#careOfAddress) return undefined;
    const homeAgent = this.#registration.entry?.peer;
    if (this.#rules.tunnelOpenedFor(outer.source, homeAgent)) return 'opens';
    return refusal('tunnelOpenedFor', `from ${outer.source}, while the home agent is ${homeAgent ?? 'unknown'}`);
  }

  cameByTunnel(now: Instant, packet: Ipv6Packet, tunnel: Tunnel): void {
    if (this.#at !== 'away') return;
    const begins = this.#rules.beginsRegistration({
      isWanted: this.#settings.configuration.signalling.routeOptimization,
      isFromLink: isLinkLocal(packet.source),
      isFromTunnelEnd: packet.source === tunnel.source,
      isToHomeAddress: packet.destination === this.#home.address,
      isTest: isTest(packet),
      isError: packet.protocol === protocols['IPv6-ICMP'] && packet.payload[0]! < FIRST_INFORMATION,
    });
    const isListed = this.#correspondents.with(packet.source) !== undefined;
    if (begins && !isListed) this.#correspondents.begins(now, packet.source);
  }

  hearIcmp(now: Instant, message: Icmpv6Message, _packet: Ipv6Packet, { whole }: CameBy): boolean {
    if (message.kind === 'homeAgentAddressDiscoveryReply') this.#discovery.replied(now, message);
    else if (message.kind === 'mobilePrefixAdvertisement') this.#prefixes.advertised(now, message, whole);
    else {
      this.#errors.icmp(message);
      return false;
    }
    return true;
  }

  heardOnLink(now: Instant, interfaceName: string, message: LinkMessage): void {
    if (interfaceName !== this.#settings.configuration.interface) return;
    this.#returning.heard(now, message);
    this.#movement.heard(now, message);
  }

  detected(now: Instant, address: Address, outcome: 'unique' | 'duplicate'): void {
    if (address === this.#home.address && this.#at === 'returning') this.#returning.detected(outcome === 'unique');
    else this.#movement.detected(now, address, outcome === 'unique');
  }

  get #homeAgent(): Address | undefined {
    return this.#settings.configuration.homeAgent ?? this.#discovery.homeAgent;
  }

  #entries(): readonly ListEntry[] {
    const { entry } = this.#registration;
    return [...(entry ? [entry] : []), ...this.#correspondents.all.map((each) => each.entry)];
  }

  #leftAtHome(now: Instant): number {
    const { entry } = this.#registration;
    return entry?.isAcknowledged ? Math.max(0, Math.floor((entry.until - now) / 1000)) : 0;
  }

  #arrived(now: Instant, address: string, attachment: Attachment, validLifetime: number): void {
    const careOfAddress = parsePrefix(address).address;
    this.#attachment = attachment;
    this.#careOfAddress = careOfAddress;
    this.#validLifetime = validLifetime === INFINITE ? Infinity : validLifetime;
    this.#at = 'away';
    this.#takes([address], attachment.router);
    this.#moveTunnels(careOfAddress);
    this.#register(now);
  }

  #register(now: Instant): void {
    const careOfAddress = this.#careOfAddress;
    if (careOfAddress === undefined) return;
    const homeAgent = this.#homeAgent;
    if (homeAgent === undefined) this.#discovery.asks(now, careOfAddress);
    else this.#registration.registers(now, { homeAgent, careOfAddress, validLifetimes: this.#validLifetimes(now) });
  }

  #validLifetimes(now: Instant): readonly number[] {
    return [this.#validLifetime, (this.#homeValidUntil - now) / 1000];
  }

  #failed(now: Instant): void {
    if (this.#at === 'away' && this.#discovery.takesNext()) this.#register(now);
  }

  #reachedBy(attachment: Attachment): void {
    this.#attachment = attachment;
    this.#takes(this.#onLink, attachment.router);
  }

  #takes(addresses: readonly string[], router: Address | undefined, isAnotherLink = false): void {
    this.#onLink = addresses;
    this.#around.link.takes(addresses, router, isAnotherLink);
  }

  #lost(): void {
    this.#at = 'nowhere';
    this.#takes([], undefined, true);
  }

  #arrivedHome(now: Instant, attachment: Attachment): void {
    const wasAway = this.#at !== 'home';
    const isBound = this.#registration.isBound(now);
    this.#attachment = attachment;
    this.#careOfAddress = undefined;
    this.#prefixes.ceases();
    this.#registration.closes();
    if (!wasAway) {
      this.#takes([this.#homeOnLink()], attachment.router);
      return;
    }
    this.#takes([], attachment.router, true);
    this.#at = 'returning';
    this.#returning.begins(now, isBound);
  }

  #settlesAtHome(): void {
    this.#at = 'home';
    this.#takes([this.#homeOnLink()], this.#attachment?.router);
  }

  #deregister(now: Instant): void {
    this.#settlesAtHome();
    this.#moveTunnels(this.#home.address);
    this.#registration.deregisters(now);
  }

  /** RFC 4877 section 4.3: of the SAs with the home agent, and no others: those with correspondents are of the home address. */
  #moveTunnels(to: Address): void {
    const homeAgent = this.#registration.entry?.peer ?? this.#homeAgent;
    if (homeAgent !== undefined) this.#around.link.relocates(this.#tunnelsEndAt, to, homeAgent);
    this.#tunnelsEndAt = to;
  }

  #moveKeyManagement(now: Instant, homeAgent: Address, isMovable: boolean): void {
    const fate = this.#rules.keyManagementAfterAcknowledgement(isMovable);
    const here = this.#careOfAddress ?? this.#home.address;
    this.#around.keyManagement.endMoved(now, { peer: homeAgent }, here, fate);
  }

  #deregistered(now: Instant): void {
    if (this.#rules.announcesReturn())
      this.#around.advertise(this.#settings.configuration.interface, this.#home.address);
    if (!this.#rules.followsHomeRegistration()) return;
    for (const { entry } of this.#correspondents.all) this.#correspondents.begins(now, entry.peer);
  }

  #detectDuplicates(now: Instant, address: Address): void {
    this.#around.detectDuplicates(now, this.#settings.configuration.interface, address);
  }

  #learnt(now: Instant, validLifetime: number): void {
    this.#homeValidUntil = now + 1000 * validLifetime;
    const outlives = this.#entries().some(({ until }) =>
      this.#rules.shortensBindings(until - now, this.#homeValidUntil - now),
    );
    if (!outlives) return;
    this.#registration.shortens(now, validLifetime);
    for (const { entry } of this.#correspondents.all) this.#correspondents.begins(now, entry.peer);
  }

  #homeOnLink(): string {
    return `${this.#home.address}/${this.#home.length}`;
  }
}

function isTest({ protocol, payload }: Ipv6Packet): boolean {
  return protocol === protocols['Mobility Header'] && tests.has(payload[2] ?? 0);
}

const identifierOf = (address: Address): Uint8Array => addressOctets(address).subarray(8);

const tests: ReadonlySet<number> = new Set([
  mobilityHeaderTypes['Home Test Init'],
  mobilityHeaderTypes['Care-of Test Init'],
  mobilityHeaderTypes['Home Test'],
  mobilityHeaderTypes['Care-of Test'],
]);
/** Types below are errors (RFC 4443 section 2.1). */
const FIRST_INFORMATION = 128;
/** Seconds, of a prefix that never ends. */
const INFINITE = 0xffffffff;
