/** Routing headers as a correspondent may send them, each with what is lawful (RFC 6275 6.4 and 11.3.3, RFC 5095, RFC 8200 4.4) and how a node errs. */
import { roaming } from '../../../harness/vocabulary/mobile-intent.ts';
import { hostMutants, mobilityMutants, type NodeMutant } from '../../../harness/vocabulary/mutants.ts';
import { inner } from '../../../harness/vocabulary/places.ts';
import type { ExtensionHeader, RoutingHeader } from '../../../reference/wire/ip/extension-headers.ts';

const { homeAddress, careOfAddress } = roaming;

/** `dropped`: without a word. `forwarded`: it left again for where the header leads. */
export type Fate = 'accepted' | 'dropped' | 'refused' | 'forwarded';

export interface Routed {
  readonly headers: readonly ExtensionHeader[];
  /** What the packet is for, as the checksum of its upper layer has it: where the header leads. */
  readonly to: string;
  readonly lawful: Fate;
  readonly turnedBy: readonly (readonly [NodeMutant, Fate])[];
  /** Where it is said, and whether it demands anything; nothing demands what is only known by its order. */
  readonly reads: 'home-address' | 'type-2' | 'unknown-type' | 'order';
  readonly alsoKnownAs?: readonly string[];
  /** They stand behind ESP or AH. */
  readonly hidden?: true;
  /** Under what else than in clear. ESP and AH are of the home address, and AH of a header that is right. */
  readonly under?: readonly string[];
}

const { followsAnyRoutingHeader, followsToAnyAddress, refusesRoutingHeaders } = mobilityMutants;
const { passesOverRoutingHeaders, readsNothingBehindIpsec } = hostMutants;

const type2 = (addresses: readonly string[], segmentsLeft = 1, more: Partial<RoutingHeader> = {}): RoutingHeader => ({
  type: 'routing',
  routingType: 2,
  segmentsLeft,
  addresses,
  ...more,
});

/** To a node that is not this one: whoever follows the header sends the packet on. */
const FOREIGN = inner.outsider.ipv6;

const elsewhere = (to: string, fate: Fate): Routed => ({
  headers: [type2([to])],
  to,
  lawful: 'dropped',
  turnedBy: [[followsToAnyAddress, fate]],
  reads: 'type-2',
  alsoKnownAs: ['MN-4-1-2-2-011'],
});

const malformed = (header: RoutingHeader, alsoKnownAs: readonly string[]): Routed => ({
  under: ['esp'],
  headers: [header],
  to: homeAddress,
  lawful: 'dropped',
  turnedBy: [[followsAnyRoutingHeader, 'accepted']],
  reads: 'type-2',
  alsoKnownAs,
});

/** Of another type, and a segment is left: its type is what the node tells of. */
const otherType = (routingType: number, passedOver: Fate): Routed => ({
  headers: [type2([homeAddress], 1, { routingType })],
  to: homeAddress,
  lawful: 'refused',
  turnedBy: [[passesOverRoutingHeaders, passedOver]],
  reads: 'unknown-type',
});

export const routedPackets = {
  'own-home-address': {
    headers: [type2([homeAddress])],
    to: homeAddress,
    lawful: 'accepted',
    turnedBy: [[refusesRoutingHeaders, 'dropped']],
    reads: 'home-address',
    alsoKnownAs: ['MN-4-1-2-2-003', 'MN-4-1-1-3-001'],
  },
  foreign: elsewhere(FOREIGN, 'forwarded'),
  'care-of-address': { ...elsewhere(careOfAddress, 'accepted'), under: [] },
  'segments-left-0': malformed(type2([homeAddress], 0), ['MN-4-1-2-2-005']),
  'segments-left-2': malformed(type2([homeAddress], 2), ['MN-4-1-2-2-005']),
  'two-addresses': malformed(type2([homeAddress, homeAddress]), ['MN-4-1-2-2-004']),
  'two-segments': malformed(type2([homeAddress, homeAddress], 2), ['MN-4-1-2-2-004', 'MN-4-1-2-2-005']),
  twice: {
    headers: [type2([homeAddress]), type2([homeAddress])],
    to: homeAddress,
    lawful: 'accepted',
    turnedBy: [[refusesRoutingHeaders, 'dropped']],
    reads: 'order',
  },
  'second-foreign': {
    headers: [type2([homeAddress]), type2([FOREIGN])],
    to: FOREIGN,
    lawful: 'dropped',
    turnedBy: [[followsToAnyAddress, 'forwarded']],
    reads: 'type-2',
  },
  // The checksum is for where the header leads, which a node that knows type 0 takes it for.
  'type-0': otherType(0, 'accepted'),
  'unknown-type': otherType(253, 'dropped'),
  'unknown-type-inside': {
    ...otherType(253, 'dropped'),
    hidden: true,
    turnedBy: [[readsNothingBehindIpsec, 'accepted']],
  },
} as const satisfies Record<string, Routed>;

export type RoutedName = keyof typeof routedPackets;
export const routedOf = (name: string | undefined): Routed => routedPackets[name as RoutedName];

export function isSent({ header, protection }: Readonly<Record<string, string>>): boolean {
  const { under = ['esp', 'ah'], hidden = false } = routedOf(header);
  return protection === 'clear' ? !hidden : under.includes(protection!);
}
