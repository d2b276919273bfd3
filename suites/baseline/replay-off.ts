/**
 * Anti-replay turned off (RFC 4303 3.4.3): the receiver then looks at no sequence number. MCDANIEL knows only nodes that have a window,
 * and more than one key manager leaves manual SAs without.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { MCDANIEL, RFC4303 } from '../requirements/documents.ts';

export const replayOff = scenario({
  name: 'replay-off',
  title: 'Anti-replay is off',
  dimensions: { window: ['off'], cell: ['duplicate', 'old'], keying: keyings },
  given: ({ keying }) => keyedHosts(keying, 'ipv4', [transportPair('one', 'ipv4', { replayWindow: 0 })]),
  async play(stage, { cell, keying }) {
    const { tn } = stage;
    await establish(stage, keying, ['one']);
    await tn.esp('first', { sequenceNumber: 1n });
    await tn.esp('later', { sequenceNumber: 5_000n });
    await tn.esp('stimulus', { sequenceNumber: cell === 'old' ? 2n : 5_000n, awaited: false });
    await tn.esp('newer', { sequenceNumber: 5_001n });
  },
  questions: {
    'MCDANIEL-REPLAY': question('Is a sequence number looked at although anti-replay is off?', {
      outcomes: ['accepted', 'dropped'],
      controls: (t) => [
        pre('the first packet is accepted', t.answered('first')),
        pre('a later one is accepted', t.answered('later')),
        post('a newer one is accepted', t.answered('newer')),
      ],
      judge: (t) => t.answered('stimulus')?.as('accepted') ?? t.silent('stimulus', 'newer')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(MCDANIEL, 'replay', 'obs', 'receiver', {
          accepted: observed('without a window replays are accepted'),
          dropped: observed('replays are dropped even without a window'),
        }),
        reads(RFC4303, '3.4.3', 'obs', 'receiver', { accepted: pass, dropped: fail }),
      ],
      lawful: 'accepted',
      turnedBy: [[espMutants.takesOnlyNewer, 'dropped']],
    }),
  },
});
