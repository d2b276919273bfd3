/**
 * Both sides rekey the same child at once (RFC 7296 2.8.1): four nonces decide which of the two successors is redundant. Who made that one deletes it, and who
 * made the other deletes the child that both replace.
 */
import { type Account, childAgreedIn, type Exchange, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { rekeysChild } from './create-child-sa.ts';
import { type Crossed, cross, exchangeOf, haveCrossed, keyingOf, type Side, settle } from './crossing.ts';
import { olderIds } from './nodes.ts';
import { pairsLeft, type Replacement, simultaneously, whoGoes } from './simultaneous.ts';

const crossed: Crossed = { nut: rekeysChild, tn: rekeysChild };

export const simultaneousChildRekeying = scenario({
  name: 'simultaneous-child-rekeying',
  title: 'Both sides rekey one child at once',
  ...simultaneously,
  async play(stage, { role, first, loss }) {
    const { tn, nut } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    const rekeys = (side: Side) => stage[side].rekeysChild(`${side} rekeys`, childName('pair'), { awaited: false });
    await cross(stage, crossed, rekeys, { first, loss });
    await settle(stage);
    const replaced = (t: Account) => {
      const exchange = exchangeOf(t, crossed, 'nut');
      return exchange && childAgreedIn(exchange)?.rekeys;
    };
    await nut.reports('afterwards', {
      until: ({ sad }, t) => sad.length === 2 && sad.every(({ spi }) => spi !== replaced(t)),
      within: 5_000,
    });
  },
  questions: {
    'RFC7296-2.8.1': question('Which of two simultaneous successors of a child goes?', {
      alsoKnownAs: ({ role, loss }) =>
        olderIds({ role: role!, node: 'end-node' }, { initiator: [loss === '' ? '1.2.6.3' : '1.2.6.4'] }),
      outcomes: ['by-nonce', 'against-nonce', 'both', 'none', 'refused'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre('both asked before either was heard', haveCrossed(t, crossed)),
        post('the IKE SA lives', t.ike.informed('life')),
      ],
      judge: (t) => whoGoes(t, crossed, replacementBy),
      plays: ['initiator', 'responder'],
      reads: [
        reads(RFC7296, '2.8.1', 'SHOULD', 'implementation', {
          'by-nonce': pass,
          'against-nonce': fail,
          both: fail,
          none: fail,
          refused: fail,
        }),
      ],
      lawful: 'by-nonce',
      asks: ({ loss }) => !loss.startsWith('request'),
      turnedBy: ({ lowest, loss }) => {
        // Where its answer comes late, the other side has deleted by then what the mutant believes redundant.
        const late = lowest === 'lowest-of-nut' && loss === 'answer-of-tn-lost';
        return [
          [childMutants.keepsLowestNonce, late ? 'none' : 'against-nonce'],
          [childMutants.findsNoRekeyedChild, 'refused'],
        ] as const;
      },
    }),
    'RFC7296-2.8': question('Is one pair of SAs left after two simultaneous rekeyings, and does it carry traffic?', {
      outcomes: ['one', 'several', 'none'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre('both asked before either was heard', haveCrossed(t, crossed)),
        post('the IKE SA lives', t.ike.informed('life')),
      ],
      judge: pairsLeft,
      plays: ['initiator', 'responder'],
      reads: [reads(RFC7296, '2.8', 'obs', 'implementation', { one: pass, several: fail, none: fail })],
      lawful: 'one',
      turnedBy: ({ lowest, loss }) => {
        if (loss === 'request-of-nut-lost') return [[childMutants.alwaysAsksAnew, 'several']];
        const survives = loss === 'request-of-tn-lost' || lowest === 'lowest-of-tn';
        return [[survives ? childMutants.keepsReplacedChild : childMutants.forgetsDeletedChildren, 'several']];
      },
    }),
  },
});

function replacementBy(mine: Exchange): Replacement | undefined {
  const child = childAgreedIn(mine);
  if (child?.rekeys === undefined) return undefined;
  return { successor: child.spis.initiator, replaced: child.rekeys, called: 'the child replaced', reportedIn: 'sad' };
}
