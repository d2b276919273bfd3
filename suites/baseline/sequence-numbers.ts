/**
 * The sender's counter (MCDANIEL "replay"; RFC 4303 2.2 and 3.3.3, RFC 4302 2.5 and 3.3.2): set to 0 with the SA, incremented before use, so that the first
 * packet bears 1, and each one more than the last. The tester only makes the node answer, and reads the headers of what is authentic.
 */
import { type Account, finding, inconclusive, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { MCDANIEL, RFC4302, RFC4303 } from '../requirements/documents.ts';

const suites = {
  'aes-cbc-sha256': espSuites['aes-cbc-sha256'],
  'aes-gcm': espSuites['aes-gcm'],
  'ah-sha256': ahSuites['ah-sha256'],
} as const;

export const sequenceNumbers = scenario({
  name: 'sequence-numbers',
  title: 'Sequence numbers of what the node sends',
  dimensions: {
    counted: ['first', 'steps'],
    suite: Object.keys(suites) as (keyof typeof suites)[],
    mode: ['transport', 'tunnel'],
    keying: keyings,
  },
  given: ({ suite, mode, keying }) =>
    mode === 'transport'
      ? keyedHosts(keying, 'ipv6', [transportPair('pair', 'ipv6', { suite: suites[suite] })])
      : keyedGateways(keying, fourInSix, [tunnelPair('pair', fourInSix, { suite: suites[suite] })]),
  async play(stage, { keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, ['pair']);
    await tn.echo('one');
    await nut.udp('two');
    await tn.echo('three');
    await nut.udp('four');
    await tn.echo('five');
  },
  questions: {
    'MCDANIEL-SEQ': question('Does the counter begin with one and go on by ones?', {
      outcomes: ['as-specified', 'other-start', 'repeated', 'skipped'],
      controls: (t) => [
        pre('the node answers under the SA', t.answered('one')),
        post('the node answers under the SA to the end', t.answered('five')),
      ],
      judge: (t, { counted }) => unauthentic(t) ?? (counted === 'first' ? judgeFirst(t) : judgeSteps(t)),
      plays: 'sender',
      reads: ({ counted, suite }) => {
        const of = { 'as-specified': pass, 'other-start': fail, repeated: fail, skipped: fail };
        return [
          // It has the counter incremented after a packet, RFC 4303 before.
          counted === 'first'
            ? reads(MCDANIEL, 'replay', 'obs', 'sender', {
                ...of,
                'as-specified': observed('the first packet bears 1'),
                'other-start': observed('the first packet bears another number'),
              })
            : reads(MCDANIEL, 'replay', 'obs', 'sender', of),
          // 2.2 wants what 3.3.3 describes, and says itself that every packet is counted.
          suite === 'ah-sha256'
            ? reads(RFC4302, counted === 'first' ? '2.5, 3.3.2' : '2.5', 'MUST', 'sender', of)
            : reads(RFC4303, counted === 'first' ? '2.2, 3.3.3' : '2.2', 'MUST', 'sender', of),
        ];
      },
      lawful: 'as-specified',
      turnedBy: ({ counted }): readonly Turn<'other-start' | 'repeated' | 'skipped'>[] => [
        [espMutants.countsByTwo, counted === 'first' ? 'other-start' : 'skipped'],
        [espMutants.neverCounts, counted === 'first' ? 'other-start' : 'repeated'],
      ],
    }),
  },
});

const fourInSix = { inner: 'ipv4', outer: 'ipv6' } as const;

/** A number that no ICV vouches for says nothing of the node's counter. */
function unauthentic(t: Account): Judgement | undefined {
  const spoilt = t.espHeaders('nut').find(({ header }) => header.state !== 'opened');
  return spoilt && inconclusive('I-ICV', 'a packet of the node does not open', t.evidenceOf(spoilt, 'the ICV'));
}

function judgeFirst(t: Account): Judgement | undefined {
  const [first] = t.espHeaders('nut');
  if (!first) return undefined;
  const { sequenceNumber } = first.header;
  const shown = finding(`the first packet has number ${sequenceNumber}`, t.evidenceOf(first, `${sequenceNumber}`));
  return shown.as(sequenceNumber === 1 ? 'as-specified' : 'other-start');
}

function judgeSteps(t: Account): Judgement {
  const sent = t.espHeaders('nut');
  const numbers = sent.map(({ header }) => header.sequenceNumber);
  const steps = numbers.slice(1).map((number, place) => number - numbers[place]!);
  const evidence = sent.map((each) => t.evidenceOf(each, `${each.header.sequenceNumber}`));
  const shown = finding(`the numbers are ${numbers.join(', ')}`, ...evidence);
  if (steps.some((step) => step < 1)) return shown.as('repeated');
  return shown.as(steps.every((step) => step === 1) ? 'as-specified' : 'skipped');
}
