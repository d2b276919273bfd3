/**
 * How many requests may overlap on an IKE SA (RFC 7296 section 2.3): what this node promises in SET_WINDOW_SIZE, in IKE_AUTH and on every IKE SA that replaces another, and
 * what it has heard of the peer. What is done within the two windows is `message-id-window.ts`.
 */
import type { NotifyPayload } from '../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { u32 } from '../wire/octets.ts';
import type { IkeConnection } from './configuration.ts';
import type { InitiatedExchange, ReceivedMessage } from './exchange.ts';
import type { IkeSa } from './ike-sa.ts';
import { findNotify, notify } from './payloads.ts';

/** `[N(SET_WINDOW_SIZE)]`, of who handles several at once. From now on it holds. */
export function windowNotifies({ window, surroundings }: IkeSa, { windowSize = 1 }: IkeConnection): NotifyPayload[] {
  const data = surroundings.rules.windowAnnounced(windowSize, window.size);
  if (data === undefined) return [];
  window.size = windowSize;
  return [notify(notifyTypes.SET_WINDOW_SIZE, data)];
}

/** What the peer says of its window in a message that is protected. */
export function heedWindow({ window, surroundings }: IkeSa, { chain, payloads }: ReceivedMessage): void {
  const said = chain && findNotify(payloads, 'SET_WINDOW_SIZE');
  if (said) window.peersSize = surroundings.rules.windowOfPeer(window.peersSize, said.data);
}

/** On an IKE SA that has replaced another the windows are said anew. */
export function announceWindow(ikeSa: IkeSa): void {
  const { connection } = ikeSa;
  if (connection?.windowSize === undefined) return;
  ikeSa.begin({
    name: 'INFORMATIONAL',
    purpose: 'announceWindow',
    build() {
      const notifies = windowNotifies(ikeSa, connection);
      return notifies.length > 0 ? notifies : undefined;
    },
    process: () => undefined,
  });
}

/** How many of the peer's requests this node handles at once. */
export function ownWindow(ikeSa: IkeSa): number {
  return inForce(ikeSa, ikeSa.window.size);
}

/** Whether the next request may be this one, now. */
export function mayAsk(ikeSa: IkeSa, next: InitiatedExchange): boolean {
  const { window, surroundings } = ikeSa;
  const { rules, seams } = surroundings;
  const { outstanding, nextRequest } = window;
  const size = inForce(ikeSa, seams.presumedWindow(window.peersSize));
  const asked = outstanding.map(({ messageId }) => messageId);
  const running = outstanding.map(({ exchange }) => exchange);
  return rules.requestInWindow(nextRequest, asked, size) && rules.exchangesOverlap(running, next);
}

export function invalidMessageId(messageId: number): NotifyPayload {
  return notify(notifyTypes.INVALID_MESSAGE_ID, u32(messageId));
}

/** That a request came from beyond the window. */
export function messageIdComplaint(messageId: number): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'invalidMessageId',
    build: () => [invalidMessageId(messageId)],
    process: () => undefined,
  };
}

function inForce({ state, surroundings }: IkeSa, said: number): number {
  return surroundings.rules.windowInForce(said, 'peer' in state);
}
