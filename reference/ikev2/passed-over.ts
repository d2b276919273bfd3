/** What a message holds that its receiver ignores (RFC 7296 sections 2.5 and 3.1); whether it does is a rule. */
import type { IkeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import type { PassedOver } from './message-rules.ts';
import { findAll, typesOf } from './payloads.ts';
import type { Refusal } from './refusal.ts';
import type { Ikev2Rules } from './rules.ts';

/** Of the header, and of payloads in clear. */
export function refusalOfIgnored(rules: Ikev2Rules, { header, payloads }: IkeMessage): Refusal | undefined {
  const held: readonly (readonly [PassedOver, boolean])[] = [
    ['version flag', header.flags.version],
    ['minor version', (header.minorVersion ?? 0) > 0],
    ['reserved fields', isReservedSet(header.flags)],
  ];
  const minded = held.find(([what, isThere]) => isThere && !rules.passedOver(what));
  return minded ? { rule: 'passedOver', detail: minded[0] } : refusalOfReserved(rules, payloads);
}

/** Of payloads, from the generic header inwards. */
export function refusalOfReserved(rules: Ikev2Rules, payloads: readonly Payload[]): Refusal | undefined {
  return payloads.some(isReservedSet) && !rules.passedOver('reserved fields')
    ? { rule: 'passedOver', detail: 'reserved fields' }
    : undefined;
}

/** Of payloads in another order than in the figures of sections 1 and 2. */
export function refusalOfOrder(rules: Ikev2Rules, payloads: readonly Payload[]): Refusal | undefined {
  const types = typesOf(payloads);
  return rules.payloadOrder(types) ? undefined : { rule: 'payloadOrder', detail: types.join(', ') };
}

/** Of notifications in a request that nobody here knows. */
export function refusalOfNotify(rules: Ikev2Rules, payloads: readonly Payload[]): Refusal | undefined {
  const unknown = findAll(payloads, 'N').find(({ notifyType }) => !known.has(notifyType));
  return unknown && !rules.unknownNotifyIgnored(unknown.notifyType)
    ? { rule: 'unknownNotifyIgnored', detail: `type ${unknown.notifyType}` }
    : undefined;
}

/** Reserved fields are in a value only where they are not zero. */
function isReservedSet(value: unknown): boolean {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([name, held]) => (name.startsWith('reserved') && held !== undefined) || isReservedSet(held),
  );
}

const known: ReadonlySet<number> = new Set(Object.values(notifyTypes));
