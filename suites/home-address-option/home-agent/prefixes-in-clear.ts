/**
 * A question for prefixes that comes in clear, as from the mobile node (RFC 6275 5.4, RFC 4877 4.2): the policy of the node lets it in, and the home agent
 * itself asks for IPsec. Who answers it takes it for an acknowledgement of what the mobile node was told, too.
 */
import {
  home,
  homeAgentIntent,
  onHomeLink,
  prefixPair,
  signallingPair,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { post, pre } from '../../../harness/vocabulary/judging.ts';
import { homePrefixesMutants } from '../../../harness/vocabulary/mutants.ts';
import { fromCareOfAddress, icmpv6Packet } from '../../../harness/vocabulary/packets.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';
import { A_WHILE, advertisementAfter, asksAgain } from './prefix-acts.ts';

const solicitation = icmpv6Packet(
  { from: home.address, to: home.agent },
  { kind: 'mobilePrefixSolicitation', type: 146, code: 0, identifier: 0x4f10, options: [] },
);

export const homePrefixesInClear = scenario({
  name: 'home-prefixes-in-clear',
  title: 'Somebody asks in clear which prefixes a home link has',
  cast: onHomeLink,
  dimensions: { asked: ['in-clear'] },
  lasts: () => A_WHILE,
  given() {
    const { parties, ...intent } = homeAgentIntent({ pairs: [signallingPair(), prefixPair()] });
    const { nut, ...others } = parties;
    // Nothing asks for IPsec but the home agent itself.
    const outward = nut!.spd.map((entry) => ({ ...entry, direction: 'out' as const }));
    return { ...intent, parties: { nut: { ...nut!, spd: outward }, ...others } };
  },
  async play({ tn, neighbor }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    await tn.sends('update', homeUpdate());
    await tn.packet('ask in clear', fromCareOfAddress(solicitation, home.careOfAddress));
    await asksAgain(tn, 'ask');
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.6': question('Does a home agent answer a question for prefixes that nothing vouches for?', {
      outcomes: ['silent', 'told', 'told in clear'],
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        pre('registered', accepted(t, 'update')),
        post('it answers who asks under the SA', advertisementAfter(t, 'ask')?.shown),
        post('it still is alive', t.answered('still alive')),
      ],
      judge(t) {
        const told = advertisementAfter(t, 'ask in clear', 'ask');
        if (told) return told.shown.as(told.isProtected ? 'told' : 'told in clear');
        return advertisementAfter(t, 'ask')?.shown.as('silent');
      },
      plays: 'receiver',
      reads: [
        reads(RFC6275, '5.4', 'SHOULD', 'receiver', { silent: pass, told: fail, 'told in clear': fail }),
        reads(RFC4877, '4.1', 'obs', 'receiver', {
          silent: observed('it takes what came under ESP alone'),
          told: observed('it takes what came in clear as well'),
          'told in clear': observed('it takes what came in clear as well, and answers so'),
        }),
      ],
      lawful: 'silent',
      turnedBy: [[homePrefixesMutants.tellsAnybodyOfPrefixes, 'told']],
    }),
  },
});
