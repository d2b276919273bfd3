/** Who plays in a scenario, and the cast of nearly all of them. */
import type { Cast } from '../capture/transcript.ts';
import { testedIn } from '../judge/parties.ts';

export type { Cast, Part } from '../capture/transcript.ts';
export { testedIn } from '../judge/parties.ts';

/** The cast of a scenario that names none: a node under test and its tester. */
export const twoParties = { nut: 'tested', tn: 'tester' } as const satisfies Cast;
export type TwoParties = typeof twoParties;

export function castOf({ cast }: { readonly cast?: Cast }): Cast {
  return cast ?? twoParties;
}

/** Whom a party speaks to unless it is told otherwise: the party that the cases are about, or that one to the first of the others. */
export function counterpartOf(party: string, cast: Cast): string {
  const [subject] = testedIn(cast);
  const others = Object.keys(cast).filter((name) => name !== party);
  return party === subject ? others[0]! : subject!;
}
