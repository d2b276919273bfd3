/** A token bucket, by which RFC 4443 section 2.4 (f) limits ICMP errors: so many at once, and as many again in each second. */
import type { Instant } from './machine.ts';

export class TokenBucket {
  readonly #perSecond: number;
  #tokens: number;
  #since: Instant = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond;
  }

  /** Takes one, if there is one. */
  spends(now: Instant): boolean {
    const grown = (this.#perSecond * (now - this.#since)) / 1000;
    this.#tokens = Math.min(this.#perSecond, this.#tokens + grown);
    this.#since = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}
