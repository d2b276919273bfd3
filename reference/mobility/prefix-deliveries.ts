/**
 * When a home agent tells its mobile nodes of the prefixes of their home, RFC 6275 section 10.6.2: at once where they ask, and unasked when something
 * changed, by and by, and again until they ask.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Env, Instant } from '../machine.ts';
import { type Address, inPrefix } from '../wire/address.ts';
import type { RouterAdvertisement } from '../wire/icmpv6.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { readU32 } from '../wire/octets.ts';
import type { Binding } from './binding-cache.ts';
import type { Claim } from './header-processing.ts';
import { type Asked, prefixAdvertisement } from './home-agent-answers.ts';
import type { HomePrefixes } from './home-prefixes.ts';
import type { DeliveryInterval } from './home-prefixes-rules.ts';
import { vouchingSa } from './ipsec-authorization.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export interface DeliverySurroundings {
  readonly rules: MobilityRules;
  readonly env: Env;
  readonly interval: DeliveryInterval;
  /** The address that home registrations come to. */
  readonly homeAgent: Address;
  readonly requiresIpsec: boolean;
  readonly prefixes: HomePrefixes;
  binding(homeAddress: Address): Binding | undefined;
  sendPacket(now: Instant, packet: Ipv6Packet): void;
  discarded(refusal: Discarded): void;
}

export class PrefixDeliveries {
  readonly #around: DeliverySurroundings;
  /** By the home address of each mobile node that is registered. */
  readonly #deliveries = new Map<Address, Delivery>();

  constructor(around: DeliverySurroundings) {
    this.#around = around;
  }

  /** Another router of the home link told of its prefixes. */
  heard(now: Instant, linkLocal: Address, message: RouterAdvertisement): void {
    const { rules, prefixes } = this.#around;
    for (const { prefix, kind, preferredLifetime } of prefixes.advertised(now, linkLocal, message)) {
      for (const [homeAddress, delivery] of this.#deliveries) {
        const isOfHomeAddress = inPrefix(homeAddress, prefix);
        if (rules.changeDelivered({ kind, isOfHomeAddress })) this.#schedule(now, delivery, preferredLifetime);
      }
    }
  }

  /** Whoever asks is told at once, where he is known for who he is. */
  asked(
    now: Instant,
    { identifier }: Asked,
    { homeAddress, careOfAddress }: Claim,
    through: readonly SadEntry[],
  ): void {
    const { rules, binding, requiresIpsec, discarded } = this.#around;
    if (requiresIpsec && !rules.prefixSolicitationVouchedFor(vouchingSa(through, homeAddress))) {
      discarded(refusal('prefixSolicitationVouchedFor', `${homeAddress} at ${careOfAddress}`));
      return;
    }
    if (!rules.prefixSolicitationAnswered(binding(homeAddress)?.homeRegistration === true)) return;
    this.#send(now, identifier, { homeAddress, careOfAddress });
    const delivery = this.#deliveries.get(homeAddress);
    if (!delivery) return;
    delivery.last = now;
    if (!rules.solicitationAcknowledges()) return;
    delivery.scheduled = undefined;
    delivery.unacknowledged = undefined;
  }

  /** A binding update from away was accepted. */
  registered(now: Instant, homeAddress: Address): void {
    const delivery = this.#deliveries.get(homeAddress) ?? {};
    this.#deliveries.set(homeAddress, delivery);
    if (delivery.unacknowledged && this.#around.rules.updateBeginsAgain()) this.#begin(now, homeAddress, delivery);
    else this.#ensure(now, homeAddress, delivery);
  }

  ended(homeAddress: Address): void {
    if (this.#around.rules.endOfBindingCancels()) this.#deliveries.delete(homeAddress);
  }

  timeout(now: Instant): void {
    for (const [homeAddress, delivery] of this.#deliveries) {
      if (delivery.scheduled !== undefined && delivery.scheduled <= now) this.#begin(now, homeAddress, delivery);
      else if (delivery.unacknowledged && delivery.unacknowledged.next <= now) {
        this.#repeat(now, homeAddress, delivery, delivery.unacknowledged);
      } else this.#ensure(now, homeAddress, delivery);
    }
  }

  deadline(): Instant | undefined {
    const instants = [...this.#deliveries.values()].flatMap(({ scheduled, unacknowledged, last }) => [
      scheduled ?? this.#dueAfter(last),
      unacknowledged?.next ?? Infinity,
    ]);
    const earliest = Math.min(...instants);
    return earliest === Infinity ? undefined : earliest;
  }

  #dueAfter(last: Instant | undefined): Instant {
    const { rules, interval } = this.#around;
    const isDueThen = last !== undefined && rules.deliveryDue(interval.longest, interval.longest);
    return isDueThen ? last + 1000 * interval.longest : Infinity;
  }

  #ensure(now: Instant, homeAddress: Address, delivery: Delivery): void {
    const { rules, interval } = this.#around;
    const sinceLast = delivery.last === undefined ? Infinity : (now - delivery.last) / 1000;
    if (delivery.scheduled !== undefined || !rules.deliveryDue(sinceLast, interval.longest)) return;
    this.#schedule(now, delivery, this.#around.prefixes.lifetimesOf(now, homeAddress).preferred);
  }

  #schedule(now: Instant, delivery: Delivery, preferredLifetime: number): void {
    const { rules, env, interval } = this.#around;
    const delay = rules.deliveryDelay(readU32(env.octets('identifier', 4)), interval, preferredLifetime);
    delivery.scheduled = rules.scheduledAt(delivery.scheduled, now + 1000 * delay);
  }

  #begin(now: Instant, homeAddress: Address, delivery: Delivery): void {
    delivery.scheduled = undefined;
    this.#tell(now, homeAddress, delivery, { repetitions: 0, period: PREFIX_ADV_TIMEOUT });
  }

  #repeat(now: Instant, homeAddress: Address, delivery: Delivery, { repetitions, period }: Unacknowledged): void {
    const next = this.#around.rules.advertisementRepeatedAfter(period);
    this.#tell(now, homeAddress, delivery, { repetitions: repetitions + 1, period: next });
  }

  #tell(
    now: Instant,
    homeAddress: Address,
    delivery: Delivery,
    { repetitions, period }: Omit<Unacknowledged, 'next'>,
  ): void {
    const binding = this.#around.binding(homeAddress);
    if (binding?.homeRegistration) this.#send(now, UNSOLICITED, binding);
    delivery.last = now;
    const next = this.#around.rules.repeatsAdvertisement(repetitions) ? now + 1000 * period : Infinity;
    delivery.unacknowledged = { repetitions, period, next };
  }

  /** Section 10.6.3. */
  #send(
    now: Instant,
    identifier: number,
    { homeAddress, careOfAddress }: Pick<Binding, 'homeAddress' | 'careOfAddress'>,
  ): void {
    const { homeAgent, prefixes, sendPacket } = this.#around;
    const told = { identifier, ...prefixes.flags, options: prefixes.all(now) };
    sendPacket(now, prefixAdvertisement({ source: homeAgent, homeAddress, careOfAddress }, told));
  }
}

interface Delivery {
  /** When it was told last. */
  last?: Instant;
  scheduled?: Instant | undefined;
  unacknowledged?: Unacknowledged | undefined;
}

interface Unacknowledged {
  readonly repetitions: number;
  /** Seconds. */
  readonly period: number;
  /** When it is repeated; Infinity where it has been, as often as may be. */
  readonly next: Instant;
}

/** Of an advertisement that answers no solicitation. */
const UNSOLICITED = 0;

/** Seconds (section 12). */
const PREFIX_ADV_TIMEOUT = 3;
