/**
 * How a mobile node finds out where it is (RFC 6275 11.5.1 to 11.5.3): several routers may be on its link, a router of the same name may be on another, and
 * one that is heard no more may be gone. It moves where it has to, and forms addresses from prefixes that are for that.
 */
import { type Account, type Finding, post, pre, seen } from '../../../harness/vocabulary/judging.ts';
import { amongNeighbors, mobileCast, moving, neighborAddresses } from '../../../harness/vocabulary/moving-intent.ts';
import { movementMutants as mutants, type NodeMutant } from '../../../harness/vocabulary/mutants.ts';
import { advertisedPrefix, type RouterByHand, routerAdvertisementPacket } from '../../../harness/vocabulary/packets.ts';
import { mobileIpv6 } from '../../../harness/vocabulary/places.ts';
import { fail, observed, pass, question, reads } from '../../../harness/vocabulary/question.ts';
import { scenario } from '../../../harness/vocabulary/scenario.ts';
import type { PrefixInformation } from '../../../reference/wire/neighbor-discovery-options.ts';
import { RFC4861, RFC4862, RFC6275 } from '../../requirements/documents.ts';
import { fromLink, NOTICED, registersFrom } from './acts.ts';

const { correspondent, routers } = mobileIpv6;
const REGISTERED = 'update from foreign-1';
/** Of a router that the neighbor makes up. */
const madeUp = { prefix: '2001:db8:6::/64', address: '2001:db8:6::fe' } as const;
const honest = { prefix: '2001:db8:7::/64', address: '2001:db8:7::fe' } as const;
/** The last one that the neighbor speaks for answers for itself. */
const { linkLocal } = neighborAddresses;

/** A router advertisement of the neighbor, with this address of its own. */
function advertised(
  address: string,
  { prefix = {}, ...fields }: Partial<RouterByHand> & { readonly prefix?: Partial<PrefixInformation> } = {},
): Uint8Array {
  const options = [advertisedPrefix(address, { routerAddress: true, ...prefix })];
  return routerAdvertisementPacket('neighbor', { from: linkLocal, retransTimer: 200, ...fields, options });
}

function controls(t: Account) {
  return [
    pre('the node is at home', t.answered('at home')),
    seen('it registers from the foreign link', t.mobility.heardWas(REGISTERED)),
  ];
}

/** That it lives: by the update, or by what it was told to send, which waits where a home agent has not acknowledged its update. */
function spoke(t: Account, update: string): Finding | undefined {
  return t.mobility.heardWas(update) ?? t.sent('life');
}

export const anotherRouter = scenario({
  name: 'another-router',
  title: 'A second router turns up on the link of a mobile node, with another prefix',
  cast: amongNeighbors,
  dimensions: { router: ['another-prefix'] },
  given: () => moving({ neighborOn: 'foreign-1' }),
  async play(stage) {
    const { nut, ha, cn, neighbor } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1');
    await neighbor.packet('another router', advertised(madeUp.address));
    const elsewhere = { from: madeUp.prefix, after: 'another router', within: 6_000 };
    await ha.hears('update from elsewhere', 'bindingUpdate', elsewhere);
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.5.1': question('Does it stay with the router that still answers?', {
      outcomes: ['stays', 'moves'],
      controls: (t) => [...controls(t), post('it speaks', spoke(t, 'update from elsewhere'))],
      judge: (t) => t.mobility.heardWas('update from elsewhere')?.as('moves') ?? t.sent('life')?.as('stays'),
      plays: 'receiver',
      reads: [reads(RFC6275, '11.5.1', 'SHOULD', 'receiver', { stays: pass, moves: fail })],
      lawful: 'stays',
      turnedBy: [[mutants.leavesReachableRouter, 'moves']],
      alsoKnownAs: ['MN-3-3-1-1-002'],
    }),
    'RFC6275-11.5.1-ASKED': question('By which address is the old router asked whether it is there?', {
      outcomes: ['global', 'link-local', 'not asked'],
      controls: (t) => [...controls(t), post('it speaks', spoke(t, 'update from elsewhere'))],
      judge: (t) => {
        const after = 'another router';
        const old = t.icmpv6.heard('routerAdvertisement', {
          by: 'router',
          where: ({ found }) => found.frame.entry.link === 'away',
        });
        const global = t.neighbors.solicited(routers['foreign-1'], { after });
        if (global) return t.neighbors.shown(global, `asks for ${routers['foreign-1']}`)?.as('global');
        const local = old && t.neighbors.solicited(old.source, { after });
        if (local) return t.neighbors.shown(local, `asks for ${old.source}`)?.as('link-local');
        return spoke(t, 'update from elsewhere')?.as('not asked');
      },
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.5.1', 'obs', 'sender', {
          global: observed('by the address that its R bit tells'),
          'link-local': observed('by an address that other routers may have, too'),
          'not asked': observed('not asked'),
        }),
      ],
      lawful: 'global',
      turnedBy: [[mutants.knowsRoutersByLinkLocal, 'link-local']],
      alsoKnownAs: ['MN-3-3-1-1-003'],
    }),
  },
});

export const sameLinkLocal = scenario({
  name: 'same-link-local',
  title: 'The routers of two links have one link-local address',
  cast: mobileCast,
  dimensions: { router: ['same-link-local'] },
  given: () => moving({ routerOfOneName: true }),
  async play({ nut, ha, cn }) {
    await cn.echo('at home', { untilAnswered: true });
    await nut.movesTo('foreign-1');
    await ha.hears(REGISTERED, 'bindingUpdate', fromLink('foreign-1'));
    await nut.echo('life', { to: correspondent, awaited: false });
  },
  questions: {
    'RFC6275-11.5.1': question('Does it notice that it is on another link?', {
      outcomes: ['noticed', 'unnoticed'],
      controls: (t) => [pre('the node is at home', t.answered('at home')), post('it speaks', spoke(t, REGISTERED))],
      judge: (t) => t.mobility.heardWas(REGISTERED)?.as('noticed') ?? t.sent('life')?.as('unnoticed'),
      plays: 'receiver',
      reads: [reads(RFC6275, '11.5.1', 'SHOULD', 'receiver', { noticed: pass, unnoticed: fail })],
      lawful: 'noticed',
      turnedBy: [[mutants.knowsRoutersByLinkLocal, 'unnoticed']],
      alsoKnownAs: ['MN-3-3-1-1-005'],
    }),
  },
});

export const silentRouter = scenario({
  name: 'silent-router',
  title: 'A mobile node hears its router no more, and no other one',
  cast: mobileCast,
  dimensions: { router: ['silent'] },
  given: () => moving({ routerSilentOn: 'foreign-2' }),
  async play(stage) {
    const { nut, ha, cn } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1');
    await nut.movesTo('foreign-2');
    await ha.hears('solicitation', 'routerSolicitation', { after: 'moves to foreign-2', within: NOTICED });
    await nut.movesTo('foreign-1', 'comes back');
    await nut.echo('life', { to: correspondent });
    await cn.pingInClear('path', { to: mobileIpv6.homeAgent });
  },
  questions: {
    'RFC6275-11.5.1': question('Does it look for routers once its own is gone?', {
      outcomes: ['asks for routers', 'does not'],
      controls: (t) => [...controls(t), post('the others live', t.answered('path'))],
      judge: (t) => t.icmpv6.heardWas('solicitation')?.as('asks for routers') ?? t.sent('life')?.as('does not'),
      plays: 'sender',
      reads: [
        reads(RFC6275, '11.5.1', 'SHOULD', 'sender', { 'asks for routers': pass, 'does not': fail }),
        reads(RFC4861, '6.3.7', 'SHOULD', 'sender', { 'asks for routers': pass, 'does not': fail }),
      ],
      lawful: 'asks for routers',
      turnedBy: [[mutants.waitsForItsRouter, 'does not']],
    }),
  },
});

interface Lie {
  readonly said: Uint8Array;
  readonly document: Pick<typeof RFC4861, 'id'>;
  readonly section: string;
  readonly level: 'MUST' | 'SHOULD';
  readonly turn: NodeMutant;
}

const forming = { document: RFC4862, section: '5.5.3', level: 'MUST', turn: mutants.formsFromEveryPrefix } as const;
const hearing = { document: RFC4861, section: '6.1.2', level: 'MUST', turn: mutants.hearsDistantRouters } as const;
const lies: Readonly<Record<string, Lie>> = {
  'not-autonomous': { said: advertised(madeUp.address, { prefix: { autonomous: false } }), ...forming },
  'not-valid': {
    said: advertised(madeUp.address, { prefix: { validLifetime: 0, preferredLifetime: 0 } }),
    ...forming,
  },
  'preferred-for-longer': {
    said: advertised(madeUp.address, { prefix: { validLifetime: 600, preferredLifetime: 601 } }),
    ...forming,
  },
  'of-63-bits': { said: advertised(madeUp.address, { prefix: { prefixLength: 63 } }), ...forming },
  'from-another-link': { said: advertised(madeUp.address, { hops: 254 }), ...hearing },
  'from-a-global-address': { said: advertised(madeUp.address, { from: neighborAddresses['foreign-2'] }), ...hearing },
  'of-another-code': { said: advertised(madeUp.address, { code: 1 }), ...hearing },
  'of-no-default-router': {
    said: advertised(madeUp.address, { routerLifetime: 0 }),
    document: RFC4861,
    section: '6.3.4',
    level: 'MUST',
    turn: mutants.takesEveryRouter,
  },
};

export const prefixesThatLie = scenario({
  name: 'prefixes-that-lie',
  title: 'A mobile node comes to a link, and hears what is no invitation to it',
  cast: amongNeighbors,
  dimensions: { said: Object.keys(lies) },
  given: () => moving({ routerSilentOn: 'foreign-2', neighborOn: 'foreign-2' }),
  async play(stage, { said }) {
    const { nut, ha, cn, neighbor } = stage;
    await cn.echo('at home', { untilAnswered: true });
    await registersFrom(stage, 'foreign-1');
    await nut.movesTo('foreign-2');
    await neighbor.packet('says', lies[said]!.said);
    await ha.hears('update from nowhere', 'bindingUpdate', { from: madeUp.prefix, after: 'says', within: 6_000 });
    await neighbor.packet('says honestly', advertised(honest.address));
    const here = { from: honest.prefix, after: 'says honestly', within: NOTICED };
    await ha.hears('update from here', 'bindingUpdate', here);
  },
  questions: {
    'RFC6275-11.5.3': question('Is no care-of address formed from what is not for that?', {
      outcomes: ['none', 'formed'],
      controls: (t) => [
        ...controls(t),
        seen(
          'the neighbor speaks',
          t.icmpv6.shown(t.icmpv6.heard('routerAdvertisement', { by: 'neighbor', after: 'says' }), 'the advertisement'),
        ),
      ],
      judge: (t) =>
        t.mobility.heardWas('update from nowhere', ({ source }) => `registers from ${source}`)?.as('formed') ??
        t.mobility.heardWas('update from here', ({ source }) => `registers from ${source} alone`)?.as('none'),
      plays: 'receiver',
      reads: ({ said }) => {
        const { document, section, level } = lies[said]!;
        return [
          reads(document, section, level, 'receiver', { none: pass, formed: fail }),
          reads(RFC6275, '11.5.3', 'SHOULD', 'receiver', { none: pass, formed: fail }),
        ];
      },
      lawful: 'none',
      turnedBy: ({ said }) => [[lies[said]!.turn, 'formed']],
    }),
  },
});
