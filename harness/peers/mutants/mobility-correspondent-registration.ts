/** Broken twins of a mobile node towards its correspondents, and in discovery (RFC 6275 11.3.5, 11.3.6, 11.4, 11.6, 11.7.2 to 11.7.4). */
import { mutant } from '../mutant.ts';

export const testsHomeAlone = mutant(
  'testsHomeAlone',
  'mobility',
  'testsFor',
  'the home test is thought to be enough',
  () => () => ({ home: true, careOf: false }),
);

export const repeatsItsCookie = mutant(
  'repeatsItsCookie',
  'mobility',
  'cookieOfRepetition',
  'a test is repeated octet for octet',
  () => (last) => last,
);

export const takesTestsOfAnybody = mutant(
  'takesTestsOfAnybody',
  'mobility',
  'testBelongsTo',
  'a test is found by its cookie alone',
  () => (_source, listed) => listed[0],
);

export const takesNoTest = mutant(
  'takesNoTest',
  'mobility',
  'testExpected',
  'an entry is looked up under the care-of address, where it is not',
  () => () => false,
);

export const ignoresCookies = mutant(
  'ignoresCookies',
  'mobility',
  'cookieMatches',
  'what was sent as a cookie is not compared with what comes back',
  () => () => true,
);

export const takesHomeTestAnywhere = mutant(
  'takesHomeTestAnywhere',
  'mobility',
  'homeTestCame',
  'it is not asked whether a home test came through the tunnel',
  () => () => true,
);

export const beginsWithNobody = mutant(
  'beginsWithNobody',
  'mobility',
  'beginsRegistration',
  'packets in the tunnel are taken out and thought of no more',
  () => () => false,
);

export const beginsWithEverybody = mutant(
  'beginsWithEverybody',
  'mobility',
  'beginsRegistration',
  'whatever came through the tunnel begins a registration',
  () => () => true,
);

export const believesUnauthorized = mutant(
  'believesUnauthorized',
  'mobility',
  'authorizationAcceptable',
  'the authenticator of an acknowledgement is not verified',
  () => () => true,
);

export const forgetsNothing = mutant(
  'forgetsNothing',
  'mobility',
  'testsAfterRefusal',
  'an expired nonce is a refusal as any other',
  () => () => ({ home: false, careOf: false }),
);

export const staysWithUnknownBinding = mutant(
  'staysWithUnknownBinding',
  'mobility',
  'afterUnknownBinding',
  'Binding Errors are ignored',
  () => () => 'ignores',
);

export const heedsStrangers = mutant(
  'heedsStrangers',
  'mobility',
  'refreshRequestHeeded',
  'a refresh is granted to whoever asks',
  () => () => true,
);

export const heedsNobody = mutant(
  'heedsNobody',
  'mobility',
  'refreshRequestHeeded',
  'Binding Refresh Requests are unknown',
  () => () => false,
);

export const ceasesAtEveryError = mutant(
  'ceasesAtEveryError',
  'mobility',
  'endsUpdates',
  'any ICMP error ends route optimisation',
  () => () => true,
);

export const ignoresProblems = mutant(
  'ignoresProblems',
  'mobility',
  'endsUpdates',
  'ICMP errors do not reach Mobile IPv6',
  () => () => false,
);

export const ceasesAtEveryUnknownType = mutant(
  'ceasesAtEveryUnknownType',
  'mobility',
  'afterUnknownType',
  'status 2 ends route optimisation always',
  () => () => 'ceases',
);

export const asksForLonger = mutant(
  'asksForLonger',
  'mobility',
  'lifetimeAtCorrespondent',
  'a correspondent is asked for its longest binding, whatever is left at home',
  () => () => 420,
);

export const believesNoAuthorization = mutant(
  'believesNoAuthorization',
  'mobility',
  'authorizationAcceptable',
  'the authenticator is worked out over other octets than the correspondent does',
  () => () => false,
);

export const believesErrorsOfAnybody = mutant(
  'believesErrorsOfAnybody',
  'mobility',
  'bindingErrorIsOf',
  'a Binding Error is looked up by the home address in it, which is always the same',
  () => (_source, listed) => listed.at(-1),
);

export const ignoresUnknownTypeErrors = mutant(
  'ignoresUnknownTypeErrors',
  'mobility',
  'afterUnknownType',
  'a Binding Error of status 2 is for others to read',
  () => () => 'ignores',
);

export const sendsTestsByBinding = mutant(
  'sendsTestsByBinding',
  'mobility',
  'testGoesBy',
  'a test goes the way of any other packet to a correspondent with a binding',
  () => (careOfAddress) => careOfAddress,
);

export const forgetsCorrespondents = mutant(
  'forgetsCorrespondents',
  'mobility',
  'followsHomeRegistration',
  'whoever moves tells its home agent, and a correspondent when its binding ends',
  () => () => false,
);
