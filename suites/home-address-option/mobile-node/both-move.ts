/**
 * Two mobile nodes speak to each other and move at once (DUPONT 2.5 on both ends moving; RFC 6275 5.2.9, simultaneous mobility): each still sends to where the
 * other was. What brings them together again is that every node is reached at its home address: the tests of return routability go there, whatever binding
 * there is. With ESP between the home addresses the SAs know nothing of all that.
 */
import { bothMobile, bothMoving, homeOfPeer } from '../../../harness/vocabulary/both-moving-intent.ts';
import { type Account, both, type Finding, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import {
  correspondentRegistrationMutants as correspondents,
  mobileNodeMutants as mutants,
} from '../../../harness/vocabulary/mutants.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { Stage, Tested } from '../../../harness/vocabulary/stage.ts';
import { DUPONT, RFC6275 } from '../../requirements/documents.ts';
import { NOTICED } from './acts.ts';
import { wayOf } from './registering-acts.ts';

type Parties = Stage<typeof bothMobile>;
type Foreign = 'foreign-1' | 'foreign-2';

export const bothMove = scenario({
  name: 'both-move',
  title: 'Two mobile nodes that speak to each other move at once',
  cast: bothMobile,
  dimensions: {
    agents: ['one-home-agent', 'a-home-agent-each'],
    way: ['tunnelled', 'optimised'],
    flow: ['in-clear', 'under-esp'],
  },
  given: ({ agents, way, flow }) =>
    bothMoving({ agents, routeOptimization: way === 'optimised', underEsp: flow === 'under-esp' }),
  async play(parties, { agents, way }) {
    const { nut, peer, ha } = parties;
    const to = homeOfPeer(agents);
    await ha.echo('is at home');
    await ha.echo('the peer is, too', { to });
    await nut.echo('at home');
    await bothGo(parties, 'away', ['foreign-1', 'foreign-2']);
    await nut.echo('by tunnel');
    await peer.echo('by tunnel, back');
    if (way === 'optimised') await bothAreBound(parties, 'away', to);
    await nut.echo('from away');
    await bothGo(parties, 'at once', ['foreign-2', 'foreign-1']);
    if (way === 'optimised') {
      await ha.hears('home test again', 'homeTestInit', { of: 'nut', to, after: 'moves at once' });
      await ha.hears('care-of test again', 'careOfTestInit', { of: 'nut', to, after: 'moves at once' });
      await bothAreBound(parties, 'at once', to);
    }
    await nut.echo('elsewhere');
    await peer.echo('elsewhere, back');
    await nut.echo('at last');
    await peer.echo('at last, back');
    await ha.echo('life');
    await ha.echo('life of the peer', { to });
  },
  questions: {
    'DUPONT-2.5-BOTH': question('Do they go on speaking after both have moved?', {
      outcomes: ['directly', 'through the home agents', 'past its home agent', 'only after a while', 'stops'],
      controls: (t, { flow }) => [
        ...controls(t),
        ...(flow === 'under-esp' ? [seen('the flow is under ESP', t.sentUnder('at last', 'esp'))] : []),
        post('it is reached at its home address', t.answered('at last, back') ?? t.answered('life')),
      ],
      judge: (t) => {
        const going = wayOf(t, 'at last');
        if (!going) return undefined;
        const atLast = both(going.finding, t.answered('at last'), t.answered('at last, back'));
        if (!atLast) return both(going.finding, t.answered('life'), t.answered('life of the peer'))?.as('stops');
        const atOnce = both(t.answered('elsewhere'), t.answered('elsewhere, back'));
        return atOnce ? both(atOnce, atLast)?.as(goes[going.way]) : atLast.as('only after a while');
      },
      plays: 'sender',
      reads: ({ way }) => [
        reads(DUPONT, '2.5', 'obs', 'sender', {
          directly: observed('both know where the other is'),
          'through the home agents': observed('each is reached by way of its home'),
          'past its home agent': observed('from the home address on a foreign link'),
          'only after a while': observed('what they said first after both had registered was lost'),
          stops: observed('two that moved at once do not find each other'),
        }),
        reads(RFC6275, way === 'optimised' ? '11.7.2' : '11.3.1', way === 'optimised' ? 'SHOULD' : 'MUST', 'sender', {
          directly: pass,
          'through the home agents': way === 'optimised' ? fail : pass,
          'past its home agent': fail,
          'only after a while': pass,
          stops: fail,
        }),
      ],
      lawful: ({ way }) => (way === 'optimised' ? 'directly' : 'through the home agents'),
      turnedBy: ({ way }) =>
        way === 'optimised'
          ? [
              [correspondents.forgetsCorrespondents, 'stops'],
              [mutants.neverOptimizes, 'through the home agents'],
            ]
          : [
              [mutants.opensNotItsTunnel, 'stops'],
              [mutants.sendsWithoutTunnel, 'past its home agent'],
            ],
    }),
    'RFC6275-5.2.9': question('Where do the tests go when the correspondent has moved, too?', {
      outcomes: ['to its home address', 'to where it was'],
      controls: (t) => [...controls(t), seen('it tests again', testsAgain(t))],
      judge: (t) => {
        const tests = ['home test again', 'care-of test again'].map((name) => t.mobility.heardAt(name));
        const byWay = tests.find((test) => test?.routedTo !== undefined);
        if (byWay) return t.mobility.shown(byWay, `by way of ${byWay.destination}`)?.as('to where it was');
        return testsAgain(t)?.as('to its home address');
      },
      asks: ({ way }) => way === 'optimised',
      plays: 'sender',
      reads: [reads(RFC6275, '5.2.9', 'MUST', 'sender', { 'to its home address': pass, 'to where it was': fail })],
      lawful: 'to its home address',
      turnedBy: [[correspondents.sendsTestsByBinding, 'to where it was']],
    }),
  },
});

/** Both tests, or the one that is needed: a home token that is young enough serves for another care-of address (RFC 6275 5.2.7). */
function testsAgain(t: Account): Finding | undefined {
  const [home, careOf] = ['home test again', 'care-of test again'].map((name) => t.mobility.heardWas(name));
  return home && careOf ? both(home, careOf) : careOf;
}

const goes = { direct: 'directly', tunnel: 'through the home agents', plain: 'past its home agent' } as const;

function controls(t: Account) {
  return [
    pre('they speak at home', t.answered('at home')),
    seen(
      'both register from elsewhere',
      both(t.mobility.heardWas('update at once'), t.mobility.heardWas('update of the peer at once')),
    ),
  ];
}

/** At one moment, up to where both home agents know. */
async function bothGo({ nut, peer, ha }: Parties, when: string, [there, elsewhere]: readonly [Foreign, Foreign]) {
  const moves = [`moves ${when}`, `the peer moves ${when}`] as const;
  await nut.movesTo(there, moves[0]);
  await peer.movesTo(elsewhere, moves[1]);
  const { prefixes } = mobileIpv6;
  const after = { after: moves[0], within: NOTICED };
  await ha.hears(`update ${when}`, 'bindingUpdate', { of: 'nut', from: prefixes[there], ...after });
  await ha.hears(`update of the peer ${when}`, 'bindingUpdate', { of: 'peer', from: prefixes[elsewhere], ...after });
  await isBound(nut, `registered ${when}`);
  await isBound(peer, `the peer is registered ${when}`);
}

async function bothAreBound({ nut, peer }: Parties, when: string, homeOfPeer: string): Promise<void> {
  await isBound(nut, `bound ${when}`, homeOfPeer);
  await isBound(peer, `the peer is bound ${when}`, mobileIpv6.homeAddress);
}

/** Its home agent, or this correspondent, has acknowledged the care-of address of now. */
async function isBound(node: Tested, name: string, correspondent?: string): Promise<void> {
  await node.reports(name, {
    until: ({ bindingUpdates = [] }) => {
      const atHome = bindingUpdates.find(({ homeRegistration }) => homeRegistration);
      const wanted = correspondent === undefined ? atHome : bindingUpdates.find(({ peer }) => peer === correspondent);
      return wanted?.settled === true && wanted.careOfAddress === atHome?.careOfAddress;
    },
    within: SETTLED,
  });
}

/** Lab milliseconds: a lost test is sent again after one second, two and four (RFC 6275 11.8). */
const SETTLED = 10_000;
