/**
 * Exchanges for further children that overlap (MCDANIEL "IKE", "also at once"; RFC 7296 2.3): each side has asked for a child of its own before it hears what the
 * other asks for. Both come about, each with SAs of its own.
 */
import { both, post, pre } from '../../harness/vocabulary/judging.ts';
import { childMutants, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { makesChild } from '../ikev2/create-child-sa.ts';
import { type Crossed, cross, firsts, haveCrossed, type Side, settle, sides } from '../ikev2/crossing.ts';
import { MCDANIEL, RFC7296 } from '../requirements/documents.ts';
import { allArrived, bearing, bears, childAt, converse, firstWorks, ownSpis } from './children.ts';

const crossed: Crossed = { nut: makesChild, tn: makesChild };
const count = sides.length;

export const overlappingExchanges = scenario({
  name: 'overlapping-exchanges',
  title: 'Each side asks for a child at once',
  dimensions: { children: ['overlapping'], role: ['responder', 'initiator'], first: firsts },
  given: () => bearing(count),
  async play(stage, { role, first }) {
    await bears(stage, 0, role);
    const asks = (side: Side) =>
      stage[side].initiates(`${side} makes`, childAt(sides.indexOf(side)), { awaited: false });
    await cross(stage, crossed, asks, { first });
    await settle(stage);
    // An answer that came while the node was busy is heard when it comes again.
    await stage.nut.reports('both made', {
      until: ({ sad }) => sad.filter(({ direction }) => direction === 'out').length > count,
    });
    await converse(stage, count, 'traffic');
  },
  questions: {
    'MCDANIEL-MANY': question('Do two children come about that were asked for at once?', {
      outcomes: ['independent', 'shared', 'refused'],
      controls: (t) => [
        pre('the child of IKE_AUTH works', firstWorks(t)),
        pre('both asked before either was heard', haveCrossed(t, crossed)),
        post('the IKE SA lives', t.ike.informed('life')),
      ],
      judge: (t) => {
        const arrived = allArrived(t, count, 'traffic');
        return (
          both(arrived, ownSpis(t, count, 'traffic'))?.as('independent') ??
          arrived?.as('shared') ??
          t.ike.refused('nut makes', 'nut')?.as('refused') ??
          t.ike.refused('tn makes', 'nut')?.as('refused')
        );
      },
      plays: ['initiator', 'responder'],
      reads: [
        reads(MCDANIEL, 'IKE', 'obs', 'implementation', { independent: pass, shared: fail, refused: fail }),
        reads(RFC7296, '2.25', 'SHOULD', 'implementation', { independent: pass, shared: fail, refused: fail }),
      ],
      lawful: 'independent',
      turnedBy: [
        [policyMutants.ignoresPorts, 'shared'],
        [childMutants.bearsOneChild, 'refused'],
      ],
    }),
  },
});
