/**
 * The peer answers a rekeying and deletes the old child at once, and the two arrive the other way round: the Delete is answered as usual (RFC 7296 2.25.1), and the child that the
 * answer brings is the one that is left.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { rekeysChild } from '../ikev2/create-child-sa.ts';
import { keyingOf, settle } from '../ikev2/crossing.ts';
import { pairsLeft } from '../ikev2/simultaneous.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const child = childName('pair');
const begun = { awaited: false } as const;
const pair = transportPair('pair', 'ipv4');
const deletion = 'HDR, SK {D}';

export const answerAfterDelete = scenario({
  name: 'answer-after-delete',
  title: 'The Delete of the old child overtakes the answer to its rekeying',
  dimensions: { role: ['responder', 'initiator'] },
  given: ({ role }) => keyedHosts(keyingOf(role), 'ipv4', [pair]),
  async play(stage, { role }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await lab.holds('the answer', rekeysChild.answers, { from: 'tn', response: true });
    await nut.rekeysChild('it rekeys', child, begun);
    await lab.catches('the answer');
    await tn.closesChild('the peer closes the old one', child, { only: 'oldest' });
    await lab.releases('the answer');
    // What is asked at once may overtake the answer inside the node.
    await tn.asksForLife('meanwhile');
    await settle(stage);
    await nut.reports('afterwards', { until: ({ sad }) => sad.length === 2, within: 2_000 });
  },
  questions: {
    'FIELD-F03': question('Is a child left when the Delete of the old one came before the answer?', {
      outcomes: ['one', 'several', 'none'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre(
          'the Delete came first',
          t.ike.heard(deletion, { by: 'tn', after: 'the peer closes the old one', before: 'the answer: releases' }),
        ),
        pre('then the answer', t.ike.heard(rekeysChild.answers, { by: 'tn', after: 'it rekeys', response: true })),
        post('the IKE SA lives', t.ike.informed('life')),
      ],
      judge: pairsLeft,
      plays: 'initiator',
      reads: [reads(RFC7296, '2.25.1', 'obs', 'implementation', { one: pass, several: fail, none: fail })],
      lawful: 'one',
      reported: [reported('strongSwan', 1458, 'no child was left (5.8.4, with the firewall of another vendor)')],
      turnedBy: [[childMutants.dropsOrphanedSuccessor, 'none']],
    }),
  },
});
