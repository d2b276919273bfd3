/**
 * Both sides rekey the same thing at once (RFC 7296 2.8.1, 2.8.2): at which points that is asked, and which of the two successors goes. Four nonces decide it, which
 * the tester draws as the point says.
 */
import { type Account, both, type Exchange, type Judgement } from '../../harness/vocabulary/judging.ts';
import { keyedHosts } from '../../harness/vocabulary/keying.ts';
import { drawsNonces } from '../../harness/vocabulary/lies.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { asking, type Crossed, exchangeOf, firsts, keyingOf, losses } from './crossing.ts';
import { holdsLowest, refusalIn } from './exchanges.ts';

const pair = transportPair('pair', 'ipv4');

export const simultaneously = {
  dimensions: {
    role: ['responder', 'initiator'],
    lowest: ['lowest-of-nut', 'lowest-of-tn'],
    first: firsts,
    loss: losses,
  },
  given: ({ role }: { readonly role: 'responder' | 'initiator' }) => keyedHosts(keyingOf(role), 'ipv4', [pair]),
  misbehaves: ({ lowest }: { readonly lowest: string }) => ({
    tn:
      lowest === 'lowest-of-tn'
        ? drawsNonces({ request: 'lowest', response: 'highest' })
        : drawsNonces({ request: 'highest', response: 'lowest' }),
  }),
} as const;

/** What the node made by its exchange, and what that replaces: each as it would be named in a Delete, with what is said of it. */
export interface Replacement {
  readonly successor: number | string | undefined;
  readonly replaced: number | string | undefined;
  /** `the child replaced` */
  readonly called: string;
  /** Where a report shows that both are there. */
  readonly reportedIn: 'sad' | 'ikeSas';
}

/** By what the node deletes, and by what it answers. `of` is undefined where the exchange made nothing. */
export function whoGoes(
  t: Account,
  crossed: Crossed,
  of: (mine: Exchange) => Replacement | undefined,
): Judgement | undefined {
  const [mine, theirs] = [exchangeOf(t, crossed, 'nut'), exchangeOf(t, crossed, 'tn')];
  const refusal = theirs && refusalIn(theirs);
  if (refusal) return t.ike.said(refusal.message, `it answers ${refusal.name}`).as('refused');
  const isLowest = mine && theirs && holdsLowest(mine, theirs);
  const made = mine && of(mine);
  if (made === undefined || isLowest === undefined) return undefined;
  const deletes = (spi: number | string | undefined, what: string) => {
    const deletion = t.ike.deletions('nut', asking('nut')).find(({ deleted }) => deleted === spi);
    return (
      deletion &&
      t.ike.said(deletion.message, `it deletes ${what}, the lowest nonce being ${isLowest ? 'its own' : 'not its own'}`)
    );
  };
  const own = deletes(made.successor, 'its own successor');
  const old = deletes(made.replaced, made.called);
  if (own && old) return both(own, old)?.as('both');
  if (!own && !old) return t.reported('afterwards', made.reportedIn, 'it deletes neither', () => true)?.as('none');
  return (own ?? old)?.as((own !== undefined) === isLowest ? 'by-nonce' : 'against-nonce');
}

/** How many pairs of SAs the node has `afterwards`, and whether the only one carries traffic. */
export function pairsLeft(t: Account): Judgement | undefined {
  const left = t.state('afterwards')?.state.sad.length;
  if (left === undefined) return undefined;
  const said = t.reported('afterwards', 'sad', `${left / 2} pairs`, () => true);
  if (left > 2) return said?.as('several');
  const none = left === 0 ? said : both(said, t.silent('after', 'later life'));
  return both(said, t.answered('after'))?.as('one') ?? none?.as('none');
}
