/**
 * Which tests a mobile node believes (RFC 6275 9.2, 11.6.2): a home test that came through its home agent's tunnel, a care-of test that came to its care-of
 * address, each with the cookie that it sent, in whichever order. With both it sends an update; else it repeats what it has no answer for.
 */
import { careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import { type Account, both, type Control, type Judgement, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import {
  mobileNodeMutants as headers,
  correspondentRegistrationMutants as mutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { correspondent, INVITATION, invites, UPDATE } from './registering-acts.ts';

const outcomes = ['authorised', 'waits', 'complained'] as const;
type Outcome = (typeof outcomes)[number];
type Change = (order: MobilityByHand) => MobilityByHand;

interface Answers {
  readonly home?: Change;
  readonly careOf?: Change;
  readonly order?: 'care-of-first' | 'home-first' | 'home-twice' | 'care-of-twice' | 'home-late' | 'care-of-late';
  readonly lawful: Outcome;
  readonly turn: readonly [NodeMutant, Outcome];
  readonly ids: readonly string[];
}

const field =
  (fields: Readonly<Record<string, unknown>>): Change =>
  (order) => ({ ...order, message: { ...order.message, ...fields } as MobilityByHand['message'] });
const otherCookie = new Uint8Array(8).fill(0xee);
const untaken = [mutants.takesNoTest, 'waits'] as const;
const reserved = { reserved: Uint8Array.of(0xff) };

const points: Readonly<Record<string, Answers>> = {
  'care-of-test-first': {
    order: 'care-of-first',
    lawful: 'authorised',
    turn: untaken,
    ids: ['MN-2-1-3-2-001', 'MN-2-1-4-2-001', 'MN-3-1-1-2-001'],
  },
  'home-test-first': { lawful: 'authorised', turn: untaken, ids: ['MN-2-1-3-2-007', 'MN-2-1-4-2-006'] },
  'home-test-twice': { order: 'home-twice', lawful: 'authorised', turn: untaken, ids: ['MN-2-1-3-2-008'] },
  'care-of-test-twice': { order: 'care-of-twice', lawful: 'authorised', turn: untaken, ids: ['MN-2-1-4-2-007'] },
  'home-test-reserved': { home: field(reserved), lawful: 'authorised', turn: untaken, ids: ['MN-2-1-3-2-015'] },
  'care-of-test-reserved': { careOf: field(reserved), lawful: 'authorised', turn: untaken, ids: ['MN-2-1-4-2-014'] },
  'home-test-late': {
    order: 'home-late',
    lawful: 'waits',
    turn: [mutants.repeatsItsCookie, 'authorised'],
    ids: ['MN-2-1-3-2-002'],
  },
  'care-of-test-late': {
    order: 'care-of-late',
    lawful: 'waits',
    turn: [mutants.repeatsItsCookie, 'authorised'],
    ids: ['MN-2-1-4-2-002'],
  },
  'home-cookie-wrong': {
    home: field({ homeInitCookie: otherCookie }),
    lawful: 'waits',
    turn: [mutants.ignoresCookies, 'authorised'],
    ids: ['MN-2-1-3-2-003'],
  },
  'care-of-cookie-wrong': {
    careOf: field({ careOfInitCookie: otherCookie }),
    lawful: 'waits',
    turn: [mutants.ignoresCookies, 'authorised'],
    ids: ['MN-2-1-4-2-003'],
  },
  'home-test-of-another': {
    home: from('2001:db8:c::99'),
    lawful: 'waits',
    turn: [mutants.takesTestsOfAnybody, 'authorised'],
    ids: ['MN-2-1-3-2-004', 'MN-2-1-3-2-011'],
  },
  'care-of-test-of-another': {
    careOf: from('2001:db8:c::99'),
    lawful: 'waits',
    turn: [mutants.takesTestsOfAnybody, 'authorised'],
    ids: ['MN-2-1-4-2-004', 'MN-2-1-4-2-010'],
  },
  'home-test-around-the-tunnel': {
    home: aroundTunnel,
    lawful: 'waits',
    turn: [mutants.takesHomeTestAnywhere, 'authorised'],
    ids: [],
  },
  'home-test-checksum': {
    home: (order) => ({ ...order, checksum: 0x1234 }),
    lawful: 'waits',
    turn: [headers.takesWrongChecksum, 'authorised'],
    ids: ['MN-4-2-1-2-007'],
  },
  'care-of-test-checksum': {
    careOf: (order) => ({ ...order, checksum: 0x1234 }),
    lawful: 'waits',
    turn: [headers.takesWrongChecksum, 'authorised'],
    ids: ['MN-4-2-1-2-013'],
  },
  'home-test-payload': {
    home: field({ payloadProtocol: 17 }),
    lawful: 'complained',
    turn: [headers.takesPayloadBehind, 'authorised'],
    ids: ['MN-4-2-1-2-005'],
  },
  'care-of-test-payload': {
    careOf: field({ payloadProtocol: 17 }),
    lawful: 'complained',
    turn: [headers.takesPayloadBehind, 'authorised'],
    ids: ['MN-4-2-1-2-011'],
  },
  'home-test-short': {
    home: field({ headerLength: 1 }),
    lawful: 'complained',
    turn: [headers.saysNothingOfShortHeaders, 'waits'],
    ids: ['MN-4-2-1-2-006'],
  },
  'care-of-test-short': {
    careOf: field({ headerLength: 1 }),
    lawful: 'complained',
    turn: [headers.saysNothingOfShortHeaders, 'waits'],
    ids: ['MN-4-2-1-2-012'],
  },
  'home-test-type': {
    home: field({ mhType: 200 }),
    lawful: 'complained',
    turn: [headers.ignoresUnknownTypes, 'waits'],
    ids: ['MN-4-2-1-2-010'],
  },
  'care-of-test-type': {
    careOf: field({ mhType: 200 }),
    lawful: 'complained',
    turn: [headers.ignoresUnknownTypes, 'waits'],
    ids: ['MN-4-2-1-2-015'],
  },
};

export const testsOfCorrespondent = scenario({
  name: 'tests-of-correspondent',
  title: 'Which tests a mobile node believes',
  cast: mobileCast,
  dimensions: { tests: Object.keys(points) },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { tests }) {
    const { ha, cn } = stage;
    const { home = same, careOf = same, order = 'home-first' } = points[tests]!;
    await invites(stage);
    if (order === 'home-late')
      await ha.hears('later home init', 'homeTestInit', { to: correspondent, after: 'home init', within: 6_000 });
    if (order === 'care-of-late')
      await cn.hears('later care-of init', 'careOfTestInit', {
        to: correspondent,
        after: 'care-of init',
        within: 6_000,
      });
    const homeTest = (name: string) => ha.answers(name, 'home init', (heard) => home(homeTestFor(heard)));
    const careOfTest = (name: string) => cn.answers(name, 'care-of init', (heard) => careOf(careOfTestFor(heard)));
    if (order === 'care-of-first') {
      await careOfTest('care-of test');
      await homeTest('home test');
    } else {
      await homeTest('home test');
      if (order === 'home-twice') await homeTest('home test again');
      await careOfTest('care-of test');
      if (order === 'care-of-twice') await careOfTest('care-of test again');
    }
    await cn.hears(UPDATE, 'bindingUpdate', { to: correspondent, after: INVITATION, within: 1_000 });
    const repeated = { to: correspondent, after: 'home test', within: 12_000 };
    if (isOfHome(tests)) await ha.hears('repeated', 'homeTestInit', repeated);
    else await ha.hears('repeated', 'careOfTestInit', repeated);
  },
  questions: {
    'RFC6275-11.6.2': question('Does it believe the tests, and send an update?', {
      outcomes,
      controls: (t, { tests }) => [
        pre('the node is at home', t.answered('at home')),
        seen('both tests are asked for', both(t.mobility.heardWas('home init'), t.mobility.heardWas('care-of init'))),
        ...laterInits(t, tests),
      ],
      judge: (t) =>
        complained(t) ?? t.mobility.heardWas(UPDATE)?.as('authorised') ?? t.mobility.heardWas('repeated')?.as('waits'),
      plays: 'receiver',
      reads: ({ tests }) => readingsOf(tests),
      lawful: ({ tests }) => points[tests]!.lawful,
      turnedBy: ({ tests }) => [points[tests]!.turn],
      alsoKnownAs: ({ tests }) => points[tests]!.ids,
    }),
  },
});

function readingsOf(tests: string) {
  const { lawful } = points[tests]!;
  const of = (outcome: Outcome) => (outcome === lawful ? pass : fail);
  const all = { authorised: of('authorised'), complained: of('complained') };
  const isHeader = lawful === 'complained' || tests.endsWith('checksum');
  // A Parameter Problem SHOULD be sent, a Binding Error MUST.
  const isAsked = lawful === 'complained' && !tests.endsWith('type');
  const must = reads(RFC6275, isHeader ? '9.2' : '11.6.2', 'MUST', 'receiver', {
    ...all,
    waits: isAsked ? pass : of('waits'),
  });
  return isAsked ? [must, reads(RFC6275, '9.2', 'SHOULD', 'receiver', { ...all, waits: fail })] : [must];
}

/** A test is late when another one was asked for in the meantime. */
function laterInits(t: Account, tests: string): readonly Control[] {
  const { order } = points[tests]!;
  if (order === 'home-late') return [seen('it is asked for again', t.mobility.heardWas('later home init'))];
  if (order === 'care-of-late') return [seen('it is asked for again', t.mobility.heardWas('later care-of init'))];
  return [];
}

function complained(t: Account): Judgement | undefined {
  for (const moment of ['home test', 'care-of test']) {
    const problem = t.mobility.problem(moment);
    const said =
      t.mobility.shown(t.mobility.bindingError(moment), 'a Binding Error') ??
      (problem && t.mobility.refusedByProblem(moment, problem.code, problem.pointer));
    if (said && !t.mobility.heardAt(UPDATE)) return said.as('complained');
  }
  return undefined;
}

const isOfHome = (tests: string): boolean => tests.startsWith('home');

function same(order: MobilityByHand): MobilityByHand {
  return order;
}

function from(address: string): Change {
  return (order) => ({ ...order, from: address });
}

/** Straight to where the node is, with its home address in a routing header. */
function aroundTunnel({ tunnel, ...order }: MobilityByHand): MobilityByHand {
  return { ...order, by: tunnel!.destination };
}
