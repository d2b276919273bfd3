import { post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import {
  mobileNodeMutants,
  discoveryMutants as mutants,
  type NodeMutant,
} from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { acknowledging, registersFrom, updateAt } from './acts.ts';
import { advertising, asksForPrefixes, SOLICITATION, type Told } from './prefix-acts.ts';
import { correspondent, REGISTERED } from './registering-acts.ts';
import { repeated, repetitionOutcomes, repetitionReadings } from './times.ts';

const { homeAgent, homeAddress } = mobileIpv6;

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
      reads: repetitionReadings,
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
    await cn.echo('at home', { untilAnswered: true });
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

/** Milliseconds (RFC 6275 12). */
const INITIAL_SOLICIT_TIMER = 3_000;
