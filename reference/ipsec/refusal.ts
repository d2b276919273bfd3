/** Why a packet was discarded: a rule, a bound, or octets that are no packet at all. A value, since refusing is what IPsec does. */
import { beyond } from '../machine.ts';
import { ipsecBounds } from './bounds.ts';
import { type IpsecRules, ipsecSections } from './rules.ts';

export interface Refusal {
  readonly rule: keyof IpsecRules | keyof typeof ipsecBounds | 'malformed';
  readonly section: string;
  readonly detail: string;
}

export function refusal(rule: keyof IpsecRules | 'malformed', detail: string): Refusal {
  return { rule, section: rule === 'malformed' ? 'RFC 4303 3.4' : ipsecSections[rule], detail };
}

export function refusalBeyond(bound: keyof typeof ipsecBounds, detail: string): Refusal {
  return { ...beyond(ipsecBounds, bound, detail), rule: bound };
}
