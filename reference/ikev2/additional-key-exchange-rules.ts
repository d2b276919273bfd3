/**
 * The decisions of exchanges between IKE_SA_INIT and IKE_AUTH (RFC 9242), and of the keys that are exchanged in them or after CREATE_CHILD_SA (RFC 9370), a
 * part of `rules.ts`. What the messages hold is `exchanges/ike-intermediate.ts` and `exchanges/ike-followup-ke.ts`.
 */

import { equal } from '../wire/octets.ts';
import type { ProposalConfiguration } from './configuration.ts';
import type { Purpose } from './exchange.ts';

export interface AdditionalKeyExchangeRules {
  /** RFC 9242 3.1: the exchange is there where both peers have said so. */
  intermediateAgreed(willing: boolean, peerIsWilling: boolean): boolean;
  /** RFC 9370 2.2.2: no additional method is chosen twice. */
  additionalMethodsDiffer(methods: readonly number[]): boolean;
  /** RFC 9242 3.2, RFC 9370 2.2.2: an exchange in between is by the method whose turn it is; none is due when all that were agreed on are done. */
  intermediateMethod(due: number | undefined, came: number | undefined): number | undefined;
  /** RFC 9242 3.2, RFC 9370 2.2.4: all of them come before IKE_AUTH, or before what is rekeyed is made. */
  keyExchangesComplete(done: number, negotiated: number): boolean;
  /** RFC 9370 2.2.2, RFC 9242 3.3.1: from the next message on the keys are those that the exchange has made. */
  keysAfterExchange<Keys>(before: Keys, after: Keys): Keys;
  /** RFC 9242 3.3.2: what the messages of one exchange come to begins with what those before have come to. */
  intermediateBefore(before: Uint8Array): Uint8Array;
  /** RFC 9242 3.3.2: AUTH covers what was said in between, too. */
  intermediateInAuthentication(octets: Uint8Array): Uint8Array;
  /** RFC 9242 3.3.2: each message as it came, RESERVED fields and all; `asRead` would write it anew. */
  intermediateContent(asReceived: Uint8Array, asRead: () => Uint8Array): Uint8Array;
  /** RFC 9370 2.2.4: an IKE SA is rekeyed with as many exchanges of keys as it may begin with. */
  rekeyingProposals(configured: readonly ProposalConfiguration[]): readonly ProposalConfiguration[];
  /** RFC 9370 2.2.4: SKEYSEED and KEYMAT take the secrets of all exchanges, in their order. */
  followUpInKeys(secrets: readonly Uint8Array[]): readonly Uint8Array[];
  /** RFC 9370 2.2.4, RFC 7296 2.25.2: what is rekeyed is being rekeyed until the last exchange, so the next one comes before all else that this node is about to ask. */
  followUpTurn(): 'first' | 'last';
  /** RFC 9370 2.2.4: who asks returns the data of ADDITIONAL_KEY_EXCHANGE as it got it. */
  linkReturned(link: Uint8Array): Uint8Array;
  /** RFC 9370 2.2.4: by that data an exchange is known to belong to another one before it; else STATE_NOT_FOUND. */
  linkKnown(given: Uint8Array, returned: Uint8Array): boolean;
  /** RFC 9370 2.2.4, RFC 7296 2.25.1: until all keys are exchanged the IKE SA is being rekeyed, which is refused while this node makes, rekeys or closes a child of it. */
  followUpRefusedDuring(purposes: readonly Purpose[]): boolean;
  /** RFC 9370 2.2.4: who is told STATE_NOT_FOUND may begin anew, and ends the IKE SA after some tries. */
  stateNotFound(failuresBefore: number): 'beginAnew' | 'deleteIkeSa';
}

export const additionalKeyExchangeRules: AdditionalKeyExchangeRules = {
  intermediateAgreed: (willing, peerIsWilling) => willing && peerIsWilling,
  additionalMethodsDiffer: (methods) => new Set(methods).size === methods.length,
  intermediateMethod: (due) => due,
  keyExchangesComplete: (done, negotiated) => done === negotiated,
  keysAfterExchange: (_before, after) => after,
  intermediateBefore: (before) => before,
  intermediateInAuthentication: (octets) => octets,
  intermediateContent: (asReceived) => asReceived,
  rekeyingProposals: (configured) => configured,
  followUpInKeys: (secrets) => secrets,
  followUpTurn: () => 'first',
  linkReturned: (link) => link,
  linkKnown: equal,
  followUpRefusedDuring: (purposes) =>
    purposes.some((purpose) => purpose === 'furtherChild' || purpose === 'rekeyChild' || purpose === 'deleteChild'),
  stateNotFound: (failuresBefore) => (failuresBefore < 3 ? 'beginAnew' : 'deleteIkeSa'),
};

/** Where each of them is written. */
export const additionalKeyExchangeSections = {
  intermediateAgreed: 'RFC 9242 3.1',
  additionalMethodsDiffer: 'RFC 9370 2.2.2',
  intermediateMethod: 'RFC 9242 3.2, RFC 9370 2.2.2',
  keyExchangesComplete: 'RFC 9242 3.2, RFC 9370 2.2.4',
  keysAfterExchange: 'RFC 9370 2.2.2, RFC 9242 3.3.1',
  intermediateBefore: 'RFC 9242 3.3.2',
  intermediateInAuthentication: 'RFC 9242 3.3.2',
  intermediateContent: 'RFC 9242 3.3.2',
  rekeyingProposals: 'RFC 9370 2.2.4',
  followUpInKeys: 'RFC 9370 2.2.4',
  followUpTurn: 'RFC 9370 2.2.4, RFC 7296 2.25.2',
  linkReturned: 'RFC 9370 2.2.4',
  linkKnown: 'RFC 9370 2.2.4',
  followUpRefusedDuring: 'RFC 9370 2.2.4, RFC 7296 2.25.1',
  stateNotFound: 'RFC 9370 2.2.4',
} as const satisfies Record<keyof AdditionalKeyExchangeRules, string>;
