/**
 * Transport mode from another address (DUPONT 2.4, before C2): there is one header only, so its source is what the selectors speak of, and
 * a peer that moved is outside them. With a home address option before ESP the selectors speak of that, and the source may be anything (DUPONT 2.2 A, RFC
 * 6275 9.3.1), a binding to another place or not.
 */

import { cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import {
  type CorrespondentNodeConfiguration,
  correspondent,
  homeAddressPair,
  mobile,
} from '../../harness/vocabulary/mobile-intent.ts';
import { addressMutants, mobilityMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301, RFC6275 } from '../requirements/documents.ts';
import { intact, TUNNEL } from './gateways.ts';

/** Where the stimulus has a home address option: what the node is told of it. */
const told: Readonly<Record<string, CorrespondentNodeConfiguration>> = {
  '': {},
  option: { verifiesByIpsec: true },
  'option-bound-at-home': {
    bindings: [{ homeAddress: mobile.homeAddress, careOfAddress: mobile.careOfAddress }],
  },
};

export const transportSource = scenario({
  name: 'transport-source',
  title: 'The source of a transport SA changes',
  dimensions: {
    elsewhere: ['same-prefix', 'other-prefix'],
    family: ['ipv4', 'ipv6'],
    keying: keyings,
    protection: laterProtections,
    option: Object.keys(told),
  },
  where: ({ family, keying, option }) => option === '' || (family === 'ipv6' && keying === 'manual'),
  given: ({ family, keying, protection, option }) => {
    const suite = protectionOf(protection);
    return option === ''
      ? keyedHosts(keying, family, [transportPair(TUNNEL, family, { suite })])
      : correspondent(told[option]!, [homeAddressPair(TUNNEL, { suite })]);
  },
  async play(stage, { elsewhere, family, keying, option }) {
    const { tn, nut } = stage;
    const from = places[elsewhere][family];
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.esp('from home', { carries: 'udp' });
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', { from, to: nutAddresses[family] });
    await tn.esp('stimulus', { carries: 'udp', ...(option === '' ? { from } : { careOfAddress: from }) });
    await tn.movesTo('home');
    await tn.esp('from home again', { carries: 'udp' });
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-C2c': question('Does a transport SA refuse packets from another source?', {
      outcomes: ['dropped', 'delivered'],
      controls: (t) => [
        pre('the SA works from home', t.answered('before')),
        pre('what comes from home is delivered', t.delivered('from home', 'report')),
        cause('the new place itself is reachable', t.answered('path')),
        post('what comes from home is delivered again', t.delivered('from home again', 'report')),
        post('the SA works from home again', t.answered('after')),
        ...intact(t, 'report'),
      ],
      judge: (t) =>
        t.delivered('stimulus', 'report')?.as('delivered') ??
        t.undelivered('stimulus', 'from home again', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: ({ option }) =>
        option === ''
          ? [
              reads(DUPONT, '2.4', 'MUST', 'receiver', { dropped: pass, delivered: fail }),
              reads(RFC4301, '5.2 5', 'MUST', 'receiver', { dropped: pass, delivered: fail }),
            ]
          : [
              reads(DUPONT, '2.2 A', 'MUST', 'receiver', { dropped: fail, delivered: pass }),
              reads(RFC6275, '9.3.1', 'SHOULD', 'receiver', { dropped: fail, delivered: pass }),
            ],
      lawful: ({ option }) => (option === '' ? 'dropped' : 'delivered'),
      turnedBy: ({ option }) =>
        option === ''
          ? [
              [addressMutants.carriesWhateverArrives, 'delivered'],
              [addressMutants.checksTunnelsOnly, 'delivered'],
            ]
          : [
              [mobilityMutants.policyByCareOfAddress, 'dropped'],
              [mobilityMutants.asksForBindingAlways, 'dropped'],
            ],
    }),
  },
});
