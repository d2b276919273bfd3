/**
 * The decisions of exchanges between IKE_SA_INIT and IKE_AUTH (RFC 9242), and of the keys that are exchanged in them (RFC 9370), a part of `rules.ts`. What
 * the messages hold is `exchanges/ike-intermediate.ts`.
 */

export interface AdditionalKeyExchangeRules {
  /** RFC 9242 3.1: the exchange is there where both peers have said so. */
  intermediateAgreed(willing: boolean, peerIsWilling: boolean): boolean;
  /** RFC 9370 2.2.2: no additional method is chosen twice. */
  additionalMethodsDiffer(methods: readonly number[]): boolean;
  /** RFC 9242 3.2: all of them come before IKE_AUTH. */
  keyExchangesComplete(done: number, negotiated: number): boolean;
  /** RFC 9370 2.2.2, RFC 9242 3.3.1: from the next message on the keys are those that the exchange has made. */
  keysAfterExchange<Keys>(before: Keys, after: Keys): Keys;
  /** RFC 9242 3.3.2: AUTH covers what was said in between, too. */
  intermediateInAuthentication(octets: Uint8Array): Uint8Array;
  /** RFC 9242 3.3.2: each message as it came, RESERVED fields and all; `asRead` would write it anew. */
  intermediateContent(asReceived: Uint8Array, asRead: () => Uint8Array): Uint8Array;
}

export const additionalKeyExchangeRules: AdditionalKeyExchangeRules = {
  intermediateAgreed: (willing, peerIsWilling) => willing && peerIsWilling,
  additionalMethodsDiffer: (methods) => new Set(methods).size === methods.length,
  keyExchangesComplete: (done, negotiated) => done === negotiated,
  keysAfterExchange: (_before, after) => after,
  intermediateInAuthentication: (octets) => octets,
  intermediateContent: (asReceived) => asReceived,
};

/** Where each of them is written. */
export const additionalKeyExchangeSections = {
  intermediateAgreed: 'RFC 9242 3.1',
  additionalMethodsDiffer: 'RFC 9370 2.2.2',
  keyExchangesComplete: 'RFC 9242 3.2',
  keysAfterExchange: 'RFC 9370 2.2.2, RFC 9242 3.3.1',
  intermediateInAuthentication: 'RFC 9242 3.3.2',
  intermediateContent: 'RFC 9242 3.3.2',
} as const satisfies Record<keyof AdditionalKeyExchangeRules, string>;
