/** When a message is repeated, RFC 6275 section 11.8: the time waited for an answer is doubled, up to a longest one, and no more than a few leave in a second. */
import type { Instant } from '../machine.ts';
import type { MobilityRules } from './rules.ts';

/** An answer is waited for. Durations in milliseconds. */
export class Retransmission {
  readonly #rules: MobilityRules;
  period: number;
  next: Instant;

  constructor(rules: MobilityRules, now: Instant, period: number) {
    this.#rules = rules;
    this.period = period;
    this.next = now + period;
  }

  /** The message was sent once more. */
  repeated(now: Instant): void {
    this.period = this.#rules.nextTimeout(this.period);
    this.next = now + this.period;
  }
}

/** How many messages of one kind left for one node within a second. */
export class SendingRate {
  readonly #rules: MobilityRules;
  #sent: readonly Instant[] = [];

  constructor(rules: MobilityRules) {
    this.#rules = rules;
  }

  /** When another one may be sent: now, or when the oldest of the second is a second old. */
  mayLeaveAt(now: Instant): Instant {
    this.#sent = this.#sent.filter((at) => at > now - SECOND);
    return this.#rules.mayBeSent(this.#sent.length) ? now : this.#sent[0]! + SECOND;
  }

  left(now: Instant): void {
    this.#sent = [...this.#sent, now];
  }
}

const SECOND = 1_000;
