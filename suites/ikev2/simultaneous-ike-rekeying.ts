/**
 * Both sides rekey the IKE SA at once (RFC 7296 2.8.2): four nonces decide which of the two successors is redundant, and the other one inherits the children. Whoever
 * hears that the old IKE SA is closed before its own request is answered was not noticed, and forgets that request.
 */
import { type Account, both, type Exchange, post, pre } from '../../harness/vocabulary/judging.ts';
import { childName, establish } from '../../harness/vocabulary/keying.ts';
import { childMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { hex } from '../../reference/wire/octets.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { rekeysIkeSa } from './create-child-sa.ts';
import { type Crossed, cross, haveCrossed, keyingOf, type Side, settle } from './crossing.ts';
import { olderIds } from './nodes.ts';
import { type Replacement, simultaneously, whoGoes } from './simultaneous.ts';

const crossed: Crossed = { nut: rekeysIkeSa, tn: rekeysIkeSa };

export const simultaneousIkeRekeying = scenario({
  name: 'simultaneous-ike-rekeying',
  title: 'Both sides rekey the IKE SA at once',
  ...simultaneously,
  async play(stage, { role, first, loss }) {
    const { tn, nut } = stage;
    await establish(stage, keyingOf(role), ['pair']);
    await tn.echo('before');
    const rekeys = (side: Side) => stage[side].rekeysIke(`${side} rekeys`, childName('pair'), { awaited: false });
    await cross(stage, crossed, rekeys, { first, loss });
    await settle(stage);
    await tn.rekeysChild('rekeys the child', childName('pair'));
    await tn.echo('at last');
    await tn.asksForLife('last life');
    await nut.reports('afterwards', {
      until: ({ ikeSas, sad }) => ikeSas.length === 1 && sad.length === 2,
      within: 5_000,
    });
  },
  questions: {
    'RFC7296-2.8.2': question('Which of two simultaneous successors of an IKE SA goes?', {
      alsoKnownAs: ({ role, loss }) =>
        olderIds({ role: role!, node: 'end-node' }, { initiator: [loss === '' ? '1.2.6.5' : '1.2.6.6'] }),
      outcomes: ['by-nonce', 'against-nonce', 'both', 'none', 'refused'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre('both asked before either was heard', haveCrossed(t, crossed)),
        post('an IKE SA lives', t.ike.informed('life')),
      ],
      judge: (t) => whoGoes(t, crossed, replacementBy),
      plays: ['initiator', 'responder'],
      reads: [
        reads(RFC7296, '2.8.2', 'SHOULD', 'implementation', {
          'by-nonce': pass,
          'against-nonce': fail,
          both: fail,
          none: fail,
          refused: fail,
        }),
      ],
      lawful: 'by-nonce',
      asks: ({ loss, lowest }) => !loss.startsWith('request') && !isOvertaken({ loss, lowest }),
      turnedBy: ({ loss }) => [
        [childMutants.refusesTheSame, 'refused'],
        // Where its answer comes late, the other side has deleted by then what the mutant would keep.
        ...(loss === 'answer-of-tn-lost' ? [] : ([[childMutants.keepsLowestNonce, 'against-nonce']] as const)),
      ],
    }),
    'RFC7296-2.8.2-INHERITS': question('Does the IKE SA that survives two simultaneous rekeyings inherit the child?', {
      outcomes: ['inherited', 'left-behind', 'several'],
      controls: (t) => [
        pre('the child carries traffic', t.answered('before')),
        pre('both asked before either was heard', haveCrossed(t, crossed)),
      ],
      judge: (t) => {
        const state = t.state('afterwards')?.state;
        if (!state) return undefined;
        const established = state.ikeSas.filter((ikeSa) => ikeSa.state === 'established').length;
        const said = t.reported('afterwards', 'ikeSas', `${established} IKE SAs`, () => true);
        if (established > 1) return said?.as('several');
        const inherited = both(said, t.ike.childAgreed('rekeys the child'), t.answered('at last'));
        return inherited?.as('inherited') ?? both(said, leftBehind(t))?.as('left-behind');
      },
      plays: ['initiator', 'responder'],
      reads: [
        reads(RFC7296, '2.8.2', 'MUST', 'implementation', { inherited: pass, 'left-behind': fail, several: fail }),
      ],
      lawful: 'inherited',
      turnedBy: ({ loss, lowest }) => [
        [childMutants.leavesChildrenBehind, 'left-behind'],
        ...(isOvertaken({ loss, lowest }) ? ([[childMutants.clingsToOwnRekeying, 'left-behind']] as const) : []),
      ],
    }),
  },
});

/** It is not rekeyed, or carries nothing, while IKE is alive. */
const leftBehind = (t: Account) => t.ike.refused('rekeys the child', 'nut') ?? t.silent('at last', 'last life');

/** The old IKE SA is closed before the node is answered: it has nothing of its own to delete. */
function isOvertaken({ loss, lowest }: { readonly loss: string; readonly lowest: string }): boolean {
  return loss === 'request-of-nut-lost' || (loss === 'answer-of-tn-lost' && lowest === 'lowest-of-nut');
}

function replacementBy(mine: Exchange): Replacement {
  const replaced = hex(mine.requests[0]!.ike.message.header.initiatorSPI);
  return { successor: successorIn(mine), replaced, called: 'the IKE SA replaced', reportedIn: 'ikeSas' };
}

/** The initiator's SPI of the IKE SA that this exchange asked for. */
function successorIn({ requests }: Exchange): string | undefined {
  const payloads = requests.flatMap(({ ike }) => ike.payloads ?? []);
  const offer = payloads.find((payload) => payload.type === 'SA');
  return offer?.proposals[0] && hex(offer.proposals[0].spi);
}
