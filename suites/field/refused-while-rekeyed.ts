/**
 * Both sides rekey one child; the node's own request comes late and is refused, the peer's is granted and the old child deleted. The survivor has to carry traffic
 * both ways (RFC 7296 2.8, 2.8.1).
 */
import { type Account, both, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { refusesFor } from '../../harness/vocabulary/lies.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { rekeysChild } from '../ikev2/create-child-sa.ts';
import { keyingOf } from '../ikev2/crossing.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const deletion = 'HDR, SK {D}';
const child = childName('pair');
const begun = { awaited: false } as const;
const pair = transportPair('pair', 'ipv4');

export const refusedWhileRekeyed = scenario({
  name: 'refused-while-rekeyed',
  title: 'A rekeying of one’s own is refused while the peer’s is granted',
  dimensions: { role: ['responder', 'initiator'], refused: ['for-now', 'for-selectors'] },
  given: ({ role }) => keyedHosts(keyingOf(role), 'ipv4', [pair]),
  misbehaves: ({ refused }) => ({ tn: refused === 'for-selectors' ? refusesFor('TS_UNACCEPTABLE') : {} }),
  async play(stage, { role }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await lab.holds('its request', rekeysChild.asks, { from: 'nut', response: false });
    await nut.rekeysChild('it rekeys', child, begun);
    await lab.catches('its request');
    await lab.holds('the delete', deletion, { from: 'tn', response: false });
    await tn.rekeysChild('the peer rekeys', child, begun);
    await lab.catches('the delete');
    await lab.releases('its request');
    await lab.shows((t) => refusal(t) !== undefined);
    await lab.releases('the delete');
    await tn.asksForLife('life');
    await tn.udp('to it');
    await tn.echo('after', begun);
    await nut.udp('from it', begun);
    await tn.pingInClear('elsewhere', { from: places.home.ipv6, to: nutAddresses.ipv6 });
    await nut.reports('afterwards');
  },
  questions: {
    'FIELD-F01': question('Does the child of the peer’s rekeying carry traffic both ways?', {
      outcomes: ['both-ways', 'one-way', 'none'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre('its own request is refused', refusal(t)),
        post('the IKE SA lives', t.ike.informed('life')),
      ],
      judge,
      plays: ['initiator', 'responder'],
      reads: [reads(RFC7296, '2.8.1', 'MUST', 'implementation', { 'both-ways': pass, 'one-way': fail, none: fail })],
      lawful: 'both-ways',
      reported: [
        reported('strongSwan', 1896, 'refused for now, the outbound half of the survivor was never installed (5.9.11)'),
        reported('strongSwan', 2477, 'the same, refused for its selectors (5.9.5)'),
      ],
      turnedBy: [[childMutants.neverSendsOnSuccessor, 'one-way']],
    }),
  },
});

/** What its own request was answered with. */
function refusal(t: Account) {
  return (
    t.ike.heard('HDR, SK {N(TEMPORARY_FAILURE)}', { by: 'tn', after: 'its request', response: true }) ??
    t.ike.heard('HDR, SK {N(TS_UNACCEPTABLE)}', { by: 'tn', after: 'its request', response: true })
  );
}

function judge(t: Account): Judgement | undefined {
  const arrives = t.delivered('to it', 'afterwards');
  return (
    both(arrives, t.answered('after'))?.as('both-ways') ??
    both(arrives, t.silent('after', 'elsewhere'))?.as('one-way') ??
    t.undelivered('to it', 'elsewhere', 'afterwards')?.as('none')
  );
}
