/**
 * The sequence number of an update, modulo 65536 (RFC 6275 9.5.1): greater than the last one is by 1 to 32767; what is not is answered by the last one that
 * was accepted. Where there is no binding any number will do.
 */
import { both, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { fromAway, tests, update } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['accepted', 'out of window', 'without the last number', 'other'] as const;
type Outcome = (typeof outcomes)[number];

interface Numbers {
  readonly last?: number;
  readonly next: number;
  readonly expects: 'accepted' | 'out of window';
  readonly turns: readonly Turn<Outcome>[];
  readonly knownAs: string;
}

const { takesEverySequenceNumber, countsWithoutModulo, takesTheSameNumberAgain, windowOneTooWide, echoesTheNumber } =
  mobilityMutants;
const begins = { expects: 'accepted', turns: [[mobilityMutants.beginsAtSmallNumbers, 'out of window']] } as const;
const behind = {
  expects: 'out of window',
  turns: [
    [takesEverySequenceNumber, 'accepted'],
    [echoesTheNumber, 'without the last number'],
  ],
} as const;

const numbers = {
  '10000-10001': {
    last: 10_000,
    next: 10_001,
    expects: 'accepted',
    turns: [[mobilityMutants.countsBackwards, 'out of window']],
    knownAs: 'CN-5-1-1-1',
  },
  '10000-42767': {
    last: 10_000,
    next: 42_767,
    expects: 'accepted',
    turns: [[mobilityMutants.countsBackwards, 'out of window']],
    knownAs: 'CN-5-1-1-2',
  },
  '42768-0': {
    last: 42_768,
    next: 0,
    expects: 'accepted',
    turns: [[countsWithoutModulo, 'out of window']],
    knownAs: 'CN-5-1-1-3',
  },
  '42768-9999': {
    last: 42_768,
    next: 9999,
    expects: 'accepted',
    turns: [[countsWithoutModulo, 'out of window']],
    knownAs: 'CN-5-1-1-4',
  },
  '10000-9999': { last: 10_000, next: 9999, ...behind, knownAs: 'CN-5-1-2-1' },
  '10000-10000': {
    last: 10_000,
    next: 10_000,
    expects: 'out of window',
    turns: [...behind.turns.slice(0, 1), [takesTheSameNumberAgain, 'accepted']],
    knownAs: 'CN-5-1-2-2',
  },
  '10000-42768': {
    last: 10_000,
    next: 42_768,
    expects: 'out of window',
    turns: [...behind.turns, [windowOneTooWide, 'accepted'], [countsWithoutModulo, 'accepted']],
    knownAs: 'CN-5-1-2-3',
  },
  '10000-0': { last: 10_000, next: 0, ...behind, knownAs: 'CN-5-1-2-4' },
  'none-0': { next: 0, ...begins, turns: [[mobilityMutants.zeroIsNoNumber, 'out of window']], knownAs: 'CN-5-1-3-1' },
  'none-32768': { next: 32_768, ...begins, knownAs: 'CN-5-1-3-2' },
  'none-65535': { next: 65_535, ...begins, knownAs: 'CN-5-1-3-3' },
} as const satisfies Readonly<Record<string, Numbers>>;

const dimensions = { numbers: Object.keys(numbers) as (keyof typeof numbers)[] } as const;
const numbersOf = (at: { readonly numbers: keyof typeof numbers }): Numbers => numbers[at.numbers];

export const sequenceNumbers = scenario({
  name: 'update-sequence-numbers',
  title: 'The sequence number of an update and the one before',
  dimensions,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, at) {
    const { last, next } = numbersOf(at);
    await tests(tn);
    await tests(tn, ' elsewhere', elsewhere);
    if (last !== undefined) await tn.sends('last', update({ sequenceNumber: last }));
    await tn.sends('next', update({ sequenceNumber: next, ...elsewhere }));
    await tn.packet('moved', fromAway(1, elsewhere), { awaited: true });
    await tn.packet('stays', fromAway(2), { awaited: true });
    await tn.echo('after');
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, Outcome>('Are sequence numbers compared modulo 65536?', {
      outcomes,
      controls: (t, at) => [
        pre(
          'both addresses are tested',
          both(t.mobility.answered('home test'), t.mobility.answered('care-of test elsewhere')),
        ),
        ...(numbersOf(at).last === undefined
          ? []
          : [pre('the last number is accepted', t.mobility.acknowledged('last', 0))]),
        post('the node lives', t.answered('after')),
      ],
      judge: (t, at) => {
        const answer = t.mobility.answer('next')?.message;
        if (answer?.kind !== 'bindingAcknowledgement') return undefined;
        const { last, next } = numbersOf(at);
        const shown = t.mobility.answered(
          'next',
          () => `status ${answer.status}, sequence number ${answer.sequenceNumber}`,
        );
        if (answer.status === 0)
          return both(shown, t.answered('moved'))?.as(answer.sequenceNumber === next ? 'accepted' : 'other');
        if (answer.status !== 135) return shown?.as('other');
        const still = last === undefined ? shown : both(shown, t.answered('stays'));
        return still?.as(
          last === undefined || answer.sequenceNumber === last ? 'out of window' : 'without the last number',
        );
      },
      plays: 'receiver',
      reads: (at) => [
        reads(RFC6275, '9.5.1', 'MUST', 'receiver', only(outcomes, numbersOf(at).expects)),
        reads(ARKKO, '2.3', 'obs', 'receiver', only(outcomes, numbersOf(at).expects)),
      ],
      lawful: (at) => numbersOf(at).expects,
      turnedBy: (at) => numbersOf(at).turns,
      alsoKnownAs: (at) => [numbersOf(at).knownAs],
    }),
  },
});

const elsewhere = { careOfAddress: mobile.secondCareOfAddress };
