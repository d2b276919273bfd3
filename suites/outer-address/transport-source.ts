/**
 * Transport mode from another address (DUPONT 2.4, before C2): there is one header only, so its source is what the selectors speak of, and
 * a peer that moved is outside them.
 */

import { cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyedHosts, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants } from '../../harness/vocabulary/mutants.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';
import { intact, TUNNEL } from './gateways.ts';

export const transportSource = scenario({
  name: 'transport-source',
  title: 'The source of a transport SA changes',
  dimensions: {
    elsewhere: ['same-prefix', 'other-prefix'],
    family: ['ipv4', 'ipv6'],
    keying: keyings,
    protection: laterProtections,
  },
  given: ({ family, keying, protection }) =>
    keyedHosts(keying, family, [transportPair(TUNNEL, family, { suite: protectionOf(protection) })]),
  async play(stage, { elsewhere, family, keying }) {
    const { tn, nut } = stage;
    const from = places[elsewhere][family];
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.esp('from home', { carries: 'udp' });
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', { from, to: nutAddresses[family] });
    await tn.esp('stimulus', { carries: 'udp', from });
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
      reads: [
        reads(DUPONT, '2.4', 'MUST', 'receiver', { dropped: pass, delivered: fail }),
        reads(RFC4301, '5.2 5', 'MUST', 'receiver', { dropped: pass, delivered: fail }),
      ],
      lawful: 'dropped',
      turnedBy: [
        [addressMutants.carriesWhateverArrives, 'delivered'],
        [addressMutants.checksTunnelsOnly, 'delivered'],
      ],
    }),
  },
});
