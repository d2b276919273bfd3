/**
 * A scenario acts and names moments; its questions judge what happened. One run of a scenario at one point of its dimensions
 * answers all of its questions there, and each (question, point) is a case of its own.
 */

import type { PolicyIntent } from '../capture/transcript.ts';
import type { NodeSeams } from '../peers/testing-node.ts';
import type { Cast, TwoParties } from './cast.ts';
import type { Dimensions, Point, Question } from './question.ts';
import type { Stage } from './stage.ts';

export interface Scenario<D extends Dimensions = Dimensions, C extends Cast = TwoParties> {
  /** A stable slug, unique among all suites. */
  readonly name: string;
  readonly title: string;
  /** Who plays; absent: a node under test and the tester. */
  readonly cast?: C;
  readonly dimensions: D;
  /** Points that make no sense; absent: all do. */
  readonly where?: (at: Point<D>) => boolean;
  /** Points that make sense and cannot be played, each with the reason, which `list --untested` prints. */
  readonly leavesOut?: (at: Point<D>) => string | undefined;
  /** What each party of the cast is told. */
  readonly given: (at: Point<D>) => PolicyIntent;
  /** Where testers misbehave, by party, beyond what their configuration can say; absent: they are honest. */
  readonly misbehaves?: (at: Point<D>) => Readonly<Record<string, NodeSeams>>;
  /** It asks about the mode of the SAs, whatever its suite does. */
  readonly modeMatters?: true;
  /** Seconds that are let pass in `play`, all together; absent: none. They cost nothing in memory, and as many seconds on a product that lives on a real clock. */
  readonly lasts?: (at: Point<D>) => number;
  readonly play: (stage: Stage<C>, at: Point<D>) => Promise<void>;
  /** By catalogue id. */
  readonly questions: Readonly<Record<string, Question<D, string>>>;
}

export function scenario<const D extends Dimensions, const C extends Cast = TwoParties>(
  declared: Scenario<D, C>,
): Scenario<D, C> {
  return declared;
}

/** A suite is a folder of scenarios. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  /** What it asks about, in a sentence or two. */
  readonly says?: string;
  /** It asks nothing about the mode of the SAs between two hosts: a product without transport mode has them in tunnel mode. */
  readonly modeIsOpen?: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: scenarios of every dimension stand side by side; the planner only reads them.
  readonly scenarios: readonly Scenario<any, any>[];
}

/** `other-prefix-manual`: the stable slug of a point. The empty value of a dimension that came later leaves older cases their names. */
export function variantOf(at: Readonly<Record<string, string>>): string {
  return Object.values(at)
    .filter((value) => value !== '')
    .join('-');
}

/** Every point that is played, in declared order. */
export function pointsOf<D extends Dimensions>(
  declared: Pick<Scenario<D>, 'dimensions' | 'where' | 'leavesOut'>,
): readonly Point<D>[] {
  return sensiblePoints(declared).filter((point) => declared.leavesOut?.(point) === undefined);
}

/** Every point that is left out, and why. */
export function omissionsOf<D extends Dimensions>(
  declared: Pick<Scenario<D>, 'dimensions' | 'where' | 'leavesOut'>,
): readonly { readonly point: Point<D>; readonly why: string }[] {
  return sensiblePoints(declared).flatMap((point) => {
    const why = declared.leavesOut?.(point);
    return why === undefined ? [] : [{ point, why }];
  });
}

/** Every point of the dimensions that `where` allows, in declared order. */
function sensiblePoints<D extends Dimensions>(
  declared: Pick<Scenario<D>, 'dimensions' | 'where'>,
): readonly Point<D>[] {
  const points = Object.entries(declared.dimensions).reduce<Record<string, string>[]>(
    (sofar, [name, values]) => sofar.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  ) as Point<D>[];
  return declared.where ? points.filter(declared.where) : points;
}
