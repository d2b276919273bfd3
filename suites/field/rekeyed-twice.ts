/**
 * The peer rekeys one child twice before it deletes it, then deletes the first of the two successors (RFC 7296 2.8, 2.25.1). One child has to be left, and to carry
 * traffic.
 */
import { type Account, both, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { keyingOf } from '../ikev2/crossing.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { reported } from './reports.ts';

const child = childName('pair');
const pair = transportPair('pair', 'ipv4');

export const rekeyedTwice = scenario({
  name: 'rekeyed-twice',
  title: 'One child is rekeyed twice before it is deleted',
  dimensions: { role: ['responder', 'initiator'] },
  given: ({ role }) => keyedHosts(keyingOf(role), 'ipv4', [pair]),
  async play(stage, { role }) {
    const { tn, nut, lab } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    await tn.rekeysChild('rekeys', child, { awaited: false });
    await tn.rekeysChild('rekeys again', child, { awaited: false });
    await lab.shows((t) => t.ike.deletions('tn', 'rekeys').length > 0);
    await tn.asksForLife('meanwhile');
    await tn.closesChild('deletes the first successor', child, { only: 'oldest', awaited: false });
    await tn.asksForLife('life');
    await tn.echo('after', { awaited: false });
    await tn.pingInClear('elsewhere', { from: places.home.ipv6, to: nutAddresses.ipv6 });
    await nut.reports('afterwards');
  },
  questions: {
    'FIELD-F04': question('What is left when one of two successors of a child is deleted?', {
      outcomes: ['one', 'refused', 'none', 'dead'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre('two rekeyings name one child', asksTwice(t)),
        post('the node is there', t.answered('elsewhere')),
      ],
      judge,
      plays: 'responder',
      reads: [
        reads(RFC7296, '2.8', 'obs', 'implementation', {
          one: pass,
          refused: observed('a child that has a successor is rekeyed no second time'),
          none: fail,
          dead: fail,
        }),
      ],
      lawful: 'one',
      reported: [
        reported('strongSwan', 2945, 'the daemon crashed when the first successor was deleted (before late 2025)'),
      ],
      turnedBy: [[childMutants.neverSendsOnSuccessor, 'none']],
    }),
  },
});

function asksTwice(t: Account) {
  const asked = t.ike.messages('rekeys').filter(({ frame, ike }) => {
    return (
      frame.entry.from === 'tn' && ike.payloads?.some((payload) => payload.type === 'N' && payload.spi.length === 4)
    );
  });
  return asked.length > 1 ? t.ike.said(asked.at(-1)!, 'the second rekeying') : undefined;
}

function judge(t: Account): Judgement | undefined {
  const refusal = t.ike.refused('rekeys', 'nut');
  if (refusal) return refusal.as('refused');
  if (!t.ike.informed('life')) {
    const asked = t.ike.heard('HDR, SK {}', { by: 'tn', after: 'meanwhile', response: false });
    return both(asked, t.answered('elsewhere'))?.as('dead');
  }
  return t.answered('after')?.as('one') ?? t.silent('after', 'elsewhere')?.as('none');
}
