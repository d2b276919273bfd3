/**
 * Intents with a mobile node: where its home address is, and what each node is told of Mobile IPv6. Here the tester is a mobile node whose home is the
 * network behind it (a virtual home link, RFC 6275 10.1), so that it has its home address and its care-of address at once: what it sends from either is a
 * matter of headers alone, and what is sent to its home address comes back to it.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { CorrespondentNodeConfiguration, Prefix } from '../lab/node.ts';
import { inner, nutAddresses, ONLY_INTERFACE, places } from '../lab/topologies.ts';
import { type Keying, keyedMobileNode } from './keying.ts';
import { type Pair, type PairOptions, pairBetween } from './pairs.ts';

/** The addresses of the tester as a mobile node. */
export const mobile = {
  homeAddress: inner.tn.ipv6,
  /** Where it is. */
  careOfAddress: places.home.ipv6,
  /** Another place on the same link, and one on another link. */
  otherCareOfAddress: places['other-prefix'].ipv6,
  /** Nobody's, on the same home link. */
  otherHomeAddress: '2001:db8:a2::2',
} as const;

/** A pair of SAs in transport mode between the correspondent under test and the tester's home address. */
export function homeAddressPair(name: string, options: PairOptions = {}): Pair {
  return pairBetween(name, { local: nutAddresses.ipv6, remote: mobile.homeAddress }, options);
}

/** The node under test is a correspondent; its SAs with the tester are keyed by hand, or by IKE that runs over the care-of address. */
export function correspondent(
  told: CorrespondentNodeConfiguration,
  pairs: readonly Pair[],
  keying: Keying = 'manual',
): PolicyIntent {
  const parts = keyedMobileNode(keying, homePrefix, pairs);
  const { nut, tn } = parts.parties;
  const asMobileNode = { mobileNode: { interface: ONLY_INTERFACE, homeAddress: homePrefix } };
  return {
    ...parts,
    parties: { nut: { ...nut!, mobility: { correspondentNode: told } }, tn: { ...tn!, mobility: asMobileNode } },
  };
}

const homePrefix: Prefix = `${inner.tn.ipv6}/64`;
