/**
 * A binding is made elsewhere and renewed (RFC 6275 9.5.1, 9.5.2, 5.2.7): the care-of address is the one in the option or else the source, a mobile node that
 * moves needs one new test, and what is not authorised moves nothing.
 */
import { type Account, both, type Judgement, post, pre } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityOption } from '../../../reference/wire/mobility/options.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { careOfTestInit, fromAway, goodUpdate, homeTestInit, tests, type Update, update } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['there', 'still here', 'nowhere'] as const;
type Outcome = (typeof outcomes)[number];

const here = mobile.careOfAddress;
const elsewhere = mobile.secondCareOfAddress;
const alternate = (alternateCareOfAddress: string): readonly MobilityOption[] => [
  { type: 'alternateCareOfAddress', alternateCareOfAddress },
];

interface Move {
  /** Before it there is a binding to `here`. */
  readonly from?: 'here';
  readonly order: Update;
  /** Where packets go by way of when it has been accepted. */
  readonly to: string;
  readonly tested: 'both' | 'care-of' | 'none';
  readonly expects: Outcome;
  readonly section: string;
  readonly turn: Turn<Outcome>;
  readonly knownAs: string;
}

const { ignoresAlternateCareOfAddress, believesEveryAuthenticator } = mobilityMutants;
const next = { sequenceNumber: 2 };
const misread = { turn: [mobilityMutants.takesNoSecondUpdate, 'still here'] } as const;

const moves = {
  'to-alternate-address': {
    order: { ...update({ options: alternate(elsewhere) }), authorization: { careOfAddress: elsewhere } },
    to: elsewhere,
    tested: 'care-of',
    expects: 'there',
    section: '9.5.1',
    turn: [ignoresAlternateCareOfAddress, 'nowhere'],
    knownAs: 'CN-3-1-1',
  },
  'to-alternate-address-that-is-the-source': {
    order: update({ options: alternate(here) }),
    to: here,
    tested: 'none',
    expects: 'there',
    section: '9.5.1',
    turn: [mobilityMutants.refusesItsOwnSourceAsAlternate, 'nowhere'],
    knownAs: 'CN-3-1-2',
  },
  'again-tested': {
    from: 'here',
    order: update(next),
    to: here,
    tested: 'both',
    expects: 'there',
    section: '9.5.2',
    turn: [mobilityMutants.takesNoSecondUpdate, 'nowhere'],
    knownAs: 'CN-3-2-1',
  },
  'again-with-the-same-tokens': {
    from: 'here',
    order: update(next),
    to: here,
    tested: 'none',
    expects: 'there',
    section: '5.2.7',
    turn: [mobilityMutants.takesNoSecondUpdate, 'nowhere'],
    knownAs: 'CN-3-2-2',
  },
  'elsewhere-tested': {
    from: 'here',
    order: update({ ...next, careOfAddress: elsewhere }),
    to: elsewhere,
    tested: 'both',
    expects: 'there',
    section: '9.5.2',
    ...misread,
    knownAs: 'CN-3-4-1',
  },
  'elsewhere-with-the-home-token-of-before': {
    from: 'here',
    order: update({ ...next, careOfAddress: elsewhere }),
    to: elsewhere,
    tested: 'care-of',
    expects: 'there',
    section: '5.2.7',
    ...misread,
    knownAs: 'CN-3-4-2',
  },
  'elsewhere-unauthorized': {
    from: 'here',
    order: {
      ...update({ ...next, careOfAddress: elsewhere }),
      authorization: { careOfAddress: elsewhere, careOfKeygenToken: new Uint8Array(8) },
    },
    to: elsewhere,
    tested: 'care-of',
    expects: 'still here',
    section: '9.5.1',
    turn: [believesEveryAuthenticator, 'there'],
    knownAs: 'CN-3-4-3',
  },
} as const satisfies Readonly<Record<string, Move>>;

const dimensions = { moves: Object.keys(moves) as (keyof typeof moves)[] } as const;
const moveOf = (at: { readonly moves: keyof typeof moves }): Move => moves[at.moves];

export const careOfMoves = scenario({
  name: 'care-of-moves',
  title: 'A binding is made elsewhere, or again',
  dimensions,
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, at) {
    const { from, order, to, tested } = moveOf(at);
    await tests(tn);
    if (from) await tn.sends('registered', update());
    if (tested === 'both') await tests(tn, ' again', { careOfAddress: to });
    if (tested === 'care-of') await tn.sends('care-of test again', careOfTestInit('care-of test again', to));
    await tn.sends('update', { ...order, awaited: false });
    await tn.sends('between', homeTestInit('between'));
    await tn.packet('there', fromAway(1, { careOfAddress: to }), { awaited: true });
    await tn.packet('here', fromAway(2), { awaited: true });
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, Outcome>('Where does the update move the binding?', {
      outcomes,
      controls: (t, at) => [
        pre('both tests are answered', both(t.mobility.answered('home test'), t.mobility.answered('care-of test'))),
        ...(moveOf(at).from ? [pre('there is a binding', t.mobility.acknowledged('registered', 0))] : []),
        post('a good update is accepted', t.mobility.acknowledged('good update', 0)),
      ],
      judge: cameOf,
      plays: 'receiver',
      reads: (at) => [
        reads(RFC6275, moveOf(at).section, 'MUST', 'receiver', only(outcomes, moveOf(at).expects)),
        reads(ARKKO, '2.3', 'obs', 'receiver', only(outcomes, moveOf(at).expects)),
      ],
      lawful: (at) => moveOf(at).expects,
      turnedBy: (at) => [moveOf(at).turn],
      alsoKnownAs: (at) => [moveOf(at).knownAs],
    }),
  },
});

function cameOf(t: Account, at: { readonly moves: keyof typeof moves }): Judgement | undefined {
  const accepted = t.mobility.acknowledged('update', 0);
  const { to } = moveOf(at);
  const reply = t.answer('there');
  const byWay = reply?.packet.packet.destination === to ? t.answered('there') : undefined;
  const refused = t.mobility.silent('update', 'good update') ?? t.mobility.answered('update');
  if (accepted) return both(accepted, byWay)?.as('there');
  return both(refused, to === here ? undefined : t.answered('here'))?.as('still here') ?? refused?.as('nowhere');
}
