/**
 * A tunnel SA whose packets begin to come from another outer address (DUPONT C2): the tester moves; the SA, its keys and its counter stay,
 * and nobody told the node under test. That the outer source is not checked lifts no check of the inner one.
 */

import { both, cause, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants, ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { inner, nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';
import { gateways, intact, TUNNEL } from './gateways.ts';

const five = [1, 2, 3, 4, 5] as const;

export const outerSource = scenario({
  name: 'outer-source',
  title: 'The outer source of a tunnel SA changes',
  dimensions: { elsewhere: ['same-prefix', 'other-prefix'], keying: keyings, protection: laterProtections },
  given: ({ keying, protection }) => gateways(keying, { suite: protectionOf(protection) }),
  async play(stage, { elsewhere, keying }) {
    const { tn, nut } = stage;
    await establish(stage, keying, [TUNNEL]);
    for (const n of five) await tn.echo(`home ${n}`);
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', { from: places[elsewhere].ipv4, to: nutAddresses.ipv4 });
    for (const n of five) await tn.echo(`elsewhere ${n}`, { awaited: false });
    await tn.esp('inside', { carries: 'udp' });
    await tn.esp('outside', { carries: 'udp', from: inner.outsider.ipv4 });
    await tn.esp('inside again', { carries: 'udp' });
    await tn.movesTo('home');
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-C2a': question('Does a tunnel SA go on working when its outer source changes?', {
      outcomes: ['delivered', 'some', 'dropped'],
      controls: (t) => [
        ...five.map((n) => pre(`packet ${n} from home is answered`, t.answered(`home ${n}`))),
        cause('the new place itself is reachable', t.answered('path')),
        post('the tunnel works from home again', t.answered('after')),
        ...intact(t, 'report'),
      ],
      judge: (t) => {
        const answered = five.map((n) => t.answered(`elsewhere ${n}`));
        const silent = five.map((n) => t.silent(`elsewhere ${n}`, 'after'));
        const some = answered.map((answer, i) => answer ?? silent[i]);
        return both(...answered)?.as('delivered') ?? both(...silent)?.as('dropped') ?? both(...some)?.as('some');
      },
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4 C2', 'MUST NOT', 'receiver', { delivered: pass, some: fail, dropped: fail }),
        reads(RFC4301, '5.2 3a', 'MUST', 'receiver', { delivered: pass, some: fail, dropped: fail }),
      ],
      lawful: 'delivered',
      turnedBy: [
        [ipsecMutants.checksOuterSource, 'dropped'],
        [addressMutants.looksUpByPair, 'dropped'],
      ],
    }),
    'DUPONT-C2b': question('Is the inner source still checked when the outer one has changed?', {
      outcomes: ['dropped', 'delivered'],
      controls: (t) => [
        pre('the tunnel works from home', t.answered('home 1')),
        pre('a source inside is delivered from the new place', t.delivered('inside', 'report')),
        post('and again', t.delivered('inside again', 'report')),
        post('the tunnel works from home again', t.answered('after')),
        ...intact(t, 'report'),
      ],
      judge: (t) =>
        t.delivered('outside', 'report')?.as('delivered') ??
        t.undelivered('outside', 'inside again', 'report')?.as('dropped'),
      plays: 'receiver',
      reads: [
        reads(DUPONT, '2.4 C2', 'obs', 'receiver', { dropped: pass, delivered: fail }),
        reads(RFC4301, '5.2 5', 'MUST', 'receiver', { dropped: pass, delivered: fail }),
      ],
      lawful: 'dropped',
      turnedBy: [
        [addressMutants.carriesWhateverArrives, 'delivered'],
        [addressMutants.checksTransportOnly, 'delivered'],
        [addressMutants.boundsSelectorsByClass, 'delivered'],
      ],
    }),
  },
});
