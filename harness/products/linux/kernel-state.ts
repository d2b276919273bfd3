/**
 * What a Linux kernel says of its IPsec, in the words of RFC 4301: its states as SAD, what of them is mobility as binding cache (RFC 6275 9.1), its policies as SPD, and the
 * keys that it uses.
 */
import type { KeyRecord, NodeState } from '../../lab/node.ts';
import { authenticatorOf, transformsOf } from './transforms.ts';
import type { MaskedPort, XfrmPolicy, XfrmSelector, XfrmState } from './xfrm-messages.ts';

type SadEntry = NodeState['sad'][number];
type SpdEntry = NodeState['spd'][number];
type Binding = NonNullable<NodeState['bindings']>[number];

/** `own` are the node's addresses: an SA that ends at one of them is inbound. Larval SAs and states of mobility (SPI 0) are left out. */
export function sadOf(states: readonly XfrmState[], own: readonly string[]): SadEntry[] {
  return states
    .filter(({ spi }) => spi !== 0)
    .map(({ spi, source, destination, mode, packets, octets, replayWindow, refused }) => ({
      spi,
      source,
      destination,
      mode: mode === TUNNEL ? 'tunnel' : 'transport',
      direction: own.includes(destination) ? 'in' : 'out',
      packets,
      octets,
      replayWindow,
      replayFailures: refused.outsideWindow + refused.replayed,
      integrityFailures: refused.integrity,
    }));
}

/** SPIs of the inbound SAs that are there with the policy for what leaves, which comes last; `own` as above. One whose SAs name no policy (request id 0) is there with its states. */
export function installedOf(
  states: readonly XfrmState[],
  policies: readonly XfrmPolicy[],
  own: readonly string[],
): number[] {
  const outbound = policies.filter(({ direction }) => direction === OUTBOUND);
  const carried = new Set([0, ...outbound.flatMap(({ templates }) => templates.map(({ requestId }) => requestId))]);
  const there = states.filter(({ requestId }) => carried.has(requestId));
  return sadOf(there, own).flatMap(({ direction, spi }) => (direction === 'in' ? [spi] : []));
}

/**
 * From the states that take a home address option at one of `own`, which are as many for a binding as the node has addresses. One for any home address is no
 * binding. Which are home registrations the kernel does not know.
 */
export function bindingsOf(states: readonly XfrmState[], own: readonly string[]): Binding[] {
  const bindings = states.flatMap(({ protocol, source, destination, careOfAddress }): [string, Binding][] => {
    const takesOptions = protocol === DESTINATION_OPTIONS && own.includes(destination);
    if (!takesOptions || source === '::' || careOfAddress === undefined) return [];
    return [[`${source} ${careOfAddress}`, { homeAddress: source, careOfAddress, homeRegistration: false }]];
  });
  return [...new Map(bindings).values()];
}

/** The keys of every SA whose transforms are known. When it was made the kernel does not say. */
export function keysOf(states: readonly XfrmState[]): KeyRecord[] {
  return states.flatMap((state): KeyRecord[] => {
    const { source, destination, spi, extendedSequenceNumbers } = state;
    if (spi === 0) return [];
    const common = { source, destination, spi, extendedSequenceNumbers, since: 0 };
    if (state.protocol === AH) {
      const integrity = authenticatorOf(state);
      return integrity ? [{ kind: 'ah', ...common, integrity }] : [];
    }
    const transforms = state.protocol === ESP ? transformsOf(state) : undefined;
    const encapsulated = state.encapsulation === ESP_IN_UDP;
    return transforms ? [{ kind: 'esp', ...common, ...transforms, encapsulated }] : [];
  });
}

/**
 * In the order in which the kernel decides: lower priority first. Policies of single sockets are left out. A template of mobility lets a header pass, and protects
 * nothing.
 */
export function spdOf(policies: readonly XfrmPolicy[]): SpdEntry[] {
  return policies
    .flatMap(({ direction, selector, action, templates, priority }): SpdEntry[] => {
      const name = directions[direction];
      if (name === undefined) return [];
      const protects = templates.some(({ protocol }) => protocol !== DESTINATION_OPTIONS && protocol !== ROUTING);
      return [
        {
          direction: name,
          selector: selectorText(selector),
          action: action === BLOCK ? 'DISCARD' : protects ? 'PROTECT' : 'BYPASS',
          priority,
        },
      ];
    })
    .sort((one, other) => one.priority - other.priority);
}

/** As ip-xfrm(8) writes one. */
function selectorText({ source, destination, protocol, sourcePort, destinationPort }: XfrmSelector): string {
  const [first, second] = partsOf(protocol);
  const parts = [
    `src ${source} dst ${destination}`,
    protocol !== 0 && `proto ${protocol}`,
    masked(first, sourcePort),
    masked(second, destinationPort),
  ];
  return parts.filter((part) => part !== false).join(' ');
}

/** What stands in the places of the ports (RFC 4301 4.4.1.1). */
function partsOf(protocol: number): readonly [string, string] {
  if (protocol === ICMP || protocol === ICMPV6) return ['type', 'code'];
  return protocol === MOBILITY_HEADER ? ['type', 'dport'] : ['sport', 'dport'];
}

const masked = (name: string, { port, mask }: MaskedPort): string | false =>
  mask !== 0 && `${name} ${port}${mask === 0xffff ? '' : `/0x${mask.toString(16)}`}`;

const directions: readonly (SpdEntry['direction'] | undefined)[] = ['in', 'out', 'forward'];
const OUTBOUND = 1;

const ICMP = 1;
const ROUTING = 43;
const ESP = 50;
const AH = 51;
const ICMPV6 = 58;
const DESTINATION_OPTIONS = 60;
const MOBILITY_HEADER = 135;
/** `XFRM_MODE_TUNNEL`, `XFRM_POLICY_BLOCK`, `UDP_ENCAP_ESPINUDP`. */
const TUNNEL = 1;
const BLOCK = 1;
const ESP_IN_UDP = 2;
