/**
 * The other half of the pair when the tester has moved (DUPONT C2, end): where the node under test sends what it answers, with ESP directly
 * in IP and in UDP. Following the source of an ESP packet is how a tunnel is taken over, and how a NAT that forgot is survived.
 */

import { type Account, cause, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { establish, keyings } from '../../harness/vocabulary/keying.ts';
import { addressMutants, ipsecMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { laterProtections, protectionOf } from '../../harness/vocabulary/transforms.ts';
import { followsUnderNat } from '../left-out.ts';
import { DUPONT, RFC4301, RFC7296 } from '../requirements/documents.ts';
import { gateways, TUNNEL } from './gateways.ts';

export const replies = scenario({
  name: 'replies',
  title: 'Where answers go when the peer of a tunnel has moved',
  dimensions: {
    elsewhere: ['same-prefix', 'other-prefix'],
    carried: ['plain', 'in-udp'],
    keying: keyings,
    protection: laterProtections,
  },
  where: ({ carried, protection }) => carried === 'plain' || protection === '',
  leavesOut: ({ carried, keying }) => (carried === 'plain' || keying === 'manual' ? undefined : followsUnderNat),
  given: ({ carried, keying, protection }) =>
    gateways(keying, { encapsulation: carried === 'in-udp', suite: protectionOf(protection) }),
  async play(stage, { elsewhere, keying }) {
    const { tn } = stage;
    const inClear = { from: places[elsewhere].ipv4, to: nutAddresses.ipv4 };
    await establish(stage, keying, [TUNNEL]);
    await tn.echo('before');
    await tn.movesTo(elsewhere);
    await tn.pingInClear('path', inClear);
    await tn.echo('stimulus', { awaited: false });
    await tn.pingInClear('life', inClear);
    await tn.movesTo('home');
    await tn.echo('after');
  },
  questions: {
    'DUPONT-C3': question('Where does a tunnel send its answers when its peer comes from another address?', {
      outcomes: ['old', 'new', 'none'],
      controls: (t, { elsewhere }) => [
        pre('the tunnel works from home', t.answered('before')),
        cause('the new place itself is reachable', t.answered('path')),
        cause(`and is still so: ${elsewhere}`, t.answered('life')),
        post('the tunnel works from home again', t.answered('after')),
      ],
      judge: (t, { elsewhere }) =>
        answeredTo(t, places.home.ipv4)?.as('old') ??
        answeredTo(t, places[elsewhere as keyof typeof places].ipv4)?.as('new') ??
        t.silent('stimulus', 'life')?.as('none'),
      plays: 'sender',
      reads: ({ keying }) => [
        reads(DUPONT, '2.4 C2', 'obs', 'sender', {
          old: observed('the SA that leaves stays behind'),
          new: observed('the SA that leaves follows the source of ESP'),
          none: observed('nothing comes back'),
        }),
        reads(RFC4301, '5.1.2.1 (3)', 'obs', 'sender', { old: pass, new: fail, none: observed('nothing to send') }),
        ...(keying === 'manual'
          ? []
          : [
              reads(RFC7296, '2.11', 'obs', 'implementation', {
                old: pass,
                new: observed('an address is taken over as 2.23 has it for a NAT that forgot'),
                none: observed('nothing to send'),
              }),
            ]),
      ],
      lawful: 'old',
      turnedBy: [
        [addressMutants.followsEspSource, 'new'],
        [ipsecMutants.checksOuterSource, 'none'],
        [addressMutants.looksUpByPair, 'none'],
      ],
    }),
  },
});

/** The answer to the stimulus, if the ESP packet that brought it went to this address. */
function answeredTo(t: Account, address: string): Finding | undefined {
  const answer = t.answer('stimulus');
  if (answer?.packet.esp?.carrier.destination !== address) return undefined;
  return finding(
    `answered to ${address}`,
    t.evidenceOf(answer, `the answer, under ${answer.packet.esp.protocol} to ${address}`),
  );
}
