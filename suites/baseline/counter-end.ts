/**
 * The end of the sender's counter (MCDANIEL "replay"; RFC 4303 3.3.3): with anti-replay on it must not come round, so the last packet is
 * the one numbered 2^32 - 1; without anti-replay it rolls over to zero. The SA is made as if nearly all numbers had been used.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { firstNumberIsZero } from '../left-out.ts';
import { MCDANIEL, RFC4301, RFC4303 } from '../requirements/documents.ts';

export const counterEnd = scenario({
  name: 'counter-end',
  title: 'The counter is at its end',
  dimensions: { counted: ['end', 'end-without-window'], keying: keyings },
  leavesOut: ({ keying }) => (keying === 'manual' ? undefined : firstNumberIsZero),
  given: ({ counted, keying }) =>
    keyedHosts(keying, 'ipv4', [
      transportPair('life', 'ipv4', { spi: 0x3000, selector: { protocol: protocols.ICMP } }),
      transportPair('used', 'ipv4', {
        selector: { protocol: protocols.UDP },
        sequenceNumber: 2n ** 32n - 2n,
        replayWindow: counted === 'end' ? 64 : 0,
      }),
    ]),
  async play({ tn, nut }) {
    await tn.echo('before');
    await nut.udp('last');
    await nut.udp('beyond', { awaited: false });
    await tn.echo('after');
  },
  questions: {
    'MCDANIEL-SEQ': question('What becomes of a packet for which no number is left?', {
      outcomes: ['kept', 'came-round', 'in-clear'],
      controls: (t) => [
        pre('an SA with numbers left works', t.answered('before')),
        pre('the last number is used', t.sentUnder('last', 'esp')),
        post('an SA with numbers left works on', t.answered('after')),
      ],
      judge: (t) =>
        t.sentUnder('beyond', 'clear')?.as('in-clear') ??
        t.sentUnder('beyond', 'esp')?.as('came-round') ??
        t.unsent('beyond', 'after')?.as('kept'),
      plays: 'sender',
      reads: ({ counted }) => [
        reads(MCDANIEL, 'replay', 'obs', 'sender', { kept: stops, 'came-round': rollsOver, 'in-clear': leaves }),
        counted === 'end'
          ? reads(RFC4303, '3.3.3', 'MUST NOT', 'sender', { kept: pass, 'came-round': fail, 'in-clear': leaves })
          : reads(RFC4303, '3.3.3', 'obs', 'sender', { kept: stops, 'came-round': rollsOver, 'in-clear': leaves }),
        reads(RFC4301, '5.1 3a', 'MUST', 'sender', { kept: pass, 'came-round': pass, 'in-clear': fail }),
      ],
      lawful: ({ counted }) => (counted === 'end' ? 'kept' : 'came-round'),
      turnedBy: ({ counted }) =>
        counted === 'end' ? [[espMutants.wrapsCounter, 'came-round']] : [[espMutants.neverWrapsCounter, 'kept']],
    }),
  },
});

const stops = observed('the SA ends with its numbers');
const rollsOver = observed('the counter rolls over to zero');
const leaves = observed('what has no number leaves in clear');
