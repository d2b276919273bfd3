/**
 * Policies and manual SAs as configurations spell them (prefixes, hex), turned into SPD entries and SAs. A `NodeConfiguration` of the
 * host carries these shapes, so its `spd` and `manual` are given here as they are. Nothing here decides about a packet.
 */
import type { Address } from '../wire/address.ts';
import { unhex } from '../wire/octets.ts';
import type { EspAssociation, SecurityAssociation } from './sad.ts';
import type { Protection, SpdEntry } from './spd-entry.ts';
import { type NumberRange, type Selectors, type TrafficSelector, trafficSelectors } from './traffic-selector.ts';

/** RFC 4301 section 4.4.1.1; a missing field is ANY. Local and remote are this node's and the other's. */
export interface SelectorConfiguration {
  readonly local: string;
  readonly remote: string;
  readonly protocol?: number;
  readonly localPort?: NumberRange;
  readonly remotePort?: NumberRange;
  readonly icmp?: { readonly type: NumberRange; readonly code?: NumberRange };
  /** For protocol 135. */
  readonly mobilityHeaderType?: NumberRange;
}

export interface PolicyConfiguration {
  readonly name: string;
  /** `both` is an entry and its mirror, which look alike as selectors say local and remote. */
  readonly direction: 'in' | 'out' | 'both';
  readonly selector: SelectorConfiguration;
  readonly action: 'BYPASS' | 'DISCARD' | Protection;
}

/** RFC 4301 section 4.5.1: a unidirectional SA keyed by hand. Keys are hex. */
export type ManualSaConfiguration = ManualEspConfiguration | ManualAhConfiguration;

export interface ManualEspConfiguration extends ManualConfiguration {
  /** ESP where it is not said. */
  readonly protocol?: 'ESP';
  readonly encryption: { readonly id: number; readonly keyLength?: number; readonly key: string };
  readonly integrity?: { readonly id: number; readonly key: string };
  readonly encapsulation?: EspAssociation['encapsulation'];
}

export interface ManualAhConfiguration extends ManualConfiguration {
  readonly protocol: 'AH';
  readonly integrity: { readonly id: number; readonly key: string };
}

interface ManualConfiguration {
  readonly name: string;
  readonly direction: 'in' | 'out';
  readonly spi: number;
  readonly source: Address;
  readonly destination: Address;
  readonly mode: 'transport' | 'tunnel';
  /** Packets; 0 turns anti-replay off (RFC 4303 section 3.4.3). */
  readonly replayWindow: number;
  readonly extendedSequenceNumbers: boolean;
  /** The last sequence number used (out) or the top of the window (in), as if traffic had passed before. */
  readonly sequenceNumber?: bigint | number;
  /** The traffic this SA may carry; absent: whatever the SPD entry that names it selects. */
  readonly selector?: SelectorConfiguration;
  readonly lifetime?: SecurityAssociation['lifetime'];
  readonly dontFragment?: SecurityAssociation['dontFragment'];
  readonly fragments?: SecurityAssociation['fragments'];
}

/** SPD entries in the order of the policies. Throws `RangeError` for what is no prefix. */
export function spdEntries(policies: readonly PolicyConfiguration[]): SpdEntry[] {
  return policies.flatMap(({ name, direction, selector, action }) => {
    const selectors = selectorsOf(selector);
    const directions = direction === 'both' ? (['out', 'in'] as const) : [direction];
    return directions.map((each) => ({ name, direction: each, selectors, action }));
  });
}

/**
 * A manual SA. Without a selector of its own it may carry what the entries of its direction that name it select, and whatever there is
 * where none names it. Throws `RangeError` for what is no hex.
 */
export function manualSa(manual: ManualSaConfiguration, entries: readonly SpdEntry[]): SecurityAssociation {
  const { selector, sequenceNumber } = manual;
  const more = {
    ...(sequenceNumber !== undefined && { sequenceNumber: BigInt(sequenceNumber) }),
    ...(selector ? selectorsOf(selector) : selectorsOfNaming(manual, entries)),
  };
  if (manual.protocol === 'AH') {
    const { selector: _selector, sequenceNumber: _number, integrity, ...rest } = manual;
    return { ...rest, integrity: { ...integrity, key: unhex(integrity.key) }, ...more };
  }
  const { selector: _selector, sequenceNumber: _number, encryption, integrity, ...rest } = manual;
  return {
    ...rest,
    protocol: 'ESP',
    encryption: { ...encryption, key: unhex(encryption.key) },
    ...(integrity && { integrity: { ...integrity, key: unhex(integrity.key) } }),
    ...more,
  };
}

export function selectorsOf({ local, remote, localPort, remotePort, ...both }: SelectorConfiguration): Selectors {
  return {
    local: trafficSelectors({ addresses: local, ports: localPort, ...both }),
    remote: trafficSelectors({ addresses: remote, ports: remotePort, ...both }),
  };
}

function selectorsOfNaming(
  { name, direction }: ManualSaConfiguration,
  entries: readonly SpdEntry[],
): Partial<Selectors> {
  const naming = entries.filter(
    ({ direction: other, action }) =>
      other === direction && typeof action === 'object' && action.securityAssociations?.includes(name),
  );
  if (naming.length === 0) return {};
  const side = (of: keyof Selectors): TrafficSelector[] => naming.flatMap(({ selectors }) => selectors[of]);
  return { local: side('local'), remote: side('remote') };
}
