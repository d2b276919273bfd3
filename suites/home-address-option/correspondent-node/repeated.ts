/**
 * What others may do with messages that were good once (RFC 6275 5.2.8, 9.5.3), and bindings beside each other (9.1): a deleted binding is not made again by
 * what made it, two home addresses keep two bindings, and two that point at each other lead nobody astray.
 */
import { both, type Finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { observed, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { deletion, fromAway, goodUpdate, homeTestInit, tests, update } from './acts.ts';
import { asSeen, cameOf, only, type UpdateOutcome, updateOutcomes } from './update-outcomes.ts';

const replays = { repeated: ['the-same-update', 'a-later-update-with-the-same-nonces'] } as const;

export const deletedAndRepeated = scenario({
  name: 'deleted-and-repeated',
  title: 'What made a deleted binding is sent again',
  dimensions: replays,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, { repeated }) {
    await tests(tn);
    await tn.sends('registered', update());
    await tn.packet('bound', fromAway(1), { awaited: true });
    await tn.sends('deletion', deletion());
    const sequenceNumber = repeated === 'the-same-update' ? 1 : 3;
    await tn.sends('again', { ...update({ sequenceNumber }), awaited: false });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('probe', fromAway(2), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof replays, UpdateOutcome>(
      'Do used nonces make the binding again that they made before?',
      {
        outcomes: updateOutcomes,
        controls: (t) => [
          pre('there was a binding', both(t.mobility.acknowledged('registered', 0), t.answered('bound'))),
          pre('it is deleted', t.mobility.acknowledged('deletion', 0)),
          post('a good update is accepted', t.mobility.acknowledged('good update', 0)),
        ],
        judge: (t) => cameOf(t, { name: 'again', probe: 'probe' }),
        plays: 'receiver',
        reads: ({ repeated }) => [
          reads(
            RFC6275,
            repeated === 'the-same-update' ? '5.2.8' : '9.5.3',
            'MUST',
            'receiver',
            only(updateOutcomes, ...refusals),
          ),
          reads(ARKKO, '2.3', 'obs', 'receiver', only(updateOutcomes, ...refusals)),
        ],
        lawful: '138',
        turnedBy: ({ repeated }) =>
          repeated === 'the-same-update'
            ? [[mobilityMutants.forgetsNoncesOfDeleted, '135']]
            : [[mobilityMutants.forgetsNoncesOfDeleted, 'accepted']],
        alsoKnownAs: ['CN-5-4-1'],
      },
    ),
  },
});

const refusals = updateOutcomes.filter((outcome) => outcome !== 'accepted' && outcome !== 'binding error');

const second = { homeAddress: mobile.otherHomeAddress, careOfAddress: mobile.secondCareOfAddress };
/** The care-of address of the first is the home address of the other, and the other way round. */
const back = { homeAddress: mobile.careOfAddress, careOfAddress: mobile.homeAddress };

const beside = { beside: ['of-another-home-address', 'pointing-back'] } as const;
type Beside = 'each for itself' | 'one of them' | 'none' | 'mixed up';

export const bindingsBeside = scenario({
  name: 'bindings-beside',
  title: 'A second binding beside the first',
  dimensions: beside,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, { beside: which }) {
    const other = which === 'pointing-back' ? back : second;
    await tests(tn);
    await tests(tn, ' of the other', other);
    await tn.sends('first', update());
    await tn.sends('second', { ...update(other), awaited: false });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('by way of the first', fromAway(1), { awaited: true });
    if (which !== 'pointing-back') await tn.packet('by way of the other', fromAway(2, other), { awaited: true });
    await tn.packet('once more', fromAway(3), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof beside, Beside>('Are two bindings kept apart?', {
      outcomes: ['each for itself', 'one of them', 'none', 'mixed up'],
      controls: (t) => [
        pre('the first is accepted', t.mobility.acknowledged('first', 0)),
        pre(
          'the other addresses are tested',
          both(t.mobility.answered('home test of the other'), t.mobility.answered('care-of test of the other')),
        ),
        post('the node lives', t.mobility.acknowledged('good update', 0)),
        post('and answers by way of the first', t.answered('after')),
      ],
      judge: (t, { beside: which }) => {
        const to = (name: string, careOfAddress: string): Finding | undefined =>
          t.answer(name)?.packet.packet.destination === careOfAddress ? t.answered(name) : undefined;
        const first = both(to('by way of the first', mobile.careOfAddress), to('once more', mobile.careOfAddress));
        const isTaken = t.mobility.acknowledged('second', 0);
        const isRefused = t.mobility.answered('second') ?? t.mobility.silent('second', 'good update');
        const other = which === 'pointing-back' ? isTaken : to('by way of the other', second.careOfAddress);
        return (
          both(first, isTaken, other)?.as('each for itself') ??
          (isTaken
            ? both(isTaken, t.answered('once more'))?.as('mixed up')
            : both(first, isRefused)?.as('one of them')) ??
          isRefused?.as('none')
        );
      },
      plays: 'receiver',
      reads: ({ beside: which }) =>
        which === 'pointing-back'
          ? [
              reads(RFC6275, '9.5.2', 'obs', 'receiver', {
                'each for itself': observed('both are kept, and a packet takes one of them'),
                'one of them': observed('the second is refused'),
                none: observed('neither is kept'),
                'mixed up': observed('the second takes the place of the first'),
              }),
              reads(ARKKO, '2.3', 'obs', 'receiver', asSeen(['each for itself', 'one of them', 'none', 'mixed up'])),
            ]
          : [
              reads(
                RFC6275,
                '9.1',
                'SHOULD',
                'receiver',
                only(['each for itself', 'one of them', 'none', 'mixed up'], 'each for itself'),
              ),
              reads(
                ARKKO,
                '2.3',
                'obs',
                'receiver',
                only(['each for itself', 'one of them', 'none', 'mixed up'], 'each for itself'),
              ),
            ],
      lawful: 'each for itself',
      turnedBy: [[mobilityMutants.keepsOneBinding, 'one of them']],
      alsoKnownAs: ({ beside: which }) => (which === 'pointing-back' ? ['CN-5-4-2'] : ['CN-5-4-3', 'CN-2-4-2']),
    }),
  },
});
