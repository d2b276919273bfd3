/**
 * IDi says one name and EAP proves another (RFC 7296 2.16): policy is about the one that was proven, whatever IDi was good for on the way there.
 */
import { fqdn } from '../../harness/vocabulary/credentials.ts';
import { eapMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { carol, client, dave, failureBetween, gateway } from '../ikev2/eap.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { impersonation, impersonationControls, judgeImpersonation, playImpersonation } from './impersonation.ts';

export const identityOfEap = scenario({
  name: 'identity-of-eap',
  title: 'Another name is proven by EAP than IDi has',
  dimensions: { claim: ['other-account'], method: ['md5', 'mschapv2'] },
  given: ({ method }) =>
    impersonation({
      nut: gateway(method, fqdn(carol.name), { asksIdentity: true }),
      tn: client(method),
      claim: client(method, dave),
    }),
  play: (stage) => playImpersonation(stage, 'responder'),
  questions: {
    'RFC7296-2.16-IDENTITY': question('Is a peer refused that proves another name than the policy is about?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: (t) => failureBetween(t, 'claim', 'after')?.as('refused') ?? judgeImpersonation(t),
      plays: 'responder',
      reads: [reads(RFC7296, '2.16', 'SHOULD', 'responder', { refused: pass, established: fail })],
      lawful: 'refused',
      turnedBy: [[eapMutants.believesIdi, 'established']],
    }),
  },
});
