/** Consistent lies: what a testing node says in an IKE message before AUTH and ICV cover it, where its configuration cannot make it say so. */
import { toWire } from '../../reference/ikev2/narrowing.ts';
import { offeredProposals } from '../../reference/ikev2/proposal-selection.ts';
import { trafficSelectors } from '../../reference/ipsec/traffic-selector.ts';
import type { ConfigurationAttribute } from '../../reference/wire/ike/configuration.ts';
import { notifyTypes } from '../../reference/wire/ike/notify-types.ts';
import type { Payload } from '../../reference/wire/ike/payload-chain.ts';
import { authenticationMethods, protocolIds } from '../../reference/wire/ike/registry.ts';
import { concat } from '../../reference/wire/octets.ts';
import type { ProposalConfiguration } from '../lab/node.ts';
import { changesNotifications } from './notifications.ts';
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

/**
 * The attributes of its configuration payloads under this connection are others (RFC 7296 section 3.15.1); without any the payload is left out.
 * `complaint` is what tshark says to that, if anything.
 */
export function saysInConfiguration(
  connection: string,
  change: (attributes: readonly ConfigurationAttribute[]) => readonly ConfigurationAttribute[],
  complaint?: string,
): NodeSeams {
  return {
    ikev2: {
      message(message, context) {
        if (context.connection !== connection || message.payloads.every(({ type }) => type !== 'CP')) return message;
        const payloads = message.payloads.flatMap((payload): readonly Payload[] => {
          if (payload.type !== 'CP') return [payload];
          const attributes = change(payload.attributes);
          return attributes.length > 0 ? [{ ...payload, attributes }] : [];
        });
        context.note({ name: 'other attributes in CP', ...(complaint !== undefined && { complaint }) });
        return { ...message, payloads };
      },
    },
  };
}

/** Its AUTH says NULL Authentication (RFC 7619 section 2.1), and is made with no key. */
export const provesNothingWithNoKey: NodeSeams = {
  ikev2: {
    message(message, { exchange, note }) {
      if (exchange !== 'IKE_AUTH') return message;
      const payloads = message.payloads.map((payload): Payload => (payload.type === 'AUTH' ? withNoKey : payload));
      note({ name: 'AUTH made with no key' });
      return { ...message, payloads };
    },
  },
};

const withNoKey: Payload = {
  type: 'AUTH',
  method: authenticationMethods['NULL Authentication'],
  data: new Uint8Array(32).fill(0xa5),
};

/** Nothing is said of the hashes that it knows (RFC 7427 section 4), so that the other side signs as it did before there was method 14. */
export const announcesNoHashes: NodeSeams = {
  ikev2: {
    message(message, context) {
      if (context.exchange !== 'IKE_SA_INIT') return message;
      const isAnnouncement = (payload: Payload) =>
        payload.type === 'N' && payload.notifyType === notifyTypes.SIGNATURE_HASH_ALGORITHMS;
      context.note({ name: 'announces no hashes' });
      return { ...message, payloads: message.payloads.filter((payload) => !isAnnouncement(payload)) };
    },
  },
};

/**
 * The RESERVED bits of the first payload inside its IKE_INTERMEDIATE under this connection are set on the way into SK: a receiver ignores them (RFC 7296
 * section 2.5), and this side's AUTH does not cover them (RFC 9242 section 3.3.2). As responder it has no connection yet, and does so in every one.
 */
export function marksReservedBits(connection: string): NodeSeams {
  return {
    ikev2: {
      plaintext(octets, context) {
        const isMeant = context.connection === undefined || context.connection === connection;
        if (context.exchange !== 'IKE_INTERMEDIATE' || !isMeant) return octets;
        context.note({ name: 'RESERVED bits set' });
        return octets.with(1, 0x01);
      },
    },
  };
}

/** Before IKE_AUTH under this connection it exchanges keys by other methods than were agreed on (RFC 9242 section 3.2). */
export function exchangesInstead(connection: string, methods: readonly number[]): NodeSeams {
  return { ikev2: { furtherMethods: (agreed, of) => (of === connection ? methods : agreed) } };
}

/** In its IKE_INTERMEDIATE under this connection KE says another method than the one that its value is of (RFC 9370 section 2.2.2). */
export function namesMethod(connection: string, group: number): NodeSeams {
  return {
    ikev2: {
      message(message, context) {
        if (context.exchange !== 'IKE_INTERMEDIATE' || context.connection !== connection) return message;
        context.note({ name: `KE of method ${group}` });
        const payloads = message.payloads.map((payload) => (payload.type === 'KE' ? { ...payload, group } : payload));
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

/** Where it refuses something for now, it gives this reason in place of TEMPORARY_FAILURE (RFC 7296 section 2.25). */
export function refusesFor(reason: 'TS_UNACCEPTABLE' | 'NO_PROPOSAL_CHOSEN'): NodeSeams {
  return changesNotifications(
    `refuses for ${reason}`,
    () => true,
    (payload) =>
      payload.notifyType === notifyTypes.TEMPORARY_FAILURE ? { ...payload, notifyType: notifyTypes[reason] } : payload,
  );
}
