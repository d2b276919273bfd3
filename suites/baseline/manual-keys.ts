/**
 * Keys by hand (MCDANIEL "key management"; RFC 4301 4.5.1): an administrator gives both ends the same keys and SPIs, from the first that is not reserved (RFC 4303
 * 2.1), and the SAs carry traffic without any exchange.
 */
import { cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedGateways, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { sadMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { ahSuites, espSuites } from '../../harness/vocabulary/transforms.ts';
import { MCDANIEL, RFC4301 } from '../requirements/documents.ts';

const suites = {
  'aes-cbc-sha256': espSuites['aes-cbc-sha256'],
  'aes-gcm': espSuites['aes-gcm'],
  'null-sha256': espSuites['null-sha256'],
  'ah-sha256': ahSuites['ah-sha256'],
} as const;
type SuiteName = keyof typeof suites;

/** So that the two SAs have 256 and 257. */
const spi = 0xff;
const ipv4 = { inner: 'ipv4', outer: 'ipv4' } as const;

export const manualKeys = scenario({
  name: 'manual-keys',
  title: 'Both ends were given keys by hand',
  dimensions: { suite: Object.keys(suites) as SuiteName[], mode: ['transport', 'tunnel'] },
  given: ({ suite, mode }) =>
    mode === 'transport'
      ? keyedHosts('manual', 'ipv4', [transportPair('pair', 'ipv4', { suite: suites[suite], spi })])
      : keyedGateways('manual', ipv4, [tunnelPair('pair', ipv4, { suite: suites[suite], spi })]),
  async play({ tn }) {
    const elsewhere = { from: places.home.ipv6, to: nutAddresses.ipv6 };
    await tn.pingInClear('path', elsewhere);
    await tn.echo('stimulus');
    await tn.pingInClear('life', elsewhere);
  },
  questions: {
    'MCDANIEL-STATIC': question('Do SAs carry traffic whose keys somebody typed in?', {
      outcomes: ['carried', 'dropped'],
      controls: (t) => [
        pre('the node is reached on the link', t.answered('path')),
        cause('the question leaves under its SA', t.sentUnder('stimulus', 'esp')),
        post('the node is still reached', t.answered('life')),
      ],
      judge: (t) => t.answered('stimulus')?.as('carried') ?? t.silent('stimulus', 'life')?.as('dropped'),
      plays: ['sender', 'receiver'],
      reads: [
        reads(MCDANIEL, 'key management', 'obs', 'implementation', { carried: pass, dropped: fail }),
        reads(RFC4301, '4.5', 'MUST', 'implementation', { carried: pass, dropped: fail }),
      ],
      lawful: 'carried',
      turnedBy: [[sadMutants.takesLowSpisForReserved, 'dropped']],
    }),
  },
});
