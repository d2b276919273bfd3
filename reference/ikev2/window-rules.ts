/**
 * Decisions about windows of overlapping requests (RFC 7296 sections 2.1 to 2.3): how large they are, which request may be made and which is processed,
 * how long an answer is kept, and what becomes of a Message ID beyond.
 */
import { readU32, u32 } from '../wire/octets.ts';
import type { InitiatedExchange, Purpose } from './exchange.ts';

export interface WindowRules {
  /** 2.2, 2.3: what a request's Message ID means: to be processed, whatever came before it in the window; answered already; or neither. */
  requestMessageId(window: WindowOfRequests, received: number): 'new' | 'repeated' | 'outside';
  /** 2.1: an answer is kept until a request comes that the peer makes only once it has heard it. */
  answerForgotten(answered: number, received: number, size: number): boolean;
  /** 2.3: request X is made when all up to X-N are answered, N being the peer's window. */
  requestInWindow(messageId: number, outstanding: readonly number[], size: number): boolean;
  /** 2.25.1, 2.25.2: nothing is asked beside an exchange of its own that would have to be refused for it. */
  exchangesOverlap(running: readonly Overlapping[], next: Overlapping): boolean;
  /** 2.3: what a SET_WINDOW_SIZE makes of the peer's window: it has four octets, and a window only grows. */
  windowOfPeer(known: number, data: Uint8Array): number;
  /** 2.3: a window is one until the initial exchanges are complete. */
  windowInForce(said: number, initialExchangesComplete: boolean): number;
  /** 1.3.2, 2.3: an IKE SA that replaces another begins with one. */
  windowOfSuccessor(old: number): number;
  /** 2.3: what is said of this node's window, in four octets, where it is larger than what was said before. */
  windowAnnounced(size: number, said: number): Uint8Array | undefined;
  /** 2.3: who asks beyond the window may be told, at a limited rate and never in a response. Milliseconds since it was told last. */
  beyondWindow(sinceTold: number | undefined): 'inform' | 'answer' | 'ignore';
}

/** What is known of the peer's requests. */
export interface WindowOfRequests {
  /** The lowest Message ID that is not answered. */
  readonly expected: number;
  readonly size: number;
  isAnswered(messageId: number): boolean;
}

export type Overlapping = Pick<InitiatedExchange, 'purpose' | 'about'>;

export const windowRules: WindowRules = {
  requestMessageId({ expected, size, isAnswered }, received) {
    if (isAnswered(received)) return 'repeated';
    return received < expected + size ? 'new' : 'outside';
  },
  answerForgotten: (answered, received, size) => received >= answered + size,
  requestInWindow: (messageId, outstanding, size) =>
    [...outstanding, messageId].every((unanswered) => messageId < unanswered + size),
  exchangesOverlap: (running, next) =>
    running.every(
      ({ purpose, about }) =>
        !alone.has(purpose) && !alone.has(next.purpose) && (about === undefined || about !== next.about),
    ),
  windowOfPeer: (known, data) => (data.length === 4 ? Math.max(known, readU32(data)) : known),
  windowInForce: (said, initialExchangesComplete) => (initialExchangesComplete ? said : 1),
  windowOfSuccessor: () => 1,
  windowAnnounced: (size, said) => (size > said ? u32(size) : undefined),
  beyondWindow: (sinceTold) => (sinceTold === undefined || sinceTold >= TOLD_APART ? 'inform' : 'ignore'),
};

export const windowSections = {
  requestMessageId: 'RFC 7296 2.2, 2.3',
  answerForgotten: 'RFC 7296 2.1, 2.3',
  requestInWindow: 'RFC 7296 2.3',
  exchangesOverlap: 'RFC 7296 2.25.1, 2.25.2',
  windowOfPeer: 'RFC 7296 2.3',
  windowInForce: 'RFC 7296 2.3',
  windowOfSuccessor: 'RFC 7296 1.3.2, 2.3',
  windowAnnounced: 'RFC 7296 2.3',
  beyondWindow: 'RFC 7296 2.3',
} as const satisfies Record<keyof WindowRules, string>;

/** What is about all that the IKE SA has, or is its end. */
const alone: ReadonlySet<Purpose> = new Set(['rekeyIkeSa', 'deleteIkeSa', 'report']);

/** Milliseconds. */
const TOLD_APART = 60_000;
