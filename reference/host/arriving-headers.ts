/**
 * The headers of what arrives, read in their order (RFC 8200 section 4): pieces are made whole, options and routing headers acted on, up to AH, ESP or an upper
 * layer; and what AH and ESP let out is read on from there. What each header asks for stands in `extension-headers.ts` and, of a home address, in
 * `reference/mobility`; where a packet goes then is `ip-layer.ts`.
 */
import type { SadEntry } from '../ipsec/sad.ts';
import type { Discarded, Instant } from '../machine.ts';
import type { Claim } from '../mobility/header-processing.ts';
import type { Mobility } from '../mobility/mobility.ts';
import { headersBeforeAuthentication } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { arrivesAsFragment, type IpPacket } from '../wire/ip/packet.ts';
import { unrecognizedHeader } from './extension-headers.ts';
import { Reassembly, type ReassemblySurroundings } from './fragments.ts';
import { misleadingLength, withHeadersUnread } from './header-octets.ts';
import { parameterProblem } from './icmp-errors.ts';
import { type HostRules, hostSections } from './rules.ts';

/** How far a packet was read. */
export interface Read {
  readonly packet: IpPacket;
  /** The home address in its headers, which upper layers see as its source. */
  readonly claim?: Claim;
  /** How many of its headers were; absent of one that nobody looked at. */
  readonly headers?: number;
  /** It came out of an SA. */
  readonly isProtected: boolean;
}

export interface ReadingSurroundings extends ReassemblySurroundings {
  readonly mobility: Mobility | undefined;
  isMine(packet: IpPacket): boolean;
}

export class ArrivingHeaders {
  readonly #rules: HostRules;
  readonly #surroundings: ReadingSurroundings;
  readonly #reassembly: Reassembly;

  constructor(rules: HostRules, surroundings: ReadingSurroundings) {
    this.#rules = rules;
    this.#surroundings = surroundings;
    this.#reassembly = new Reassembly(rules, surroundings);
  }

  /** Reads on where `before` ended; undefined where the packet goes no further now. */
  read(now: Instant, packet: IpPacket, before: Omit<Read, 'packet'> = { isProtected: false }): Read | undefined {
    if (!this.#rules.sourceAcceptable(packet.source)) {
      const detail = `from ${packet.source} to ${packet.destination}`;
      this.#surroundings.discarded({ rule: 'sourceAcceptable', section: hostSections.sourceAcceptable, detail });
      return undefined;
    }
    const whole = this.#whole(now, packet, before.isProtected);
    if (!whole) return undefined;
    const { trailer: _padding, ...plain } = whole;
    if (plain.version === 4 || !this.#surroundings.isMine(whole)) return { ...before, packet: plain as IpPacket };
    return this.#readHeaders(now, plain as Ipv6Packet, before);
  }

  /** Octets that are no packet: who sent them is told where a length leads beyond what holds it. */
  unreadable(now: Instant, octets: Uint8Array): void {
    const packet = withHeadersUnread(octets);
    if (!packet || !this.#surroundings.isMine(packet)) return;
    const pointer = misleadingLength(octets);
    if (pointer === undefined || !this.#rules.unreadableHeaderIsReported()) return;
    const { unreadableHeaderIsReported: section } = hostSections;
    const detail = `from ${packet.source}, by octet ${pointer}`;
    this.#surroundings.discarded({ rule: 'unreadableHeaderIsReported', section, detail });
    this.#surroundings.report(now, packet, parameterProblem('erroneous header field encountered', pointer));
  }

  /** What the last of these SAs let out: in transport mode the same packet, of whose headers some were read before, and in tunnel mode another. */
  readOn(now: Instant, packet: IpPacket, through: readonly SadEntry[], before: Read): Read | undefined {
    if (!this.#rules.readsBehindIpsec()) return { ...before, packet };
    if (through.at(-1)!.sa.mode === 'transport') return this.read(now, packet, { ...before, isProtected: true });
    const vouched = this.vouched(before.packet, through, before.claim);
    if (!('rule' in vouched)) return this.read(now, packet, { isProtected: true });
    this.#surroundings.discarded(vouched);
    return undefined;
  }

  /** The packet as upper layers see it, or why nothing vouched for its home address. */
  vouched(packet: IpPacket, through: readonly SadEntry[], claim: Claim | undefined): IpPacket | Discarded {
    const { mobility } = this.#surroundings;
    return packet.version === 6 && mobility ? mobility.vouched(packet, through, claim) : packet;
  }

  expire(now: Instant): void {
    this.#reassembly.expire(now);
  }

  deadline(): Instant | undefined {
    return this.#reassembly.deadline();
  }

  /** What pieces make may be a piece again. */
  #whole(now: Instant, packet: IpPacket, isProtected: boolean): IpPacket | undefined {
    if (!this.#surroundings.isMine(packet) || !arrivesAsFragment(packet) || !this.#rules.reassembles()) return packet;
    const whole = this.#reassembly.take(now, packet, isProtected);
    return whole && this.#whole(now, whole, isProtected);
  }

  /** RFC 8200 4, RFC 6275 9.3.1 and 11.3.3. */
  #readHeaders(now: Instant, packet: Ipv6Packet, before: Omit<Read, 'packet'>): Read | undefined {
    const { mobility } = this.#surroundings;
    const unrecognized = unrecognizedHeader(packet, before.headers, mobility !== undefined, this.#rules);
    if (unrecognized) {
      this.#surroundings.discarded(unrecognized.refusal);
      if (unrecognized.error) this.#surroundings.report(now, packet, unrecognized.error);
      return undefined;
    }
    const read = { ...before, packet, headers: headersBeforeAuthentication(packet).length };
    if (!mobility) return read;
    const arrived = mobility.arrives(now, packet, before.headers);
    return arrived && { ...read, packet: arrived.packet, ...(arrived.claim && { claim: arrived.claim }) };
  }
}
