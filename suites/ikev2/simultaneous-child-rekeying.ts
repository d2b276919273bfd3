/**
 * Both sides rekey the same child at once (RFC 7296 2.8.1): four nonces decide which of the two successors is redundant. Who made that one deletes it, and who
 * made the other deletes the child that both replace.
 */
import { type Account, both, childAgreedIn, type Judgement, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { drawsNonces } from '../../harness/vocabulary/lies.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC7296 } from '../requirements/documents.ts';
import {
  asking,
  type Crossed,
  cross,
  exchangeOf,
  firsts,
  haveCrossed,
  keyingOf,
  losses,
  type Side,
  settle,
} from './crossing.ts';
import { holdsLowest, refusalIn } from './exchanges.ts';
import { olderIds } from './nodes.ts';

const rekeying = {
  asks: 'HDR, SK {N(REKEY_SA), SA, Ni, [KEi,] TSi, TSr}',
  answers: 'HDR, SK {SA, Nr, [KEr,] TSi, TSr}',
};
const crossed: Crossed = { nut: rekeying, tn: rekeying };
const pair = transportPair('pair', 'ipv4');

export const simultaneousChildRekeying = scenario({
  name: 'simultaneous-child-rekeying',
  title: 'Both sides rekey one child at once',
  dimensions: {
    role: ['responder', 'initiator'],
    lowest: ['lowest-of-nut', 'lowest-of-tn'],
    first: firsts,
    loss: losses,
  },
  given: ({ role }) => keyedHosts(keyingOf(role), 'ipv4', [pair]),
  misbehaves: ({ lowest }) => ({
    tn:
      lowest === 'lowest-of-tn'
        ? drawsNonces({ request: 'lowest', response: 'highest' })
        : drawsNonces({ request: 'highest', response: 'lowest' }),
  }),
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
      judge: whoGoes,
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
      judge: (t) => {
        const left = t.state('afterwards')?.state.sad.length;
        if (left === undefined) return undefined;
        const said = t.reported('afterwards', 'sad', `${left / 2} pairs`, () => true);
        if (left > 2) return said?.as('several');
        return both(said, t.answered('after'))?.as('one') ?? said?.as('none');
      },
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

/** By what it deletes, and by what it answers. */
function whoGoes(t: Account): Judgement | undefined {
  const [mine, theirs] = [exchangeOf(t, crossed, 'nut'), exchangeOf(t, crossed, 'tn')];
  const refusal = theirs && refusalIn(theirs);
  if (refusal) return t.ike.said(refusal.message, `it answers ${refusal.name}`).as('refused');
  const child = mine && childAgreedIn(mine);
  const isLowest = mine && theirs && holdsLowest(mine, theirs);
  if (child?.rekeys === undefined || isLowest === undefined) return undefined;
  const deletes = (spi: number | undefined, what: string) => {
    const deletion = t.ike.deletions('nut', asking('nut')).find(({ deleted }) => deleted === spi);
    return (
      deletion &&
      t.ike.said(deletion.message, `it deletes ${what}, the lowest nonce being ${isLowest ? 'its own' : 'not its own'}`)
    );
  };
  const own = deletes(child.spis.initiator, 'its own successor');
  const old = deletes(child.rekeys, 'the child replaced');
  if (own && old) return both(own, old)?.as('both');
  if (!own && !old) return t.reported('afterwards', 'sad', 'it deletes neither', () => true)?.as('none');
  return (own ?? old)?.as((own !== undefined) === isLowest ? 'by-nonce' : 'against-nonce');
}
