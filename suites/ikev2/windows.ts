/**
 * What the scenarios of windows share (RFC 7296 2.3): children enough that several exchanges may overlap, and what the log shows of requests that are outstanding at the
 * same time. The first child carries the echoes.
 */
import { saying } from '../../harness/vocabulary/ike-intent.ts';
import type { Account, Exchange, FoundMessage } from '../../harness/vocabulary/judging.ts';
import { childName, establishing, keyedHosts } from '../../harness/vocabulary/keying.ts';
import { transportPair } from '../../harness/vocabulary/pairs.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { hex } from '../../reference/wire/octets.ts';
import { keyingOf } from './crossing.ts';
import { notificationIn } from './exchanges.ts';
import type { Role } from './nodes.ts';

const names = { first: 'ICMP', udp: 'UDP', tcp: 'TCP', sctp: 'SCTP' } as const;

export const children = {
  first: childName('first'),
  udp: childName('udp'),
  tcp: childName('tcp'),
  sctp: childName('sctp'),
} as const satisfies Record<keyof typeof names, unknown>;

/** Two hosts with a child for each protocol, and how many requests each says that it handles at once. */
export function withWindows(role: Role, windows: Readonly<Partial<Record<'nut' | 'tn', number>>>) {
  const pairs = Object.entries(names).map(([name, protocol]) =>
    transportPair(name, 'ipv4', { selector: { protocol: protocols[protocol] } }),
  );
  const told = Object.entries(windows).map(([party, windowSize]) => [party, { windowSize }]);
  return saying(keyedHosts(keyingOf(role), 'ipv4', pairs), Object.fromEntries(told));
}

/** What the node is told of its own window. */
export const windows = ['one', 'two'] as const;

/** A product that has no such setting has one, and is told nothing. */
export const nodesWindow = (window: string) => (window === 'two' ? { nut: 2 } : {});

/** As many as the tester takes the node to handle. */
export const SEVERAL = 4;

/** What the node says of its window in IKE_AUTH. */
export function windowSaid(t: Account): Uint8Array | undefined {
  const said = t.ike.messages(establishing('first')).filter(({ frame }) => frame.entry.from === 'nut');
  return notificationIn(said, 'SET_WINDOW_SIZE');
}

/** The exchanges of CREATE_CHILD_SA and INFORMATIONAL that a party began after a moment, in the order in which it did. */
export function exchangesOf(t: Account, by: 'nut' | 'tn', after: string): readonly Exchange[] {
  const requests = t.ike
    .messages(after)
    .filter(({ frame, ike }) => frame.entry.from === by && !ike.message.header.flags.response);
  const names = requests.map(nameOf);
  const firsts = requests.filter((message, place) => names.indexOf(nameOf(message)) === place);
  return firsts.map((message) => t.conversations.ike.exchangeOf(message)!);
}

const nameOf = ({ ike: { message } }: FoundMessage): string =>
  `${hex(message.header.initiatorSPI)} ${message.header.messageId}`;

/** Where an exchange was answered first. */
export function answeredAt({ responses }: Exchange): number {
  return responses[0]?.frame.entry.place ?? Number.POSITIVE_INFINITY;
}

/** The request for which the oldest that was not answered lay furthest back, and how many requests that were: one where none was outstanding. */
export function widest(
  exchanges: readonly Exchange[],
): { readonly message: FoundMessage; readonly requests: number } | undefined {
  const spans = exchanges.flatMap(({ requests: [message], messageId }) => {
    if (!message) return [];
    const isOutstanding = (other: Exchange) =>
      other.messageId < messageId && isOfSame(other, message) && answeredAt(other) > message.frame.entry.place;
    const oldest = Math.min(messageId, ...exchanges.filter(isOutstanding).map((other) => other.messageId));
    return [{ message, requests: messageId - oldest + 1 }];
  });
  return spans.sort((one, other) => other.requests - one.requests)[0];
}

function isOfSame({ requests: [first] }: Exchange, { ike }: FoundMessage): boolean {
  const spi = first?.ike.message.header.initiatorSPI;
  return spi !== undefined && hex(spi) === hex(ike.message.header.initiatorSPI);
}

/** The notifications of a Message ID beyond the window, in requests of the node. */
export function complaintsIn(exchanges: readonly Exchange[]): readonly FoundMessage[] {
  return exchanges.flatMap(({ requests }) => {
    const complains = requests[0]?.ike.payloads?.some(
      (payload) => payload.type === 'N' && payload.notifyType === notifyTypes.INVALID_MESSAGE_ID,
    );
    return complains ? requests.slice(0, 1) : [];
  });
}
