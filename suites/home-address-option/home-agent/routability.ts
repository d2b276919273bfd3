/**
 * Tests of return routability by way of the home agent (RFC 6275 10.4.6, RFC 3776 4.1): between it and the mobile node under ESP in tunnel mode, one
 * encapsulation for both (DUPONT-B), whose far end follows the binding (DUPONT-F) with keys, SPI and counter as they are.
 */
import {
  home,
  homeAgentIntent,
  onHomeLink,
  routabilityPair,
  signallingPair,
} from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, type FoundMobility, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants, policyMutants } from '../../../harness/vocabulary/mutants.ts';
import { mobilityPacket, tunnelledPacket } from '../../../harness/vocabulary/packets.ts';
import { fail, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { DUPONT, RFC4877, RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate } from './acts.ts';
import { accepted } from './judging.ts';

const cookie = (round: number) => Uint8Array.of(1, 2, 3, 4, 5, 6, 7, round);

const homeTestInit = (round: number) => ({ kind: 'homeTestInit', homeInitCookie: cookie(round), options: [] }) as const;

const homeTest = (round: number) =>
  ({
    kind: 'homeTest',
    homeNonceIndex: round,
    homeInitCookie: cookie(round),
    homeKeygenToken: cookie(round),
    options: [],
  }) as const;

export const homeRoutability = scenario({
  name: 'home-routability',
  title: 'Return routability through the tunnel of a home agent',
  cast: onHomeLink,
  dimensions: { place: ['registered', 'moved'], binding: ['first', 'renewed'] },
  given: () => homeAgentIntent({ pairs: [signallingPair(), routabilityPair()] }),
  async play({ tn, neighbor }, { place, binding }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    await tn.sends('update', homeUpdate());
    if (binding === 'renewed') await tn.sends('again', homeUpdate({ sequenceNumber: 2 }));
    await neighbor.packet('test before', mobilityPacket({ from: home.neighbor, to: home.address }, homeTest(1)));
    await neighbor.pingInClear('in between', { to: home.agent });
    if (place === 'moved') {
      await tn.movesTo('foreign-2');
      await tn.sends('next', homeUpdate({ at: home.otherCareOfAddress, sequenceNumber: 3 }));
    }
    await tn.sends('init', { message: homeTestInit(2), to: home.neighbor, awaited: false });
    await neighbor.pingInClear('after the init', { to: home.address, passedOnBy: 'nut' });
    await neighbor.packet('test', mobilityPacket({ from: home.neighbor, to: home.address }, homeTest(2)));
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.4.6': question(
      'Does a home agent open Home Test Init, and seal Home Test, in a tunnel of ESP to where the mobile node is?',
      {
        outcomes: ['both protected', 'only Home Test Init', 'neither'],
        controls: (t) => controls(t),
        judge(t, { place }) {
          const init = t.mobility.heard('homeTestInit', { after: 'init' });
          const test = heardTest(t, 'test', 2);
          const opened = init && t.mobility.shown(init, 'Home Test Init, passed on');
          const isRight = test?.isProtected && test.found.packet.esp?.carrier.destination === placeOf(place);
          if (isRight)
            return both(opened, t.mobility.shown(test, `Home Test, to ${placeOf(place)}`))?.as('both protected');
          return opened ? opened.as('only Home Test Init') : t.answered('still alive')?.as('neither');
        },
        plays: 'receiver',
        reads: [
          reads(RFC6275, '10.4.6', 'MUST', 'receiver', {
            'both protected': pass,
            'only Home Test Init': fail,
            neither: fail,
          }),
          reads(RFC4877, '4.1', 'MUST', 'receiver', {
            'both protected': pass,
            'only Home Test Init': fail,
            neither: fail,
          }),
        ],
        lawful: 'both protected',
        turnedBy: ({ place }) => [
          [policyMutants.readsNoMobilityType, 'neither'],
          ...(place === 'moved' ? ([[mobilityMutants.tunnelsStayBehind, 'only Home Test Init']] as const) : []),
        ],
        alsoKnownAs: ({ place, binding }) =>
          ({
            'registered first': ['HA_6_3_1', 'HA_6_3_3'],
            'registered renewed': ['HA_6_3_5', 'HA_6_3_7'],
            'moved first': ['HA_6_3_2', 'HA_6_3_4'],
            'moved renewed': ['HA_6_3_6', 'HA_6_3_8'],
          })[`${place} ${binding}` as 'moved first'] ?? [],
      },
    ),
    'DUPONT-F': question('Do the tunnel SAs of a mobile node follow its binding?', {
      outcomes: ['followed', 'stayed behind', 'made anew'],
      controls: (t) => controls(t),
      judge(t) {
        const [before, after] = [heardTest(t, 'test before', 1), heardTest(t, 'test', 2)];
        const [old, now] = [before?.found.packet.esp, after?.found.packet.esp];
        const shown = both(t.mobility.shown(before, 'before the move'), t.mobility.shown(after, 'after it'));
        if (!old || !now || !shown) return undefined;
        if (old.spi !== now.spi || now.sequenceNumber <= old.sequenceNumber) return shown.as('made anew');
        return shown.as(now.carrier.destination === home.otherCareOfAddress ? 'followed' : 'stayed behind');
      },
      plays: 'receiver',
      asks: ({ place }) => place === 'moved',
      reads: [
        reads(DUPONT, '2.5 F', 'SHOULD', 'receiver', { followed: pass, 'stayed behind': fail, 'made anew': fail }),
        reads(RFC6275, '10.4.6', 'MUST', 'receiver', { followed: pass, 'stayed behind': fail, 'made anew': fail }),
        reads(RFC4877, '4.3', 'MUST', 'receiver', { followed: pass, 'stayed behind': fail, 'made anew': fail }),
      ],
      lawful: 'followed',
      turnedBy: [[mobilityMutants.tunnelsStayBehind, 'stayed behind']],
    }),
    'DUPONT-B': question('Is a packet to a mobile node under ESP in tunnel mode encapsulated once?', {
      outcomes: ['once', 'twice'],
      controls: (t) => controls(t),
      judge(t) {
        const test = heardTest(t, 'test before', 1);
        const around = test?.found.frame.packets.filter(({ packet }) => packet.source === home.agent).length;
        return t.mobility.shown(test, `${around} headers around it`)?.as(around === 1 ? 'once' : 'twice');
      },
      plays: 'receiver',
      asks: ({ place }) => place === 'registered',
      reads: [
        reads(DUPONT, '2.3 B', 'SHOULD', 'receiver', { once: pass, twice: fail }),
        reads(RFC6275, '10.4.2', 'obs', 'receiver', { once: pass, twice: fail }),
      ],
      lawful: 'once',
      turnedBy: [[mobilityMutants.encapsulatesTwice, 'twice']],
    }),
  },
});

export const homeRoutabilityInClear = scenario({
  name: 'home-routability-in-clear',
  title: 'Home Test Init through a tunnel that nothing protects',
  cast: onHomeLink,
  dimensions: { binding: ['first', 'renewed'] },
  given: () => homeAgentIntent({ pairs: [signallingPair(), routabilityPair()] }),
  async play({ tn, neighbor }, { binding }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    await tn.sends('update', homeUpdate());
    if (binding === 'renewed') await tn.sends('again', homeUpdate({ sequenceNumber: 2 }));
    const init = mobilityPacket({ from: home.address, to: home.neighbor }, homeTestInit(1));
    await tn.packet('init', tunnelledPacket({ from: home.careOfAddress, to: home.agent }, init));
    await tn.echo('same way', { to: home.neighbor, passedOnBy: 'nut' });
    await tn.sends('protected', { message: homeTestInit(2), to: home.neighbor, awaited: false });
    await tn.echo('same way again', { to: home.neighbor, passedOnBy: 'nut' });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.4.6': question('Is a Home Test Init let out of a plain tunnel where policy asks for ESP?', {
      outcomes: ['let out', 'dropped'],
      controls: (t) => [
        ...controls(t),
        pre('what is not protected by policy passes', t.answered('same way')),
        post('a protected one is let out', t.mobility.shown(heardInit(t, 'protected', 2), 'let out')),
      ],
      judge: (t) =>
        t.mobility.shown(heardInit(t, 'init', 1), 'the one in clear, let out')?.as('let out') ??
        both(t.answered('same way again'))?.as('dropped'),
      plays: 'receiver',
      reads: [reads(RFC6275, '10.4.6', 'SHOULD', 'receiver', { 'let out': fail, dropped: pass })],
      lawful: 'dropped',
      turnedBy: [[policyMutants.admitsPlaintext, 'let out']],
      alsoKnownAs: ({ binding }) => [binding === 'first' ? 'HA_6_3_9' : 'HA_6_3_10'],
    }),
  },
});

const placeOf = (place: string): string => (place === 'moved' ? home.otherCareOfAddress : home.careOfAddress);

function controls(t: Account) {
  return [
    pre('the home agent is alive', t.answered('alive')),
    pre('registered', accepted(t, 'update')),
    post('and still alive', t.answered('still alive')),
  ];
}

const heardTest = (t: Account, after: string, round: number): FoundMobility<'homeTest'> | undefined =>
  t.mobility.heard('homeTest', { after, where: ({ homeNonceIndex }) => homeNonceIndex === round });

const heardInit = (t: Account, after: string, round: number): FoundMobility<'homeTestInit'> | undefined =>
  t.mobility.heard('homeTestInit', { after, where: ({ homeInitCookie }) => homeInitCookie[7] === round });
