/**
 * Intents as scenarios compose them: two nodes of a topology, told the same policy from both sides. What the node under test is told
 * is written once, in its own point of view, and mirrored for the tester; a scenario then changes what its tester lies about.
 */
import { familyOf } from '../../reference/wire/address.ts';
import type { PolicyIntent } from '../capture/transcript.ts';
import type { ManualSa, NodeConfiguration, ProtectAction, Selector, Sink, SpdEntry } from '../lab/node.ts';
import { attacker, attackerAddresses, type Topology } from '../lab/topologies.ts';
import { sinkPort } from './places.ts';

export type Family = 'ipv4' | 'ipv6';

/** Policy of one node, to be laid over its place in a topology. */
export type Policy = Pick<NodeConfiguration, 'spd' | 'manual' | 'ike'> &
  Partial<Pick<NodeConfiguration, 'sinks' | 'unmatched' | 'spis'>>;

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

/** The same, with a third host on the link that nobody told anything. */
export function withAttacker({ parties, ends, ...rest }: PolicyIntent, family: Family): PolicyIntent {
  return { ...rest, parties: { ...parties, attacker }, ends: { ...ends, attacker: attackerAddresses[family] } };
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

/** How long an SA lives is each side's own affair (RFC 7296 2.8): the tester's has no end. */
export function mirroredSa({ lifetime: _lifetime, ...sa }: ManualSa): ManualSa {
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
