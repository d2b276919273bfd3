/**
 * What went in clear beside what was protected (MCDANIEL figure 1, AURA 6.1). What a node's policy says is in no capture; but of a kind that went protected before and after,
 * a packet in clear is none that its sender meant to bypass.
 */
import {
  captureQuestion,
  inconclusive,
  leakOf,
  type Seen,
  seenAt,
  type TrafficConversation,
  type TrafficKind,
} from '../../harness/vocabulary/capture-question.ts';
import { fail, observed, pass, reads } from '../../harness/vocabulary/question.ts';
import { AURA, MCDANIEL, RFC4301 } from '../requirements/documents.ts';

export const clearBesideProtected = captureQuestion({
  id: 'MCDANIEL-FLOW',
  asked: 'beside',
  title: 'Does something go in clear of a kind that goes protected before and after?',
  about: 'traffic',
  asks: ({ kinds }) => [...kinds.values()].some((kind) => kind.protected > 0),
  outcomes: ['protected', 'in-clear'],
  judge: ({ kinds }) => {
    for (const kind of kinds.values()) {
      const leak = leakOf(kind);
      if (leak) return seenAt('in-clear', `${kind.name}, of which others went protected`, leak, kind.firstProtected!);
    }
    const all = [...kinds.values()].filter((kind) => kind.protected > 0);
    const often = all.filter((kind) => kind.protected >= LEAST);
    if (often.length === 0) return inconclusive('I-PRE', 'no kind of packet went protected twice');
    const { firstProtected, lastProtected } = often[0]!;
    const names = often.map(({ name }) => name).join(', ');
    return seenAt('protected', `nothing in clear among what went protected: ${names}`, firstProtected!, lastProtected!);
  },
  plays: 'sender',
  reads: [
    reads(MCDANIEL, 'figure 1', 'obs', 'sender', { protected: pass, 'in-clear': fail }),
    reads(RFC4301, '5.1 3a', 'obs', 'implementation', {
      protected: pass,
      'in-clear': observed('unless a policy of its sender has it bypass, which no capture says'),
    }),
  ],
});

export const nameService = captureQuestion({
  id: 'AURA-S2',
  title: 'Is the name service asked under an SA, by a host that has some?',
  about: 'traffic',
  asks: (traffic) => traffic.speaksIpsec && questions(traffic).length > 0,
  outcomes: ['protected', 'in-clear'],
  judge: (traffic) => {
    const asked = questions(traffic);
    const open = asked.find(({ clear, firstClear }) => clear > 0 && firstClear);
    if (open) return seenAt('in-clear', `${open.clear} questions in clear (${open.name})`, open.firstClear!);
    const places = asked.flatMap(({ firstProtected }): Seen[] => (firstProtected ? [firstProtected] : []));
    return seenAt('protected', 'every question went under an SA', ...places);
  },
  plays: 'sender',
  reads: [reads(AURA, '6.1, Solution 2', 'MUST', 'administrator', { protected: pass, 'in-clear': fail })],
});

const questions = ({ kinds }: TrafficConversation): readonly TrafficKind[] =>
  [...kinds.values()].filter(({ service }) => service === DOMAIN);

/** Port of the name service. */
const DOMAIN = 53;
/** Packets that something can be between. */
const LEAST = 2;
