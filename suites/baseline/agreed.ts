/** The control of scenarios whose pairs may come from IKE: what was not agreed on protects nothing, and says nothing about policy. */
import { type Account, type Control, pre } from '../../harness/vocabulary/judging.ts';
import { establishing } from '../../harness/vocabulary/keying.ts';

export function agreedOn(t: Account, keying: string, pairs: readonly string[]): readonly Control[] {
  if (keying === 'manual') return [];
  return pairs.map((pair) => pre(`the SAs of ${pair} were agreed on`, t.ike.childAgreed(establishing(pair))));
}
