/**
 * A client authenticates to the node under test by EAP-TLS, as it should and otherwise (RFC 5216 2.1, 5.2, 5.3; RFC 5246 7.4): whoever has not proven the
 * key of a certificate of that name is not let in.
 */
import { liesInEap } from '../../harness/vocabulary/lies.ts';
import { eapTlsMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { impersonation, impersonationControls, playImpersonation } from '../identity/impersonation.ts';
import { RFC5216, RFC5246 } from '../requirements/documents.ts';
import { judgeEap } from './eap-authenticated.ts';
import { byTls, carol, client, wrongCertificates } from './eap-tls.ts';
import { framings, isFraming, lies, type Way, wrongNames } from './eap-tls-ways.ts';

const certificates = wrongCertificates(carol);

const ways = {
  ...wrongNames,
  'without-its-key': { section: '2.1.3', besides: [RFC5246, '7.4.8'], turned: eapTlsMutants.verifiesNoTlsKey },
  'wrong-finished': lies['wrong-finished'],
  'spoilt-record': {
    lie: 'spoilt-record',
    section: '2.1.3',
    besides: [RFC5246, '6.2.3.3'],
    turned: eapTlsMutants.opensWithoutTag,
  },
  'wrong-length': lies['wrong-length'],
  'data-for-acknowledgement': {
    lie: 'data-for-acknowledgement',
    section: '2.1.5',
    turned: eapTlsMutants.takesAnythingForAcknowledged,
  },
  'auth-of-another-key': lies['auth-of-another-key'],
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;
const wayOf = (way: string): Way => ways[way as WayName];

export const eapTlsAuthenticated = scenario({
  name: 'eap-tls-authenticated',
  title: 'A client authenticates by EAP-TLS',
  dimensions: { way: Object.keys(ways) as WayName[] },
  given: ({ way }) =>
    impersonation({
      nut: { expects: byTls },
      tn: client(),
      claim: client(way in certificates ? certificates[way as keyof typeof certificates] : undefined),
    }),
  misbehaves: ({ way }) => {
    const { lie } = wayOf(way);
    return { tn: lie ? liesInEap('claim', lie) : {} };
  },
  play: (stage) => playImpersonation(stage, 'responder'),
  questions: {
    'RFC5216-2.1': question('Is a client let in that has the key of its certificate, and no other?', {
      outcomes: ['established', 'failure', 'refused'],
      controls: impersonationControls,
      judge: (t) => judgeEap(t, false),
      plays: 'responder',
      reads: ({ way }) => {
        const { section, besides } = wayOf(way);
        if (isFraming(way))
          return [reads(RFC5216, section, 'obs', 'responder', { ...framings, failure: framings.refused })];
        const outcomes = { established: fail, failure: pass, refused: pass };
        const own = reads(RFC5216, section, 'MUST', 'responder', outcomes);
        return besides ? [own, reads(...besides, 'MUST', 'responder', outcomes)] : [own];
      },
      lawful: ({ way }) => (way === 'auth-of-another-key' ? 'refused' : 'failure'),
      turnedBy: ({ way }) => [[wayOf(way).turned, 'established']],
    }),
  },
});
