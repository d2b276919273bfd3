/**
 * Message IDs, retransmission and the window (RFC 7296 sections 2.1 to 2.4), for one IKE SA. Both directions count on their own: requests this
 * node makes, one outstanding at a time, and requests of the peer, the last of which is kept with its response so that a
 * repetition is answered and never processed again. What is in a message belongs to the exchanges.
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

/** The peer's last request, and the answer to it. */
export interface AnsweredRequest {
  readonly messageId: number;
  readonly request: Uint8Array;
  /** Sends the response again, to where the repeated request came from (section 2.11). */
  readonly transmit: (repeated: Path) => void;
}

export class MessageIdWindow<Exchange> {
  /** The Message ID of this node's next request. */
  nextRequest = 0;
  /** The Message ID that the peer's next request must have. */
  expectedRequest = 0;
  outstanding: OutstandingRequest<Exchange> | undefined;
  answered: AnsweredRequest | undefined;
  private readonly retransmission: IkeSettings['retransmission'];

  constructor(retransmission: IkeSettings['retransmission']) {
    this.retransmission = retransmission;
  }

  /** A request has gone out for the first time. Section 2.2: whatever becomes of it, it has used up its Message ID. */
  sent(now: Instant, request: Pick<OutstandingRequest<Exchange>, 'messageId' | 'exchange' | 'transmit'>): void {
    this.nextRequest = request.messageId + 1;
    this.outstanding = { ...request, sendings: 1, resendAt: now + this.retransmission.first };
  }

  /** The response has come. */
  completed(): void {
    this.outstanding = undefined;
  }

  /** The peer's request has been answered. */
  responded(answered: AnsweredRequest): void {
    this.answered = answered;
    this.expectedRequest = answered.messageId + 1;
  }

  /** What is due now: nothing, another sending (made), or giving up (section 2.4: only after repeated attempts). */
  expire(now: Instant): 'waiting' | 'sentAgain' | 'givenUp' {
    const request = this.outstanding;
    if (request === undefined || request.resendAt > now) return 'waiting';
    const { first, factor, tries } = this.retransmission;
    if (request.sendings >= tries) return 'givenUp';
    this.outstanding = {
      ...request,
      sendings: request.sendings + 1,
      resendAt: now + first * factor ** request.sendings,
    };
    request.transmit();
    return 'sentAgain';
  }
}
