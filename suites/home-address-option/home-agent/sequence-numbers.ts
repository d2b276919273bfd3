/**
 * Sequence numbers of home registrations (RFC 6275 9.5.1): a number counts as greater up to 32767 ahead, modulo 65536; any other is refused with status 135,
 * which tells the last one that was accepted. From another care-of address the same holds.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted, only } from './judging.ts';

interface Pair {
  readonly first: number;
  readonly second: number;
  readonly isGreater: boolean;
  /** Of the catalogues before this one: asked for from there, asked for from elsewhere, unasked from there, unasked from elsewhere. */
  readonly known: readonly [string, string, string, string];
}

const pairs: Readonly<Record<string, Pair>> = {
  '15-to-16': greater(15, 16, ['HA_2_5_1', 'HA_2_5_3', 'HA_2_5_5', 'HA_2_5_7']),
  '15-to-32782': greater(15, 32_782, ['HA_2_5_2', 'HA_2_5_4', 'HA_2_5_6', 'HA_2_5_8']),
  '15-to-14': smaller(15, 14, ['HA_2_6_1', 'HA_2_6_7', 'HA_2_6_4', 'HA_2_6_10']),
  '15-to-15': smaller(15, 15, ['HA_2_6_2', 'HA_2_6_8', 'HA_2_6_5', 'HA_2_6_11']),
  '15-to-32783': smaller(15, 32_783, ['HA_2_6_3', 'HA_2_6_9', 'HA_2_6_6', 'HA_2_6_12']),
  '32783-to-32784': greater(32_783, 32_784, ['HA_2_7_1', 'HA_2_7_3', 'HA_2_7_5', 'HA_2_7_7']),
  '32783-to-14': greater(32_783, 14, ['HA_2_7_2', 'HA_2_7_4', 'HA_2_7_6', 'HA_2_7_8']),
  '32783-to-32782': smaller(32_783, 32_782, ['HA_2_8_1', 'HA_2_8_7', 'HA_2_8_4', 'HA_2_8_10']),
  '32783-to-32783': smaller(32_783, 32_783, ['HA_2_8_2', 'HA_2_8_8', 'HA_2_8_5', 'HA_2_8_11']),
  '32783-to-15': smaller(32_783, 15, ['HA_2_8_3', 'HA_2_8_9', 'HA_2_8_6', 'HA_2_8_12']),
};

const outcomes = ['accepted', 'refused', 'refused with another number', 'otherwise'] as const;

export const homeSequenceNumbers = scenario({
  name: 'home-sequence-numbers',
  title: 'Sequence numbers of home registrations',
  cast: onHomeLink,
  dimensions: {
    numbers: Object.keys(pairs),
    acknowledgement: ['asked-for', 'unasked'],
    from: ['the-same-place', 'another-place'],
  },
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn }, { numbers, acknowledgement, from }) {
    const { first, second } = pairs[numbers]!;
    await tn.sends('first', homeUpdate({ sequenceNumber: first }));
    if (from === 'another-place') await tn.movesTo('foreign-2');
    const at = from === 'another-place' ? home.otherCareOfAddress : home.careOfAddress;
    await tn.sends('second', homeUpdate({ at, sequenceNumber: second, acknowledge: acknowledgement === 'asked-for' }));
    await tn.sends('after', homeUpdate({ at, sequenceNumber: (Math.max(first, second) + 1) & 0xffff }));
  },
  questions: {
    'RFC6275-HA-9.5.1': question('Is a sequence number compared with the last one modulo 65536?', {
      outcomes,
      controls: (t) => [
        pre('the first registration was accepted', accepted(t, 'first')),
        post('the home agent answers afterwards', t.mobility.answered('after')),
      ],
      judge(t, { numbers }) {
        const answer = t.mobility.answer('second');
        if (answer?.message.kind !== 'bindingAcknowledgement') {
          return t.mobility.silent('second', 'after')?.as('otherwise');
        }
        const { status, sequenceNumber } = answer.message;
        const shown = t.mobility.shown(answer, `status ${status}, sequence number ${sequenceNumber}`);
        if (status < 128) return shown?.as('accepted');
        if (status !== OUT_OF_WINDOW) return shown?.as('otherwise');
        return shown?.as(sequenceNumber === pairs[numbers]!.first ? 'refused' : 'refused with another number');
      },
      plays: 'receiver',
      reads: ({ numbers }) => [reads(RFC6275, '9.5.1', 'MUST', 'receiver', only(lawful(numbers), outcomes))],
      lawful: ({ numbers }) => lawful(numbers),
      turnedBy({ numbers }) {
        const { first, second, isGreater } = pairs[numbers]!;
        if (isGreater) {
          return [
            [mobilityMutants.comparesBackwards, 'refused'],
            ...(second > first ? [] : ([[mobilityMutants.comparesPlainly, 'refused']] as const)),
          ];
        }
        return [
          [mobilityMutants.comparesNothing, 'accepted'],
          ...(second > first ? ([[mobilityMutants.comparesPlainly, 'accepted']] as const) : []),
          ...(second === first ? [] : ([[mobilityMutants.repeatsTheNumber, 'refused with another number']] as const)),
        ];
      },
      alsoKnownAs({ numbers, acknowledgement, from }) {
        const place = (acknowledgement === 'unasked' ? 2 : 0) + (from === 'another-place' ? 1 : 0);
        return [pairs[numbers]!.known[place]!];
      },
    }),
  },
});

const lawful = (numbers: string) => (pairs[numbers]!.isGreater ? 'accepted' : 'refused');

function greater(first: number, second: number, known: Pair['known']): Pair {
  return { first, second, isGreater: true, known };
}

function smaller(first: number, second: number, known: Pair['known']): Pair {
  return { first, second, isGreater: false, known };
}

/** Status of a binding acknowledgement. */
const OUT_OF_WINDOW = 135;
