/**
 * When a mobile node begins to register with a correspondent, how it does, and what it makes of the answer (RFC 6275 11.6.1, 11.7.2, 11.7.3). Which way its
 * packets go shows what it believes: directly with a binding, by its home agent without.
 */
import { type AcknowledgingByHand, acknowledgedByHand } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import { type Account, both, type Finding, type Judgement, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import {
  mobileNodeMutants as headers,
  correspondentRegistrationMutants as mutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { icmpv6Packet, mobilityPacket, udpPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6, sinkPort } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { registersFrom, updateAt } from './acts.ts';
import {
  correspondent,
  datagram,
  INVITATION,
  isTested,
  passedOn,
  REGISTERED,
  UPDATE,
  wayOf,
} from './registering-acts.ts';

const { homeAddress, homeAgent } = mobileIpv6;

/** What the home agent passes on, and whether it begins a registration. */
const passed: Readonly<
  Record<
    string,
    {
      readonly inner: (careOfAddress: string) => Uint8Array;
      readonly begins: boolean;
      readonly unwanted?: true;
      readonly ids: readonly string[];
    }
  >
> = {
  datagram: { inner: () => datagram(), begins: true, ids: ['MN-2-1-1-2-001', 'MN-2-1-2-2-001'] },
  'of-the-home-agent': {
    inner: () =>
      udpPacket({
        from: homeAgent,
        to: homeAddress,
        sourcePort: 4_002,
        destinationPort: sinkPort,
        payload: new Uint8Array(4),
      }),
    begins: false,
    ids: ['MN-2-1-1-2-004', 'MN-2-1-2-2-004'],
  },
  'icmp-error': {
    inner: () =>
      icmpv6Packet(
        { from: correspondent, to: homeAddress },
        { kind: 'destinationUnreachable', type: 1, code: 0, originalPacket: datagram().slice(0, 48) },
      ),
    begins: false,
    ids: ['MN-4-2-2-2-010'],
  },
  'to-the-care-of-address': {
    inner: (careOfAddress) =>
      udpPacket({
        from: correspondent,
        to: careOfAddress,
        sourcePort: 4_003,
        destinationPort: sinkPort,
        payload: new Uint8Array(4),
      }),
    begins: false,
    ids: ['MN-2-1-1-2-028'],
  },
  'care-of-test-init': {
    inner: () =>
      mobilityPacket(
        { from: correspondent, to: homeAddress },
        { kind: 'careOfTestInit', careOfInitCookie: new Uint8Array(8), options: [] },
      ),
    begins: false,
    ids: ['MN-2-1-1-2-003'],
  },
  'datagram-unwanted': {
    inner: () => datagram(),
    begins: false,
    unwanted: true,
    ids: ['MN-2-1-1-2-015', 'MN-2-1-1-2-016'],
  },
};

export const registrationBegun = scenario({
  name: 'registration-begun',
  title: 'What begins a registration with a correspondent',
  cast: mobileCast,
  dimensions: { passed: Object.keys(passed) },
  given: ({ passed: of }) => moving({ routeOptimization: passed[of]!.unwanted === undefined }),
  async play(stage, { passed: of }) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1');
    await ha.answers(INVITATION, REGISTERED, (heard) => passedOn(passed[of]!.inner(heard.source))(heard));
    const who = of === 'of-the-home-agent' ? homeAgent : correspondent;
    await ha.hears('home init', 'homeTestInit', { to: who, after: INVITATION });
    await cn.hears('care-of init', 'careOfTestInit', { to: who, after: INVITATION });
    await nut.echo('life', { to: correspondent });
    if (passed[of]!.begins) {
      // One that begins only where it speaks has begun now.
      await ha.hears('home init by now', 'homeTestInit', { to: who, after: INVITATION });
      await cn.hears('care-of init by now', 'careOfTestInit', { to: who, after: INVITATION });
    }
  },
  questions: {
    'RFC6275-11.7.2-BEGUN': question('Does what came through the tunnel begin a registration?', {
      outcomes: ['begins', 'does not'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it is registered', t.mobility.heardWas(REGISTERED)),
        seen('it speaks', t.sent('life')),
      ],
      judge: (t) => beganBy(t, 'home init') ?? beganBy(t, 'care-of init') ?? t.sent('life')?.as('does not'),
      plays: 'sender',
      reads: ({ passed: of }) => [
        passed[of]!.begins
          ? reads(RFC6275, '11.7.2', 'MAY', 'sender', {
              begins: pass,
              'does not': observed('it begins for other reasons, or never'),
            })
          : reads(RFC6275, '11.7.2', 'MUST', 'sender', { begins: fail, 'does not': pass }),
      ],
      lawful: ({ passed: of }) => (passed[of]!.begins ? 'begins' : 'does not'),
      turnedBy: ({ passed: of }) =>
        passed[of]!.begins ? [[mutants.beginsWithNobody, 'does not']] : [[mutants.beginsWithEverybody, 'begins']],
      alsoKnownAs: ({ passed: of }) => passed[of]!.ids,
    }),
    'RFC6275-11.6.1': question('Do both tests begin, one by the home agent and one directly?', {
      outcomes: ['both', 'the home test alone', 'another way'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it begins', t.mobility.heardWas('home init')),
      ],
      judge: (t) => {
        const [home, careOf] = [t.mobility.heardAt('home init'), t.mobility.heardAt('care-of init')];
        if (!home) return undefined;
        if (!careOf) return both(t.mobility.heardWas('home init'), t.sent('life'))?.as('the home test alone');
        const isRight = home.source === homeAddress && home.tunnel !== undefined && careOf.tunnel === undefined;
        return both(
          t.mobility.shown(home, `from ${home.source}${home.tunnel ? ', in a tunnel' : ''}`),
          t.mobility.shown(careOf, `from ${careOf.source}`),
        )?.as(isRight ? 'both' : 'another way');
      },
      plays: 'sender',
      asks: ({ passed: of }) => of === 'datagram',
      reads: [
        reads(RFC6275, '11.6.1', 'MUST', 'sender', { both: pass, 'the home test alone': fail, 'another way': fail }),
      ],
      lawful: 'both',
      turnedBy: [
        [mutants.testsHomeAlone, 'the home test alone'],
        [headers.sendsWithoutTunnel, 'another way'],
      ],
    }),
  },
});

/** Before it spoke of its own accord, which may begin a registration as well. */
function beganBy(t: Account, moment: string): Judgement | undefined {
  const place = t.mobility.heardAt(moment)?.found.frame.entry.place ?? Number.POSITIVE_INFINITY;
  return place < t.mark('life')!.place ? t.mobility.heardWas(moment)?.as('begins') : undefined;
}

const outcomes = ['taken', 'given up', 'goes on', 'corrected', 'tests again'] as const;
type Outcome = (typeof outcomes)[number];

interface Answer extends AcknowledgingByHand {
  readonly lawful: Outcome;
  readonly turn: readonly [NodeMutant, Outcome];
  readonly ids: readonly string[];
}

const ACCEPTED = 0x7abc;
const answers: Readonly<Record<string, Answer>> = {
  accepted: {
    lawful: 'taken',
    turn: [mutants.believesNoAuthorization, 'goes on'],
    ids: ['MN-3-2-1-2-001', 'MN-3-2-1-2-018', 'MN-4-1-1-2-002', 'MN-3-1-1-2-003'],
  },
  'granted-less': {
    lifetime: 20,
    lawful: 'taken',
    turn: [mutants.believesNoAuthorization, 'goes on'],
    ids: ['MN-3-2-1-2-017'],
  },
  'reserved-set': {
    reserved: true,
    lawful: 'taken',
    turn: [mutants.believesNoAuthorization, 'goes on'],
    ids: ['MN-3-2-1-2-029'],
  },
  'with-refresh-advice': {
    options: [{ type: 'bindingRefreshAdvice', refreshInterval: 2 }],
    lawful: 'taken',
    turn: [mutants.believesNoAuthorization, 'goes on'],
    ids: ['MN-3-2-1-2-023'],
  },
  'status-128': {
    status: 128,
    lawful: 'given up',
    turn: [headers.acceptsEveryStatus, 'taken'],
    ids: ['MN-3-2-1-2-003'],
  },
  'status-135': {
    status: 135,
    sequenceNumber: ACCEPTED,
    lawful: 'corrected',
    turn: [headers.neverCorrectsItself, 'given up'],
    ids: ['MN-3-2-1-2-010'],
  },
  'status-136': {
    status: 136,
    lawful: 'tests again',
    turn: [mutants.forgetsNothing, 'given up'],
    ids: ['MN-3-2-1-2-011'],
  },
  'status-137': {
    status: 137,
    lawful: 'tests again',
    turn: [mutants.forgetsNothing, 'given up'],
    ids: ['MN-3-2-1-2-012'],
  },
  'status-138': {
    status: 138,
    lawful: 'tests again',
    turn: [mutants.forgetsNothing, 'given up'],
    ids: ['MN-3-2-1-2-013'],
  },
  'another-sequence-number': {
    sequenceNumber: ACCEPTED,
    lawful: 'goes on',
    turn: [headers.believesAnyAcknowledgement, 'taken'],
    ids: ['MN-3-2-1-2-014'],
  },
  'wrong-authenticator': {
    authorized: 'wrongly',
    lawful: 'goes on',
    turn: [mutants.believesUnauthorized, 'taken'],
    ids: ['MN-3-2-1-2-024'],
  },
  unauthorised: { authorized: 'not', lawful: 'goes on', turn: [mutants.believesUnauthorized, 'taken'], ids: [] },
  'authorisation-not-last': {
    trailing: [{ type: 'bindingRefreshAdvice', refreshInterval: 2 }],
    lawful: 'goes on',
    turn: [mutants.believesUnauthorized, 'taken'],
    ids: ['MN-3-2-1-2-025'],
  },
};

export const correspondentAcknowledgements = scenario({
  name: 'correspondent-acknowledgements',
  title: 'What a mobile node makes of the answer of a correspondent',
  cast: mobileCast,
  dimensions: { answer: Object.keys(answers) },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { answer }) {
    const { nut, ha, cn } = stage;
    await isTested(stage);
    await nut.echo('before', { to: correspondent });
    await cn.answers('answer', UPDATE, (heard) => acknowledgedByHand(heard, answers[answer]!));
    await cn.hears('next', 'bindingUpdate', { to: correspondent, after: UPDATE, within: 3_000 });
    await ha.hears('home init again', 'homeTestInit', { to: correspondent, after: 'answer', within: 50 });
    await cn.hears('care-of init again', 'careOfTestInit', { to: correspondent, after: 'answer', within: 50 });
    await nut.echo('after', { to: correspondent });
  },
  questions: {
    'RFC6275-11.7.3-CN': question('Is the answer of a correspondent taken for what it is?', {
      outcomes,
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('its update asks for an answer', asksForAnswer(t)),
        seen('it speaks', t.sent('after')),
      ],
      judge: (t, { answer }) => tested(t) ?? wentOn(t, answers[answer]!) ?? believed(t),
      plays: 'receiver',
      reads: ({ answer }) => [reads(RFC6275, '11.7.3', 'MUST', 'receiver', readingOf(answers[answer]!.lawful))],
      lawful: ({ answer }) => answers[answer]!.lawful,
      turnedBy: ({ answer }) => [answers[answer]!.turn],
      alsoKnownAs: ({ answer }) => answers[answer]!.ids,
    }),
    'RFC6275-11.7.2': question('Does the update say where the node is, for how long, and by which nonces?', {
      outcomes: ['as written', 'without nonces', 'from elsewhere', 'for longer than it may'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it sends an update', t.mobility.heardWas(UPDATE)),
      ],
      judge: (t) => {
        const update = updateAt(t, UPDATE);
        if (!update) return undefined;
        const { found, message } = update;
        const outcome = !message.options.some(({ type }) => type === 'nonceIndices')
          ? 'without nonces'
          : found.homeAddress !== homeAddress || !found.source.startsWith('2001:db8:2:')
            ? 'from elsewhere'
            : 4 * message.lifetime > 60
              ? 'for longer than it may'
              : 'as written';
        return t.mobility.shown(found, `from ${found.source}, ${4 * message.lifetime} s`)?.as(outcome);
      },
      plays: 'sender',
      asks: ({ answer }) => answer === 'accepted',
      reads: [
        reads(RFC6275, '11.7.2', 'MUST', 'sender', {
          'as written': pass,
          'without nonces': fail,
          'from elsewhere': fail,
          'for longer than it may': fail,
        }),
      ],
      lawful: 'as written',
      turnedBy: [[mutants.asksForLonger, 'for longer than it may']],
      alsoKnownAs: ['MN-3-1-1-2-001', 'MN-3-1-1-2-004'],
    }),
    'RFC6275-11.3.1': question('Do packets go directly once there is a binding, and by the home agent before?', {
      outcomes: ['as written', 'directly before', 'by the home agent still', 'without a tunnel'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('its update asks for an answer', asksForAnswer(t)),
      ],
      judge: (t) => {
        const [before, after] = [wayOf(t, 'before'), wayOf(t, 'after')];
        if (!before || !after) return undefined;
        const ways = both(before.finding, after.finding);
        if (before.way === 'plain') return ways?.as('without a tunnel');
        if (before.way === 'direct') return ways?.as('directly before');
        return ways?.as(after.way === 'direct' ? 'as written' : 'by the home agent still');
      },
      plays: 'sender',
      asks: ({ answer }) => answer === 'accepted',
      reads: [
        reads(RFC6275, '11.3.1', 'MUST', 'sender', {
          'as written': pass,
          'directly before': fail,
          'by the home agent still': pass,
          'without a tunnel': fail,
        }),
        reads(RFC6275, '11.3.1', 'SHOULD', 'sender', {
          'as written': pass,
          'directly before': pass,
          'by the home agent still': fail,
          'without a tunnel': pass,
        }),
      ],
      lawful: 'as written',
      turnedBy: [
        [headers.optimizesUnasked, 'directly before'],
        [headers.neverOptimizes, 'by the home agent still'],
      ],
      alsoKnownAs: ['MN-4-1-1-2-001', 'MN-4-1-1-2-002'],
    }),
  },
});

/** Else there is a binding once it is sent, and what is answered is nothing that it waits for (11.7.2). */
function asksForAnswer(t: Account): Finding | undefined {
  const update = updateAt(t, UPDATE);
  return update?.message.acknowledge === true ? t.mobility.shown(update.found, 'an update with the A bit') : undefined;
}

function tested(t: Account): Judgement | undefined {
  return (t.mobility.heardWas('home init again') ?? t.mobility.heardWas('care-of init again'))?.as('tests again');
}

function wentOn(t: Account, { status, sequenceNumber }: Answer): Judgement | undefined {
  const next = updateAt(t, 'next');
  if (!next) return undefined;
  const isCorrected = status === 135 && next.message.sequenceNumber === ((sequenceNumber! + 1) & 0xffff);
  const says = `another update, number ${next.message.sequenceNumber}`;
  return t.mobility.shown(next.found, says)?.as(isCorrected ? 'corrected' : 'goes on');
}

function believed(t: Account): Judgement | undefined {
  const after = wayOf(t, 'after');
  return after?.finding.as(after.way === 'direct' ? 'taken' : 'given up');
}

function readingOf(lawful: Outcome) {
  const of = (outcome: Outcome) => (outcome === lawful ? pass : fail);
  const isRefused = lawful === 'given up' || lawful === 'tests again' || lawful === 'corrected';
  const mends = (outcome: Outcome) => (isRefused ? observed('what follows a refusal is its own affair') : of(outcome));
  return {
    taken: of('taken'),
    'given up': mends('given up'),
    'goes on': mends('goes on'),
    corrected: mends('corrected'),
    'tests again': mends('tests again'),
  };
}
