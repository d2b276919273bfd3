/** Broken twins of a home agent that tells of the prefixes of its home link (RFC 6275 10.6). */
import { mutant } from '../mutant.ts';

export const knowsItsOwnPrefixes = mutant(
  'knowsItsOwnPrefixes',
  'mobility',
  'listsPrefixesOf',
  'a home agent tells of the prefixes that it advertises itself',
  () => () => false,
);

export const believesEveryRoutersPrefixes = mutant(
  'believesEveryRoutersPrefixes',
  'mobility',
  'listsPrefixesOf',
  'prefixes are taken from every router, as a host does',
  () => () => true,
);

export const tellsNoFlags = mutant(
  'tellsNoFlags',
  'mobility',
  'flagTold',
  'M and O are of the router that said them',
  () => () => false,
);

export const comparesNoLifetimes = mutant(
  'comparesNoLifetimes',
  'mobility',
  'lifetimeChanged',
  'a prefix that is known is no news, however long it lasts',
  () => () => false,
);

export const tellsNoFlagChange = mutant(
  'tellsNoFlagChange',
  'mobility',
  'changeDelivered',
  'lifetimes are compared, and flags are not',
  () =>
    ({ kind }) =>
      kind !== 'flags',
);

export const tellsOfNoNewPrefix = mutant(
  'tellsOfNoNewPrefix',
  'mobility',
  'changeDelivered',
  'what a mobile node has no address in is no concern of its',
  () =>
    ({ isOfHomeAddress }) =>
      isOfHomeAddress,
);

export const tellsOnce = mutant(
  'tellsOnce',
  'mobility',
  'repeatsAdvertisement',
  'an advertisement is sent once, and that must do',
  () => () => false,
);

export const tellsForEver = mutant(
  'tellsForEver',
  'mobility',
  'repeatsAdvertisement',
  'an advertisement is repeated until somebody asks',
  () => () => true,
);

export const tellsSteadily = mutant(
  'tellsSteadily',
  'mobility',
  'advertisementRepeatedAfter',
  'an advertisement is repeated every three seconds',
  () => (last) => last,
);

export const hearsNoAcknowledgement = mutant(
  'hearsNoAcknowledgement',
  'mobility',
  'solicitationAcknowledges',
  'a solicitation is answered, and the timer of the advertisement goes on',
  () => () => false,
);

export const givesUpTelling = mutant(
  'givesUpTelling',
  'mobility',
  'updateBeginsAgain',
  'what was repeated in vain is forgotten',
  () => () => false,
);

export const tellsAfterTheEnd = mutant(
  'tellsAfterTheEnd',
  'mobility',
  'endOfBindingCancels',
  'what a mobile node has to be told outlives its binding',
  () => () => false,
);

export const tellsAnybodyOfPrefixes = mutant(
  'tellsAnybodyOfPrefixes',
  'mobility',
  'prefixSolicitationVouchedFor',
  'IPsec is for registrations, and prefixes are no secret',
  () => () => true,
);
