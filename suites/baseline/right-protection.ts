/**
 * Inbound traffic that its policy wants protected and that comes otherwise (AURA 3; RFC 4301 5.2): in clear, under an SA for other
 * traffic, in the other mode, under the other protocol, under a weaker SA than the entry names. Each stimulus is flawless in itself.
 */
import { both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyings } from '../../harness/vocabulary/keying.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { AURA, RFC4301 } from '../requirements/documents.ts';
import { arrivals, pairsOf } from './arrivals.ts';

export const rightProtection = scenario({
  name: 'right-protection',
  title: 'Inbound traffic needs the right protection',
  dimensions: { arrival: Object.keys(arrivals), keying: keyings },
  given: ({ arrival, keying }) => arrivals[arrival]!.intent(keying),
  async play(stage, { arrival, keying }) {
    const { tn } = stage;
    const { stimulus } = arrivals[arrival]!;
    await establish(stage, keying, pairsOf(arrivals[arrival]!));
    await tn.esp('before', { under: 'right' });
    if (typeof stimulus === 'object') {
      await tn.pingInClear('path', stimulus.clear);
      await tn.pingInClear('stimulus', { awaited: false });
      await tn.pingInClear('path again', stimulus.clear);
    } else await tn.esp('stimulus', { under: stimulus, awaited: false });
    await tn.esp('after', { under: 'right' });
  },
  questions: {
    'AURA-SPD-2': question('Is traffic delivered that did not come through the right SA?', {
      outcomes: ['dropped', 'delivered'],
      controls: (t, { arrival }) => [
        ...(typeof arrivals[arrival!]!.stimulus === 'object'
          ? [
              cause(
                'traffic without a policy comes through in clear',
                both(t.answered('path'), t.answered('path again')),
              ),
            ]
          : []),
        pre('the same traffic through the right SA is delivered', t.answered('before')),
        post('the same traffic through the right SA is delivered again', t.answered('after')),
      ],
      judge: (t) => t.answered('stimulus')?.as('delivered') ?? t.silent('stimulus', 'after')?.as('dropped'),
      plays: 'receiver',
      reads: ({ arrival }) => [
        reads(AURA, '3', 'obs', 'receiver', { dropped: pass, delivered: fail }),
        reads(RFC4301, arrivals[arrival!]!.section, 'MUST', 'receiver', { dropped: pass, delivered: fail }),
      ],
      lawful: 'dropped',
      turnedBy: ({ arrival }) => [[arrivals[arrival!]!.turnedBy, 'delivered']],
    }),
  },
});
