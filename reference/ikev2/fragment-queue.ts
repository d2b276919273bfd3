/**
 * Receiving in fragments (RFC 7383 section 2.6): what is held against a fragment before and after its ICV is checked, where fragments wait for the
 * rest, and what they make together. As many messages are gathered at a time as the windows hold.
 */
import type { PayloadOf } from '../wire/ike/payload-chain.ts';
import { concat } from '../wire/octets.ts';
import { ikev2Bounds } from './bounds.ts';
import type { FragmentQueue, IkeSa, MessageKind } from './ike-sa.ts';
import type { Fragment } from './interface.ts';
import { patience } from './message-id-window.ts';
import type { Refusal } from './refusal.ts';
import { tellRefusal } from './surroundings.ts';

/** Why a fragment is not even opened. */
export function refusalOfFragment(
  ikeSa: IkeSa,
  kind: MessageKind,
  messageId: number,
  { fragmentNumber, totalFragments }: PayloadOf<'SKF'>,
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  const named = `fragment ${fragmentNumber} of ${totalFragments}`;
  if (!ikeSa.fragmentation) return { rule: 'fragmentationAgreed', detail: named };
  if (!rules.fragmentNumbers(fragmentNumber, totalFragments)) return { rule: 'fragmentNumbers', detail: named };
  if (totalFragments > ikev2Bounds.fragments) return { rule: 'fragments', detail: named };
  const queue = queueFor(ikeSa, kind, messageId);
  if (queue === undefined) return undefined;
  if (!rules.fragmentOfSet(totalFragments, queue.totalFragments)) {
    return { rule: 'fragmentOfSet', detail: `${named}, while ${queue.totalFragments} are awaited` };
  }
  const ofSameSet = totalFragments <= queue.totalFragments;
  if (
    ofSameSet &&
    !rules.fragmentIsNew(
      fragmentNumber,
      queue.waiting.map((each) => each.fragmentNumber),
    )
  ) {
    return { rule: 'fragmentIsNew', detail: `${named} again` };
  }
  return undefined;
}

/** Empties the queue where this fragment is of a newer set. */
export function startOver(
  ikeSa: IkeSa,
  kind: MessageKind,
  messageId: number,
  { totalFragments }: PayloadOf<'SKF'>,
  isAuthentic: () => boolean,
): void {
  const queue = queueFor(ikeSa, kind, messageId);
  if (queue && ikeSa.surroundings.rules.fragmentsStartOver(totalFragments, queue.totalFragments, isAuthentic))
    forget(ikeSa, queue);
}

/** Stores an authentic fragment; the chain of payloads, if that was the last one missing. */
export function gathered(
  ikeSa: IkeSa,
  kind: MessageKind,
  messageId: number,
  fragment: Fragment,
): Pick<Fragment, 'innerNextPayload' | 'content'> | undefined {
  const { now, settings, rules } = ikeSa.surroundings;
  const queue: FragmentQueue = queueFor(ikeSa, kind, messageId) ?? {
    kind,
    messageId,
    totalFragments: fragment.totalFragments,
    waiting: [],
    until: now + patience(settings.retransmission),
  };
  const waiting = [...queue.waiting, fragment];
  const octets = waiting.reduce((sum, { content }) => sum + content.length, 0);
  if (octets > ikev2Bounds.fragmentOctets) {
    tellRefusal(ikeSa.surroundings, 'fragmentOctets', `${octets} of message ${messageId}`);
    ikeSa.end('failed', 'fragments without an end');
    return undefined;
  }
  if (waiting.length < queue.totalFragments) {
    forget(ikeSa, queue);
    ikeSa.gathering = [...ikeSa.gathering, { ...queue, waiting }];
    return undefined;
  }
  const inOrder = [...waiting].sort((one, other) => one.fragmentNumber - other.fragmentNumber);
  return {
    innerNextPayload: rules.firstPayloadOfFragments(waiting),
    content: concat(...inOrder.map(({ content }) => content)),
  };
}

/** What was gathered of this message is of no use any more. */
export function forget(ikeSa: IkeSa, message: Pick<FragmentQueue, 'kind' | 'messageId'>): void {
  ikeSa.gathering = ikeSa.gathering.filter((queue) => !isOf(queue, message));
}

/** Section 2.6: after a while the rest will not come. An initiator asks again anyhow. */
export function forgetIncomplete(ikeSa: IkeSa): void {
  const { now, rules } = ikeSa.surroundings;
  for (const queue of ikeSa.gathering.filter(({ until }) => until <= now)) {
    forget(ikeSa, queue);
    if (queue.kind === 'request' && rules.incompleteRequestEndsIkeSa())
      ikeSa.end('failed', 'a request never became whole');
  }
}

function queueFor({ gathering }: IkeSa, kind: MessageKind, messageId: number): FragmentQueue | undefined {
  return gathering.find((queue) => isOf(queue, { kind, messageId }));
}

function isOf(queue: FragmentQueue, { kind, messageId }: Pick<FragmentQueue, 'kind' | 'messageId'>): boolean {
  return queue.kind === kind && queue.messageId === messageId;
}
