/**
 * What happens to one packet of ESP or AH once its SA is found: the named steps of RFC 4303 and RFC 4302 section 3.4 and steps 4 and 5 of RFC 4301
 * section 5.2. Their order is a rule (`inboundProcedure`), and every step asks a rule. Finding the SA and judging the policy are `ipsec.ts`.
 */
import { MalformedOctets } from '../wire/dissection.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { type Arrival, type Carried, type Content, contentOf } from './arrival.ts';
import { quotedPacket } from './icmp-error.ts';
import type { InboundStep } from './inbound-step.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { IpsecRules } from './rules.ts';
import type { SadEntry } from './sad.ts';
import { type Flow, flowOf, packetText, selectorsOfPacket } from './selectors-of-packet.ts';
import { selectorsMatch } from './spd.ts';
import { decapsulate, innerPacketOf, promisedOctets } from './tunnel.ts';

export type Opened =
  /** What came out, and the octets that were protected. */
  | { readonly kind: 'opened'; readonly packet: IpPacket; readonly octets: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Takes a packet through the procedure; the SA's window and failure counters move. */
export function openArrival(arrival: Arrival, rules: IpsecRules): Opened {
  const content = contentOf(arrival, rules);
  if (!content) {
    const { protocol } = arrival.entry.sa;
    const { length } = arrival.esp ?? arrival.octets;
    return { kind: 'refused', refusal: refusal('malformed', `${length} octets are no ${protocol} packet`) };
  }
  const passage: Passage = {
    ...arrival,
    content,
    rules,
    sequenceNumber: BigInt(content.sequenceNumber),
    sequenceHigh: 0,
  };
  for (const step of rules.inboundProcedure) {
    const refused = steps[step](passage);
    if (refused) return { kind: 'refused', refusal: refused };
  }
  return { kind: 'opened', packet: passage.delivered ?? passage.outer, octets: content.octets };
}

/** What a packet under this SA counts as: an ICMP error that is no traffic of the SA itself, as the traffic that it is about (RFC 4301 section 6.2). */
export function flowUnder(entry: SadEntry, packet: IpPacket, rules: IpsecRules): Flow {
  const own = flowOf(selectorsOfPacket(packet, rules.policyAddresses), 'in');
  const quoted = rules.packetFitsSa(fits(entry, own, rules), entry) ? undefined : quotedPacket(packet);
  return quoted ? flowOf(quoted, 'out') : own;
}

/** What the steps have found so far. */
interface Passage extends Arrival {
  readonly content: Content;
  readonly rules: IpsecRules;
  /** All 64 bits. */
  sequenceNumber: bigint;
  sequenceHigh: number;
  carried?: Carried;
  /** The inner packet of tunnel mode, the restored one of transport mode. */
  delivered?: IpPacket;
}

type Step = (passage: Passage) => Refusal | undefined;

const steps: Readonly<Record<InboundStep, Step>> = {
  sequenceNumber(passage) {
    const { entry, rules, content } = passage;
    if (entry.keys.extendedSequenceNumbers) {
      const high = rules.sequenceNumberHigh(content.sequenceNumber, entry.window);
      if (high === undefined) return replayed(passage);
      numberPassage(passage, high);
    }
    return rules.sequenceNumberAcceptable(passage.sequenceNumber, entry.window) ? undefined : replayed(passage);
  },

  integrity(passage) {
    const { entry } = passage;
    if (!authenticates(passage) && !resynchronizes(passage)) return forged(passage);
    entry.consecutiveFailures = 0;
    return undefined;
  },

  windowUpdate({ entry, sequenceNumber }) {
    entry.window.record(sequenceNumber);
    return undefined;
  },

  decryption(passage) {
    const { content, sequenceHigh } = passage;
    return whereWellFormed(() => {
      passage.carried = content.opened(sequenceHigh);
      return passage.carried ? undefined : refusal('malformed', 'no ESP trailer in what decryption gives');
    });
  },

  padding({ rules, carried }) {
    if (!carried || rules.paddingAcceptable(carried.padding)) return undefined;
    return refusal('paddingAcceptable', `padding ${carried.padding.join(' ')}`);
  },

  nextHeader({ rules, carried, entry: { sa } }) {
    if (!carried) return undefined;
    const { nextHeader, payload } = carried;
    if (sa.protocol === 'ESP' && rules.isDummyPacket(nextHeader)) return refusal('isDummyPacket', 'next header 59');
    if (rules.nextHeaderFitsMode(nextHeader, sa, payload)) return undefined;
    return refusal('nextHeaderFitsMode', `next header ${nextHeader} in ${sa.mode} mode`);
  },

  decapsulation(passage) {
    const { entry, rules, outer, content, carried } = passage;
    if (!carried) return undefined;
    return whereWellFormed(() => {
      if (entry.sa.mode === 'transport') {
        passage.delivered = asAddressedHere(content.restored(carried), entry, rules);
        return undefined;
      }
      const inner = innerPacketOf(carried.payload);
      const missing = promisedOctets(inner) - carried.payload.length;
      if (missing > 0) return refusal('malformed', `${missing} octets of the inner packet are missing`);
      if (!rules.familiesMayMix(inner.version, outer.version)) {
        return refusal('familiesMayMix', `IPv${inner.version} in IPv${outer.version}`);
      }
      const delivered = decapsulate(inner, outer, rules);
      if ('rule' in delivered) return delivered;
      passage.delivered = delivered;
      return undefined;
    });
  },

  selectors(passage) {
    const { entry, rules, outer, delivered = outer } = passage;
    if (!rules.outerSourceAcceptable(entry, outer.source)) {
      return refusal('outerSourceAcceptable', `${entry.sa.name}: outer source ${outer.source}`);
    }
    if (entry.sa.protocol === 'ESP' && !rules.headerBeforeEspAcceptable(outer)) {
      return refusal(
        'headerBeforeEspAcceptable',
        `${entry.sa.name}: header of ${packetText(selectorsOfPacket(outer))}`,
      );
    }
    const checked = checkedAddresses(passage, delivered);
    const own = flowOf(checked, 'in');
    if (rules.packetFitsSa(fits(entry, own, rules), entry)) return undefined;
    const quoted = quotedPacket(delivered);
    if (!quoted) return refusal('packetFitsSa', `${entry.sa.name}: ${packetText(checked)}`);
    const caused = flowOf(quoted, 'out');
    if (!rules.icmpErrorFitsSa(fits(entry, caused, rules), entry)) {
      return refusal('icmpErrorFitsSa', `${entry.sa.name}: quotes ${packetText(quoted)}`);
    }
    return undefined;
  },
};

function authenticates(passage: Passage): boolean {
  const { rules, content, sequenceHigh } = passage;
  const { computed, received } = content.icvs(sequenceHigh);
  return rules.icvMatches(computed, received);
}

/** RFC 4303 Appendix A3.2: the upper half of an extended sequence number is sought upwards from what was inferred. */
function resynchronizes(passage: Passage): boolean {
  const { entry, rules, sequenceHigh: inferred } = passage;
  if (!entry.keys.extendedSequenceNumbers) return false;
  const retries = rules.resynchronizationRetries(entry.consecutiveFailures);
  for (let high = inferred + 1; high <= Math.min(inferred + retries, 0xffffffff); high++) {
    numberPassage(passage, high);
    if (authenticates(passage)) return true;
  }
  numberPassage(passage, inferred);
  return false;
}

function numberPassage(passage: Passage, sequenceHigh: number): void {
  passage.sequenceHigh = sequenceHigh;
  passage.sequenceNumber = (BigInt(sequenceHigh) << 32n) | BigInt(passage.content.sequenceNumber);
}

/** RFC 3948 section 3.1.2: what was sent between addresses that a NAT has changed. */
function asAddressedHere(packet: IpPacket, { sa }: SadEntry, rules: IpsecRules): IpPacket {
  if (sa.protocol === 'AH' || !sa.realEnds) return packet;
  return { ...packet, payload: rules.checksumOfTranslated(packet, sa.realEnds) };
}

/** The selector fields of the delivered packet, with the addresses of the header that the rule names. */
function checkedAddresses({ entry, rules, outer }: Passage, delivered: IpPacket) {
  const fields = selectorsOfPacket(delivered, rules.policyAddresses);
  if (rules.checkedHeader(entry.sa) === 'inner' || entry.sa.mode === 'transport') return fields;
  return { ...fields, source: outer.source, destination: outer.destination };
}

function fits(entry: SadEntry, flow: Flow, rules: IpsecRules): boolean {
  return entry.selectors === undefined || selectorsMatch(entry.selectors, flow, rules);
}

function replayed({ entry, sequenceNumber }: Passage): Refusal {
  entry.replayFailures++;
  return refusal('sequenceNumberAcceptable', `${entry.sa.name}: ${sequenceNumber}, window up to ${entry.window.top}`);
}

function forged({ entry, sequenceNumber }: Passage): Refusal {
  entry.integrityFailures++;
  entry.consecutiveFailures++;
  return refusal('icvMatches', `${entry.sa.name}: sequence number ${sequenceNumber}`);
}

function whereWellFormed(step: () => Refusal | undefined): Refusal | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof MalformedOctets) return refusal('malformed', error.message);
    throw error;
  }
}
