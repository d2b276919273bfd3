/**
 * What happens to one ESP packet once its SA is found: the named steps of RFC 4303 section 3.4 and steps 4 and 5 of RFC 4301 section
 * 5.2. Their order is a rule (`inboundProcedure`), and every step asks a rule. Finding the SA and judging the policy are `ipsec.ts`.
 */
import { MalformedOctets } from '../wire/dissection.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { readU32 } from '../wire/octets.ts';
import { computedIcv, type EspLayout, type EspTrailer, espLayout, readTrailer, unverifiedPlaintext } from './esp.ts';
import { quotedPacket } from './icmp-error.ts';
import type { InboundStep } from './inbound-step.ts';
import { type Refusal, refusal } from './refusal.ts';
import type { IpsecRules } from './rules.ts';
import type { SadEntry } from './sad.ts';
import { type Flow, flowOf, packetText, selectorsOfPacket } from './selectors-of-packet.ts';
import { selectorsMatch } from './spd.ts';
import { withPayload } from './transport.ts';
import { decapsulate, innerPacketOf, promisedOctets } from './tunnel.ts';

export interface Arrival {
  /** The packet that carries ESP, decoded. */
  readonly outer: IpPacket;
  /** From SPI to ICV. */
  readonly esp: Uint8Array;
  readonly entry: SadEntry;
}

export type Opened =
  /** The packet to deliver, the traffic it counts as, and the octets its encryption covered. */
  | { readonly kind: 'opened'; readonly packet: IpPacket; readonly flow: Flow; readonly octets: number }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Takes a packet through the procedure; the SA's window and failure counters move. */
export function openArrival(arrival: Arrival, rules: IpsecRules): Opened {
  const layout = espLayout(arrival.esp, arrival.entry.keys);
  if (!layout)
    return { kind: 'refused', refusal: refusal('malformed', `${arrival.esp.length} octets are no ESP packet`) };
  const passage: Passage = {
    ...arrival,
    layout,
    rules,
    sequenceNumber: BigInt(readU32(arrival.esp, 4)),
    sequenceHigh: 0,
  };
  for (const step of rules.inboundProcedure) {
    const refused = steps[step](passage);
    if (refused) return { kind: 'refused', refusal: refused };
  }
  const packet = passage.delivered ?? passage.outer;
  const flow = passage.flow ?? flowOf(selectorsOfPacket(packet), 'in');
  return { kind: 'opened', packet, flow, octets: layout.ciphertext[1] - layout.ciphertext[0] };
}

/** What the steps have found so far. */
interface Passage extends Arrival {
  readonly layout: EspLayout;
  readonly rules: IpsecRules;
  /** All 64 bits. */
  sequenceNumber: bigint;
  sequenceHigh: number;
  trailer?: EspTrailer;
  /** The inner packet of tunnel mode, the restored one of transport mode. */
  delivered?: IpPacket;
  /** What the selectors were matched with. */
  flow?: Flow;
}

type Step = (passage: Passage) => Refusal | undefined;

const steps: Readonly<Record<InboundStep, Step>> = {
  sequenceNumber(passage) {
    const { entry, rules, esp } = passage;
    if (entry.keys.extendedSequenceNumbers) {
      const high = rules.sequenceNumberHigh(readU32(esp, 4), entry.window);
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
    const { entry, esp, layout, sequenceHigh } = passage;
    const plaintext = unverifiedPlaintext(esp, layout, entry.keys, sequenceHigh);
    passage.trailer = plaintext && readTrailer(plaintext);
    return passage.trailer ? undefined : refusal('malformed', 'no ESP trailer in what decryption gives');
  },

  padding({ rules, trailer }) {
    if (!trailer || rules.paddingAcceptable(trailer.padding)) return undefined;
    return refusal('paddingAcceptable', `padding ${trailer.padding.join(' ')}`);
  },

  nextHeader({ rules, trailer, entry }) {
    if (!trailer) return undefined;
    if (rules.isDummyPacket(trailer.nextHeader)) return refusal('isDummyPacket', 'next header 59');
    if (rules.nextHeaderFitsMode(trailer.nextHeader, entry.sa, trailer.payload)) return undefined;
    return refusal('nextHeaderFitsMode', `next header ${trailer.nextHeader} in ${entry.sa.mode} mode`);
  },

  decapsulation(passage) {
    const { entry, rules, outer, trailer } = passage;
    if (!trailer) return undefined;
    return whereWellFormed(() => {
      if (entry.sa.mode === 'transport') {
        passage.delivered = reread(withPayload(outer, trailer.nextHeader, trailer.payload));
        return undefined;
      }
      const inner = innerPacketOf(trailer.payload);
      const missing = promisedOctets(inner) - trailer.payload.length;
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
    const checked = checkedAddresses(passage, delivered);
    const own = flowOf(checked, 'in');
    if (rules.packetFitsSa(fits(entry, own, rules), entry)) {
      passage.flow = flowOf(selectorsOfPacket(delivered), 'in');
      return undefined;
    }
    const quoted = quotedPacket(delivered);
    if (!quoted) return refusal('packetFitsSa', `${entry.sa.name}: ${packetText(checked)}`);
    const caused = flowOf(quoted, 'out');
    if (!rules.icmpErrorFitsSa(fits(entry, caused, rules), entry)) {
      return refusal('icmpErrorFitsSa', `${entry.sa.name}: quotes ${packetText(quoted)}`);
    }
    passage.flow = caused;
    return undefined;
  },
};

function authenticates(passage: Passage): boolean {
  const { entry, rules, esp, layout, sequenceHigh } = passage;
  const computed = computedIcv(esp, layout, entry.keys, sequenceHigh, rules.integrityCoverage);
  return rules.icvMatches(computed, esp.subarray(...layout.icv));
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
  passage.sequenceNumber = (BigInt(sequenceHigh) << 32n) | BigInt(readU32(passage.esp, 4));
}

/** The selector fields of the delivered packet, with the addresses of the header that the rule names. */
function checkedAddresses({ entry, rules, outer }: Passage, delivered: IpPacket) {
  const fields = selectorsOfPacket(delivered);
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

/** Extension headers that came out of ESP are read as such, so that selectors see past them. */
function reread(packet: IpPacket): IpPacket {
  return ipPacket.decode(ipPacket.encode(packet)).value;
}

function whereWellFormed(step: () => Refusal | undefined): Refusal | undefined {
  try {
    return step();
  } catch (error) {
    if (error instanceof MalformedOctets) return refusal('malformed', error.message);
    throw error;
  }
}
