/**
 * What can come of a binding update, as an observer sees it: its acknowledgement, an error, or silence, which a later update that is answered proves; and
 * whether packets go by way of the care-of address from then on.
 */
import {
  type Account,
  both,
  type Control,
  type Finding,
  type Judgement,
  post,
  pre,
} from '../../../harness/vocabulary/judging.ts';
import { fail, type OutcomeReading, observed, pass } from '../../../harness/vocabulary/question.ts';
import { bindingStatusCodes } from '../../../reference/wire/mobility/registry.ts';

/** `accepted` is what was asked for, registration or deletion; the numbers are statuses of an acknowledgement. */
export const updateOutcomes = [
  'accepted',
  '131',
  '135',
  '136',
  '137',
  '138',
  '139',
  'other status',
  'binding error',
  'problem',
  'discarded',
] as const;
export type UpdateOutcome = (typeof updateOutcomes)[number];

export interface Asked {
  /** The moment of the update. */
  readonly name: string;
  /** The moment of a packet by way of the care-of address after it; absent: what is said of the update is all that is known. */
  readonly probe?: string;
  readonly deletes?: boolean;
  /** A later message that is answered. */
  readonly until?: string;
}

/** After a registration a packet is answered; after a deletion it is refused by a Binding Error. */
export function cameOf(
  t: Account,
  { name, probe, deletes = false, until = 'good update' }: Asked,
): Judgement | undefined {
  const silence = t.mobility.silent(name, until);
  const isBound = probe === undefined ? undefined : t.answered(probe);
  const isUnbound = probe === undefined ? undefined : t.mobility.refusedByError(probe, 1);
  const [done, undone] = deletes ? [isUnbound, isBound] : [isBound, isUnbound];
  const problem = t.mobility.problem(name);
  return (
    acknowledged(t, name, probe === undefined ? [] : [done]) ??
    t.mobility.refusedByError(name, 1)?.as('binding error') ??
    t.mobility.refusedByError(name, 2)?.as('binding error') ??
    (problem && t.mobility.refusedByProblem(name, problem.code, problem.pointer)?.as('problem')) ??
    done?.as('accepted') ??
    (probe === undefined ? silence : both(silence, undone))?.as('discarded')
  );
}

/** By its status; what was accepted has to be seen, too. */
function acknowledged(t: Account, name: string, seen: readonly (Finding | undefined)[]): Judgement | undefined {
  const answer = t.mobility.answer(name)?.message;
  if (answer?.kind !== 'bindingAcknowledgement') return undefined;
  const shown = t.mobility.acknowledged(name, answer.status);
  if (answer.status === bindingStatusCodes['Binding Update accepted']) return both(shown, ...seen)?.as('accepted');
  const status = updateOutcomes.find((outcome) => outcome === String(answer.status));
  return shown?.as(status ?? 'other status');
}

/** The tests before, and the good update after. */
export function aroundUpdate(t: Account): readonly Control[] {
  return [
    pre('both tests are answered', both(t.mobility.answered('home test'), t.mobility.answered('care-of test'))),
    post('a good update is accepted', t.mobility.acknowledged('good update', 0)),
    post('and used', t.answered('after')),
  ];
}

/** Whatever is seen of what the document only describes. */
export function asSeen<Outcome extends string>(all: readonly Outcome[]): { readonly [O in Outcome]: OutcomeReading } {
  return Object.fromEntries(all.map((each) => [each, observed(each)])) as { readonly [O in Outcome]: OutcomeReading };
}

/** These outcomes are as the document wants it, all others are not. */
export function only<Outcome extends string>(
  all: readonly Outcome[],
  ...good: readonly Outcome[]
): { readonly [O in Outcome]: OutcomeReading } {
  return Object.fromEntries(all.map((each) => [each, good.includes(each) ? pass : fail])) as {
    readonly [O in Outcome]: OutcomeReading;
  };
}
