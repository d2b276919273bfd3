/**
 * IKE where everything is protected (DUPONT 2.4): its own messages leave and arrive in clear by UDP ports 500 and 4500, or no SA could ever
 * come about; what others send from those ports, or to them, is traffic like any other. ICMP passes, so that the node can be seen alive.
 */
import { negotiated } from '../../harness/vocabulary/ike-intent.ts';
import { type Family, host } from '../../harness/vocabulary/intent.ts';
import { type Account, both, type Finding, finding, post, pre } from '../../harness/vocabulary/judging.ts';
import { keyManagementMutants } from '../../harness/vocabulary/mutants.ts';
import { nutAddresses, places } from '../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4301 } from '../requirements/documents.ts';

const strangers = {
  'b-from-500': { sourcePort: 500 },
  'c-to-500': { destinationPort: 500 },
} as const;

export const ikeBypass = scenario({
  name: 'ike-bypass',
  title: 'IKE under a policy that protects everything',
  dimensions: {
    sends: ['a-ike', 'b-from-500', 'c-to-500'],
    family: ['ipv4', 'ipv6'],
    role: ['initiator', 'responder'],
  },
  where: ({ sends, role }) => sends === 'a-ike' || role === 'initiator',
  given: ({ family }) =>
    negotiated({ family, child: { start: 'trap' }, testerChild: { start: 'none' }, entries: [icmpPasses(family)] }),
  async play({ tn, nut }, { sends, role }) {
    await tn.echo('before');
    await (role === 'initiator' ? nut : tn).initiates('establish');
    await tn.echo('between');
    await tn.udp('through');
    if (sends !== 'a-ike') await nut.udp('stimulus', strangers[sends]);
    await tn.echo('after');
    await nut.reports('report');
  },
  questions: {
    'DUPONT-2.4-IKEBYPASS': question('Does IKE, and nothing but IKE, pass a policy that protects everything?', {
      outcomes: ['clear', 'protected', 'withheld'],
      controls: (t, { sends }) => [
        pre('the node is reachable', t.answered('before')),
        post('and is so still', t.answered('after')),
        ...(sends === 'a-ike' ? [] : [pre('IKE itself gets through', t.delivered('through', 'report'))]),
      ],
      judge: (t, { sends }) =>
        sends === 'a-ike'
          ? (both(t.ike.childAgreed('establish'), t.delivered('through', 'report'))?.as('clear') ??
            withoutIke(t)?.as('withheld'))
          : (t.sentUnder('stimulus', 'clear')?.as('clear') ??
            t.sentUnder('stimulus', 'esp')?.as('protected') ??
            t.neverSent('stimulus', 'stimulus', 'after')?.as('withheld')),
      plays: ({ sends, role }) =>
        sends === 'a-ike' ? ['sender', 'receiver', role as 'initiator' | 'responder'] : 'sender',
      reads: ({ sends }) =>
        sends === 'a-ike'
          ? [
              reads(DUPONT, '2.4', 'obs', 'implementation', { clear: pass, protected: fail, withheld: fail }),
              // The entry that MUST be there is the policy's, and this policy has none.
              reads(RFC4301, '5.2 2', 'obs', 'administrator', {
                clear: observed('IKE passes without an entry of its own'),
                protected: observed('IKE is protected like the rest'),
                withheld: observed('IKE does not pass without an entry of its own'),
              }),
            ]
          : [
              reads(DUPONT, '2.4', 'obs', 'implementation', {
                clear: observed('what has a port of IKE passes like IKE'),
                protected: observed('only what IKE itself sends passes'),
                withheld: observed('only what IKE itself sends passes'),
              }),
              reads(RFC4301, '5.1 3a', 'MUST', 'sender', { clear: fail, protected: pass, withheld: pass }),
            ],
      lawful: ({ sends }) => (sends === 'a-ike' ? 'clear' : 'protected'),
      turnedBy: ({ sends }) =>
        sends === 'a-ike'
          ? [[keyManagementMutants.protectsIke, 'withheld']]
          : [[keyManagementMutants.bypassesIkePorts, 'clear']],
    }),
  },
});

/** The node sent no message of IKE, from a sign of life to the next. */
function withoutIke(t: Account): Finding | undefined {
  const [before, after] = [t.answer('before'), t.answer('after')].map((answer) => answer?.frame.entry.number);
  if (before === undefined || after === undefined) return undefined;
  if (t.ike.messages('establish').some(({ frame }) => frame.entry.from === 'nut')) return undefined;
  return finding('no message of IKE from nut', { kind: 'silence', after: before, before: after, says: 'no IKE' });
}

function icmpPasses(family: Family) {
  return {
    name: 'icmp',
    direction: 'both',
    selector: {
      local: host(nutAddresses[family]),
      remote: host(places.home[family]),
      protocol: family === 'ipv4' ? 1 : 58,
    },
    action: 'BYPASS',
  } as const;
}
