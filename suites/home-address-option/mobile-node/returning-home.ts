/**
 * A mobile node comes home (RFC 6275 11.5.5): until it has told its home agent, its home address is defended by that one, so that it may neither use it nor
 * ask in its name; afterwards it tells the whole link. The home agent is the reference's own.
 */
import { type Account, both, post, pre } from '../../../harness/vocabulary/judging.ts';
import { homeAgentPair, mobileCast, moving } from '../../../harness/vocabulary/moving-intent.ts';
import { mobileNodeMutants as mutants } from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { NodeState } from '../../../harness/vocabulary/stage.ts';
import { RFC4862, RFC6275 } from '../../requirements/documents.ts';
import { fromLink, isRegistered, NOTICED, registersFrom, updateAt } from './acts.ts';

const RETURNS = 'returns';
const DEREGISTRATION = 'deregistration';

export const returningHome = scenario({
  name: 'returning-home',
  title: 'A mobile node comes home',
  cast: mobileCast,
  dimensions: { homeAgent: ['tells-of-itself', 'silent'], signalling: ['in-clear', 'under-esp'] },
  given: ({ homeAgent, signalling }) =>
    moving({
      homeAgentActs: true,
      homeAgentAdvertises: homeAgent === 'tells-of-itself',
      pairs: signalling === 'under-esp' ? [homeAgentPair()] : [],
    }),
  async play({ cn, ha, nut }) {
    await cn.echo('at home', { untilAnswered: true });
    await nut.movesTo('foreign-1');
    await ha.hears('update', 'bindingUpdate', fromLink('foreign-1'));
    await nut.reports('away', { until: isRegistered });
    await nut.movesTo('home', RETURNS);
    await ha.hears(DEREGISTRATION, 'bindingUpdate', { from: mobileIpv6.prefixes.home, after: RETURNS, within: WAITED });
    await ha.hears('taken back', 'bindingAcknowledgement', { of: 'ha', after: RETURNS });
    await nut.reports('at home again', { until: isUnbound });
    await nut.echo('speaks', { to: mobileIpv6.correspondent });
    await cn.echo('home again');
  },
  questions: {
    'RFC6275-11.5.5': question('Does it take its binding back before it uses its home address on the home link?', {
      outcomes: ['deregisters', 'asks for a lifetime', 'stays registered'],
      controls,
      judge: (t) => {
        const update = updateAt(t, DEREGISTRATION);
        if (!update) return t.sent('speaks')?.as('stays registered');
        const { lifetime } = update.message;
        return t.mobility
          .shown(update.found, `from ${update.found.source}, lifetime ${4 * lifetime} s`)
          ?.as(lifetime === 0 ? 'deregisters' : 'asks for a lifetime');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.5.5', 'MUST', 'sender', {
          deregisters: pass,
          'asks for a lifetime': fail,
          'stays registered': fail,
        }),
      ],
      lawful: 'deregisters',
      turnedBy: [
        [mutants.staysRegistered, 'stays registered'],
        [mutants.deregistersWithLifetime, 'asks for a lifetime'],
      ],
      alsoKnownAs: ['MN-2-1-3-1-001'],
    }),
    'RFC6275-11.5.5-LOOKED-FOR': question(
      'From whom comes the question for the home agent, while it defends the home address?',
      {
        outcomes: ['from nobody', 'from the home address', 'not asked'],
        controls,
        judge: (t) => {
          const asked = t.neighbors.solicited(mobileIpv6.homeAddress, { after: RETURNS });
          if (!asked) return t.mobility.heardWas(DEREGISTRATION)?.as('not asked');
          const says = `asks for ${mobileIpv6.homeAddress} from ${asked.source}`;
          return t.neighbors.shown(asked, says)?.as(asked.source === '::' ? 'from nobody' : 'from the home address');
        },
        plays: 'sender',
        asks: ({ homeAgent }) => homeAgent === 'silent',
        reads: [
          reads(RFC6275, '11.5.5', 'MUST', 'sender', {
            'from nobody': pass,
            'from the home address': fail,
            'not asked': observed('it knows the home agent otherwise'),
          }),
        ],
        lawful: 'from nobody',
        turnedBy: [[mutants.asksAsItself, 'from the home address']],
        alsoKnownAs: ['MN-2-1-3-1-007'],
      },
    ),
    'RFC6275-11.5.5-ANNOUNCED': question('Is the home link told that the home address is its own again?', {
      outcomes: ['told', 'not told'],
      controls,
      judge: (t) => {
        const told = t.neighbors.advertised(mobileIpv6.homeAddress, {
          after: RETURNS,
          where: ({ destination, override, solicited }) => destination === ALL_NODES && override && !solicited,
        });
        return told
          ? t.neighbors.shown(told, 'tells all nodes, unasked, and overrides')?.as('told')
          : both(t.mobility.heardWas('taken back'), t.answered('home again'))?.as('not told');
      },
      plays: 'sender',
      reads: [reads(RFC6275, '11.5.5', 'MUST', 'sender', { told: pass, 'not told': fail })],
      lawful: 'told',
      turnedBy: [[mutants.returnsUnannounced, 'not told']],
      alsoKnownAs: ['MN-3-4-1-1-001', 'MN-2-2-2-1-001'],
    }),
  },
});

/** Seconds that the home agent grants. */
const GRANTED = 8;

export const returningUnbound = scenario({
  name: 'returning-unbound',
  title: 'A mobile node comes home after its binding has ended',
  cast: mobileCast,
  dimensions: { binding: ['ended'] },
  given: () => moving(),
  lasts: () => GRANTED + 1,
  async play(stage) {
    const { cn, ha, nut } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1', { update: 'update', granted: { lifetime: GRANTED } });
    await cn.letsPass('its binding ends', GRANTED + 1);
    await nut.movesTo('home', RETURNS);
    await ha.hears(DEREGISTRATION, 'bindingUpdate', { from: mobileIpv6.prefixes.home, after: RETURNS, within: WAITED });
    await nut.echo('speaks', { to: mobileIpv6.correspondent });
    await cn.echo('home again');
  },
  questions: {
    'RFC6275-11.5.5': question('Is the home address tested and used at once, as no binding is left?', {
      outcomes: ['as any node', 'untested', 'deregisters'],
      controls,
      judge: (t) => {
        const test = t.neighbors.tested(mobileIpv6.homeAddress, { after: RETURNS });
        return (
          t.mobility.heardWas(DEREGISTRATION)?.as('deregisters') ??
          t.neighbors.shown(test, 'asks from nobody for its home address')?.as('as any node') ??
          t.answered('home again')?.as('untested')
        );
      },
      plays: 'sender',
      reads: [
        reads(RFC4862, '5.4', 'MUST', 'implementation', {
          'as any node': pass,
          untested: fail,
          deregisters: observed('it asks for what has ended already'),
        }),
        reads(RFC6275, '11.5.5', 'obs', 'sender', {
          'as any node': observed('no binding is left that could be taken back'),
          untested: observed('untested'),
          deregisters: observed('it takes back what has ended already'),
        }),
      ],
      lawful: 'as any node',
      turnedBy: [[mutants.deregistersAlways, 'deregisters']],
      alsoKnownAs: ['MN-3-4-1-1-002'],
    }),
  },
});

function controls(t: Account) {
  return [
    pre('the node is at home', t.answered('at home')),
    pre('it registered from the foreign link', t.mobility.heardWas('update')),
    post('it speaks from its home address', t.sent('speaks')),
  ];
}

/** Nothing is left of its registration, whose acknowledgement it has taken. */
function isUnbound({ bindingUpdates = [] }: NodeState): boolean {
  return !bindingUpdates.some(({ homeRegistration }) => homeRegistration);
}

const ALL_NODES = 'ff02::1';
/** Lab milliseconds: what it has noticed is seen sooner, what never comes is not waited for as long as for a movement. */
const WAITED = NOTICED / 2;
