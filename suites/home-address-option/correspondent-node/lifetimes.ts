/** The lifetime that is granted (RFC 6275 5.2.6, 9.5.2): no longer than asked for, and than 420 s where return routability is what authorises it. */
import { both, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { fromAway, tests, update } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['as asked', 'shorter', 'longer than asked', 'longer than 420 s', 'refused'] as const;
type Outcome = (typeof outcomes)[number];

/** In units of 4 s: of the binding that there is, and what is asked for. */
const asked = {
  'none-65535': { units: 65_535, knownAs: 'CN-5-2-1' },
  'none-100': { units: 100, knownAs: 'CN-5-2-2' },
  'none-106': { units: 106, knownAs: 'CN-5-2-3' },
  '50-65535': { existing: 50, units: 65_535, knownAs: 'CN-5-2-4' },
  '50-20': { existing: 50, units: 20, knownAs: 'CN-5-2-5' },
  '50-100': { existing: 50, units: 100, knownAs: 'CN-5-2-6' },
  '50-106': { existing: 50, units: 106, knownAs: 'CN-5-2-7' },
} as const satisfies Readonly<
  Record<string, { readonly existing?: number; readonly units: number; readonly knownAs: string }>
>;

const MOST = 105;
const dimensions = { lifetime: Object.keys(asked) as (keyof typeof asked)[], of: ['granted'] } as const;
type At = { readonly lifetime: keyof typeof asked };
const askedAt = ({ lifetime }: At): { readonly existing?: number; readonly units: number; readonly knownAs: string } =>
  asked[lifetime];

export const lifetimes = scenario({
  name: 'lifetimes',
  title: 'An update asks for a lifetime',
  dimensions,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, at) {
    const { existing, units } = askedAt(at);
    await tests(tn);
    if (existing !== undefined) await tn.sends('registered', update({ lifetime: existing }));
    await tn.sends('update', update({ sequenceNumber: 2, lifetime: units }));
    await tn.packet('used', fromAway(1), { awaited: true });
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, Outcome>('Which lifetime is granted?', {
      outcomes,
      controls: (t, at) => [
        pre('both tests are answered', both(t.mobility.answered('home test'), t.mobility.answered('care-of test'))),
        ...(askedAt(at).existing === undefined
          ? []
          : [pre('there is a binding', t.mobility.acknowledged('registered', 0))]),
        post('the binding serves', t.answered('used')),
      ],
      judge: (t, at) => {
        const answer = t.mobility.answer('update')?.message;
        if (answer?.kind !== 'bindingAcknowledgement') return undefined;
        const shown = t.mobility.answered('update', () => `status ${answer.status}, lifetime ${4 * answer.lifetime} s`);
        return shown?.as(answer.status === 0 ? judged(answer.lifetime, askedAt(at).units) : 'refused');
      },
      plays: 'receiver',
      reads: [
        reads(
          RFC6275,
          '5.2.6',
          'MUST NOT',
          'receiver',
          only(outcomes, 'as asked', 'shorter', 'longer than asked', 'refused'),
        ),
        reads(RFC6275, '9.5.2', 'MUST NOT', 'receiver', only(outcomes, 'as asked', 'shorter', 'refused')),
        reads(ARKKO, '2.3', 'obs', 'receiver', only(outcomes, 'as asked', 'shorter')),
      ],
      lawful: (at) => (askedAt(at).units <= MOST ? 'as asked' : 'shorter'),
      turnedBy: (at) =>
        askedAt(at).units <= MOST
          ? [[mobilityMutants.grantsItsOwnLifetime, 'longer than asked']]
          : [[mobilityMutants.bindsForAsLongAsAsked, 'longer than 420 s']],
      alsoKnownAs: (at) => [askedAt(at).knownAs],
    }),
  },
});

function judged(granted: number, units: number): Outcome {
  if (granted > MOST) return 'longer than 420 s';
  if (granted > units) return 'longer than asked';
  return granted === units ? 'as asked' : 'shorter';
}
