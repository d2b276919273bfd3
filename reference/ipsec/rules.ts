/**
 * Every decision of IPsec processing that an implementer could get wrong, as a value, each with the section it comes from (RFC 4301
 * unless another is named). The machines of this folder are given an `IpsecRules`, call it and decide nothing in passing; a mutant replaces
 * one member. `ipsecRules` is what the documents ask; where they leave a choice, the docstring says which one is taken.
 */
import type { Env, Instant } from '../machine.ts';
import { equalInConstantTime } from '../transforms/integrity.ts';
import { type Address, inRange } from '../wire/address.ts';
import { type Endpoints, readdressed } from '../wire/checksum.ts';
import { ikePorts } from '../wire/ike/registry.ts';
import { ecnCodepoints } from '../wire/ip/ecn.ts';
import { type IpPacket, pseudoHeaderEndpoints } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU32 } from '../wire/octets.ts';
import { type AhForm, ahForm } from './ah.ts';
import { type IntegrityCoverage, integrityOctets } from './esp.ts';
import type { InboundStep } from './inbound-step.ts';
import { type PathMtuRules, pathMtuRules, pathMtuSections } from './path-mtu-rules.ts';
import type { WindowView } from './replay-window.ts';
import type { EspIdentity, SadEntry, SecurityAssociation } from './sad.ts';
import type { Direction, Flow, PolicyAddresses } from './selectors-of-packet.ts';
import type { Protection, SpdEntry, UnmatchedAction } from './spd-entry.ts';
import { ANY_PROTOCOL, selectsAnyPort, selectsOpaquePort, type TrafficSelector } from './traffic-selector.ts';

export interface IpsecRules extends PathMtuRules {
  /** RFC 6275 9.3.1, 9.3.2, 11.3.2: policy is about home addresses, that of an option for the source and that of a routing header for the destination. */
  policyAddresses: PolicyAddresses;
  /** 4.4.1: the SPD is ordered, the first entry that matches decides. `matching` has every match in SPD order. */
  spdEntry(matching: readonly SpdEntry[]): SpdEntry | undefined;
  /** 4.4.1.1: the address lies in the selector's range; never across families. */
  addressMatches(selector: TrafficSelector, address: Address): boolean;
  /** 4.4.1.1: the same next layer protocol, or ANY. */
  protocolMatches(selector: TrafficSelector, protocol: number): boolean;
  /** 4.4.1.1, 4.1: DSCP is no selector; it may choose among SAs of one selector, never what is done with the packet. */
  dscpMatches(dscp: number): boolean;
  /** 4.4.1.1: the port lies in the selector's range; an absent (OPAQUE) one matches only ANY and OPAQUE. */
  portMatches(selector: TrafficSelector, port: number | undefined): boolean;
  /** 4.4.1.1: type and code, as one number of 16 bits, lie in the selector's range. */
  icmpMatches(selector: TrafficSelector, typeAndCode: number | undefined): boolean;
  /** 4.4.1.1: the type of a Mobility Header, in the upper octet, lies in the selector's range. */
  mobilityTypeMatches(selector: TrafficSelector, type: number | undefined): boolean;
  /** 5.1, 5.2: what befalls traffic without an entry. A nominal final discard is only a SHOULD (5.2): what was configured holds. */
  unmatchedTraffic(configured: UnmatchedAction): UnmatchedAction;
  /** 5.2 step 2: IKE has an explicit BYPASS. Inbound by its UDP ports; outbound also by origin, as behind a NAT the peer's port is any. */
  bypassesAsIke(traffic: IkeCandidate): boolean;
  /** 5.1 step 3b: PROTECT without an SA starts key management and discards the packet; it never leaves in clear. */
  withoutSa(entry: SpdEntry): 'acquire' | 'bypass';
  /** 5.2 step 3b, Figure 3: inbound traffic that came in clear, its entry's action being PROTECT, is discarded. */
  unprotectedAcceptable(entry: SpdEntry): boolean;
  /** 5.2 step 4 with 4.4.1: what an SA carries meets its entry's protocol and mode; BYPASS asks for nothing, DISCARD lets nothing by. */
  protectionSatisfies(entry: SpdEntry, sa: SadEntry): boolean;
  /** 4.4.1.2: an entry is served only by the SAs it names and by those that end where its tunnel does (not where packets come from). */
  saServesEntry(entry: SpdEntry, sa: SadEntry): boolean;

  /** 4.3, appendix E: what an entry protected passes the SPD again, to the entry of this direction that it names. */
  nestedEntry(entry: SpdEntry, spd: readonly SpdEntry[]): SpdEntry | undefined;
  /** 4.3: what an entry wants nested has come through an SA of the entry around it; `fits` says whether the one before did. */
  nestingSatisfies(outer: SpdEntry, fits: boolean): boolean;

  /** 5.2 step 2: the IP protocol number, and nothing else, says that a packet to this node is IPsec's. */
  ipsecProtocol(protocol: number): 'ESP' | 'AH' | undefined;
  /** 5.2 step 3a and 4.1: a unicast SA is found by the SPI and the protocol (RFC 4303 2.1), never by the outer source. */
  inboundSa(sad: readonly SadEntry[], packet: EspIdentity): SadEntry | undefined;
  /** RFC 4303 2.1: 0 is never on the wire, 1 to 255 are reserved. */
  spiUsable(spi: number): boolean;
  /** 4.4.2, RFC 7296 2.8: of the SAs that fit a packet (oldest first) the newest, so that a rekeyed SA takes over. */
  outboundSa(fitting: readonly SadEntry[]): SadEntry | undefined;
  /** 4.4.2.1: a hard lifetime in seconds or in octets is reached. */
  lifetimeReached(sa: SadEntry, now: Instant): boolean;

  /** RFC 4303 2.2, 3.3.3: the counter starts at 0 and is incremented before use: the first packet has 1. */
  nextSequenceNumber(last: bigint): bigint;
  /** RFC 4303 3.3.3: the counter must not cycle while anti-replay is on. */
  sequenceNumberUsable(next: bigint, sa: SecurityAssociation): boolean;
  /** RFC 3602 3: a CBC IV is unpredictable. RFC 4106 3.1, RFC 7634 2, RFC 4543 3.1: an AEAD's and AES-GMAC's is unique. */
  initializationVector(octets: number, sequenceNumber: bigint, env: Env): Uint8Array;
  /** RFC 4303 2.4: octets 1, 2, 3… up to the alignment. `length` is that of the payload. */
  padding(length: number, alignment: number): Uint8Array;
  /** RFC 4303 2.8: what the ICV covers. */
  integrityCoverage: IntegrityCoverage;
  /** RFC 4302 3.3.3.1, RFC 6275 11.3.2: the packet as the ICV of AH sees it: mutable fields zero, what can be foretold as at the receiver. */
  ahCoverage(packet: Uint8Array): Uint8Array;
  /** RFC 4302 3.3.3.2.1: padding behind the ICV brings AH to 32 bits in IPv4 and to 64 in IPv6, and no further. */
  ahIcvPadding(icvOctets: number, version: 4 | 6): number;

  /** RFC 4303 3.4: the order of inbound steps. The window moves only after integrity (3.4.3). */
  inboundProcedure: readonly InboundStep[];
  /** RFC 4303 3.4.1: ESP that is still a fragment is discarded. */
  espFragmentAcceptable(): boolean;
  /** RFC 3948 1, RFC 7296 2.23: ESP is accepted with and without UDP encapsulation, whatever the SA itself uses. */
  encapsulationAcceptable(sa: SecurityAssociation, encapsulated: boolean): boolean;
  /** RFC 4303 Appendix A2.2: the upper half of an extended sequence number; undefined below zero. */
  sequenceNumberHigh(low: number, window: WindowView): number | undefined;
  /** RFC 4303 Appendix A3: how many greater upper halves are tried after so many failures in a row; local parameters, 16 and 4 here. */
  resynchronizationRetries(consecutiveFailures: number): number;
  /** RFC 4303 3.4.3: not 0, at or above the window's edge T - W + 1, and not received before. */
  sequenceNumberAcceptable(sequenceNumber: bigint, window: WindowView): boolean;
  /** RFC 4303 3.4.4.1: all octets of both ICVs are equal. */
  icvMatches(computed: Uint8Array, received: Uint8Array): boolean;
  /** RFC 4303 2.4, 3.4.4.1: padding is 1, 2, 3…; a receiver SHOULD inspect it. */
  paddingAcceptable(padding: Uint8Array): boolean;
  /** RFC 4303 2.6: next header 59 is a dummy packet, discarded without prejudice. */
  isDummyPacket(nextHeader: number): boolean;
  /** RFC 4303 2.6, 3.1: tunnel mode carries IPv4 or IPv6, and the version is the one announced. */
  nextHeaderFitsMode(nextHeader: number, sa: SecurityAssociation, payload: Uint8Array): boolean;
  /** 5.1.2 (last bullet): the versions of inner and outer header may differ. */
  familiesMayMix(inner: 4 | 6, outer: 4 | 6): boolean;
  /** RFC 3948 3.1.2: in transport mode through a NAT the checksums of TCP and UDP are changed by what became of the addresses; they are still the sender's. */
  checksumOfTranslated(packet: IpPacket, real: Endpoints): Uint8Array;
  /** 5.2 steps 4 and 5: which header is matched with the SA's selectors: the one the SA delivers. */
  checkedHeader(sa: SecurityAssociation): 'inner' | 'outer';
  /** 5.2 step 3a: no outer source is checked in tunnel mode; in transport mode it is the header that step 4 matches. */
  outerSourceAcceptable(sa: SadEntry, outerSource: Address): boolean;
  /** RFC 4303 3.1.1: ESP protects what follows it, so a packet is good whatever became of the header before, its addresses apart. */
  headerBeforeEspAcceptable(outer: IpPacket): boolean;
  /** 5.2 steps 4 and 5: a packet inconsistent with its SA's selectors is discarded. `matches` says whether it is consistent. */
  packetFitsSa(matches: boolean, sa: SadEntry): boolean;
  /** 6.2: an ICMP error whose own header no selector allows fits when the packet it quotes, reversed, does. */
  icmpErrorFitsSa(quotedMatches: boolean, sa: SadEntry): boolean;
  /** 5.2 step 5: whether INVALID_SELECTORS is sent; a management control, off by default. */
  notifiesInvalidSelectors(): boolean;

  /** 5.1.2.1 note 3: the outer destination is the SA's, not where its peer was last heard from. */
  tunnelDestination(sa: SadEntry, lastHeardFrom: Address | undefined): Address;
  /** 5.1.2.1 note 2: outer TTL and hop limit are constructed. */
  outerHopLimit(inner: number): number;
  /** 5.1.2.1: DSCP is copied out. */
  outerDscp(inner: number): number;
  /** 5.1.2.1, RFC 6040 4.1: ECN is copied out, which is the latter's normal mode. */
  outerEcn(inner: number): number;
  /** 5.1.2.2 note 8: copying is for end systems only; 0 here. */
  outerFlowLabel(inner: number | undefined): number;
  /** RFC 6040 4.2, which updates 5.1.2.1 note 6: the severer mark of the two; one that is not ECN-capable has no mark, but is dropped for Congestion Experienced. */
  innerEcn(inner: number, outer: number): number | 'drop';
  /** 5.1.2.2 note 9: the outer DSCP is not copied in. */
  innerDscp(inner: number, outer: number): number;

  /** RFC 3948 2.3: one octet 0xFF is a NAT keepalive, ignored. */
  isKeepalive(datagram: Uint8Array): boolean;
  /** RFC 3948 2.2, RFC 7296 3.1: a message of IKE is all of a datagram to port 500, and on port 4500 what stands behind four zero octets where an SPI would be. */
  ikeMessageIn(datagram: Uint8Array, port: number): Uint8Array | undefined;
}

/** Where each rule is written; RFC 4301 unless another is named. */
export const ipsecSections = {
  ...pathMtuSections,
  policyAddresses: 'RFC 6275 11.3.2',
  spdEntry: 'RFC 4301 4.4.1',
  addressMatches: 'RFC 4301 4.4.1.1',
  protocolMatches: 'RFC 4301 4.4.1.1',
  dscpMatches: 'RFC 4301 4.4.1.1',
  portMatches: 'RFC 4301 4.4.1.1',
  icmpMatches: 'RFC 4301 4.4.1.1',
  mobilityTypeMatches: 'RFC 4301 4.4.1.1',
  unmatchedTraffic: 'RFC 4301 5.2',
  bypassesAsIke: 'RFC 4301 5.2 2',
  withoutSa: 'RFC 4301 5.1 3b',
  unprotectedAcceptable: 'RFC 4301 5.2 3b',
  protectionSatisfies: 'RFC 4301 5.2 4',
  saServesEntry: 'RFC 4301 4.4.1.2',
  nestedEntry: 'RFC 4301 4.3, E',
  nestingSatisfies: 'RFC 4301 4.3, 5.2 4',
  ipsecProtocol: 'RFC 4301 5.2 2',
  inboundSa: 'RFC 4301 5.2 3a',
  spiUsable: 'RFC 4303 2.1',
  outboundSa: 'RFC 4301 4.4.2',
  lifetimeReached: 'RFC 4301 4.4.2.1',
  nextSequenceNumber: 'RFC 4303 3.3.3',
  sequenceNumberUsable: 'RFC 4303 3.3.3',
  initializationVector: 'RFC 3602 3',
  padding: 'RFC 4303 2.4',
  integrityCoverage: 'RFC 4303 2.8',
  ahCoverage: 'RFC 4302 3.3.3.1',
  ahIcvPadding: 'RFC 4302 3.3.3.2.1',
  inboundProcedure: 'RFC 4303 3.4.3',
  espFragmentAcceptable: 'RFC 4303 3.4.1',
  encapsulationAcceptable: 'RFC 7296 2.23',
  sequenceNumberHigh: 'RFC 4303 A2.2',
  resynchronizationRetries: 'RFC 4303 A3',
  sequenceNumberAcceptable: 'RFC 4303 3.4.3',
  icvMatches: 'RFC 4303 3.4.4.1',
  paddingAcceptable: 'RFC 4303 2.4',
  isDummyPacket: 'RFC 4303 2.6',
  nextHeaderFitsMode: 'RFC 4303 2.6',
  familiesMayMix: 'RFC 4301 5.1.2',
  checksumOfTranslated: 'RFC 3948 3.1.2',
  checkedHeader: 'RFC 4301 5.2 4',
  outerSourceAcceptable: 'RFC 4301 5.2 3a',
  headerBeforeEspAcceptable: 'RFC 4303 3.1.1',
  packetFitsSa: 'RFC 4301 5.2 5',
  icmpErrorFitsSa: 'RFC 4301 6.2',
  notifiesInvalidSelectors: 'RFC 4301 5.2 5',
  tunnelDestination: 'RFC 4301 5.1.2.1 (3)',
  outerHopLimit: 'RFC 4301 5.1.2.1 (2)',
  outerDscp: 'RFC 4301 5.1.2.1 (5)',
  outerEcn: 'RFC 4301 5.1.2.1',
  outerFlowLabel: 'RFC 4301 5.1.2.2 (8)',
  innerEcn: 'RFC 6040 4.2',
  innerDscp: 'RFC 4301 5.1.2.2 (9)',
  isKeepalive: 'RFC 3948 2.3',
  ikeMessageIn: 'RFC 3948 2.2',
} as const satisfies Record<keyof IpsecRules, string>;

/** Traffic that may be IKE's own. */
export interface IkeCandidate {
  readonly direction: Direction;
  readonly flow: Flow;
  /** Outbound: the node's own IKE machine sends it. */
  readonly fromIke: boolean;
}

export const ipsecRules: IpsecRules = {
  ...pathMtuRules,
  policyAddresses: pseudoHeaderEndpoints,
  spdEntry: (matching) => matching[0],
  addressMatches: ({ startAddress, endAddress }, address) =>
    inRange(address, { first: startAddress, last: endAddress }),
  protocolMatches: ({ protocolId }, protocol) => protocolId === ANY_PROTOCOL || protocolId === protocol,
  dscpMatches: () => true,
  portMatches: inPortRange,
  icmpMatches: inPortRange,
  mobilityTypeMatches: inPortRange,
  unmatchedTraffic: (configured) => configured,
  bypassesAsIke({ direction, flow, fromIke }) {
    if (flow.protocol !== protocols.UDP || !isIkePort(flow.localPort)) return false;
    return direction === 'in' || fromIke || isIkePort(flow.remotePort);
  },
  withoutSa: () => 'acquire',
  unprotectedAcceptable: ({ action }) => action === 'BYPASS',
  protectionSatisfies({ action }, { sa }) {
    return isProtection(action) ? action.protocol === sa.protocol && action.mode === sa.mode : action === 'BYPASS';
  },
  saServesEntry({ action }, { sa }) {
    if (!isProtection(action)) return true;
    const farEnd = sa.direction === 'out' ? sa.destination : sa.source;
    const named = action.securityAssociations?.includes(sa.name) ?? true;
    return named && (sa.mode === 'transport' || farEnd === (action.tunnel?.remote ?? farEnd));
  },

  nestedEntry({ action, direction }, spd) {
    const within = isProtection(action) ? action.within : undefined;
    return spd.find((entry) => entry.direction === direction && entry.name === within);
  },
  nestingSatisfies: (_outer, fits) => fits,

  ipsecProtocol(protocol) {
    if (protocol === protocols.ESP) return 'ESP';
    return protocol === protocols.AH ? 'AH' : undefined;
  },
  inboundSa(sad, { spi, protocol }) {
    return sad.find(({ sa }) => sa.direction === 'in' && sa.spi === spi && sa.protocol === protocol);
  },
  spiUsable: (spi) => spi > 255,
  outboundSa: (fitting) => fitting.at(-1),
  lifetimeReached({ sa: { lifetime }, installed, octets }, now) {
    const seconds = (now - installed) / 1000;
    return seconds >= (lifetime?.seconds ?? Infinity) || octets >= (lifetime?.octets ?? Infinity);
  },

  nextSequenceNumber: (last) => last + 1n,
  sequenceNumberUsable(next, { extendedSequenceNumbers, replayWindow }) {
    return replayWindow === 0 || next < 1n << (extendedSequenceNumbers ? 64n : 32n);
  },
  initializationVector: (octets, _sequenceNumber, env) => env.octets('iv', octets),
  padding: (length, alignment) => Uint8Array.from({ length: -(length + 2) & (alignment - 1) }, (_, i) => i + 1),
  integrityCoverage: integrityOctets,
  ahCoverage: ahForm.covered,
  ahIcvPadding: ahForm.icvPadding,

  inboundProcedure: [
    'sequenceNumber',
    'integrity',
    'windowUpdate',
    'decryption',
    'padding',
    'nextHeader',
    'decapsulation',
    'selectors',
  ],
  espFragmentAcceptable: () => false,
  encapsulationAcceptable: () => true,
  sequenceNumberHigh(low, { top, size }) {
    const topLow = Number(top & 0xffffffffn);
    const topHigh = Number(top >> 32n);
    const edge = topLow - Math.max(size, 1) + 1;
    if (edge >= 0) return low >= edge ? topHigh : topHigh + 1;
    const high = low >= edge + 2 ** 32 ? topHigh - 1 : topHigh;
    return high < 0 ? undefined : high;
  },
  resynchronizationRetries: (consecutiveFailures) => (consecutiveFailures < 16 ? 0 : 4),
  sequenceNumberAcceptable(sequenceNumber, window) {
    if (window.size === 0) return true;
    if (sequenceNumber === 0n || sequenceNumber <= window.top - BigInt(window.size)) return false;
    return !window.received(sequenceNumber);
  },
  icvMatches: equalInConstantTime,
  paddingAcceptable: (padding) => padding.every((octet, i) => octet === i + 1),
  isDummyPacket: (nextHeader) => nextHeader === protocols['IPv6-NoNxt'],
  nextHeaderFitsMode(nextHeader, { mode }, payload) {
    if (mode === 'transport') return true;
    const version = (payload[0] ?? 0) >> 4;
    return nextHeader === (version === 6 ? protocols.IPv6 : protocols.IPv4) && (version === 4 || version === 6);
  },
  familiesMayMix: () => true,
  checksumOfTranslated: (packet, real) => readdressed(packet.payload, packet.protocol, real, packet),
  checkedHeader: ({ mode }) => (mode === 'tunnel' ? 'inner' : 'outer'),
  outerSourceAcceptable: () => true,
  headerBeforeEspAcceptable: () => true,
  packetFitsSa: (matches) => matches,
  icmpErrorFitsSa: (quotedMatches) => quotedMatches,
  notifiesInvalidSelectors: () => false,

  tunnelDestination: ({ destination }) => destination,
  outerHopLimit: () => 64,
  outerDscp: (inner) => inner,
  outerEcn: (inner) => inner,
  outerFlowLabel: () => 0,
  innerEcn(inner, outer) {
    if (inner === ecnCodepoints['Not-ECT']) return outer === ecnCodepoints.CE ? 'drop' : inner;
    return severity.indexOf(outer) > severity.indexOf(inner) ? outer : inner;
  },
  innerDscp: (inner) => inner,

  isKeepalive: (datagram) => datagram.length === 1 && datagram[0] === 0xff,
  ikeMessageIn(datagram, port) {
    if (port === ikePorts.IKE) return datagram;
    return datagram.length >= 4 && readU32(datagram) === 0 ? datagram.subarray(4) : undefined;
  },
};

/** The rules that decide octets of AH, as `ah.ts` takes them. */
export function ahFormOf({ ahCoverage, ahIcvPadding }: IpsecRules): AhForm {
  return { covered: ahCoverage, icvPadding: ahIcvPadding };
}

function inPortRange(selector: TrafficSelector, port: number | undefined): boolean {
  if (selectsAnyPort(selector)) return true;
  if (port === undefined) return selectsOpaquePort(selector);
  return selector.startPort <= port && port <= selector.endPort;
}

function isIkePort(port: number | undefined): boolean {
  return port === 500 || port === 4500;
}

function isProtection(action: SpdEntry['action']): action is Protection {
  return typeof action === 'object';
}

/** RFC 6040 section 4.2, the least severe first. */
const severity: readonly number[] = [
  ecnCodepoints['Not-ECT'],
  ecnCodepoints['ECT(0)'],
  ecnCodepoints['ECT(1)'],
  ecnCodepoints.CE,
];
