/**
 * A packet as AH's ICV sees it (RFC 4302 section 3.3.3.1 and appendix A): what may change on the way is zero, what changes in a way that can be
 * foretold is as it will be at the receiver. For Mobile IPv6 that is the home address option with the two addresses changed over and the type 2 routing
 * header already processed (RFC 6275 sections 6.4 and 11.3.2). Lengths never change.
 */
import { optionTypes, routingTypes } from '../wire/ip/extension-headers.ts';
import { protocols } from '../wire/ip/protocols.ts';

/** Which fields are taken as they are, zeroed, or foretold. A rule gives them; `mutability` is what the documents say. */
export interface Mutability {
  /** Appendix A1: IPv4 options, by their whole first octet; any other is zeroed whole. */
  readonly immutableIpv4Options: ReadonlySet<number>;
  /** RFC 8200 section 4.2: whether the data of an IPv6 option may change on the way. */
  mayChange(optionType: number): boolean;
  /** RFC 6275 11.3.2: the home address stands as the source. */
  readonly foretellsHomeAddress: boolean;
  /** RFC 4302 A2: the destination and the addresses of a routing header stand as at the end of the way. */
  readonly foretellsRouting: boolean;
}

export const mutability: Mutability = {
  // End of options, no operation, security, extended security, commercial security, router alert, sender directed delivery.
  immutableIpv4Options: new Set([0, 1, 130, 133, 134, 148, 149]),
  mayChange: (optionType) => (optionType & 0x20) !== 0,
  foretellsHomeAddress: true,
  foretellsRouting: true,
};

/** The octets of a whole packet of either version, changed as above; those from its AH on are as they were. */
export function coveredForm(packet: Uint8Array, rules: Mutability = mutability): Uint8Array {
  const covered = packet.slice();
  if (covered[0]! >> 4 === 4) coverIpv4(covered, rules);
  else coverIpv6(covered, rules);
  return covered;
}

/** Where the first AH of a packet begins, in octets; undefined where none can be read. */
export function ahOffset(packet: Uint8Array): number | undefined {
  let at = packet[0]! >> 4 === 4 ? 4 * (packet[0]! & 0x0f) : 40;
  let next = packet[0]! >> 4 === 4 ? packet[9] : packet[6];
  while (packet[0]! >> 4 === 6 && isBeforeAh(next!) && at + 8 <= packet.length) {
    next = packet[at];
    at += 8 * (packet[at + 1]! + 1);
  }
  if (next !== protocols.AH || at + FIXED_FIELDS > packet.length) return undefined;
  return at + 4 * (packet[at + 1]! + 2) <= packet.length ? at : undefined;
}

/** 3.3.3.1.1. */
function coverIpv4(covered: Uint8Array, rules: Mutability): void {
  const headerLength = 4 * (covered[0]! & 0x0f);
  covered[1] = 0; // DSCP, ECN
  covered.fill(0, 6, 9); // flags, fragment offset, time to live
  covered.fill(0, 10, 12); // header checksum
  let at = 20;
  while (at < headerLength) {
    const type = covered[at]!;
    if (type === END_OF_OPTIONS) return;
    const length = type === NO_OPERATION ? 1 : Math.max(covered[at + 1] ?? 0, 2);
    const end = Math.min(at + length, headerLength);
    if (rules.foretellsRouting && sourceRoutes.has(type)) foretellSourceRoute(covered, at, end);
    if (!rules.immutableIpv4Options.has(type)) covered.fill(0, at, end);
    at = end;
  }
}

/** 3.3.3.1.1.1: with a source route that is not at its end, the destination is the last address of the route. */
function foretellSourceRoute(covered: Uint8Array, at: number, end: number): void {
  const pointer = covered[at + 2] ?? 0;
  const isAtItsEnd = pointer + 3 > end - at;
  if (!isAtItsEnd && end - at >= 7) covered.copyWithin(16, end - 4, end);
}

/** 3.3.3.1.2, of the headers that stand before AH. */
function coverIpv6(covered: Uint8Array, rules: Mutability): void {
  covered[0] = 0x60;
  covered.fill(0, 1, 4); // DSCP and ECN, flow label
  covered[7] = 0; // hop limit
  let next = covered[6]!;
  let at = 40;
  while (isBeforeAh(next) && at + 8 <= covered.length) {
    const end = Math.min(at + 8 * (covered[at + 1]! + 1), covered.length);
    if (next === protocols['IPv6-Route']) {
      if (rules.foretellsRouting) foretellRouting(covered, at, end);
    } else coverOptions(covered, at + 2, end, rules);
    next = covered[at]!;
    at = end;
  }
}

/** 3.3.3.1.2.2: the type and the length of an option are covered always. */
function coverOptions(covered: Uint8Array, start: number, end: number, rules: Mutability): void {
  let at = start;
  while (at < end) {
    const type = covered[at]!;
    if (type === optionTypes.Pad1) {
      at += 1;
      continue;
    }
    const data = at + 2;
    const next = Math.min(data + (covered[at + 1] ?? 0), end);
    if (type === optionTypes['Home Address'] && next - data === 16) {
      if (rules.foretellsHomeAddress) exchange(covered, SOURCE, data);
    } else if (rules.mayChange(type)) covered.fill(0, data, next);
    at = Math.max(next, data);
  }
}

/** Each segment that is left exchanges the destination with the address it leads to (RFC 8200 section 4.4, RFC 6275 section 6.4.1). */
function foretellRouting(covered: Uint8Array, at: number, end: number): void {
  const carriesAddresses = Object.values(routingTypes).includes(covered[at + 2] as 0 | 2);
  const addresses = (end - at - 8) / 16;
  const left = covered[at + 3]!;
  if (!carriesAddresses || !Number.isInteger(addresses) || left > addresses) return;
  for (let place = addresses - left; place < addresses; place++) exchange(covered, DESTINATION, at + 8 + 16 * place);
  covered[at + 3] = 0;
}

/** Two addresses of IPv6. */
function exchange(octets: Uint8Array, one: number, other: number): void {
  const kept = octets.slice(one, one + 16);
  octets.copyWithin(one, other, other + 16);
  octets.set(kept, other);
}

function isBeforeAh(next: number): boolean {
  return next === protocols.HOPOPT || next === protocols['IPv6-Opts'] || next === protocols['IPv6-Route'];
}

const END_OF_OPTIONS = 0;
const NO_OPERATION = 1;
/** Loose and strict. */
const sourceRoutes: ReadonlySet<number> = new Set([131, 137]);

/** Where an IPv6 header has its addresses. */
const SOURCE = 8;
const DESTINATION = 24;

/** Of AH, in octets. */
const FIXED_FIELDS = 12;
