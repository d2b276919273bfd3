/**
 * Where a mobile node is, RFC 6275 sections 11.5.1 to 11.5.3: it finds out by router advertisements whether it is on another link, asks its router whether
 * that is still there before it believes so, and forms a care-of address from a prefix of the new one (RFC 4862 section 5.5). What follows from that is left
 * to whoever is told.
 *
 *     lost ──RA──▶ settled ──RA of another link, or advertisements missed──▶ asking ──answer──▶ settled
 *      ▲                                                                       │ no answer
 *      └──── nothing else heard ─────────────────────────────────────────────┤
 *                                                       RA of another link ──▶ forming ──nobody else's──▶ settled
 */
import { beyond, type Discarded, type Instant } from '../machine.ts';
import { type Address, addressOctets, addressText, inPrefix, type Prefix, parsePrefix } from '../wire/address.ts';
import { type PrefixInformation, prefixesIn } from '../wire/neighbor-discovery-options.ts';
import { mobilityBounds } from './bounds.ts';
import type { LinkMessage, MovingInterface } from './link-message.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

/** A link with a router on it. */
export interface Attachment {
  /** Link-local. */
  readonly router: Address;
  readonly prefixes: readonly PrefixInformation[];
}

export interface MovementSurroundings {
  readonly link: MovingInterface;
  readonly homePrefix: Prefix;
  /** On the home link. */
  arrivedHome(now: Instant, attachment: Attachment): void;
  /** On a foreign link, with a care-of address that is nobody else's; its valid lifetime is in seconds. */
  arrived(now: Instant, careOfAddress: string, attachment: Attachment, validLifetime: number): void;
  /** The router has another address on the link that the node is on. */
  reachedBy(attachment: Attachment): void;
  /** `detected` is to be told what comes of it. */
  detectDuplicates(now: Instant, address: Address): void;
  /** Without a link. */
  lost(now: Instant): void;
  discarded(refusal: Discarded): void;
}

export class Movement {
  readonly #rules: MobilityRules;
  readonly #around: MovementSurroundings;
  readonly #heard = new Map<Address, HeardRouter>();
  #current: HeardRouter | undefined;
  /** On this link, or one is about to be formed. */
  #hasAddress = true;
  #asking: Asking | undefined;
  #forming: { readonly address: Address; readonly router: HeardRouter; readonly prefix: PrefixInformation } | undefined;
  #solicitation: { times: number; next: Instant } | undefined = { times: 0, next: 0 };

  constructor(rules: MobilityRules, around: MovementSurroundings) {
    this.#rules = rules;
    this.#around = around;
  }

  heard(now: Instant, message: LinkMessage): void {
    if (message.kind === 'routerAdvertisement') this.#advertised(now, message);
    else if (message.kind === 'neighborAdvertisement' && message.solicited) this.#answered(message);
  }

  /** What came of the duplicate address detection of a care-of address. */
  detected(now: Instant, address: Address, isUnique: boolean): void {
    const forming = this.#forming;
    if (forming?.address !== address) return;
    this.#forming = undefined;
    if (!this.#rules.careOfAddressUsable(isUnique)) {
      this.#around.discarded(refusal('careOfAddressUsable', `${address} is another node's`));
      return;
    }
    const { router, prefix } = forming;
    const attachment = this.#current?.name === router.name ? this.#current : router;
    this.#around.arrived(now, `${address}/${prefix.prefixLength}`, attachment, prefix.validLifetime);
  }

  timeout(now: Instant): void {
    if (this.#solicitation && this.#solicitation.next <= now) this.#solicit(now, this.#solicitation.times);
    if (this.#current && missedAt(this.#current, this.#rules) <= now) this.#ask(now, this.#current);
    if (this.#asking && this.#asking.next <= now) this.#askAgain(now, this.#asking);
  }

  deadline(): Instant | undefined {
    const missed = this.#current && !this.#asking && !this.#forming ? missedAt(this.#current, this.#rules) : Infinity;
    const earliest = Math.min(missed, this.#asking?.next ?? Infinity, this.#solicitation?.next ?? Infinity);
    return earliest === Infinity ? undefined : earliest;
  }

  #advertised(now: Instant, { source, hardwareAddress, message }: RouterAdvertised): void {
    const prefixes = prefixesIn(message.options);
    const ownAddresses = prefixes.filter(({ routerAddress }) => routerAddress).map(({ prefix }) => prefix);
    if (hardwareAddress !== undefined) {
      for (const address of ownAddresses) this.#around.link.learns(address, hardwareAddress);
    }
    if (!this.#rules.isDefaultRouter(message.routerLifetime)) return;
    const interval = message.options.find((option) => option.type === 'advertisementInterval')?.advertisementInterval;
    const name = this.#rules.routerKnownBy(source, ownAddresses[0]);
    const retransTimer = this.#rules.retransmissionTime(message.retransTimer ?? 0);
    const router: HeardRouter = { name, router: source, prefixes, interval, retransTimer, at: now };
    this.#remember(router);
    const current = this.#current;
    // Who had no prefix to form an address from may have one now.
    if (current?.name === name && !this.#rules.triesNextRouter(this.#hasAddress)) this.#again(current, router);
    else this.#another(now, router);
  }

  #again(before: HeardRouter, router: HeardRouter): void {
    this.#current = router;
    const isElsewhere = before.router !== router.router;
    if (isElsewhere && !this.#forming && this.#rules.followsRouter()) this.#around.reachedBy(router);
  }

  #another(now: Instant, router: HeardRouter): void {
    const current = this.#current;
    if (!current || this.#rules.triesNextRouter(this.#hasAddress)) {
      this.#settle(now, router);
      return;
    }
    const isOnePrefixKnown = router.prefixes.some((each) => current.prefixes.some((other) => samePrefix(each, other)));
    if (this.#rules.tellsOfMovement(isOnePrefixKnown)) this.#ask(now, current);
  }

  /** The router may be gone: section 11.5.1 has it asked by its global address, where it told one. */
  #ask(now: Instant, router: HeardRouter): void {
    if (this.#asking || this.#forming) return;
    this.#asking = { router, times: 0, next: now };
    this.#askAgain(now, this.#asking);
  }

  #askAgain(now: Instant, asking: Asking): void {
    if (asking.times === MAX_UNICAST_SOLICIT) {
      this.#asking = undefined;
      this.#unreachable(now, asking.router);
      return;
    }
    asking.times++;
    asking.next = now + asking.router.retransTimer;
    this.#around.link.probes(asking.router.name);
  }

  #answered({ target, router }: NeighborAdvertised): void {
    const asking = this.#asking;
    if (!asking || asking.router.name !== target || !this.#rules.staysWithRouter(router)) return;
    this.#asking = undefined;
    this.#current = { ...asking.router, at: Math.max(asking.router.at, asking.next) };
    // Whoever else is heard is on the same link, then.
    for (const name of this.#heard.keys()) if (name !== target) this.#heard.delete(name);
  }

  /** The newest of the others is where the node is now. */
  #unreachable(now: Instant, router: HeardRouter): void {
    this.#current = undefined;
    this.#heard.delete(router.name);
    const other = [...this.#heard.values()].at(-1);
    if (other) this.#settle(now, other);
    else {
      this.#around.lost(now);
      this.#solicit(now, 0);
    }
  }

  #settle(now: Instant, router: HeardRouter): void {
    this.#current = router;
    this.#solicitation = undefined;
    const onLink = router.prefixes.filter(({ onLink }) => onLink).map(prefixOf);
    this.#hasAddress = true;
    if (this.#rules.isHomeLink(onLink, this.#around.homePrefix)) {
      this.#around.arrivedHome(now, router);
      return;
    }
    const offered = router.prefixes.find((each) =>
      this.#rules.formsAddressFrom({ ...each, length: each.prefixLength, autonomous: each.autonomous ?? false }),
    );
    this.#hasAddress = offered !== undefined;
    if (!offered) return;
    const address = formed(offered, this.#around.link.linkLocalAddress);
    this.#forming = { address, router, prefix: offered };
    this.#around.link.takes([], router.router, true);
    if (this.#rules.careOfAddressTested()) this.#around.detectDuplicates(now, address);
    else this.detected(now, address, true);
  }

  #solicit(now: Instant, times: number): void {
    if (this.#current || times === MAX_RTR_SOLICITATIONS) {
      this.#solicitation = undefined;
      return;
    }
    this.#solicitation = { times: times + 1, next: now + RTR_SOLICITATION_INTERVAL };
    this.#around.link.solicitsRouters();
  }

  #remember(router: HeardRouter): void {
    this.#heard.delete(router.name);
    if (this.#heard.size === mobilityBounds.routersHeard) {
      const oldest = this.#heard.keys().next().value!;
      this.#heard.delete(oldest);
      this.#around.discarded(beyond(mobilityBounds, 'routersHeard', `${oldest} is forgotten for ${router.name}`));
    }
    this.#heard.set(router.name, router);
  }
}

interface HeardRouter extends Attachment {
  readonly name: Address;
  /** Milliseconds, where it told them. */
  readonly interval: number | undefined;
  readonly retransTimer: number;
  /** When it was last heard, or answered. */
  readonly at: Instant;
}

interface Asking {
  readonly router: HeardRouter;
  times: number;
  next: Instant;
}

type NeighborAdvertised = Extract<LinkMessage, { kind: 'neighborAdvertisement' }>;
type RouterAdvertised = Extract<LinkMessage, { kind: 'routerAdvertisement' }>;

function missedAt({ at, interval }: HeardRouter, rules: MobilityRules): Instant {
  return interval === undefined ? Infinity : at + rules.silenceOfRouter(interval);
}

/** The prefix with the interface identifier of the link-local address (RFC 4862 section 5.5.3 d). */
function formed({ prefix }: PrefixInformation, linkLocalAddress: Address): Address {
  const octets = addressOctets(prefix);
  octets.set(addressOctets(linkLocalAddress).subarray(8), 8);
  return addressText(octets);
}

function samePrefix(one: PrefixInformation, other: PrefixInformation): boolean {
  return one.prefixLength === other.prefixLength && inPrefix(one.prefix, prefixOf(other));
}

const prefixOf = ({ prefix, prefixLength }: PrefixInformation): Prefix => parsePrefix(`${prefix}/${prefixLength}`);

/** RFC 4861 section 10; times in milliseconds. */
const MAX_UNICAST_SOLICIT = 3;
const MAX_RTR_SOLICITATIONS = 3;
const RTR_SOLICITATION_INTERVAL = 4_000;
