/**
 * What ends the attempts of a mobile node to register with a correspondent, and when it tries again (RFC 6275 11.3.5, 11.3.6, 11.8): a correspondent that
 * does not know Mobility Headers says so, by a Binding Error or an ICMP error, and the node leaves it alone; any other error changes nothing.
 */
import { careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import { both, type Heard, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import {
  mobilityMutants as headerMutants,
  mobileNodeMutants as headers,
  correspondentRegistrationMutants as mutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { echoPacket, icmpv6Packet, tunnelledPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilityByHand } from '../../../harness/vocabulary/stage.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { fromLink } from './acts.ts';
import { correspondent, INVITATION, invites, madeUp, quoteOf, UPDATE } from './registering-acts.ts';
import { repeated, repetitionOutcomes, repetitionReadings } from './times.ts';

const { homeAgent } = mobileIpv6;
type Ends = 'leaves it alone' | 'tries on';

interface ErrorSaid {
  readonly about: 'home-test-init' | 'care-of-test-init' | 'binding-update';
  readonly says: (heard: Heard) => MobilityByHand | Uint8Array;
  readonly lawful: Ends;
  readonly turn: readonly [NodeMutant, Ends];
  readonly section: '11.3.5' | '11.3.6';
  readonly ids: readonly string[];
}

/** To the address on the care-of link, from which the node speaks directly. */
const whereItIs = ({ source, tunnel }: Heard): string => tunnel?.source ?? source;

const unknownType = ({ source, tunnel }: Heard): MobilityByHand => ({
  from: correspondent,
  to: source,
  message: { kind: 'bindingError', status: 2, homeAddress: '::', options: [] },
  ...(tunnel && { tunnel: { source: homeAgent, destination: tunnel.source }, inClear: true }),
});

const icmp =
  (kind: 'parameterProblem' | 'destinationUnreachable') =>
  (heard: Heard): Uint8Array => {
    const { originalPacket, pointer } = quoteOf(heard);
    const ends = { from: correspondent, to: heard.source };
    const error =
      kind === 'parameterProblem'
        ? icmpv6Packet(ends, { kind, type: 4, code: 1, pointer, originalPacket })
        : icmpv6Packet(ends, { kind, type: 1, code: 0, originalPacket });
    return heard.tunnel ? tunnelledPacket({ from: homeAgent, to: heard.tunnel.source }, error) : error;
  };

const ceased = {
  says: icmp('parameterProblem'),
  lawful: 'leaves it alone',
  turn: [mutants.ignoresProblems, 'tries on'],
  section: '11.3.5',
} as const;
const errored = {
  says: unknownType,
  lawful: 'leaves it alone',
  turn: [mutants.ignoresUnknownTypeErrors, 'tries on'],
  section: '11.3.6',
} as const;

const errors: Readonly<Record<string, ErrorSaid>> = {
  'unknown-type-of-home-test-init': { ...errored, about: 'home-test-init', ids: ['MN-3-3-1-2-011'] },
  'unknown-type-of-care-of-test-init': { ...errored, about: 'care-of-test-init', ids: ['MN-3-3-1-2-009'] },
  'unknown-type-of-update': { ...errored, about: 'binding-update', ids: ['MN-3-3-1-2-001'] },
  'problem-with-home-test-init': { ...ceased, about: 'home-test-init', ids: ['MN-4-2-2-2-002'] },
  'problem-with-care-of-test-init': { ...ceased, about: 'care-of-test-init', ids: ['MN-4-2-2-2-005'] },
  'problem-with-update': { ...ceased, about: 'binding-update', ids: ['MN-4-2-2-2-007'] },
  'unreachable-for-home-test-init': {
    about: 'home-test-init',
    says: icmp('destinationUnreachable'),
    lawful: 'tries on',
    turn: [mutants.ceasesAtEveryError, 'leaves it alone'],
    section: '11.3.5',
    ids: ['MN-4-2-2-2-012'],
  },
};

const asked = { from: correspondent, identifier: 78, payload: new Uint8Array(8) };

export const errorsWhileTesting = scenario({
  name: 'errors-while-testing',
  title: 'What ends the attempts to register with a correspondent',
  cast: mobileCast,
  dimensions: { error: Object.keys(errors) },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { error }) {
    const { ha, cn } = stage;
    const { about, says } = errors[error]!;
    await invites(stage);
    if (about === 'binding-update') {
      await ha.answers('home test', 'home init', homeTestFor);
      await cn.answers('care-of test', 'care-of init', careOfTestFor);
      await cn.hears(UPDATE, 'bindingUpdate', { to: correspondent, after: INVITATION });
    }
    const moment = about === 'binding-update' ? UPDATE : about === 'home-test-init' ? 'home init' : 'care-of init';
    await (about === 'home-test-init' ? ha : cn).answers('error', moment, says);
    await cn.answers('sign', moment, (heard) => echoPacket({ ...asked, to: whereItIs(heard), sequence: 1 }));
    await cn.hears('again', about === 'binding-update' ? 'bindingUpdate' : 'homeTestInit', {
      to: correspondent,
      after: 'sign',
      within: 6_000,
    });
    await cn.answers('life', moment, (heard) => echoPacket({ ...asked, to: whereItIs(heard), sequence: 2 }));
  },
  questions: { 'RFC6275-11.3.5': ended('11.3.5'), 'RFC6275-11.3.6': ended('11.3.6') },
});

function ended(section: ErrorSaid['section']) {
  return question('Does it leave a correspondent alone that knows no Mobility Headers?', {
    outcomes: ['leaves it alone', 'tries on'],
    controls: (t) => [
      pre('the node is at home', t.answered('at home')),
      seen('it tests', both(t.mobility.heardWas('home init'), t.mobility.heardWas('care-of init'))),
      seen('what came after the error was answered', both(t.answered('sign'), t.answered('life'))),
    ],
    judge: (t) =>
      t.mobility.heardWas('again')?.as('tries on') ??
      t.silent('sign', 'life')?.as('leaves it alone') ??
      t.answered('life')?.as('leaves it alone'),
    plays: 'receiver',
    asks: ({ error }: Readonly<Record<string, string>>) => errors[error!]!.section === section,
    reads: ({ error }: Readonly<Record<string, string>>) => {
      const of = (outcome: Ends) => (outcome === errors[error!]!.lawful ? pass : fail);
      return [
        reads(RFC6275, section, 'SHOULD', 'receiver', {
          'leaves it alone': of('leaves it alone'),
          'tries on': of('tries on'),
        }),
      ];
    },
    lawful: ({ error }: Readonly<Record<string, string>>) => errors[error!]!.lawful,
    turnedBy: ({ error }: Readonly<Record<string, string>>) => [errors[error!]!.turn],
    alsoKnownAs: ({ error }: Readonly<Record<string, string>>) => errors[error!]!.ids,
  });
}

/** About the home registration, as the home agent had it, or as nobody sent it. */
const problemWithRegistration =
  (isMadeUp: boolean) =>
  (update: Heard): Uint8Array => {
    const quoted = { ...quoteOf(update), ...(isMadeUp && { originalPacket: madeUp(update) }) };
    const message = { kind: 'parameterProblem', type: 4, code: 1, ...quoted } as const;
    return icmpv6Packet({ from: homeAgent, to: update.source }, message);
  };

export const errorOfHomeAgent = scenario({
  name: 'error-of-home-agent',
  title: 'A home agent says that it knows no Mobility Headers',
  cast: mobileCast,
  dimensions: { error: ['problem-with-home-registration', 'problem-made-up'] },
  given: () => moving(),
  async play({ nut, ha, cn }, { error }) {
    await cn.echo('at home', { untilAnswered: true });
    await nut.movesTo('foreign-1');
    await ha.hears('update', 'bindingUpdate', fromLink('foreign-1'));
    await ha.answers('error', 'update', problemWithRegistration(error === 'problem-made-up'));
    await ha.hears('again', 'bindingUpdate', { after: 'error', within: 3_000 });
    await cn.answers('life', 'update', ({ source }) => echoPacket({ ...asked, to: source, sequence: 1 }));
  },
  questions: {
    'RFC6275-11.3.5': question('Does it leave a home agent alone that knows no Mobility Headers?', {
      outcomes: ['leaves it alone', 'tries on'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas('update')),
        seen('what came after the error was answered', t.answered('life')),
      ],
      judge: (t) => t.mobility.heardWas('again')?.as('tries on') ?? t.answered('life')?.as('leaves it alone'),
      plays: 'receiver',
      reads: ({ error }) =>
        error === 'problem-made-up'
          ? [
              reads(RFC6275, '11.3.5', 'obs', 'receiver', {
                'leaves it alone': observed('anybody may end a registration by an error about what was never sent'),
                'tries on': observed('an error about what was never sent changes nothing'),
              }),
            ]
          : [reads(RFC6275, '11.3.5', 'SHOULD', 'receiver', { 'leaves it alone': pass, 'tries on': fail })],
      lawful: ({ error }) => (error === 'problem-made-up' ? 'tries on' : 'leaves it alone'),
      turnedBy: ({ error }) =>
        error === 'problem-made-up'
          ? [[headerMutants.believesEveryQuotation, 'leaves it alone']]
          : [[mutants.ignoresProblems, 'tries on']],
      alsoKnownAs: ({ error }) => (error === 'problem-made-up' ? [] : ['MN-6-2-2-1-001']),
    }),
  },
});

const kinds = {
  'home-test-init': 'homeTestInit',
  'care-of-test-init': 'careOfTestInit',
  'binding-update': 'bindingUpdate',
} as const;
const repeatedIds: Readonly<Record<string, readonly string[]>> = {
  'home-test-init': ['MN-2-1-1-2-010'],
  'care-of-test-init': ['MN-2-1-2-2-010'],
  'binding-update': ['MN-3-1-1-2-006'],
};
/** Milliseconds: INITIAL_BINDACK_TIMEOUT. */
const FIRST = 1_000;

export const correspondentRepetitions = scenario({
  name: 'correspondent-repetitions',
  title: 'When a mobile node repeats what a correspondent does not answer',
  cast: mobileCast,
  dimensions: { message: Object.keys(kinds) },
  given: () => moving({ routeOptimization: true }),
  async play(stage, { message }) {
    const { ha, cn } = stage;
    await invites(stage);
    if (message === 'binding-update') {
      await ha.answers('home test', 'home init', homeTestFor);
      await cn.answers('care-of test', 'care-of init', careOfTestFor);
    }
    const kind = kinds[message as keyof typeof kinds];
    await cn.hears('first', kind, { to: correspondent, after: INVITATION });
    await cn.hears('second', kind, { to: correspondent, after: 'first', within: 6_000 });
    await cn.hears('third', kind, { to: correspondent, after: 'second', within: 12_000 });
  },
  questions: {
    'RFC6275-11.8': question('Is it repeated after a second, and after twice that?', {
      outcomes: repetitionOutcomes,
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it is sent', t.mobility.heardWas('first')),
      ],
      judge: (t) => repeated(t, ['first', 'second', 'third'], FIRST),
      plays: 'sender',
      reads: repetitionReadings,
      lawful: 'doubled',
      turnedBy: [[headers.repeatsSteadily, 'not doubled']],
      alsoKnownAs: ({ message }) => repeatedIds[message]!,
    }),
  },
});
