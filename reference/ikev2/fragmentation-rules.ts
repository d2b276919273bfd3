/**
 * The decisions of IKE fragmentation (RFC 7383), a part of `rules.ts`: when a message is split and how, and what becomes of a fragment that comes.
 * Splitting is `fragmenting.ts`, putting together `fragment-queue.ts`.
 */

export interface FragmentationRules {
  /** 2.3: what is configured is said. */
  fragmentationWanted(configured: boolean): boolean;
  /** 2.3, 2.4: fragments are sent and taken only where both peers have said that they want them. */
  fragmentationAgreed(willing: boolean, peerIsWilling: boolean): boolean;
  /** 2.5.1: the most octets of an IP datagram, where nothing is known of the path. */
  fragmentationThreshold(family: 4 | 6): number;
  /** 2.4, 2.5.1: whether a message is split that would make a datagram of so many octets. */
  messageSplit(datagramOctets: number, threshold: number): boolean;
  /** 2.5: Next Payload names the first payload inside in the first fragment, and nothing in the others. */
  fragmentNextPayload(firstPayload: number, fragmentNumber: number): number;
  /** 2.6: a fragment counts from 1 to no more than there are. */
  fragmentNumbers(fragmentNumber: number, totalFragments: number): boolean;
  /** 2.6: one that does not is discarded silently: nobody has vouched for it. */
  badFragmentDiscarded(): boolean;
  /** 2.6: fragments of a set of fewer than those that wait are discarded. */
  fragmentOfSet(totalFragments: number, totalWaiting: number): boolean;
  /** 2.6: a fragment that waits already is a replay. */
  fragmentIsNew(fragmentNumber: number, waiting: readonly number[]): boolean;
  /** 2.6, 2.5.2: a fragment of a larger set empties the queue, once its ICV has been found right. */
  fragmentsStartOver(totalFragments: number, totalWaiting: number, isAuthentic: () => boolean): boolean;
  /** 2.5, 2.6: what is put together begins with the payload that the first fragment names. */
  firstPayloadOfFragments(fragments: readonly NumberedFragment[]): number;
  /** 2.6.1: a request that was answered is answered again once for all its fragments: at the first. */
  fragmentRepeatsResponse(fragmentNumber: number): boolean;
  /** 2.6: a request that never became whole is forgotten, and is no failure of its IKE SA. */
  incompleteRequestEndsIkeSa(): boolean;
}

/** What a fragment says of itself. */
export interface NumberedFragment {
  readonly fragmentNumber: number;
  readonly innerNextPayload: number;
}

export const fragmentationRules: FragmentationRules = {
  fragmentationWanted: (configured) => configured,
  fragmentationAgreed: (willing, peerIsWilling) => willing && peerIsWilling,
  fragmentationThreshold: (family) => (family === 4 ? 576 : 1280),
  messageSplit: (datagramOctets, threshold) => datagramOctets > threshold,
  fragmentNextPayload: (firstPayload, fragmentNumber) => (fragmentNumber === 1 ? firstPayload : 0),
  fragmentNumbers: (fragmentNumber, totalFragments) => fragmentNumber > 0 && fragmentNumber <= totalFragments,
  badFragmentDiscarded: () => true,
  fragmentOfSet: (totalFragments, totalWaiting) => totalFragments >= totalWaiting,
  fragmentIsNew: (fragmentNumber, waiting) => !waiting.includes(fragmentNumber),
  fragmentsStartOver: (totalFragments, totalWaiting, isAuthentic) => totalFragments > totalWaiting && isAuthentic(),
  firstPayloadOfFragments: (fragments) =>
    fragments.find(({ fragmentNumber }) => fragmentNumber === 1)?.innerNextPayload ?? 0,
  fragmentRepeatsResponse: (fragmentNumber) => fragmentNumber === 1,
  incompleteRequestEndsIkeSa: () => false,
};

/** Where each of them is written. */
export const fragmentationSections = {
  fragmentationWanted: 'RFC 7383 2.3',
  fragmentationAgreed: 'RFC 7383 2.3, 2.4',
  fragmentationThreshold: 'RFC 7383 2.5.1',
  messageSplit: 'RFC 7383 2.4, 2.5.1',
  fragmentNextPayload: 'RFC 7383 2.5',
  fragmentNumbers: 'RFC 7383 2.6',
  badFragmentDiscarded: 'RFC 7383 2.6',
  fragmentOfSet: 'RFC 7383 2.6',
  fragmentIsNew: 'RFC 7383 2.6',
  fragmentsStartOver: 'RFC 7383 2.6, 2.5.2',
  firstPayloadOfFragments: 'RFC 7383 2.5, 2.6',
  fragmentRepeatsResponse: 'RFC 7383 2.6.1',
  incompleteRequestEndsIkeSa: 'RFC 7383 2.6',
} as const satisfies Record<keyof FragmentationRules, string>;
