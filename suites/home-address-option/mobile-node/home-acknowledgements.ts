/**
 * What a mobile node makes of the answer to its home registration (RFC 6275 9.2, 11.7.3): an acknowledgement that accepts ends its waiting, one that refuses
 * too, and one that it must not believe does not. What came of it is read from the update that follows, or, where the node is alive after the time in which
 * one would have followed, from what it says of its registration then.
 */
import {
  type Account,
  both,
  type Finding,
  type Heard,
  type Judgement,
  post,
  pre,
  seen,
} from '../../../harness/vocabulary/judging.ts';
import { homeAgentPair, mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants as mutants, type NodeMutant, policyMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, asksForLife, fromLink, isRegistered, NOTICED, updateAt } from './acts.ts';

const UPDATE = 'update';
const outcomes = ['taken', 'given up', 'goes on', 'corrected', 'complained'] as const;
type Outcome = (typeof outcomes)[number];

interface Answer {
  readonly with: (heard: Heard) => MobilityByHand;
  readonly lawful: Outcome;
  readonly turnedBy: readonly (readonly [NodeMutant, Outcome])[];
  readonly alsoKnownAs?: readonly string[];
}

const refusal = (status: number, ...alsoKnownAs: readonly string[]): Answer => ({
  with: (heard) => acknowledging(heard, { status }),
  lawful: 'given up',
  turnedBy: [[mutants.acceptsEveryStatus, 'taken']],
  alsoKnownAs,
});

const success = (status: number, ...alsoKnownAs: readonly string[]): Answer => ({
  with: (heard) => acknowledging(heard, { status }),
  lawful: 'taken',
  turnedBy: [[mutants.acceptsZeroAlone, 'given up']],
  alsoKnownAs,
});

/** By what is said in the answer. */
const answers: Readonly<Record<string, Answer>> = {
  accepted: {
    with: (heard) => acknowledging(heard),
    lawful: 'taken',
    turnedBy: [[mutants.ignoresAcknowledgements, 'goes on']],
    alsoKnownAs: ['MN-2-2-1-1-001', 'MN-2-2-1-1-014'],
  },
  'reserved-bits-set': {
    with: (heard) => changed(acknowledging(heard), { reserved: Uint8Array.of(0xff), reservedBits: 0x3f }),
    lawful: 'taken',
    turnedBy: [[mutants.ignoresAcknowledgements, 'goes on']],
    alsoKnownAs: ['MN-2-2-1-1-039'],
  },
  'status-1': success(1, 'MN-2-2-1-1-002'),
  'status-2': success(2, 'MN-2-2-1-1-033'),
  'status-127': success(127, 'MN-2-2-1-1-033'),
  'status-128': refusal(128, 'MN-2-2-1-1-003'),
  'status-129': refusal(129, 'MN-2-2-1-1-004'),
  'status-130': refusal(130, 'MN-2-2-1-1-005'),
  'status-131': refusal(131, 'MN-2-2-1-1-006'),
  'status-132': refusal(132, 'MN-2-2-1-1-007'),
  'status-133': refusal(133),
  'status-134': refusal(134, 'MN-2-2-1-1-009'),
  'status-255': refusal(255, 'MN-2-2-1-1-035'),
  'status-135': {
    with: (heard) => acknowledging(heard, { status: 135, sequenceNumber: ACCEPTED }),
    lawful: 'corrected',
    turnedBy: [
      [mutants.neverCorrectsItself, 'given up'],
      [mutants.keepsItsOwnNumber, 'goes on'],
    ],
    alsoKnownAs: ['MN-2-2-1-1-010'],
  },
  'status-135-at-65535': {
    with: (heard) => acknowledging(heard, { status: 135, sequenceNumber: 0xffff }),
    lawful: 'corrected',
    turnedBy: [[mutants.neverCorrectsItself, 'given up']],
    alsoKnownAs: ['MN-2-2-1-1-016'],
  },
  'another-sequence-number': {
    with: (heard) => acknowledging(heard, { sequenceNumber: ACCEPTED }),
    lawful: 'goes on',
    turnedBy: [[mutants.believesAnyAcknowledgement, 'taken']],
    alsoKnownAs: ['MN-2-2-1-1-017'],
  },
  'in-clear': {
    with: (heard) => ({ ...acknowledging(heard), inClear: true }),
    lawful: 'goes on',
    turnedBy: [[policyMutants.admitsPlaintext, 'taken']],
    alsoKnownAs: ['MN-2-2-1-1-038'],
  },
  'wrong-checksum': {
    with: (heard) => ({ ...acknowledging(heard), checksum: 0x1234 }),
    lawful: 'goes on',
    turnedBy: [[mutants.takesWrongChecksum, 'taken']],
    alsoKnownAs: ['MN-6-2-1-1-004'],
  },
  'payload-behind': {
    with: (heard) => changed(acknowledging(heard), { payloadProtocol: 17 }),
    lawful: 'complained',
    turnedBy: [[mutants.takesPayloadBehind, 'taken']],
    alsoKnownAs: ['MN-6-2-1-1-001'],
  },
  'too-short': {
    with: (heard) => changed(acknowledging(heard), { headerLength: 0 }),
    lawful: 'complained',
    turnedBy: [[mutants.saysNothingOfShortHeaders, 'goes on']],
    alsoKnownAs: ['MN-6-2-1-1-002'],
  },
  'unknown-type': {
    with: (heard) => changed(acknowledging(heard), { mhType: 200 }),
    lawful: 'complained',
    turnedBy: [[mutants.ignoresUnknownTypes, 'goes on']],
    alsoKnownAs: ['MN-6-2-1-1-003'],
  },
};

export const homeAcknowledgements = scenario({
  name: 'home-acknowledgements',
  title: 'What a mobile node makes of the answer to its registration',
  cast: mobileCast,
  dimensions: { answer: Object.keys(answers) },
  given: ({ answer }) => moving({ pairs: answer === 'in-clear' ? [homeAgentPair()] : [], trustsPolicy: true }),
  async play(stage, { answer }) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await nut.movesTo('foreign-1');
    await ha.hears(UPDATE, 'bindingUpdate', fromLink('foreign-1'));
    await ha.answers('answer', UPDATE, answers[answer]!.with);
    await ha.hears('next', 'bindingUpdate', { after: UPDATE, from: fromLink('foreign-1').from, within: WAITED });
    await asksForLife(stage, 'life', UPDATE);
    await nut.reports('report');
  },
  questions: {
    'RFC6275-11.7.3': question('Is the answer to a home registration taken for what it is?', {
      outcomes,
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas(UPDATE)),
        post(
          'it says what it has registered',
          t.reported('report', 'bindingUpdates', 'it reports', (state) => state.bindingUpdates !== undefined),
        ),
      ],
      judge: (t, { answer }) => complained(t) ?? wentOn(t, answer) ?? ended(t),
      plays: 'receiver',
      reads: ({ answer }) => readingsOf(answer),
      lawful: ({ answer }) => answers[answer]!.lawful,
      turnedBy: ({ answer }) => answers[answer]!.turnedBy,
      alsoKnownAs: ({ answer }) => answers[answer]!.alsoKnownAs ?? [],
    }),
  },
});

/** A Parameter Problem about the answer, or a Binding Error, and the registration is repeated all the same. */
function complained(t: Account): Judgement | undefined {
  const next = updateAt(t, 'next');
  const error = t.mobility.shown(t.mobility.bindingError('answer'), 'a Binding Error');
  const problem = t.mobility.problem('answer');
  const said = error ?? (problem && t.mobility.refusedByProblem('answer', problem.code, problem.pointer));
  return next && both(said, t.mobility.heardWas('next'))?.as('complained');
}

function wentOn(t: Account, answer: string): Judgement | undefined {
  const [first, next] = [updateAt(t, UPDATE), updateAt(t, 'next')];
  if (!first || !next) return undefined;
  const accepted = { 'status-135': ACCEPTED, 'status-135-at-65535': 0xffff }[answer];
  const { sequenceNumber } = next.message;
  const isCorrected = accepted !== undefined && sequenceNumber === ((accepted + 1) & 0xffff);
  return t.mobility
    .shown(next.found, `another update, number ${sequenceNumber}`)
    ?.as(isCorrected ? 'corrected' : 'goes on');
}

/** No further update while one would have come, and what the node says of its registration. */
function ended(t: Account): Judgement | undefined {
  const says = (taken: boolean): Finding | undefined =>
    t.reported('report', 'bindingUpdates', `the registration is ${taken ? '' : 'not '}acknowledged`, (state) => {
      return isRegistered(state) === taken;
    });
  return says(true)?.as('taken') ?? both(says(false), t.answered('life'))?.as('given up');
}

function changed(order: MobilityByHand, fields: Readonly<Record<string, unknown>>): MobilityByHand {
  return { ...order, message: { ...order.message, ...fields } as MobilityByHand['message'] };
}

function readingsOf(answer: string) {
  const { lawful } = answers[answer]!;
  const of = (outcome: Outcome) => (outcome === lawful ? pass : fail);
  // Whoever is refused may mend what was wrong and try again, or leave it.
  const goesOn = lawful === 'given up' ? observed('it tries again') : of('goes on');
  const all = {
    taken: of('taken'),
    'given up': of('given up'),
    corrected: of('corrected'),
    complained: of('complained'),
  };
  const isHeader = lawful === 'complained' || answer === 'wrong-checksum';
  // A Parameter Problem SHOULD be sent, a Binding Error MUST.
  const isAsked = lawful === 'complained' && answer !== 'unknown-type';
  const must = reads(RFC6275, isHeader ? '9.2' : '11.7.3', 'MUST', 'receiver', {
    ...all,
    'goes on': isAsked ? pass : goesOn,
  });
  return isAsked ? [must, reads(RFC6275, '9.2', 'SHOULD', 'receiver', { ...all, 'goes on': fail })] : [must];
}

/** A sequence number that no node starts from. */
const ACCEPTED = 0x7abc;
/** Lab milliseconds: the first repetition comes after a second and a half, on a slow machine a little later. */
const WAITED = Math.min(NOTICED, 4_000);
