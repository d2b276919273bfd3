/**
 * A client authenticates to the node under test by EAP, as it should and otherwise (RFC 7296 2.16; RFC 3748 4): whoever has not proven a password is told
 * Failure and has nothing.
 */
import { type Account, both, type Finding, type Judgement } from '../../harness/vocabulary/judging.ts';
import { type EapLie, liesInEap } from '../../harness/vocabulary/lies.ts';
import { eapMutants, identityMutants, type NodeMutant } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { impersonation, impersonationControls, noSaAfterClaim, playImpersonation } from '../identity/impersonation.ts';
import { RFC7296 } from '../requirements/documents.ts';
import { believedBetween, carol, client, failureBetween, gateway, type Method, methods, paddings } from './eap.ts';

const outcomes = ['established', 'failure', 'refused'] as const;
type Outcome = (typeof outcomes)[number];

interface Way {
  readonly lie?: EapLie;
  readonly account?: typeof carol | { readonly name: string; readonly password: string };
  readonly methods: readonly Method[];
  readonly lawful: Outcome;
  readonly turned: readonly [NodeMutant, Outcome];
}

const md5: readonly Method[] = ['md5'];

const ways = {
  'wrong-password': {
    account: { ...carol, password: 'guessed' },
    methods,
    lawful: 'failure',
    turned: [eapMutants.takesAnyPassword, 'established'],
  },
  'nobodys-name': {
    account: { name: 'mallory', password: 'guessed' },
    methods,
    lawful: 'failure',
    turned: [eapMutants.takesAnyPassword, 'established'],
  },
  'no-data': { lie: 'no-data', methods: md5, lawful: 'failure', turned: [eapMutants.takesAnyPassword, 'established'] },
  'wrong-identifier': {
    lie: 'wrong-identifier',
    methods,
    lawful: 'failure',
    turned: [eapMutants.takesAnyIdentifier, 'established'],
  },
  'other-type': { lie: 'other-type', methods, lawful: 'failure', turned: [eapMutants.takesAnyType, 'established'] },
  'request-for-response': {
    lie: 'request-for-response',
    methods,
    lawful: 'failure',
    turned: [eapMutants.takesAnyCode, 'established'],
  },
  'too-few-octets': {
    lie: 'too-few-octets',
    methods,
    lawful: 'failure',
    turned: [eapMutants.readsToTheEnd, 'established'],
  },
  padding: { lie: 'padding', methods, lawful: 'established', turned: [eapMutants.wantsExactLength, 'failure'] },
  'auth-for-eap': {
    lie: 'auth-for-eap',
    methods: md5,
    lawful: 'refused',
    turned: [eapMutants.skipsEap, 'established'],
  },
  'auth-of-another-key': {
    lie: 'auth-of-another-key',
    methods,
    lawful: 'refused',
    turned: [identityMutants.verifiesNoSignature, 'established'],
  },
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;

const wayOf = (name: string): Way => ways[name as WayName];

export const eapAuthenticated = scenario({
  name: 'eap-authenticated',
  title: 'A client authenticates by EAP',
  dimensions: { way: Object.keys(ways) as WayName[], method: methods },
  where: ({ way, method }) => wayOf(way).methods.includes(method as Method),
  given: ({ way, method }) =>
    impersonation({
      nut: gateway(method as Method),
      tn: client(method as Method),
      claim: client(method as Method, wayOf(way).account),
    }),
  misbehaves: ({ way }) => {
    const { lie } = wayOf(way);
    return { tn: lie ? liesInEap('claim', lie) : {} };
  },
  play: (stage) => playImpersonation(stage, 'responder'),
  questions: {
    'RFC7296-2.16': question('Is a client let in by EAP when it has proven a password, and only then?', {
      outcomes,
      controls: impersonationControls,
      judge: (t, { way }) => judgeEap(t, wayOf(way).account !== undefined),
      plays: 'responder',
      reads: ({ way }) => {
        if (way === 'padding')
          return [reads(RFC7296, '3.16', 'obs', 'receiver', { ...paddings, failure: paddings.refused })];
        // What is no answer at all is not for the method to judge, and RFC 3748 would have it discarded.
        const untold = wayOf(way).account ? fail : pass;
        return [reads(RFC7296, '2.16', 'MUST', 'responder', { established: fail, failure: pass, refused: untold })];
      },
      lawful: ({ way }) => wayOf(way).lawful,
      turnedBy: ({ way }) => [wayOf(way).turned],
    }),
  },
});

/** A password that was not proven is believed when the method says so, whatever IKE makes of it. */
export function judgeEap(t: Account, isUnproven: boolean): Judgement | undefined {
  const believed = isUnproven ? believedBetween(t, 'claim', 'after') : undefined;
  return (
    believed?.as('established') ??
    (t.established('claim', 'claim echo') ?? t.ike.childAgreed('claim'))?.as('established') ??
    failureBetween(t, 'claim', 'after')?.as('failure') ??
    (t.ike.refused('claim', 'nut') ?? t.silent('claim echo', 'after echo') ?? neverLetIn(t))?.as('refused')
  );
}

/** What the client said in EAP came to nothing, and the node has no SA with it. */
const neverLetIn = (t: Account): Finding | undefined =>
  both(t.ike.heard('HDR, SK {EAP}', { by: 'tn', after: 'claim' }), noSaAfterClaim(t));
