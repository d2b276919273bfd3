/**
 * Whether who moves can receive where it says it is (RFC 4555 section 3.7): a peer that can, one that answers without having seen the question, and one whose update somebody on the way has
 * given another source, so that all traffic would go to a host that never asked for it.
 */
import { withAttacker } from '../../harness/vocabulary/intent.ts';
import { type Account, both, cause, pre } from '../../harness/vocabulary/judging.ts';
import { answersOtherCookies } from '../../harness/vocabulary/lies.ts';
import { mobikeMutants } from '../../harness/vocabulary/mutants.ts';
import { attackerAddresses, nutAddresses } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import type { NodeState } from '../../harness/vocabulary/stage.ts';
import { RFC4555 } from '../requirements/documents.ts';
import { addressAt, mobikeGateways, UPDATE, updateAnswered, wentTo } from './mobike.ts';

export const mobikeRoutability = scenario({
  name: 'mobike-routability',
  title: 'Whether a peer can receive where it says it is',
  cast: { nut: 'tested', tn: 'tester', attacker: 'stranger' },
  dimensions: { answer: ['honest', 'other-cookie', 'forged-source'] },
  given: () => withAttacker(mobikeGateways(), 'ipv4'),
  misbehaves: ({ answer }) => ({ tn: answer === 'other-cookie' ? answersOtherCookies : {} }),
  async play({ tn, nut, attacker, lab }, { answer }) {
    await attacker.pingInClear('attacker', { to: nutAddresses.ipv4 });
    await tn.initiates('agree');
    await tn.echo('at home');
    await lab.holds('update', UPDATE, { from: 'tn', response: false });
    await tn.movesTo(THERE);
    await lab.catches('update');
    await lab.releases('update', answer === 'forged-source' ? { from: attackerAddresses.ipv4 } : {});
    await lab.shows((t) => updateAnswered(t) !== undefined);
    await tn.pingInClear('path', { from: addressAt(THERE), to: nutAddresses.ipv4 });
    if (answer === 'honest') await tn.asksForLife('life');
    const isRid = ({ ikeSas }: NodeState) => ikeSas.length === 0;
    await nut.reports('report', { until: answer === 'other-cookie' ? isRid : () => true });
    await nut.echo('to there', { awaited: answer !== 'other-cookie' });
    await attacker.pingInClear('end', { to: nutAddresses.ipv4 });
  },
  questions: {
    'RFC4555-3.7-CHECK': question('Do SAs stay until the peer has shown that it is there?', {
      outcomes: ['checked', 'unchecked'],
      asks: ({ answer }) => answer !== 'other-cookie',
      controls,
      judge: (t, { answer }) => {
        const there = wentTo(t, 'to there', answer === 'honest' ? addressAt(THERE) : attackerAddresses.ipv4);
        const asked = t.ike.heard(CHECK, { by: 'nut', after: 'update', response: false });
        return answer === 'honest'
          ? (both(there, asked)?.as('checked') ?? there?.as('unchecked'))
          : (there?.as('unchecked') ?? wentTo(t, 'to there', addressAt('home'))?.as('checked'));
      },
      plays: 'responder',
      reads: [reads(RFC4555, '3.7', 'SHOULD', 'responder', { checked: pass, unchecked: fail })],
      lawful: 'checked',
      turnedBy: [[mobikeMutants.trustsEveryMove, 'unchecked']],
    }),
    'RFC4555-3.7-VERIFIED': question('Does another COOKIE2 than was sent close the IKE SA?', {
      outcomes: ['closed', 'kept', 'unasked'],
      asks: ({ answer }) => answer === 'other-cookie',
      controls,
      judge: (t) => {
        const asked = t.ike.heard(CHECK, { by: 'nut', after: 'update', response: false });
        const closed = t.reported('report', 'ikeSas', 'no IKE SA is left', ({ ikeSas }) => ikeSas.length === 0);
        const kept = t.reported('report', 'ikeSas', 'the IKE SA is there', ({ ikeSas }) => ikeSas.length > 0);
        return asked ? (both(asked, closed)?.as('closed') ?? both(asked, kept)?.as('kept')) : kept?.as('unasked');
      },
      plays: 'sender',
      reads: [
        reads(RFC4555, '3.7', 'MUST', 'sender', {
          closed: pass,
          kept: fail,
          unasked: observed('no COOKIE2 is sent that could be verified'),
        }),
      ],
      lawful: 'closed',
      turnedBy: [[mobikeMutants.takesAnyCookie, 'kept']],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the tunnel works at home', t.established('agree', 'at home')),
    pre('a third host reaches the node', t.answered('attacker')),
    cause('the update is answered', updateAnswered(t)),
    cause('the new place is reachable', t.answered('path')),
    cause('the node is alive', t.answered('end')),
  ];
}

const THERE = 'same-prefix';
const CHECK = 'HDR, SK {N(COOKIE2)}';
