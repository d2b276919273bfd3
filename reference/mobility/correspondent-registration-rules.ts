/** What is decided by a mobile node about its correspondents (RFC 6275 sections 11.3.5, 11.3.6, 11.6 and 11.7.2 to 11.7.4): tests, bindings, and who ends them. */
import type { Address } from '../wire/address.ts';

export interface CorrespondentRegistrationRules {
  /** 11.6.1, 5.2.5: both tests; on the way home the home test alone. */
  testsFor(isAtHome: boolean): { readonly home: boolean; readonly careOf: boolean };
  /** 5.2.9: a test goes to the correspondent's home address, and not by way of the care-of address that there is a binding to: it may have moved, too. */
  testGoesBy(careOfAddress: Address | undefined): Address | undefined;
  /** 11.8: a test that is repeated has another cookie. */
  cookieOfRepetition(last: Uint8Array, drawn: Uint8Array): Uint8Array;
  /** 11.6.2: whose test it is: that of the correspondent whose address it comes from, where there is an entry for it. */
  testBelongsTo(source: Address, listed: readonly Address[]): Address | undefined;
  /** 11.6.2: a test is taken from whom one is under way with, and no token of its kind has come yet. */
  testExpected(isUnderWay: boolean, hasToken: boolean): boolean;
  /** 11.6.2: the cookie is the one that was sent. */
  cookieMatches(isEqual: boolean): boolean;
  /** 11.6.2: a home test comes to the home address, through the home agent's tunnel while the node is away. */
  homeTestCame(isToHomeAddress: boolean, byTunnel: boolean, isAway: boolean): boolean;
  /** 11.6.2: a care-of test comes to the care-of address of now. */
  careOfTestCame(destination: Address, careOfAddress: Address | undefined): boolean;
  /** 11.7.2: the update waits for both tokens, and for the home agent's acknowledgement. */
  updateMayBeSent(hasTokens: boolean, isRegisteredAtHome: boolean): boolean;
  /** 5.2.7: how long a token is used, in milliseconds. */
  tokenUsable(age: number): boolean;
  /** 11.7.2, 5.2.7: no longer than MAX_RR_BINDING_LIFETIME, the rest of the home registration, and what was asked for; in seconds. */
  lifetimeAtCorrespondent(asked: number, leftAtHome: number): number;
  /** 11.7.3: authorisation data is there, right, and the last option. */
  authorizationAcceptable(isThere: boolean, isRight: boolean, isLast: boolean): boolean;
  /** 9.5.4, 11.7.3: which tests are done again after a refusal for an expired nonce: 136 the home one, 137 the care-of one, 138 both. */
  testsAfterRefusal(status: number): { readonly home: boolean; readonly careOf: boolean };
  /** 11.7.2: after a new home registration every listed correspondent is registered with, too. */
  followsHomeRegistration(): boolean;
  /** 11.7.4: a refresh is granted to whom there is a binding with. */
  refreshRequestHeeded(isListed: boolean): boolean;
  /** 11.3.6: whose Binding Error it is: that of the node whose address it comes from, where there is an entry for it. */
  bindingErrorIsOf(source: Address, listed: readonly Address[]): Address | undefined;
  /** 11.3.6: status 1 of the home agent asks for a registration, of a correspondent for the end of its entry. */
  afterUnknownBinding(isHomeAgent: boolean): 'registers' | 'removes' | 'ignores';
  /** 11.3.6: status 2 ends route optimisation where an answer is outstanding, and is ignored else. */
  afterUnknownType(isWaiting: boolean): 'ceases' | 'ignores';
  /** 11.3.5: an ICMP Parameter Problem, code 1, about a message of ours ends updates to who sent it; other errors do not. */
  endsUpdates(error: IcmpErrorClaim): boolean;
}

export interface IcmpErrorClaim {
  readonly isParameterProblem: boolean;
  readonly code: number;
  /** It quotes a Mobility Header from this node to an entry's node. */
  readonly isAboutOurMessage: boolean;
}

export const correspondentRegistrationSections = {
  testsFor: 'RFC 6275 11.6.1',
  testGoesBy: 'RFC 6275 5.2.9',
  cookieOfRepetition: 'RFC 6275 11.8',
  testBelongsTo: 'RFC 6275 11.6.2',
  testExpected: 'RFC 6275 11.6.2',
  cookieMatches: 'RFC 6275 11.6.2',
  homeTestCame: 'RFC 6275 11.6.2',
  careOfTestCame: 'RFC 6275 11.6.2',
  updateMayBeSent: 'RFC 6275 11.7.2',
  tokenUsable: 'RFC 6275 5.2.7',
  lifetimeAtCorrespondent: 'RFC 6275 11.7.2, 5.2.7',
  authorizationAcceptable: 'RFC 6275 11.7.3',
  testsAfterRefusal: 'RFC 6275 9.5.4, 11.7.3',
  followsHomeRegistration: 'RFC 6275 11.7.2',
  refreshRequestHeeded: 'RFC 6275 11.7.4',
  bindingErrorIsOf: 'RFC 6275 11.3.6',
  afterUnknownBinding: 'RFC 6275 11.3.6',
  afterUnknownType: 'RFC 6275 11.3.6',
  endsUpdates: 'RFC 6275 11.3.5',
} as const satisfies Record<keyof CorrespondentRegistrationRules, string>;

export const correspondentRegistrationRules: CorrespondentRegistrationRules = {
  testsFor: (isAtHome) => ({ home: true, careOf: !isAtHome }),
  testGoesBy: () => undefined,
  cookieOfRepetition: (_last, drawn) => drawn,
  testBelongsTo: (source, listed) => (listed.includes(source) ? source : undefined),
  testExpected: (isUnderWay, hasToken) => isUnderWay && !hasToken,
  cookieMatches: (isEqual) => isEqual,
  homeTestCame: (isToHomeAddress, byTunnel, isAway) => isToHomeAddress && (byTunnel || !isAway),
  careOfTestCame: (destination, careOfAddress) => destination === careOfAddress,
  updateMayBeSent: (hasTokens, isRegisteredAtHome) => hasTokens && isRegisteredAtHome,
  tokenUsable: (age) => age < MAX_TOKEN_LIFETIME,
  lifetimeAtCorrespondent: (asked, leftAtHome) => Math.min(asked, leftAtHome, MAX_RR_BINDING_LIFETIME),
  authorizationAcceptable: (isThere, isRight, isLast) => isThere && isRight && isLast,
  testsAfterRefusal: (status) => ({
    home: status === EXPIRED_HOME_NONCE_INDEX || status === EXPIRED_NONCES,
    careOf: status === EXPIRED_CARE_OF_NONCE_INDEX || status === EXPIRED_NONCES,
  }),
  followsHomeRegistration: () => true,
  refreshRequestHeeded: (isListed) => isListed,
  bindingErrorIsOf: (source, listed) => (listed.includes(source) ? source : undefined),
  afterUnknownBinding: (isHomeAgent) => (isHomeAgent ? 'registers' : 'removes'),
  afterUnknownType: (isWaiting) => (isWaiting ? 'ceases' : 'ignores'),
  endsUpdates: ({ isParameterProblem, code, isAboutOurMessage }) =>
    isParameterProblem && code === UNRECOGNIZED_NEXT_HEADER && isAboutOurMessage,
};

/** Milliseconds. */
const MAX_TOKEN_LIFETIME = 210_000;
/** Seconds. */
const MAX_RR_BINDING_LIFETIME = 420;
const EXPIRED_HOME_NONCE_INDEX = 136;
const EXPIRED_CARE_OF_NONCE_INDEX = 137;
const EXPIRED_NONCES = 138;
/** Code of a Parameter Problem (RFC 4443 section 3.4). */
const UNRECOGNIZED_NEXT_HEADER = 1;
