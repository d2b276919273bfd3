/**
 * A home agent, RFC 6275 section 10: it takes the home registrations of its mobile nodes, has their addresses tested before it answers, speaks for them on
 * the home link while they are away, and tunnels what comes for them. Checks of an update stand in `home-registration.ts`.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Env, Instant } from '../machine.ts';
import { type Address, familyOf, inPrefix, isLinkLocal, type Prefix } from '../wire/address.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { bindingStatusCodes as statusCodes } from '../wire/mobility/registry.ts';
import type { Binding, BindingCache } from './binding-cache.ts';
import type { HomeAgentConfiguration } from './configuration.ts';
import { type Asked, askedOf, discoveryReply } from './home-agent-answers.ts';
import { homeAgentsAnycast } from './home-agents-anycast.ts';
import { HomeAgentsList } from './home-agents-list.ts';
import { HomePrefixes } from './home-prefixes.ts';
import {
  type HomeRegistration,
  homeRegistrationOf,
  isOfHomeAddress,
  linkLocalAddressOf,
  unacceptableIn,
  unvouchedIn,
} from './home-registration.ts';
import type { CameVouched, Role, RoleSurroundings, Tunnel } from './interface.ts';
import type { LinkMessage } from './link-message.ts';
import { type MessageArrival, of } from './message-arrival.ts';
import { PrefixDeliveries } from './prefix-deliveries.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export class HomeAgent implements Role {
  readonly #configuration: HomeAgentConfiguration;
  readonly #rules: MobilityRules;
  readonly #cache: BindingCache;
  readonly #surroundings: RoleSurroundings;
  /** Registrations that wait for the detection of duplicates, by home address. */
  readonly #waiting = new Map<Address, Waiting>();
  /** The addresses that are kept for each mobile node, by its home address. */
  readonly #defended = new Map<Address, readonly Address[]>();
  /** Of the home link, which a home agent does not leave. */
  #anycastAddress: Address | undefined;
  /** What is remembered of bindings that were ended (section 10.3.2). */
  readonly #ended = new Map<Address, Ended>();
  readonly #others: HomeAgentsList;
  readonly #prefixes: HomePrefixes;
  readonly #deliveries: PrefixDeliveries;

  constructor(
    configuration: HomeAgentConfiguration,
    rules: MobilityRules,
    env: Env,
    cache: BindingCache,
    surroundings: RoleSurroundings,
  ) {
    this.#configuration = configuration;
    this.#rules = rules;
    this.#cache = cache;
    this.#surroundings = surroundings;
    const discarded = (refused: Discarded): void => surroundings.discarded(refused);
    this.#others = new HomeAgentsList(rules, env, discarded);
    const { prefixLifetimes: lifetimes = WITHOUT_END, prefixDeliveries: interval = DELIVERIES } = configuration;
    this.#prefixes = new HomePrefixes({ rules, own: () => this.#own, lifetimes, discarded });
    this.#deliveries = new PrefixDeliveries({
      rules,
      env,
      interval,
      homeAgent: configuration.address,
      requiresIpsec: configuration.requiresIpsec,
      prefixes: this.#prefixes,
      binding: (homeAddress) => cache.of(homeAddress),
      sendPacket: (now, packet) => surroundings.sendPacket(now, packet),
      discarded,
    });
    for (const { homeAddress, careOfAddress } of configuration.registrations ?? []) {
      const { address: boundTo } = configuration;
      cache.enter({ homeAddress, careOfAddress, boundTo, homeRegistration: true, sequenceNumber: 0 });
      this.#defended.set(homeAddress, [homeAddress]);
    }
  }

  receive(now: Instant, arrival: MessageArrival): boolean {
    const update = of('bindingUpdate', arrival);
    if (!update) return false;
    if (!this.#rules.answerMayBeSent(update.source)) {
      this.#surroundings.discarded(refusal('answerMayBeSent', `from ${update.source}`));
      return true;
    }
    const read = homeRegistrationOf(update, this.#rules);
    const asked = { ...read, formerPlace: this.#cache.of(read.homeAddress)?.careOfAddress };
    if (!asked.homeRegistration) return this.#refusesOtherType(now, asked);
    const unacceptable = this.#unvouched(asked) ?? unacceptableIn(asked, this.#rules);
    if (unacceptable) this.#surroundings.discarded(unacceptable);
    else this.#decide(now, asked);
    return true;
  }

  receivePacket(now: Instant, packet: Ipv6Packet, { claim, through }: CameVouched): boolean {
    const asked = askedOf(packet);
    if (asked?.kind === 'homeAgentAddressDiscoveryRequest') this.#tellOfHomeAgents(now, asked, packet);
    else if (asked && claim) this.#deliveries.asked(now, asked, claim, through);
    return asked !== undefined;
  }

  heardOnLink(now: Instant, interfaceName: string, message: LinkMessage): void {
    if (interfaceName !== this.#configuration.interface || message.kind !== 'routerAdvertisement') return;
    this.#others.advertised(now, message.source, message.message);
    this.#deliveries.heard(now, message.source, message.message);
  }

  owns(address: Address): boolean {
    return address === this.#anycast;
  }

  detected(now: Instant, address: Address, outcome: 'unique' | 'duplicate'): void {
    for (const [homeAddress, { asked, untested }] of this.#waiting) {
      if (!untested.delete(address)) continue;
      const isRefused = outcome === 'duplicate' && this.#rules.duplicateRefuses();
      if (!isRefused && untested.size > 0) continue;
      this.#waiting.delete(homeAddress);
      if (isRefused) this.#refuse(now, asked, statusCodes['Duplicate Address Detection failed']);
      else this.#accept(now, asked);
    }
  }

  ended(_now: Instant, { homeAddress }: Binding): void {
    this.#deliveries.ended(homeAddress);
  }

  timeout(now: Instant): void {
    this.#others.timeout(now);
    this.#deliveries.timeout(now);
    for (const [homeAddress, { until }] of this.#ended) if (until <= now) this.#ended.delete(homeAddress);
    for (const homeAddress of this.#defended.keys()) {
      if (!this.#cache.of(homeAddress) && !this.#ended.has(homeAddress)) this.#defended.delete(homeAddress);
    }
  }

  deadline(): Instant | undefined {
    const remembered = [...this.#ended.values()].map(({ until }) => until);
    const others = [this.#others, this.#deliveries].map((each) => each.deadline() ?? Infinity);
    const earliest = Math.min(...remembered, ...others);
    return earliest === Infinity ? undefined : earliest;
  }

  answersFor(interfaceName: string, address: Address): 'proxy' | 'anycast' | undefined {
    if (interfaceName !== this.#configuration.interface) return undefined;
    if (address === this.#anycast) return 'anycast';
    const homeAddress = this.#homeAddressBehind(address);
    const isIntercepted = homeAddress !== undefined && this.#rules.intercepts(this.#cache.of(homeAddress));
    return isIntercepted ? 'proxy' : undefined;
  }

  stops({ destination, source }: Ipv6Packet): Discarded | undefined {
    if (this.#homeAddressBehind(destination) === undefined || this.#rules.tunnelledTo(destination)) return undefined;
    return refusal('tunnelledTo', `${destination} from ${source}`);
  }

  tunnelFor({ source, destination }: Ipv6Packet, isTunnelled: boolean): Tunnel | undefined {
    if (isTunnelled && !this.#rules.encapsulatesAgain()) return undefined;
    const { address } = this.#configuration;
    const homeAddress = isLinkLocal(destination) ? this.#homeAddressBehind(destination) : destination;
    const binding = homeAddress === undefined ? undefined : this.#cache.of(homeAddress);
    if (!binding?.homeRegistration || (source === address && !this.#rules.tunnelsItsOwn())) return undefined;
    return { source: address, destination: this.#rules.tunnelDestination(binding) };
  }

  opensTunnel(outer: Ipv6Packet, inner: IpPacket): 'opens' | Discarded | undefined {
    if (outer.destination !== this.#configuration.address) return undefined;
    const binding = this.#cache.of(inner.source);
    if (!this.#rules.innerSourceAcceptable(binding)) {
      return refusal('innerSourceAcceptable', `${inner.source} through the tunnel of ${outer.source}`);
    }
    if (binding && !this.#rules.outerSourceAcceptable(outer.source, binding)) {
      return refusal('outerSourceAcceptable', `${inner.source} is at ${binding.careOfAddress}, not ${outer.source}`);
    }
    return 'opens';
  }

  /** Why nothing is said to who sent an update. */
  #unvouched(asked: HomeRegistration): Discarded | undefined {
    return unvouchedIn(asked, this.#rules, this.#configuration.requiresIpsec);
  }

  /** Sections 9.5.1, 10.3.1 and 10.3.2, in their order. */
  #decide(now: Instant, asked: HomeRegistration): void {
    const { homeAddress, sequenceNumber } = asked;
    const last = this.#lastSequenceNumber(homeAddress);
    if (!this.#rules.sequenceNumberGreater(sequenceNumber, last)) {
      const told = this.#rules.sequenceNumberOfRefusal(sequenceNumber, last ?? sequenceNumber);
      this.#refuse(now, asked, statusCodes['Sequence number out of window'], told);
      return;
    }
    const binding = this.#cache.of(homeAddress);
    if (binding && !this.#rules.registrationTypeKept(true, binding.homeRegistration)) {
      this.#refuse(now, asked, statusCodes['Registration type change disallowed']);
    } else if (asked.deregisters) this.#deregister(now, asked);
    else this.#register(now, asked);
  }

  /** Section 10.3.1. */
  #register(now: Instant, asked: HomeRegistration): void {
    const { homeAddress } = asked;
    const isOnLink = this.#own.some((prefix) => inPrefix(homeAddress, prefix));
    if (!this.#rules.homeAddressOnHomeLink(isOnLink, this.#prefixes.lifetimesOf(now, homeAddress).valid)) {
      this.#refuse(now, asked, statusCodes['Not home subnet']);
      return;
    }
    if (!this.#rules.homeAddressServed(this.#configuration.homeAddresses.includes(homeAddress))) {
      this.#refuse(now, asked, statusCodes['Not home agent for this mobile node']);
      return;
    }
    if (!this.#rules.registrationAllowed(this.#configuration.prohibited?.includes(homeAddress) ?? false)) {
      this.#refuse(now, asked, statusCodes['Administratively prohibited']);
      return;
    }
    const defended = this.#defendedNow(homeAddress);
    const untested = this.#addressesOf(asked).filter((each) => this.#rules.needsDetection(defended.includes(each)));
    if (untested.length === 0) {
      this.#accept(now, asked);
      return;
    }
    const others = [...this.#waiting.keys()].filter((each) => each !== homeAddress).length;
    if (!this.#rules.testMayBegin(others)) {
      this.#refuse(now, asked, statusCodes['Insufficient resources']);
      return;
    }
    if (this.#rules.acknowledgementWaits()) this.#waiting.set(homeAddress, { asked, untested: new Set(untested) });
    else this.#accept(now, asked);
    for (const each of untested) this.#surroundings.detectDuplicates(now, this.#configuration.interface, each);
  }

  #accept(now: Instant, asked: HomeRegistration): void {
    const { homeAddress, careOfAddress, sequenceNumber } = asked;
    const { address, interface: homeLink, longestBinding = LONGEST_BINDING } = this.#configuration;
    const lifetimes = this.#prefixes.lifetimesOf(now, homeAddress);
    const granted = this.#rules.lifetimeGranted(asked.lifetime, longestBinding, lifetimes.valid);
    const until = now + 1000 * granted;
    const before = this.#defendedNow(homeAddress);
    this.#ended.delete(homeAddress);
    this.#cache.enter({ homeAddress, careOfAddress, boundTo: address, homeRegistration: true, sequenceNumber, until });
    this.#moveTunnels(homeAddress, careOfAddress);
    this.#moveKeyManagement(now, asked, careOfAddress);
    const defended = this.#addressesOf(asked);
    this.#defended.set(homeAddress, defended);
    if (this.#rules.announcesInterception()) {
      for (const each of defended) if (!before.includes(each)) this.#surroundings.advertise(homeLink, each);
    }
    const status = this.#rules.prefixDiscoveryNecessary(granted, lifetimes)
      ? statusCodes['Accepted but prefix discovery necessary']
      : statusCodes['Binding Update accepted'];
    this.#acknowledge(now, asked, { status, lifetime: granted });
    this.#deliveries.registered(now, homeAddress);
  }

  /** Section 10.3.2. */
  #deregister(now: Instant, asked: HomeRegistration): void {
    const { homeAddress, sequenceNumber } = asked;
    const ended = { sequenceNumber, until: now + this.#rules.deregisteredRemembered() };
    if (this.#waiting.has(homeAddress) && this.#rules.deregistrationWithdraws()) {
      this.#waiting.delete(homeAddress);
      this.#ended.set(homeAddress, ended);
    }
    if (!this.#rules.deregistrationAcceptable(this.#cache.of(homeAddress)?.homeRegistration === true)) {
      this.#refuse(now, asked, statusCodes['Not home agent for this mobile node']);
      return;
    }
    this.#cache.remove(homeAddress);
    this.#deliveries.ended(homeAddress);
    this.#moveTunnels(homeAddress, homeAddress);
    this.#moveKeyManagement(now, asked, homeAddress);
    this.#ended.set(homeAddress, ended);
    this.#acknowledge(now, asked, { status: statusCodes['Binding Update accepted'], lifetime: 0 });
  }

  /** Section 9.5.1: a home registration stays one. Who has no SA may have passed the tests of return routability, which a correspondent looks at. */
  #refusesOtherType(now: Instant, asked: HomeRegistration): boolean {
    const isRegistered = this.#cache.of(asked.homeAddress)?.homeRegistration ?? false;
    if (!isRegistered || this.#rules.registrationTypeKept(false, isRegistered) || this.#unvouched(asked)) return false;
    this.#refuse(now, asked, statusCodes['Registration type change disallowed']);
    return true;
  }

  #refuse(now: Instant, asked: HomeRegistration, status: number, sequenceNumber = asked.sequenceNumber): void {
    this.#acknowledge(now, asked, { status, lifetime: 0, sequenceNumber });
  }

  /** Section 9.5.4. */
  #acknowledge(
    now: Instant,
    asked: HomeRegistration,
    { status, lifetime, sequenceNumber = asked.sequenceNumber }: Acknowledging,
  ): void {
    if (!this.#rules.acknowledges(asked.acknowledge)) return;
    const keyManagementMobilityCapability = this.#isKeyManagementMovable(asked);
    const message = {
      kind: 'bindingAcknowledgement',
      status,
      ...(status < 128 && keyManagementMobilityCapability && { keyManagementMobilityCapability }),
      sequenceNumber,
      lifetime: Math.floor(lifetime / LIFETIME_UNIT),
      options: [],
    } as const;
    const { homeAddress, source, formerPlace, boundTo } = asked;
    const routed = this.#rules.acknowledgementRouted(asked.hasOption);
    this.#surroundings.send(now, {
      source: boundTo,
      destination: homeAddress,
      message,
      ...(routed && { by: this.#rules.acknowledgementAddress(source, formerPlace) }),
    });
  }

  /** Section 10.5.1. */
  #tellOfHomeAgents(now: Instant, asked: Asked, { source, destination }: Ipv6Packet): void {
    if (destination !== this.#anycast || !this.#rules.discoveryAnswered()) return;
    const { address, preference = 0 } = this.#configuration;
    const listed = this.#others.addressesWith(now, { preference, addresses: [address] });
    this.#surroundings.sendPacket(now, discoveryReply(asked, { source: address, destination: source }, listed));
  }

  get #own(): readonly Prefix[] {
    return this.#surroundings.addressesOf(this.#configuration.interface);
  }

  get #anycast(): Address | undefined {
    const prefix = this.#own.find(({ address }) => familyOf(address) === 6);
    this.#anycastAddress ??= prefix && homeAgentsAnycast(prefix);
    return this.#anycastAddress;
  }

  /** Sections 10.4.6 and 10.3.2: tunnels of a node that is home again end there. */
  #moveTunnels(homeAddress: Address, to: Address): void {
    const moves = (entry: SadEntry): boolean =>
      this.#rules.tunnelFollows({ mode: entry.sa.mode, isOfHomeAddress: isOfHomeAddress(entry, homeAddress) });
    this.#surroundings.moveSas(moves, to);
  }

  /** Section 10.3.1, after the K bit. */
  #moveKeyManagement(now: Instant, asked: HomeRegistration, to: Address): void {
    const fate = this.#rules.keyManagementAfterBinding(this.#isKeyManagementMovable(asked));
    this.#surroundings.keyManagement.endMoved(now, { homeAddress: asked.homeAddress }, to, fate);
  }

  #isKeyManagementMovable({ keyManagementMobilityCapability, isNegotiated }: HomeRegistration): boolean {
    const canMove = this.#surroundings.keyManagement.canMove();
    return this.#rules.keyManagementMoves(keyManagementMobilityCapability, isNegotiated, canMove);
  }

  #lastSequenceNumber(homeAddress: Address): number | undefined {
    return (
      this.#waiting.get(homeAddress)?.asked.sequenceNumber ??
      this.#cache.of(homeAddress)?.sequenceNumber ??
      this.#ended.get(homeAddress)?.sequenceNumber
    );
  }

  #addressesOf({ homeAddress, linkLocal }: HomeRegistration): readonly Address[] {
    return this.#rules.addressesDefended(homeAddress, linkLocalAddressOf(homeAddress), linkLocal);
  }

  /** What is the mobile node's alone as long as it is registered. */
  #defendedNow(homeAddress: Address): readonly Address[] {
    return this.#cache.of(homeAddress)?.homeRegistration ? (this.#defended.get(homeAddress) ?? []) : [];
  }

  #homeAddressBehind(address: Address): Address | undefined {
    for (const [homeAddress, defended] of this.#defended) if (defended.includes(address)) return homeAddress;
    return undefined;
  }
}

interface Waiting {
  readonly asked: HomeRegistration;
  readonly untested: Set<Address>;
}

interface Ended {
  readonly sequenceNumber: number;
  readonly until: Instant;
}

interface Acknowledging {
  readonly status: number;
  /** Seconds. */
  readonly lifetime: number;
  readonly sequenceNumber?: number;
}

/** Seconds. */
const LONGEST_BINDING = 3600;
const DELIVERIES = { shortest: 600, longest: 86_400 };
const WITHOUT_END = { valid: Infinity, preferred: Infinity };
const LIFETIME_UNIT = 4;
