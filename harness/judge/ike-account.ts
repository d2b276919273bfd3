/**
 * What was said by IKE after a named moment: agreed, refused, or answered, each with the message that says so. What could not be opened says nothing.
 */
import { protocolIds } from '../../reference/wire/ike/registry.ts';
import { hex, readU32 } from '../../reference/wire/octets.ts';
import type { Transcript } from '../capture/transcript.ts';
import type { Conversations } from './conversations.ts';
import { ikeEvidence } from './evidence-of.ts';
import { type Finding, finding } from './finding.ts';
import type { Exchange } from './ike-conversations.ts';
import { isNamed } from './ike-opening.ts';
import type { Moments } from './moments.ts';
import { notation } from './notation.ts';
import type { FoundMessage } from './opened-frame.ts';
import { testedIn } from './parties.ts';
import { refusalIn } from './refusal.ts';

export interface HeardOptions {
  readonly by?: string;
  /** Only after this moment. */
  readonly after?: string;
  /** Only before this moment. */
  readonly before?: string;
  readonly exchange?: number;
  readonly response?: boolean;
}

export interface FoundDeletion {
  readonly message: FoundMessage;
  /** A child by the SPI that who deletes it receives under; the IKE SA by its initiator's SPI in hex. */
  readonly deleted: number | string;
}

export class IkeAccount {
  readonly #transcript: Transcript;
  readonly #conversations: Conversations;
  readonly #moments: Moments;

  constructor(transcript: Transcript, conversations: Conversations, moments: Moments) {
    this.#transcript = transcript;
    this.#conversations = conversations;
    this.#moments = moments;
  }

  /** The first message from `by` after `after` that the notation matches. What could not be opened matches nothing. */
  heard(text: string, options: HeardOptions = {}): Finding | undefined {
    const found = this.#heard(text, options);
    return found && finding(`heard ${text} from ${options.by ?? 'nut'}`, ikeEvidence(found.frame, text));
  }

  /** The exchange that such a request began, with its answers so far. Exchanges may overlap: what was asked at another moment does not end it. */
  exchange(request: string, options: Omit<HeardOptions, 'response'> = {}): Exchange | undefined {
    const found = this.#heard(request, { ...options, response: false });
    return found && this.#conversations.ike.exchangeOf(found);
  }

  /** What a party asked to be deleted after a moment, in order; each SA as often as it was asked. */
  deletions(by: string, after?: string): readonly FoundDeletion[] {
    const messages = this.#conversations.ike.messagesFrom(by, this.#moments.placeOf(after));
    const requests = messages.filter(({ ike }) => !ike.message.header.flags.response);
    return requests.flatMap((message) => deletedIn(message).map((deleted) => ({ message, deleted })));
  }

  #heard(text: string, { by = 'nut', after, before, exchange, response }: HeardOptions): FoundMessage | undefined {
    const pattern = notation(text);
    const end = before === undefined ? Number.POSITIVE_INFINITY : (this.#moments.mark(before)?.place ?? 0);
    return this.#conversations.ike
      .messagesFrom(by, this.#moments.placeOf(after))
      .find(
        ({ frame, ike }) =>
          frame.entry.place < end &&
          (exchange === undefined || ike.message.header.exchangeType === exchange) &&
          isNamed(ike, pattern, response),
      );
  }

  /** A message found by a question of its own, as a finding. */
  said({ frame }: FoundMessage, says: string): Finding {
    return finding(says, ikeEvidence(frame, says));
  }

  /** The IKE messages from a moment on, in order, whether or not they could be opened. */
  messages(after?: string): readonly FoundMessage[] {
    return this.#conversations.ike.messages(this.#moments.placeOf(after));
  }

  /**
   * The message that ends the exchange begun at this moment, whoever began it: a child was agreed, somebody refused, or what was told is answered. Undefined
   * while it is open.
   */
  settled(name: string): FoundMessage | undefined {
    const refusal = () =>
      Object.keys(this.#transcript.intent.parties)
        .map((party) => this.#inExchangeOf(name, (place) => this.#conversations.ike.refusal(party, place)))
        .find((each) => each !== undefined);
    return this.#agreement(name) ?? refusal() ?? this.information(name);
  }

  /** IKE_AUTH or CREATE_CHILD_SA with an SA in its answer, for a child under this protocol if one is named. */
  childAgreed(name: string, protocol?: 'ESP' | 'AH'): Finding | undefined {
    const found = this.#agreement(name);
    if (!found || (protocol && protocolAgreed(found) !== protocolIds[protocol])) return undefined;
    return this.#answerOf(name, found, `a child was agreed${protocol ? ` under ${protocol}` : ''}`);
  }

  /** An error notification in an answer of this party, or in a request that gives the exchange up. */
  refused(name: string, by: string, notify?: string): Finding | undefined {
    const found = this.#inExchangeOf(name, (place) => this.#conversations.ike.refusal(by, place, notify));
    if (!found) return undefined;
    const refusal = notify ?? refusalIn(found.ike)!;
    return finding(
      `${by} answers ${refusal}`,
      ikeEvidence(found.frame, refusal, ({ value }) => value === refusal),
    );
  }

  /** An initiator deletes what it asked for before anything came of it, and nobody told it to: it need not notify (RFC 7296 2.21.2). */
  givenUp(name: string, by: string): Finding | undefined {
    const found = this.#inExchangeOf(name, (place) => this.#conversations.ike.givenUp(by, place));
    if (!found || this.#isToldToClose(this.#moments.placeOf(name), found.frame.entry.place)) return undefined;
    const says = `${by} deletes the IKE SA`;
    return finding(
      says,
      ikeEvidence(found.frame, says, (payload) => payload.name.startsWith('D')),
    );
  }

  /** Either by a tested party, whichever it is. */
  refusedByTested(name: string): Finding | undefined {
    return testedIn(this.#transcript.cast)
      .map((party) => this.refused(name, party) ?? this.givenUp(name, party))
      .find((each) => each !== undefined);
  }

  /** An INFORMATIONAL answer: what a close or a liveness check ends in. */
  informed(name: string): Finding | undefined {
    const found = this.information(name);
    return found && this.#answerOf(name, found, 'answered');
  }

  /** That answer. */
  information(name: string): FoundMessage | undefined {
    const act = this.#moments.mark(name)?.act;
    if (act?.kind !== 'command' || !['close', 'close-child', 'liveness'].includes(act.command?.kind)) return undefined;
    return this.#inExchangeOf(name, (place) => this.#conversations.ike.information(place));
  }

  #agreement(name: string): FoundMessage | undefined {
    return this.#inExchangeOf(name, (place) => this.#conversations.ike.agreement(place));
  }

  /** What was said from this moment on, until the next one that asks for SAs. */
  #inExchangeOf(name: string, found: (place: number) => FoundMessage | undefined): FoundMessage | undefined {
    const place = this.#moments.placeOf(name);
    const message = found(place);
    const end = this.#moments.askingAfter(place)?.place ?? Number.POSITIVE_INFINITY;
    return message && message.frame.entry.place < end ? message : undefined;
  }

  /** Whether anybody was, between two places. */
  #isToldToClose(after: number, before: number): boolean {
    for (let mark = this.#moments.markAfter(after); mark; mark = this.#moments.markAfter(mark.place)) {
      if (mark.place > before) return false;
      if (mark.act.kind === 'command' && mark.act.command?.kind === 'close') return true;
    }
    return false;
  }

  #answerOf(name: string, { frame }: FoundMessage, says: string): Finding {
    const evidence = ikeEvidence(frame, says, (payload) => payload.name.startsWith('SA['));
    return finding(`${name}: ${says} in frame ${frame.entry.number}`, evidence);
  }
}

function deletedIn({ ike: { message, payloads = [] } }: FoundMessage): readonly FoundDeletion['deleted'][] {
  const deletes = payloads.filter((payload) => payload.type === 'D');
  return deletes.flatMap(({ protocolId, spis }): readonly FoundDeletion['deleted'][] =>
    protocolId === protocolIds.IKE ? [hex(message.header.initiatorSPI)] : spis.map((spi) => readU32(spi)),
  );
}

/** Of the proposal in an answer. */
function protocolAgreed({ ike }: FoundMessage): number | undefined {
  return ike.payloads?.find((payload) => payload.type === 'SA')?.proposals[0]?.protocolId;
}
