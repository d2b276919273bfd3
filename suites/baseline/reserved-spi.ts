/**
 * An SA that somebody gave a reserved SPI by hand (RFC 4303 2.1: 1 to 255 are IANA's, "normally" not assigned). No document says what a
 * receiver does with it, so the answer is observed.
 */
import { post, pre } from '../../harness/vocabulary/judging.ts';
import { keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { observed, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { ownerChoosesSpi } from '../left-out.ts';
import { MCDANIEL, RFC4303 } from '../requirements/documents.ts';

const meaning = {
  dropped: observed('an SA under a reserved SPI is not used'),
  accepted: observed('an SA under a reserved SPI works like any other'),
};

export const reservedSpi = scenario({
  name: 'reserved-spi',
  title: 'An SA under a reserved SPI',
  dimensions: { named: ['installed-1', 'installed-255'], keying: keyings },
  leavesOut: ({ keying }) => (keying === 'manual' ? undefined : ownerChoosesSpi),
  given: ({ named, keying }) =>
    keyedHosts(keying, 'ipv4', [
      transportPair('life', 'ipv4', { selector: { protocol: protocols.ICMP } }),
      transportPair('reserved', 'ipv4', {
        spi: (named === 'installed-1' ? 1 : 255) - 1,
        selector: { protocol: protocols.UDP },
      }),
    ]),
  async play({ tn, nut }) {
    await tn.esp('before');
    await tn.esp('stimulus', { under: 'reserved', carries: 'udp' });
    await tn.esp('after');
    await nut.reports('received');
  },
  questions: {
    'MCDANIEL-SPI': question('Does an SA work that was given a reserved SPI?', {
      outcomes: ['dropped', 'accepted'],
      controls: (t) => [
        pre('an SA with another SPI works', t.answered('before')),
        post('an SA with another SPI still works', t.answered('after')),
      ],
      judge: (t) =>
        t.delivered('stimulus', 'received')?.as('accepted') ??
        t.undelivered('stimulus', 'after', 'received')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(MCDANIEL, 'architecture', 'obs', 'implementation', meaning),
        reads(RFC4303, '2.1', 'obs', 'designer', meaning),
      ],
      lawful: 'dropped',
      turnedBy: [[espMutants.takesReservedSpi, 'accepted']],
    }),
  },
});
