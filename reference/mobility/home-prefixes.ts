/**
 * The prefixes of a home link as its home agent knows them, RFC 6275 section 10.6.1: its own, and what other home agents advertise there. Who heard a prefix
 * told twice believes what was told last, as a host on that link does (RFC 4861 section 6.3.4).
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import {
  type Address,
  familyOf,
  inPrefix,
  isLinkLocal,
  type Prefix,
  parsePrefix,
  prefixRange,
} from '../wire/address.ts';
import type { RouterAdvertisement } from '../wire/icmpv6.ts';
import { type PrefixInformation, prefixesIn } from '../wire/neighbor-discovery-options.ts';
import { mobilityBounds } from './bounds.ts';
import type { PrefixLifetimes } from './home-agent-rules.ts';
import type { PrefixChange } from './home-prefixes-rules.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export interface HomePrefixesSurroundings {
  readonly rules: MobilityRules;
  /** The node's own addresses on the home link, with their prefixes. */
  own(): readonly Prefix[];
  /** Of its own prefixes. */
  readonly lifetimes: PrefixLifetimes;
  discarded(refusal: Discarded): void;
}

/** A prefix of which something was told that was not so before. */
export interface ChangedPrefix {
  readonly prefix: Prefix;
  readonly kind: PrefixChange['kind'];
  /** Seconds. */
  readonly preferredLifetime: number;
}

export class HomePrefixes {
  readonly #around: HomePrefixesSurroundings;
  /** What others told, by prefix; the last one told stands last. */
  readonly #heard = new Map<string, HomePrefix>();
  readonly #managedBy = new Set<Address>();
  readonly #configuredBy = new Set<Address>();

  constructor(around: HomePrefixesSurroundings) {
    this.#around = around;
  }

  /** What another router of the link says, and what changed by it. */
  advertised(now: Instant, linkLocal: Address, message: RouterAdvertisement): readonly ChangedPrefix[] {
    if (!this.#around.rules.listsPrefixesOf(message.homeAgent ?? false)) {
      this.#around.discarded(refusal('listsPrefixesOf', `prefixes of ${linkLocal}`));
      return [];
    }
    noted(this.#managedBy, linkLocal, message.managed ?? false);
    noted(this.#configuredBy, linkLocal, message.otherConfiguration ?? false);
    const told = prefixesIn(message.options).filter(({ prefix }) => !isLinkLocal(prefix));
    return told.flatMap((each) => this.#told(now, each) ?? []);
  }

  /** All of them, with what is left of their lifetimes; one whose time is over tells that by lifetimes of zero (RFC 4861 section 6.2.5). */
  all(now: Instant): readonly PrefixInformation[] {
    return [...this.#known(now).values()].map((each) => informationOf(each, leftOf(each, now)));
  }

  /** Of the prefix that an address stands in, in seconds. */
  lifetimesOf(now: Instant, address: Address): PrefixLifetimes {
    const home = [...this.#known(now).values()].find(({ prefix }) => inPrefix(address, prefix));
    return home ? leftOf(home, now) : this.#around.lifetimes;
  }

  /** Section 10.6.3: of any advertisement from which the prefixes were learned. */
  get flags(): { readonly managed: boolean; readonly otherConfiguration: boolean } {
    const { rules } = this.#around;
    const [managed, otherConfiguration] = [this.#managedBy, this.#configuredBy].map(({ size }) => rules.flagTold(size));
    return { managed: managed!, otherConfiguration: otherConfiguration! };
  }

  /** By prefix. What others told of this node's own prefixes holds for as long as they said. */
  #known(now: Instant): ReadonlyMap<string, HomePrefix> {
    const own = this.#around.own().filter(({ address }) => familyOf(address) === 6);
    const known = new Map(own.map((prefix) => [nameOf(prefix), { ...this.#ofOwn, prefix, at: now }]));
    for (const [name, heard] of this.#heard) {
      if (!known.has(name) || leftOf(heard, now).valid > 0) known.set(name, heard);
    }
    return known;
  }

  #told(now: Instant, information: PrefixInformation): ChangedPrefix | undefined {
    const { onLink = false, autonomous = false, validLifetime, preferredLifetime } = information;
    const prefix = parsePrefix(`${information.prefix}/${information.prefixLength}`);
    const name = nameOf(prefix);
    const before = this.#known(now).get(name);
    const kind = this.#changeOf(now, information, before);
    this.#heard.delete(name);
    this.#makeRoom();
    const lifetimes = { valid: inSeconds(validLifetime), preferred: inSeconds(preferredLifetime) };
    this.#heard.set(name, { prefix, onLink, autonomous, told: lifetimes, at: now });
    return kind && { prefix, kind, preferredLifetime: lifetimes.preferred };
  }

  #changeOf(
    now: Instant,
    { onLink = false, autonomous = false, validLifetime, preferredLifetime }: PrefixInformation,
    before: HomePrefix | undefined,
  ): PrefixChange['kind'] | undefined {
    if (!before) return 'new';
    if (onLink !== before.onLink || autonomous !== before.autonomous) return 'flags';
    const { rules } = this.#around;
    const left = leftOf(before, now);
    const isOther = (field: number, which: keyof PrefixLifetimes): boolean =>
      rules.lifetimeChanged(inSeconds(field), { told: before.told[which], left: left[which] });
    return isOther(validLifetime, 'valid') || isOther(preferredLifetime, 'preferred') ? 'lifetime' : undefined;
  }

  get #ofOwn(): Omit<HomePrefix, 'prefix' | 'at'> {
    return { onLink: true, autonomous: true, told: this.#around.lifetimes };
  }

  #makeRoom(): void {
    if (this.#heard.size < mobilityBounds.homePrefixes) return;
    const oldest = this.#heard.keys().next().value!;
    this.#heard.delete(oldest);
    this.#around.discarded(beyond(mobilityBounds, 'homePrefixes', `${oldest} gives way`));
  }
}

interface HomePrefix {
  readonly prefix: Prefix;
  readonly onLink: boolean;
  readonly autonomous: boolean;
  readonly told: PrefixLifetimes;
  readonly at: Instant;
}

/** The R bit and the router's address are of a router, not of the prefix, and a mobile node asks for home agents otherwise (section 10.5). */
function informationOf(
  { prefix, onLink, autonomous }: HomePrefix,
  { valid, preferred }: PrefixLifetimes,
): PrefixInformation {
  return {
    type: 'prefixInformation',
    prefixLength: prefix.length,
    onLink,
    autonomous,
    validLifetime: inField(valid),
    preferredLifetime: inField(preferred),
    prefix: prefixRange(prefix).first,
  };
}

function leftOf({ told, at }: HomePrefix, now: Instant): PrefixLifetimes {
  const passed = (now - at) / 1000;
  return { valid: Math.max(0, told.valid - passed), preferred: Math.max(0, told.preferred - passed) };
}

/** Who says so, as long as he does; no more of them than a link has routers. */
function noted(all: Set<Address>, linkLocal: Address, isSet: boolean): void {
  all.delete(linkLocal);
  if (isSet && all.size < mobilityBounds.homeAgentsListed) all.add(linkLocal);
}

const nameOf = (prefix: Prefix): string => `${prefixRange(prefix).first}/${prefix.length}`;

/** All ones stand for a lifetime without end (RFC 4861 section 4.6.2). */
const inField = (seconds: number): number => Math.min(Math.floor(seconds), INFINITE);
const inSeconds = (field: number): number => (field === INFINITE ? Infinity : field);
const INFINITE = 0xffff_ffff;
