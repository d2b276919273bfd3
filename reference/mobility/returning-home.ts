/**
 * A mobile node is on its home link again, RFC 6275 section 11.5.5. The home agent defends the home address until it has taken a deregistration, and a node that
 * has no address cannot ask for the home agent's hardware address as others do: it asks for its own home address, and whoever defends that is the home agent.
 *
 *     returning ──binding: home agent known──▶ deregisters, at home
 *               ──no binding: nobody else's──▶ at home
 */
import type { Discarded, Instant } from '../machine.ts';
import type { Address } from '../wire/address.ts';
import type { LinkMessage, MovingInterface } from './link-message.ts';
import { refusal } from './refusal.ts';
import type { MobilityRules } from './rules.ts';

export interface ReturnSurroundings {
  readonly rules: MobilityRules;
  readonly link: MovingInterface;
  readonly homeAddress: Address;
  isReturning(): boolean;
  /** Undefined where there is no registration to end. */
  homeAgent(): Address | undefined;
  /** `detected` is to be told what comes of it. */
  detectDuplicates(now: Instant, address: Address): void;
  /** The home address is used on the link from now on. */
  settles(): void;
  /** The same, and the home agent is told. */
  deregisters(now: Instant): void;
  discarded(refusal: Discarded): void;
}

export class ReturningHome {
  readonly #around: ReturnSurroundings;
  /** When the home agent is asked for again. */
  #lookingAgain: Instant | undefined;

  constructor(around: ReturnSurroundings) {
    this.#around = around;
  }

  /** Whoever is bound has looked, when it registered, whether the home address is its own. */
  begins(now: Instant, isBound: boolean): void {
    const { rules, homeAddress, settles, detectDuplicates } = this.#around;
    if (rules.usesHomeAddressAtOnce(isBound)) {
      if (isBound) settles();
      else detectDuplicates(now, homeAddress);
    }
    if (rules.deregistersAtHome(isBound)) this.#lookForHomeAgent(now);
  }

  detected(isUnique: boolean): void {
    const { rules, homeAddress, settles, discarded } = this.#around;
    if (rules.careOfAddressUsable(isUnique)) settles();
    else discarded(refusal('careOfAddressUsable', `${homeAddress} is another node's`));
  }

  heard(now: Instant, message: LinkMessage): void {
    const { link, homeAddress } = this.#around;
    const homeAgent = this.#around.homeAgent();
    if (this.#lookingAgain === undefined || homeAgent === undefined) return;
    const { hardwareAddress } = message;
    const isDefence = message.kind === 'neighborAdvertisement' && message.target === homeAddress;
    if (isDefence && hardwareAddress !== undefined) link.learns(homeAgent, hardwareAddress);
    if (link.knows(homeAgent)) this.#lookForHomeAgent(now);
  }

  timeout(now: Instant): void {
    if (this.#lookingAgain !== undefined && this.#lookingAgain <= now) this.#lookForHomeAgent(now);
  }

  deadline(): Instant | undefined {
    return this.#lookingAgain;
  }

  /** The home agent's hardware address, and then the deregistration. */
  #lookForHomeAgent(now: Instant): void {
    const { rules, link, homeAddress, isReturning, deregisters } = this.#around;
    const homeAgent = this.#around.homeAgent();
    this.#lookingAgain = undefined;
    if (!isReturning() || homeAgent === undefined) return;
    if (link.knows(homeAgent)) {
      deregisters(now);
      return;
    }
    link.asksFor(homeAddress, rules.looksForHomeAgentFrom(homeAddress));
    this.#lookingAgain = now + RETRANS_TIMER;
  }
}

/** Milliseconds (RFC 4861 section 10). */
const RETRANS_TIMER = 1_000;
