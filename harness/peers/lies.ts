/** Consistent lies: what a testing node says in an IKE message before AUTH and ICV cover it, where its configuration cannot make it say so. */
import { toWire } from '../../reference/ikev2/narrowing.ts';
import { trafficSelectors } from '../../reference/ipsec/traffic-selector.ts';
import type { NodeSeams } from './testing-node.ts';

/** In its answers under this connection the selectors of its own side are these, whatever it was offered (RFC 7296 section 2.9). */
export function answersSelectors(connection: string, addresses: string): NodeSeams {
  const selectors = toWire(trafficSelectors({ addresses }));
  return {
    ikev2: {
      message(message, context) {
        if (context.kind !== 'response' || context.connection !== connection) return message;
        const payloads = message.payloads.map((payload) =>
          payload.type === 'TSr' ? { ...payload, selectors } : payload,
        );
        if (message.payloads.some(({ type }) => type === 'TSr')) context.note({ name: `TSr(${addresses})` });
        return { ...message, payloads };
      },
    },
  };
}
