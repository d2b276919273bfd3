/**
 * What is authentic and yet wrong inside: padding that is not 1, 2, 3…, which a receiver SHOULD inspect (RFC 4303 2.4), and a Next Header
 * that announces the other version of IP (2.6). The ICV is right; only who holds the keys can send this.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { flippedAt, octetAt } from '../../harness/vocabulary/tampers.ts';
import { espSuites } from '../../harness/vocabulary/transforms.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { MCDANIEL, RFC4303 } from '../requirements/documents.ts';

const four = { inner: 'ipv4', outer: 'ipv4' } as const;

/** From the end of the plaintext: Next Header, Pad Length, the last octet of padding. */
const lies = { 'false-padding': flippedAt(-3), 'false-next-header': octetAt(-1, protocols.IPv6, 'Bogus IPv6 version') };

export const innerLies = scenario({
  name: 'inner-lies',
  title: 'An authentic packet that is wrong inside',
  dimensions: {
    altered: ['false-padding', 'false-next-header'],
    suite: ['aes-cbc-sha256', 'aes-gcm'],
    mode: ['transport', 'tunnel'],
    keying: keyings,
  },
  // In transport mode Next Header may announce anything.
  where: ({ altered, mode }) => altered === 'false-padding' || mode === 'tunnel',
  given: ({ suite, mode, keying }) =>
    mode === 'transport'
      ? keyedHosts(keying, 'ipv4', [transportPair('pair', 'ipv4', { suite: espSuites[suite] })])
      : keyedGateways(keying, four, [tunnelPair('pair', four, { suite: espSuites[suite] })]),
  async play(stage, { altered, keying }) {
    const { tn } = stage;
    await establish(stage, keying, ['pair']);
    await tn.esp('before');
    await tn.esp('lie', { beforeSealing: lies[altered], awaited: false });
    await tn.esp('after');
  },
  questions: {
    'MCDANIEL-INTEG': question('Is an authentic packet accepted that is wrong inside?', {
      outcomes: ['dropped', 'accepted'],
      controls: (t) => [
        pre('a packet that is right inside is accepted', t.answered('before')),
        post('a packet that is right inside is accepted again', t.answered('after')),
      ],
      judge: (t) => t.answered('lie')?.as('accepted') ?? t.silent('lie', 'after')?.as('dropped'),
      plays: 'receiver',
      reads: ({ altered }) => [
        reads(MCDANIEL, 'introduction', 'obs', 'receiver', {
          dropped: observed('what is authentic is looked at as well'),
          accepted: observed('what is authentic is taken as it is'),
        }),
        altered === 'false-padding'
          ? reads(RFC4303, '2.4', 'SHOULD', 'receiver', { dropped: pass, accepted: fail })
          : reads(RFC4303, '2.6', 'obs', 'sender', {
              dropped: observed('the inner packet must be what Next Header says'),
              accepted: observed('the version is read from the inner packet'),
            }),
      ],
      lawful: 'dropped',
      turnedBy: ({ altered }) => [
        altered === 'false-padding'
          ? [espMutants.ignoresPadding, 'accepted']
          : [espMutants.ignoresNextHeader, 'accepted'],
      ],
    }),
  },
});
