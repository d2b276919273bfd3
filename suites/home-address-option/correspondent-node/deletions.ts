/**
 * A binding is deleted (RFC 6275 9.5.1, 9.5.3): from the foreign link and from home, with and without the options that could say where the mobile node is, by a
 * lifetime of zero or, as RFC 3775 had it, by the home address for a care-of address; by tokens that were used before, or by fresh ones.
 */
import { type Account, both, type Judgement, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { observed, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC3775, RFC6275 } from '../../requirements/documents.ts';
import { deletion, fromAway, goodUpdate, homeTestInit, tests, type Update, update } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['deleted', 'misaddressed', 'kept', 'refused'] as const;
type Outcome = (typeof outcomes)[number];

const dimensions = {
  from: ['from-away', 'from-home', 'from-home-with-option'],
  careOf: ['plain', 'alternate'],
  lifetime: ['zero', 'non-zero'],
  tokens: ['fresh-tokens', 'same-tokens'],
} as const;
interface At {
  readonly from: (typeof dimensions.from)[number];
  readonly careOf: (typeof dimensions.careOf)[number];
  readonly lifetime: (typeof dimensions.lifetime)[number];
  readonly tokens: (typeof dimensions.tokens)[number];
}

export const deletions = scenario({
  name: 'deletions',
  title: 'A mobile node has its binding deleted',
  dimensions,
  // From away with neither it is a registration.
  where: ({ from, careOf, lifetime }) => from !== 'from-away' || careOf === 'alternate' || lifetime === 'zero',
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, at) {
    await tests(tn);
    await tn.sends('registered', update());
    await tn.packet('bound', fromAway(1), { awaited: true });
    if (at.tokens === 'fresh-tokens') await tn.sends('home test again', homeTestInit('home test again'));
    await tn.sends('deletion', ordered(at));
    await tn.packet('unbound', fromAway(2), { awaited: true });
    await tn.echo('at home');
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, Outcome>(
      'Is the binding deleted, and the deletion acknowledged where it came from?',
      {
        outcomes,
        controls: (t) => [
          pre('there is a binding', both(t.mobility.acknowledged('registered', 0), t.answered('bound'))),
          post('the home address is answered without one', t.answered('at home')),
          post('a good update is accepted', t.mobility.acknowledged('good update', 0)),
          post('and used', t.answered('after')),
        ],
        judge: cameOf,
        plays: 'receiver',
        reads: ({ lifetime }) =>
          lifetime === 'zero'
            ? [
                reads(RFC6275, '9.5.3', 'MUST', 'receiver', only(outcomes, 'deleted', 'misaddressed')),
                reads(RFC6275, '9.5.4', 'MUST', 'receiver', only(outcomes, 'deleted', 'kept', 'refused')),
                reads(ARKKO, '2.3', 'obs', 'receiver', only(outcomes, 'deleted')),
              ]
            : [
                reads(RFC3775, '9.5.1', 'MUST', 'receiver', only(outcomes, 'deleted', 'misaddressed')),
                reads(RFC6275, '6.1.7', 'obs', 'receiver', {
                  deleted: observed('as RFC 3775 had it'),
                  misaddressed: observed('as RFC 3775 had it, and acknowledged elsewhere'),
                  kept: observed('a lifetime alone deletes'),
                  refused: observed('not taken'),
                }),
                reads(ARKKO, '2.3', 'obs', 'receiver', {
                  deleted: observed('return routability is asked of deletions too'),
                  misaddressed: observed('deleted, and acknowledged elsewhere'),
                  kept: observed('return routability lets a lifetime alone delete'),
                  refused: observed('not taken'),
                }),
              ],
        lawful: 'deleted',
        turnedBy: ({ from, lifetime }) => [
          ...(lifetime === 'zero'
            ? ([[mobilityMutants.keyOfBothTokensAlways, 'refused']] as const)
            : ([[mobilityMutants.deletesByLifetimeAlone, 'refused']] as const)),
          ...(from === 'from-away'
            ? ([[mobilityMutants.answersUpdatesAtHome, 'misaddressed']] as const)
            : from === 'from-home'
              ? ([[mobilityMutants.routesEveryAcknowledgement, 'misaddressed']] as const)
              : []),
        ],
        alsoKnownAs: (at) => [knownAs(at)],
      },
    ),
  },
});

function ordered({ from, careOf, lifetime }: At): Update {
  const { homeAddress } = mobile;
  const order = deletion({
    lifetime: lifetime === 'zero' ? 0 : 60,
    options: careOf === 'alternate' ? [{ type: 'alternateCareOfAddress', alternateCareOfAddress: homeAddress }] : [],
  });
  const { careOfAddress: _away, ...fromHome } = order;
  if (from === 'from-away') return order;
  return from === 'from-home' ? fromHome : { ...order, careOfAddress: homeAddress };
}

function cameOf(t: Account, { from }: At): Judgement | undefined {
  const gone = t.mobility.refusedByError('unbound', 1);
  const stays = t.answered('unbound');
  const answer = t.mobility.answer('deletion');
  if (answer?.message.kind === 'bindingAcknowledgement' && answer.message.status === 0) {
    const to = from === 'from-away' ? mobile.careOfAddress : mobile.homeAddress;
    const isRouted = answer.routedTo !== undefined;
    // From home with an option RFC 6275 9.5.4 says both.
    const routing = from === 'from-home-with-option' || isRouted === (from === 'from-away');
    const shown = t.mobility.acknowledged('deletion', 0);
    return (
      both(shown, gone)?.as(answer.destination === to && routing ? 'deleted' : 'misaddressed') ??
      both(shown, stays)?.as('kept')
    );
  }
  const refusal = t.mobility.answered('deletion') ?? t.mobility.silent('deletion', 'good update');
  return both(refusal, stays)?.as('refused');
}

/** TAHI counts them in this order, the tests before or not being the last digit. */
function knownAs({ from, careOf, lifetime, tokens }: At): string {
  const before = tokens === 'fresh-tokens' ? 1 : 2;
  if (from === 'from-away') return `CN-3-3-1-${before + (careOf === 'plain' ? 0 : lifetime === 'zero' ? 2 : 4)}`;
  const place = (lifetime === 'zero' ? 0 : 8) + (careOf === 'plain' ? 0 : 4) + (from === 'from-home' ? 0 : 2);
  return `CN-3-3-2-${before + place}`;
}
