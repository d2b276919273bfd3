/**
 * A mobile node asks its home agent for the prefixes of its home, and is told of them (RFC 6275 11.4.2, 11.4.3): when it asks, what it believes, and what
 * becomes of its bindings where its home address will end sooner than they do.
 */
import { acknowledgedByHand, careOfTestFor, homeTestFor } from '../../../harness/vocabulary/correspondent-by-hand.ts';
import { type Account, both, type Heard, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import {
  mobileNodeMutants,
  discoveryMutants as mutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { icmpv6Packet, viaCareOfAddress } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { NeighborDiscoveryOption } from '../../../reference/wire/neighbor-discovery-options.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, bothHeard, type MobileStage, registersFrom, updateAt } from './acts.ts';
import { correspondent, isBound, REGISTERED, UPDATE } from './registering-acts.ts';
import { repeated, repetitionOutcomes, timeOf } from './times.ts';

const SOLICITATION = 'mobilePrefixSolicitation';
const { homeAgent, homeAddress } = mobileIpv6;
/** Status 1: accepted, but prefix discovery necessary. */
const DISCOVER = 1;

/** Registered, by an acknowledgement that wants it to ask for prefixes, and asking. */
async function asksForPrefixes(stage: MobileStage): Promise<void> {
  await stage.cn.echo('at home');
  await registersFrom(stage, 'foreign-1', { granted: { status: DISCOVER } });
  await stage.ha.hears('solicitation', SOLICITATION, { after: REGISTERED, within: 5_000 });
}

interface Told {
  /** Of the home prefix, in seconds. */
  readonly valid: number;
  readonly preferred?: number;
  readonly from?: string;
  readonly routed?: false;
  /** Added to the identifier of the solicitation. */
  readonly ahead?: number;
  readonly reservedBits?: number;
  readonly more?: readonly NeighborDiscoveryOption[];
}

/** An advertisement by way of the care-of address that was registered. */
const advertising =
  ({ valid, preferred = valid / 2, from = homeAgent, routed, ahead = 0, reservedBits, more = [] }: Told) =>
  ({ message, source }: Heard): Uint8Array => {
    const identifier = message.kind === SOLICITATION ? message.identifier : UNASKED;
    const home: NeighborDiscoveryOption = {
      type: 'prefixInformation',
      prefixLength: 64,
      onLink: true,
      autonomous: true,
      routerAddress: true,
      validLifetime: valid,
      preferredLifetime: preferred,
      prefix: homeAgent,
    };
    const advertisement = {
      kind: 'mobilePrefixAdvertisement',
      type: 147,
      code: 0,
      identifier: (identifier + ahead) & 0xffff,
      ...(reservedBits !== undefined && { reservedBits }),
      options: [home, ...more],
    } as const;
    return routed === false
      ? icmpv6Packet({ from, to: source }, advertisement)
      : viaCareOfAddress(icmpv6Packet({ from, to: homeAddress }, advertisement), source);
  };
/** An identifier that no solicitation had, but by an accident of one in 65536. */
const UNASKED = 0x4f4f;

export const prefixSolicitations = scenario({
  name: 'prefix-solicitations',
  title: 'A mobile node asks for the prefixes of its home, and nobody answers',
  cast: mobileCast,
  dimensions: { answer: ['none'] },
  given: () => moving({ lifetime: 400 }),
  async play(stage) {
    await asksForPrefixes(stage);
    await stage.ha.hears('second', SOLICITATION, { after: 'solicitation', within: 5_000 });
    await stage.ha.hears('third', SOLICITATION, { after: 'second', within: 8_000 });
  },
  questions: {
    'RFC6275-11.4.2': question(
      'Is the home agent asked from the care-of address, with the home address in an option?',
      {
        outcomes: ['as written', 'without home address option', 'of somebody else'],
        controls: (t) => [
          pre('the node is at home', t.answered('at home')),
          seen('it registers', t.mobility.heardWas(REGISTERED)),
        ],
        judge: (t) => {
          const asked = t.icmpv6.heardAt('solicitation');
          if (!asked) return undefined;
          const { source, destination, homeAddress: named } = asked;
          const outcome =
            destination !== homeAgent
              ? 'of somebody else'
              : named === homeAddress && source.startsWith('2001:db8:2:')
                ? 'as written'
                : 'without home address option';
          return t.icmpv6.shown(asked, `from ${source} to ${destination}, of ${named ?? 'nobody'}`)?.as(outcome);
        },
        plays: 'sender',
        reads: [
          reads(RFC6275, '11.4.2', 'MUST', 'sender', {
            'as written': pass,
            'without home address option': fail,
            'of somebody else': fail,
          }),
        ],
        lawful: 'as written',
        turnedBy: [[mutants.asksAsVisitor, 'without home address option']],
      },
    ),
    'RFC6275-11.8': question('Is a solicitation repeated after three seconds, and after twice that?', {
      outcomes: repetitionOutcomes,
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks', t.icmpv6.heardWas('solicitation')),
      ],
      judge: (t) => repeated(t, ['solicitation', 'second', 'third'], INITIAL_SOLICIT_TIMER),
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.8', 'MUST', 'sender', { doubled: pass, 'too soon': pass, 'not doubled': fail }),
        reads(RFC6275, '11.8', 'SHOULD', 'sender', { doubled: pass, 'too soon': fail, 'not doubled': pass }),
      ],
      lawful: 'doubled',
      turnedBy: [[mobileNodeMutants.repeatsSteadily, 'not doubled']],
      alsoKnownAs: ['MN-4-1-1-1-004'],
    }),
  },
});

type Believed = 'taken' | 'asks on';

interface Answer extends Told {
  readonly lawful: Believed;
  readonly turn: readonly [NodeMutant, Believed];
  readonly ids: readonly string[];
}

/** All of them shorten the registration, where they are believed. */
const answers: Readonly<Record<string, Answer>> = {
  solicited: {
    valid: 40,
    lawful: 'taken',
    turn: [mutants.believesNoPrefixes, 'asks on'],
    ids: ['MN-4-2-1-1-001', 'MN-2-1-2-1-005'],
  },
  'other-lifetimes': {
    valid: 24,
    preferred: 0,
    lawful: 'taken',
    turn: [mutants.believesNoPrefixes, 'asks on'],
    ids: ['MN-4-2-1-1-004'],
  },
  'reserved-set': {
    valid: 40,
    reservedBits: 0x3fff,
    lawful: 'taken',
    turn: [mutants.believesNoPrefixes, 'asks on'],
    ids: ['MN-4-2-1-1-015'],
  },
  'unknown-option': {
    valid: 40,
    more: [{ type: 'option', optionType: 251, data: new Uint8Array(6) }],
    lawful: 'taken',
    turn: [mutants.believesNoPrefixes, 'asks on'],
    ids: ['MN-4-2-1-1-019'],
  },
  'of-another-home-agent': {
    valid: 40,
    from: '2001:db8:1::9',
    lawful: 'asks on',
    turn: [mutants.believesPrefixesOfAnybody, 'taken'],
    ids: ['MN-4-2-1-1-012'],
  },
  'without-routing-header': {
    valid: 40,
    routed: false,
    lawful: 'asks on',
    turn: [mutants.believesPrefixesUnrouted, 'taken'],
    ids: ['MN-4-2-1-1-013'],
  },
  'another-identifier': {
    valid: 40,
    ahead: 1,
    lawful: 'asks on',
    turn: [mutants.believesUnsolicitedPrefixes, 'taken'],
    ids: ['MN-4-2-1-1-014'],
  },
};

export const prefixAdvertisements = scenario({
  name: 'prefix-advertisements',
  title: 'A mobile node is told of the prefixes of its home',
  cast: mobileCast,
  dimensions: { answer: Object.keys(answers) },
  given: () => moving(),
  async play(stage, { answer }) {
    const { ha } = stage;
    await asksForPrefixes(stage);
    await ha.answers('advertisement', 'solicitation', advertising(answers[answer]!));
    await ha.hears('shortened', 'bindingUpdate', { after: 'advertisement', within: 1_500 });
    await ha.answers('shortened acknowledged', 'shortened', (heard) => acknowledging(heard));
    await ha.hears('asks on', SOLICITATION, { after: 'solicitation', within: 5_000 });
  },
  questions: {
    'RFC6275-11.4.3': question(
      'Is an advertisement believed where it is the answer of the home agent, and only there?',
      {
        outcomes: ['taken', 'asks on'],
        controls: (t) => [
          pre('the node is at home', t.answered('at home')),
          seen('it asks', t.icmpv6.heardWas('solicitation')),
        ],
        judge: (t, { answer }) => {
          const update = updateAt(t, 'shortened');
          const says = `asks for ${4 * (update?.message.lifetime ?? 0)} s`;
          if (update && 4 * update.message.lifetime <= answers[answer]!.valid)
            return t.mobility.shown(update.found, says)?.as('taken');
          return t.icmpv6.heardWas('asks on')?.as('asks on');
        },
        plays: 'receiver',
        reads: ({ answer }) => [
          reads(
            RFC6275,
            '11.4.3',
            'MUST',
            'receiver',
            answers[answer]!.lawful === 'taken' ? { taken: pass, 'asks on': fail } : { taken: fail, 'asks on': pass },
          ),
        ],
        lawful: ({ answer }) => answers[answer]!.lawful,
        turnedBy: ({ answer }) => [answers[answer]!.turn],
        alsoKnownAs: ({ answer }) => answers[answer]!.ids,
      },
    ),
  },
});

export const unsolicitedPrefixes = scenario({
  name: 'unsolicited-prefixes',
  title: 'A mobile node is told of prefixes that it did not ask for',
  cast: mobileCast,
  dimensions: { answer: ['unsolicited'] },
  given: () => moving(),
  async play(stage) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home');
    await registersFrom(stage, 'foreign-1');
    await ha.answers('advertisement', REGISTERED, advertising({ valid: 24 }));
    await ha.hears('solicitation', SOLICITATION, { after: 'advertisement' });
    await ha.hears('shortened', 'bindingUpdate', { after: 'advertisement' });
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.4.3': question('What does it make of prefixes that it did not ask for?', {
      outcomes: ['asks', 'believes', 'ignores'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it registers', t.mobility.heardWas(REGISTERED)),
        post('it speaks', t.sent('life')),
      ],
      judge: (t) =>
        t.mobility.heardWas('shortened')?.as('believes') ??
        t.icmpv6.heardWas('solicitation')?.as('asks') ??
        t.sent('life')?.as('ignores'),
      plays: 'receiver',
      reads: [
        reads(RFC6275, '11.4.3', 'MUST', 'receiver', { asks: pass, believes: fail, ignores: pass }),
        reads(RFC6275, '11.4.3', 'SHOULD', 'receiver', { asks: pass, believes: fail, ignores: fail }),
      ],
      lawful: 'asks',
      turnedBy: [
        [mutants.believesUnsolicitedPrefixes, 'believes'],
        [mutants.leavesUnsolicitedPrefixes, 'ignores'],
      ],
      alsoKnownAs: ['MN-4-1-1-1-002'],
    }),
  },
});

/** Seconds. */
const VALID = 40;

export const endingHomeAddress = scenario({
  name: 'ending-home-address',
  title: 'The home address of a mobile node is about to end',
  cast: mobileCast,
  dimensions: { homeAddress: ['about-to-end'] },
  given: () => moving({ lifetime: 20 }),
  lasts: () => VALID + 5,
  async play(stage) {
    const { ha } = stage;
    await asksForPrefixes(stage);
    await ha.answers('advertisement', 'solicitation', advertising({ valid: VALID }));
    await ha.hears('asks again', SOLICITATION, { after: 'advertisement', within: 1_000 * (VALID + 5) });
  },
  questions: {
    'RFC6275-11.4.2': question('Does it ask for prefixes before its home address ends?', {
      outcomes: ['in time', 'too late'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks', t.icmpv6.heardWas('solicitation')),
      ],
      judge: (t) => {
        const [first, again] = [t.icmpv6.heardAt('solicitation'), t.icmpv6.heardAt('asks again')];
        if (!first || !again) return undefined;
        const passed = (timeOf(again) - timeOf(first)) / 1000;
        return bothHeard(t, first, again, `after ${passed.toFixed(1)} s of ${VALID}`).as(
          passed < VALID ? 'in time' : 'too late',
        );
      },
      plays: 'sender',
      reads: [reads(RFC6275, '11.4.2', 'SHOULD', 'sender', { 'in time': pass, 'too late': fail })],
      lawful: 'in time',
      turnedBy: [[mutants.asksWhenItIsOver, 'too late']],
      alsoKnownAs: ['MN-4-1-1-1-001'],
    }),
  },
});

/** Seconds: less than any binding has left. */
const SHORT = 16;

export const shortenedBindings = scenario({
  name: 'shortened-bindings',
  title: 'The home address will end before the bindings of a mobile node do',
  cast: mobileCast,
  dimensions: { bindings: ['shortened'] },
  given: () => moving({ routeOptimization: true }),
  async play(stage) {
    const { nut, ha, cn } = stage;
    await isBound(stage);
    await ha.answers('unasked', REGISTERED, advertising({ valid: SHORT }));
    await ha.hears('solicitation', SOLICITATION, { after: 'unasked' });
    await ha.answers('advertisement', 'solicitation', advertising({ valid: SHORT }));
    await ha.hears('home update', 'bindingUpdate', { to: homeAgent, after: 'advertisement' });
    await ha.answers('home update acknowledged', 'home update', (heard) => acknowledging(heard));
    await ha.hears('home init again', 'homeTestInit', { to: correspondent, after: 'advertisement' });
    await cn.hears('care-of init again', 'careOfTestInit', { to: correspondent, after: 'advertisement' });
    await ha.answers('home test again', 'home init again', homeTestFor);
    await cn.answers('care-of test again', 'care-of init again', careOfTestFor);
    await cn.hears('update again', 'bindingUpdate', { to: correspondent, after: 'advertisement' });
    await cn.answers('granted again', 'update again', (heard) => acknowledgedByHand(heard));
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.4.2': question('Is the correspondent told of the shorter lifetime?', {
      outcomes: ['told', 'told of a longer one', 'not told'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('the correspondent has a binding', t.mobility.heardWas(UPDATE)),
        post('it speaks', t.sent('life')),
      ],
      judge: (t) => {
        const update = updateAt(t, 'update again');
        if (!update) return t.sent('life')?.as('not told');
        const seconds = 4 * update.message.lifetime;
        return t.mobility.shown(update.found, `${seconds} s`)?.as(seconds <= SHORT ? 'told' : 'told of a longer one');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.4.2', 'MUST', 'sender', { told: pass, 'told of a longer one': fail, 'not told': fail }),
      ],
      lawful: 'told',
      turnedBy: [[mutants.keepsLongBindings, 'not told']],
      alsoKnownAs: ['MN-3-1-2-2-001', 'MN-2-1-1-2-017', 'MN-2-1-2-2-017'],
    }),
    'RFC6275-11.7.1': question('Is the home agent told of the shorter lifetime?', {
      outcomes: ['told', 'told of a longer one', 'not told'],
      controls: (t) => [
        pre('the node is at home', t.answered('at home')),
        seen('it asks for prefixes', both(t.icmpv6.heardWas('solicitation'), t.mobility.heardWas(REGISTERED))),
        post('it speaks', t.sent('life')),
      ],
      judge: (t) => toldAtHome(t),
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.7.1', 'SHOULD', 'sender', {
          told: pass,
          'told of a longer one': fail,
          'not told': observed('the registration ends with the prefix'),
        }),
      ],
      lawful: 'told',
      turnedBy: [[mutants.keepsLongBindings, 'not told']],
      alsoKnownAs: ['MN-2-1-2-1-005'],
    }),
  },
});

function toldAtHome(t: Account) {
  const update = updateAt(t, 'home update');
  if (!update) return t.sent('life')?.as('not told');
  const seconds = 4 * update.message.lifetime;
  return t.mobility.shown(update.found, `${seconds} s`)?.as(seconds <= SHORT ? 'told' : 'told of a longer one');
}

/** Milliseconds (RFC 6275 12). */
const INITIAL_SOLICIT_TIMER = 3_000;
