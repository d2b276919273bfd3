/**
 * The node under test authenticates by EAP, and the gateway asks as it should and otherwise (RFC 7296 2.16; RFC 3748 4; RFC 2759): whoever has not
 * proven itself, or says that it has failed, has no peer.
 */
import type { Account, Judgement } from '../../harness/vocabulary/judging.ts';
import { type EapLie, liesInEap } from '../../harness/vocabulary/lies.ts';
import { eapMutants, identityMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { impersonation, impersonationControls, playImpersonation, refusedByClient } from '../identity/impersonation.ts';
import { RFC3748, RFC7296 } from '../requirements/documents.ts';
import { client, gateway, type Method, methods, paddings } from './eap.ts';

type Outcome = 'established' | 'refused';

interface Way {
  readonly lie?: EapLie;
  /** The gateway asks for a name first. */
  readonly asksIdentity?: true;
  readonly methods: readonly Method[];
  readonly lawful: Outcome;
  readonly turned: readonly [NodeMutant, Outcome];
}

const accepted = 'established';
const ways = {
  'name-asked': {
    asksIdentity: true,
    methods: ['md5'],
    lawful: accepted,
    turned: [eapMutants.answersAsBefore, 'refused'],
  },
  padding: { lie: 'padding', methods, lawful: accepted, turned: [eapMutants.wantsExactLength, 'refused'] },
  'no-signature': { lie: 'no-signature', methods, lawful: 'refused', turned: [eapMutants.answersAnybody, accepted] },
  'other-type': {
    lie: 'other-type',
    methods: ['mschapv2'],
    lawful: 'refused',
    turned: [eapMutants.answersEveryMethod, accepted],
  },
  'too-few-octets': { lie: 'too-few-octets', methods, lawful: 'refused', turned: [eapMutants.readsToTheEnd, accepted] },
  failure: { lie: 'failure', methods, lawful: 'refused', turned: [eapMutants.passesOverFailure, accepted] },
  'early-success': {
    lie: 'early-success',
    methods: ['md5'],
    lawful: 'refused',
    turned: [eapMutants.takesEarlySuccess, accepted],
  },
  'wrong-result': {
    lie: 'wrong-result',
    methods: ['mschapv2'],
    lawful: 'refused',
    turned: [eapMutants.believesTheAuthenticator, accepted],
  },
  'auth-of-another-key': {
    lie: 'auth-of-another-key',
    methods,
    lawful: 'refused',
    turned: [identityMutants.verifiesNoSignature, accepted],
  },
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;

const wayOf = (name: string): Way => ways[name as WayName];

export const eapAnswered = scenario({
  name: 'eap-answered',
  title: 'A gateway asks by EAP',
  dimensions: { way: Object.keys(ways) as WayName[], method: methods, role: ['initiator'] },
  where: ({ way, method }) => wayOf(way).methods.includes(method as Method),
  given: ({ way, method }) => {
    const { asksIdentity } = wayOf(way);
    return impersonation({
      nut: client(method as Method),
      tn: gateway(method as Method),
      claim: gateway(method as Method, 'any', asksIdentity ? { asksIdentity } : {}),
    });
  },
  misbehaves: ({ way }) => {
    const { lie } = wayOf(way);
    return { tn: lie ? liesInEap('claim', lie) : {} };
  },
  play: (stage) => playImpersonation(stage, 'initiator'),
  questions: {
    'RFC7296-2.16': question('Does a client go on with whoever has proven itself, and nobody else?', {
      outcomes: ['established', 'refused'],
      controls: impersonationControls,
      judge: (t, { way }) => judgeAnswer(t, way),
      plays: 'initiator',
      reads: ({ way }) => {
        if (way === 'padding') return [reads(RFC7296, '3.16', 'obs', 'receiver', paddings)];
        return way === 'name-asked'
          ? [
              reads(RFC3748, '5', 'MUST', 'implementation', { established: pass, refused: fail }),
              reads(RFC7296, '3.16', 'MAY', 'initiator', {
                established: pass,
                refused: observed('who has named itself in IDi answers no request for a name'),
              }),
            ]
          : [reads(RFC7296, '2.16', 'MUST', 'implementation', { established: fail, refused: pass })];
      },
      lawful: ({ way }) => wayOf(way).lawful,
      turnedBy: ({ way }) => [wayOf(way).turned],
    }),
  },
});

/** Success before its time is taken by whoever goes on to AUTH: nobody but an honest gateway could end that. */
function judgeAnswer(t: Account, way: string): Judgement | undefined {
  const goesOn = t.ike.heard('HDR, SK {AUTH}', { after: 'claim', before: 'claim echo' });
  return (
    (t.established('claim', 'claim echo') ?? (way === 'early-success' ? goesOn : undefined))?.as('established') ??
    refusedByClient(t)?.as('refused')
  );
}
