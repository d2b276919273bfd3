/** Broken twins of IKEv2 where messages go and come in fragments (RFC 7383). */
import { mutant } from '../mutant.ts';

export const splitsUnasked = mutant(
  'splitsUnasked',
  'ikev2',
  'fragmentationAgreed',
  'whether the peer can put fragments together is not asked: everybody can by now',
  () => (willing) => willing,
);

export const keepsQuietOfFragments = mutant(
  'keepsQuietOfFragments',
  'ikev2',
  'fragmentationWanted',
  'built without fragmentation, whatever the configuration says',
  () => () => false,
);

export const neverSplits = mutant(
  'neverSplits',
  'ikev2',
  'messageSplit',
  'fragments are put together, and never made: IP will do that',
  () => () => false,
);

export const takesLinkForPath = mutant(
  'takesLinkForPath',
  'ikev2',
  'fragmentationThreshold',
  'datagrams are made as large as the own link takes them',
  () => () => 1500,
);

export const namesPayloadInEveryFragment = mutant(
  'namesPayloadInEveryFragment',
  'ikev2',
  'fragmentNextPayload',
  'the header of SK is copied into every fragment',
  () => (firstPayload) => firstPayload,
);

export const countsEveryFragment = mutant(
  'countsEveryFragment',
  'ikev2',
  'fragmentIsNew',
  'fragments are counted as they come, and a repeated one counts twice',
  () => () => true,
);

export const takesAnyNumber = mutant(
  'takesAnyNumber',
  'ikev2',
  'fragmentNumbers',
  'a fragment number is taken as it comes, 0 and beyond the total too',
  () => () => true,
);

export const wantsSeveralFragments = mutant(
  'wantsSeveralFragments',
  'ikev2',
  'fragmentNumbers',
  'one fragment alone is refused, since nobody would have split that',
  (lawful) => (number, total) => total > 1 && lawful(number, total),
);

export const answersBadFragments = mutant(
  'answersBadFragments',
  'ikev2',
  'badFragmentDiscarded',
  'the numbers of a fragment are read with its syntax, before its ICV, and INVALID_SYNTAX is the answer',
  () => () => false,
);

export const mixesFragmentSets = mutant(
  'mixesFragmentSets',
  'ikev2',
  'fragmentOfSet',
  'the total is read in the first fragment that comes and in no other',
  () => () => true,
);

export const keepsOlderFragments = mutant(
  'keepsOlderFragments',
  'ikev2',
  'fragmentsStartOver',
  'a message that is split anew joins what is left of the first try',
  () => () => false,
);

export const startsOverUnverified = mutant(
  'startsOverUnverified',
  'ikev2',
  'fragmentsStartOver',
  'the queue is emptied before the ICV is looked at',
  () => (total, waiting) => total > waiting,
);

export const believesForgedFragments = mutant(
  'believesForgedFragments',
  'ikev2',
  'integrity',
  'the ICV is checked when the message is whole, and so never',
  () => () => true,
);

export const readsPayloadOfEarliestFragment = mutant(
  'readsPayloadOfEarliestFragment',
  'ikev2',
  'firstPayloadOfFragments',
  'the fragment that comes first is taken for the first',
  () => (fragments) => fragments[0]?.innerNextPayload ?? 0,
);

export const readsPayloadOfLastFragment = mutant(
  'readsPayloadOfLastFragment',
  'ikev2',
  'firstPayloadOfFragments',
  'what the message begins with is taken from whichever fragment came last',
  () => (fragments) => fragments.at(-1)?.innerNextPayload ?? 0,
);

export const answersEveryFragment = mutant(
  'answersEveryFragment',
  'ikev2',
  'fragmentRepeatsResponse',
  'each fragment of a request that comes again is taken for the request',
  () => () => true,
);

export const answersNoFragment = mutant(
  'answersNoFragment',
  'ikev2',
  'fragmentRepeatsResponse',
  'fragments of a request that was answered are thrown away',
  () => () => false,
);
