/**
 * The stage a scenario plays on: the verbs of each party, bound to a lab and the nodes in it. Each verb names its moment (a mark in the log), acts, and
 * waits in lab time until what it asked for is seen or a deadline has passed; whether it was seen is not returned, because only the
 * questions judge. In `play` nothing else may be awaited.
 */
import { Acting } from './acting.ts';
import type { Cast, TwoParties } from './cast.ts';
import type { Ensemble, Player } from './ensemble.ts';
import { type LabVerbs, labVerbs, theLab } from './lab-verbs.ts';
import { Orders } from './orders.ts';
import { strangerVerbs } from './stranger-verbs.ts';
import { testedVerbs } from './tested-verbs.ts';
import { testerVerbs } from './tester-verbs.ts';
import type { Stranger, Tested, Tester } from './verbs.ts';

export type { NodeState } from '../lab/node.ts';
export type { ChildName, Ends, EspByHand, MobilityByHand, Patience, Stranger, Tested, Tester } from './verbs.ts';

/** By the names of the cast, each with the verbs of its part; and the lab. */
export type Stage<C extends Cast = TwoParties> = {
  readonly [Name in keyof C]: C[Name] extends 'tested' ? Tested : C[Name] extends 'tester' ? Tester : Stranger;
} & { readonly [theLab]: LabVerbs };

export function stage<C extends Cast = TwoParties>(ensemble: Ensemble): Stage<C> {
  const orders = new Orders(ensemble);
  const acting = new Acting(ensemble);
  const verbs = (name: string, player: Player): Tested | Tester | Stranger => {
    switch (player.part) {
      case 'tested':
        return testedVerbs(name, player, ensemble, orders, acting);
      case 'tester':
        return testerVerbs(name, player.node, ensemble, orders, acting);
      case 'stranger':
        return strangerVerbs(name, orders, acting);
    }
  };
  const bound = Object.entries(ensemble.players).map(([name, player]) => [name, verbs(name, player)]);
  return Object.fromEntries([...bound, [theLab, labVerbs(ensemble.lab, acting.account)]]) as Stage<C>;
}
