/** For every rule of a mobile node about where it is, a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import { careOf, foreign, home, World } from './mobile-node.test-support.ts';
import { type Conversation, itConverses } from './mobile-node-conversations.test-support.ts';
import { type MovementRules, movementRules, movementSections } from './movement-rules.ts';

const conversations: readonly Conversation<MovementRules>[] = [
  {
    rule: 'routerKnownBy',
    story: 'a router of another link is another one, though its link-local address is the same',
    broken: { routerKnownBy: (linkLocal) => linkLocal },
    seen: (world) => world.leaves().updates.length,
    lawful: 1,
  },
  {
    rule: 'followsRouter',
    story: 'a router that advertises from another address of its own is reached by that',
    broken: { followsRouter: () => false },
    seen: (world) => {
      world.registered().advertised(foreign, { source: 'fe80::fd' });
      return [world.router, world.addresses];
    },
    lawful: ['fe80::fd', [`${careOf}/64`]],
  },
  {
    rule: 'isDefaultRouter',
    story: 'a router that is no default router tells of no movement',
    broken: { isDefaultRouter: () => true },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised(foreign, { routerLifetime: 0 }).passes(301);
      return world.deeds.filter((deed) => deed.startsWith('probes'));
    },
    lawful: [],
  },
  {
    rule: 'triesNextRouter',
    story: 'where one router of a link offers no address, another of it may',
    broken: { triesNextRouter: () => false },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised(foreign, { autonomous: false }).passes(301);
      world.advertised(foreign, { router: '2001:db8:2::fd', source: 'fe80::fd' });
      return world.deeds.filter((deed) => deed.startsWith('tests'));
    },
    lawful: [`tests ${careOf}`],
  },
  {
    rule: 'tellsOfMovement',
    story: 'a second router of the same prefix is on the same link',
    broken: { tellsOfMovement: () => true },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised('2001:db8:1::', { router: '2001:db8:1::fd', source: 'fe80::fd' });
      return world.deeds.filter((deed) => deed.startsWith('probes'));
    },
    lawful: [],
  },
  {
    rule: 'staysWithRouter',
    story: 'while the router answers the node stays where it is',
    broken: { staysWithRouter: () => false },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised(foreign).answeredBy('2001:db8:1::fe').passes(301);
      return world.deeds.filter((deed) => deed.startsWith('tests'));
    },
    lawful: [],
  },
  {
    rule: 'silenceOfRouter',
    story: 'a router that has been silent for three of its intervals is asked whether it is there',
    broken: { silenceOfRouter: (interval) => 30 * interval },
    seen: (world) => {
      world.advertised('2001:db8:1::', { interval: 400 }).passes(1_250);
      return world.deeds.filter((deed) => deed.startsWith('probes'));
    },
    lawful: ['probes 2001:db8:1::fe'],
  },
  {
    rule: 'retransmissionTime',
    story: 'a router that tells of weeks between two questions is asked again in ten seconds all the same',
    broken: { retransmissionTime: (told) => told },
    seen: (world) => {
      world.advertised('2001:db8:1::', { retransTimer: 0xffff_ffff }).advertised(foreign).passes(10_001);
      return world.deeds.filter((deed) => deed.startsWith('probes')).length;
    },
    lawful: 2,
  },
  {
    rule: 'formsAddressFrom',
    story: 'no address is formed from a prefix that is not for that',
    broken: { formsAddressFrom: () => true },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised(foreign, { autonomous: false }).passes(301);
      return world.deeds.filter((deed) => deed.startsWith('tests'));
    },
    lawful: [],
  },
  {
    rule: 'careOfAddressTested',
    story: 'a care-of address is registered only once it was tested',
    broken: { careOfAddressTested: () => false },
    seen: (world) => world.advertised('2001:db8:1::').advertised(foreign).passes(301).updates.length,
    lawful: 0,
  },
  {
    rule: 'careOfAddressUsable',
    story: 'an address that another node has is not registered',
    broken: { careOfAddressUsable: () => true },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised(foreign).passes(301);
      world.node.detected(world.now, careOf, 'duplicate');
      return world.updates.length;
    },
    lawful: 0,
  },
  {
    rule: 'isHomeLink',
    story: 'on the home link it has its home address, and no care-of address',
    broken: { isHomeLink: () => false },
    seen: (world) => world.advertised('2001:db8:1::').addresses,
    lawful: [`${home}/64`],
  },
  {
    rule: 'usesHomeAddressAtOnce',
    story: 'who returns before its binding ends has no address until it has deregistered',
    broken: { usesHomeAddressAtOnce: () => true },
    seen: (world) => [world.registered().returns().addresses, world.way()],
    lawful: [[], 'nowhere'],
  },
  {
    rule: 'looksForHomeAgentFrom',
    story: 'the home agent is looked for from the unspecified address',
    broken: { looksForHomeAgentFrom: (homeAddress) => homeAddress },
    seen: (world) =>
      world
        .registered()
        .returns()
        .deeds.filter((deed) => deed.startsWith('asks')),
    lawful: [`asks ${home} ::`],
  },
  {
    rule: 'announcesReturn',
    story: 'the home link is told once the home agent has acknowledged',
    broken: { announcesReturn: () => false },
    seen: (world) => {
      world.registered().returns().answeredBy(home, { solicited: false }).acknowledged({ lifetime: 0 });
      return world.deeds.filter((deed) => deed.startsWith('advertises'));
    },
    lawful: [`advertises ${home}`],
  },
];

describe('rules of movement', () => {
  itConverses(movementSections, conversations);

  it('a router that offered no address at first may offer one later', () => {
    const world = new World();
    world.advertised('2001:db8:1::').advertised(foreign, { autonomous: false }).passes(301);
    expect(world.deeds.filter((deed) => deed.startsWith('tests'))).to.deep.equal([]);
    world.advertised(foreign);
    expect(world.deeds.filter((deed) => deed.startsWith('tests'))).to.deep.equal([`tests ${careOf}`]);
  });

  it('no care-of address is formed from a prefix of groups, of the link or of nobody', () => {
    const { formsAddressFrom } = movementRules;
    const offered = { length: 64, autonomous: true, validLifetime: 60, preferredLifetime: 30 };
    const prefixes = [foreign, 'ff80:db8:3:ff00::', 'fe80::', '::'];
    expect(prefixes.map((prefix) => formsAddressFrom({ ...offered, prefix }))).to.deep.equal([
      true,
      false,
      false,
      false,
    ]);
  });
});
