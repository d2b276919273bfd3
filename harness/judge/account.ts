/**
 * A transcript as the questions ask it: what was answered, delivered, sent, agreed or refused after a named moment, each with its
 * evidence. Frames are opened with the keys of the transcript, at most once each; nothing here looks at a clock or a log text. Live, the
 * same account grows with the lab's log, so that a verb waits for exactly what a question will later find.
 */
import type { Dissection } from '../../reference/wire/dissection.ts';
import { dissectPayloads } from '../../reference/wire/ike/payload-chain.ts';
import { hex } from '../../reference/wire/octets.ts';
import type { FrameEntry, MarkEntry, NodeState, StateEntry, Transcript } from '../capture/transcript.ts';
import type { Evidence } from './evidence.ts';
import { both, type Finding, finding } from './finding.ts';
import { notatedMessage, type OpenedIke } from './ike-opening.ts';
import { type Notation, notation } from './notation.ts';
import type { OpenedEspHeader, OpenedFrame, OpenedPacket } from './opened-frame.ts';
import { Opening } from './opening.ts';
import { type Probe, probeOf, showsAnswer, showsProbe } from './probe.ts';

export class Account {
  readonly transcript: Transcript;
  readonly #opening: Opening;

  constructor(transcript: Transcript) {
    this.transcript = transcript;
    this.#opening = new Opening(transcript);
  }

  // --- probes -------------------------------------------------------------------------------------------------------

  /** The first packet that carries the probe of this moment, as it left whoever sent it. */
  sent(name: string): Finding | undefined {
    const moment = this.#mark(name);
    const probe = moment && probeOf(moment);
    if (!moment || !probe) return undefined;
    const found = this.#firstPacket(moment, (packet) => showsProbe(packet, probe), moment.by);
    return found && finding(`${name}: sent in frame ${found.frame.entry.number}`, evidenceOf(found, 'the probe'));
  }

  /** Sent as it should be seen on the wire: under ESP, or in clear. */
  sentUnder(name: string, how: 'esp' | 'clear'): Finding | undefined {
    const moment = this.#mark(name);
    const probe = moment && probeOf(moment);
    if (!moment || !probe) return undefined;
    const wanted = (packet: OpenedPacket) =>
      showsProbe(packet, probe) && (packet.esp !== undefined) === (how === 'esp');
    const found = this.#firstPacket(moment, wanted, moment.by);
    return (
      found &&
      finding(
        `${name}: sent ${how === 'esp' ? 'under ESP' : 'in clear'} in frame ${found.frame.entry.number}`,
        evidenceOf(found, `the probe, ${how}`),
      )
    );
  }

  /** The other side's answer to the probe of this moment: an echo reply, or SYN-ACK. */
  answered(name: string): Finding | undefined {
    const found = this.answer(name);
    return found && finding(`${name}: answered in frame ${found.frame.entry.number}`, evidenceOf(found, 'the answer'));
  }

  /** The packet that answers, for questions about where and how it travelled. */
  answer(name: string): FoundPacket | undefined {
    const moment = this.#mark(name);
    const probe = moment && probeOf(moment);
    if (!moment || !probe) return undefined;
    return this.#firstPacket(moment, (packet) => showsAnswer(packet, probe), moment.by === 'tn' ? 'nut' : 'tn');
  }

  /** The probe was on the wire, and its payload stands among what the node's sinks report at `report`; without one, in the first report after it. */
  delivered(name: string, report?: string): Finding | undefined {
    const moment = this.#mark(name);
    const probe = moment && probeOf(moment);
    if (!moment || !probe || probe.kind === 'echo') return undefined;
    const told = report === undefined ? this.#states().find((entry) => entry.place > moment.place) : this.state(report);
    const index = told?.state.delivered.findIndex((each) => isDelivery(each, probe)) ?? -1;
    const stimulus = this.#probeFrame(name);
    if (!told || index < 0 || !stimulus) return undefined;
    return finding(
      `${name}: the sink reports it`,
      stateEvidence(told, `delivered[${index}]`, 'the probe at the sink'),
      evidenceOf(stimulus, 'the probe'),
    );
  }

  /**
   * Silence proven by life: the stimulus is on the wire, nothing answered it, and something sent later was answered. Its evidence is the
   * stretch between the two frames.
   */
  silent(name: string, until: string): Finding | undefined {
    const stimulus = this.#probeFrame(name);
    const life = this.answer(until);
    if (!stimulus || !life || this.answered(name)) return undefined;
    if (life.frame.entry.number <= stimulus.frame.entry.number) return undefined;
    return finding(
      `${name}: no answer, while ${until} was answered`,
      {
        kind: 'silence',
        after: stimulus.frame.entry.number,
        before: life.frame.entry.number,
        says: `no answer to ${name}`,
      },
      evidenceOf(stimulus, 'the stimulus'),
    );
  }

  /** The stimulus is on the wire and the report taken after it does not list it, while a later probe was delivered or answered. */
  undelivered(name: string, until: string, report?: string): Finding | undefined {
    const stimulus = this.#probeFrame(name);
    const told = report === undefined ? this.#states().at(-1) : this.state(report);
    if (!stimulus || !told || told.place < stimulus.frame.entry.place) return undefined;
    const life = this.delivered(until, told.name) ?? this.answered(until);
    if (this.delivered(name, told.name) || !life) return undefined;
    return finding(
      `${name}: the sink does not report it; ${life.says}`,
      stateEvidence(told, 'delivered', `without ${name}`),
      evidenceOf(stimulus, 'the stimulus'),
      ...life.evidence,
    );
  }

  /** Nothing of this kind left the node from one moment to another (or to the end). */
  neverSent(name: string, from: string, until: string): Finding | undefined {
    const moment = this.#mark(from);
    const probe = moment && probeOf(moment);
    const life = this.#probeFrame(until);
    if (!moment || !probe || !life) return undefined;
    const leak = this.#firstPacket(
      moment,
      (packet) => showsProbe(packet, probe) && packet.esp === undefined,
      moment.by,
    );
    if (leak) return undefined;
    const before = life.frame.entry.number;
    return finding(`${name}: not in clear`, {
      kind: 'silence',
      after: this.#frameBefore(moment),
      before,
      says: `${name} not seen in clear`,
    });
  }

  /** The node was told to send it, and it left neither in clear nor under ESP before `until` was answered. */
  unsent(name: string, until: string): Finding | undefined {
    const moment = this.#mark(name);
    const life = this.answer(until);
    if (!moment || !life || this.sent(name) || life.frame.entry.place < moment.place) return undefined;
    return finding(`${name}: never sent, while ${until} was answered`, {
      kind: 'silence',
      after: this.#frameBefore(moment),
      before: life.frame.entry.number,
      says: `${name} not seen`,
    });
  }

  // --- states -------------------------------------------------------------------------------------------------------

  state(name: string): StateEntry | undefined {
    return this.#states().find((entry) => entry.name === name);
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

  /** The first message from `by` after `after` that the notation matches. */
  heard(text: string, { by = 'nut', after, exchange, response }: HeardOptions = {}): Finding | undefined {
    const pattern = notation(text);
    const found = this.#ikeMessages(after).find(
      ({ frame, ike }) =>
        frame.entry.from === by &&
        (exchange === undefined || ike.message.header.exchangeType === exchange) &&
        (response === undefined || ike.message.header.flags.response === response) &&
        matches(pattern, ike),
    );
    return found && finding(`heard ${text} from ${by}`, ikeEvidence(found.frame, text));
  }

  /** The IKE messages from a moment on, in order. */
  ikeMessages(after?: string): readonly { readonly frame: OpenedFrame; readonly ike: OpenedIke }[] {
    return this.#ikeMessages(after);
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
    const found = this.#ikeMessages(name).find(
      ({ frame, ike }) => frame.entry.from === by && errorNotify(ike, notify) !== undefined,
    );
    return (
      found &&
      finding(
        `${by} answers ${errorNotify(found.ike, notify)}`,
        ikeEvidence(
          found.frame,
          errorNotify(found.ike, notify)!,
          ({ value }) => value === errorNotify(found.ike, notify),
        ),
      )
    );
  }

  /** An INFORMATIONAL answer: what a close or a liveness check ends in. */
  informed(name: string): Finding | undefined {
    const begun = this.#mark(name);
    if (begun?.act.kind !== 'command' || !['close', 'close-child', 'liveness'].includes(begun.act.command.kind))
      return undefined;
    return this.#answerWith(
      name,
      (ike) => ike.message.header.exchangeType === INFORMATIONAL && ike.payloads !== undefined,
      'answered',
    );
  }

  /** Both: the child was agreed, and an echo through it came back. */
  established(name: string, echo: string): Finding | undefined {
    return both(this.childAgreed(name), this.answered(echo));
  }

  // --- frames -------------------------------------------------------------------------------------------------------

  /** Every packet that `from` sent after a moment, opened. */
  packets(from: string, after?: string): readonly FoundPacket[] {
    const place = after === undefined ? -1 : (this.#mark(after)?.place ?? Number.POSITIVE_INFINITY);
    return this.#frames(place)
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
    return evidenceOf(found, says);
  }

  mark(name: string): MarkEntry | undefined {
    return this.#mark(name);
  }

  #firstPacket(moment: MarkEntry, wanted: (packet: OpenedPacket) => boolean, from: string): FoundPacket | undefined {
    for (const entry of this.#frames(moment.place)) {
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
    const moment = this.#mark(name);
    const probe = moment && probeOf(moment);
    if (!moment) return undefined;
    const exact = probe && this.#firstPacket(moment, (packet) => showsProbe(packet, probe), moment.by);
    if (exact) return exact;
    const next = this.#marks().find((mark) => mark.place > moment.place);
    const frame = this.#frames(moment.place)
      .filter(({ from, place }) => from === moment.by && (!next || place < next.place))
      .map((entry) => this.#opening.open(entry))
      .find((each) => each.packets.length > 0 && (each.entry.tampers.length > 0 || carriesOrder(each, moment)));
    return frame?.packets[0] && { frame, packet: frame.packets[0] };
  }

  #answerWith(name: string, wanted: (ike: OpenedIke) => boolean, says: string): Finding | undefined {
    const begun = this.#mark(name);
    const found = this.#ikeMessages(name).find(
      ({ ike }) => ike.message.header.flags.response && ike.message.header.exchangeType !== IKE_SA_INIT && wanted(ike),
    );
    return (
      begun &&
      found &&
      finding(
        `${name}: ${says} in frame ${found.frame.entry.number}`,
        ikeEvidence(found.frame, says, ({ name }) => name.startsWith('SA[')),
      )
    );
  }

  #ikeMessages(after?: string): { frame: OpenedFrame; ike: OpenedIke }[] {
    const place = after === undefined ? -1 : (this.#mark(after)?.place ?? Number.POSITIVE_INFINITY);
    return this.#frames(place).flatMap((entry) => {
      const frame = this.#opening.open(entry);
      return frame.ike ? [{ frame, ike: frame.ike }] : [];
    });
  }

  #frames(after: number): FrameEntry[] {
    return this.transcript.entries.filter((entry) => entry.kind === 'frame' && entry.place > after) as FrameEntry[];
  }

  #states(): StateEntry[] {
    return this.transcript.entries.filter((entry) => entry.kind === 'state') as StateEntry[];
  }

  #marks(): MarkEntry[] {
    return this.transcript.entries.filter((entry) => entry.kind === 'mark') as MarkEntry[];
  }

  #mark(name: string): MarkEntry | undefined {
    return this.#marks().find((mark) => mark.name === name);
  }

  #frameBefore(mark: MarkEntry): number {
    const earlier = this.transcript.entries
      .filter((entry) => entry.kind === 'frame' && entry.place < mark.place)
      .at(-1);
    return earlier?.kind === 'frame' ? earlier.number : 0;
  }
}

export interface FoundPacket {
  readonly frame: OpenedFrame;
  readonly packet: OpenedPacket;
}

export interface FoundEspHeader extends FoundPacket {
  readonly header: OpenedEspHeader;
}

export interface HeardOptions {
  readonly by?: string;
  /** Only after this moment. */
  readonly after?: string;
  readonly exchange?: number;
  readonly response?: boolean;
}

function matches(pattern: Notation, ike: OpenedIke): boolean {
  return pattern.matches(notatedMessage(ike));
}

function evidenceOf({ frame, packet }: FoundPacket, says: string): Evidence {
  const { buffer, start, end } = packet.range;
  return { kind: 'frame', frame: frame.entry.number, octets: { buffer, start, end }, says };
}

/** The payload that says it, where the message could be opened; else the whole frame. */
function ikeEvidence(
  frame: OpenedFrame,
  says: string,
  wanted: (payload: Dissection) => boolean = () => false,
): Evidence {
  const buffer = frame.buffers.find((each) => each.kind === 'ike-payloads');
  if (!buffer) return { kind: 'frame', frame: frame.entry.number, says };
  const payload = dissectPayloads(buffer.firstProtocol, buffer.octets).children.find(wanted);
  const { start, end } = payload ?? { start: 0, end: buffer.octets.length };
  return { kind: 'frame', frame: frame.entry.number, octets: { buffer: buffer.name, start, end }, says };
}

function stateEvidence(entry: StateEntry, path: string, says: string): Evidence {
  return { kind: 'state', place: entry.place, path, says };
}

/** Whether a frame carries the packet that was made by hand at this moment, octet for octet. */
function carriesOrder({ entry, packets }: OpenedFrame, { act }: MarkEntry): boolean {
  if (act.kind !== 'command') return false;
  if (act.command.kind === 'packet') return hex(entry.octets).endsWith(act.command.octets);
  if (act.command.kind !== 'esp') return false;
  const made = act.command.packet.packet;
  return packets.some(({ packet, esp }) => esp !== undefined && made.endsWith(hex(packet.payload)));
}

function isDelivery(each: NodeState['delivered'][number], probe: Probe): boolean {
  if (probe.kind === 'udp')
    return each.protocol === 'udp' && each.payload === hex(probe.payload) && each.sourcePort === probe.sourcePort;
  return probe.kind === 'tcp-syn' && each.protocol === 'tcp' && each.sourcePort === probe.sourcePort;
}

function errorNotify(ike: OpenedIke, wanted?: string): string | undefined {
  const notifies = notatedMessage(ike);
  const all = [...notifies.clear, ...(notifies.sealed ?? [])].flatMap((payload) =>
    payload.notify ? [payload.notify] : [],
  );
  return wanted === undefined ? all.find((name) => errorNotifies.has(name)) : all.find((name) => name === wanted);
}

const IKE_SA_INIT = 34;
const INFORMATIONAL = 37;

/** RFC 7296 3.10.1: those that end an exchange without an SA. The three that only ask for another try do not. */
const errorNotifies: ReadonlySet<string> = new Set([
  'UNSUPPORTED_CRITICAL_PAYLOAD',
  'INVALID_IKE_SPI',
  'INVALID_MAJOR_VERSION',
  'INVALID_SYNTAX',
  'INVALID_MESSAGE_ID',
  'NO_PROPOSAL_CHOSEN',
  'AUTHENTICATION_FAILED',
  'SINGLE_PAIR_REQUIRED',
  'NO_ADDITIONAL_SAS',
  'INTERNAL_ADDRESS_FAILURE',
  'FAILED_CP_REQUIRED',
  'TS_UNACCEPTABLE',
  'INVALID_SELECTORS',
  'TEMPORARY_FAILURE',
  'CHILD_SA_NOT_FOUND',
]);
