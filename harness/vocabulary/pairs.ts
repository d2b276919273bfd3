/**
 * Pairs of SAs as scenarios describe them, in the point of view of the node under test: what they protect and how, each described once. Where the
 * keys come from is another matter (`keying.ts`): the same pair is a couple of manual SAs, or a child of IKEv2.
 */
import type { ChildConfiguration, Lifetime, ManualSa, Selector, SpdEntry } from '../lab/node.ts';
import { innerPrefixes, nutAddresses, type PlaceName, places } from '../lab/topologies.ts';
import { type Family, host } from './intent.ts';
import { espSuites, otherwise, type ProtectingSuite, proposalOf } from './transforms.ts';

export interface Pair {
  /** Of its SPD entry, and of its child. */
  readonly name: string;
  readonly mode: 'transport' | 'tunnel';
  /** Outer addresses in tunnel mode, the hosts' in transport mode. */
  readonly ends: { readonly local: string; readonly remote: string };
  readonly selector: Selector;
  readonly suite: ProtectingSuite;
  /** What IKE may agree to instead; none where the suite is asked about. */
  readonly otherwise: readonly ProtectingSuite[];
  readonly extendedSequenceNumbers: boolean;
  /** In packets; absent: whatever the product makes of an SA that nobody configured one for. */
  readonly replayWindow: number | undefined;
  /** ESP in UDP (RFC 3948). */
  readonly encapsulation: boolean;
  /** What becomes of the DF bit, and where long packets are cut (RFC 4301 8); as the product has it where nothing is said. */
  readonly handling: Pick<ManualSa, 'dontFragment' | 'fragments'>;
  /** Of the SAs of the node under test; the tester's have none. */
  readonly lifetime?: Lifetime;
  /** Whether a packet of the node under test that finds no SA sets off IKE. */
  readonly start: ChildConfiguration['start'];
  /** What only keys by hand can say: the SPIs are this number and one or two more, and both counters start from the number given. */
  readonly byHand: { readonly spi: number; readonly sequenceNumber?: bigint };
}

export interface PairOptions {
  /** Absent where it is not what is asked about. */
  readonly suite?: ProtectingSuite | undefined;
  readonly replayWindow?: number | undefined;
  readonly extendedSequenceNumbers?: boolean;
  readonly encapsulation?: boolean;
  readonly lifetime?: Lifetime;
  readonly start?: Pair['start'];
  readonly selector?: Partial<Selector>;
  readonly spi?: number;
  readonly sequenceNumber?: bigint;
  readonly dontFragment?: ManualSa['dontFragment'];
  readonly fragments?: ManualSa['fragments'];
  /** Where the tester stands; at home unless said. */
  readonly at?: PlaceName;
}

export interface Families {
  readonly inner: Family;
  readonly outer: Family;
}

/** Between two hosts, for whatever the selector names (all traffic between them by default). */
export function transportPair(name: string, family: Family, options: PairOptions = {}): Pair {
  return pairBetween(name, { local: nutAddresses[family], remote: places.home[family] }, options);
}

/** Between any two addresses, in transport mode. */
export function pairBetween(name: string, ends: Pair['ends'], options: PairOptions = {}): Pair {
  return pair(name, 'transport', ends, { local: host(ends.local), remote: host(ends.remote) }, options);
}

/** Between two gateways, for the networks behind them. */
export function tunnelPair(name: string, { inner, outer }: Families, options: PairOptions = {}): Pair {
  const ends = { local: nutAddresses[outer], remote: places[options.at ?? 'home'][outer] };
  const selector = { local: innerPrefixes.nut[inner], remote: innerPrefixes.tn[inner] };
  return pair(name, 'tunnel', ends, selector, options);
}

/**
 * The SPD entry that a pair serves; `securityAssociations` are the only ones that may, any that fits where none are named. What they make passes through
 * the entry of the pair that is `within` next.
 */
export function entryOf(
  { name, selector, mode, ends, suite: { protocol } }: Pair,
  securityAssociations?: readonly string[],
  within?: Pair,
): SpdEntry {
  return {
    name,
    direction: 'both',
    selector,
    action: {
      kind: 'PROTECT',
      protocol,
      mode,
      ...(mode === 'tunnel' && { tunnel: ends }),
      ...(securityAssociations && { securityAssociations }),
      ...(within && { within: within.name }),
    },
  };
}

/** The two SAs as somebody would key them by hand, of the node under test. */
export function manualSas(pair: Pair): readonly [inbound: ManualSa, outbound: ManualSa] {
  const { name, mode, ends, selector, suite, extendedSequenceNumbers, encapsulation, lifetime, handling, byHand } =
    pair;
  const { spi, sequenceNumber } = byHand;
  const common = {
    mode,
    selector,
    replayWindow: pair.replayWindow ?? 0,
    extendedSequenceNumbers,
    ...handling,
    ...(lifetime && { lifetime }),
    ...(sequenceNumber !== undefined && { sequenceNumber }),
  };
  const inbound = { direction: 'in', spi: spi + 1, source: ends.remote, destination: ends.local } as const;
  const outbound = { direction: 'out', spi: spi + 2, source: ends.local, destination: ends.remote } as const;
  const keyed = (index: number, sa: typeof inbound | typeof outbound, called: string): ManualSa => {
    if (suite.protocol === 'AH') return { ...common, ...suite.keyed(index), name: called, ...sa };
    const inUdp = encapsulation && { encapsulation: { sourcePort: 4500, destinationPort: 4500 } };
    return { ...common, ...suite.keyed(index), ...inUdp, name: called, ...sa };
  };
  return [keyed(1, inbound, inboundName(name)), keyed(2, outbound, outboundName(name))];
}

/** The pair as a child that the node under test is told. */
export function childOf(pair: Pair): ChildConfiguration {
  const { name, mode, selector, suite, extendedSequenceNumbers, replayWindow, lifetime, handling, start } = pair;
  const { local, remote, localPort, remotePort, ...both } = selector;
  return {
    name,
    ...(suite.protocol === 'AH' && { protocol: 'AH' }),
    mode,
    local: [{ addresses: local, ...both, ...(localPort !== undefined && { ports: localPort }) }],
    remote: [{ addresses: remote, ...both, ...(remotePort !== undefined && { ports: remotePort }) }],
    proposals: [suite, ...pair.otherwise].map((each) => proposalOf(each, extendedSequenceNumbers)),
    start,
    ...(replayWindow !== undefined && { replayWindow }),
    ...handling,
    ...(lifetime && { lifetime }),
  };
}

/** What the SAs of a pair are called by hand, as the node under test sees their directions. */
export const inboundName = (pair: string): string => `${pair}-in`;
export const outboundName = (pair: string): string => `${pair}-out`;

function pair(
  name: string,
  mode: Pair['mode'],
  ends: Pair['ends'],
  selector: Selector,
  {
    suite,
    extendedSequenceNumbers = false,
    encapsulation = false,
    lifetime,
    start = 'none',
    spi = 0x1000,
    sequenceNumber,
    dontFragment,
    fragments,
    ...options
  }: PairOptions,
): Pair {
  return {
    name,
    mode,
    ends,
    selector: { ...selector, ...options.selector },
    suite: suite ?? espSuites['aes-cbc-sha256'],
    otherwise: suite ? [] : [otherwise],
    extendedSequenceNumbers,
    replayWindow: 'replayWindow' in options ? options.replayWindow : 64,
    encapsulation,
    handling: { ...(dontFragment && { dontFragment }), ...(fragments && { fragments }) },
    ...(lifetime && { lifetime }),
    start,
    byHand: { spi, ...(sequenceNumber !== undefined && { sequenceNumber }) },
  };
}
