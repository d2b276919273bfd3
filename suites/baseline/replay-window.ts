/**
 * The anti-replay window, cell by cell (MCDANIEL "replay"; RFC 4303 3.4.3): what is unseen and inside it is accepted once, what is newer moves
 * it, what is older is dropped, and only what is authentic moves anything. Every packet has its own sequence number by hand.
 */
import { manualHosts, transportPair } from '../../harness/vocabulary/intent.ts';
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC4303 } from '../requirements/documents.ts';

export const replayWindow = scenario({
  name: 'replay-window',
  title: 'The anti-replay window',
  dimensions: { window: ['32', '64'] },
  given: ({ window }) => manualHosts('ipv4', [transportPair('pair', 'ipv4', { replayWindow: Number(window) })]),
  async play({ tn }) {
    await tn.esp('first', { sequenceNumber: 1n });
    await tn.esp('duplicate', { sequenceNumber: 1n, awaited: false });
    await tn.esp('next', { sequenceNumber: 2n });
  },
  questions: {
    'MCDANIEL-REPLAY': question('Is a packet accepted a second time?', {
      outcomes: ['dropped', 'accepted'],
      controls: (t) => [
        pre('the first copy is accepted', t.answered('first')),
        post('a newer one is accepted', t.answered('next')),
      ],
      judge: (t) => t.answered('duplicate')?.as('accepted') ?? t.silent('duplicate', 'next')?.as('dropped'),
      reads: [
        reads(MCDANIEL, 'replay', 'obs', { dropped: pass, accepted: fail }),
        reads(RFC4303, '3.4.3', 'MUST', { dropped: pass, accepted: fail }),
      ],
      lawful: 'dropped',
      turnedBy: [[ipsecMutants.acceptsDuplicates, 'accepted']],
    }),
  },
});
