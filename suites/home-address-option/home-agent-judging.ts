/** What judgements about a home agent have in common, for this folder's scenarios: what became of an update, and where packets to the home address go. */
import { home } from '../../harness/vocabulary/home-agent-intent.ts';
import {
  type Account,
  both,
  type Control,
  type Finding,
  finding,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';

/** The third party reaches the home agent before and after: moments `alive` and `still alive`. */
export function alive(t: Account, ...more: readonly Control[]): readonly Control[] {
  return [
    pre('the home agent is alive', t.answered('alive')),
    ...more,
    post('and still is', t.answered('still alive')),
  ];
}

export const accepted = (t: Account, name: string): Finding | undefined =>
  t.mobility.acknowledged(name, 0) ?? t.mobility.acknowledged(name, 1);

export type Answer = 'accepted' | 'refused' | 'refused otherwise' | 'silent';

export const answers = ['accepted', 'refused', 'refused otherwise', 'silent'] as const;

/** What was answered to an update: refused with this status, or any other way. Silence is proven by the answer to a later one. */
export function answerTo(t: Account, name: string, status: number | undefined, life: string) {
  const answer = t.mobility.answer(name);
  if (answer?.message.kind !== 'bindingAcknowledgement') return t.mobility.silent(name, life)?.as('silent');
  const { status: told } = answer.message;
  const shown = t.mobility.shown(answer, `${name}: status ${told}`);
  if (told < 128) return shown?.as('accepted');
  return shown?.as(told === status ? 'refused' : 'refused otherwise');
}

/** A packet to the home address that the home agent tunnelled here. */
export function tunnelled(t: Account, name: string, careOfAddress: string): Finding | undefined {
  const passed = t.passedOn(name);
  const outer = passed?.frame.packets[0]?.packet;
  if (!passed || outer?.source !== home.agent || outer.destination !== careOfAddress) return undefined;
  const says = `${name}: tunnelled to ${careOfAddress}`;
  return finding(says, t.evidenceOf(passed, says));
}

/** It was asked for on the home link and passed on nowhere, while the home agent lived. */
export function untunnelled(t: Account, name: string, life: string): Finding | undefined {
  return t.passedOn(name) ? undefined : both(t.answered(life));
}

/** Both readings of a document about the four answers to an update. */
export function only<const Outcome extends string>(good: Outcome, all: readonly Outcome[]) {
  const entries = all.map((each) => [each, { kind: each === good ? 'pass' : 'unmet' }]);
  return Object.fromEntries(entries) as Record<Outcome, { readonly kind: 'pass' } | { readonly kind: 'unmet' }>;
}
