/**
 * Updates whose nonces are too old, unknown, older than others, or belong to another token (RFC 6275 5.2.7, 9.5.1): who asks is told which test to repeat,
 * of a deletion the care-of nonce is not looked at, and a wrong token is no reason to say anything.
 */
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { careOfTestInit, deletion, fromAway, goodUpdate, homeTestInit, tests, type Update, update } from './acts.ts';
import { aroundUpdate, cameOf, only, type UpdateOutcome, updateOutcomes } from './update-outcomes.ts';

const dimensions = {
  update: ['registration', 'deletion', 'deletion-from-home'],
  nonces: ['home', 'care-of', 'both'],
  are: ['expired', 'unknown', 'of-another-token', 'not-recent'],
} as const;
interface At {
  readonly update: (typeof dimensions.update)[number];
  readonly nonces: (typeof dimensions.nonces)[number];
  readonly are: (typeof dimensions.are)[number];
}

/** Together beyond MAX_NONCE_LIFETIME (240 s), each for itself far below MAX_TOKEN_LIFETIME (210 s). */
const HALF = 122;
/** Beyond the 30 s in which a node may make one nonce serve all. */
const A_WHILE = 60;
/** Indices that no node has come to. */
const AHEAD = 20_000;

export const nonces = scenario({
  name: 'nonces',
  title: 'The nonces of an update are not what they were',
  dimensions,
  where: ({ update, nonces, are }) => {
    if (are === 'not-recent') return nonces === 'both';
    // The care-of keygen token is no part of a deletion.
    return are !== 'of-another-token' || nonces === 'home' || (nonces === 'care-of' && update === 'registration');
  },
  given: () => correspondent({ signalling: {} }, []),
  lasts: ({ are }) => ({ expired: 2 * HALF, unknown: 0, 'of-another-token': 0, 'not-recent': A_WHILE })[are],
  async play({ tn }, at) {
    const deletes = at.update !== 'registration';
    await tests(tn);
    if (deletes) await tn.sends('registered', update({ lifetime: 105 }));
    if (at.are === 'expired') {
      await tn.letsPass('half of it', HALF);
      if (at.nonces === 'home') await tn.sends('care-of test again', careOfTestInit('care-of test again'));
      if (at.nonces === 'care-of') await tn.sends('home test again', homeTestInit('home test again'));
      await tn.letsPass('the rest', HALF);
    }
    if (at.are === 'not-recent') {
      await tn.letsPass('a while', A_WHILE);
      await tests(tn, ' of another', {
        homeAddress: mobile.otherHomeAddress,
        careOfAddress: mobile.secondCareOfAddress,
      });
    }
    await tn.sends('wrong', { ...spoilt(at), awaited: false });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('probe', fromAway(1), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, UpdateOutcome>(
      'Do the nonces of an update count as long as they should?',
      {
        outcomes: updateOutcomes,
        controls: aroundUpdate,
        judge: (t, at) => cameOf(t, { name: 'wrong', probe: 'probe', deletes: at.update !== 'registration' }),
        plays: 'receiver',
        reads: (at) => [
          reads(RFC6275, sections[at.are], levelOf(at), 'receiver', only(updateOutcomes, expected(at))),
          reads(ARKKO, '2.3', 'obs', 'receiver', only(updateOutcomes, expected(at))),
        ],
        lawful: expected,
        turnedBy: (at) => [turnOf(at)],
        alsoKnownAs: knownAs,
      },
    ),
  },
});

const sections = {
  expired: '5.2.7',
  unknown: '9.5.1',
  'of-another-token': '9.5.1',
  'not-recent': '5.2.7',
} as const;

/** That a token is believed for so long is recommended. */
const levelOf = ({ are }: At): 'MUST' | 'SHOULD' => (are === 'not-recent' ? 'SHOULD' : 'MUST');

function spoilt({ update: what, nonces, are }: At): Update {
  const order = what === 'registration' ? update({ sequenceNumber: 2 }) : deletion();
  const { careOfAddress: _away, ...fromHome } = order;
  const sent = what === 'deletion-from-home' ? fromHome : order;
  const [home, careOf] = [nonces !== 'care-of', nonces !== 'home'];
  const authorization = {
    ...order.authorization!,
    ...(are === 'unknown' && home && { homeNonceAhead: AHEAD }),
    ...(are === 'unknown' && careOf && { careOfNonceAhead: AHEAD }),
    ...(are === 'of-another-token' && home && { homeKeygenToken: new Uint8Array(8) }),
    ...(are === 'of-another-token' && careOf && { careOfKeygenToken: new Uint8Array(8) }),
  };
  return { ...sent, authorization };
}

function expected({ update: what, nonces, are }: At): UpdateOutcome {
  if (are === 'of-another-token') return 'discarded';
  if (are === 'not-recent') return 'accepted';
  if (what === 'registration') return ({ home: '136', 'care-of': '137', both: '138' } as const)[nonces];
  return nonces === 'care-of' ? 'accepted' : '136';
}

function turnOf(at: At): Turn<UpdateOutcome> {
  const { update: what, nonces: which, are } = at;
  const deletes = what !== 'registration';
  if (are === 'of-another-token') return [mobilityMutants.believesEveryAuthenticator, 'accepted'];
  if (are === 'not-recent') return [mobilityMutants.knowsTheLastNonceOnly, deletes ? '136' : '138'];
  if (deletes && which === 'care-of') return [mobilityMutants.asksForCareOfNonceAlways, '137'];
  if (are === 'expired') return [mobilityMutants.keepsNoncesForEver, 'accepted'];
  if (deletes && which === 'both') return [mobilityMutants.asksForCareOfNonceAlways, '138'];
  return which === 'both' ? [mobilityMutants.namesOneNonceAtATime, '136'] : [mobilityMutants.namesBothNonces, '138'];
}

function knownAs({ update: what, nonces, are }: At): readonly string[] {
  const group = {
    expired: { home: '2', 'care-of': '3', both: '8' },
    unknown: { home: '4', 'care-of': '5', both: '9' },
    'of-another-token': { home: '6', 'care-of': '7', both: '' },
    'not-recent': { home: '', 'care-of': '', both: '12' },
  }[are][nonces];
  const id = `CN-4-${group}-${{ registration: 1, deletion: 2, 'deletion-from-home': 3 }[what]}`;
  // An update that is answered although nobody asked for it is CN-2-5-3 to CN-2-5-5 (`acknowledgements.ts`).
  return are === 'not-recent' && what === 'registration' ? [id, 'CN-4-11'] : [id];
}
