/**
 * A packet altered on its way (MCDANIEL "introduction"; RFC 4303 and RFC 4302, 3.4.4): whichever octet, it is discarded, and leaves no trace. The
 * same sequence number comes again unaltered: it is accepted only if the forgery did not count as received (3.4.3). Where each octet lies is
 * `alterations.ts`.
 */
import { both, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedGateways, keyedHosts, keyings, protect } from '../../harness/vocabulary/keying.ts';
import { correspondent, homeAddressPair, mobile } from '../../harness/vocabulary/mobile-intent.ts';
import { espMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair, tunnelPair } from '../../harness/vocabulary/pairs.ts';
import { fail, pass, question, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { ProtectingSuite } from '../../harness/vocabulary/transforms.ts';
import { MCDANIEL, RFC4302, RFC4303 } from '../requirements/documents.ts';
import { alterations, alteredSuites, isAsked } from './alterations.ts';

const four = { inner: 'ipv4', outer: 'ipv4' } as const;

export const integrity = scenario({
  name: 'integrity',
  title: 'A packet altered on its way',
  dimensions: {
    altered: Object.keys(alterations),
    suite: Object.keys(alteredSuites),
    mode: ['transport', 'tunnel'],
    keying: keyings,
    // The peer is a mobile node, and every packet of its SA comes behind a home address option.
    place: ['', 'away'],
  },
  where: ({ altered, suite, mode, keying, place }) =>
    isAsked(altered, suite, mode) && (place === '' || (mode === 'transport' && keying === 'manual')),
  given: ({ altered, suite, mode, keying, place }) => {
    const knowsPeer = needsTwin(altered);
    // The twin is for the same traffic. Keyed by hand it has the same keys, so that only the ICV tells whose SPI a packet bears.
    const options = { suite: suiteOf(suite) };
    const twin = { ...options, spi: 0x1400 };
    if (place === 'away') {
      const pairs = [homeAddressPair('pair', options), homeAddressPair('twin', twin)];
      return correspondent({ verifiesByIpsec: true }, pairs, { by: 'any' });
    }
    if (mode === 'transport') {
      const pairs = [transportPair('pair', 'ipv4', options), transportPair('twin', 'ipv4', twin)];
      return keyedHosts(keying, 'ipv4', pairs, { policy: pairs.map((pair) => protect(pair, 'any')), knowsPeer });
    }
    const pairs = [tunnelPair('pair', four, options), tunnelPair('twin', four, twin)];
    return keyedGateways(keying, four, pairs, { policy: pairs.map((pair) => protect(pair, 'any')), knowsPeer });
  },
  async play(stage, { altered, suite, keying, place }) {
    const { tn } = stage;
    const away = place === 'away' ? { careOfAddress: mobile.careOfAddress } : {};
    await establish(stage, keying, needsTwin(altered) ? ['pair', 'twin'] : ['pair']);
    await tn.esp('before', { ...away, sequenceNumber: 1n });
    await tn.esp('altered', {
      ...away,
      sequenceNumber: 2n,
      ...alterations[altered]![suiteOf(suite).protocol]!(alteredSuites[suite]!),
      awaited: false,
    });
    await tn.esp('unaltered', {
      ...away,
      sequenceNumber: altered === 'sequence-number' ? 3n : 2n,
      under: altered === 'spi' ? 'twin' : 'pair',
      awaited: false,
    });
    await tn.esp('after', { ...away, sequenceNumber: 4n });
  },
  questions: {
    'MCDANIEL-INTEG': question('Is a packet discarded that was altered on its way, without a trace?', {
      outcomes: ['dropped', 'noted', 'accepted'],
      controls: (t) => [
        pre('an unaltered packet is accepted', t.answered('before')),
        post('a later unaltered packet is accepted', t.answered('after')),
      ],
      judge: (t) =>
        t.answered('altered')?.as('accepted') ??
        t.silent('unaltered', 'after')?.as('noted') ??
        both(t.silent('altered', 'after'), t.answered('unaltered'))?.as('dropped'),
      plays: 'receiver',
      reads: ({ suite }) => [
        reads(MCDANIEL, 'introduction, replay', 'obs', 'receiver', { dropped: pass, noted: fail, accepted: fail }),
        reads(...verificationOf(suiteOf(suite)), 'MUST', 'receiver', {
          dropped: pass,
          noted: pass,
          accepted: fail,
        }),
        reads(isAh(suite) ? RFC4302 : RFC4303, '3.4.3', 'MUST', 'receiver', {
          dropped: pass,
          noted: fail,
          accepted: fail,
        }),
      ],
      lawful: 'dropped',
      turnedBy: (at): readonly Turn<'noted' | 'accepted'>[] => [
        [espMutants.movesWindowBeforeIntegrity, 'noted'],
        [espMutants.ignoresIcv, readable(at) ? 'accepted' : 'noted'],
        ...(at.altered === 'icv' ? ([[espMutants.comparesHalfIcv, 'accepted']] as const) : []),
      ],
    }),
  },
});

/** Whether another SA has to be there. */
const needsTwin = (altered: string | undefined): boolean => altered === 'spi';

/** Whether the echo can still be read by who does not look at the ICV. */
function readable({ altered, suite, keying }: Readonly<Record<string, string>>): boolean {
  if (altered === 'spi') return keying === 'manual' || isAh(suite);
  if (altered === 'iv') return suite === 'aes-gmac' || isAh(suite);
  if (altered === 'wrong-key') return suite === 'aes-cbc-sha256' || suite === 'aes-gmac' || isAh(suite);
  return altered === 'sequence-number' || altered === 'icv';
}

/** Where the receiver's check is described: of AH, of a combined mode, or of a cipher with an authenticator beside it. */
function verificationOf(suite: ProtectingSuite): readonly [document: typeof RFC4302, section: string] {
  if (suite.protocol === 'AH') return [RFC4302, '3.4.4'];
  return [RFC4303, suite.integrity === undefined ? '3.4.4.2' : '3.4.4.1'];
}

const suiteOf = (suite: string | undefined): ProtectingSuite => alteredSuites[suite!]!.suite;
const isAh = (suite: string | undefined): boolean => suiteOf(suite).protocol === 'AH';
