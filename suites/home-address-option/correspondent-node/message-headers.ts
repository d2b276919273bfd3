/**
 * Tests and updates with something wrong in their headers or options (RFC 6275 6.1, 6.2, 9.2, 9.4): what is to be ignored is ignored, what is an error
 * is reported where the document says so, and nothing else is answered.
 */
import { type Account, type Judgement, post } from '../../../harness/vocabulary/judging.ts';
import { correspondent, mobile } from '../../../harness/vocabulary/mobile-intent.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { question, type Reads, reads, type Turn } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import type { MobilityMessage } from '../../../reference/wire/mobility/message.ts';
import type { MobilityOption } from '../../../reference/wire/mobility/options.ts';
import { ARKKO, RFC6275 } from '../../requirements/documents.ts';
import { careOfTestInit, goodUpdate, homeTestInit, tests, update } from './acts.ts';
import { only } from './update-outcomes.ts';

const outcomes = ['answered', 'problem', 'other problem', 'binding error', 'silence'] as const;
type Outcome = (typeof outcomes)[number];

const messages = ['home-test-init', 'care-of-test-init', 'binding-update'] as const;
type Message = (typeof messages)[number];

interface Fault {
  readonly does: (order: MobilityByHand, message: Message) => MobilityByHand;
  readonly expects: Outcome;
  readonly section: string;
  /** Of the outcome that is expected; that nothing wrong is answered is a MUST everywhere. */
  readonly level: 'MUST' | 'SHOULD' | 'obs';
  readonly turn: Turn<Outcome>;
  readonly knownAs: Partial<Record<Message, readonly string[]>>;
  /** Octets from the start of the Mobility Header. */
  readonly pointer?: number;
}

const {
  takesTestsOfHomeAddresses,
  readsShortMessages,
  readsWhateverFollows,
  ignoresMobilityChecksum,
  refusesReserved,
  refusesOptions,
  dropsUnknownTypes,
} = mobilityMutants;

const unknown: MobilityOption = { type: 'option', optionType: 200, data: new Uint8Array(6) };
const nonceIndices: MobilityOption = { type: 'nonceIndices', homeNonceIndex: 1, careOfNonceIndex: 1 };
const alternate: MobilityOption = {
  type: 'alternateCareOfAddress',
  alternateCareOfAddress: mobile.secondCareOfAddress,
};

const wrong = {
  'unknown-option': {
    does: (order) => withOption(order, unknown),
    expects: 'answered',
    section: '6.2.1',
    level: 'MUST',
    turn: [refusesOptions, 'silence'],
    knownAs: {},
  },
  'nonce-indices-option': {
    does: (order) => withOption(order, nonceIndices),
    expects: 'answered',
    section: '6.2.6',
    level: 'obs',
    turn: [refusesOptions, 'silence'],
    knownAs: { 'home-test-init': ['CN-2-1-1'], 'care-of-test-init': ['CN-2-2-1-1'] },
  },
  'alternate-care-of-address-option': {
    does: (order) => withOption(order, alternate),
    expects: 'answered',
    section: '6.2.5',
    level: 'obs',
    turn: [refusesOptions, 'silence'],
    knownAs: { 'care-of-test-init': ['CN-2-2-1-2'] },
  },
  'home-address-option': {
    does: (order) => ({ ...order, from: mobile.homeAddress, careOfAddress: mobile.careOfAddress }),
    expects: 'silence',
    section: '9.4.1, 9.4.2',
    level: 'MUST',
    turn: [takesTestsOfHomeAddresses, 'answered'],
    knownAs: { 'home-test-init': ['CN-2-1-2'], 'care-of-test-init': ['CN-2-2-2'] },
  },
  'header-len': {
    does: ({ authorization: _none, ...order }) => withField(order, { headerLength: 0 }),
    expects: 'problem',
    section: '9.2',
    level: 'SHOULD',
    turn: [readsShortMessages, 'silence'],
    pointer: 1,
    knownAs: { 'home-test-init': ['CN-2-1-3'], 'care-of-test-init': ['CN-2-2-3'], 'binding-update': ['CN-2-3-3'] },
  },
  reserved: {
    does: (order) => withField(order, { reserved: Uint8Array.of(0xff) }),
    expects: 'answered',
    section: '6.1.1',
    level: 'MUST',
    turn: [refusesReserved, 'silence'],
    knownAs: { 'home-test-init': ['CN-2-1-4'], 'care-of-test-init': ['CN-2-2-4'], 'binding-update': ['CN-2-3-4'] },
  },
  'payload-proto': {
    does: (order) => withField(order, { payloadProtocol: 17 }),
    expects: 'problem',
    section: '9.2',
    level: 'SHOULD',
    turn: [readsWhateverFollows, 'answered'],
    pointer: 0,
    knownAs: { 'home-test-init': ['CN-2-1-5'], 'care-of-test-init': ['CN-2-2-5'], 'binding-update': ['CN-2-3-5'] },
  },
  checksum: {
    does: (order) => ({ ...order, checksum: 0xbad0 }),
    expects: 'silence',
    section: '9.2',
    level: 'MUST',
    turn: [ignoresMobilityChecksum, 'answered'],
    knownAs: { 'home-test-init': ['CN-2-1-6'], 'care-of-test-init': ['CN-2-2-6'], 'binding-update': ['CN-2-3-6'] },
  },
  'mh-type': {
    does: ({ authorization: _none, ...order }) => ({
      ...order,
      message: { kind: 'other', mhType: 200, data: new Uint8Array(10) },
    }),
    expects: 'binding error',
    section: '9.2',
    level: 'MUST',
    turn: [dropsUnknownTypes, 'silence'],
    knownAs: { 'binding-update': ['CN-2-4-1'] },
  },
} as const satisfies Readonly<Record<string, Fault>>;

const honest: Readonly<Record<Message, () => MobilityByHand>> = {
  'home-test-init': () => homeTestInit('wrong'),
  'care-of-test-init': () => careOfTestInit('wrong'),
  'binding-update': () => update(),
};

interface At {
  readonly message: Message;
  readonly wrong: keyof typeof wrong;
}

const faultOf = (at: At): Fault => wrong[at.wrong];

const dimensions = { message: messages, wrong: Object.keys(wrong) as (keyof typeof wrong)[] };

export const messageHeaders = scenario({
  name: 'message-headers',
  title: 'Something in the headers of a mobility message is wrong',
  dimensions,
  // An update may have the option; what an unknown type is otherwise is nobody's business.
  where: ({ message, wrong }) =>
    message === 'binding-update'
      ? !['home-address-option', 'nonce-indices-option', 'alternate-care-of-address-option'].includes(wrong)
      : wrong !== 'mh-type',
  given: () => correspondent({ signalling: {} }, []),
  async play({ tn }, at) {
    await tests(tn);
    await tn.sends('wrong', { ...faultOf(at).does(honest[at.message](), at.message), awaited: false });
    await tn.sends('between', homeTestInit('between'));
    await goodUpdate(tn);
  },
  questions: {
    'ARKKO-2.3b': question<typeof dimensions, Outcome>('Is a mobility message read as its headers say?', {
      outcomes,
      controls: (t) => [
        post('the home address is tested', t.mobility.answered('home test of good update')),
        post('a good update is accepted', t.mobility.acknowledged('good update', 0)),
      ],
      judge: (t, at) => cameOf(t, faultOf(at).pointer),
      plays: 'receiver',
      reads: (at) => readsOf(faultOf(at)),
      lawful: (at) => faultOf(at).expects,
      turnedBy: (at) => [faultOf(at).turn],
      alsoKnownAs: (at) => faultOf(at).knownAs[at.message] ?? [],
    }),
  },
});

function cameOf(t: Account, pointer = 0): Judgement | undefined {
  const problem = t.mobility.problem('wrong');
  const reported = problem && t.mobility.refusedByProblem('wrong', problem.code, problem.pointer)!;
  return (
    t.mobility.answered('wrong')?.as('answered') ??
    t.mobility.refusedByProblem('wrong', 0, pointer)?.as('problem') ??
    reported?.as('other problem') ??
    t.mobility.refusedByError('wrong', 2)?.as('binding error') ??
    t.mobility.silent('wrong', 'home test of good update')?.as('silence')
  );
}

/** What the document wants to come of it; and whatever is no answer will do where only that is a MUST. */
function readsOf({ expects, section, level }: Fault): readonly Reads<Outcome>[] {
  const wanted = reads(RFC6275, section, level, 'receiver', only(outcomes, expects));
  const discards = only(outcomes, 'problem', 'other problem', 'binding error', 'silence');
  const discarded = reads(RFC6275, section, 'MUST', 'receiver', discards);
  const seed = reads(ARKKO, '2.3', 'obs', 'receiver', only(outcomes, expects));
  return level === 'SHOULD' ? [wanted, discarded, seed] : [wanted, seed];
}

function withOption(order: MobilityByHand, option: MobilityOption): MobilityByHand {
  const message = order.message as Extract<MobilityMessage, { options: readonly MobilityOption[] }>;
  return { ...order, message: { ...message, options: [...message.options, option] } };
}

const withField = (order: MobilityByHand, fields: Partial<MobilityMessage>): MobilityByHand => ({
  ...order,
  message: { ...(order.message as MobilityMessage), ...fields } as MobilityMessage,
});
