/**
 * A peer proves nothing about itself (RFC 7619): it is let in where policy takes that, as nobody, and nowhere else. What it can prove is that it is the one
 * that began IKE_SA_INIT, by an AUTH under SK_p.
 */
import { fqdn, hexOf, nobody, nullAuthentication, sharedKey } from '../../harness/vocabulary/credentials.ts';
import { anyoneOfTheAuthority, negotiated, type Party, peering, tnName } from '../../harness/vocabulary/ike-intent.ts';
import { pre, seen } from '../../harness/vocabulary/judging.ts';
import { provesNothingWithNoKey } from '../../harness/vocabulary/lies.ts';
import { identityMutants, type NodeMutant, nullAuthenticationMutants } from '../../harness/vocabulary/mutants.ts';
import { fail, pass, question, type Reads, reads, type Turn } from '../../harness/vocabulary/question.ts';
import { scenario } from '../../harness/vocabulary/scenario.ts';
import { RFC4301, RFC7619 } from '../requirements/documents.ts';
import {
  accepted,
  aloneControls,
  conversesAlone,
  type Face,
  impersonation,
  impersonationControls,
  judgeAlone,
  judgeImpersonation,
  playImpersonation,
  rejected,
  roles,
  verifies,
} from './impersonation.ts';

type Outcome = 'established' | 'refused';

interface Way {
  readonly claim: Face;
  readonly garbled?: true;
  readonly lawful: Outcome;
  readonly readings: readonly Reads<Outcome>[];
  readonly mutant: NodeMutant;
}

const anonymous: Pick<Party, 'identity' | 'credential'> = { identity: nobody, credential: nullAuthentication };
/** Accepts whoever says that it is nobody. */
const anybody: Party['expects'] = { identity: nobody, authentication: 'null', trustAnchors: [] };

/** The tester is nobody, and the node under test is nobody as well or has a certificate. */
function nobodyKnown(isMutual: boolean, claim: Face) {
  return impersonation({
    nut: { expects: anybody, ...(isMutual && anonymous) },
    tn: { ...anonymous, expects: isMutual ? anybody : anyoneOfTheAuthority },
    claim,
  });
}

const ways = {
  nobody: {
    claim: {},
    lawful: 'established',
    readings: [reads(RFC7619, '2.1', 'MUST', 'receiver', accepted)],
    mutant: nullAuthenticationMutants.takesTheOtherKey,
  },
  'a-name': {
    claim: { identity: fqdn(tnName) },
    lawful: 'established',
    readings: [reads(RFC7619, '2.1', 'MAY', 'receiver', { established: pass, refused: pass })],
    mutant: nullAuthenticationMutants.believesNamesUnproven,
  },
  'garbled-auth': {
    claim: {},
    garbled: true,
    lawful: 'refused',
    readings: [reads(RFC7619, '2.1', 'MUST', 'receiver', rejected)],
    mutant: identityMutants.verifiesNoSignature,
  },
} as const satisfies Record<string, Way>;

type WayName = keyof typeof ways;

const wayOf = (name: string): Way => ways[name as WayName];

export const nullAuthenticated = scenario({
  name: 'null-authenticated',
  title: 'A peer proves nothing about itself, where policy takes that',
  dimensions: { says: Object.keys(ways) as WayName[], unproven: ['both', 'peer'], role: roles },
  given: ({ says, unproven }) => nobodyKnown(unproven === 'both', wayOf(says).claim),
  misbehaves: ({ says }) => ({ tn: wayOf(says).garbled ? provesNothingWithNoKey : {} }),
  play: (stage, { role }) => conversesAlone(stage, role, 'claim', { face: 'claim' }),
  questions: {
    'RFC7619-2.1': question('Is a peer let in that proves to have the keys of its IKE SA, and only then?', {
      outcomes: ['established', 'refused'],
      controls: aloneControls,
      judge: (t) => judgeAlone(t, 'claim'),
      plays: ({ role }) => verifies(role!),
      reads: ({ says }) => wayOf(says).readings,
      lawful: ({ says }) => wayOf(says).lawful,
      turnedBy: ({ says }): readonly Turn<Outcome>[] => [
        [wayOf(says).mutant, wayOf(says).lawful === 'refused' ? 'established' : 'refused'],
      ],
    }),
  },
});

const keyed = sharedKey('a key of these two');
const withKey: Party['expects'] = {
  identity: 'any',
  authentication: 'shared-key',
  trustAnchors: [],
  sharedKeys: [{ identity: 'any', key: hexOf('a key of these two') }],
};

export const nullForAnotherMethod = scenario({
  name: 'null-for-another-method',
  title: 'A peer proves nothing about itself, where policy wants a proof',
  dimensions: { wanted: ['signature', 'shared-key'], says: ['its-name', 'nobody'], role: roles },
  given: ({ wanted, says }) =>
    impersonation({
      ...(wanted === 'shared-key' && {
        nut: { credential: keyed, expects: withKey },
        tn: { credential: keyed, expects: withKey },
      }),
      claim: { ...(says === 'nobody' && { identity: nobody }), credential: nullAuthentication },
    }),
  play: (stage, { role }) => playImpersonation(stage, role),
  questions: {
    'RFC7619-2.2': question('Is a peer refused that proves nothing, where a proof is wanted?', {
      outcomes: ['refused', 'established'],
      controls: impersonationControls,
      judge: judgeImpersonation,
      plays: ({ role }) => verifies(role!),
      reads: [
        reads(RFC7619, '2.2', 'MUST NOT', 'receiver', rejected),
        reads(RFC4301, '4.4.3.4', 'MUST', 'receiver', rejected),
      ],
      lawful: 'refused',
      turnedBy: [[identityMutants.takesAnyMethod, 'established']],
    }),
  },
});

export const nullInitialContact = scenario({
  name: 'null-initial-contact',
  title: 'Somebody who is nobody says that it has no other IKE SA',
  dimensions: { says: ['initial-contact'] },
  given: () =>
    negotiated({ mode: 'tunnel', nut: { expects: anybody }, tn: { ...anonymous, expects: anyoneOfTheAuthority } }),
  async play({ tn, nut }) {
    await tn.initiates('one');
    await tn.echo('before');
    await tn.presents(peering.connection);
    await tn.initiates('another');
    await nut.reports('report', { until: ({ ikeSas }) => ikeSas.length === 2 });
  },
  questions: {
    'RFC7619-2.3': question('Does INITIAL_CONTACT of somebody who is nobody end what others have?', {
      outcomes: ['kept', 'ended'],
      controls: (t) => [
        pre('the tunnel of one works', t.established('one', 'before')),
        seen('another says it', t.ike.heard(CONTACT, { by: 'tn', after: 'another' })),
        // Its child has the selectors of the other one, and may be refused for that.
        pre('it is let in', t.ike.heard(LET_IN, { by: 'nut', after: 'another', response: true })),
      ],
      judge: (t) => {
        const both = t.reported('report', 'ikeSas', 'both are there', ({ ikeSas }) => ikeSas.length === 2);
        const last = t.reported('report', 'ikeSas', 'the last one is there', ({ ikeSas }) => ikeSas.length === 1);
        return both?.as('kept') ?? last?.as('ended');
      },
      plays: 'responder',
      reads: [reads(RFC7619, '2.3', 'MUST', 'responder', { kept: pass, ended: fail })],
      lawful: 'kept',
      turnedBy: [[nullAuthenticationMutants.takesAllForOne, 'ended']],
    }),
  },
});

const LET_IN = 'HDR, SK {IDr, [CERT+,] AUTH, [SA,] [TSi,] [TSr]}';
const CONTACT = 'HDR, SK {IDi, [CERTREQ,] [IDr,] AUTH, SA, TSi, TSr, N(INITIAL_CONTACT)}';
