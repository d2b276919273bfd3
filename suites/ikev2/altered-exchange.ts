/**
 * One message of one exchange is altered by the tester, as whom the node asks or answers: which message that is, how the exchange comes about in the middle
 * of a conversation, and what became of it. Whatever became of it, a conversation after it begins anew (`nodes.ts`).
 */
import { peering } from '../../harness/vocabulary/ike-intent.ts';
import {
  type Account,
  both,
  type Control,
  type Finding,
  type FoundMessage,
  finding,
  type Judgement,
  notificationsIn,
  seen,
} from '../../harness/vocabulary/judging.ts';
import { childName } from '../../harness/vocabulary/keying.ts';
import type { Meant } from '../../harness/vocabulary/lies.ts';
import type { Stage } from '../../harness/vocabulary/stage.ts';
import { firstStatusType, notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import { makesChild } from './create-child-sa.ts';
import type { At, Role } from './nodes.ts';

const exchanges = {
  'ike-sa-init': 'IKE_SA_INIT',
  'ike-auth': 'IKE_AUTH',
  'create-child-sa': 'CREATE_CHILD_SA',
  informational: 'INFORMATIONAL',
} as const;
export type ExchangeAsked = keyof typeof exchanges;
export const exchangesAsked = Object.keys(exchanges) as readonly ExchangeAsked[];

/** The tester's message: its request where the node answers, its answer where the node asks. The first of its kind. */
export function alters(exchange: ExchangeAsked, role: Role, ikeSa?: number): Meant {
  return {
    exchange: exchanges[exchange],
    kind: role === 'responder' ? 'request' : 'response',
    ...(ikeSa !== undefined && { ikeSa }),
    times: 1,
  };
}

/** The exchange that is asked about, where it is not one of the first two: a child is rekeyed, or closed. */
export function meanwhileOf(stage: Stage, exchange: ExchangeAsked, role: Role): () => Promise<void> {
  const { tn, nut } = stage;
  const child = childName(peering.child);
  return async () => {
    if (exchange === 'create-child-sa') {
      await (role === 'initiator' ? nut : tn).rekeysChild('asked', child);
      await tn.echo('asked echo', { unlessRefused: 'asked' });
    }
    if (exchange !== 'informational') return;
    if (role === 'responder') await tn.closesChild('asked', child);
    else {
      await nut.closesChild('asked', child);
      await nut.initiates('another', child);
      await tn.asksForLife('another alive', child, { unlessRefused: 'another' });
    }
  };
}

/** That the tester did as is said of it. */
export function wasTold(t: Account, name: string): Control {
  const told = t.ike
    .messages('claim')
    .find(({ frame }) => frame.entry.from === 'tn' && frame.entry.tampers.some((tamper) => tamper.name === name));
  return seen(`the tester said so: ${name}`, told && t.ike.said(told, name));
}

/** What became of the exchange, in the words of the question. */
export function became<Outcome extends string>(
  t: Account,
  { exchange, role }: At,
  words: { readonly taken: Outcome; readonly otherwise: Outcome },
): Judgement | undefined {
  return (
    takenAsUsual(t, exchange!, role!)?.as(words.taken) ??
    (objection(t, exchange!) ?? t.established('after', 'after echo'))?.as(words.otherwise)
  );
}

/** It ended as it should, and everything after it too. */
export function takenAsUsual(t: Account, exchange: string, role: string): Finding | undefined {
  switch (exchange) {
    case 'create-child-sa':
      return both(t.ike.childAgreed('asked'), t.answered('asked echo'), ...(role === 'initiator' ? [replaced(t)] : []));
    case 'informational':
      return role === 'responder'
        ? t.ike.heard('HDR, SK {D}', { after: 'asked', response: true })
        : both(t.ike.childAgreed('another'), t.ike.heard(makesChild.asks, { after: 'another' }));
    default:
      return t.established('claim', 'claim echo');
  }
}

/** The error that the node answers, or tells in a request of its own. */
export function objection(t: Account, exchange: string): Finding | undefined {
  const found = errorOf(t, exchange);
  return found && t.ike.said(found.message, `it says ${found.name}`);
}

export function errorOf(t: Account, exchange: string) {
  const since = exchange === 'create-child-sa' || exchange === 'informational' ? 'asked' : 'claim';
  return errorSince(t, since);
}

/** The first error that the node tells after a moment, before the next conversation begins. */
export function errorSince(
  t: Account,
  since: string,
): { readonly message: FoundMessage; readonly name: string } | undefined {
  const end = t.mark('after')?.place ?? Number.POSITIVE_INFINITY;
  return t.ike
    .messages(since)
    .filter(({ frame, ike }) => frame.entry.from === 'nut' && frame.entry.place < end && ike.payloads !== undefined)
    .flatMap((message) => notificationsIn(message.ike).map((name) => ({ message, name })))
    .find(({ name }) => isError(name));
}

/** An error by its number (RFC 7296 3.10.1), named or not. */
function isError(name: string): boolean {
  return ((notifyTypes as Readonly<Record<string, number>>)[name] ?? Number(name)) < firstStatusType;
}

/** Of the two that make an IKE SA. */
export const isFirst = (exchange: string): boolean => exchange === 'ike-sa-init' || exchange === 'ike-auth';

/** Who has asked for a child in place of another closes the other (RFC 7296 2.8), at once or later, and sends on the new one meanwhile. */
function replaced(t: Account): Finding | undefined {
  const old = t.probe('claim echo')?.packet.esp?.spi;
  const deletion = t.ike.deletions('nut', 'asked').find(({ deleted }) => deleted === old);
  if (deletion) return t.ike.said(deletion.message, 'it closes the child that was replaced');
  const [before, now] = ['claim echo', 'asked echo'].map((name) => t.answer(name));
  const says = 'it answers under another SPI than before';
  return now?.packet.esp && now.packet.esp.spi !== before?.packet.esp?.spi
    ? finding(says, t.evidenceOf(now, says))
    : undefined;
}
