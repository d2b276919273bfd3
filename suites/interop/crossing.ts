/**
 * What every scenario of two products asks of traffic: that a probe of each reached the other and its answer came back, under the protection that both were told, and that both hold
 * the same SAs afterwards; or that it was lost while the two could speak in clear. Nobody but the two knows their keys, and what they have not told says nothing.
 */

import {
  type Account,
  both,
  type Control,
  cause,
  type Finding,
  finding,
  isProtectionTold,
  type Judgement,
  post,
  pre,
} from '../../harness/vocabulary/judging.ts';
import { type Both, sameSas } from './holdings.ts';

/** An address of each. */
export type Addresses = Readonly<Record<'nut' | 'peer', string>>;

/** Echoes between the ends of what both agreed on, or between these. */
export async function speak({ nut, peer }: Both, name = '', ends?: Addresses): Promise<void> {
  await nut.echo(there(name), ends && { from: ends.nut, to: ends.peer });
  await peer.echo(back(name), ends && { from: ends.peer, to: ends.nut });
}

export function speaking(t: Account, name: string): Control {
  const bothWays = both(t.answered(there(name)), t.answered(back(name)));
  return name === before
    ? cause('each reaches the other in clear', bothWays)
    : post('each reaches the other still', bothWays);
}

export const before = 'path';
export const after = 'life';

/** What a conversation between the two comes to. */
export const outcomes = ['both-ways', 'otherwise', 'at-odds', 'one-way', 'in-clear', 'none'] as const;
export type Outcome = (typeof outcomes)[number];

/** Of the round of this name, with what both hold after it. */
export function judgeConversation(t: Account, name = ''): Judgement | undefined {
  const [sent, returned] = [there(name), back(name)];
  const [one, other] = [crossed(t, sent), crossed(t, returned)];
  const passed = both(one, other);
  if (passed) {
    if (![sent, returned].every((probe) => isAsTold(t, probe))) return passed.as('otherwise');
    const { same, differ } = sameSas(t, name);
    return both(passed, same)?.as('both-ways') ?? both(passed, differ)?.as('at-odds');
  }
  return (
    (inClear(t, sent) ?? inClear(t, returned))?.as('in-clear') ??
    both(one, lost(t, returned))?.as('one-way') ??
    both(other, lost(t, sent))?.as('one-way') ??
    both(lost(t, sent), lost(t, returned))?.as('none')
  );
}

/** The two agree and speak, in the round of this name: what a scenario that goes on from there needs. */
export function conversing(t: Account, name = ''): Control {
  const judgement = judgeConversation(t, name);
  const passed = both(crossed(t, there(name)), crossed(t, back(name)), sameSas(t, name).same);
  return pre('the two agree and speak', judgement?.outcome === 'both-ways' ? passed : undefined);
}

/** The request and its answer, both protected. */
export function crossed(t: Account, name: string): Finding | undefined {
  const [request, answer] = [t.probe(name), t.answer(name)];
  if (request?.packet.esp === undefined || answer?.packet.esp === undefined) return undefined;
  const says = `${name}: answered under ${answer.packet.esp.protocol} in frame ${answer.frame.entry.number}`;
  return both(t.sentUnder(name, 'esp'), finding(says, t.evidenceOf(answer, says)));
}

export function isAsTold(t: Account, name: string): boolean {
  return [t.probe(name), t.answer(name)].every(
    (found) => found?.packet.esp !== undefined && isProtectionTold(found.packet.esp, t.transcript),
  );
}

/** On the wire with nothing around it. */
function inClear(t: Account, name: string): Finding | undefined {
  return t.probe(name)?.frame.esp.length === 0 ? t.sentUnder(name, 'clear') : undefined;
}

/** Never sent, or sent and unanswered, while an echo in clear was answered later, and nothing was said that nobody can read. */
export function lost(t: Account, name: string): Finding | undefined {
  if (isUnreadable(t, name)) return undefined;
  return t.silent(name, there(after)) ?? t.unsent(name, there(after));
}

/** Whether anybody sent what no key opens, from this moment on: the probe, or its answer, may be in it. */
function isUnreadable(t: Account, name: string): boolean {
  return Object.keys(t.transcript.cast).some((party) =>
    t.espHeaders(party, name).some(({ frame }) => frame.esp.some(({ state }) => state !== 'opened')),
  );
}

/** The moments of a round. */
export const there = (name: string): string => [name, 'there'].filter(Boolean).join(' ');
export const back = (name: string): string => [name, 'back'].filter(Boolean).join(' ');
