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
  judge: (traffic) =>
    clearAmong(questions(traffic), {
      clear: ({ clear, name }) => `${clear} questions in clear (${name})`,
      none: 'every question went under an SA',
    }),
  plays: 'sender',
  reads: [reads(AURA, '6.1, Solution 2', 'MUST', 'administrator', { protected: pass, 'in-clear': fail })],
});

export const firstSegment = captureQuestion({
  id: 'AURA-FLOW',
  title: 'Does a connection that goes protected begin in clear?',
  about: 'traffic',
  asks: ({ kinds }) => tcpKinds(kinds).some((kind) => kind.protected > 0),
  outcomes: ['protected', 'in-clear'],
  judge: ({ kinds }) => {
    const went = tcpKinds(kinds).filter((kind) => kind.protected > 0);
    for (const { name, firstProtected, clear, firstClear } of went)
      if (clear > 0 && firstClear!.number < firstProtected!.number)
        return seenAt('in-clear', `${name} goes in clear, and protected only then`, firstClear!, firstProtected!);
    return seenAt('protected', 'what goes protected has begun so', ...went.map((kind) => kind.firstProtected!));
  },
  plays: 'sender',
  reads: [
    reads(AURA, '4.1', 'obs', 'sender', { protected: pass, 'in-clear': fail }),
    reads(RFC4301, '5.1 3a', 'obs', 'implementation', {
      protected: pass,
      'in-clear': observed('unless a policy of its sender had it bypass, which no capture says'),
    }),
  ],
});

export const privateAddress = captureQuestion({
  id: 'AURA-P3',
  title: 'Does a host that has SAs send in clear to an address that another may have elsewhere?',
  about: 'traffic',
  asks: ({ speaksIpsec, destination, kinds }) => speaksIpsec && isAmbiguous(destination) && kinds.size > 0,
  outcomes: ['protected', 'in-clear'],
  judge: ({ kinds, destination }) =>
    clearAmong([...kinds.values()], {
      clear: ({ name }) => `${name} to ${destination}, which is no one host's`,
      none: `what goes to ${destination} goes under an SA`,
    }),
  plays: 'sender',
  reads: [
    reads(AURA, '6.2, Problem 3', 'obs', 'sender', {
      protected: pass,
      'in-clear': observed('whoever has this number in the network at hand is taken for whom it was meant'),
    }),
    reads(AURA, '6.2, Solution 3', 'SHOULD NOT', 'administrator', { protected: pass, 'in-clear': fail }),
  ],
});

/** The first of these kinds that went in clear; or where each of them was first seen under an SA. */
function clearAmong(
  kinds: readonly TrafficKind[],
  says: { readonly clear: (kind: TrafficKind) => string; readonly none: string },
) {
  const open = kinds.find(({ clear, firstClear }) => clear > 0 && firstClear);
  if (open) return seenAt('in-clear', says.clear(open), open.firstClear!);
  const places = kinds.flatMap(({ firstProtected }): Seen[] => (firstProtected ? [firstProtected] : []));
  return seenAt('protected', says.none, ...places);
}

const tcpKinds = (kinds: TrafficConversation['kinds']): readonly TrafficKind[] =>
  [...kinds.values()].filter(({ name }) => name.startsWith('TCP '));

/** RFC 1918 and 3927, RFC 4193, and the site-local addresses that RFC 3879 did away with. */
const isAmbiguous = (address: string): boolean =>
  /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.|f[cd][0-9a-f]{2}:|fe[c-f][0-9a-f]:)/.test(address);

const questions = ({ kinds }: TrafficConversation): readonly TrafficKind[] =>
  [...kinds.values()].filter(({ service }) => service === DOMAIN);

/** Port of the name service. */
const DOMAIN = 53;
/** Packets that something can be between. */
const LEAST = 2;
