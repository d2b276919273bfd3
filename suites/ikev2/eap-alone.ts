/**
 * A client wants EAP alone (RFC 5998): of a gateway that takes it at its word and asks by a method that is not fit for it, of one that signs all the same,
 * and of one under test that might leave its signature out where EAP proves nothing.
 */
import { signedWith } from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, tnCertificate } from '../../harness/vocabulary/ike-intent.ts';
import { liesInEap } from '../../harness/vocabulary/lies.ts';
import { eapMutants, identityMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import {
  aloneControls,
  conversesAlone,
  impersonation,
  impersonationControls,
  judgeAlone,
  judgeClient,
  playImpersonation,
  rejected,
} from '../identity/impersonation.ts';
import { RFC5998 } from '../requirements/documents.ts';
import { client, gateway, type Method, methods } from './eap.ts';
import { byTls, client as clientOfTls, gateway as gatewayOfTls } from './eap-tls.ts';

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

export const eapAloneSigned = scenario({
  name: 'eap-alone-signed',
  title: 'A gateway signs, though EAP alone was wanted',
  dimensions: { signature: ['good', 'of-another-key'], role: ['initiator'] },
  given: () =>
    impersonation({
      nut: { ...clientOfTls(), expects: { identity: 'any', authentication: 'eap', trustAnchors: byTls.trustAnchors } },
      tn: gatewayOfTls,
      claim: { ...gatewayOfTls, credential: signedWith(tnCertificate) },
    }),
  misbehaves: ({ signature }) => ({ tn: signature === 'good' ? {} : liesInEap('claim', 'signature-of-another-key') }),
  play: (stage) => playImpersonation(stage, 'initiator'),
  questions: {
    'RFC5998-3-SIGNED': question('Does a client that wants EAP alone verify a signature that comes all the same?', {
      outcomes: ['established', 'refused'],
      controls: impersonationControls,
      judge: judgeClient,
      plays: 'initiator',
      reads: ({ signature }) => [
        signature === 'good'
          ? reads(RFC5998, '3', 'MUST', 'initiator', {
              established: pass,
              refused: observed('EAP alone is all that its policy takes'),
            })
          : reads(RFC5998, '3', 'MUST', 'initiator', rejected),
      ],
      lawful: ({ signature }) => (signature === 'good' ? 'established' : 'refused'),
      turnedBy: ({ signature }) =>
        signature === 'good'
          ? [[eapMutants.takesNoSignature, 'refused']]
          : [[identityMutants.verifiesNoSignature, 'established']],
    }),
  },
});

export const eapAloneAsked = scenario({
  name: 'eap-alone-asked',
  title: 'A client asks a gateway that can sign for EAP alone, by a method that is not fit for it',
  dimensions: { method: methods, role: ['responder'] },
  given: ({ method }) =>
    impersonation({
      nut: gateway(method as Method),
      tn: { ...client(method as Method), expects: { ...anyoneOfTheAuthority, authentication: 'eap' } },
      claim: {},
    }),
  play: (stage) => conversesAlone(stage, 'responder', 'claim', { face: 'claim' }),
  questions: {
    'RFC5998-3-ASKED': question('Does a gateway sign where its method of EAP is not fit to stand alone?', {
      outcomes: ['signs', 'leaves-out', 'refused'],
      controls: aloneControls,
      judge: (t) => {
        const answers = { after: 'claim', by: 'nut', response: true } as const;
        return (
          t.ike.heard('HDR, SK {IDr, [CERT,] AUTH, EAP}', answers)?.as('signs') ??
          t.ike.heard('HDR, SK {IDr, EAP}', answers)?.as('leaves-out') ??
          t.ike.refused('claim', 'nut')?.as('refused')
        );
      },
      plays: 'responder',
      reads: [
        reads(RFC5998, '3', 'MUST', 'responder', {
          signs: pass,
          'leaves-out': fail,
          refused: observed('nobody is authenticated by EAP alone'),
        }),
      ],
      lawful: 'signs',
      turnedBy: [[eapMutants.signsForNobodyWhoAsks, 'leaves-out']],
    }),
  },
});
