/** The other home agents of a home agent's link, RFC 6275 sections 10.1 and 10.5.1: what their router advertisements say, as long as that holds. */
import { beyond, type Discarded, type Env, type Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { RouterAdvertisement } from '../wire/icmpv6.ts';
import { readU32 } from '../wire/octets.ts';
import { mobilityBounds } from './bounds.ts';
import type { PreferredHomeAgent } from './home-agents-list-rules.ts';
import type { MobilityRules } from './rules.ts';

export class HomeAgentsList {
  readonly #rules: MobilityRules;
  readonly #env: Env;
  readonly #discarded: (refusal: Discarded) => void;
  /** By the link-local address of each. */
  readonly #listed = new Map<Address, ListedHomeAgent>();

  constructor(rules: MobilityRules, env: Env, discarded: (refusal: Discarded) => void) {
    this.#rules = rules;
    this.#env = env;
    this.#discarded = discarded;
  }

  advertised(now: Instant, linkLocal: Address, message: RouterAdvertisement): void {
    const option = message.options.find((each) => each.type === 'homeAgentInformation');
    const lifetime = this.#rules.homeAgentLifetime(option, message.routerLifetime);
    if (!this.#rules.listsRouter(message.homeAgent ?? false) || lifetime === 0) {
      this.#listed.delete(linkLocal);
      return;
    }
    const told = this.#rules.homeAgentAddresses(message.options.filter((each) => each.type === 'prefixInformation'));
    const addresses = new Map(this.#listed.get(linkLocal)?.addresses);
    for (const { prefix, validLifetime } of told) addresses.set(prefix, endOf(now, validLifetime));
    this.#makeRoomFor(linkLocal);
    this.#listed.set(linkLocal, {
      preference: this.#rules.homeAgentPreference(option),
      addresses: this.#bounded(addresses),
      until: now + 1000 * lifetime,
    });
  }

  /** Of all of them and this one, the most preferred first, in another order among equals each time. */
  addressesWith(now: Instant, own: PreferredHomeAgent): readonly Address[] {
    const others = [...this.#listed.values()].map(({ preference, addresses }) => {
      const valid = [...addresses].filter(([, until]) => this.#rules.homeAgentAddressValid((until - now) / 1000));
      return { preference, addresses: valid.map(([address]) => address) };
    });
    const drawn = this.#shuffled([own, ...others]);
    const inOrder = this.#rules.orderOfReply(drawn).flatMap(({ addresses }) => this.#shuffled(addresses));
    return this.#rules.addressesInReply(inOrder);
  }

  timeout(now: Instant): void {
    for (const [linkLocal, { until }] of this.#listed) if (until <= now) this.#listed.delete(linkLocal);
  }

  deadline(): Instant | undefined {
    return this.#listed.size === 0 ? undefined : Math.min(...[...this.#listed.values()].map(({ until }) => until));
  }

  #makeRoomFor(linkLocal: Address): void {
    if (this.#listed.has(linkLocal) || this.#listed.size < mobilityBounds.homeAgentsListed) return;
    const oldest = this.#listed.keys().next().value!;
    this.#listed.delete(oldest);
    this.#discarded(beyond(mobilityBounds, 'homeAgentsListed', `${oldest} gives way to ${linkLocal}`));
  }

  #bounded(addresses: ReadonlyMap<Address, Instant>): ReadonlyMap<Address, Instant> {
    if (addresses.size <= mobilityBounds.addressesOfHomeAgent) return addresses;
    this.#discarded(beyond(mobilityBounds, 'addressesOfHomeAgent', `${addresses.size} addresses`));
    return new Map([...addresses].slice(-mobilityBounds.addressesOfHomeAgent));
  }

  #shuffled<T>(all: readonly T[]): readonly T[] {
    if (all.length < 2) return all;
    const drawn = all.map((each) => ({ each, place: readU32(this.#env.octets('identifier', 4)) }));
    return drawn.sort((one, other) => one.place - other.place).map(({ each }) => each);
  }
}

interface ListedHomeAgent {
  readonly preference: number;
  /** Each until its prefix ends. */
  readonly addresses: ReadonlyMap<Address, Instant>;
  readonly until: Instant;
}

function endOf(now: Instant, validLifetime: number): Instant {
  return validLifetime === INFINITE ? Infinity : now + 1000 * validLifetime;
}

/** Seconds, of a prefix that never ends. */
const INFINITE = 0xffffffff;
