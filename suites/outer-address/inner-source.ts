/**
 * Which source address is checked after a tunnel packet has been opened (DUPONT C1): the inner one, and it is matched with the selectors
 * of the very SA that carried it. The stimulus goes to a sink, so that no answer has to find its way back to an address nobody owns.
 */

import { cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants, ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { EspByHand } from '../../harness/vocabulary/stage.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301, RFC7296 } from '../requirements/documents.ts';
import { gatewaysOfHalves, intact } from './gateways.ts';

/** What distinguishes each stimulus from the legal packet under the SA of the lower half. */
const stimuli = {
  'a-outside-selectors': { from: inner.outsider.ipv4 },
  'b-of-another-sa': { from: '10.2.0.200' },
  'c-last-inside': { from: '10.2.0.127' },
  'd-outer-elsewhere': { outerSource: places['other-prefix'].ipv4 },
} as const satisfies Record<string, EspByHand>;

/** C1 (c) and (d) name legal packets. */
const isInside = (source: string) => source === 'c-last-inside' || source === 'd-outer-elsewhere';

export const innerSource = scenario({
  name: 'inner-source',
  title: 'The source that is matched with the selectors of a tunnel SA',
  dimensions: {
    source: Object.keys(stimuli) as (keyof typeof stimuli)[],
    keying: keyings,
    protection: laterProtections,
  },
  given: ({ keying, protection }) => gatewaysOfHalves(keying, protectionOf(protection)),
  async play(stage, { source, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, ['one', 'two']);
    await tn.echo('before');
    await tn.esp('twin', { under: 'one', carries: 'udp' });
    await tn.esp('under its own SA', {
      under: 'two',
      carries: 'udp',
      from: stimuli['b-of-another-sa'].from,
    });
    await tn.udp('path', { from: places['other-prefix'].ipv4, to: nutAddresses.ipv4, inClear: true });
    await tn.esp('stimulus', { under: 'one', carries: 'udp', ...stimuli[source] });
    await tn.esp('later', { under: 'one', carries: 'udp' });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-C1': question('Is it the inner source that is matched with the selectors of the SA?', {
      outcomes: ['delivered', 'dropped'],
      controls: (t) => [
        pre('the tunnel works', t.answered('before')),
        pre('a source inside is delivered', t.delivered('twin', 'report')),
        pre("the other SA's source is delivered under its own", t.delivered('under its own SA', 'report')),
        pre('the other outer source is heard in clear', t.delivered('path', 'report')),
        post('a source inside is delivered again', t.delivered('later', 'report')),
        post('the tunnel works still', t.answered('after')),
        ...intact(t, 'report'),
      ],
      judge: (t) =>
        t.delivered('stimulus', 'report')?.as('delivered') ??
        t.undelivered('stimulus', 'later', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: ({ source }) =>
        isInside(source)
          ? [
              reads(DUPONT, '2.4 C1', 'MUST', 'receiver', { delivered: pass, dropped: fail }),
              reads(RFC4301, source === 'd-outer-elsewhere' ? '5.2 3a' : '5.2 4', 'MUST', 'receiver', {
                delivered: pass,
                dropped: fail,
              }),
            ]
          : [
              reads(DUPONT, '2.4 C1', 'MUST', 'receiver', { delivered: fail, dropped: pass }),
              reads(RFC4301, '5.2 5', 'MUST', 'receiver', { delivered: fail, dropped: pass }),
            ],
      lawful: ({ source }) => (isInside(source) ? 'delivered' : 'dropped'),
      turnedBy: ({ source }) => {
        if (source === 'c-last-inside') return [[addressMutants.excludesLastAddress, 'dropped']];
        if (source === 'd-outer-elsewhere')
          return [
            [ipsecMutants.checksOuterSource, 'dropped'],
            [addressMutants.looksUpByPair, 'dropped'],
          ];
        return [
          [addressMutants.carriesWhateverArrives, 'delivered'],
          [addressMutants.checksTransportOnly, 'delivered'],
          [addressMutants.boundsSelectorsByClass, 'delivered'],
        ];
      },
    }),
    'DUPONT-C1b': question('Is the peer told of a packet that its SA may not carry?', {
      asks: ({ source, keying }) => keying !== 'manual' && !isInside(source!),
      outcomes: ['told', 'silent'],
      controls: (t) => [
        pre('the tunnel works', t.answered('before')),
        pre('a source inside is delivered', t.delivered('twin', 'report')),
        post('a source inside is delivered again', t.delivered('later', 'report')),
        post('the tunnel works still', t.answered('after')),
        cause('the packet was dropped', t.undelivered('stimulus', 'later', 'report')),
      ],
      judge: (t) =>
        t.ike.heard('HDR, SK {N(INVALID_SELECTORS)}', { after: 'stimulus' })?.as('told') ??
        t.undelivered('stimulus', 'later', 'report')?.as('silent'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4 C1', 'obs', 'receiver', {
          told: observed('INVALID_SELECTORS is sent'),
          silent: observed('nothing is said'),
        }),
        reads(RFC4301, '5.2 5', 'SHOULD', 'receiver', {
          told: pass,
          silent: observed('to be able to is asked for, to do it is not'),
        }),
        reads(RFC7296, '3.10.1', 'MAY', 'receiver', { told: pass, silent: pass }),
      ],
      lawful: 'silent',
      turnedBy: [[addressMutants.tellsOfMismatches, 'told']],
      alsoKnownAs: ['IKEv2.SGW.I.1.1.8.2', 'IKEv2.SGW.R.1.1.8.3'],
    }),
  },
});
