/**
 * The end of a home registration (RFC 6275 10.3.2): asked for from a foreign link or from home, with the home address in an option or as the source alone. A
 * home agent that has no such registration says so with status 133. What counts is that packets are intercepted no longer.
 */
import { home, homeAgentIntent, onHomeLink, signallingPair } from '../../../harness/vocabulary/home-agent-intent.ts';
import { type Account, both, type Finding, post, pre } from '../../../harness/vocabulary/judging.ts';
import { mobilityMutants } from '../../../harness/vocabulary/mutants.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import { RFC6275 } from '../../requirements/documents.ts';
import { homeUpdate, MINUTE } from './acts.ts';
import { accepted } from './judging.ts';

const outcomes = ['ended', 'ended in words only', 'refused', 'otherwise'] as const;

/** Of the catalogues before this one, without and with the A bit, in the order of the points. */
const endings = ['away', 'home-with-option', 'home-with-option-lasting', 'home', 'home-lasting', 'elsewhere'] as const;
const ids: Readonly<Record<string, readonly (readonly number[])[]>> = {
  HA_3_1: [
    [1, 2, 3, 4, 5, 11],
    [6, 7, 8, 9, 10, 12],
  ],
  HA_3_2: [
    [1, 2, 3, 4, 5, 11],
    [6, 7, 8, 9, 10, 12],
  ],
};
const unregistered: Readonly<Record<string, readonly number[]>> = {
  'home-with-option': [1, 2],
  home: [3, 4],
  'home-with-option-lasting': [5, 6],
  'home-lasting': [7, 8],
};

export const homeDeregistration = scenario({
  name: 'home-deregistration',
  title: 'The end of a home registration',
  cast: onHomeLink,
  dimensions: {
    from: endings,
    registered: ['with-l0', 'with-l1', 'never'],
    acknowledgement: ['asked-for', 'unasked'],
  },
  where: ({ from, registered }) => registered !== 'never' || from.startsWith('home'),
  given: () => homeAgentIntent({ pairs: [signallingPair()] }),
  async play({ tn, neighbor }, { from, registered, acknowledgement }) {
    await neighbor.pingInClear('alive', { to: home.agent });
    if (registered !== 'never') {
      await tn.sends('before', homeUpdate({ linkLocalAddressCompatibility: registered === 'with-l1' }));
    }
    await neighbor.pingInClear('intercepted', {
      to: home.address,
      passedOnBy: 'nut',
      awaited: registered !== 'never',
    });
    if (from === 'elsewhere') await tn.movesTo('foreign-2');
    if (from.startsWith('home')) await tn.movesTo('home');
    const at = from.includes('option') ? home.address : from.startsWith('home') ? 'home' : placeOf(from);
    await tn.sends(
      'end',
      homeUpdate({
        at,
        sequenceNumber: 2,
        lifetime: from.endsWith('lasting') ? MINUTE : 0,
        acknowledge: acknowledgement === 'asked-for',
        linkLocalAddressCompatibility: registered === 'with-l1',
      }),
    );
    await neighbor.solicits('who has it', { target: home.address, from: home.neighbor });
    await neighbor.pingInClear('still alive', { to: home.agent });
  },
  questions: {
    'RFC6275-10.3.2': question('Does a home agent end a registration when it is asked to?', {
      outcomes,
      controls: (t, { registered }) => [
        pre('the home agent is alive', t.answered('alive')),
        ...(registered === 'never'
          ? []
          : [pre('registered', accepted(t, 'before')), pre('intercepted', tunnelledAtAll(t))]),
        post('alive', t.answered('still alive')),
      ],
      judge: (t, { from }) => judged(t, from),
      plays: 'receiver',
      reads({ from, registered }) {
        if (from.endsWith('lasting')) {
          return [
            reads(RFC6275, '9.5.1', 'obs', 'receiver', {
              ended: observed('taken for a deregistration'),
              'ended in words only': observed('accepted, and intercepted further on'),
              refused: observed('refused with status 133'),
              otherwise: observed('neither'),
            }),
          ];
        }
        const good = registered === 'never' ? 'refused' : 'ended';
        return [
          reads(RFC6275, '10.3.2', 'MUST', 'receiver', {
            ended: good === 'ended' ? pass : fail,
            'ended in words only': fail,
            refused: good === 'refused' ? pass : fail,
            otherwise: fail,
          }),
        ];
      },
      lawful: ({ registered }) => (registered === 'never' ? 'refused' : 'ended'),
      turnedBy: ({ registered }) =>
        registered === 'never'
          ? [[mobilityMutants.endsWhatNeverBegan, 'ended']]
          : [[mobilityMutants.interceptsForEver, 'ended in words only']],
      alsoKnownAs({ from, registered, acknowledgement }) {
        const row = acknowledgement === 'asked-for' ? 0 : 1;
        if (registered === 'never') return [`HA_3_3_${unregistered[from]![row]}`];
        const group = registered === 'with-l0' ? 'HA_3_1' : 'HA_3_2';
        return [`${group}_${ids[group]![row]![endings.indexOf(from as (typeof endings)[number])]}`];
      },
    }),
  },
});

const placeOf = (from: string): string => (from === 'elsewhere' ? home.otherCareOfAddress : home.careOfAddress);

function tunnelledAtAll(t: Account): Finding | undefined {
  const passed = t.passedOn('intercepted');
  return passed && t.mobility.shown({ found: passed }, 'a packet to the home address was tunnelled');
}

function judged(t: Account, from: string) {
  const answer = t.mobility.answer('end');
  if (answer?.message.kind !== 'bindingAcknowledgement') return t.answered('still alive')?.as('otherwise');
  const { status, lifetime } = answer.message;
  const shown = t.mobility.shown(answer, `status ${status}, lifetime ${lifetime}`);
  if (status === NOT_ITS_HOME_AGENT) return shown?.as('refused');
  // By a routing header where the update had the option and came from elsewhere; from the home address itself with the option 9.5.4 can be read either way.
  const isRouted = answer.routedTo === home.address;
  const isAddressed = from.includes('option') || (from.startsWith('home') ? answer.routedTo === undefined : isRouted);
  if (status !== 0 || lifetime !== 0 || !isAddressed) return shown?.as('otherwise');
  const proxied = t.neighbors.advertised(home.address, { after: 'who has it' });
  return proxied
    ? both(shown, t.neighbors.shown(proxied, 'and the home agent still answers for it'))?.as('ended in words only')
    : both(shown, t.answered('still alive'))?.as('ended');
}

/** Status of a binding acknowledgement. */
const NOT_ITS_HOME_AGENT = 133;
