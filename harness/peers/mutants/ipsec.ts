/** Broken twins of IPsec processing: for each rule the ways in which real implementations err. */
import { mutant } from '../mutant.ts';

/** Compares the outer source with the tunnel endpoint, as if tunnel mode were bound to its far end. */
export const checksOuterSource = mutant(
  'checksOuterSource',
  'ipsec',
  'outerSourceAcceptable',
  'the far end of the tunnel is taken for part of the SA, so a peer that moved is dropped',
  () => (sa, outerSource) => outerSource === sa.source,
);

export const acceptsDuplicates = mutant(
  'acceptsDuplicates',
  'ipsec',
  'sequenceNumberAcceptable',
  'the window has an edge but no memory of what it has seen',
  () => (sequenceNumber, window) => window.size === 0 || sequenceNumber > window.top - BigInt(window.size),
);

export const hasNoReplayWindow = mutant(
  'hasNoReplayWindow',
  'ipsec',
  'sequenceNumberAcceptable',
  'anti-replay is off, the default of more than one key manager for manual SAs',
  () => () => true,
);
