/**
 * A scenario acts and names moments; its questions judge what happened. One run of a scenario at one point of its dimensions
 * answers all of its questions there, and each (question, point) is a case of its own.
 */

import type { PolicyIntent } from '../capture/transcript.ts';
import type { NodeSeams } from '../peers/testing-node.ts';
import type { Dimensions, Point, Question } from './question.ts';
import type { Stage } from './stage.ts';

export interface Scenario<D extends Dimensions = Dimensions> {
  /** A stable slug, unique among all suites. */
  readonly name: string;
  readonly title: string;
  readonly dimensions: D;
  /** Points that make no sense; absent: all do. */
  readonly where?: (at: Point<D>) => boolean;
  readonly given: (at: Point<D>) => PolicyIntent;
  /** Where the tester misbehaves, beyond what its configuration can say; absent: it is honest. */
  readonly misbehaves?: (at: Point<D>) => NodeSeams;
  readonly play: (stage: Stage, at: Point<D>) => Promise<void>;
  /** By catalogue id. */
  readonly questions: Readonly<Record<string, Question<D, string>>>;
}

export function scenario<const D extends Dimensions>(declared: Scenario<D>): Scenario<D> {
  return declared;
}

/** A suite is a folder of scenarios. */
export interface Suite {
  readonly name: string;
  readonly title: string;
  // biome-ignore lint/suspicious/noExplicitAny: scenarios of every dimension stand side by side; the planner only reads them.
  readonly scenarios: readonly Scenario<any>[];
}

/** `other-prefix-manual`: the stable slug of a point. */
export function variantOf(at: Readonly<Record<string, string>>): string {
  return Object.values(at).join('-');
}

/** Every point of the dimensions that `where` allows, in declared order. */
export function pointsOf<D extends Dimensions>(
  declared: Pick<Scenario<D>, 'dimensions' | 'where'>,
): readonly Point<D>[] {
  const points = Object.entries(declared.dimensions).reduce<Record<string, string>[]>(
    (sofar, [name, values]) => sofar.flatMap((point) => values.map((value) => ({ ...point, [name]: value }))),
    [{}],
  ) as Point<D>[];
  return declared.where ? points.filter(declared.where) : points;
}
