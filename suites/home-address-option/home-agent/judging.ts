/** What judgements about a home agent have in common, for this folder's scenarios: what became of an update, and where packets to the home address go. */
import { home } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, type Finding, finding } from '../../../harness/vocabulary/judging.ts';
import { only as asWanted } from '../correspondent-node/update-outcomes.ts';

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

/** A packet to the home address that the home agent tunnelled here, before this later moment where one is named. */
export function tunnelled(t: Account, name: string, careOfAddress: string, before?: string): Finding | undefined {
  const passed = t.passedOn(name, before === undefined ? {} : { before });
  const outer = passed?.frame.packets[0]?.packet;
  if (!passed || outer?.source !== home.agent || outer.destination !== careOfAddress) return undefined;
  const says = `${name}: tunnelled to ${careOfAddress}`;
  return finding(says, t.evidenceOf(passed, says));
}

/** How a document reads outcomes of which one alone is what it asks for. */
export function only<const Outcome extends string>(good: Outcome, all: readonly Outcome[]) {
  return asWanted(all, good);
}
