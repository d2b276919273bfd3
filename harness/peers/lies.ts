/** Consistent lies: what a testing node says in an IKE message before AUTH and ICV cover it, where its configuration cannot make it say so. */
import { toWire } from '../../reference/ikev2/narrowing.ts';
import { offeredProposals } from '../../reference/ikev2/proposal-selection.ts';
import { trafficSelectors } from '../../reference/ipsec/traffic-selector.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { protocolIds } from '../../reference/wire/ike/registry.ts';
import { concat } from '../../reference/wire/octets.ts';
import type { ProposalConfiguration } from '../lab/node.ts';
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

/** Its offers of a child hold, after its own proposals, one under another protocol (RFC 7296 section 3.3): the other side may take either. */
export function offersBesides(protocol: 'ESP' | 'AH', proposal: ProposalConfiguration): NodeSeams {
  return {
    ikev2: {
      message(message, context) {
        if (context.kind !== 'request' || message.payloads.every(({ type }) => type !== 'TSi')) return message;
        const payloads = message.payloads.map((payload): Payload => {
          const own = payload.type === 'SA' ? payload.proposals[0] : undefined;
          if (payload.type !== 'SA' || !own) return payload;
          const [other] = offeredProposals([proposal], protocolIds[protocol], own.spi, 'none');
          return { ...payload, proposals: [...payload.proposals, { ...other!, number: payload.proposals.length + 1 }] };
        });
        context.note({ name: `offers ${protocol} besides` });
        return { ...message, payloads };
      },
    },
  };
}

/** Its nonces of CREATE_CHILD_SA begin with the lowest octets there are, or with the highest (RFC 7296 section 2.8.1). */
export function drawsNonces(extremes: Readonly<Record<'request' | 'response', 'lowest' | 'highest'>>): NodeSeams {
  return {
    ikev2: {
      message(message, { exchange, kind, note }) {
        if (exchange !== 'CREATE_CHILD_SA' || message.payloads.every(({ type }) => type !== 'Nonce')) return message;
        const first = extremes[kind] === 'lowest' ? 0 : 0xff;
        const payloads = message.payloads.map((payload): Payload => {
          if (payload.type !== 'Nonce') return payload;
          return { ...payload, data: concat(new Uint8Array(8).fill(first), payload.data.subarray(8)) };
        });
        note({ name: `the ${extremes[kind]} nonce` });
        return { ...message, payloads };
      },
    },
  };
}
