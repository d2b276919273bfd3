/** Broken twins of a home agent that lists the others of its link (RFC 6275 10.5.1). */
import { mutant } from '../mutant.ts';

export const listsNobody = mutant(
  'listsNobody',
  'mobility',
  'listsRouter',
  'a home agent tells of itself alone',
  () => () => false,
);

export const listsEveryRouter = mutant(
  'listsEveryRouter',
  'mobility',
  'listsRouter',
  'the H bit is not looked at',
  () => () => true,
);

export const prefersTheSilent = mutant(
  'prefersTheSilent',
  'mobility',
  'homeAgentPreference',
  'where no preference is told it is the highest',
  () => (option) => option?.homeAgentPreference ?? 0xffff,
);

export const prefersNobody = mutant(
  'prefersNobody',
  'mobility',
  'orderOfReply',
  'home agents are listed by their names',
  () => (drawn) => drawn.toSorted((one, other) => ((one.addresses[0] ?? '') < (other.addresses[0] ?? '') ? -1 : 1)),
);

export const prefersTheLeast = mutant(
  'prefersTheLeast',
  'mobility',
  'orderOfReply',
  'the lowest preference comes first, as a metric does',
  () => (drawn) => drawn.toSorted((one, other) => one.preference - other.preference),
);

export const listsForEver = mutant(
  'listsForEver',
  'mobility',
  'homeAgentLifetime',
  'who was a home agent once is one',
  () => () => 0xffff,
);

export const takesEveryPrefix = mutant(
  'takesEveryPrefix',
  'mobility',
  'homeAgentAddresses',
  'what stands in a Prefix Information option is taken for an address',
  () => (prefixes) => prefixes,
);

export const takesOneAddress = mutant(
  'takesOneAddress',
  'mobility',
  'homeAgentAddresses',
  'a home agent has one address',
  (lawful) => (prefixes) => lawful(prefixes).slice(0, 1),
);

export const repliesAtAnyLength = mutant(
  'repliesAtAnyLength',
  'mobility',
  'addressesInReply',
  'all are told, and IP may cut the reply',
  () => (addresses) => addresses,
);
