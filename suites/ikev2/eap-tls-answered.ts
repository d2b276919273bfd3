/**
 * The node under test is a client that does with EAP-TLS alone (RFC 5998), and a gateway answers as it should and otherwise: the certificate in TLS is
 * all that says who it is (RFC 5216 2.1, 5.2, 5.3; RFC 5246 7.4).
 */
import { tnName } from '../../harness/vocabulary/ike-intent.ts';
import { liesInEap } from '../../harness/vocabulary/lies.ts';
import { eapTlsMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { impersonation, impersonationControls, judgeClient, playImpersonation } from '../identity/impersonation.ts';
import { RFC5216, RFC5246 } from '../requirements/documents.ts';
import { byTls, client, gateway, wrongCertificates } from './eap-tls.ts';
import { framings, isFraming, lies, type Way, wrongNames } from './eap-tls-ways.ts';

const certificates = wrongCertificates(tnName);

const ways = {
  ...wrongNames,
  'without-its-key': { section: '2.1.3', besides: [RFC5246, '7.4.3'], turned: eapTlsMutants.verifiesNoKeyExchange },
  'wrong-finished': lies['wrong-finished'],
  'wrong-length': lies['wrong-length'],
  'auth-of-another-key': lies['auth-of-another-key'],
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;
const wayOf = (way: string): Way => ways[way as WayName];

export const eapTlsAnswered = scenario({
  name: 'eap-tls-answered',
  title: 'A gateway proves itself by EAP-TLS alone',
  dimensions: { way: Object.keys(ways) as WayName[], role: ['initiator'] },
  given: ({ way }) =>
    impersonation({
      nut: { ...client(), expects: { identity: 'any', authentication: 'eap', trustAnchors: byTls.trustAnchors } },
      tn: gateway,
      claim: {
        ...gateway,
        ...(way in certificates && { credential: certificates[way as keyof typeof certificates] }),
      },
    }),
  misbehaves: ({ way }) => {
    const { lie } = wayOf(way);
    return { tn: lie ? liesInEap('claim', lie) : {} };
  },
  play: (stage) => playImpersonation(stage, 'initiator'),
  questions: {
    'RFC5216-2.1': question('Does a client go on with whoever has the key of its certificate, and no other?', {
      outcomes: ['established', 'refused'],
      controls: impersonationControls,
      judge: judgeClient,
      plays: 'initiator',
      reads: ({ way }) => {
        const { section, besides } = wayOf(way);
        if (isFraming(way)) return [reads(RFC5216, section, 'obs', 'initiator', framings)];
        const outcomes = { established: fail, refused: pass };
        const own = reads(RFC5216, section, 'MUST', 'initiator', outcomes);
        return besides ? [own, reads(...besides, 'MUST', 'initiator', outcomes)] : [own];
      },
      lawful: 'refused',
      turnedBy: ({ way }) => [[wayOf(way).turned, 'established']],
    }),
  },
});
