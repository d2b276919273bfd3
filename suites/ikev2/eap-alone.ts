/**
 * A client wants EAP alone (RFC 5998), and a gateway takes it at its word: it proves nothing by a signature, and asks by a method that does not prove it
 * either, or only to who cannot guess a password.
 */
import { liesInEap } from '../../harness/vocabulary/lies.ts';
import { eapMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { aloneControls, conversesAlone, impersonation, judgeAlone } from '../identity/impersonation.ts';
import { RFC5998 } from '../requirements/documents.ts';
import { client, gateway, type Method, methods } from './eap.ts';

export const eapAlone = scenario({
  name: 'eap-alone',
  title: 'A gateway proves nothing but what EAP proves, by a method that is not fit for it',
  dimensions: { method: methods },
  given: ({ method }) =>
    impersonation({
      nut: { ...client(method as Method), expects: { identity: 'any', authentication: 'eap', trustAnchors: [] } },
      tn: gateway(method as Method),
      claim: {},
    }),
  misbehaves: () => ({ tn: liesInEap('claim', 'no-signature') }),
  play: (stage) => conversesAlone(stage, 'initiator', 'claim', { face: 'claim' }),
  questions: {
    'RFC5998-3': question('Does a client that wants EAP alone refuse a method that is not fit to stand alone?', {
      outcomes: ['refused', 'established'],
      controls: aloneControls,
      judge: (t) => judgeAlone(t, 'claim'),
      plays: 'initiator',
      reads: [reads(RFC5998, '3', 'MUST', 'initiator', { refused: pass, established: fail })],
      lawful: 'refused',
      turnedBy: [[eapMutants.takesEveryMethodAlone, 'established']],
    }),
  },
});
