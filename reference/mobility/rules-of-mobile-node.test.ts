/** For every rule of a mobile node about where it is, what it registers at home and which way its packets go, a conversation that turns when the rule is broken. */
import {
  careOf,
  correspondent,
  foreign,
  home,
  homeAgent,
  otherCareOf,
  otherForeign,
  type World,
} from './mobile-node.test-support.ts';
import { type Conversation, itConverses } from './mobile-node-conversations.test-support.ts';
import { type MobileNodeRules, mobileNodeSections } from './mobile-node-rules.ts';

const conversations: readonly Conversation<MobileNodeRules>[] = [
  {
    rule: 'flagsOfRegistration',
    story: 'a registration has A and H, and neither L nor K without reason',
    broken: {
      flagsOfRegistration: (claim) => ({ ...flags, keyManagementMobilityCapability: !claim.keyManagementMoves }),
    },
    seen: (world) => world.leaves().updates.map(({ message }) => ({ ...message, ...rest })),
    lawful: [{ kind: 'bindingUpdate', ...flagsOf(), ...restOf() }],
  },
  {
    rule: 'keyManagementAfterAcknowledgement',
    story: 'key management follows where both say K, and is begun anew from the care-of address where they do not',
    told: { keyManagementMoves: true },
    broken: { keyManagementAfterAcknowledgement: () => 'stays' },
    seen: (world) => {
      world.leaves().acknowledged({ keyManagementMobilityCapability: true });
      world.leaves(otherForeign, otherCareOf).acknowledged();
      return world.deeds.filter((deed) => deed.startsWith('keys'));
    },
    lawful: [`keys ${homeAgent} ${careOf} follows`, `keys ${homeAgent} ${otherCareOf} renewed`],
  },
  {
    rule: 'keyManagementFrom',
    story: 'it runs from the care-of address with the home agent, and from the home address with all others',
    broken: { keyManagementFrom: ({ careOfAddress }) => careOfAddress },
    seen: (world) => {
      const { node } = world.leaves();
      return [homeAgent, correspondent].map((peer) => node.keyManagementAddress(peer));
    },
    lawful: [careOf, home],
  },
  {
    rule: 'namesCareOfAddress',
    story: 'a registration names the care-of address in an option',
    broken: { namesCareOfAddress: () => false },
    seen: (world) => world.leaves().updates[0]!.message.options,
    lawful: [{ type: 'alternateCareOfAddress', alternateCareOfAddress: careOf }],
  },
  {
    rule: 'lifetimeOfRegistration',
    story: 'no binding is asked for that outlives the care-of address',
    broken: { lifetimeOfRegistration: (asked) => asked },
    seen: (world) => {
      world.advertised('2001:db8:1::').advertised(foreign, { validLifetime: 20, preferredLifetime: 10 });
      return world.passes(301).unique(careOf).updates[0]!.message.lifetime;
    },
    lawful: 5,
  },
  {
    rule: 'deregistersAtHome',
    story: 'a binding that has not ended is taken back at home',
    broken: { deregistersAtHome: () => false },
    seen: (world) => {
      world.registered().returns().answeredBy(home, { solicited: false });
      return world.updates.map(({ message, careOfAddress }) => [message.lifetime, careOfAddress]);
    },
    lawful: [
      [10, careOf],
      [0, undefined],
    ],
  },
  {
    rule: 'lifetimeOfDeregistration',
    story: 'a deregistration asks for no time',
    broken: { lifetimeOfDeregistration: () => 40 },
    seen: (world) =>
      world.registered().returns().answeredBy(home, { solicited: false }).updates.at(-1)!.message.lifetime,
    lawful: 0,
  },
  {
    rule: 'firstTimeout',
    story: 'the first registration is repeated after a second and a half, a later one after a second',
    broken: { firstTimeout: () => 1_000 },
    seen: (world) => {
      world.leaves().passes(1_499);
      const first = world.updates.length;
      world.passes(1).acknowledged().leaves(otherForeign, otherCareOf).passes(999);
      const second = world.updates.length;
      return [first, second, world.passes(1).updates.length];
    },
    lawful: [1, 3, 4],
  },
  {
    rule: 'nextTimeout',
    story: 'the time between repetitions doubles',
    broken: { nextTimeout: (last) => last },
    seen: (world) =>
      gaps(
        world
          .leaves()
          .passes(11_000)
          .updates.map(({ at }) => at),
      ),
    lawful: [1_500, 3_000, 6_000],
  },
  {
    rule: 'nextSequenceNumber',
    story: 'each repetition has the next sequence number',
    broken: { nextSequenceNumber: (last) => last },
    seen: (world) =>
      gaps(
        world
          .leaves()
          .passes(5_000)
          .updates.map(({ message }) => message.sequenceNumber),
      ),
    lawful: [1, 1],
  },
  {
    rule: 'sequenceNumberAfter',
    story: 'after status 135 the number is the one after that of the acknowledgement',
    broken: { sequenceNumberAfter: (refused) => refused + 1 },
    seen: (world) =>
      world.leaves().acknowledged({ status: 135, sequenceNumber: 65_535 }).updates.at(-1)!.message.sequenceNumber,
    lawful: 0,
  },
  {
    rule: 'acknowledgementProtected',
    story: 'an acknowledgement in clear is none where IPsec is asked for',
    told: { withoutIpsec: false },
    broken: { acknowledgementProtected: () => true },
    seen: (world) => world.registered().refusals,
    lawful: ['acknowledgementProtected'],
  },
  {
    rule: 'acknowledgementMatches',
    story: 'an acknowledgement of another number is none',
    broken: { acknowledgementMatches: () => true },
    seen: (world) => world.leaves().acknowledged({ sequenceNumber: 1 }).node.bindingUpdateList()[0]!.settled,
    lawful: false,
  },
  {
    rule: 'accepts',
    story: 'a status of 128 and more is a refusal',
    broken: { accepts: () => true },
    seen: (world) => world.leaves().acknowledged({ status: 128 }).node.bindingUpdateList()[0]!.settled,
    lawful: false,
  },
  {
    rule: 'lifetimeLeft',
    story: 'the lifetime that was granted counts',
    broken: { lifetimeLeft: (asked) => asked },
    seen: (world) => world.leaves().acknowledged({ lifetime: 2 }).passes(6_001).updates.length,
    lawful: 2,
  },
  {
    rule: 'renewsAfter',
    story: 'a registration is renewed before it ends',
    broken: { renewsAfter: (lifetime) => lifetime },
    seen: (world) => world.registered().passes(39_000).updates.length > 1,
    lawful: true,
  },
  {
    rule: 'heedsAdvice',
    story: 'the home agent may advise to renew sooner',
    broken: { heedsAdvice: () => false },
    seen: (world) => {
      const options = [{ type: 'bindingRefreshAdvice', refreshInterval: 2 }] as const;
      return world.leaves().acknowledged({ options }).passes(8_001).updates.length;
    },
    lawful: 2,
  },
  {
    rule: 'discoversPrefixes',
    story: 'status 1 makes it ask for prefixes',
    broken: { discoversPrefixes: () => false },
    seen: (world) =>
      world
        .leaves()
        .acknowledged({ status: 1 })
        .asked.map(({ message }) => message.kind),
    lawful: ['mobilePrefixSolicitation'],
  },
  {
    rule: 'mendsRefusal',
    story: 'after a refusal that it cannot mend it sends no more updates',
    broken: { mendsRefusal: () => true },
    seen: (world) => world.leaves().acknowledged({ status: 129 }).passes(20_000).updates.length,
    lawful: 1,
  },
  {
    rule: 'triesNextHomeAgent',
    story: 'a home agent that refuses gives way to the next that was discovered',
    told: { homeAgent: 'discovered' },
    broken: { triesNextHomeAgent: () => false },
    seen: (world) => {
      discovered(world);
      return world.acknowledged({ status: 130 }).updates.map(({ destination }) => destination);
    },
    lawful: [homeAgent, '2001:db8:1::9'],
  },
  {
    rule: 'mayBeSent',
    story: 'no more than three updates leave in a second',
    broken: { mayBeSent: () => true },
    seen: (world) => {
      world.leaves();
      for (let times = 0; times < 5; times++) world.acknowledged({ status: 135, sequenceNumber: times });
      return world.updates.length;
    },
    lawful: 3,
  },
  {
    rule: 'tunnelsToHomeAgent',
    story: 'what leaves from the home address goes by the home agent',
    broken: { tunnelsToHomeAgent: () => false },
    seen: (world) => world.registered().way(),
    lawful: 'tunnel',
  },
  {
    rule: 'sendsDirectly',
    story: 'a correspondent that has not acknowledged is not sent to directly',
    broken: { sendsDirectly: () => true },
    seen: (world) => {
      const before = world.registered().tunnelled().tested().way();
      return [before, world.grants().way()];
    },
    lawful: ['tunnel', 'direct'],
  },
  {
    rule: 'tunnelOpenedFor',
    story: 'a tunnel of somebody else is not opened',
    broken: { tunnelOpenedFor: () => true },
    seen: (world) => world.registered().node.opensTunnel({ ...outer, source: correspondent }) === 'opens',
    lawful: false,
  },
  {
    rule: 'beginsRegistration',
    story: 'an ICMP error that came through the tunnel begins nothing',
    broken: { beginsRegistration: () => true },
    seen: (world) => {
      world.registered().tunnelled({ protocol: 58, payload: Uint8Array.of(1, 0, 0, 0) });
      return world.kinds().filter((kind) => kind.endsWith('TestInit'));
    },
    lawful: [],
  },
];

const outer = {
  version: 6,
  source: homeAgent,
  destination: careOf,
  extensions: [],
  protocol: 41,
  payload: new Uint8Array(0),
} as const;

const flags = flagsOf();
const rest = restOf();

function flagsOf() {
  return {
    acknowledge: true,
    homeRegistration: true,
    linkLocalAddressCompatibility: false,
    keyManagementMobilityCapability: false,
  };
}

/** What the story does not tell of. */
function restOf() {
  return { sequenceNumber: 0, lifetime: 0, options: [] };
}

function gaps(numbers: readonly number[]): readonly number[] {
  return numbers.slice(1).map((number, place) => number - numbers[place]!);
}

function discovered(world: World): void {
  world.leaves();
  const request = world.asked.at(-1)!.message;
  const identifier = request.kind === 'homeAgentAddressDiscoveryRequest' ? request.identifier : 0;
  const homeAgentAddresses = [homeAgent, '2001:db8:1::9'];
  world.icmp({ kind: 'homeAgentAddressDiscoveryReply', type: 145, code: 0, identifier, homeAgentAddresses }, homeAgent);
}

describe('rules of a mobile node', () => itConverses(mobileNodeSections, conversations));
