/**
 * What a home agent hears of prefixes on its home link from another home agent there (RFC 6275 10.6.1), for which a neighbor speaks: it tells a mobile node
 * that asks (10.6.3), and tells unasked what changed (10.6.2).
 */
import { home } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { homePrefixesMutants as mutants, type NodeMutant } from '../../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { MobilePrefixAdvertisement } from '../../../reference/wire/icmpv6.ts';
import type { PrefixInformation } from '../../../reference/wire/neighbor-discovery-options.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { accepted } from './judging.ts';
import {
  A_WHILE,
  ANOTHER_PREFIX,
  advertisementAfter,
  asksAgain,
  deliveriesSoon,
  onTheHomeLink,
  PREFERRED,
  says,
  settles,
} from './prefix-acts.ts';

interface Said {
  readonly octets: Uint8Array;
  readonly isTold: (message: MobilePrefixAdvertisement) => boolean;
  readonly lawful: 'told' | 'not told';
  readonly turn: readonly [NodeMutant, 'told' | 'not told'];
}

const has = (message: MobilePrefixAdvertisement, prefix: string, fits: (option: PrefixInformation) => boolean) =>
  message.options.some(
    (option) => option.type === 'prefixInformation' && option.prefix.startsWith(prefix) && fits(option),
  );
const hasAnother = (message: MobilePrefixAdvertisement): boolean => has(message, ANOTHER_PREFIX, () => true);

const said: Readonly<Record<string, Said>> = {
  'another-prefix': {
    octets: says({ prefix: ANOTHER_PREFIX }),
    isTold: hasAnother,
    lawful: 'told',
    turn: [mutants.knowsItsOwnPrefixes, 'not told'],
  },
  'of-a-router': {
    octets: says({ prefix: ANOTHER_PREFIX, homeAgent: false }),
    isTold: hasAnother,
    lawful: 'not told',
    turn: [mutants.believesEveryRoutersPrefixes, 'told'],
  },
  managed: {
    octets: says({ managed: true }),
    isTold: ({ managed }) => managed === true,
    lawful: 'told',
    turn: [mutants.tellsNoFlags, 'not told'],
  },
  'other-configuration': {
    octets: says({ otherConfiguration: true }),
    isTold: ({ otherConfiguration }) => otherConfiguration === true,
    lawful: 'told',
    turn: [mutants.tellsNoFlags, 'not told'],
  },
};

export const homePrefixesOfOthers = scenario({
  name: 'home-prefixes-of-others',
  title: 'A mobile node asks for prefixes, and other routers of its home link told of some',
  ...onTheHomeLink,
  dimensions: { said: Object.keys(said) },
  lasts: () => A_WHILE,
  async play(stage, { said: what }) {
    await settles(stage);
    await stage.neighbor.packet('says', said[what]!.octets);
    await stage.neighbor.pingInClear('has heard it', { to: home.agent });
    await asksAgain(stage.tn, 'ask again');
    await stage.neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.6.1': question('Does a home agent tell what other home agents of the link told, and them alone?', {
      outcomes: ['told', 'not told'],
      controls: (t) => [...controls(t), pre('it heard what was said', t.answered('has heard it'))],
      judge(t, { said: what }) {
        const answer = advertisementAfter(t, 'ask again');
        if (!answer) return undefined;
        const { options, managed, otherConfiguration } = answer.message;
        const shown = `${options.length} options${managed ? ', M' : ''}${otherConfiguration ? ', O' : ''}`;
        const isTold = said[what]!.isTold(answer.message);
        return finding(shown, t.evidenceOf(answer.found, shown)).as(isTold ? 'told' : 'not told');
      },
      plays: 'receiver',
      reads: ({ said: what }) => {
        if (what === 'of-a-router') {
          const told = observed('tells what a router told that is no home agent');
          return [reads(RFC6275, '10.6.1', 'obs', 'receiver', { told, 'not told': observed('tells of home agents') })];
        }
        const section = what === 'another-prefix' ? '10.6.1' : '10.6.3';
        return [reads(RFC6275, section, 'MUST', 'receiver', { told: pass, 'not told': fail })];
      },
      lawful: ({ said: what }) => said[what]!.lawful,
      turnedBy: ({ said: what }) => [said[what]!.turn],
    }),
  },
});

interface Change {
  /** What is told before, where it is more than the home prefix. */
  readonly before?: Uint8Array;
  readonly octets: Uint8Array;
  readonly isTold: (message: MobilePrefixAdvertisement) => boolean;
  readonly level: 'MUST' | 'SHOULD' | 'obs';
  readonly turn: NodeMutant;
}

const ofHome = (fits: (option: PrefixInformation) => boolean) => (message: MobilePrefixAdvertisement) =>
  has(message, '2001:db8:1:', fits);

const changes: Readonly<Record<string, Change>> = {
  'valid-lifetime': {
    octets: says({ validLifetime: 1_800 }),
    isTold: ofHome(({ validLifetime }) => validLifetime <= 1_800),
    level: 'MUST',
    turn: mutants.comparesNoLifetimes,
  },
  'preferred-lifetime': {
    octets: says({ preferredLifetime: PREFERRED - 3 }),
    isTold: ofHome(({ preferredLifetime }) => preferredLifetime <= PREFERRED - 3),
    level: 'MUST',
    turn: mutants.comparesNoLifetimes,
  },
  flags: {
    octets: says({ autonomous: false }),
    isTold: ofHome(({ autonomous }) => !autonomous),
    level: 'MUST',
    turn: mutants.tellsNoFlagChange,
  },
  'new-prefix': {
    octets: says({ prefix: ANOTHER_PREFIX }),
    isTold: hasAnother,
    level: 'SHOULD',
    turn: mutants.tellsOfNoNewPrefix,
  },
  'of-another-prefix': {
    before: says({ prefix: ANOTHER_PREFIX }),
    octets: says({ prefix: ANOTHER_PREFIX, autonomous: false }),
    isTold: (message) => has(message, ANOTHER_PREFIX, ({ autonomous }) => !autonomous),
    level: 'obs',
    turn: mutants.tellsOfNoNewPrefix,
  },
};

export const homePrefixesChanged = scenario({
  name: 'home-prefixes-changed',
  title: 'The prefixes of a home link change while a mobile node is away',
  ...onTheHomeLink,
  dimensions: { change: Object.keys(changes) },
  lasts: () => deliveriesSoon + A_WHILE,
  async play(stage, { change }) {
    const { before, octets } = changes[change]!;
    await settles(stage, before);
    await stage.neighbor.packet('changes', octets);
    await stage.tn.hears('told', 'mobilePrefixAdvertisement', { after: 'changes', within: 1000 * deliveriesSoon });
    await asksAgain(stage.tn, 'ask again');
    await stage.neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.6.2': question('Is a mobile node told, unasked, what changed?', {
      outcomes: ['told', 'told in clear', 'told otherwise', 'silent'],
      controls: (t) => [...controls(t), post('it answers who asks', advertisementAfter(t, 'ask again')?.shown)],
      judge(t, { change }) {
        const told = advertisementAfter(t, 'changes', 'ask again');
        if (!told) return advertisementAfter(t, 'ask again')?.shown.as('silent');
        if (!told.isRouted || !changes[change]!.isTold(told.message)) return told.shown.as('told otherwise');
        return told.shown.as(told.isProtected ? 'told' : 'told in clear');
      },
      plays: 'sender',
      reads({ change }) {
        const { level } = changes[change]!;
        if (level === 'obs') {
          const told = observed('told of a prefix that the mobile node has no address in');
          const silent = observed('not told of a prefix that the mobile node has no address in');
          return [
            reads(RFC6275, '10.6.2', 'obs', 'sender', {
              told,
              'told in clear': told,
              'told otherwise': told,
              silent,
            }),
          ];
        }
        const asked = { told: pass, 'told in clear': pass, 'told otherwise': fail, silent: fail };
        return [
          reads(RFC6275, '10.6.2', level, 'sender', asked),
          reads(RFC6275, '10.6.3', 'SHOULD', 'sender', { ...asked, 'told in clear': fail, silent: pass }),
        ];
      },
      lawful: 'told',
      turnedBy: ({ change }) => [[changes[change]!.turn, 'silent']],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the home agent is alive', t.answered('alive')),
    pre('registered', accepted(t, 'update')),
    pre('told where it asked', advertisementAfter(t, 'ask')?.shown),
    post('it still is alive', t.answered('still alive')),
  ];
}
