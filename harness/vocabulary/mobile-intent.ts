/**
 * Intents with a mobile node: where its home address is, and what each node is told of Mobile IPv6. The home of a mobile node is the network behind it (a
 * virtual home link, RFC 6275 10.1), so that it has its home address and its care-of address at once: what it sends from either is a matter of headers
 * alone, and what is sent to its home address comes back to it.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { CorrespondentNodeConfiguration, NodeConfiguration, Prefix, SpdEntry } from '../lab/node.ts';
import { hostToHost, inner, nutAddresses, ONLY_INTERFACE, places } from '../lab/topologies.ts';
import { connection, honestNut, honestTn, mirroredChild, peering } from './ike-intent.ts';
import { intent } from './intent.ts';
import { type Keying, keyedMobileNode, protect } from './keying.ts';
import {
  childOf,
  entryOf,
  inboundName,
  manualSas,
  outboundName,
  type Pair,
  type PairOptions,
  pairBetween,
} from './pairs.ts';

export type { BindingByHand, CorrespondentNodeConfiguration, ManualAh } from '../lab/node.ts';

/** The addresses of the tester as a mobile node. */
export const mobile = {
  homeAddress: inner.tn.ipv6,
  /** Where it is. */
  careOfAddress: places.home.ipv6,
  /** Another place, on another link. */
  otherCareOfAddress: places['other-prefix'].ipv6,
  /** Where it is as well while return routability is the matter: another place on the same link. */
  secondCareOfAddress: places['same-prefix'].ipv6,
  /** A second home address on the same home link. */
  otherHomeAddress: '2001:db8:a2::2',
  /** On the link alone. */
  linkLocalAddress: 'fe80::aa',
} as const;

/** The addresses of the node under test as a mobile node, away from home for good. */
export const roaming = {
  homeAddress: inner.nut.ipv6,
  careOfAddress: nutAddresses.ipv6,
  /** The tester, which holds a binding. */
  correspondent: places.home.ipv6,
} as const;

/** A pair of SAs in transport mode between the correspondent under test and the tester's home address. */
export function homeAddressPair(name: string, options: PairOptions = {}): Pair {
  return pairBetween(name, { local: nutAddresses.ipv6, remote: mobile.homeAddress }, options);
}

/** The same between the home address of the node under test and the tester. */
export function roamingPair(name: string, options: PairOptions = {}): Pair {
  return pairBetween(name, { local: roaming.homeAddress, remote: roaming.correspondent }, options);
}

/**
 * The node under test is a correspondent; its SAs with the tester are keyed by hand, or by IKE that runs over the care-of address. Each serves its own
 * entry, or `any` that it fits.
 */
export function correspondent(
  told: CorrespondentNodeConfiguration,
  pairs: readonly Pair[],
  { keying = 'manual', by = 'own' }: { readonly keying?: Keying; readonly by?: 'own' | 'any' } = {},
): PolicyIntent {
  const policy = pairs.map((pair) => protect(pair, by === 'any' ? 'any' : [pair]));
  const parts = keyedMobileNode(keying, homePrefix, pairs, { policy });
  const { nut, tn } = parts.parties;
  const asMobileNode = { mobileNode: { interface: ONLY_INTERFACE, homeAddress: homePrefix } };
  return {
    ...parts,
    parties: {
      nut: { ...nut!, mobility: { correspondentNode: told } },
      tn: { ...(told.signalling ? wherever(tn!) : tn!), mobility: asMobileNode },
    },
  };
}

/**
 * The node under test is a correspondent with a binding, and the tester runs IKE with it from its home address: through its home agent, which is what a virtual
 * home link makes of it, or with the home address option. The pair is one of the home address.
 */
export function correspondentAskedFromHome(pair: Pair, { byOption }: { readonly byOption: boolean }): PolicyIntent {
  const { homeAddress, careOfAddress } = mobile;
  const own = nutAddresses.ipv6;
  const child = childOf(pair);
  const nut = connection(peering.connection, [own], [homeAddress, 'any'], honestNut, [child]);
  const tn = connection(peering.connection, [homeAddress], [own], honestTn, [mirroredChild(child)]);
  const parts = intent({
    topology: { ...hostToHost, tn: { ...hostToHost.tn, innerAddresses: [homePrefix] } },
    ends: { nut: own, tn: homeAddress },
    nut: { spd: [entryOf(pair, [`${peering.connection}/${pair.name}`])], manual: [], ike: [nut] },
    tn: { spd: [], ike: [tn] },
  });
  const byHand = { careOfAddress, correspondents: byOption ? [own] : [] };
  const mobileNode = { interface: ONLY_INTERFACE, homeAddress: homePrefix, byHand };
  const correspondentNode = { bindings: [{ homeAddress, careOfAddress }] };
  return {
    ...parts,
    parties: {
      nut: { ...parts.parties.nut!, mobility: { correspondentNode } },
      tn: { ...parts.parties.tn!, mobility: { mobileNode } },
    },
  };
}

/** At all its addresses at once, which are what return routability is about. */
function wherever(tn: NodeConfiguration): NodeConfiguration {
  const [first, ...others] = tn.interfaces;
  const addresses = [...first!.addresses, `${mobile.secondCareOfAddress}/64`, `${mobile.linkLocalAddress}/64`];
  const homePrefixes = [homePrefix, `${mobile.otherHomeAddress}/64`];
  return { ...tn, interfaces: [{ ...first!, addresses }, ...others], innerAddresses: homePrefixes };
}

/**
 * The node under test is a mobile node away from home that was told so by hand; the tester is a correspondent with a binding. It forwards what is not for
 * it, as some mobile nodes do for a network that they carry along.
 */
export function roamingNode(pairs: readonly Pair[]): PolicyIntent {
  const { homeAddress, careOfAddress, correspondent: peer } = roaming;
  const homeNetwork: Prefix = `${homeAddress}/64`;
  const parts = intent({
    topology: { ...hostToHost, nut: { ...hostToHost.nut, innerAddresses: [homeNetwork], forwarding: true } },
    ends: { nut: homeAddress, tn: peer },
    nut: { spd: pairs.map(ownEntryOf), manual: pairs.flatMap(manualSas), ike: [] },
  });
  const { nut, tn } = parts.parties;
  const byHand = { careOfAddress, correspondents: [peer] };
  const mobileNode = { interface: ONLY_INTERFACE, homeAddress: homeNetwork, byHand };
  const correspondentNode = { bindings: [{ homeAddress, careOfAddress }] };
  return {
    ...parts,
    parties: { nut: { ...nut!, mobility: { mobileNode } }, tn: { ...tn!, mobility: { correspondentNode } } },
  };
}

const ownEntryOf = (pair: Pair): SpdEntry => entryOf(pair, [inboundName(pair.name), outboundName(pair.name)]);

const homePrefix: Prefix = `${inner.tn.ipv6}/64`;
