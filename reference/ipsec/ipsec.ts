/**
 * The IPsec processing of one node, RFC 4301 sections 5.1 (outbound) and 5.2 (inbound): every packet that crosses the boundary is
 * bypassed, discarded or protected as the SPD and SAD say. Fragments are reassembled before and made after; neighbour discovery, routes,
 * forwarding and IKE are the host's. All decisions are `rules.ts`.
 */
import type { Env, Instant } from '../machine.ts';
import type { Provider } from '../transforms/cipher.ts';
import type { Address } from '../wire/address.ts';
import { arrivesAsFragment, type IpPacket, ipPacket, readIpPacket } from '../wire/ip/packet.ts';
import { readU32 } from '../wire/octets.ts';
import { ipsecBounds } from './bounds.ts';
import { type ManualSaConfiguration, manualSa, type PolicyConfiguration, spdEntries } from './configuration.ts';
import { portContent } from './encapsulation.ts';
import { ESP_HEADER } from './esp.ts';
import { quotedPacket } from './icmp-error.ts';
import { flowUnder, openArrival } from './inbound.ts';
import { ahOffset } from './mutable-fields.ts';
import { PathMtus } from './path-mtu.ts';
import { type Refusal, refusal, refusalBeyond } from './refusal.ts';
import { type IpsecRules, ipsecRules } from './rules.ts';
import { Sad, type SadEntry, type SecurityAssociation } from './sad.ts';
import { type EspSealing, type Sealed, sealed } from './sealing.ts';
import { type Flow, flowOf, type PacketSelectors, packetText, selectorsOfPacket } from './selectors-of-packet.ts';
import { Spd, selectorsMatch } from './spd.ts';
import type { SpdEntry, UnmatchedAction } from './spd-entry.ts';

export interface IpsecConfiguration {
  readonly spd: readonly PolicyConfiguration[];
  readonly manual: readonly ManualSaConfiguration[];
  /** What befalls traffic without an entry. Default BYPASS. */
  readonly unmatched?: UnmatchedAction;
  /** What is made of ICMP messages from nobody knows whom about the length of a path (6.1.1). Default heeded. */
  readonly pathMtuMessages?: 'heeded' | 'ignored';
}

export interface IpsecSettings {
  readonly configuration: IpsecConfiguration;
  /** Whether an address is this node's. */
  readonly isOwnAddress: (address: Address) => boolean;
  readonly env: Env;
  /** Octets that the first hop towards an address takes; any number unless given. */
  readonly linkMtu?: (destination: Address) => number;
  readonly rules?: IpsecRules;
  readonly provider?: Provider;
  /** When the manual SAs are installed. */
  readonly now?: Instant;
}

/** Packets are encoded IP packets. */
export type Outbound =
  | { readonly kind: 'bypass'; readonly packet: Uint8Array }
  /** `pathMtu`: what is longer is to be cut. */
  | { readonly kind: 'protected'; readonly packet: Uint8Array; readonly entry: SadEntry; readonly pathMtu: number }
  /** To be cut into pieces of this length, each of which is sent like the whole (8.2.1). */
  | { readonly kind: 'cut'; readonly mtu: number }
  /** The packet is discarded and key management wanted (5.1 step 3b). */
  | {
      readonly kind: 'acquire';
      readonly spdEntry: SpdEntry;
      readonly selectors: PacketSelectors;
      readonly refusal: Refusal;
    }
  /** With `mtu`, its sender is to be told how long a packet may be (8.2.1). */
  | { readonly kind: 'discard'; readonly refusal: Refusal; readonly mtu?: number };

export type Inbound =
  /** To upper layers or to forwarding; `through` has the SAs it arrived under, outermost first. */
  | { readonly kind: 'deliver'; readonly packet: Uint8Array; readonly through: readonly SadEntry[] }
  | { readonly kind: 'keepalive' }
  /** What came out of an SA is in the hands of whoever reads its headers (`ReadsOn`). */
  | { readonly kind: 'taken' }
  | {
      readonly kind: 'discard';
      readonly refusal: Refusal;
      readonly entry?: SadEntry;
      /** INVALID_SELECTORS is to be sent to the peer of this SA (5.2 step 5). */
      readonly notify?: SadEntry;
      /** No SA has this SPI. */
      readonly unknownSpi?: number;
    };

/**
 * Reads the headers of what came out of the last of these SAs, before IPsec looks at it again and policy judges it (RFC 8200 section 4: in their order).
 * Undefined where the packet goes no further now.
 */
export type ReadsOn = (packet: IpPacket, through: readonly SadEntry[]) => IpPacket | undefined;

export class Ipsec {
  readonly sad = new Sad();
  readonly spd: Spd;
  readonly #settings: IpsecSettings;
  readonly #rules: IpsecRules;
  readonly #unmatched: UnmatchedAction;
  readonly #paths: PathMtus;
  readonly #counters = new Map<string, number>();

  constructor(settings: IpsecSettings) {
    const { configuration, rules = ipsecRules, now = 0 } = settings;
    this.#settings = settings;
    this.#rules = rules;
    this.#unmatched = configuration.unmatched ?? 'BYPASS';
    const { pathMtuMessages: messages = 'heeded' } = configuration;
    this.#paths = new PathMtus({ rules, messages, linkMtu: settings.linkMtu ?? (() => Infinity) });
    this.spd = new Spd(spdEntries(configuration.spd), rules);
    for (const manual of configuration.manual) this.install(manualSa(manual, this.spd.entries), now);
  }

  /** Monotonic: `bypass:out`, `protected`, `deliver`, and `discarded:` with the rule that refused. */
  get counters(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counters);
  }

  /** Throws `RangeError` for a transform that Touchstone lacks. */
  install(sa: SecurityAssociation, now: Instant): SadEntry {
    return this.sad.install(sa, now, this.#settings.provider);
  }

  /** Whether any lifetime is over; the SAs are gone from the SAD then, and their peers want to be told. */
  expire(now: Instant): SadEntry[] {
    const over = this.sad.entries.filter((entry) => this.#rules.lifetimeReached(entry, now));
    for (const { sa } of over) this.sad.remove(sa.protocol, sa.direction, sa.spi);
    for (const entry of this.sad.entries) entry.outlivesLifetime ||= (entry.deadline() ?? Infinity) <= now;
    return over;
  }

  /** When `expire` has something to do next. */
  deadline(): Instant | undefined {
    const instants = this.sad.entries.map((entry) => entry.deadline()).filter((instant) => instant !== undefined);
    return instants.length === 0 ? undefined : Math.min(...instants);
  }

  /** 5.1, for a packet this node sends, or that it forwards. `fromIke`: the node's own IKE machine sends it. */
  outbound(now: Instant, packet: Uint8Array, { fromIke = false, forwarded = false } = {}): Outbound {
    return this.#counted(this.#outbound(now, packet, { fromIke, forwarded }), 'out');
  }

  /** 5.2, for a whole packet that arrived. */
  inbound(now: Instant, packet: Uint8Array, readsOn: ReadsOn = (opened) => opened): Inbound {
    return this.#counted(this.#inbound(now, packet, [], readsOn), 'in');
  }

  /** 6.1.1, for an ICMP message to this node that came in clear and whole: why it changes nothing, where it is about the path of an SA. */
  hears(now: Instant, message: IpPacket): Refusal | undefined {
    return this.#paths.hears(now, message, this.sad.entries);
  }

  /** An ESP packet by hand, under an SA of this SAD; its counters move as for any other. */
  seal(now: Instant, entry: SadEntry, order: EspSealing): Sealed {
    const { env } = this.#settings;
    const lastHeardFrom = this.sad.reverseOf(entry)?.lastHeardFrom;
    const made = sealed(entry, order, { rules: this.#rules, env, lastHeardFrom });
    if (made.kind === 'sealed' && (order.counts ?? true)) entry.count(now, made.octets);
    return made;
  }

  #outbound(now: Instant, octets: Uint8Array, { fromIke, forwarded }: Leaving): Outbound {
    const packet = readIpPacket(octets);
    if (!packet) return discard(refusal('malformed', 'no IP packet'));
    const selectors = selectorsOfPacket(packet, this.#rules.policyAddresses);
    const flow = flowOf(selectors, 'out');
    if (this.#rules.bypassesAsIke({ direction: 'out', flow, fromIke })) return { kind: 'bypass', packet: octets };
    const { spdEntry, matched } = this.#policyFor(packet, flow);
    if (!spdEntry) return this.#unmatchedOutbound(octets, selectors);
    if (spdEntry.action === 'BYPASS') return { kind: 'bypass', packet: octets };
    if (spdEntry.action === 'DISCARD') {
      return discard(refusal('spdEntry', `${spdEntry.name} discards ${packetText(selectors)}`));
    }
    return this.#protect(now, { spdEntry, flow: matched, forwarded, pass: 1 }, octets);
  }

  /** 5.1 step 3a, and the same for the entry around that one. */
  #protect(now: Instant, protecting: Protecting, octets: Uint8Array): Outbound {
    const { spdEntry, flow, forwarded, pass } = protecting;
    const selectors = () => selectorsOfPacket(readIpPacket(octets)!, this.#rules.policyAddresses);
    if (pass > ipsecBounds.nestedSas) return discard(refusalBeyond('nestedSas', packetText(selectors())));
    const entry = this.#outboundSa(spdEntry, flow, now);
    if (!entry) return this.#withoutSa(spdEntry, octets, selectors());
    const beyond = this.#paths.beyond(now, entry, octets, forwarded);
    if (beyond?.fate === 'cut') return { kind: 'cut', mtu: beyond.mtu };
    if (beyond) return { ...discard(beyond.refusal), mtu: beyond.mtu };
    const made = this.seal(now, entry, { packet: octets });
    if (made.kind === 'refused') return discard(made.refusal);
    const outer = this.#rules.nestedEntry(spdEntry, this.spd.entries);
    if (!outer) return { kind: 'protected', packet: made.packet, entry, pathMtu: this.#paths.of(now, entry) };
    const carrying = flowOf(selectorsOfPacket(readIpPacket(made.packet)!, this.#rules.policyAddresses), 'out');
    return this.#protect(now, { spdEntry: outer, flow: carrying, forwarded: false, pass: pass + 1 }, made.packet);
  }

  /** 6.2: an ICMP error that no entry accommodates goes the way of answers to the packet it quotes. */
  #policyFor(packet: IpPacket, flow: Flow): { spdEntry: SpdEntry | undefined; matched: Flow } {
    const spdEntry = this.spd.lookup('out', flow);
    const quoted = spdEntry ? undefined : quotedPacket(packet, this.#rules.policyAddresses);
    if (!quoted) return { spdEntry, matched: flow };
    const matched = flowOf(quoted, 'in');
    return { spdEntry: this.spd.lookup('out', matched), matched };
  }

  #unmatchedOutbound(octets: Uint8Array, selectors: PacketSelectors): Outbound {
    if (this.#rules.unmatchedTraffic(this.#unmatched) === 'BYPASS') return { kind: 'bypass', packet: octets };
    return discard(refusal('unmatchedTraffic', packetText(selectors)));
  }

  #outboundSa(spdEntry: SpdEntry, flow: Flow, now: Instant): SadEntry | undefined {
    const fitting = this.sad.entries.filter(
      (entry) =>
        entry.sa.direction === 'out' &&
        !this.#rules.lifetimeReached(entry, now) &&
        this.#rules.protectionSatisfies(spdEntry, entry) &&
        this.#rules.saServesEntry(spdEntry, entry) &&
        (entry.selectors === undefined || selectorsMatch(entry.selectors, flow, this.#rules)),
    );
    return this.#rules.outboundSa(fitting);
  }

  #withoutSa(spdEntry: SpdEntry, octets: Uint8Array, selectors: PacketSelectors): Outbound {
    if (this.#rules.withoutSa(spdEntry) === 'bypass') return { kind: 'bypass', packet: octets };
    const why = refusal('withoutSa', `${spdEntry.name} has no SA for ${packetText(selectors)}`);
    return { kind: 'acquire', spdEntry, selectors, refusal: why };
  }

  #inbound(now: Instant, octets: Uint8Array, through: readonly SadEntry[], readsOn: ReadsOn): Inbound {
    const packet = readIpPacket(octets);
    if (!packet) return discard(refusal('malformed', 'no IP packet'));
    const own = this.#settings.isOwnAddress(packet.destination);
    const arrived = own ? this.#ipsecIn(packet) : undefined;
    const last = through.at(-1);
    if (last && !isIpsec(arrived)) return this.#judged(octets, packet, last, through);
    if (!arrived) return this.#clear(octets, packet);
    if (arrived.kind === 'keepalive') return { kind: 'keepalive' };
    if (through.length === ipsecBounds.nestedSas) {
      return discard(refusalBeyond('nestedSas', packetText(selectorsOfPacket(packet))), last);
    }
    const opened = this.#open(now, { outer: packet, octets }, arrived, through);
    if (opened.kind !== 'opened') return opened;
    const read = readsOn(opened.packet, opened.through);
    return read ? this.#inbound(now, ipPacket.encode(read), opened.through, readsOn) : { kind: 'taken' };
  }

  /** 5.2 step 2: what IPsec has to do with a packet to this node. */
  #ipsecIn(packet: IpPacket): Arrived | undefined {
    // Whatever it is around, ESP too.
    if (hasAuthenticationHeader(packet)) return { kind: 'AH', encapsulated: false };
    const protocol = this.#rules.ipsecProtocol(packet.protocol);
    if (protocol === 'ESP') return { kind: 'ESP', esp: packet.payload, encapsulated: false };
    if (protocol === 'AH') return { kind: 'AH', encapsulated: false };
    const content = arrivesAsFragment(packet) ? undefined : portContent(packet, this.#rules);
    if (content?.kind === 'keepalive') return { kind: 'keepalive' };
    return content?.kind === 'esp' ? { kind: 'ESP', esp: content.esp, encapsulated: true } : undefined;
  }

  /** 5.2 step 3b: what came in clear. */
  #clear(octets: Uint8Array, packet: IpPacket): Inbound {
    const selectors = selectorsOfPacket(packet, this.#rules.policyAddresses);
    const flow = flowOf(selectors, 'in');
    const ike = this.#settings.isOwnAddress(packet.destination);
    if (ike && this.#rules.bypassesAsIke({ direction: 'in', flow, fromIke: false })) return delivered(octets);
    const entry = this.spd.lookup('in', flow);
    if (!entry) {
      if (this.#rules.unmatchedTraffic(this.#unmatched) === 'BYPASS') return delivered(octets);
      return discard(refusal('unmatchedTraffic', packetText(selectors)));
    }
    if (entry.action === 'DISCARD')
      return discard(refusal('spdEntry', `${entry.name} discards ${packetText(selectors)}`));
    if (this.#rules.unprotectedAcceptable(entry)) return delivered(octets);
    return discard(refusal('unprotectedAcceptable', `${entry.name}: ${packetText(selectors)} came in clear`));
  }

  /** 5.2 steps 3a and 4. */
  #open(
    now: Instant,
    { outer, octets: whole }: { readonly outer: IpPacket; readonly octets: Uint8Array },
    arrived: IpsecArrival,
    through: readonly SadEntry[],
  ): Inbound | { readonly kind: 'opened'; readonly packet: IpPacket; readonly through: readonly SadEntry[] } {
    if (arrivesAsFragment(outer) && !this.#rules.espFragmentAcceptable()) {
      return discard(refusal('espFragmentAcceptable', packetText(selectorsOfPacket(outer))));
    }
    const entry = this.#inboundSa(now, outer, arrived, whole);
    if ('rule' in entry) return { ...discard(entry), ...(entry.rule === 'inboundSa' && unknown(arrived, whole)) };
    if (!this.#rules.encapsulationAcceptable(entry.sa, arrived.encapsulated)) {
      return discard(refusal('encapsulationAcceptable', entry.sa.name), entry);
    }
    const opened = openArrival(
      { outer, octets: whole, entry, ...(arrived.kind === 'ESP' && { esp: arrived.esp }) },
      this.#rules,
    );
    if (opened.kind === 'refused') return this.#refused(opened.refusal, entry);
    entry.count(now, opened.octets);
    entry.lastHeardFrom = outer.source;
    return { kind: 'opened', packet: opened.packet, through: [...through, entry] };
  }

  #inboundSa(
    now: Instant,
    { source, destination }: IpPacket,
    arrived: IpsecArrival,
    whole: Uint8Array,
  ): SadEntry | Refusal {
    const { kind: protocol } = arrived;
    const spi = spiOf(arrived, whole);
    if (spi === undefined) return refusal('malformed', `too few octets for ${protocol}`);
    const spiText = `0x${spi.toString(16).padStart(8, '0')}`;
    const entry = this.#rules.inboundSa(this.sad.entries, { spi, protocol, source, destination });
    if (!entry) return refusal('inboundSa', `no ${protocol} SA for SPI ${spiText} from ${source} to ${destination}`);
    if (!this.#rules.spiUsable(entry.sa.spi)) return refusal('spiUsable', `${entry.sa.name} has SPI ${spiText}`);
    if (this.#rules.lifetimeReached(entry, now)) return refusal('lifetimeReached', `${entry.sa.name} is over`);
    return entry;
  }

  #refused(why: Refusal, entry: SadEntry): Inbound {
    const mismatch = why.rule === 'packetFitsSa' || why.rule === 'icmpErrorFitsSa';
    const notify = mismatch && this.#rules.notifiesInvalidSelectors();
    return { kind: 'discard', refusal: why, entry, ...(notify && { notify: entry }) };
  }

  /** 5.2 step 5: whether the policy for this traffic is content with the SA it came under. */
  #judged(octets: Uint8Array, packet: IpPacket, entry: SadEntry, through: readonly SadEntry[]): Inbound {
    const spdEntry = this.spd.lookup('in', flowUnder(entry, packet, this.#rules));
    if (spdEntry && !this.#rules.protectionSatisfies(spdEntry, entry)) {
      return discard(refusal('protectionSatisfies', `${spdEntry.name} is not met by ${entry.sa.name}`), entry);
    }
    if (spdEntry && !this.#rules.saServesEntry(spdEntry, entry)) {
      return discard(refusal('saServesEntry', `${spdEntry.name} is not served by ${entry.sa.name}`), entry);
    }
    const missing = spdEntry && this.#missingAround(spdEntry, through);
    if (missing) return discard(refusal('nestingSatisfies', `${missing.name} is not around ${entry.sa.name}`), entry);
    return { kind: 'deliver', packet: octets, through };
  }

  /** The entry that should be around this one and of which no SA is. */
  #missingAround(spdEntry: SpdEntry, through: readonly SadEntry[]): SpdEntry | undefined {
    const outer = this.#rules.nestedEntry(spdEntry, this.spd.entries);
    const around = through.slice(0, -1);
    const before = around.at(-1);
    if (!outer) return undefined;
    const fits =
      before !== undefined &&
      this.#rules.protectionSatisfies(outer, before) &&
      this.#rules.saServesEntry(outer, before);
    return this.#rules.nestingSatisfies(outer, fits) ? before && this.#missingAround(outer, around) : outer;
  }

  #counted<Result extends Outbound | Inbound>(result: Result, direction: 'in' | 'out'): Result {
    const name = 'refusal' in result ? `discarded:${result.refusal.rule}` : `${result.kind}:${direction}`;
    this.#counters.set(name, (this.#counters.get(name) ?? 0) + 1);
    return result;
  }
}

/** Whose packet leaves. */
interface Leaving {
  readonly fromIke: boolean;
  readonly forwarded: boolean;
}

/** The entry that a packet is protected by, as the `pass`-th. */
interface Protecting extends Pick<Leaving, 'forwarded'> {
  readonly spdEntry: SpdEntry;
  readonly flow: Flow;
  readonly pass: number;
}

interface EspArrival {
  readonly kind: 'ESP';
  /** From SPI to ICV. */
  readonly esp: Uint8Array;
  /** It came in UDP. */
  readonly encapsulated: boolean;
}

/** AH stands in the packet itself. */
type IpsecArrival = EspArrival | { readonly kind: 'AH'; readonly encapsulated: false };

type Arrived = IpsecArrival | { readonly kind: 'keepalive' };

const isIpsec = (arrived: Arrived | undefined): arrived is IpsecArrival =>
  arrived !== undefined && arrived.kind !== 'keepalive';

function unknown(arrived: IpsecArrival, whole: Uint8Array): { readonly unknownSpi?: number } {
  const spi = spiOf(arrived, whole);
  return spi === undefined ? {} : { unknownSpi: spi };
}

const spiOf = (arrived: IpsecArrival, whole: Uint8Array): number | undefined =>
  arrived.kind === 'ESP' ? spiOfEsp(arrived.esp) : spiOfAh(whole);

const spiOfEsp = (esp: Uint8Array): number | undefined => (esp.length < ESP_HEADER ? undefined : readU32(esp));

function spiOfAh(packet: Uint8Array): number | undefined {
  const offset = ahOffset(packet);
  return offset === undefined ? undefined : readU32(packet, offset + 4);
}

function delivered(packet: Uint8Array): Inbound {
  return { kind: 'deliver', packet, through: [] };
}

function discard(why: Refusal, entry?: SadEntry): { kind: 'discard'; refusal: Refusal; entry?: SadEntry } {
  return { kind: 'discard', refusal: why, ...(entry && { entry }) };
}

/** In IPv6 the wire reads AH as an extension header. */
function hasAuthenticationHeader(packet: IpPacket): boolean {
  return packet.version === 6 && packet.extensions.some(({ type }) => type === 'authentication');
}
