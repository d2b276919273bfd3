/**
 * An extended counter crosses 2^32 (RFC 4303 2.2.1, 3.3.3): the upper half is not on the wire, but the ICV covers it. The tester answers
 * only what is authentic with the upper half carried.
 */
import { both, post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { firstNumberIsZero } from '../left-out.ts';
import { MCDANIEL, RFC4302, RFC4303 } from '../requirements/documents.ts';

const suites = {
  'aes-cbc-sha256': espSuites['aes-cbc-sha256'],
  'aes-gcm': espSuites['aes-gcm'],
  'ah-sha256': ahSuites['ah-sha256'],
} as const;

export const counterCarry = scenario({
  name: 'counter-carry',
  title: 'An extended counter is carried',
  dimensions: { counted: ['esn-carry'], suite: Object.keys(suites) as (keyof typeof suites)[], keying: keyings },
  leavesOut: ({ keying }) => (keying === 'manual' ? undefined : firstNumberIsZero),
  given: ({ suite, keying }) =>
    keyedHosts(keying, 'ipv4', [
      transportPair('pair', 'ipv4', {
        suite: suites[suite],
        extendedSequenceNumbers: true,
        sequenceNumber: 2n ** 32n - 2n,
      }),
    ]),
  async play({ tn, nut }) {
    await nut.echo('last');
    await nut.echo('carried');
    await nut.echo('next');
    await tn.pingInClear('after', { from: places.home.ipv6, to: nutAddresses.ipv6 });
  },
  questions: {
    'MCDANIEL-SEQ': question('Is the upper half of an extended number carried?', {
      outcomes: ['carried', 'not-carried'],
      controls: (t) => [
        pre('the number below the carry is authentic', t.answered('last')),
        post('the node is alive', t.answered('after')),
      ],
      judge: (t) =>
        both(t.answered('carried'), t.answered('next'))?.as('carried') ??
        t.silent('carried', 'after')?.as('not-carried'),
      plays: 'sender',
      reads: ({ suite }) => [
        reads(MCDANIEL, 'replay', 'obs', 'sender', {
          carried: observed('the counter goes on beyond 32 bits'),
          'not-carried': observed('the counter ends with 32 bits'),
        }),
        suite === 'ah-sha256'
          ? reads(RFC4302, '2.5.1, 3.3.2', 'MUST', 'sender', { carried: pass, 'not-carried': fail })
          : reads(RFC4303, '2.2, 3.3.3', 'MUST', 'sender', { carried: pass, 'not-carried': fail }),
      ],
      lawful: 'carried',
      turnedBy: [[espMutants.countsIn32Bits, 'not-carried']],
    }),
  },
});
