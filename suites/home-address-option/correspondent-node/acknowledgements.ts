/**
 * Whether an update is acknowledged that does not ask for it (RFC 6275 9.5.4): not where it is accepted, and always where the nonces or the sequence
 * number are what is wrong. What bears an authenticator, and what does not, belongs to it.
 */
import { type Account, both, type Judgement, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { fromAway, goodUpdate, tests, update, type Wanted } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['silence', 'acknowledged', 'with authenticator', 'other status'] as const;
type Outcome = (typeof outcomes)[number];

interface Case {
  readonly wanted?: Wanted;
  readonly ahead?: { readonly homeNonceAhead?: number; readonly careOfNonceAhead?: number };
  readonly status: number;
  readonly expects: Outcome;
  readonly level: 'MUST' | 'MUST NOT' | 'SHOULD NOT';
  readonly turns: readonly Turn<Outcome>[];
  readonly knownAs: string;
}

/** Indices that no node has come to. */
const AHEAD = 20_000;
const { acknowledgesAlways, acknowledgesOnDemand, authenticatesNever } = mobilityMutants;
const aboutNonces = {
  expects: 'acknowledged',
  level: 'MUST',
  turns: [[acknowledgesOnDemand, 'silence']],
} as const;

const cases = {
  accepted: {
    status: 0,
    expects: 'silence',
    level: 'SHOULD NOT',
    turns: [[acknowledgesAlways, 'with authenticator']],
    knownAs: 'CN-2-5-1',
  },
  'sequence-number': {
    wanted: { sequenceNumber: 50 },
    status: 135,
    expects: 'with authenticator',
    level: 'MUST',
    turns: [
      [acknowledgesOnDemand, 'silence'],
      [authenticatesNever, 'acknowledged'],
    ],
    knownAs: 'CN-2-5-2',
  },
  'home-nonce': { ahead: { homeNonceAhead: AHEAD }, status: 136, ...aboutNonces, knownAs: 'CN-2-5-3' },
  'care-of-nonce': { ahead: { careOfNonceAhead: AHEAD }, status: 137, ...aboutNonces, knownAs: 'CN-2-5-4' },
  'both-nonces': {
    ahead: { homeNonceAhead: AHEAD, careOfNonceAhead: AHEAD },
    status: 138,
    ...aboutNonces,
    knownAs: 'CN-2-5-5',
  },
} as const satisfies Readonly<Record<string, Case>>;

const dimensions = { update: Object.keys(cases) as (keyof typeof cases)[], acknowledge: ['unasked'] } as const;
const caseOf = (at: { readonly update: keyof typeof cases }): Case => cases[at.update];

export const acknowledgements = scenario({
  name: 'acknowledgements',
  title: 'An update asks for no acknowledgement',
  dimensions,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, at) {
    const { wanted, ahead } = caseOf(at);
    await tests(tn);
    await tn.sends('registered', update({ sequenceNumber: 60 }));
    const order = update({ sequenceNumber: 61, acknowledge: false, ...wanted });
    await tn.sends('unasked', { ...order, authorization: { ...order.authorization!, ...ahead } });
    await tn.packet('used', fromAway(1), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, Outcome>('Is an update acknowledged unasked?', {
      outcomes,
      controls: (t) => [
        pre('an update that asks for it is acknowledged', t.mobility.acknowledged('registered', 0)),
        post('the binding serves all the time', t.answered('used')),
        post('a good update is acknowledged', t.mobility.acknowledged('good update', 0)),
      ],
      judge: (t, at) => cameOf(t, caseOf(at).status),
      plays: 'receiver',
      reads: (at) => {
        const { level, expects } = caseOf(at);
        const asWanted = only(outcomes, expects);
        return [reads(RFC6275, '9.5.4', level, 'receiver', asWanted), reads(ARKKO, '2.3', 'obs', 'receiver', asWanted)];
      },
      lawful: (at) => caseOf(at).expects,
      turnedBy: (at) => caseOf(at).turns,
      alsoKnownAs: (at) => [caseOf(at).knownAs],
    }),
  },
});

function cameOf(t: Account, status: number): Judgement | undefined {
  const answer = t.mobility.answer('unasked')?.message;
  if (answer?.kind !== 'bindingAcknowledgement') {
    return both(t.mobility.silent('unasked', 'good update'))?.as('silence');
  }
  const isAuthenticated = answer.options.some(({ type }) => type === 'bindingAuthorizationData');
  const says = isAuthenticated ? 'with authenticator' : 'acknowledged';
  const shown = t.mobility.answered('unasked', () => `status ${answer.status}, ${says}`);
  return shown?.as(answer.status === status ? says : 'other status');
}
