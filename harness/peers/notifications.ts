/** Notifications that a testing node changes or leaves out in its messages of IKE, before AUTH and ICV cover them. */
import type { MessageContext } from '../../reference/ikev2/interface.ts';
import type { IkeHeader } from '../../reference/wire/ike/header.ts';
import type { Payload, PayloadOf } from '../../reference/wire/ike/payload-chain.ts';
import type { NodeSeams } from './testing-node.ts';

/** `change` gives the same payload for one that stays, and undefined for one that is left out. */
export function changesNotifications(
  name: string,
  isMeant: (context: MessageContext) => boolean,
  change: (payload: PayloadOf<'N'>, header: IkeHeader) => PayloadOf<'N'> | undefined,
): NodeSeams {
  return {
    ikev2: {
      message(message, context) {
        if (!isMeant(context)) return message;
        const payloads = message.payloads.flatMap((payload): readonly Payload[] => {
          if (payload.type !== 'N') return [payload];
          const changed = change(payload, message.header);
          if (changed !== payload) context.note({ name });
          return changed ? [changed] : [];
        });
        return { ...message, payloads };
      },
    },
  };
}
