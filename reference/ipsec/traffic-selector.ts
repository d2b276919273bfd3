/**
 * Traffic selectors, RFC 4301 section 4.4.1.1 in the shape of RFC 7296 section 3.13.1: one side of the traffic as a range of
 * addresses, a next layer protocol and a range of ports. ICMP type and code take the place of the port, type in the upper
 * octet, on both sides alike, and so does the type of a Mobility Header. Whether a packet's fields match is a rule; containing and narrowing here are plain set arithmetic.
 */
import { type Address, addressOctets, familyOf, parsePrefix, prefixRange } from '../wire/address.ts';
import { hex } from '../wire/octets.ts';

export interface TrafficSelector {
  readonly startAddress: Address;
  readonly endAddress: Address;
  /** IP protocol number; 0 is ANY. */
  readonly protocolId: number;
  /** 0 to 65535 is ANY and includes OPAQUE; start 65535 with end 0 is OPAQUE: ports that cannot be read (4.4.1.1). */
  readonly startPort: number;
  readonly endPort: number;
}

/** Both sides, seen from this node: traffic matches when some selector of either side does. */
export interface Selectors {
  readonly local: readonly TrafficSelector[];
  readonly remote: readonly TrafficSelector[];
}

/** A number, or the first and the last of a range. */
export type NumberRange = number | readonly [first: number, last: number];

/** One side of traffic as configurations spell it; a missing field is ANY. */
export interface SelectorDescription {
  /** A prefix, an address, or a first and a last address. */
  readonly addresses: string | readonly [first: Address, last: Address];
  readonly protocol?: number;
  readonly ports?: NumberRange;
  readonly icmp?: { readonly type: NumberRange; readonly code?: NumberRange };
  readonly mobilityHeaderType?: NumberRange;
}

/**
 * The traffic selectors a description stands for: one, except that a range of ICMP types with a code of its own needs one for each type.
 * Throws `RangeError` for what is no address.
 */
export function trafficSelectors(description: SelectorDescription): TrafficSelector[] {
  const { first, last } = addressRange(description.addresses);
  return portRanges(description).map(([startPort, endPort]) => ({
    startAddress: first,
    endAddress: last,
    protocolId: description.protocol ?? ANY_PROTOCOL,
    startPort,
    endPort,
  }));
}

/** The number that stands where a port would (RFC 7296 section 3.13.1). */
export function icmpPort(type: number, code: number): number {
  return (type << 8) | code;
}

/** The number that stands where a port would (RFC 4301 section 4.4.1.1): the type in the upper octet, nothing in the lower. */
export function mobilityPort(mobilityHeaderType: number): number {
  return mobilityHeaderType << 8;
}

/** Whether everything `inner` selects is selected by `outer` too. */
export function contains(outer: TrafficSelector, inner: TrafficSelector): boolean {
  return holds(measured(outer), measured(inner));
}

/** What both select, or undefined where there is nothing. */
export function intersection(one: TrafficSelector, other: TrafficSelector): TrafficSelector | undefined {
  return meeting(measured(one), measured(other))?.selector;
}

/** Every selector of `proposed` cut down to what `allowed` permits, in the order proposed (RFC 7296 section 2.9). */
export function narrowed(proposed: readonly TrafficSelector[], allowed: readonly TrafficSelector[]): TrafficSelector[] {
  const permissions = allowed.map(measured);
  const kept: Measured[] = [];
  for (const wish of proposed.map(measured)) {
    for (const permission of permissions) {
      const common = meeting(wish, permission);
      if (common && !kept.some((held) => holds(held, common))) kept.push(common);
    }
  }
  return kept.map(({ selector }) => selector);
}

/** Those that lie within no other; of equal ones the first. */
export function withoutContained(selectors: readonly TrafficSelector[]): TrafficSelector[] {
  const all = selectors.map(measured);
  const isSpare = (one: Measured, at: number) =>
    all.some(
      (other, otherAt) =>
        otherAt !== at && holds(other, one) && !(at < otherAt && sameSelector(one.selector, other.selector)),
    );
  return all.filter((one, at) => !isSpare(one, at)).map(({ selector }) => selector);
}

export function sameSelector(one: TrafficSelector, other: TrafficSelector): boolean {
  return (
    one.startAddress === other.startAddress &&
    one.endAddress === other.endAddress &&
    one.protocolId === other.protocolId &&
    one.startPort === other.startPort &&
    one.endPort === other.endPort
  );
}

export function selectsAnyPort({ startPort, endPort }: TrafficSelector): boolean {
  return startPort === 0 && endPort === LAST_PORT;
}

export function selectsOpaquePort({ startPort, endPort }: TrafficSelector): boolean {
  return startPort === LAST_PORT && endPort === 0;
}

/** For people: `192.0.2.0-192.0.2.255 protocol 17 ports 500-500`. */
export function selectorText(selector: TrafficSelector): string {
  const { startAddress, endAddress, protocolId, startPort, endPort } = selector;
  const addresses = startAddress === endAddress ? startAddress : `${startAddress}-${endAddress}`;
  const protocol = protocolId === ANY_PROTOCOL ? '' : ` protocol ${protocolId}`;
  const ports = selectsOpaquePort(selector) ? ' ports OPAQUE' : ` ports ${startPort}-${endPort}`;
  return addresses + protocol + (selectsAnyPort(selector) ? '' : ports);
}

export const ANY_PROTOCOL = 0;

function addressRange(addresses: SelectorDescription['addresses']): { first: Address; last: Address } {
  if (typeof addresses === 'string') return prefixRange(parsePrefix(addresses));
  return { first: addresses[0], last: addresses[1] };
}

function portRanges({ ports, icmp, mobilityHeaderType }: SelectorDescription): (readonly [number, number])[] {
  if (mobilityHeaderType !== undefined) {
    const [first, last] = bounds(mobilityHeaderType);
    return [[mobilityPort(first), mobilityPort(last) | 0xff]];
  }
  if (!icmp) return [ports === undefined ? [0, LAST_PORT] : bounds(ports)];
  const [firstType, lastType] = bounds(icmp.type);
  if (icmp.code === undefined) return [[icmpPort(firstType, 0), icmpPort(lastType, 255)]];
  const [firstCode, lastCode] = bounds(icmp.code);
  const types = Array.from({ length: lastType - firstType + 1 }, (_, i) => firstType + i);
  return types.map((type) => [icmpPort(type, firstCode), icmpPort(type, lastCode)] as const);
}

function bounds(range: NumberRange): readonly [number, number] {
  return typeof range === 'number' ? [range, range] : range;
}

/** A selector with the ends of its range spelled so that they compare as text: reading addresses is what costs. */
interface Measured {
  readonly selector: TrafficSelector;
  readonly start: string;
  readonly end: string;
}

function measured(selector: TrafficSelector): Measured {
  return { selector, start: ordered(selector.startAddress), end: ordered(selector.endAddress) };
}

/** Family and hexadecimal digits, of one length in each family. */
function ordered(address: Address): string {
  return `${familyOf(address)} ${hex(addressOctets(address))}`;
}

function meeting(one: Measured, other: Measured): Measured | undefined {
  if (one.start[0] !== other.start[0]) return undefined;
  const first = one.start >= other.start ? one : other;
  const last = one.end <= other.end ? one : other;
  if (first.start > last.end) return undefined;
  const protocols = [one.selector.protocolId, other.selector.protocolId];
  if (protocols[0] !== protocols[1] && !protocols.includes(ANY_PROTOCOL)) return undefined;
  const ports = commonPorts(one.selector, other.selector);
  const { startAddress } = first.selector;
  const { endAddress } = last.selector;
  const protocolId = protocols[0] || protocols[1]!;
  return ports && { selector: { startAddress, endAddress, protocolId, ...ports }, start: first.start, end: last.end };
}

/** Containment is a meeting that changes nothing. */
function holds(outer: Measured, inner: Measured): boolean {
  if (outer.start > inner.start || inner.end > outer.end) return false;
  const common = meeting(outer, inner);
  return common !== undefined && sameSelector(common.selector, inner.selector);
}

function commonPorts(
  one: TrafficSelector,
  other: TrafficSelector,
): Pick<TrafficSelector, 'startPort' | 'endPort'> | undefined {
  const opaque = { startPort: LAST_PORT, endPort: 0 };
  if (selectsOpaquePort(one)) return selectsOpaquePort(other) || selectsAnyPort(other) ? opaque : undefined;
  if (selectsOpaquePort(other)) return selectsAnyPort(one) ? opaque : undefined;
  const startPort = Math.max(one.startPort, other.startPort);
  const endPort = Math.min(one.endPort, other.endPort);
  return startPort <= endPort ? { startPort, endPort } : undefined;
}

const LAST_PORT = 65535;
