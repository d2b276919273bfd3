/** Two products say nothing for a while, and ask each other whether they live (RFC 7296 2.4); then they go on with what they have. */
import { type Account, both, type Finding } from '../../harness/vocabulary/judging.ts';
import { livenessMutants } from '../../harness/vocabulary/mutants.ts';
import { exchangeTypes } from '../../reference/wire/ike/registry.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { continuing, meetsDone } from './continuing.ts';
import { childrenKept } from './replaced.ts';

/** Seconds without a sign of life, and of silence. */
const AFTER = 2;
const SILENCE = 5;

export const living = continuing({
  name: 'living',
  title: 'Two products say nothing for a while',
  by: ['silence'],
  lasts: SILENCE,
  given: () => ({ told: { nut: { livenessAfter: AFTER } } }),
  happens: ({ nut }) => nut.letsPass(QUIET, SILENCE),
  question: 'Does it ask whether the other one lives, and do they go on with what they have?',
  done: (t) => both(asked(t), childrenKept(t)),
  reads: () => [meetsDone(RFC7296, '2.4', 'obs')],
  turnedBy: () => [[livenessMutants.neverAsksForLife, 'undone']],
});

const QUIET = 'nobody says anything';

/** A question for life and its answer, by their headers. */
function asked(t: Account): Finding | undefined {
  const messages = t.ike
    .messages(QUIET)
    .filter(({ ike }) => ike.message.header.exchangeType === exchangeTypes.INFORMATIONAL);
  const of = (party: string, response: boolean) =>
    messages.find(({ frame, ike }) => frame.entry.from === party && ike.message.header.flags.response === response);
  const [question, answer] = [of('nut', false), of('peer', true)];
  return question && answer && both(t.ike.said(question, 'it asks'), t.ike.said(answer, 'the other one lives'));
}
