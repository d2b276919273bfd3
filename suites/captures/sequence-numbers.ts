/**
 * The sender's counter, as it goes by (MCDANIEL "replay"; RFC 4303 2.2 and 3.3.3, RFC 4302 2.5 and 3.3.2). A capture need not hold every packet, so that a number that is
 * missing accuses nobody; one that two packets bear does, where both are their sender's.
 */
import {
  captureQuestion,
  inconclusive,
  type Judgement,
  type SaConversation,
  seenAt,
} from '../../harness/vocabulary/capture-question.ts';
import { fail, observed, pass, reads } from '../../harness/vocabulary/question.ts';
import { MCDANIEL, RFC4302, RFC4303 } from '../requirements/documents.ts';

export const firstNumber = captureQuestion({
  id: 'MCDANIEL-SEQ',
  asked: 'first',
  title: 'Does the counter begin with one?',
  about: 'sa',
  asks: () => true,
  outcomes: ['as-specified', 'other-start'],
  judge: ({ numbers: { first }, isAuthentic, extendedSequenceNumbers }) => {
    if (first!.number === 1) return seenAt('as-specified', 'the first packet bears 1', first!.seen);
    if (first!.number > 1) return inconclusive('I-PRE', `the capture begins at number ${first!.number} of the SA`);
    if (!isAuthentic) return inconclusive('I-ICV', 'a packet bears 0, and no key shows that its sender made it');
    if (extendedSequenceNumbers) return inconclusive('I-PRE', 'the lower half of an extended number is 0');
    return seenAt('other-start', 'a packet bears 0', first!.seen);
  },
  plays: 'sender',
  reads: ({ protocol }) => [
    reads(MCDANIEL, 'replay', 'obs', 'sender', {
      'as-specified': observed('the first packet bears 1'),
      'other-start': observed('the first packet bears another number'),
    }),
    protocol === 'AH'
      ? reads(RFC4302, '2.5, 3.3.2', 'MUST', 'sender', { 'as-specified': pass, 'other-start': fail })
      : reads(RFC4303, '2.2, 3.3.3', 'MUST', 'sender', { 'as-specified': pass, 'other-start': fail }),
  ],
});

/** Lawful where its receiver does not check for replays, which no capture says. */
const cameRoundAgain = observed('the counter came round');
const of = { 'as-specified': pass, repeated: fail, 'came-round': cameRoundAgain };

export const stepsOfNumbers = captureQuestion({
  id: 'MCDANIEL-SEQ',
  asked: 'steps',
  title: 'Does each packet bear a number of its own, one more than the last?',
  about: 'sa',
  asks: () => true,
  outcomes: ['as-specified', 'repeated', 'came-round'],
  judge: (sa) => reused(sa) ?? cameRound(sa) ?? judgeSteps(sa),
  plays: 'sender',
  reads: ({ protocol }) => [
    reads(MCDANIEL, 'replay', 'obs', 'sender', of),
    protocol === 'AH' ? reads(RFC4302, '2.5', 'MUST', 'sender', of) : reads(RFC4303, '2.2', 'MUST', 'sender', of),
  ],
});

function reused({ numbers: { reuse }, isAuthentic }: SaConversation): Judgement | undefined {
  if (!reuse) return undefined;
  const says = `two packets bear ${reuse.number}`;
  if (!isAuthentic) return inconclusive('I-ICV', `${says}, and no key shows that their sender made both`);
  return seenAt('repeated', says, { number: reuse.first, time: undefined }, reuse.again);
}

/** RFC 4303 3.3.3: of an extended counter only the lower half does. */
function cameRound({ numbers, isAuthentic, extendedSequenceNumbers }: SaConversation): Judgement | undefined {
  if (!numbers.cameRound || extendedSequenceNumbers === true) return undefined;
  if (!isAuthentic) return inconclusive('I-PRE', 'the number came round, and no key tells whether it is extended');
  return seenAt('came-round', 'the counter went beyond its 32 bits', numbers.cameRound);
}

function judgeSteps({ numbers, first, last, packets }: SaConversation): Judgement {
  const { missing, forgotten, highest } = numbers;
  if (packets < LEAST) return inconclusive('I-PRE', 'there is one packet only');
  if (missing > 0) return inconclusive('I-PRE', `${missing} numbers up to ${highest} are not in the capture`);
  if (forgotten > 0) return inconclusive('I-PRE', `${forgotten} packets came too late to be compared`);
  return seenAt('as-specified', `each number from ${numbers.first!.number} to ${highest} is there once`, first, last);
}

/** Packets that have a step between them. */
const LEAST = 2;
