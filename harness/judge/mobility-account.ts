/**
 * What mobility messages show after a named moment (RFC 6275): the answer to a test or a binding update, the errors that refuse one, or silence proven by
 * life. An answer is known by its cookie where it has one, and else by coming after the moment and before the same party's next message of
 * the same kind.
 */
import { icmpv6Message } from '../../reference/wire/icmpv6.ts';
import { ipPacket } from '../../reference/wire/ip/packet.ts';
import {
  type MobilityMessage,
  type MobilityMessageOf,
  mobilityMessage,
} from '../../reference/wire/mobility/message.ts';
import { equal, readU16, unhex } from '../../reference/wire/octets.ts';
import type { MarkEntry, MarkedCommand } from '../capture/transcript.ts';
import type { Conversations } from './conversations.ts';
import { packetEvidence } from './evidence-of.ts';
import { type Finding, finding } from './finding.ts';
import { type HeardMessage, heardMessage } from './heard-message.ts';
import type { Listening } from './listening.ts';
import type { Moments } from './moments.ts';
import type { FoundPacket } from './opened-frame.ts';
import { answerKey, messageKey, probeOf } from './probe.ts';
import { readable } from './readable.ts';

/** A mobility message as it was seen. */
export interface FoundMobility<Kind extends MobilityMessage['kind'] = MobilityMessage['kind']>
  extends HeardMessage<MobilityMessageOf<Kind>> {
  /** Its checksum is wrong and its authenticator is not in the order: no octet of it can be held against what was meant, so it is no evidence. */
  readonly isPartlyKnown?: true;
}

/** An ICMPv6 Parameter Problem about a mobility message. */
export interface FoundProblem {
  readonly found: FoundPacket;
  readonly code: number;
  /** Octets from the start of the Mobility Header in the packet that is quoted; of that packet itself where it holds none. */
  readonly pointer: number;
}

export class MobilityAccount {
  readonly #conversations: Conversations;
  readonly #moments: Moments;
  readonly #listening: Listening;
  readonly #tested: string;

  constructor(conversations: Conversations, moments: Moments, listening: Listening, tested: string) {
    this.#listening = listening;
    this.#conversations = conversations;
    this.#moments = moments;
    this.#tested = tested;
  }

  /** The message of this moment as it left. */
  sent(name: string): FoundMobility | undefined {
    const asked = this.#asked(name);
    if (!asked) return undefined;
    const { mark, message } = asked;
    return this.#first(mark.by, message.kind, mark.place, this.#nextLike(asked)) ?? this.#unreadable(mark);
  }

  /** The message that answers this moment: HoT, CoT or BA. */
  answer(name: string): FoundMobility | undefined {
    const asked = this.#asked(name);
    const kind = asked && answers[asked.message.kind];
    if (!asked || !kind) return undefined;
    return this.#first(this.#tested, kind, asked.mark.place, this.#end(asked), (message) =>
      fits(message, asked.message),
    );
  }

  answered(name: string, says: (answer: FoundMobility) => string = ({ message }) => message.kind): Finding | undefined {
    const found = this.answer(name);
    return found && finding(`${name}: ${says(found)}`, packetEvidence(found.found, says(found)));
  }

  /** A binding acknowledgement of this status answers the moment. */
  acknowledged(name: string, status: number): Finding | undefined {
    const found = this.answer(name);
    if (found?.message.kind !== 'bindingAcknowledgement' || found.message.status !== status) return undefined;
    return finding(`${name}: acknowledged with status ${status}`, packetEvidence(found.found, `status ${status}`));
  }

  /** A Binding Error after this moment; of a probe too, which was no mobility message. */
  bindingError(name: string): FoundMobility<'bindingError'> | undefined {
    const mark = this.#moments.mark(name);
    if (!mark) return undefined;
    const found = this.#first(this.#tested, 'bindingError', mark.place, this.#consequencesEnd(mark));
    return found as FoundMobility<'bindingError'> | undefined;
  }

  refusedByError(name: string, status: number): Finding | undefined {
    const found = this.bindingError(name);
    if (found?.message.status !== status) return undefined;
    return finding(`${name}: Binding Error, status ${status}`, packetEvidence(found.found, `status ${status}`));
  }

  /** A Parameter Problem after this moment. */
  problem(name: string): FoundProblem | undefined {
    const mark = this.#moments.mark(name);
    if (!mark) return undefined;
    const found = this.#conversations.recognised(this.#tested, messageKey('parameterProblem'), mark.place);
    const isOfThis = found && found.frame.entry.place < this.#consequencesEnd(mark);
    return isOfThis ? readable(() => problemIn(found)) : undefined;
  }

  refusedByProblem(name: string, code: number, pointer: number): Finding | undefined {
    const problem = this.problem(name);
    if (problem?.code !== code || problem.pointer !== pointer) return undefined;
    const says = `Parameter Problem, code ${code}, pointer to octet ${pointer} of the Mobility Header`;
    return finding(`${name}: ${says}`, packetEvidence(problem.found, says));
  }

  /** Nothing answers this moment, be it a message or an error, while a later one was answered. */
  silent(name: string, until: string): Finding | undefined {
    const stimulus = this.sent(name);
    const life = this.answer(until);
    const asked = this.#asked(name);
    if (!stimulus || !life || !asked) return undefined;
    const [after, before] = [stimulus.found.frame.entry, life.found.frame.entry];
    if (before.place <= after.place) return undefined;
    const kind = answers[asked.message.kind];
    const end = Math.min(before.place, this.#end(asked));
    const answer = kind && this.#first(this.#tested, kind, after.place, end, (each) => fits(each, asked.message));
    if (answer ?? this.bindingError(name) ?? this.problem(name)) return undefined;
    return finding(
      `${name}: no answer, while ${until} was answered`,
      { kind: 'silence', after: after.number, before: before.number, says: `no answer to ${name}` },
      ...(stimulus.isPartlyKnown ? [] : [packetEvidence(stimulus.found, 'the stimulus')]),
      packetEvidence(life.found, 'the sign of life'),
    );
  }

  /** The first message of a kind that a party sent after a moment, and before another one where that is named. */
  heard<Kind extends MobilityMessage['kind']>(
    kind: Kind,
    { by = this.#tested, after, before, where = () => true }: HeardMobility<Kind> = {},
  ): FoundMobility<Kind> | undefined {
    const start = after === undefined ? -1 : (this.#moments.mark(after)?.place ?? Infinity);
    const end = before === undefined ? Infinity : (this.#moments.mark(before)?.place ?? Infinity);
    const fitting = (message: MobilityMessage) => where(message as MobilityMessageOf<Kind>);
    return this.#first(by, kind, start, end, fitting) as FoundMobility<Kind> | undefined;
  }

  /** What was listened for at this moment. */
  heardAt(name: string): FoundMobility | undefined {
    const heard = this.#listening.heardAt(name);
    return heard?.found.packet.packet.protocol === MOBILITY ? (heard as FoundMobility) : undefined;
  }

  /** The same, for a judgement. */
  heardWas(name: string, says: (found: FoundMobility) => string = ({ message }) => message.kind): Finding | undefined {
    const found = this.heardAt(name);
    return found && finding(`${name}: ${says(found)}`, packetEvidence(found.found, says(found)));
  }

  /** That finding of a message, for a judgement. */
  shown(found: Pick<FoundMobility, 'found'> | undefined, says: string): Finding | undefined {
    return found && finding(says, packetEvidence(found.found, says));
  }

  #asked(name: string): Asked | undefined {
    const mark = this.#moments.mark(name);
    if (mark?.act.kind !== 'command' || mark.act.command.kind !== 'mobility') return undefined;
    const { message: octets } = mark.act.command.order;
    const message = readable(() => mobilityMessage.decode(unhex(octets)).value);
    return message && { mark, message };
  }

  /** A message whose checksum is wrong is filed under nothing: where one was ordered so, it is the first that left before the next mark, as it was ordered. */
  #unreadable({ by, place, act }: MarkEntry): FoundMobility | undefined {
    const order = act.kind === 'command' && act.command.kind === 'mobility' ? act.command : undefined;
    if (order?.order.checksum === undefined && !order?.tamper) return undefined;
    const end = this.#moments.markAfter(place)?.place ?? Infinity;
    const found = this.#conversations
      .packetsFrom(by, place)
      .find(({ packet, frame }) => packet.packet.protocol === MOBILITY && frame.entry.place < end);
    const isAsOrdered = found && (order.tamper !== undefined || carriesMessage(found, order.order));
    const authorised = order.order.authorization && { isPartlyKnown: true as const };
    return isAsOrdered ? readable(() => ({ ...read(found), ...authorised })) : undefined;
  }

  /** What comes of a moment comes before it is answered, or a later one is. */
  #consequencesEnd(mark: MarkEntry): number {
    for (let each: MarkEntry | undefined = mark; each; each = this.#moments.markAfter(each.place)) {
      const probe = probeOf(each);
      const key = probe && answerKey(probe);
      const answer = key ? this.#conversations.recognised(this.#tested, key, each.place) : undefined;
      const found = answer ?? this.answer(each.name)?.found;
      if (found) return found.frame.entry.place;
    }
    return Infinity;
  }

  /** Where the same party's next message of this kind begins; an answer with a cookie is known without. */
  #end(asked: Asked): number {
    const { kind } = asked.message;
    return kind === 'homeTestInit' || kind === 'careOfTestInit' ? Infinity : this.#nextLike(asked);
  }

  #nextLike({ mark, message }: Asked): number {
    let next = this.#moments.markAfter(mark.place);
    while (next && !(next.by === mark.by && this.#asked(next.name)?.message.kind === message.kind)) {
      next = this.#moments.markAfter(next.place);
    }
    return next?.place ?? Infinity;
  }

  #first(
    station: string,
    kind: MobilityMessage['kind'],
    after: number,
    before: number,
    where: (message: MobilityMessage) => boolean = () => true,
  ): FoundMobility | undefined {
    const fitting = (each: FoundPacket) =>
      readable(() => where(mobilityMessage.decode(each.packet.packet.payload).value));
    const found = this.#conversations.recognised(station, messageKey(kind), after, (each) => fitting(each) === true);
    return found && found.frame.entry.place < before ? read(found) : undefined;
  }
}

export interface HeardMobility<Kind extends MobilityMessage['kind']> {
  readonly by?: string;
  readonly after?: string;
  readonly before?: string;
  readonly where?: (message: MobilityMessageOf<Kind>) => boolean;
}

type MarkedOrder = Extract<MarkedCommand, { kind: 'mobility' }>['order'];

interface Asked {
  readonly mark: MarkEntry;
  readonly message: MobilityMessage;
}

const answers: Readonly<Partial<Record<MobilityMessage['kind'], MobilityMessage['kind']>>> = {
  homeTestInit: 'homeTest',
  careOfTestInit: 'careOfTest',
  bindingUpdate: 'bindingAcknowledgement',
};

function fits(answer: MobilityMessage, asked: MobilityMessage): boolean {
  if (asked.kind === 'homeTestInit' && answer.kind === 'homeTest') {
    return equal(answer.homeInitCookie, asked.homeInitCookie);
  }
  if (asked.kind === 'careOfTestInit' && answer.kind === 'careOfTest') {
    return equal(answer.careOfInitCookie, asked.careOfInitCookie);
  }
  return true;
}

/** Throws `MalformedOctets`. */
function read(found: FoundPacket): FoundMobility {
  return heardMessage(found, mobilityMessage.decode(found.packet.packet.payload).value);
}

function problemIn(found: FoundPacket): FoundProblem | undefined {
  const message = icmpv6Message.decode(found.packet.packet.payload).value;
  if (message.kind !== 'parameterProblem') return undefined;
  const quoted = ipPacket.decode(message.originalPacket).value;
  const before = quoted.protocol === MOBILITY ? message.originalPacket.length - quoted.payload.length : 0;
  return { found, code: message.code, pointer: message.pointer - before };
}

/** The message of an order octet for octet, under the checksum that was given; of one that is authorised as far as the order has it. */
function carriesMessage({ packet: { packet } }: FoundPacket, order: MarkedOrder): boolean {
  const ordered = unhex(order.message);
  const { payload } = packet;
  const covered = order.authorization ? ordered.length - PADDING : ordered.length;
  if (payload.length < covered || readU16(payload, CHECKSUM) !== order.checksum) return false;
  return ordered.subarray(0, covered).every((octet, at) => isComputed(at, order) || payload[at] === octet);
}

/** The checksum, and of an authorised message Header Len, are worked out. */
function isComputed(at: number, { authorization }: MarkedOrder): boolean {
  return at === CHECKSUM || at === CHECKSUM + 1 || (authorization !== undefined && at === HEADER_LENGTH);
}

const MOBILITY = 135;
/** Octets of a Mobility Header (RFC 6275 section 6.1.1), and the most that fills one up to eight. */
const HEADER_LENGTH = 1;
const CHECKSUM = 4;
const PADDING = 8;
