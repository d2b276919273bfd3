/**
 * A registration that its mobile node ends while the home agent still tests its addresses (RFC 6275 10.3.1, 10.3.2): whatever the deregistration is told, the
 * older update makes no binding afterwards, which would keep the mobile node from its own address at home.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { both, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

/** Seconds: longer than duplicate address detection takes (RFC 4862 5.1 and 5.4). */
const TESTED = 3;

export const homeWithdrawal = scenario({
  name: 'home-withdrawal',
  title: 'A registration is ended while its addresses are tested',
  cast: onHomeLink,
  dimensions: { ended: ['by-lifetime', 'by-care-of-address'] },
  lasts: () => TESTED,
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { ended }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    await tn.sends('update', { ...homeUpdate(), awaited: false });
    const end = ended === 'by-lifetime' ? { lifetime: 0 } : { lifetime: 0, alternate: home.address };
    await tn.sends('end', homeUpdate({ ...end, sequenceNumber: 2 }));
    await tn.letsPass('it is tested', TESTED);
    await neighbor.solicits('who has it', { target: home.address, from: home.neighbor });
    await neighbor.pingInClear('still alive', { to: home.agent });
    await tn.sends('after', homeUpdate({ sequenceNumber: 3 }));
  },
  questions: {
    'RFC6275-10.3.2': question('Is a registration made whose mobile node has ended it since?', {
      outcomes: ['withdrawn', 'made all the same'],
      controls: (t) => [
        pre('the home agent is alive', t.answered('alive')),
        pre('it answered the deregistration', t.mobility.answered('end')),
        post('and still is', t.answered('still alive')),
        post('a later registration is accepted', accepted(t, 'after')),
      ],
      judge(t) {
        const proxied = t.neighbors.advertised(home.address, { after: 'who has it', before: 'after' });
        if (proxied) return t.neighbors.shown(proxied, 'it answers for the home address')?.as('made all the same');
        return both(t.mobility.answered('end'), t.answered('still alive'))?.as('withdrawn');
      },
      plays: 'receiver',
      reads: [reads(RFC6275, '10.3.2', 'SHOULD', 'receiver', { withdrawn: pass, 'made all the same': fail })],
      lawful: 'withdrawn',
      turnedBy: [[mobilityMutants.registersWhatWasWithdrawn, 'made all the same']],
    }),
  },
});
