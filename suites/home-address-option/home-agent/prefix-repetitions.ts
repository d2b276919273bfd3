/** How often a home agent tells what nobody acknowledges (RFC 6275 10.6.2): three times more, each after twice as long, until the mobile node asks or its binding ends. */
import { home } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { homePrefixesMutants as mutants, type NodeMutant } from '../../../harness/vocabulary/mutants.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';
import {
  A_WHILE,
  ASKED,
  asksAgain,
  deliveriesSoon,
  onTheHomeLink,
  type PrefixStage,
  says,
  settles,
} from './prefix-acts.ts';

const ADVERTISEMENT = 'mobilePrefixAdvertisement';

/** What was told before has changed, and the mobile node is told of it. */
async function changes(stage: PrefixStage): Promise<void> {
  await settles(stage);
  await stage.neighbor.packet('changes', says({ autonomous: false }));
  await stage.tn.hears('told', ADVERTISEMENT, { after: 'changes', within: 1000 * deliveriesSoon });
}

/** Each is waited for twice as long as the one before, and a little (PREFIX_ADV_TIMEOUT, 3 s). */
const repetitions = [
  ['first', 'told', 3],
  ['second', 'first', 6],
  ['third', 'second', 12],
] as const;
const LITTLE = 3;
/** Seconds in which a fourth would come. */
const FOURTH = 26;

async function hearsAll({ tn }: PrefixStage): Promise<void> {
  for (const [name, after, seconds] of repetitions) {
    await tn.hears(name, ADVERTISEMENT, { after, within: 1000 * (seconds + LITTLE) });
  }
}

export const homePrefixesRepeated = scenario({
  name: 'home-prefixes-repeated',
  title: 'A mobile node is told of prefixes, and does not acknowledge it',
  ...onTheHomeLink,
  dimensions: { acknowledged: ['never'] },
  lasts: () => deliveriesSoon + 21 + 3 * LITTLE + FOURTH,
  async play(stage) {
    await changes(stage);
    await hearsAll(stage);
    await stage.tn.hears('one more', ADVERTISEMENT, { after: 'third', within: 1000 * FOURTH });
    await stage.neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.6.2-REPEATED': question(
      'Is it repeated three times, after three seconds and twice as long each time?',
      {
        outcomes: ['as written', 'not repeated', 'too soon', 'not doubled', 'seldom', 'too often'],
        controls,
        judge(t) {
          const heard = ['told', ...repetitions.map(([name]) => name), 'one more'].map((name) =>
            t.icmpv6.heardAt(name),
          );
          const [times, last] = [
            heard.flatMap((each) => (each ? [each.found.frame.entry.time] : [])),
            heard.findLast((each) => each),
          ];
          const waited = times.slice(1).map((time, place) => time - times[place]!);
          const says = `repeated after ${waited.map((each) => `${(each / 1000).toFixed(1)} s`).join(', ') || 'nothing'}`;
          const shown = t.icmpv6.shown(last, says);
          if (times.length < 2) return both(shown, t.answered('still alive'))?.as('not repeated');
          if (waited[0]! < EARLY * 3_000) return shown?.as('too soon');
          const isDoubled = waited.slice(1, 3).every((each, place) => each > 2 * EARLY * waited[place]!);
          if (!isDoubled) return shown?.as('not doubled');
          if (times.length > 4) return shown?.as('too often');
          return both(shown, t.answered('still alive'))?.as(times.length < 4 ? 'seldom' : 'as written');
        },
        plays: 'sender',
        reads: [
          reads(RFC6275, '10.6.2', 'MUST', 'sender', {
            'as written': pass,
            'not repeated': pass,
            'too soon': fail,
            'not doubled': fail,
            seldom: pass,
            'too often': fail,
          }),
          reads(RFC6275, '10.6.2', 'SHOULD', 'sender', {
            'as written': pass,
            'not repeated': fail,
            'too soon': pass,
            'not doubled': pass,
            seldom: pass,
            'too often': pass,
          }),
        ],
        lawful: 'as written',
        turnedBy: [
          [mutants.tellsOnce, 'not repeated'],
          [mutants.tellsSteadily, 'not doubled'],
          [mutants.tellsForEver, 'too often'],
        ],
      },
    ),
  },
});

interface Ending {
  readonly does: (stage: PrefixStage) => Promise<void>;
  /** How long a repetition is waited for, in seconds. */
  readonly waits: number;
  readonly level: 'MUST' | 'SHOULD';
  readonly lawful: 'told no more' | 'told again';
  readonly turn: readonly [NodeMutant, 'told no more' | 'told again'];
}

const endings: Readonly<Record<string, Ending>> = {
  solicitation: {
    does: ({ tn }) => asksAgain(tn, 'acknowledges'),
    waits: 10,
    level: 'SHOULD',
    lawful: 'told no more',
    turn: [mutants.hearsNoAcknowledgement, 'told again'],
  },
  deregistration: {
    does: ({ tn }) => tn.sends('acknowledges', homeUpdate({ sequenceNumber: 2, lifetime: 0 })),
    waits: 10,
    level: 'MUST',
    lawful: 'told no more',
    turn: [mutants.tellsAfterTheEnd, 'told again'],
  },
  'update-after-all': {
    async does(stage) {
      await hearsAll(stage);
      await stage.tn.sends('acknowledges', homeUpdate({ sequenceNumber: 2 }));
    },
    waits: 5,
    level: 'SHOULD',
    lawful: 'told again',
    turn: [mutants.givesUpTelling, 'told no more'],
  },
};

export const homePrefixesOver = scenario({
  name: 'home-prefixes-over',
  title: 'A mobile node was told of prefixes, and then it says something',
  ...onTheHomeLink,
  dimensions: { ending: Object.keys(endings) },
  lasts: ({ ending }) => deliveriesSoon + A_WHILE + endings[ending]!.waits + (ending === 'update-after-all' ? 30 : 0),
  async play(stage, { ending }) {
    const { does, waits } = endings[ending]!;
    await changes(stage);
    await does(stage);
    await stage.tn.letsPass('the time of a repetition', waits);
    await stage.tn.sends('registers again', homeUpdate({ sequenceNumber: 3 }));
    await stage.neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.6.2-OVER': question('Is it told again?', {
      outcomes: ['told no more', 'told again'],
      controls: (t) => [...controls(t), pre('and takes updates', accepted(t, 'registers again'))],
      judge(t) {
        const again = t.icmpv6.heard(ADVERTISEMENT, {
          after: 'acknowledges',
          before: 'still alive',
          where: ({ message }) => message.identifier !== ASKED,
        });
        return (
          t.icmpv6.shown(again, 'an advertisement that nobody asked for')?.as('told again') ??
          t.answered('still alive')?.as('told no more')
        );
      },
      plays: 'sender',
      reads: ({ ending }) => {
        const { level, lawful } = endings[ending]!;
        return [
          reads(RFC6275, '10.6.2', level, 'sender', {
            'told no more': lawful === 'told no more' ? pass : fail,
            'told again': lawful === 'told again' ? pass : fail,
          }),
        ];
      },
      lawful: ({ ending }) => endings[ending]!.lawful,
      turnedBy: ({ ending }) => [endings[ending]!.turn],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the home agent is alive', t.answered('alive')),
    pre('registered', accepted(t, 'update')),
    seen('told of the change', t.icmpv6.heardWas('told')),
    seen('and of no other: the home agent says nothing of its own prefix meanwhile', quiet(t)),
  ];
}

/** What another home agent said of the prefix would change again when the one under test advertises it as its own. */
function quiet(t: Account) {
  const advertised = t.icmpv6.heard('routerAdvertisement', { after: 'changes', before: 'still alive' });
  return advertised ? undefined : t.answered('still alive');
}

/** How far from its number a timer may be: clocks are read a little late, never early. */
const EARLY = 0.9;
