/**
 * The anti-replay window that a node chooses when nobody says one (MCDANIEL "replay"; RFC 4303 3.4.3), as it is with every SA that IKE brings
 * about: the tester sends numbers that were never used, each further below the newest than the last, and sees how far the node still takes them.
 * Reported as free5gc #992 and #993: an SA that IKE brought about had a window of 0.
 */
import { type Account, both, type Finding, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { espMutants, ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, type OutcomeReading, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC4303 } from '../requirements/documents.ts';

/** A window holds what is less than its size below its top. */
const sizes = ['32', '64', '128', '256', '512', '1024', '2048', '4096'] as const;
type Size = (typeof sizes)[number];
/** `none`: even the newest number is taken twice. `below-32`: it is not, and nothing 31 below it is taken. Else the greatest that still holds. */
const outcomes = ['none', 'below-32', ...sizes] as const;
type Outcome = (typeof outcomes)[number];

/** Above every window that is looked for, and below half the range, so that it is one legal step. */
const top = 20_000n;
const below = (size: Size): string => `${Number(size) - 1} below the top`;

export const unaskedWindow = scenario({
  name: 'unasked-window',
  title: 'The anti-replay window that nobody asked for',
  dimensions: { window: ['default', 'esn-default'], keying: ['ikev2', 'ikev2-nut-initiates'] },
  given: ({ window, keying }) =>
    keyedHosts(keying, 'ipv4', [
      transportPair('one', 'ipv4', { replayWindow: undefined, extendedSequenceNumbers: window === 'esn-default' }),
    ]),
  async play(stage, { keying }) {
    const { tn } = stage;
    await establish(stage, keying, ['one']);
    await tn.esp('first', { sequenceNumber: 1n });
    await tn.esp('top', { sequenceNumber: top });
    await tn.esp('top again', { sequenceNumber: top, awaited: false });
    for (const size of sizes) await tn.esp(below(size), { sequenceNumber: top - BigInt(size) + 1n, awaited: false });
    await tn.esp('newer', { sequenceNumber: top + 1n });
  },
  questions: {
    'MCDANIEL-REPLAY': question('Which window does the node choose when nobody says one?', {
      outcomes,
      controls: (t) => [
        pre('the first packet is accepted', t.answered('first')),
        pre('one far above it is accepted', t.answered('top')),
        post('a newer one is accepted', t.answered('newer')),
      ],
      judge: (t) => t.answered('top again')?.as('none') ?? judgeSize(t),
      plays: 'receiver',
      reads: [
        reads(
          MCDANIEL,
          'replay',
          'obs',
          'receiver',
          ofEach((outcome) => observed(inWords(outcome))),
        ),
        // 64 is preferred, and what is larger than the minimum may be chosen.
        reads(
          RFC4303,
          '3.4.3',
          'SHOULD',
          'receiver',
          ofEach((outcome) => (Number(outcome) >= 64 ? pass : fail)),
        ),
      ],
      lawful: '64',
      turnedBy: [
        [ipsecMutants.hasNoReplayWindow, 'none'],
        [espMutants.takesOnlyNewer, 'below-32'],
        [espMutants.windowIsShortByOne, '32'],
      ],
    }),
  },
});

/** The greatest size that still holds, with what is beyond it unanswered. */
function judgeSize(t: Account): Judgement | undefined {
  const held = sizes.filter((size) => t.answered(below(size)));
  const largest = held.at(-1);
  const next = sizes[held.length];
  if (held.length !== (largest === undefined ? 0 : sizes.indexOf(largest) + 1)) return undefined;
  const once: Finding | undefined = t.silent('top again', 'newer');
  const beyond = next === undefined ? once : both(once, t.silent(below(next), 'newer'));
  return largest === undefined ? beyond?.as('below-32') : both(t.answered(below(largest)), beyond)?.as(largest);
}

function inWords(outcome: Outcome): string {
  if (outcome === 'none') return 'replays are not looked for';
  return outcome === 'below-32' ? 'the window holds fewer than 32 numbers' : `the window holds ${outcome} numbers`;
}

function ofEach(reading: (outcome: Outcome) => OutcomeReading): Record<Outcome, OutcomeReading> {
  return Object.fromEntries(outcomes.map((outcome) => [outcome, reading(outcome)])) as Record<Outcome, OutcomeReading>;
}
