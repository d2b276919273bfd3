/**
 * Mobile prefix discovery by a mobile node, RFC 6275 sections 11.4.2 and 11.4.3: it asks its home agent for the prefixes of its home, and learns how long its
 * home address is valid.
 */
import type { Discarded, Env, Instant } from '../machine.ts';
import { type Address, inPrefix, type Prefix, parsePrefix } from '../wire/address.ts';
import { icmpv6Types, type MobilePrefixAdvertisement } from '../wire/icmpv6.ts';
import { routingHeaderOf } from '../wire/ip/home-addresses.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { prefixesIn } from '../wire/neighbor-discovery-options.ts';
import { readU16 } from '../wire/octets.ts';
import type { IcmpOrder } from './interface.ts';
import { refusal } from './refusal.ts';
import { Retransmission } from './retransmission.ts';
import type { MobilityRules } from './rules.ts';

export interface PrefixDiscoverySurroundings {
  readonly rules: MobilityRules;
  readonly env: Env;
  readonly home: Prefix;
  homeAgent(): Address | undefined;
  /** Undefined at home. */
  careOfAddress(): Address | undefined;
  sendIcmp(now: Instant, order: IcmpOrder): void;
  /** The home address is valid for so many seconds more. */
  learnt(now: Instant, validLifetime: number): void;
  discarded(refusal: Discarded): void;
}

export class PrefixDiscovery {
  readonly #around: PrefixDiscoverySurroundings;
  #identifier: number | undefined;
  #waiting: Retransmission | undefined;
  #asksAt: Instant | undefined;

  constructor(around: PrefixDiscoverySurroundings) {
    this.#around = around;
  }

  asks(now: Instant): void {
    this.#identifier = readU16(this.#around.env.octets('identifier', 2));
    this.#waiting = new Retransmission(this.#around.rules, now, INITIAL_SOLICIT_TIMER);
    this.#ask(now);
  }

  ceases(): void {
    this.#waiting = undefined;
    this.#asksAt = undefined;
    this.#identifier = undefined;
  }

  advertised(now: Instant, message: MobilePrefixAdvertisement, whole: IpPacket): void {
    const { rules } = this.#around;
    const { source } = whole;
    if (!rules.prefixesComeFrom(source, this.#around.homeAgent())) {
      this.#around.discarded(refusal('prefixesComeFrom', `from ${source}`));
    } else if (!rules.prefixesRouted(whole.version === 6 && routingHeaderOf(whole) !== undefined)) {
      this.#around.discarded(refusal('prefixesRouted', `from ${source}`));
    } else if (!rules.prefixesSolicited(message.identifier, this.#identifier)) {
      this.#around.discarded(refusal('prefixesSolicited', `identifier ${message.identifier}`));
      if (!this.#waiting && rules.asksAfterUnsolicited()) this.asks(now);
    } else this.#learn(now, message);
  }

  timeout(now: Instant): void {
    if (this.#waiting && this.#waiting.next <= now) {
      this.#ask(now);
      this.#waiting.repeated(now);
    } else if (this.#asksAt !== undefined && this.#asksAt <= now) {
      this.#asksAt = undefined;
      this.asks(now);
    }
  }

  deadline(): Instant | undefined {
    const earliest = Math.min(this.#waiting?.next ?? Infinity, this.#asksAt ?? Infinity);
    return earliest === Infinity ? undefined : earliest;
  }

  #learn(now: Instant, { options }: MobilePrefixAdvertisement): void {
    this.#identifier = undefined;
    this.#waiting = undefined;
    const { home, rules } = this.#around;
    const own = prefixesIn(options).find(({ prefix, prefixLength }) =>
      inPrefix(home.address, parsePrefix(`${prefix}/${prefixLength}`)),
    );
    if (!own) return;
    const left = 1000 * own.validLifetime;
    if (own.validLifetime !== INFINITE) {
      this.#asksAt = now + Math.max(INITIAL_SOLICIT_TIMER, left - rules.asksForPrefixesBefore(left));
    }
    this.#around.learnt(now, own.validLifetime === INFINITE ? Infinity : own.validLifetime);
  }

  #ask(now: Instant): void {
    const [destination, careOfAddress] = [this.#around.homeAgent(), this.#around.careOfAddress()];
    if (destination === undefined || careOfAddress === undefined || this.#identifier === undefined) {
      this.ceases();
      return;
    }
    const message = {
      kind: 'mobilePrefixSolicitation',
      type: icmpv6Types['Mobile Prefix Solicitation'],
      code: 0,
      identifier: this.#identifier,
      options: [],
    } as const;
    const source = this.#around.rules.prefixesAskedAs(this.#around.home.address, careOfAddress);
    const order = { source, destination, message };
    this.#around.sendIcmp(now, source === careOfAddress ? order : { ...order, careOfAddress });
  }
}

/** Milliseconds (section 12). */
const INITIAL_SOLICIT_TIMER = 3_000;
/** Seconds, of a prefix that never ends. */
const INFINITE = 0xffffffff;
