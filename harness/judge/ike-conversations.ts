/**
 * IKE as it can be read from the wire alone: IKE SAs and who they joined, their exchanges with every retransmission, and the children they
 * agreed on. Messages are filed as they come, by IKE SA and Message ID, and by what they say. Whether a message could be opened, and so
 * whether anybody may believe it, was decided before; nothing here knows what a scenario wanted.
 */

import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload, PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { exchangeTypes, protocolIds } from '../../reference/wire/ike/registry.ts';
import { hex, readU32 } from '../../reference/wire/octets.ts';
import { isInClear } from './ike-opening.ts';
import type { FoundMessage } from './opened-frame.ts';
import { notificationsIn, refusalIn } from './refusal.ts';
import { Files, Timeline } from './timeline.ts';

export type IkeRole = 'initiator' | 'responder';

export interface IkeSaConversation {
  /** Lower-case hex; the responder's is empty until it answered. */
  readonly initiatorSPI: string;
  readonly responderSPI: string;
  /** Where each side's messages came from, in order; a side that moved has several. */
  readonly ends: Readonly<Record<IkeRole, readonly IkeEnd[]>>;
  readonly exchanges: readonly Exchange[];
}

export interface IkeEnd {
  readonly station: string;
  readonly address: string;
  /** Of the first frame from there. */
  readonly since: number;
}

export interface Exchange {
  readonly exchangeType: number;
  readonly messageId: number;
  /** Which side asked: the exchange initiator. */
  readonly by: IkeRole;
  /** The first, and what repeats it. */
  readonly requests: readonly FoundMessage[];
  readonly responses: readonly FoundMessage[];
}

export interface ChildConversation {
  readonly exchange: Exchange;
  /** Chosen by each side of the exchange for what it receives. */
  readonly spis: { readonly initiator: number; readonly responder: number };
  readonly mode: 'transport' | 'tunnel';
  /** The SPI of the child that this one replaces, as its exchange initiator receives under it. */
  readonly rekeys?: number;
}

/** Looked up by who said it, or by what was said. */
export class IkeConversations {
  readonly #messages = new Files<FoundMessage>();
  readonly #answers = new Files<{ readonly message: FoundMessage; readonly asked: number }>();
  readonly #sas = new Map<string, OpenSa>();

  add(message: FoundMessage): void {
    const { place } = message.frame.entry;
    for (const key of keysOf(message)) this.#messages.add(key, place, message);
    const answers = this.#saOf(message).add(message);
    if (answers) this.#answers.add(endOf(message), place, { message, asked: answers.asked });
  }

  remove(message: FoundMessage): void {
    const { place } = message.frame.entry;
    for (const key of keysOf(message)) this.#messages.remove(key, place);
    this.#answers.remove(endOf(message), place);
    this.#saOf(message).remove(message);
  }

  /** In order, whether or not they could be opened. */
  messages(after: number): readonly FoundMessage[] {
    return this.#messages.after(EVERY, after);
  }

  messagesFrom(station: string, after: number): readonly FoundMessage[] {
    return this.#messages.after(by(station), after);
  }

  /** The first answer with SAs in it, to a request of IKE_AUTH or CREATE_CHILD_SA made after this place. */
  agreement(after: number): FoundMessage | undefined {
    return this.#answer('agrees', after);
  }

  /** The first message of this station that notifies of this error, or of any that ends an exchange without an SA. */
  refusal(station: string, after: number, notify?: string): FoundMessage | undefined {
    return this.#messages.firstAfter(refusesBy(station, notify), after);
  }

  /** The request in which this station deletes an IKE SA that it had asked for after this place, before it said anything else under it. */
  givenUp(station: string, after: number): FoundMessage | undefined {
    const messages = this.messagesFrom(station, after);
    const deletion = messages.find(deletesIke);
    const earlier = messages.filter(
      ({ frame, ike }) =>
        deletion !== undefined &&
        frame.entry.place < deletion.frame.entry.place &&
        hex(ike.message.header.initiatorSPI) === hex(deletion.ike.message.header.initiatorSPI),
    );
    const begins = earlier.some(({ ike }) => ike.message.header.exchangeType === exchangeTypes.IKE_AUTH);
    return begins && earlier.every(asksForIke) ? deletion : undefined;
  }

  /** The first answer to an INFORMATIONAL request made after this place. */
  information(after: number): FoundMessage | undefined {
    return this.#answer('informs', after);
  }

  /** The one that a message belongs to. */
  exchangeOf(message: FoundMessage): Exchange | undefined {
    return this.#saOf(message).exchangeOf(message);
  }

  ikeSas(): readonly IkeSaConversation[] {
    return [...this.#sas.values()].map((sa) => sa.conversation());
  }

  /** What was asked before is answered late at times; each exchange has one answer here, however often it was repeated. */
  #answer(end: End, after: number): FoundMessage | undefined {
    const first = this.#answers.firstAfter(end, after);
    if (first === undefined || first.asked > after) return first?.message;
    return this.#answers.after(end, after).find(({ asked }) => asked > after)?.message;
  }

  #saOf({ ike }: FoundMessage): OpenSa {
    const { initiatorSPI } = ike.message.header;
    const name = hex(initiatorSPI);
    const known = this.#sas.get(name);
    if (known) return known;
    const sa = new OpenSa(name);
    this.#sas.set(name, sa);
    return sa;
  }
}

/** The child that an exchange agreed on; undefined while there is none that could be opened. */
export function childOf(exchange: Exchange): ChildConversation | undefined {
  const [asked, answered] = [exchange.requests, exchange.responses].map((messages) =>
    messages.map(({ ike }) => ike.payloads).find((payloads) => payloads !== undefined),
  );
  const agreed = proposalsIn(answered)[0];
  const offered = agreed && proposalsIn(asked).find(({ number }) => number === agreed.number);
  if (!agreed || !offered || !isChild(agreed) || !isChild(offered)) return undefined;
  const rekeyed = notifyIn(asked, notifyTypes.REKEY_SA);
  return {
    exchange,
    spis: { initiator: readU32(offered.spi), responder: readU32(agreed.spi) },
    mode: notifyIn(answered, notifyTypes.USE_TRANSPORT_MODE) ? 'transport' : 'tunnel',
    ...(rekeyed?.spi.length === 4 && { rekeys: readU32(rekeyed.spi) }),
  };
}

type Proposal = PayloadOf<'SA'>['proposals'][number];

function proposalsIn(payloads: readonly Payload[] | undefined): readonly Proposal[] {
  return payloads?.find((payload) => payload.type === 'SA')?.proposals ?? [];
}

function notifyIn(payloads: readonly Payload[] | undefined, type: number): PayloadOf<'N'> | undefined {
  return payloads?.find((payload): payload is PayloadOf<'N'> => payload.type === 'N' && payload.notifyType === type);
}

const isChild = ({ protocolId, spi }: Proposal): boolean => protocolId !== protocolIds.IKE && spi.length === 4;

function deletesIke({ ike: { message, payloads } }: FoundMessage): boolean {
  const isDeletion = (payload: Payload): boolean => payload.type === 'D' && payload.protocolId === protocolIds.IKE;
  return !message.header.flags.response && (payloads?.some(isDeletion) ?? false);
}

function asksForIke({ ike: { message } }: FoundMessage): boolean {
  const { exchangeType, flags } = message.header;
  return !flags.response && (isInClear(exchangeType) || exchangeType === exchangeTypes.IKE_AUTH);
}

/** An IKE SA while its messages come in. */
class OpenSa {
  readonly #initiatorSPI: string;
  readonly #messages = new Timeline<FoundMessage>();
  readonly #exchanges = new Map<string, OpenExchange>();

  constructor(initiatorSPI: string) {
    this.#initiatorSPI = initiatorSPI;
  }

  /** Where its request stood, if this is the answer that ends its exchange. */
  add(message: FoundMessage): { readonly asked: number } | undefined {
    const { place } = message.frame.entry;
    const { exchangeType, messageId, flags } = message.ike.message.header;
    const by = requesterOf(message);
    const name = `${by} ${messageId}`;
    const exchange: OpenExchange = this.#exchanges.get(name) ?? {
      exchangeType,
      messageId,
      by,
      requests: new Timeline<FoundMessage>(),
      responses: new Timeline<FoundMessage>(),
      answered: undefined,
    };
    this.#exchanges.set(name, exchange);
    exchange[flags.response ? 'responses' : 'requests'].add(place, message);
    this.#messages.add(place, message);
    if (!flags.response || exchange.answered !== undefined || message.ike.payloads === undefined) return undefined;
    // What nobody was seen to ask is no answer.
    const asked = exchange.requests.firstAfter(-1)?.frame.entry.place;
    if (asked === undefined) return undefined;
    exchange.answered = place;
    return { asked };
  }

  remove(message: FoundMessage): void {
    const { place } = message.frame.entry;
    const { messageId, flags } = message.ike.message.header;
    const exchange = this.#exchanges.get(`${requesterOf(message)} ${messageId}`);
    exchange?.[flags.response ? 'responses' : 'requests'].remove(place);
    if (exchange?.answered === place) exchange.answered = undefined;
    this.#messages.remove(place);
  }

  conversation(): IkeSaConversation {
    const messages = this.#messages.after(-1);
    return {
      initiatorSPI: this.#initiatorSPI,
      responderSPI: responderSpiIn(messages),
      ends: { initiator: endsOf(messages, 'initiator'), responder: endsOf(messages, 'responder') },
      exchanges: [...this.#exchanges.values()].map(exchangeNow),
    };
  }

  exchangeOf(message: FoundMessage): Exchange | undefined {
    const exchange = this.#exchanges.get(`${requesterOf(message)} ${message.ike.message.header.messageId}`);
    return exchange && exchangeNow(exchange);
  }
}

function exchangeNow({ requests, responses, exchangeType, messageId, by: requester }: OpenExchange): Exchange {
  return { exchangeType, messageId, by: requester, requests: requests.after(-1), responses: responses.after(-1) };
}

function responderSpiIn(messages: readonly FoundMessage[]): string {
  const spis = messages.map(({ ike }) => hex(ike.message.header.responderSPI));
  return spis.find((spi) => !/^0*$/.test(spi)) ?? '';
}

function endsOf(messages: readonly FoundMessage[], role: IkeRole): readonly IkeEnd[] {
  const ends: IkeEnd[] = [];
  for (const { frame, ike } of messages) {
    if (ike.message.header.flags.initiator !== (role === 'initiator')) continue;
    const [station, address] = [frame.entry.from, ike.carrier.source];
    const last = ends.at(-1);
    if (last?.station === station && last.address === address) continue;
    ends.push({ station, address, since: frame.entry.number });
  }
  return ends;
}

/** A response answers the other side (RFC 7296 3.1, the flags I and R). */
function requesterOf({ ike }: FoundMessage): IkeRole {
  const { initiator, response } = ike.message.header.flags;
  return initiator === response ? 'responder' : 'initiator';
}

interface OpenExchange extends Omit<Exchange, 'requests' | 'responses'> {
  readonly requests: Timeline<FoundMessage>;
  readonly responses: Timeline<FoundMessage>;
  /** The place of the first response that can be believed. */
  answered: number | undefined;
}

/** Everything a message may be looked up under. What nobody may believe says nothing. */
function keysOf({ frame, ike }: FoundMessage): readonly string[] {
  const station = frame.entry.from;
  const said = [EVERY, by(station)];
  if (ike.payloads === undefined) return said;
  const names = [...new Set(notificationsIn(ike))];
  const refusals = refusalIn(ike) === undefined ? [] : [refusesBy(station)];
  return [...said, ...names.map((name) => refusesBy(station, name)), ...refusals];
}

/** What an answer comes to. */
type End = 'agrees' | 'informs' | 'neither';

function endOf({ ike: { message, payloads } }: FoundMessage): End {
  const { exchangeType } = message.header;
  if (exchangeType === exchangeTypes.INFORMATIONAL) return 'informs';
  const hasSa = payloads?.some((payload) => payload.type === 'SA') ?? false;
  return hasSa && exchangeType !== exchangeTypes.IKE_SA_INIT ? 'agrees' : 'neither';
}

const EVERY = 'every';
const by = (station: string): string => `by ${station}`;
const refusesBy = (station: string, notify?: string): string =>
  notify === undefined ? `refuses by ${station}` : `notifies ${notify} by ${station}`;
