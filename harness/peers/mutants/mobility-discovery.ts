/** Broken twins of a mobile node that looks for home agents, and for the prefixes of its home (RFC 6275 11.4). */
import { prefixRange } from '../../../reference/wire/address.ts';
import { mutant } from '../mutant.ts';

export const asksAnyRouter = mutant(
  'asksAnyRouter',
  'mobility',
  'homeAgentsAskedAt',
  'home agents are routers: the Subnet-Router anycast address will do',
  () => (home) => prefixRange(home).first,
);

export const asksSteadily = mutant(
  'asksSteadily',
  'mobility',
  'homeAgentRequestRepeatedAfter',
  'the time between two requests for home agents stays what it was',
  () => (last) => last,
);

export const believesEveryReply = mutant(
  'believesEveryReply',
  'mobility',
  'homeAgentReplyMatches',
  'the identifier of a reply is not compared',
  () => () => true,
);

export const prefersTheLast = mutant(
  'prefersTheLast',
  'mobility',
  'orderOfHomeAgents',
  'the list of home agents is pushed onto a stack',
  () => (listed) => listed.toReversed(),
);

export const triesOneHomeAgent = mutant(
  'triesOneHomeAgent',
  'mobility',
  'triesNextHomeAgent',
  'of the home agents that were listed one is kept',
  () => () => false,
);

export const asksAsVisitor = mutant(
  'asksAsVisitor',
  'mobility',
  'prefixesAskedAs',
  'prefixes are asked for from the address of the interface, and nobody is told whose home it is',
  () => (_homeAddress, careOfAddress) => careOfAddress,
);

export const neverAsksForPrefixes = mutant(
  'neverAsksForPrefixes',
  'mobility',
  'discoversPrefixes',
  'status 1 is a success as any other',
  () => () => false,
);

export const believesPrefixesOfAnybody = mutant(
  'believesPrefixesOfAnybody',
  'mobility',
  'prefixesComeFrom',
  'an advertisement is found by its identifier alone',
  () => () => true,
);

export const believesPrefixesUnrouted = mutant(
  'believesPrefixesUnrouted',
  'mobility',
  'prefixesRouted',
  'it is not asked by which header an advertisement came',
  () => () => true,
);

export const believesUnsolicitedPrefixes = mutant(
  'believesUnsolicitedPrefixes',
  'mobility',
  'prefixesSolicited',
  'an advertisement is taken as one of a router is, asked for or not',
  () => () => true,
);

export const believesNoPrefixes = mutant(
  'believesNoPrefixes',
  'mobility',
  'prefixesSolicited',
  'the identifier is compared in the wrong byte order, so none ever matches',
  () => () => false,
);

export const leavesUnsolicitedPrefixes = mutant(
  'leavesUnsolicitedPrefixes',
  'mobility',
  'asksAfterUnsolicited',
  'an advertisement that nobody asked for is dropped, and that is all',
  () => () => false,
);

export const asksWhenItIsOver = mutant(
  'asksWhenItIsOver',
  'mobility',
  'asksForPrefixesBefore',
  'prefixes are asked for when the home address has ended',
  () => () => 0,
);

export const keepsLongBindings = mutant(
  'keepsLongBindings',
  'mobility',
  'shortensBindings',
  'a shorter lifetime of the home prefix counts for the next registration',
  () => () => false,
);
