/**
 * The stage a scenario plays on: its verbs, bound to a lab and the two nodes in it. Each verb names its moment (a mark in the log), acts, and
 * waits in lab time until what it asked for is seen or a deadline has passed; whether it was seen is not returned, because only the
 * questions judge. In `play` nothing else may be awaited.
 */
import { Acting, type Cast } from './acting.ts';
import { Orders } from './orders.ts';
import { testedVerbs } from './tested-verbs.ts';
import { testerVerbs } from './tester-verbs.ts';
import type { Tested, Tester } from './verbs.ts';

export type { ChildName, Ends, EspByHand, Patience, Tested, Tester } from './verbs.ts';

export interface Stage {
  readonly tn: Tester;
  readonly nut: Tested;
}

export function stage(cast: Cast): Stage {
  const orders = new Orders(cast);
  const acting = new Acting(cast);
  return { tn: testerVerbs(cast, orders, acting), nut: testedVerbs(cast, orders, acting) };
}
