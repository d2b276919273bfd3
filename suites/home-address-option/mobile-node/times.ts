/** When messages of a mobile node were sent, and whether it waits longer each time before it repeats one (RFC 6275 11.8), for this folder's judgements. */
import type { Account, Heard, Judgement } from '../../../harness/vocabulary/judging.ts';
import { fail, pass, reads } from '../../../harness/vocabulary/question.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { bothHeard } from './acts.ts';

export const repetitionOutcomes = ['doubled', 'too soon', 'not doubled'] as const;

/** Longer each time it must be, and the first time long enough it should be. */
export const repetitionReadings = [
  reads(RFC6275, '11.8', 'MUST', 'sender', { doubled: pass, 'too soon': pass, 'not doubled': fail }),
  reads(RFC6275, '11.8', 'SHOULD', 'sender', { doubled: pass, 'too soon': fail, 'not doubled': pass }),
];

/** Of a message that was heard at three moments; `first` is what it waits for an answer at first, in milliseconds. */
export function repeated(t: Account, moments: readonly [string, string, string], first: number): Judgement | undefined {
  const [one, two, three] = moments.map((name) => t.heardAt(name));
  if (!one || !two || !three) return undefined;
  const [waited, then] = [timeOf(two) - timeOf(one), timeOf(three) - timeOf(two)];
  const says = `after ${waited.toFixed(0)} ms, then after ${then.toFixed(0)} ms`;
  if (waited < EARLY * first) return bothHeard(t, one, two, says).as('too soon');
  return bothHeard(t, two, three, says).as(then < 2 * EARLY * waited ? 'not doubled' : 'doubled');
}

export const timeOf = ({ found }: Pick<Heard, 'found'>): number => found.frame.entry.time;

/** How far from its number a timer may be: clocks are read a little late, never early. */
const EARLY = 0.9;
