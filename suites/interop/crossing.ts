/**
 * What both scenarios of two products ask of traffic: that a probe crossed the tunnel and its answer came back the same way, or that it was lost while
 * the two could speak in clear.
 */

import type { Family } from '../../harness/vocabulary/intent.ts';
import {
  type Account,
  both,
  type Control,
  cause,
  type Finding,
  finding,
  post,
} from '../../harness/vocabulary/judging.ts';
import type { twoProducts } from '../../harness/vocabulary/meeting.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';

/** Echoes between the outer addresses, which no entry speaks of. */
export async function speakInClear(
  { nut, peer }: Stage<typeof twoProducts>,
  family: Family,
  name: string,
): Promise<void> {
  const outer = { from: nutAddresses[family], to: places.home[family] };
  await nut.echo(`${name} there`, outer);
  await peer.echo(`${name} back`, { from: outer.to, to: outer.from });
}

export function speaking(t: Account, name: string): Control {
  const bothWays = both(t.answered(`${name} there`), t.answered(`${name} back`));
  return name === before
    ? cause('each reaches the other in clear', bothWays)
    : post('each reaches the other still', bothWays);
}

export const before = 'path';
export const after = 'life';

/** The request and its answer, both under ESP. */
export function crossed(t: Account, name: string): Finding | undefined {
  const answer = t.answer(name);
  if (answer?.packet.esp === undefined) return undefined;
  const says = `${name}: answered under ESP in frame ${answer.frame.entry.number}`;
  return both(t.sentUnder(name, 'esp'), finding(says, t.evidenceOf(answer, says)));
}

/** Never sent, or sent and unanswered, while an echo in clear was answered later. */
export function lost(t: Account, name: string): Finding | undefined {
  return t.silent(name, `${after} there`) ?? t.unsent(name, `${after} there`);
}
