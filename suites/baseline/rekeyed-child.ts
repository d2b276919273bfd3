/**
 * One of several children is replaced while all have traffic (MCDANIEL "IKE"; RFC 7296 1.3.3, 2.8): its successor takes over, the others
 * do not notice, and the IKE SA stays. The next exchange of the same side comes after the Delete that ends the rekeying.
 */
import { both, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { childMutants, policyMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC7296 } from '../requirements/documents.ts';
import { allAgreed, allArrived, bearing, bears, childAt, converse, type Role, spiOf } from './children.ts';

const count = 2;

export const rekeyedChild = scenario({
  name: 'rekeyed-child',
  title: 'One child of several is rekeyed under traffic',
  dimensions: { children: ['rekeyed'], role: ['responder', 'initiator'] },
  given: () => bearing(count + 1),
  async play(stage, { role }) {
    const { tn, nut } = stage;
    await bears(stage, count, 'responder');
    await converse(stage, count, 'before');
    const rekeying = role === 'initiator' ? nut : tn;
    await rekeying.rekeysChild('rekeying', childAt(1));
    await rekeying.initiates('another', childAt(count));
    await converse(stage, count, 'after');
    await tn.asksForLife('life', childAt(1));
  },
  questions: {
    'MCDANIEL-MANY': question('Does a rekeyed child take over, and leave its siblings alone?', {
      outcomes: ['replaced', 'refused', 'disturbed'],
      controls: (t) => [
        pre('all children carry traffic', both(allAgreed(t, count), allArrived(t, count, 'before'))),
        post('the IKE SA still bears children', t.ike.childAgreed('another')),
      ],
      judge: (t) => {
        const carried = both(t.ike.childAgreed('rekeying'), allArrived(t, count, 'after'));
        const [sibling, successor] = [0, 1].map(
          (place) => spiOf(t, `before from ${place}`) === spiOf(t, `after from ${place}`),
        );
        const took = sibling && !successor ? finding('the successor sends under an SPI of its own') : undefined;
        return (
          both(carried, took)?.as('replaced') ??
          t.ike.refused('rekeying', 'nut')?.as('refused') ??
          both(t.ike.childAgreed('rekeying'), t.ike.informed('life'))?.as('disturbed')
        );
      },
      plays: ({ role }) => [role as Role, 'sender', 'receiver'],
      reads: [
        reads(MCDANIEL, 'IKE', 'obs', 'implementation', {
          replaced: pass,
          refused: observed('a child lives as long as its IKE SA'),
          disturbed: fail,
        }),
        reads(RFC7296, '2.8', 'obs', 'implementation', {
          replaced: pass,
          refused: observed('a minimal implementation does not rekey in place'),
          disturbed: fail,
        }),
      ],
      lawful: 'replaced',
      turnedBy: ({ role }) =>
        role === 'responder'
          ? [[childMutants.findsNoRekeyedChild, 'refused']]
          : [[policyMutants.sendsUnderOldest, 'disturbed']],
    }),
  },
});
