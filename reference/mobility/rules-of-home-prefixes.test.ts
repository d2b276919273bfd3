/** For every rule about the prefixes of a home link, a conversation that turns when it is broken; and what nobody can make a home agent keep. */
import { expect } from 'chai';
import type { Cable } from '../host/cable.test-support.ts';
import type { HostEffect } from '../host/interface.ts';
import { icmpv6Message, type MobilePrefixAdvertisement, type RouterAdvertisement } from '../wire/icmpv6.ts';
import { routingHeaderOf, withHomeAddress } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import type { PrefixInformation } from '../wire/neighbor-discovery-options.ts';
import { mobilityBounds } from './bounds.ts';
import {
  careOfAddress,
  elapse,
  homeAddress,
  homeAgentOnCable,
  onLink,
  otherCareOfAddress,
  own6,
  packetsOf,
  registered,
  update,
} from './home-agent.test-support.ts';
import { type HomePrefixesRules, homePrefixesSections } from './home-prefixes-rules.ts';
import { itTurns, type RuleConversation } from './rule-conversations.test-support.ts';

const [home, another] = ['2001:db8:1::', '2001:db8:9::'] as const;
/** Told unasked no sooner, in seconds. */
const SHORTEST = 10;
const LONGEST = 3_000;

interface Saying extends Partial<Omit<PrefixInformation, 'type'>> {
  readonly router?: Partial<RouterAdvertisement>;
}

/** Another home agent tells of a prefix, preferred so long that every delay is the shortest. */
function heard(cable: Cable, { router, ...fields }: Saying = {}): Cable {
  const option: PrefixInformation = {
    type: 'prefixInformation',
    prefixLength: 64,
    onLink: true,
    autonomous: true,
    validLifetime: 30_000,
    preferredLifetime: SHORTEST + 1,
    prefix: home,
    ...fields,
  };
  const message: RouterAdvertisement = {
    kind: 'routerAdvertisement',
    type: 134,
    code: 0,
    curHopLimit: 64,
    homeAgent: true,
    preference: 0,
    routerLifetime: 30,
    reachableTime: 0,
    retransTimer: 0,
    options: [option],
    ...router,
  };
  cable.receive(onLink('fe80::a1', 'ff02::1', message));
  return cable;
}

interface Telling {
  /** Seconds after the first look. */
  readonly at: number;
  readonly packet: Ipv6Packet;
  readonly message: MobilePrefixAdvertisement;
}

function tellingsIn(effects: readonly HostEffect[], at: number): readonly Telling[] {
  return packetsOf(effects).flatMap((packet) => {
    if (packet.version !== 6 || packet.protocol !== protocols['IPv6-ICMP']) return [];
    const message = icmpv6Message.decode(packet.payload).value;
    return message.kind === 'mobilePrefixAdvertisement' ? [{ at, packet, message }] : [];
  });
}

/** What the mobile node is told in so many seconds. */
function told(cable: Cable, seconds = 60): readonly Telling[] {
  return Array.from({ length: seconds }, (_, second) => tellingsIn(elapse(cable, 1), second + 1)).flat();
}

const timesOf = (cable: Cable, seconds?: number): readonly number[] => told(cable, seconds).map(({ at }) => at);

/** The mobile node asks, and the answers to it. */
function asks(cable: Cable): readonly Telling[] {
  const message = { kind: 'mobilePrefixSolicitation', type: 146, code: 0, identifier: 7, options: [] } as const;
  const atHome = onLink(homeAddress, own6, message) as Ipv6Packet;
  return tellingsIn(cable.receive(withHomeAddress(atHome, careOfAddress)), 0);
}

/** Registered, and told of the home prefix as it is. */
function settled(cable: Cable): Cable {
  asks(registered(heard(cable), { lifetime: 7_000 }));
  return cable;
}

const conversations: readonly RuleConversation<HomePrefixesRules, Cable>[] = [
  {
    rule: 'listsPrefixesOf',
    story: 'what a router tells that is no home agent is not told to mobile nodes',
    broken: { listsPrefixesOf: () => true },
    seen: (cable) => {
      heard(settled(cable), { prefix: another, router: { homeAgent: false } });
      return asks(cable)[0]?.message.options.length;
    },
    lawful: 1,
  },
  {
    rule: 'flagTold',
    story: 'M is told as long as one of them says it',
    broken: { flagTold: () => false },
    seen: (cable) => {
      heard(settled(cable), { router: { managed: true } });
      const before = asks(cable)[0]?.message.managed;
      return [before, asks(heard(cable))[0]?.message.managed];
    },
    lawful: [true, false],
  },
  {
    rule: 'lifetimeChanged',
    story: 'lifetimes that are told as they were, or counted down, have not changed',
    broken: { lifetimeChanged: () => true },
    seen: (cable) => {
      heard(settled(cable));
      elapse(cable, 5);
      heard(cable, { validLifetime: 29_995, preferredLifetime: SHORTEST + 1 - 5 });
      return timesOf(cable);
    },
    lawful: [],
  },
  {
    rule: 'changeDelivered',
    story: 'a new prefix is told',
    broken: { changeDelivered: ({ isOfHomeAddress }) => isOfHomeAddress },
    seen: (cable) =>
      told(heard(settled(cable), { prefix: another }), 11).map(({ packet, message }) => [
        packet.source,
        packet.destination,
        routingHeaderOf(packet)?.addresses?.[0],
        message.options.map((option) => option.type === 'prefixInformation' && option.prefix),
      ]),
    lawful: [[own6, careOfAddress, homeAddress, [home, another]]],
  },
  {
    rule: 'deliveryDelay',
    story: 'nobody is told sooner than the shortest interval',
    broken: { deliveryDelay: () => 0 },
    seen: (cable) => timesOf(heard(settled(cable), { autonomous: false }), 11),
    lawful: [SHORTEST],
  },
  {
    rule: 'scheduledAt',
    story: 'two changes are told at the time of the first',
    broken: { scheduledAt: (_already, fresh) => fresh },
    seen: (cable) => {
      heard(settled(cable), { autonomous: false });
      elapse(cable, 4);
      return timesOf(heard(cable, { prefix: another }), 8);
    },
    lawful: [SHORTEST - 4],
  },
  {
    rule: 'deliveryDue',
    story: 'who was told nothing for the longest interval is told',
    broken: { deliveryDue: () => false },
    seen: (cable) => {
      heard(settled(cable), { preferredLifetime: 0xffffffff });
      asks(cable);
      return told(cable, 2 * LONGEST).length > 0;
    },
    lawful: true,
  },
  {
    rule: 'repeatsAdvertisement',
    story: 'what is not acknowledged is repeated three times',
    broken: { repeatsAdvertisement: () => true },
    seen: (cable) => timesOf(heard(settled(cable), { autonomous: false }), 200).length,
    lawful: 4,
  },
  {
    rule: 'advertisementRepeatedAfter',
    story: 'after three seconds, and each time after twice as long',
    broken: { advertisementRepeatedAfter: (last) => last },
    seen: (cable) => timesOf(heard(settled(cable), { autonomous: false })),
    lawful: [10, 13, 19, 31],
  },
  {
    rule: 'solicitationAcknowledges',
    story: 'a mobile node that asks has heard it',
    broken: { solicitationAcknowledges: () => false },
    seen: (cable) => {
      told(heard(settled(cable), { autonomous: false }), 12);
      asks(cable);
      return timesOf(cable);
    },
    lawful: [],
  },
  {
    rule: 'updateBeginsAgain',
    story: 'what was repeated in vain is told again where the mobile node is now',
    broken: { updateBeginsAgain: () => false },
    seen: (cable) => {
      told(heard(settled(cable), { autonomous: false }), 100);
      const moved = update({ from: otherCareOfAddress, sequenceNumber: 2, lifetime: 7_000 });
      return tellingsIn(cable.receive(moved), 0).map(({ packet }) => packet.destination);
    },
    lawful: [otherCareOfAddress],
  },
  {
    rule: 'endOfBindingCancels',
    story: 'who is at home again and away again owes no acknowledgement',
    broken: { endOfBindingCancels: () => false },
    seen: (cable) => {
      told(heard(settled(cable), { autonomous: false }), 12);
      cable.receive(update({ sequenceNumber: 2, lifetime: 0 }));
      cable.receive(update({ sequenceNumber: 3, lifetime: 7_000 }));
      return timesOf(cable, 8);
    },
    lawful: [],
  },
];

const deliveries = {
  homeAgent: { prefixDeliveries: { shortest: SHORTEST, longest: LONGEST }, longestBinding: 30_000 },
};

describe('the prefixes of a home link', () => {
  itTurns(homePrefixesSections, conversations, (broken) => homeAgentOnCable({ ...deliveries, broken }));

  it('is told with the flags of those who told it, and is answered under the identifier of who asked', () => {
    const cable = settled(homeAgentOnCable(deliveries));
    const flagsOf = ({ message: { identifier, managed, otherConfiguration } }: Telling) => [
      identifier,
      managed,
      otherConfiguration,
    ];
    heard(cable, { router: { managed: true } });
    expect(asks(cable).map(flagsOf)).to.deep.equal([[7, true, false]]);
    heard(cable, { autonomous: false, router: { otherConfiguration: true } });
    expect(told(cable, 11).map(flagsOf)).to.deep.equal([[0, false, true]]);
  });

  it('holds for its own prefixes as long as others say, and then as it says itself', () => {
    const cable = heard(homeAgentOnCable(deliveries), { validLifetime: 4, preferredLifetime: 2 });
    const lifetimes = () =>
      asks(registered(cable, { sequenceNumber: cable.now })).flatMap(({ message }) =>
        message.options.map((option) => option.type === 'prefixInformation' && option.validLifetime),
      );
    expect(lifetimes()).to.deep.equal([2]);
    elapse(cable, 4);
    expect(lifetimes()).to.deep.equal([0xffffffff]);
  });

  it('is bounded', () => {
    const cable = settled(homeAgentOnCable(deliveries));
    for (let n = 0; n < mobilityBounds.homePrefixes + 5; n++) heard(cable, { prefix: `2001:db8:${n + 16}::` });
    expect(asks(cable)[0]!.message.options).to.have.lengthOf(mobilityBounds.homePrefixes + 1);
    expect(cable.host.state().counters['discarded:homePrefixes']).to.equal(6);
  });
});
