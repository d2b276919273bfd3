/**
 * A responder has two identities at one address, and chooses before it knows what the initiator is after (ARKKO 3.3). IDr is optional: with it the initiator says which identity it
 * wants, and without it the first entry that fits answers (RFC 7296 1.2, RFC 4301 4.4.3).
 */
import { certificateOf, fqdn, signedWith } from '../../harness/vocabulary/credentials.ts';
import { only } from '../../harness/vocabulary/ike-intent.ts';
import { type Account, both, type Judgement } from '../../harness/vocabulary/judging.ts';
import { padMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { toText } from '../../reference/wire/octets.ts';
import { ARKKO, RFC7296 } from '../requirements/documents.ts';
import { converses, impersonation, impersonationControls, verifies } from './impersonation.ts';

const second = fqdn('second.example');
const asSecond = {
  identity: second,
  credential: signedWith(
    certificateOf({ commonName: 'second', altNames: [{ dNSName: second.value }], key: 'p256Three' }),
  ),
};

export const askedIdentity = scenario({
  name: 'asked-identity',
  title: 'A responder with two identities is asked for one, or for none',
  dimensions: { asks: ['for-the-second', 'for-none'] },
  given: ({ asks }) =>
    impersonation({
      furtherEntries: { second: asSecond },
      claim: asks === 'for-the-second' ? { expects: only(second) } : {},
    }),
  async play(stage, { asks }) {
    await converses(stage, 'responder', 'before');
    await converses(stage, 'responder', 'claim', {
      face: 'claim',
      ...(asks === 'for-the-second' && { entry: 'second' }),
    });
    await converses(stage, 'responder', 'after');
  },
  questions: {
    'ARKKO-3.3a': question('As whom does a responder answer that has two identities?', {
      outcomes: ['second', 'first', 'refused'],
      controls: impersonationControls,
      judge,
      plays: verifies('responder'),
      reads: ({ asks }) => [
        reads(ARKKO, '3.3', 'obs', 'responder', {
          second: observed('it answers as its second identity'),
          first: observed('it answers as its first identity'),
          refused: observed('it answers as neither'),
        }),
        asks === 'for-the-second'
          ? reads(RFC7296, '1.2', 'obs', 'responder', {
              second: pass,
              first: observed('it answers as another than was asked for, as it may'),
              refused: fail,
            })
          : reads(RFC7296, '1.2', 'obs', 'responder', { second: pass, first: pass, refused: fail }),
      ],
      lawful: ({ asks }) => (asks === 'for-the-second' ? 'second' : 'first'),
      turnedBy: ({ asks }) => [
        asks === 'for-the-second' ? [padMutants.readsNoIDr, 'first'] : [padMutants.takesLastEntry, 'second'],
      ],
    }),
  },
});

/** By IDr of its answer, which the initiator then takes or not. */
function judge(t: Account): Judgement | undefined {
  const answer = t.ike
    .messages('claim')
    .find(
      ({ ike: { message, payloads = [] } }) =>
        message.header.flags.response && payloads.some(({ type }) => type === 'IDr'),
    );
  const IDr = answer?.ike.payloads?.find((payload) => payload.type === 'IDr');
  if (!answer || !IDr) return t.ike.refused('claim', 'nut')?.as('refused');
  const name = toText(IDr.data);
  const said = t.ike.said(answer, `IDr is ${name}`);
  if (name === second.value) return both(said, t.established('claim', 'claim echo'))?.as('second');
  return said.as('first');
}
