/**
 * A transcript as the questions ask it: what was answered, delivered, sent, agreed or refused after a named moment, each with its
 * evidence. It stands on the conversations of the log, which know no moments; nothing here looks at a clock or a log text. Live, the
 * same account grows with the lab's log, so that a verb waits for exactly what a question will later find. No octets make a question
 * throw: what cannot be read shows nothing.
 */
import type { Address } from '../../reference/wire/address.ts';
import { hex } from '../../reference/wire/octets.ts';
import type { EndedEntry, FrameEntry, MarkEntry, NodeState, StateEntry, Transcript } from '../capture/transcript.ts';
import { Conversations } from './conversations.ts';
import type { Evidence } from './evidence.ts';
import { packetEvidence, stateEvidence } from './evidence-of.ts';
import { both, type Finding, finding } from './finding.ts';
import type { FlowConversation } from './flows.ts';
import { Icmpv6Account } from './icmpv6-account.ts';
import { IkeAccount } from './ike-account.ts';
import { type Heard, Listening } from './listening.ts';
import { MobilityAccount } from './mobility-account.ts';
import { Moments } from './moments.ts';
import { NeighborAccount } from './neighbor-account.ts';
import { type Objection, objectionTo } from './objection.ts';
import type { FoundEspHeader, FoundPacket } from './opened-frame.ts';
import { ownersOf, testedIn } from './parties.ts';
import { answerKey, carriesOrder, icmpErrorKey, isProbe, messageKey, type Probe, probeKey, probeOf } from './probe.ts';

export class Account {
  readonly transcript: Transcript;
  readonly conversations: Conversations;
  /** What is asked about IKE. */
  readonly ike: IkeAccount;
  /** What is asked about mobility messages. */
  readonly mobility: MobilityAccount;
  /** What is asked about who has which address on a link. */
  readonly neighbors: NeighborAccount;
  /** What is asked about other messages of ICMPv6. */
  readonly icmpv6: Icmpv6Account;
  readonly #listening: Listening;
  readonly #moments: Moments;
  readonly #tested: string;
  /** Who answers for an address. */
  readonly #owners: (address: Address) => readonly string[];

  constructor(transcript: Transcript) {
    this.transcript = transcript;
    this.#moments = new Moments(transcript.entries);
    this.conversations = new Conversations(transcript);
    this.#tested = testedIn(transcript.cast)[0]!;
    this.ike = new IkeAccount(transcript, this.conversations, this.#moments);
    this.#listening = new Listening(this.conversations, this.#moments);
    this.mobility = new MobilityAccount(this.conversations, this.#moments, this.#listening, this.#tested);
    this.icmpv6 = new Icmpv6Account(this.conversations, this.#moments, this.#listening, this.#tested);
    this.neighbors = new NeighborAccount(this.conversations, this.#moments, this.#tested);
    this.#owners = ownersOf(transcript.intent);
  }

  // --- programs -----------------------------------------------------------------------------------------------------

  /** The program of the node under test ended, unasked; with the frame that reached it last. */
  ended(): Finding | undefined {
    const { entries } = this.transcript;
    const end = entries.find((each): each is EndedEntry => each.kind === 'ended' && each.node === this.#tested);
    if (!end) return undefined;
    const { place, says } = end;
    const last = entries.findLast(
      (each): each is FrameEntry => each.kind === 'frame' && each.place < place && each.from !== this.#tested,
    );
    return finding(
      last ? `${says}, after frame ${last.number}` : says,
      ...(last ? [{ kind: 'frame', frame: last.number, says: 'the last frame that was sent to it' } as const] : []),
      { kind: 'ended', place, says },
    );
  }

  // --- probes -------------------------------------------------------------------------------------------------------

  /** The first packet that carries the probe of this moment, as it left whoever sent it. */
  sent(name: string): Finding | undefined {
    const found = this.probe(name);
    return found && finding(`${name}: sent in frame ${found.frame.entry.number}`, packetEvidence(found, 'the probe'));
  }

  /** The packet that carries the probe of this moment, for questions about where and how it travelled. */
  probe(name: string): FoundPacket | undefined {
    return this.#probeOf(name, () => true);
  }

  /** The packet that carries the probe of this moment, or its answer, as another party passed it on, whatever tunnel it left in. */
  passedOn(name: string, { by = this.#tested, what = 'probe', before }: PassedOn = {}): FoundPacket | undefined {
    const { moment, probe } = this.#probing(name);
    const key = probe && (what === 'probe' ? probeKey(probe) : answerKey(probe));
    if (key === undefined) return undefined;
    const fits = ({ packet }: FoundPacket): boolean => what === 'answer' || isProbe(packet.packet, probe!);
    const found = this.conversations.recognised(by, key, moment!.place, fits);
    const end = before === undefined ? undefined : this.mark(before)?.place;
    return found && found.frame.entry.place < (end ?? Number.POSITIVE_INFINITY) ? found : undefined;
  }

  /** The message that was listened for at this moment, whichever. */
  heardAt(name: string): Heard | undefined {
    return this.#listening.heardAt(name);
  }

  /** Sent as it should be seen on the wire: under ESP, or in clear. */
  sentUnder(name: string, how: 'esp' | 'clear'): Finding | undefined {
    const found = this.#probeOf(name, ({ packet }) => (packet.esp !== undefined) === (how === 'esp'));
    if (!found) return undefined;
    const under = found.packet.esp ? `under ${found.packet.esp.protocol}` : 'in clear';
    const says = `${name}: sent ${under} in frame ${found.frame.entry.number}`;
    return finding(says, packetEvidence(found, `the probe, ${how}`));
  }

  /** The answer to the probe of this moment, by whom it was for: an echo reply, or SYN-ACK. */
  answered(name: string): Finding | undefined {
    const found = this.answer(name);
    return (
      found && finding(`${name}: answered in frame ${found.frame.entry.number}`, packetEvidence(found, 'the answer'))
    );
  }

  /** The packet that answers, for questions about where and how it travelled. */
  answer(name: string): FoundPacket | undefined {
    const { moment, probe } = this.#probing(name);
    const key = probe && answerKey(probe);
    if (!key) return undefined;
    const answers = this.#answerersOf(moment, probe).map((party) =>
      this.conversations.recognised(party, key, moment.place),
    );
    return answers
      .filter((answer) => answer !== undefined)
      .sort((one, other) => one.frame.entry.place - other.frame.entry.place)[0];
  }

  /**
   * The probe was on the wire, and its payload stands among what the sinks report at `report`; without one, in the next report of whom it was for. With
   * `source`, it came from there as the sinks saw it.
   */
  delivered(name: string, report?: string, source?: Address): Finding | undefined {
    const { moment, probe } = this.#probing(name);
    if (!probe || probe.kind === 'echo') return undefined;
    const told = report === undefined ? this.#nextReport(moment, probe) : this.state(report);
    const isIt = (each: NodeState['delivered'][number]) =>
      isDelivery(each, probe) && (source === undefined || each.source === source);
    const index = told?.state.delivered.findIndex(isIt) ?? -1;
    const stimulus = this.#probeFrame(name);
    if (!told || index < 0 || !stimulus) return undefined;
    return finding(
      `${name}: the sink reports it`,
      stateEvidence(told, `delivered[${index}]`, 'the probe at the sink'),
      packetEvidence(stimulus, 'the probe'),
    );
  }

  /**
   * Silence proven by life: the stimulus is on the wire, nothing answered it, and something asked later was answered, by an echo or an INFORMATIONAL. Its
   * evidence is the stretch between the two frames.
   */
  silent(name: string, until: string): Finding | undefined {
    const stimulus = this.#probeFrame(name);
    const life = this.answer(until) ?? this.ike.information(until);
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
    const told = report === undefined ? this.#moments.statesAfter(-1).at(-1) : this.state(report);
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

  /** What the node under test says against the packet of this moment: a Binding Error, or an ICMPv6 error that quotes it. */
  objection(name: string): Objection | undefined {
    const stimulus = this.#probeFrame(name);
    if (!stimulus) return undefined;
    const { place } = stimulus.frame.entry;
    const objections = [messageKey('bindingError'), icmpErrorKey].flatMap((key) => {
      const said = (found: FoundPacket) => objectionTo(stimulus, found) !== undefined;
      const found = this.conversations.recognised(this.#tested, key, place, said);
      return found ? [objectionTo(stimulus, found)!] : [];
    });
    return objections.sort((one, other) => one.found.frame.entry.place - other.found.frame.entry.place)[0];
  }

  /** The packet of this moment was on the wire and nothing was said against it until something asked later was answered. */
  unobjected(name: string, until: string): Finding | undefined {
    const stimulus = this.#probeFrame(name);
    const life = this.answer(until);
    if (!stimulus || !life || !this.#isLater(until, name)) return undefined;
    const [after, before] = [stimulus.frame.entry.number, life.frame.entry.number];
    const said = this.objection(name)?.found.frame.entry.number ?? Number.POSITIVE_INFINITY;
    if (before <= after || said < before) return undefined;
    return finding(
      `${name}: neither a Binding Error nor an ICMPv6 error, while ${until} was answered`,
      { kind: 'silence', after, before, says: `nothing said against ${name}` },
      packetEvidence(stimulus, 'the stimulus'),
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

  /** What was asked of IKE at this moment came to no end, while something asked later was answered. */
  unsettled(name: string, until: string): Finding | undefined {
    const moment = this.mark(name);
    const life = this.answer(until);
    if (!moment || !life || !this.#isLater(until, name) || this.ike.settled(name)) return undefined;
    return this.#stretch(moment, life, `${name}: never answered, while ${until} was answered`, `no answer to ${name}`);
  }

  // --- states -------------------------------------------------------------------------------------------------------

  state(name: string): StateEntry | undefined {
    return this.#moments.state(name);
  }

  /** SPIs of the SAs that had keys before this moment: what they leave in a report is not this moment's doing. */
  spisBefore(name: string): ReadonlySet<number> {
    const records = this.#moments.keysBefore(this.mark(name)?.place ?? 0).map(({ record }) => record);
    return new Set(records.flatMap((record) => (record.kind === 'ikev2' ? [] : [record.spi])));
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

  /** Both: the child was agreed, and an echo through it came back. */
  established(name: string, echo: string): Finding | undefined {
    const isProtected = this.answer(echo)?.packet.esp !== undefined;
    return both(this.ike.childAgreed(name), isProtected ? this.answered(echo) : undefined);
  }

  // --- frames -------------------------------------------------------------------------------------------------------

  /** Every packet that `from` sent after a moment, opened. */
  packets(from: string, after?: string): readonly FoundPacket[] {
    return this.conversations.packetsFrom(from, this.#moments.placeOf(after));
  }

  /** The ESP packets that `from` sent after a moment, in order, outermost header only. Needs no key. */
  espHeaders(from: string, after?: string): readonly FoundEspHeader[] {
    return this.conversations.espFrom(from, this.#moments.placeOf(after));
  }

  /** What this station sent under each SPI, oldest SA first. */
  flows(from: string): readonly FlowConversation[] {
    return this.conversations.flows().filter(({ station }) => station === from);
  }

  /** Evidence for a packet found by a question of its own. */
  evidenceOf(found: FoundPacket, says: string): Evidence {
    return packetEvidence(found, says);
  }

  mark(name: string): MarkEntry | undefined {
    return this.#moments.mark(name);
  }

  #probing(name: string): { moment: MarkEntry; probe: Probe | undefined } | { moment: undefined; probe: undefined } {
    const moment = this.mark(name);
    return moment ? { moment, probe: probeOf(moment) } : { moment, probe: undefined };
  }

  #probeOf(name: string, fits: (found: FoundPacket) => boolean): FoundPacket | undefined {
    const { moment, probe } = this.#probing(name);
    return (
      probe &&
      this.conversations.recognised(
        moment.by,
        probeKey(probe),
        moment.place,
        (found) => isProbe(found.packet.packet, probe) && fits(found),
      )
    );
  }

  /** Whom a probe was for: who has its address, or anybody else where nobody was told to have it. */
  #answerersOf({ by }: MarkEntry, { destination }: Probe): readonly string[] {
    const owners = this.#owners(destination).filter((party) => party !== by);
    return owners.length > 0 ? owners : Object.keys(this.transcript.intent.parties).filter((party) => party !== by);
  }

  #nextReport(moment: MarkEntry, probe: Probe): StateEntry | undefined {
    const owners = this.#answerersOf(moment, probe);
    return this.#moments.statesAfter(moment.place).find(({ node }) => owners.includes(node));
  }

  #isLater(name: string, than: string): boolean {
    return (this.mark(name)?.place ?? -1) > (this.mark(than)?.place ?? Number.POSITIVE_INFINITY);
  }

  /**
   * The frame that carried a moment's stimulus. What was tampered with cannot be opened to its probe, and a packet made by hand may hold none:
   * then it is the sender's first frame before the next mark that was tampered with, or that carries what was made.
   */
  #probeFrame(name: string): FoundPacket | undefined {
    const moment = this.mark(name);
    const exact = this.probe(name);
    if (!moment || exact) return exact;
    const next = this.#moments.markAfter(moment.place)?.place ?? Number.POSITIVE_INFINITY;
    for (const entry of this.#moments.framesAfter(moment.place)) {
      if (entry.place > next) return undefined;
      if (entry.from !== moment.by) continue;
      const frame = this.conversations.frame(entry);
      const packet = frame?.packets[0];
      if (packet && (entry.tampers.length > 0 || carriesOrder(frame, moment))) return { frame, packet };
    }
    return undefined;
  }

  /** From the frame before a moment to a sign of life. */
  #stretch(moment: MarkEntry, life: FoundPacket, says: string, unseen: string): Finding {
    const after = this.#moments.frameBefore(moment.place);
    return finding(says, { kind: 'silence', after, before: life.frame.entry.number, says: unseen });
  }
}

export interface PassedOn {
  readonly by?: string;
  readonly what?: 'probe' | 'answer';
  /** Only before this moment. */
  readonly before?: string;
}

function isDelivery(each: NodeState['delivered'][number], probe: Probe): boolean {
  if (probe.kind === 'udp')
    return each.protocol === 'udp' && each.payload === hex(probe.payload) && each.sourcePort === probe.sourcePort;
  return probe.kind === 'tcp-syn' && each.protocol === 'tcp' && each.sourcePort === probe.sourcePort;
}
