/**
 * Message IDs, retransmission and the windows (RFC 7296 sections 2.1 to 2.4), for one IKE SA. Both directions count on their own: requests this
 * node makes, some of them outstanding, and requests of the peer, whose answers are kept so that a repetition is answered and never processed
 * again. How large each window is comes from `window-size.ts`, what may be done in it from the rules; what is in a message belongs to the exchanges.
 */
import type { Instant } from '../machine.ts';
import type { IkeSettings } from './configuration.ts';
import type { Path } from './interface.ts';

/** How long a request waits for its response, all its sendings together, in milliseconds. */
export function patience({ first, factor, tries }: IkeSettings['retransmission']): number {
  return Array.from({ length: tries }, (_, sendings) => first * factor ** sendings).reduce(
    (sum, each) => sum + each,
    0,
  );
}

/** A request that waits for its response. */
export interface OutstandingRequest<Exchange> {
  readonly messageId: number;
  readonly exchange: Exchange;
  /** Sends it again. */
  readonly transmit: () => void;
  readonly sendings: number;
  readonly resendAt: Instant;
}

/** A request of the peer, and the answer to it. */
export interface AnsweredRequest {
  readonly messageId: number;
  readonly request: Uint8Array;
  /** Sends the response again, to where the repeated request came from (section 2.11). */
  readonly transmit: (repeated: Path) => void;
}

export class MessageIdWindow<Exchange> {
  /** The Message ID of this node's next request. */
  nextRequest = 0;
  /** In the order of their Message IDs. */
  outstanding: readonly OutstandingRequest<Exchange>[] = [];
  /** The lowest Message ID of the peer's that is not answered. */
  expectedRequest = 0;
  /** How many requests this node has said that it handles at once, and how many the peer has. */
  size = 1;
  peersSize = 1;
  /** When the peer was last told of a Message ID beyond the window. */
  complainedAt: Instant | undefined;
  private readonly retransmission: IkeSettings['retransmission'];
  private readonly answers = new Map<number, AnsweredRequest>();
  /** Message IDs beyond one that is not answered. */
  private readonly answeredAhead = new Set<number>();

  constructor(retransmission: IkeSettings['retransmission']) {
    this.retransmission = retransmission;
  }

  /** A request has gone out for the first time. Section 2.2: whatever becomes of it, it has used up its Message ID. */
  sent(now: Instant, request: Pick<OutstandingRequest<Exchange>, 'messageId' | 'exchange' | 'transmit'>): void {
    this.nextRequest = request.messageId + 1;
    this.outstanding = [...this.outstanding, { ...request, sendings: 1, resendAt: now + this.retransmission.first }];
  }

  /** The response has come. */
  completed(messageId: number): void {
    this.outstanding = this.outstanding.filter((request) => request.messageId !== messageId);
  }

  /** Nobody waits for anything any more. */
  abandon(): void {
    this.outstanding = [];
  }

  /** The peer's request has been answered. */
  responded(answered: AnsweredRequest): void {
    const { messageId } = answered;
    this.answers.set(messageId, answered);
    if (messageId >= this.expectedRequest) this.answeredAhead.add(messageId);
    while (this.answeredAhead.delete(this.expectedRequest)) this.expectedRequest += 1;
  }

  isAnswered(messageId: number): boolean {
    return messageId < this.expectedRequest || this.answeredAhead.has(messageId);
  }

  /** The answer to a request that comes again, unless it is forgotten. */
  answerTo(messageId: number): AnsweredRequest | undefined {
    return this.answers.get(messageId);
  }

  forgetAnswers(isForgotten: (messageId: number) => boolean): void {
    for (const messageId of [...this.answers.keys()]) if (isForgotten(messageId)) this.answers.delete(messageId);
  }

  /** What is due now: nothing, another sending of some (made), or giving up, where a request was sent as often as `isGivenUp` says. */
  expire(now: Instant, isGivenUp: (sendings: number, tries: number) => boolean): 'waiting' | 'sentAgain' | 'givenUp' {
    const due = this.outstanding.filter(({ resendAt }) => resendAt <= now);
    if (due.length === 0) return 'waiting';
    const { first, factor, tries } = this.retransmission;
    if (due.some(({ sendings }) => isGivenUp(sendings, tries))) return 'givenUp';
    this.outstanding = this.outstanding.map((request) =>
      due.includes(request)
        ? { ...request, sendings: request.sendings + 1, resendAt: now + first * factor ** request.sendings }
        : request,
    );
    for (const { transmit } of due) transmit();
    return 'sentAgain';
  }
}
