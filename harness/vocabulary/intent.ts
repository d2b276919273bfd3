/**
 * Intents as scenarios compose them: two nodes of a topology, told the same policy from both sides. What the node under test is told
 * is written once, in its own point of view, and mirrored for the tester; a scenario then changes what its tester lies about.
 */
import { familyOf } from '../../reference/wire/address.ts';
import type { PolicyIntent } from '../capture/transcript.ts';
import type { ManualSa, NodeConfiguration, ProtectAction, Selector, Sink, SpdEntry } from '../lab/node.ts';
import { gateway, hostToHost, inner, innerPrefixes, nutAddresses, places, type Topology } from '../lab/topologies.ts';
import { sinkPort } from './orders.ts';
import { type EspSuite, espSuites } from './transforms.ts';

export type Family = 'ipv4' | 'ipv6';

/** Policy of one node, to be laid over its place in a topology. */
export type Policy = Pick<NodeConfiguration, 'spd' | 'manual' | 'ike'> &
  Partial<Pick<NodeConfiguration, 'sinks' | 'unmatched'>>;

/** The sinks every node under test listens on, so that an inbound probe needs no answer to be seen. */
export const sinks: readonly Sink[] = [
  { protocol: 'udp', port: sinkPort },
  { protocol: 'tcp', port: sinkPort },
];

export interface IntentParts {
  readonly topology: Topology;
  readonly ends: PolicyIntent['ends'];
  readonly nut: Policy;
  /** What the tester is told when it is not simply the mirror. */
  readonly tn?: Partial<Policy>;
}

export function intent({ topology, ends, nut, tn = {} }: IntentParts): PolicyIntent {
  const mirror: Policy = { spd: nut.spd.map(mirroredEntry), manual: nut.manual.map(mirroredSa), ike: [] };
  return {
    parties: { nut: { ...topology.nut, sinks, ...nut }, tn: { ...topology.tn, ...mirror, ...tn } },
    ends,
    others: [topology.router],
  };
}

export interface ManualKeying {
  readonly suite?: EspSuite;
  readonly replayWindow?: number;
  readonly extendedSequenceNumbers?: boolean;
  /** The counters both sides start from. */
  readonly sequenceNumber?: bigint;
  readonly encapsulation?: boolean;
}

/** One pair of manual SAs and the SPD entry they serve, in the node's point of view. */
export interface ManualPair {
  readonly entry: SpdEntry;
  readonly securityAssociations: readonly [inbound: ManualSa, outbound: ManualSa];
}

/** A pair of SAs between two hosts, for whatever the selector names (all traffic between them by default). */
export function transportPair(
  name: string,
  family: Family,
  keying: ManualKeying & { readonly spi?: number; readonly selector?: Partial<Selector> } = {},
): ManualPair {
  const local = nutAddresses[family];
  const remote = places.home[family];
  const selector = { local: host(local), remote: host(remote), ...keying.selector };
  return pair(name, { local, remote }, selector, 'transport', keying);
}

/** A pair of tunnel SAs between two gateways, for the networks behind them. */
export function tunnelPair(
  name: string,
  families: { readonly inner: Family; readonly outer: Family },
  keying: ManualKeying & { readonly spi?: number; readonly selector?: Partial<Selector> } = {},
): ManualPair {
  const ends = { local: nutAddresses[families.outer], remote: places.home[families.outer] };
  const selector = {
    local: innerPrefixes.nut[families.inner],
    remote: innerPrefixes.tn[families.inner],
    ...keying.selector,
  };
  return pair(name, ends, selector, 'tunnel', keying);
}

/** Two hosts with these pairs. The first entry of the list is the first of the SPD. */
export function manualHosts(
  family: Family,
  pairs: readonly ManualPair[],
  more: readonly SpdEntry[] = [],
): PolicyIntent {
  return intent({
    topology: hostToHost,
    ends: { tn: places.home[family], nut: nutAddresses[family] },
    nut: policyOf(pairs, more),
  });
}

/** Two hosts with an SPD in any order, and whatever SAs there are; `unmatched` is the fate of the rest. */
export function orderedHosts(
  family: Family,
  spd: readonly SpdEntry[],
  manual: readonly ManualSa[],
  unmatched: 'BYPASS' | 'DISCARD' = 'BYPASS',
): PolicyIntent {
  return intent({
    topology: hostToHost,
    ends: { tn: places.home[family], nut: nutAddresses[family] },
    nut: { spd, manual, ike: [], unmatched },
  });
}

/** Two gateways with these pairs. */
export function manualGateways(
  family: Family,
  pairs: readonly ManualPair[],
  more: readonly SpdEntry[] = [],
): PolicyIntent {
  return intent({
    topology: gateway,
    ends: { tn: inner.tn[family], nut: inner.nut[family] },
    nut: policyOf(pairs, more),
  });
}

/** The pair's entry takes any SA that fits, not only the pair's own. */
export function servedByAny(pair: ManualPair): ManualPair {
  if (typeof pair.entry.action === 'string') return pair;
  const { securityAssociations: _, ...action } = pair.entry.action;
  return { ...pair, entry: { ...pair.entry, action } };
}

/** A single address as a prefix. */
export function host(address: string): string {
  return `${address}/${familyOf(address) === 4 ? 32 : 128}`;
}

/** The tester's half of an entry. */
export function mirroredEntry(entry: SpdEntry): SpdEntry {
  const { direction, selector, action } = entry;
  return {
    ...entry,
    direction: direction === 'both' ? 'both' : direction === 'in' ? 'out' : 'in',
    selector: mirroredSelector(selector),
    action: typeof action === 'string' ? action : mirroredProtection(action),
  };
}

export function mirroredSa(sa: ManualSa): ManualSa {
  return {
    ...sa,
    direction: sa.direction === 'in' ? 'out' : 'in',
    ...(sa.selector && { selector: mirroredSelector(sa.selector) }),
  };
}

function mirroredSelector({ local, remote, localPort, remotePort, ...rest }: Selector): Selector {
  return {
    ...rest,
    local: remote,
    remote: local,
    ...(remotePort !== undefined && { localPort: remotePort }),
    ...(localPort !== undefined && { remotePort: localPort }),
  };
}

function mirroredProtection(action: ProtectAction): ProtectAction {
  return action.tunnel ? { ...action, tunnel: { local: action.tunnel.remote, remote: action.tunnel.local } } : action;
}

function policyOf(pairs: readonly ManualPair[], more: readonly SpdEntry[]): Policy {
  return {
    spd: [...pairs.map(({ entry }) => entry), ...more],
    manual: pairs.flatMap(({ securityAssociations }) => securityAssociations),
    ike: [],
  };
}

function pair(
  name: string,
  ends: { readonly local: string; readonly remote: string },
  selector: Selector,
  mode: 'transport' | 'tunnel',
  {
    suite = espSuites['aes-cbc-sha256'],
    replayWindow = 64,
    extendedSequenceNumbers = false,
    sequenceNumber,
    encapsulation,
    spi = 0x1000,
  }: ManualKeying & { readonly spi?: number },
): ManualPair {
  const common = {
    mode,
    selector,
    replayWindow,
    extendedSequenceNumbers,
    ...(sequenceNumber !== undefined && { sequenceNumber }),
    ...(encapsulation && { encapsulation: { sourcePort: 4500, destinationPort: 4500 } }),
  };
  const inbound: ManualSa = {
    ...common,
    ...suite.keyed(1),
    name: `${name}-in`,
    direction: 'in',
    spi: spi + 1,
    source: ends.remote,
    destination: ends.local,
  };
  const outbound: ManualSa = {
    ...common,
    ...suite.keyed(2),
    name: `${name}-out`,
    direction: 'out',
    spi: spi + 2,
    source: ends.local,
    destination: ends.remote,
  };
  const entry: SpdEntry = {
    name,
    direction: 'both',
    selector,
    action: {
      kind: 'PROTECT',
      protocol: 'ESP',
      mode,
      ...(mode === 'tunnel' && { tunnel: ends }),
      securityAssociations: [inbound.name, outbound.name],
    },
  };
  return { entry, securityAssociations: [inbound, outbound] };
}
