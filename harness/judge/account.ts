/**
 * A transcript as the questions ask it: what was answered, delivered, sent, agreed or refused after a named moment, each with its
 * evidence. Frames are opened with the keys of the transcript, at most once each; nothing here looks at a clock or a log text. Live, the
 * same account grows with the lab's log, so that a verb waits for exactly what a question will later find. No octets make a question
 * throw: what cannot be read shows nothing.
 */
import { hex } from '../../reference/wire/octets.ts';
import type { MarkEntry, NodeState, StateEntry, Transcript } from '../capture/transcript.ts';
import type { Evidence } from './evidence.ts';
import { type FoundEspHeader, type FoundPacket, ikeEvidence, packetEvidence, stateEvidence } from './evidence-of.ts';
import { both, type Finding, finding } from './finding.ts';
import { notatedMessage, type OpenedIke } from './ike-opening.ts';
import { LogIndex } from './log-index.ts';
import { notation } from './notation.ts';
import type { OpenedFrame, OpenedPacket } from './opened-frame.ts';
import { Opening } from './opening.ts';
import { carriesOrder, type Probe, probeOf, showsAnswer, showsProbe } from './probe.ts';
import { refusalIn } from './refusal.ts';

export class Account {
  readonly transcript: Transcript;
  readonly #log: LogIndex;
  readonly #opening: Opening;

  constructor(transcript: Transcript) {
    this.transcript = transcript;
    this.#log = new LogIndex(transcript.entries);
    this.#opening = new Opening(transcript, this.#log);
  }

  // --- probes -------------------------------------------------------------------------------------------------------

  /** The first packet that carries the probe of this moment, as it left whoever sent it. */
  sent(name: string): Finding | undefined {
    const found = this.probe(name);
    return found && finding(`${name}: sent in frame ${found.frame.entry.number}`, packetEvidence(found, 'the probe'));
  }

  /** The packet that carries the probe of this moment, for questions about where and how it travelled. */
  probe(name: string): FoundPacket | undefined {
    const { moment, probe } = this.#probing(name);
    return probe && this.#firstPacket(moment, moment.by, (packet) => showsProbe(packet, probe));
  }

  /** Sent as it should be seen on the wire: under ESP, or in clear. */
  sentUnder(name: string, how: 'esp' | 'clear'): Finding | undefined {
    const { moment, probe } = this.#probing(name);
    const found =
      probe &&
      this.#firstPacket(
        moment,
        moment.by,
        (packet) => (packet.esp !== undefined) === (how === 'esp') && showsProbe(packet, probe),
      );
    if (!found) return undefined;
    const says = `${name}: sent ${how === 'esp' ? 'under ESP' : 'in clear'} in frame ${found.frame.entry.number}`;
    return finding(says, packetEvidence(found, `the probe, ${how}`));
  }

  /** The other side's answer to the probe of this moment: an echo reply, or SYN-ACK. */
  answered(name: string): Finding | undefined {
    const found = this.answer(name);
    return (
      found && finding(`${name}: answered in frame ${found.frame.entry.number}`, packetEvidence(found, 'the answer'))
    );
  }

  /** The packet that answers, for questions about where and how it travelled. */
  answer(name: string): FoundPacket | undefined {
    const { moment, probe } = this.#probing(name);
    const other = moment?.by === 'tn' ? 'nut' : 'tn';
    return probe && this.#firstPacket(moment, other, (packet) => showsAnswer(packet, probe));
  }

  /** The probe was on the wire, and its payload stands among what the node's sinks report at `report`; without one, in the first report after it. */
  delivered(name: string, report?: string): Finding | undefined {
    const { moment, probe } = this.#probing(name);
    if (!probe || probe.kind === 'echo') return undefined;
    const told =
      report === undefined ? this.#log.states().find((entry) => entry.place > moment.place) : this.state(report);
    const index = told?.state.delivered.findIndex((each) => isDelivery(each, probe)) ?? -1;
    const stimulus = this.#probeFrame(name);
    if (!told || index < 0 || !stimulus) return undefined;
    return finding(
      `${name}: the sink reports it`,
      stateEvidence(told, `delivered[${index}]`, 'the probe at the sink'),
      packetEvidence(stimulus, 'the probe'),
    );
  }

  /**
   * Silence proven by life: the stimulus is on the wire, nothing answered it, and something asked later was answered. Its evidence is the
   * stretch between the two frames.
   */
  silent(name: string, until: string): Finding | undefined {
    const stimulus = this.#probeFrame(name);
    const life = this.answer(until);
    if (!stimulus || !life || !this.#isLater(until, name) || this.answered(name)) return undefined;
    const after = stimulus.frame.entry.number;
    const before = life.frame.entry.number;
    if (before <= after) return undefined;
    return finding(
      `${name}: no answer, while ${until} was answered`,
      { kind: 'silence', after, before, says: `no answer to ${name}` },
      packetEvidence(stimulus, 'the stimulus'),
    );
  }

  /** The stimulus is on the wire and the report taken after it does not list it, while a later probe was delivered or answered. */
  undelivered(name: string, until: string, report?: string): Finding | undefined {
    const stimulus = this.#probeFrame(name);
    const told = report === undefined ? this.#log.states().at(-1) : this.state(report);
    if (!stimulus || !told || told.place < stimulus.frame.entry.place || !this.#isLater(until, name)) return undefined;
    const life = this.delivered(until, told.name) ?? this.answered(until);
    if (this.delivered(name, told.name) || !life) return undefined;
    return finding(
      `${name}: the sink does not report it; ${life.says}`,
      stateEvidence(told, 'delivered', `without ${name}`),
      packetEvidence(stimulus, 'the stimulus'),
      ...life.evidence,
    );
  }

  /** Nothing of this kind left the node from one moment to another (or to the end). */
  neverSent(name: string, from: string, until: string): Finding | undefined {
    const { moment, probe } = this.#probing(from);
    const life = this.#probeFrame(until);
    if (!probe || !life || life.frame.entry.place < moment.place || this.sentUnder(from, 'clear')) return undefined;
    return this.#stretch(moment, life, `${name}: not in clear`, `${name} not seen in clear`);
  }

  /** The node was told to send it, and it left neither in clear nor under ESP before `until` was answered. */
  unsent(name: string, until: string): Finding | undefined {
    const moment = this.mark(name);
    const life = this.answer(until);
    if (!moment || !life || !this.#isLater(until, name) || this.sent(name)) return undefined;
    return this.#stretch(moment, life, `${name}: never sent, while ${until} was answered`, `${name} not seen`);
  }

  // --- states -------------------------------------------------------------------------------------------------------

  state(name: string): StateEntry | undefined {
    return this.#log.state(name);
  }

  /** SPIs of the SAs that had keys before this moment: what they leave in a report is not this moment's doing. */
  spisBefore(name: string): ReadonlySet<number> {
    const place = this.mark(name)?.place ?? 0;
    const spis = this.transcript.entries.flatMap((entry) =>
      entry.kind === 'keys' && entry.place < place && entry.record.kind === 'esp' ? [entry.record.spi] : [],
    );
    return new Set(spis);
  }

  /** A fact of a reported state, with the path into it as evidence. */
  reported(name: string, path: string, says: string, holds: (state: NodeState) => boolean): Finding | undefined {
    const told = this.state(name);
    return told && holds(told.state) ? finding(says, stateEvidence(told, path, says)) : undefined;
  }

  /** A counter of the node that moved between two reports. */
  counted(counter: RegExp, before: string, after: string): Finding | undefined {
    const earlier = this.state(before);
    const later = this.state(after);
    if (!earlier || !later) return undefined;
    const moved = Object.keys(later.state.counters).find(
      (name) => counter.test(name) && later.state.counters[name]! > (earlier.state.counters[name] ?? 0),
    );
    return moved === undefined
      ? undefined
      : finding(`${moved} moved`, stateEvidence(later, `counters.${moved}`, `${moved} moved`));
  }

  // --- IKE ----------------------------------------------------------------------------------------------------------

  /** The first message from `by` after `after` that the notation matches. What could not be opened matches nothing. */
  heard(text: string, { by = 'nut', after, before, exchange, response }: HeardOptions = {}): Finding | undefined {
    const pattern = notation(text);
    const end = before === undefined ? Number.POSITIVE_INFINITY : (this.mark(before)?.place ?? 0);
    const found = this.ikeMessages(after).find(
      ({ frame, ike }) =>
        frame.entry.from === by &&
        frame.entry.place < end &&
        isBelievable(ike) &&
        (exchange === undefined || ike.message.header.exchangeType === exchange) &&
        (response === undefined || ike.message.header.flags.response === response) &&
        pattern.matches(notatedMessage(ike)),
    );
    return found && finding(`heard ${text} from ${by}`, ikeEvidence(found.frame, text));
  }

  /** The IKE messages from a moment on, in order, whether or not they could be opened. */
  ikeMessages(after?: string): readonly FoundMessage[] {
    return this.#framesAfter(after).flatMap((entry) => {
      const frame = this.#opening.open(entry);
      return frame.ike ? [{ frame, ike: frame.ike }] : [];
    });
  }

  /**
   * What became of the exchange begun at this moment, whoever began it: a child was agreed, or somebody refused. Undefined while it
   * is open.
   */
  ikeSettled(name: string): Finding | undefined {
    return this.childAgreed(name) ?? this.ikeRefused(name, 'nut') ?? this.ikeRefused(name, 'tn') ?? this.informed(name);
  }

  /** IKE_AUTH or CREATE_CHILD_SA with an SA in its answer. */
  childAgreed(name: string): Finding | undefined {
    return this.#answerWith(
      name,
      (ike) => ike.payloads?.some((payload) => payload.type === 'SA') ?? false,
      'a child was agreed',
    );
  }

  /** An error notification in an answer of this side, or in a request that gives the exchange up. */
  ikeRefused(name: string, by: 'nut' | 'tn', notify?: string): Finding | undefined {
    for (const { frame, ike } of this.#exchangesOf(name)) {
      const refusal = frame.entry.from === by ? refusalIn(ike, notify) : undefined;
      if (refusal === undefined) continue;
      return finding(
        `${by} answers ${refusal}`,
        ikeEvidence(frame, refusal, ({ value }) => value === refusal),
      );
    }
    return undefined;
  }

  /** An INFORMATIONAL answer: what a close or a liveness check ends in. */
  informed(name: string): Finding | undefined {
    const act = this.mark(name)?.act;
    if (act?.kind !== 'command' || !['close', 'close-child', 'liveness'].includes(act.command?.kind)) return undefined;
    return this.#answerWith(name, (ike) => ike.message.header.exchangeType === INFORMATIONAL, 'answered');
  }

  /** Both: the child was agreed, and an echo through it came back. */
  established(name: string, echo: string): Finding | undefined {
    return both(this.childAgreed(name), this.answered(echo));
  }

  // --- frames -------------------------------------------------------------------------------------------------------

  /** Every packet that `from` sent after a moment, opened. */
  packets(from: string, after?: string): readonly FoundPacket[] {
    return this.#framesAfter(after)
      .filter((frame) => frame.from === from)
      .flatMap((entry) => {
        const frame = this.#opening.open(entry);
        return frame.packets.map((packet) => ({ frame, packet }));
      });
  }

  /** The ESP packets that `from` sent after a moment, in order, outermost header only. Needs no key. */
  espHeaders(from: string, after?: string): readonly FoundEspHeader[] {
    return this.packets(from, after).flatMap(({ frame, packet }) => {
      const [header] = frame.esp;
      return header?.carrier === packet.packet ? [{ frame, packet, header }] : [];
    });
  }

  /** Evidence for a packet found by a question of its own. */
  evidenceOf(found: FoundPacket, says: string): Evidence {
    return packetEvidence(found, says);
  }

  mark(name: string): MarkEntry | undefined {
    return this.#log.mark(name);
  }

  /** All frames without a name; none after a moment that never came. */
  #framesAfter(name: string | undefined): ReturnType<LogIndex['framesAfter']> {
    return this.#log.framesAfter(name === undefined ? -1 : (this.mark(name)?.place ?? Number.POSITIVE_INFINITY));
  }

  #probing(name: string): { moment: MarkEntry; probe: Probe | undefined } | { moment: undefined; probe: undefined } {
    const moment = this.mark(name);
    return moment ? { moment, probe: probeOf(moment) } : { moment, probe: undefined };
  }

  #isLater(name: string, than: string): boolean {
    return (this.mark(name)?.place ?? -1) > (this.mark(than)?.place ?? Number.POSITIVE_INFINITY);
  }

  #firstPacket(moment: MarkEntry, from: string, wanted: (packet: OpenedPacket) => boolean): FoundPacket | undefined {
    for (const entry of this.#log.framesAfter(moment.place)) {
      if (entry.from !== from) continue;
      const frame = this.#opening.open(entry);
      const packet = frame.packets.find(wanted);
      if (packet) return { frame, packet };
    }
    return undefined;
  }

  /**
   * The frame that carried a moment's stimulus. What was tampered with cannot be opened to its probe, and a packet made by hand may hold none:
   * then it is the sender's first frame before the next mark that was tampered with, or that carries what was made.
   */
  #probeFrame(name: string): FoundPacket | undefined {
    const moment = this.mark(name);
    const exact = this.probe(name);
    if (!moment || exact) return exact;
    const next = this.#log.markAfter(moment.place)?.place ?? Number.POSITIVE_INFINITY;
    for (const entry of this.#log.framesAfter(moment.place)) {
      if (entry.place > next) return undefined;
      if (entry.from !== moment.by) continue;
      const frame = this.#opening.open(entry);
      const [packet] = frame.packets;
      if (packet && (entry.tampers.length > 0 || carriesOrder(frame, moment))) return { frame, packet };
    }
    return undefined;
  }

  /** From the frame before a moment to a sign of life. */
  #stretch(moment: MarkEntry, life: FoundPacket, says: string, unseen: string): Finding {
    const after = this.#log.frameBefore(moment.place);
    return finding(says, { kind: 'silence', after, before: life.frame.entry.number, says: unseen });
  }

  #answerWith(name: string, wanted: (ike: OpenedIke) => boolean, says: string): Finding | undefined {
    const found = this.#exchangesOf(name).find(({ ike: { message }, ike }) => {
      const { flags, exchangeType } = message.header;
      return flags.response && exchangeType !== IKE_SA_INIT && wanted(ike);
    });
    return (
      found &&
      finding(
        `${name}: ${says} in frame ${found.frame.entry.number}`,
        ikeEvidence(found.frame, says, ({ name }) => name.startsWith('SA[')),
      )
    );
  }

  /** What was said from this moment on, and could be believed, until the next one that asks for SAs. */
  #exchangesOf(name: string): readonly FoundMessage[] {
    const place = this.mark(name)?.place ?? Number.POSITIVE_INFINITY;
    const end = this.#log.markAfter(place, asksForSas)?.place ?? Number.POSITIVE_INFINITY;
    return this.ikeMessages(name).filter(({ frame, ike }) => frame.entry.place < end && isBelievable(ike));
  }
}

export interface HeardOptions {
  readonly by?: string;
  /** Only after this moment. */
  readonly after?: string;
  /** Only before this moment. */
  readonly before?: string;
  readonly exchange?: number;
  readonly response?: boolean;
}

interface FoundMessage {
  readonly frame: OpenedFrame;
  readonly ike: OpenedIke;
}

function isDelivery(each: NodeState['delivered'][number], probe: Probe): boolean {
  if (probe.kind === 'udp')
    return each.protocol === 'udp' && each.payload === hex(probe.payload) && each.sourcePort === probe.sourcePort;
  return probe.kind === 'tcp-syn' && each.protocol === 'tcp' && each.sourcePort === probe.sourcePort;
}

/** Opened after its integrity was checked, or in clear where nothing else is possible. */
function isBelievable({ payloads }: OpenedIke): boolean {
  return payloads !== undefined;
}

function asksForSas({ act }: MarkEntry): boolean {
  return act.kind === 'command' && ['initiate', 'rekey-child', 'rekey-ike'].includes(act.command?.kind);
}

const IKE_SA_INIT = 34;
const INFORMATIONAL = 37;
