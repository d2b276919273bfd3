/** Why Mobile IPv6 let a packet or message go no further: a rule, or a bound. */
import type { Discarded } from '../machine.ts';
import { type MobilityRules, mobilitySections } from './rules.ts';

export function refusal(rule: keyof MobilityRules, detail: string): Discarded {
  return { rule, section: mobilitySections[rule], detail };
}
