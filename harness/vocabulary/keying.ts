/**
 * Keys from anywhere: pairs of SAs under a policy, keyed by hand or by IKEv2 in either role of the node under test. A scenario of the packet plane
 * describes its pairs and its policy once and takes `keyings` for a dimension; `establish` brings the SAs about, which keys by hand need not.
 */
import type { PolicyIntent } from '../capture/transcript.ts';
import type { Prefix, SpdEntry } from '../lab/node.ts';
import {
  gateway,
  hostToHost,
  inner,
  nutAddresses,
  type PlaceName,
  places,
  type Topology,
  testerAt,
} from '../lab/topologies.ts';
import { fqdn } from './credentials.ts';
import { connection, honestNut, honestTn, mirroredChild, only, peering, tnName } from './ike-intent.ts';
import { type Family, intent, mirroredEntry, sinks } from './intent.ts';
import { childOf, entryOf, type Families, inboundName, manualSas, outboundName, type Pair } from './pairs.ts';
import type { ChildName, Stage } from './stage.ts';

/** `ikev2`: the tester initiates. */
export const keyings = ['manual', 'ikev2', 'ikev2-nut-initiates'] as const;
export type Keying = (typeof keyings)[number];

/** The same for scenarios that had keys by hand only before: those cases go by the names they had. */
export const laterKeyings = ['', 'ikev2', 'ikev2-nut-initiates'] as const;

export const keyingOf = (later: (typeof laterKeyings)[number]): Keying => later || 'manual';

/** An entry of the policy: what bypasses or discards, or what pairs protect. */
export type Ruling = SpdEntry | Protection;

interface Protection {
  readonly protects: Pair;
  readonly by: 'any' | readonly Pair[];
  readonly within?: Pair;
}

/** The traffic of this pair, by its own SAs, by those of these pairs, or by any that fit. */
export function protect(pair: Pair, by: Protection['by'] = [pair]): Protection {
  return { protects: pair, by };
}

/** One pair inside another, whose selector is for what the inner one makes (RFC 4301 appendix E). */
export function nested(pair: Pair, within: Pair): readonly [Protection, Protection] {
  return [{ protects: pair, by: [pair], within }, protect(within)];
}

export interface PolicyOptions {
  /** In order; an entry for each pair where it is absent. A pair without an entry of its own comes last where IKE brings its entry along. */
  readonly policy?: readonly Ruling[];
  readonly unmatched?: 'BYPASS' | 'DISCARD';
  /**
   * The node under test expects its peer by name, instead of whoever the authority certifies. A node may ask for a further child by an IKE SA of its own, and does where it
   * cannot know that it has one with that peer already; what tells two children apart only by their order then does not.
   */
  readonly knowsPeer?: boolean;
}

export interface GatewayOptions extends PolicyOptions {
  /** Where the tester stands; at home unless said. */
  readonly at?: PlaceName;
  /** What is known of their surroundings besides. */
  readonly adapts?: (topology: Topology) => Topology;
}

/** Two hosts on one link. */
export function keyedHosts(
  keying: Keying,
  family: Family,
  pairs: readonly Pair[],
  options: PolicyOptions = {},
): PolicyIntent {
  const ends = { tn: places.home[family], nut: nutAddresses[family] };
  return keyed(keying, { topology: hostToHost, ends, outer: family }, pairs, options);
}

/** Two security gateways, each before a network. */
export function keyedGateways(
  keying: Keying,
  families: Families,
  pairs: readonly Pair[],
  { at = 'home', adapts = (topology) => topology, ...options }: GatewayOptions = {},
): PolicyIntent {
  const ends = { tn: inner.tn[families.inner], nut: inner.nut[families.inner] };
  const topology = testerAt(places[at], adapts(gateway));
  return keyed(keying, { topology, ends, outer: families.outer, at }, pairs, options);
}

/**
 * Two hosts on one link, and the tester is away from home: it has its home address beside the care-of address that IKE runs over, and the pairs are those of
 * its home address (RFC 4877 4.4). `home` with the length of the home prefix.
 */
export function keyedMobileNode(
  keying: Keying,
  home: Prefix,
  pairs: readonly Pair[],
  options: PolicyOptions = {},
): PolicyIntent {
  const topology = { ...hostToHost, tn: { ...hostToHost.tn, innerAddresses: [home] } };
  const ends = { tn: home.split('/')[0]!, nut: nutAddresses.ipv6 };
  return keyed(keying, { topology, ends, outer: 'ipv6' }, pairs, options);
}

/**
 * The SAs of these pairs, one after the other. Where the node under test began, it has heard the answer when it answers a question for its own
 * life; ESP is left alone.
 */
export async function establish(
  { tn, nut }: Pick<Stage, 'tn' | 'nut'>,
  keying: Keying,
  pairs: readonly string[] = [peering.child],
): Promise<void> {
  if (keying === 'manual') return;
  for (const pair of pairs) {
    await (keying === 'ikev2' ? tn : nut).initiates(establishing(pair), childName(pair));
    if (keying === 'ikev2-nut-initiates') {
      await tn.asksForLife(`life after ${pair}`, childName(pair), { unlessRefused: establishing(pair) });
    }
  }
}

/** The moment at which a pair is to come about. */
export const establishing = (pair: string): string => `establish ${pair}`;

/** A pair as a child of IKE. */
export const childName = (pair: string): ChildName => ({ connection: peering.connection, child: pair });

interface Setting {
  readonly topology: Topology;
  readonly ends: { readonly tn: string; readonly nut: string };
  readonly outer: Family;
  readonly at?: PlaceName;
}

function keyed(
  keying: Keying,
  { topology, ends, outer, at = 'home' }: Setting,
  pairs: readonly Pair[],
  { policy = pairs.map((pair) => protect(pair)), unmatched, knowsPeer = false }: PolicyOptions,
): PolicyIntent {
  const rest = { sinks, ...(unmatched && { unmatched }) };
  if (keying === 'manual') {
    const spd = policy.map((ruling) => entry(ruling, (name) => [inboundName(name), outboundName(name)]));
    return intent({ topology, ends, nut: { spd, manual: pairs.flatMap(manualSas), ike: [], ...rest } });
  }
  const named = policy.flatMap((ruling) => ('protects' in ruling ? [ruling.protects.name] : []));
  const brought = pairs.filter(({ name }) => !named.includes(name)).map((pair) => protect(pair));
  const spd = [...policy, ...brought].map((ruling) => entry(ruling, (name) => [negotiatedName(name)]));
  const children = pairs.map(childOf);
  const tested = knowsPeer ? { ...honestNut, expects: only(fqdn(tnName)) } : honestNut;
  const addresses = { nut: [nutAddresses[outer]], tn: [places[at][outer]] } as const;
  const nut = connection(peering.connection, addresses.nut, [...addresses.tn, 'any'], tested, children);
  const tn = connection(peering.connection, addresses.tn, addresses.nut, honestTn, children.map(testersChild));
  return intent({
    topology,
    ends,
    nut: { spd, manual: [], ike: [nut], ...rest },
    tn: { spd: spd.map(mirroredEntry), ike: [tn] },
  });
}

/** Nothing that a tester sends sets off IKE by itself. */
const testersChild = (child: ReturnType<typeof childOf>) => ({ ...mirroredChild(child), start: 'none' as const });

function entry(ruling: Ruling, names: (pair: string) => readonly string[]): SpdEntry {
  if (!('protects' in ruling)) return ruling;
  const { protects, by, within } = ruling;
  return entryOf(protects, by === 'any' ? undefined : by.flatMap(({ name }) => names(name)), within);
}

/** What both SAs of a child are called in the reference. */
const negotiatedName = (pair: string): string => `${peering.connection}/${pair}`;
