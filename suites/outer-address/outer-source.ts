/**
 * A tunnel SA whose packets begin to come from another outer address: DUPONT C2. The tester moves, the SA, its keys and its counter stay,
 * and nobody told the node under test.
 */

import { negotiated } from '../../harness/vocabulary/ike-intent.ts';
import { manualGateways, tunnelPair } from '../../harness/vocabulary/intent.ts';
import { cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';

export const outerSource = scenario({
  name: 'outer-source',
  title: 'The outer source of a tunnel SA changes',
  dimensions: { elsewhere: ['same-prefix', 'other-prefix'], keying: ['manual', 'ikev2'] },
  given: ({ keying }) =>
    keying === 'manual'
      ? manualGateways('ipv4', [tunnelPair('tunnel', { inner: 'ipv4', outer: 'ipv4' })])
      : negotiated({ mode: 'tunnel' }),
  async play({ tn }, { elsewhere, keying }) {
    if (keying === 'ikev2') await tn.initiates('establish');
    await tn.echo('before');
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', { from: places[elsewhere].ipv4, to: nutAddresses.ipv4 });
    await tn.echo('stimulus', { awaited: false });
    await tn.movesTo('home');
    await tn.echo('after');
  },
  questions: {
    'DUPONT-C2a': question('Does a tunnel SA go on working when its outer source changes?', {
      outcomes: ['delivered', 'dropped'],
      controls: (t) => [
        pre('the tunnel works from home', t.answered('before')),
        cause('the new place itself is reachable', t.answered('path')),
        post('the tunnel works from home again', t.answered('after')),
      ],
      judge: (t) => t.answered('stimulus')?.as('delivered') ?? t.silent('stimulus', 'after')?.as('dropped'),
      reads: [
        reads(DUPONT, '2.4 C2', 'MUST NOT', { delivered: pass, dropped: fail }),
        reads(RFC4301, '5.2 3a', 'MUST', { delivered: pass, dropped: fail }),
      ],
      lawful: 'delivered',
      turnedBy: [[ipsecMutants.checksOuterSource, 'dropped']],
    }),
  },
});
