/**
 * Replay protection where keys are given by hand (BELLOVIN 3.3: there is none; RFC 4303 3.3.3: it SHOULD NOT be provided, and a user may choose it). A packet
 * comes again; or the peer has begun anew, as after a restart that forgot its counter, and all that it sends is taken for old.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedHosts, protect } from '../../harness/vocabulary/keying.ts';
import { espMutants, ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { BELLOVIN, RFC4302, RFC4303 } from '../requirements/documents.ts';

const windows = { none: 0, '32': 32, '64': 64, 'esn-64': 64 } as const;
const suites = { esp: espSuites['aes-cbc-sha256'], ah: ahSuites['ah-sha256'] } as const;

/** Where the counter of the peer stood when it forgot it: above every window. */
const LAST = 1_000n;

export const replayByHand = scenario({
  name: 'replay-by-hand',
  title: 'Keys by hand, and a packet that is old or looks it',
  dimensions: {
    window: Object.keys(windows) as (keyof typeof windows)[],
    arrives: ['again', 'from-a-restart'],
    protection: ['esp', 'ah'],
  },
  // With extended numbers what comes from a restart is taken for what comes after the counter's lower half has cycled, and has another ICV.
  where: ({ window, arrives, protection }) =>
    (protection === 'esp' || window === 'none' || window === '64') && !(window === 'esn-64' && arrives !== 'again'),
  given: ({ window, protection }) => {
    const options = {
      suite: suites[protection],
      replayWindow: windows[window],
      extendedSequenceNumbers: window === 'esn-64',
    };
    const [one, other] = [
      transportPair('one', 'ipv4', options),
      transportPair('other', 'ipv4', { ...options, spi: 0x2000 }),
    ];
    return keyedHosts('manual', 'ipv4', [one, other], { policy: [protect(one, [one, other])] });
  },
  async play({ tn }, { arrives }) {
    await tn.esp('first', { sequenceNumber: 1n });
    await tn.esp('last', { sequenceNumber: LAST });
    await tn.esp('stimulus', { sequenceNumber: arrives === 'again' ? LAST : 2n, awaited: false });
    await tn.esp('newer', { sequenceNumber: LAST + 1n });
    await tn.esp('alive', { sequenceNumber: 1n, under: 'other' });
  },
  questions: {
    'BELLOVIN-3.3a': question('Is there replay protection where keys are given by hand?', {
      outcomes: ['accepted', 'dropped'],
      controls: (t) => [
        pre('the first packet is accepted', t.answered('first')),
        pre('so is one far above it', t.answered('last')),
        post('a newer one is accepted', t.answered('newer')),
        post('another SA works', t.answered('alive')),
      ],
      judge: (t) => t.answered('stimulus')?.as('accepted') ?? t.silent('stimulus', 'newer')?.as('dropped'),
      plays: 'receiver',
      reads: ({ window, arrives, protection }) => {
        const document = protection === 'ah' ? RFC4302 : RFC4303;
        const byDesign = window === 'none' ? { accepted: pass, dropped: fail } : { accepted: fail, dropped: pass };
        return [
          reads(BELLOVIN, '3.3', 'obs', 'receiver', {
            accepted: observed('keys by hand come without replay protection'),
            dropped: observed(
              arrives === 'again'
                ? 'keys by hand come with replay protection, where it is asked for'
                : 'a peer that forgot its counter is locked out, which is what speaks against it',
            ),
          }),
          reads(document, '3.4.3', window === 'none' ? 'obs' : 'MUST', 'receiver', byDesign),
        ];
      },
      lawful: ({ window }) => (window === 'none' ? 'accepted' : 'dropped'),
      turnedBy: ({ window, arrives }) => {
        if (window === 'none') return [[espMutants.takesOnlyNewer, 'dropped']];
        return [
          [ipsecMutants.hasNoReplayWindow, 'accepted'],
          ...(arrives === 'again' ? ([[ipsecMutants.acceptsDuplicates, 'accepted']] as const) : []),
        ];
      },
    }),
  },
});
