/**
 * When a router tells of itself, RFC 4861 section 6.2 with the shorter intervals of RFC 6275 section 7.5: unsolicited at intervals drawn anew each time, and
 * soon after a solicitation. All go to all nodes.
 */
import type { Env, Instant } from '../machine.ts';
import { readU16 } from '../wire/octets.ts';
import type { AdvertisingConfiguration } from './configuration.ts';
import type { HostRules } from './rules.ts';

export class RouterAdvertisements {
  readonly #schedules: readonly Schedule[];
  readonly #env: Env;
  readonly #rules: HostRules;

  /** The first ones are due at `now`. */
  constructor(told: readonly AdvertisingConfiguration[], env: Env, rules: HostRules, now: Instant) {
    this.#schedules = told.map((configuration) => ({ configuration, next: now, last: undefined }));
    this.#env = env;
    this.#rules = rules;
  }

  solicited(now: Instant, interfaceName: string): void {
    const schedule = this.#schedules.find(({ configuration }) => configuration.interface === interfaceName);
    if (!schedule) return;
    const { last, configuration } = schedule;
    const answer = { now, last, drawn: this.#drawn(), least: configuration.interval.least };
    schedule.next = Math.min(schedule.next, this.#rules.answersSolicitationAt(answer));
  }

  /** What is to be said now. */
  due(now: Instant): readonly AdvertisingConfiguration[] {
    const due = this.#schedules.filter(({ next }) => next <= now);
    for (const schedule of due) {
      const { least, most } = schedule.configuration.interval;
      schedule.last = now;
      schedule.next = now + least + this.#drawn() * (most - least);
    }
    return due.map(({ configuration }) => configuration);
  }

  deadline(): Instant | undefined {
    return this.#schedules.length === 0 ? undefined : Math.min(...this.#schedules.map(({ next }) => next));
  }

  #drawn(): number {
    return readU16(this.#env.octets('identifier', 2)) / 0x1_0000;
  }
}

interface Schedule {
  readonly configuration: AdvertisingConfiguration;
  next: Instant;
  last: Instant | undefined;
}
