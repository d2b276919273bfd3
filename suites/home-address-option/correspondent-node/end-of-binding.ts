/**
 * How a binding ends by itself (RFC 6275 9.5.5, 9.6): a packet that uses it near its end may have the mobile node asked to renew it, which is seen at the home
 * address, and after its lifetime it is gone, whatever updates came in between that were refused.
 */
import { both, type Finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { observed, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { fromAway, goodUpdate, tests, update } from './acts.ts';
import { asSeen, only } from './update-outcomes.ts';

const ends = { meanwhile: ['nothing-happens', 'a-refused-update'] } as const;
type Ends = 'gone' | 'there';

/** In units of 4 s, and seconds that are beyond it. */
const SHORT = 4;
const BEYOND = 18;

export const bindingEnds = scenario({
  name: 'binding-ends',
  title: 'The lifetime of a binding is over',
  dimensions: ends,
  given: () => correspondent({ signalling: {} }, []),
  lasts: () => BEYOND,
  async play({ tn }, { meanwhile }) {
    await tests(tn);
    await tn.sends('registered', update({ lifetime: SHORT }));
    const longer = update({ sequenceNumber: 2, lifetime: 100 });
    const unauthorized = { ...longer.authorization!, homeKeygenToken: new Uint8Array(8) };
    if (meanwhile === 'a-refused-update') {
      await tn.sends('refused', { ...longer, authorization: unauthorized, awaited: false });
    }
    await tn.packet('during', fromAway(1), { awaited: true });
    await tn.letsPass('its lifetime', BEYOND);
    await tn.packet('beyond', fromAway(2), { awaited: true });
    await tn.echo('at home');
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof ends, Ends>('Is the binding gone when its lifetime is over?', {
      outcomes: ['gone', 'there'],
      controls: (t) => [
        pre('there is a binding', both(t.mobility.acknowledged('registered', 0), t.answered('during'))),
        post('the home address is answered', t.answered('at home')),
        post('a good update is accepted', t.mobility.acknowledged('good update', 0)),
      ],
      judge: (t) => t.mobility.refusedByError('beyond', 1)?.as('gone') ?? t.answered('beyond')?.as('there'),
      plays: 'receiver',
      reads: [
        reads(RFC6275, '9.6', 'MUST', 'receiver', only(['gone', 'there'], 'gone')),
        reads(ARKKO, '2.3', 'obs', 'receiver', only(['gone', 'there'], 'gone')),
      ],
      lawful: 'gone',
      turnedBy: ({ meanwhile }) =>
        meanwhile === 'nothing-happens'
          ? [[mobilityMutants.grantsMoreThanItSays, 'there']]
          : [[mobilityMutants.believesEveryAuthenticator, 'there']],
      alsoKnownAs: ({ meanwhile }) => (meanwhile === 'nothing-happens' ? [] : ['CN-5-2-8']),
    }),
  },
});

const renewals = { answer: ['renewed-on-request'] } as const;
type Renewed = 'asked for' | 'asked for all the same' | 'asked for elsewhere' | 'not asked for';

/** 40 s, of which a third is left. */
const LIFETIME = 10;
const LATE = 27;

export const bindingIsRenewed = scenario({
  name: 'binding-is-renewed',
  title: 'A binding that is in use comes to its end',
  dimensions: renewals,
  given: () => correspondent({ signalling: {} }, []),
  lasts: () => LATE + 5,
  async play({ tn }) {
    await tests(tn);
    await tn.sends('registered', update({ lifetime: LIFETIME }));
    await tn.letsPass('most of it', LATE);
    await tn.packet('early', fromAway(1), { awaited: true });
    await tn.letsPass('more of it', 5);
    await tn.packet('late', fromAway(2), { awaited: true });
    await tn.sends('renewed', update({ sequenceNumber: 2 }));
    await tn.packet('used', fromAway(3), { awaited: true });
    await tn.echo('after');
  },
  questions: {
    'ARKKO-2.3b': question<typeof renewals, Renewed>('Is the mobile node asked to renew a binding in use?', {
      outcomes: ['asked for', 'asked for all the same', 'asked for elsewhere', 'not asked for'],
      controls: (t) => [
        pre('there is a binding', both(t.mobility.acknowledged('registered', 0), t.answered('early'))),
        pre('it is in use to the end', t.answered('late')),
        post('it can be renewed', both(t.mobility.acknowledged('renewed', 0), t.answered('used'))),
        post('the node lives', t.answered('after')),
      ],
      judge: (t) => {
        const request = t.mobility.heard('bindingRefreshRequest', { after: 'registered', before: 'renewed' });
        const again = t.mobility.heard('bindingRefreshRequest', { after: 'renewed' });
        if (!request) return t.answered('late')?.as('not asked for');
        const isHome = request.destination === mobile.homeAddress && request.routedTo === undefined;
        const shown: Finding | undefined = t.mobility.shown(request, 'Binding Refresh Request');
        if (again) return shown?.as('asked for all the same');
        return shown?.as(isHome ? 'asked for' : 'asked for elsewhere');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '9.5.5', 'MAY', 'receiver', {
          'asked for': observed('asked for'),
          'asked for all the same': observed('asked for'),
          'asked for elsewhere': observed('asked for'),
          'not asked for': observed('not asked for'),
        }),
        reads(
          RFC6275,
          '9.5.5',
          'MUST',
          'receiver',
          only(
            ['asked for', 'asked for all the same', 'asked for elsewhere', 'not asked for'],
            'asked for',
            'not asked for',
          ),
        ),
        reads(
          ARKKO,
          '2.3',
          'obs',
          'receiver',
          asSeen(['asked for', 'asked for all the same', 'asked for elsewhere', 'not asked for']),
        ),
      ],
      lawful: 'asked for',
      turnedBy: [[mobilityMutants.neverAsksForRenewal, 'not asked for']],
      alsoKnownAs: ['CN-3-2-3', 'CN-3-2-4'],
    }),
  },
});
