/**
 * Dynamic home agent address discovery by a mobile node, RFC 6275 section 11.4.1: it asks the home agents' anycast address of its home prefix (RFC 2526), and
 * keeps the addresses that the reply lists.
 */
import { beyond, type Discarded, type Env, type Instant } from '../machine.ts';
import type { Address, Prefix } from '../wire/address.ts';
import { type HomeAgentAddressDiscoveryReply, icmpv6Types } from '../wire/icmpv6.ts';
import { readU16 } from '../wire/octets.ts';
import { mobilityBounds } from './bounds.ts';
import type { IcmpOrder } from './interface.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export interface DiscoverySurroundings {
  readonly rules: MobilityRules;
  readonly env: Env;
  readonly homePrefix: Prefix;
  sendIcmp(now: Instant, order: IcmpOrder): void;
  discovered(now: Instant): void;
  discarded(refusal: Discarded): void;
}

export class HomeAgentDiscovery {
  readonly #around: DiscoverySurroundings;
  #listed: readonly Address[] = [];
  #asking:
    | { readonly identifier: number; readonly from: Address; times: number; period: number; next: Instant }
    | undefined;

  constructor(around: DiscoverySurroundings) {
    this.#around = around;
  }

  /** The one to register with. */
  get homeAgent(): Address | undefined {
    return this.#listed[0];
  }

  /** The next one of the last reply takes the place of this one; false where there is none. */
  takesNext(): boolean {
    const [failed, ...others] = this.#listed;
    if (failed === undefined || others.length === 0) return false;
    this.#listed = [...others, failed];
    return true;
  }

  asks(now: Instant, from: Address): void {
    const identifier = readU16(this.#around.env.octets('identifier', 2));
    this.#asking = { identifier, from, times: 0, period: INITIAL_DHAAD_TIMEOUT, next: now };
    this.#ask(now);
  }

  replied(now: Instant, { identifier, homeAgentAddresses }: HomeAgentAddressDiscoveryReply): void {
    const { rules } = this.#around;
    if (!rules.homeAgentReplyMatches(identifier, this.#asking?.identifier)) {
      this.#around.discarded(refusal('homeAgentReplyMatches', `identifier ${identifier}`));
      return;
    }
    this.#asking = undefined;
    const listed = rules.orderOfHomeAgents(homeAgentAddresses);
    if (listed.length > mobilityBounds.homeAgents) {
      this.#around.discarded(beyond(mobilityBounds, 'homeAgents', `${listed.length} are listed`));
    }
    this.#listed = listed.slice(0, mobilityBounds.homeAgents);
    if (this.#listed.length > 0) this.#around.discovered(now);
  }

  timeout(now: Instant): void {
    const asking = this.#asking;
    if (!asking || asking.next > now) return;
    if (this.#around.rules.repeatsHomeAgentRequest(asking.times - 1)) this.#ask(now);
    else this.#asking = undefined;
  }

  deadline(): Instant | undefined {
    return this.#asking?.next;
  }

  #ask(now: Instant): void {
    const asking = this.#asking!;
    if (asking.times > 0) asking.period = this.#around.rules.homeAgentRequestRepeatedAfter(asking.period);
    asking.times++;
    asking.next = now + asking.period;
    const { identifier, from: source } = asking;
    const message = {
      kind: 'homeAgentAddressDiscoveryRequest',
      type: icmpv6Types['Home Agent Address Discovery Request'],
      code: 0,
      identifier,
    } as const;
    const { rules, homePrefix } = this.#around;
    const destination = rules.homeAgentsAskedAt(homePrefix);
    this.#around.sendIcmp(now, { source, destination, message });
  }
}

/** Milliseconds (section 12). */
const INITIAL_DHAAD_TIMEOUT = 3_000;
