/** For every rule of a mobile node about its correspondents, a conversation that turns when the rule is broken. */
import type { Icmpv6Message } from '../wire/icmpv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { equal } from '../wire/octets.ts';
import {
  type CorrespondentRegistrationRules,
  correspondentRegistrationSections,
} from './correspondent-registration-rules.ts';
import {
  careOf,
  correspondent,
  home,
  otherCareOf,
  otherForeign,
  otherHomeAgent,
  type World,
} from './mobile-node.test-support.ts';
import { type Conversation, itConverses } from './mobile-node-conversations.test-support.ts';

const conversations: readonly Conversation<CorrespondentRegistrationRules>[] = [
  {
    rule: 'testsFor',
    story: 'both tests begin at once, each from its address',
    broken: { testsFor: () => ({ home: true, careOf: false }) },
    seen: (world) => testsOf(world.registered().tunnelled()),
    lawful: [
      ['homeTestInit', home],
      ['careOfTestInit', careOf],
    ],
  },
  {
    rule: 'testGoesBy',
    story: 'a test goes to the home address of a correspondent that is away itself',
    told: { correspondentIsAt: otherCareOf },
    broken: { testGoesBy: (careOfAddress) => careOfAddress },
    seen: (world) =>
      world
        .registered()
        .tunnelled()
        .sent.flatMap(({ message, by }) => (message.kind.endsWith('TestInit') ? [by] : [])),
    lawful: [undefined, undefined],
  },
  {
    rule: 'cookieOfRepetition',
    story: 'a test that is repeated has another cookie',
    broken: { cookieOfRepetition: (last) => last },
    seen: (world) => {
      world.registered().tunnelled().passes(1_001);
      const cookies = world.sent.flatMap(({ message }) =>
        message.kind === 'homeTestInit' ? [message.homeInitCookie] : [],
      );
      return [cookies.length, equal(cookies[0]!, cookies[1]!)];
    },
    lawful: [2, false],
  },
  {
    rule: 'testBelongsTo',
    story: 'a test from somebody else is no test',
    broken: { testBelongsTo: (_source, listed) => listed[0] },
    seen: (world) => world.registered().tunnelled().homeTest({ from: otherHomeAgent }).refusals,
    lawful: ['testBelongsTo'],
  },
  {
    rule: 'testExpected',
    story: 'a second test of the same kind is ignored',
    broken: { testExpected: () => true },
    seen: (world) => world.registered().tunnelled().homeTest().homeTest().refusals,
    lawful: ['testExpected'],
  },
  {
    rule: 'cookieMatches',
    story: 'a test with another cookie is ignored',
    broken: { cookieMatches: () => true },
    seen: (world) => {
      world
        .registered()
        .tunnelled()
        .homeTest({ cookie: new Uint8Array(8) })
        .careOfTest();
      return world.updatesTo(correspondent).length;
    },
    lawful: 0,
  },
  {
    rule: 'homeTestCame',
    story: 'a home test that came around the home agent is ignored',
    broken: { homeTestCame: () => true },
    seen: (world) =>
      world.registered().tunnelled().careOfTest().homeTest({ tunnel: 'none' }).updatesTo(correspondent).length,
    lawful: 0,
  },
  {
    rule: 'careOfTestCame',
    story: 'a care-of test to the home address is ignored',
    broken: { careOfTestCame: () => true },
    seen: (world) => world.registered().tunnelled().careOfTest({ to: home }).refusals,
    lawful: ['careOfTestCame'],
  },
  {
    rule: 'updateMayBeSent',
    story: 'the update waits for the home agent',
    broken: { updateMayBeSent: () => true },
    seen: (world) => world.leaves().tunnelled().tested().passes(1_001).updatesTo(correspondent).length,
    lawful: 0,
  },
  {
    rule: 'tokenUsable',
    story: 'an update that has waited longer than its tokens live is tested for anew',
    broken: { tokenUsable: () => true },
    told: { lifetime: 400 },
    seen: (world) => {
      world.registered().tunnelled().tested().passes(200_000);
      const before = world.kinds().length;
      world.passes(30_000);
      return world.kinds(before).includes('homeTestInit');
    },
    lawful: true,
  },
  {
    rule: 'lifetimeAtCorrespondent',
    story: 'a correspondent is asked for no more than 420 seconds',
    told: { lifetime: 1_000 },
    broken: { lifetimeAtCorrespondent: (asked) => asked },
    seen: (world) => world.registered().tunnelled().tested().updatesTo(correspondent)[0]!.message.lifetime,
    lawful: 105,
  },
  {
    rule: 'authorizationAcceptable',
    story: 'an acknowledgement without authorisation is ignored',
    broken: { authorizationAcceptable: () => true },
    seen: (world) => world.registered().tunnelled().tested().grants({ unauthorized: true }).way(),
    lawful: 'tunnel',
  },
  {
    rule: 'testsAfterRefusal',
    story: 'after status 136 the home test alone is done again',
    broken: { testsAfterRefusal: () => ({ home: true, careOf: true }) },
    seen: (world) => {
      world.registered().tunnelled().tested();
      const before = world.kinds().length;
      return world.grants({ status: 136 }).kinds(before);
    },
    lawful: ['homeTestInit'],
  },
  {
    rule: 'followsHomeRegistration',
    story: 'after a registration from elsewhere the correspondent is registered with, too',
    broken: { followsHomeRegistration: () => false },
    seen: (world) => {
      world.optimized().leaves(otherForeign, otherCareOf);
      const before = world.kinds().length;
      return world.acknowledged().kinds(before);
    },
    lawful: ['homeTestInit', 'careOfTestInit'],
  },
  {
    rule: 'refreshRequestHeeded',
    story: 'who has no binding cannot ask for a refresh',
    broken: { refreshRequestHeeded: () => true },
    seen: (world) => {
      const before = world.registered().kinds().length;
      return world.receives({ kind: 'bindingRefreshRequest', options: [] }, { from: correspondent }).kinds(before);
    },
    lawful: [],
  },
  {
    rule: 'bindingErrorIsOf',
    story: 'a Binding Error of somebody unknown is ignored',
    broken: { bindingErrorIsOf: (_source, listed) => listed[0] },
    seen: (world) => world.registered().receives(bindingError(1), { from: correspondent }).refusals,
    lawful: ['bindingErrorIsOf'],
  },
  {
    rule: 'afterUnknownBinding',
    story: 'a correspondent that knows no binding is sent to by way of the home agent',
    broken: { afterUnknownBinding: () => 'ignores' },
    seen: (world) => world.optimized().receives(bindingError(1), { from: correspondent }).way(),
    lawful: 'tunnel',
  },
  {
    rule: 'afterUnknownType',
    story: 'status 2 is ignored by who waits for nothing',
    broken: { afterUnknownType: () => 'ceases' },
    seen: (world) => world.optimized().receives(bindingError(2), { from: correspondent }).way(),
    lawful: 'direct',
  },
  {
    rule: 'endsUpdates',
    story: 'an error of another code ends no updates',
    broken: { endsUpdates: () => true },
    seen: (world) => world.optimized().icmp(problem(2)).way(),
    lawful: 'direct',
  },
];

function testsOf(world: World) {
  return world.sent
    .filter(({ message }) => message.kind.endsWith('TestInit'))
    .map(({ message, source }) => [message.kind, source]);
}

function bindingError(status: number) {
  return { kind: 'bindingError', status, homeAddress: home, options: [] } as const;
}

function problem(code: number): Icmpv6Message {
  const ours = {
    version: 6,
    source: home,
    destination: correspondent,
    extensions: [],
    protocol: 135,
    payload: new Uint8Array(16),
  } as const;
  return { kind: 'parameterProblem', type: 4, code, pointer: 40, originalPacket: ipPacket.encode(ours) };
}

describe('rules of correspondent registration', () => itConverses(correspondentRegistrationSections, conversations));
