/**
 * Traffic selector negotiation (RFC 7296 section 2.9): what TSi and TSr a node offers for a child and for the packet that asked for it, and how
 * a responder narrows an offer to its policy. The arithmetic of selectors is `ipsec/traffic-selector.ts`; whether something is
 * acceptable is a rule.
 */
import {
  contains,
  intersection,
  narrowed,
  type Selectors,
  type TrafficSelector,
  trafficSelectors,
  withoutContained,
} from '../ipsec/traffic-selector.ts';
import { type Address, familyOf } from '../wire/address.ts';
import { trafficSelectorTypes } from '../wire/ike/registry.ts';
import type { TrafficSelector as WireSelector } from '../wire/ike/traffic-selector.ts';
import type { ChildConfiguration } from './configuration.ts';
import type { PacketSelectors } from './interface.ts';

/** Both sides of a child's policy, from this node's point of view. */
export function policyOf(child: ChildConfiguration): Selectors {
  return { local: child.local.flatMap(trafficSelectors), remote: child.remote.flatMap(trafficSelectors) };
}

/** What is offered for a child: its policy, after the very specific selectors of the packet that triggered it. */
export function offeredSelectors(child: ChildConfiguration, packet?: PacketSelectors): Selectors {
  const policy = policyOf(child);
  if (packet === undefined) return policy;
  return {
    local: [exactly(packet.source, packet.protocol, packet.sourcePort), ...policy.local],
    remote: [exactly(packet.destination, packet.protocol, packet.destinationPort), ...policy.remote],
  };
}

/**
 * Section 2.9: the subset of an offer that a policy permits, undefined where one side is left empty. Where the first selector of the
 * offer is permitted it comes first, so that the triggering packet is covered; selectors within another are not said twice.
 */
export function narrowedSelectors(offered: Selectors, policy: Selectors): Selectors | undefined {
  const local = narrowed(offered.local, policy.local);
  const remote = local.length > 0 ? narrowed(offered.remote, policy.remote) : [];
  return remote.length > 0 ? { local: withoutContained(local), remote: withoutContained(remote) } : undefined;
}

/** Whether every selector of an answer lies within one of the offer. */
export function withinOffer(offered: Selectors, answered: Selectors): boolean {
  const within = (answers: readonly TrafficSelector[], offers: readonly TrafficSelector[]) =>
    answers.length > 0 && answers.every((answer) => offers.some((offer) => contains(offer, answer)));
  return within(answered.local, offered.local) && within(answered.remote, offered.remote);
}

/** Whether two sets of selectors have anything in common. */
export function overlap(one: readonly TrafficSelector[], other: readonly TrafficSelector[]): boolean {
  return one.some((mine) => other.some((theirs) => intersection(mine, theirs) !== undefined));
}

/** The selectors as TSi or TSr holds them. */
export function toWire(selectors: readonly TrafficSelector[]): WireSelector[] {
  return selectors.map((selector) => ({
    tsType:
      familyOf(selector.startAddress) === 4
        ? trafficSelectorTypes.TS_IPV4_ADDR_RANGE
        : trafficSelectorTypes.TS_IPV6_ADDR_RANGE,
    ...selector,
  }));
}

/** The selectors of TSi or TSr; a type that is no address range selects nothing here (section 3.13.1). */
export function fromWire(selectors: readonly WireSelector[]): TrafficSelector[] {
  return selectors.flatMap((selector) => {
    if (!('startAddress' in selector)) return [];
    const { startAddress, endAddress, protocolId, startPort, endPort } = selector;
    return [{ startAddress, endAddress, protocolId, startPort, endPort }];
  });
}

function exactly(address: Address, protocolId: number, port: number | undefined): TrafficSelector {
  return { startAddress: address, endAddress: address, protocolId, startPort: port ?? 0, endPort: port ?? 0xffff };
}
