/** What the two messages of an exchange say, as far as they could be opened. */
import { type Exchange, type FoundMessage, notificationsIn, refuses } from '../../harness/vocabulary/judging.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload, PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import { compare } from '../../reference/wire/octets.ts';

/** The error that an answer gives, or several the first. */
export function refusalIn({
  responses,
}: Exchange): { readonly message: FoundMessage; readonly name: string } | undefined {
  return responses
    .flatMap((message) => notificationsIn(message.ike).map((name) => ({ message, name })))
    .find(({ message, name }) => message.ike.payloads !== undefined && refuses(name));
}

/** What the first notification of this name says in these messages. */
export function notificationIn(
  messages: readonly FoundMessage[],
  name: keyof typeof notifyTypes,
): Uint8Array | undefined {
  const notifications = messages.flatMap(({ ike }) => payloadsOf(ike.payloads, 'N'));
  return notifications.find(({ notifyType }) => notifyType === notifyTypes[name])?.data;
}

/** Of the request and of the answer. */
function noncesOf({ requests, responses }: Exchange): readonly Uint8Array[] {
  return [requests, responses].flatMap((messages) => {
    const [nonce] = messages.flatMap(({ ike }) => payloadsOf(ike.payloads, 'Nonce'));
    return nonce ? [nonce.data] : [];
  });
}

/** Whether the lowest of the four nonces is this one's (RFC 7296 2.8.1). Undefined while one is missing. */
export function holdsLowest(exchange: Exchange, beside: Exchange): boolean | undefined {
  const [mine, theirs] = [noncesOf(exchange), noncesOf(beside)];
  if (mine.length < 2 || theirs.length < 2) return undefined;
  return compare(lowest(mine), lowest(theirs)) < 0;
}

const lowest = (nonces: readonly Uint8Array[]): Uint8Array => [...nonces].sort(compare)[0]!;

function payloadsOf<Type extends Payload['type']>(payloads: readonly Payload[] | undefined, type: Type) {
  return (payloads ?? []).filter((payload): payload is PayloadOf<Type> => payload.type === type);
}
