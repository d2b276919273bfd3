/**
 * INFORMATIONAL (RFC 7296 sections 1.4 and 1.4.1): Delete for children and for the IKE SA itself, an empty request to see whether the peer
 * lives, and a notification about a failure. Both sides.
 *
 *     HDR, SK {[N,] [D,] ...}  -->
 *                         <--  HDR, SK {[N,] [D,] ...}
 */
import type { NotifyPayload } from '../../wire/ike/exchange-payloads.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { protocolIds } from '../../wire/ike/registry.ts';
import { ikev2Bounds } from '../bounds.ts';
import { mayCome, removeChild, yieldingTo, yieldToSuccessor } from '../child-installation.ts';
import { type ChildSa, inboundName, type NamedSpi, outboundName, spiNumber, spiOctets } from '../child-sa.ts';
import { answerInformation } from '../configuration-payloads.ts';
import type { Answer, InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa, MovableExchange } from '../ike-sa.ts';
import { forgetsOwnRekeying } from '../ike-sa-succession.ts';
import { findAll, notifyAboutChild, notifyName } from '../payloads.ts';
import { answerTicketRequest, forgetTickets } from '../resumption/tickets.ts';
import { tellRefusal } from '../surroundings.ts';
import { answerToAddresses } from './address-update.ts';

/** An empty request: whoever answers is alive (section 2.4). */
export function liveness(): InitiatedExchange {
  return { name: 'INFORMATIONAL', purpose: 'liveness', build: () => [], process: () => undefined };
}

/** Deletes a child that is installed; nothing to do if it has gone meanwhile. */
export function deleteChild(ikeSa: IkeSa, child: ChildSa, reason: string): MovableExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'deleteChild',
    about: child,
    build() {
      if (!ikeSa.children.includes(child)) return undefined;
      child.deleting = true;
      return deletePayloads([inboundName(child)]);
    },
    process() {
      // Its IKE SA may have been replaced before the answer came, and the child be another's now (section 2.18).
      const owner = ikeSa.surroundings.ikeSas.find(({ children }) => children.includes(child));
      if (owner === undefined) return;
      yieldToSuccessor(owner, child);
      removeChild(owner, child, reason);
    },
    onSuccessor: (successor) => deleteChild(successor, child, reason),
  };
}

/** Deletes what the peer believes to be a child and this node has refused or lost. */
export function deleteChildByName(inbound: NamedSpi): MovableExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'deleteChild',
    build: () => deletePayloads([inbound]),
    process: () => undefined,
    onSuccessor: () => deleteChildByName(inbound),
  };
}

/** Deletes the IKE SA with all its children. */
export function deleteIkeSa(ikeSa: IkeSa, reason: string): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'deleteIkeSa',
    build() {
      const { state } = ikeSa;
      if (state.name !== 'established' && state.name !== 'rekeyed') return undefined;
      const { connection, keyed, peer } = state;
      ikeSa.become('asks to delete', { name: 'deleting', connection, keyed, peer });
      return [{ type: 'D', protocolId: protocolIds.IKE, spis: [] }];
    },
    process() {
      forgetTickets(ikeSa);
      ikeSa.end('closed', reason);
    },
  };
}

/** INVALID_SELECTORS (section 3.10.1): of the child that a packet came under, which was discarded. */
export function selectorsNotMet(
  { surroundings: { rules } }: IkeSa,
  child: ChildSa,
  packet: Uint8Array,
): InitiatedExchange {
  const named = rules.mismatchedChild({ inbound: inboundName(child), outbound: outboundName(child) });
  return {
    name: 'INFORMATIONAL',
    purpose: 'complaint',
    build: () => [notifyAboutChild(notifyTypes.INVALID_SELECTORS, named, rules.mismatchQuoted(packet))],
    process: () => undefined,
  };
}

/** Says what went wrong; the IKE SA ends with the answer, whatever that is. */
export function failureReport(ikeSa: IkeSa, notification: NotifyPayload, reason: string): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'report',
    build: () => [notification],
    process: () => ikeSa.end('failed', reason),
  };
}

export function respondToInformational(ikeSa: IkeSa, request: ReceivedMessage): Answer | undefined {
  const { payloads } = request;
  const { rules } = ikeSa.surroundings;
  if (!rules.informationalAnswered(ikeSa.window.outstanding[0]?.exchange.purpose)) return undefined;
  const deletes = findAll(payloads, 'D');
  const fatal = findAll(payloads, 'N').find(({ notifyType }) => rules.fatalNotification(notifyName(notifyType)));
  if (fatal !== undefined) return { payloads: [], afterwards: () => ikeSa.end('failed', notifyName(fatal.notifyType)) };
  if (deletes.some(({ protocolId }) => protocolId === protocolIds.IKE) && rules.deletedIkeSa()) {
    return {
      payloads: [],
      afterwards() {
        forgetsOwnRekeying(ikeSa);
        forgetTickets(ikeSa);
        ikeSa.end('closed', 'deleted by the peer');
      },
    };
  }
  const addresses = answerToAddresses(ikeSa, request);
  const named = deletes.flatMap(({ protocolId, spis }) => spis.map((spi) => ({ protocolId, spi: spiNumber(spi) })));
  const answer = answerToDeletes(ikeSa, named);
  return {
    payloads: [
      ...answer.payloads,
      ...addresses.payloads,
      ...answerInformation(ikeSa, payloads),
      ...answerTicketRequest(ikeSa, payloads),
    ],
    afterwards() {
      answer.afterwards?.();
      addresses.afterwards?.();
    },
  };
}

/** Section 1.4.1: both SAs of what is deleted go, whatever the answer says. */
function answerToDeletes(ikeSa: IkeSa, all: readonly (Omit<NamedSpi, 'spi'> & { spi: number | undefined })[]): Answer {
  const { rules } = ikeSa.surroundings;
  const named = [...new Map(all.map((each) => [`${each.protocolId} ${each.spi}`, each])).values()];
  const owners = [ikeSa, ...yieldingTo(ikeSa)];
  const owned = owners.flatMap((owner) => owner.children.map((child) => ({ owner, child })));
  const childOf = ({ protocolId, spi }: (typeof named)[number]) =>
    spi === undefined
      ? undefined
      : owned.find(({ child }) =>
          rules.deletedChild({ inbound: inboundName(child), outbound: outboundName(child) }, { protocolId, spi }),
        );
  const unknown = named.filter((each) => childOf(each) === undefined);
  if (mayCome(ikeSa)) {
    const whole = unknown.flatMap(({ protocolId, spi }) => (spi === undefined ? [] : [{ protocolId, spi }]));
    ikeSa.deletedMeanwhile = [...ikeSa.deletedMeanwhile, ...whole].slice(-ikev2Bounds.deletedSpis);
  } else ikeSa.deletedMeanwhile = [];
  if (unknown.length > 0)
    tellRefusal(ikeSa.surroundings, 'deletedChild', `no child sends with SPI ${unknown[0]!.spi}${also(unknown)}`);
  const gone = [...new Set(named.map(childOf))].filter((child) => child !== undefined);
  const halves = rules.deleteAnswered(
    gone.map(({ child }) => ({ inbound: inboundName(child), crossed: child.deleting ?? false })),
  );
  return {
    payloads: deletePayloads(halves),
    afterwards: () => {
      for (const { owner, child } of gone) {
        yieldToSuccessor(owner, child);
        removeChild(owner, child, 'deleted by the peer');
      }
    },
  };
}

function also({ length }: readonly unknown[]): string {
  return length > 1 ? `, nor with ${length - 1} others` : '';
}

/** Section 3.11: SPIs of one protocol stand in one payload. */
function deletePayloads(named: readonly NamedSpi[]): Payload[] {
  return [...new Set(named.map(({ protocolId }) => protocolId))].map((protocolId) => ({
    type: 'D',
    protocolId,
    spis: named.filter((one) => one.protocolId === protocolId).map(({ spi }) => spiOctets(spi)),
  }));
}
