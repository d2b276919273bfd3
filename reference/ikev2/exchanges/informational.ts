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
import { removeChild, yieldToSuccessor } from '../child-installation.ts';
import { type ChildSa, spiNumber, spiOctets } from '../child-sa.ts';
import type { Answer, InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import { findAll, notifyAboutEsp, notifyName } from '../payloads.ts';
import { tellRefusal } from '../surroundings.ts';

/** An empty request: whoever answers is alive (section 2.4). */
export function liveness(): InitiatedExchange {
  return { name: 'INFORMATIONAL', purpose: 'liveness', build: () => [], process: () => undefined };
}

/** Deletes a child that is installed; nothing to do if it has gone meanwhile. */
export function deleteChild(ikeSa: IkeSa, child: ChildSa, reason: string): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'deleteChild',
    build() {
      if (!ikeSa.children.includes(child)) return undefined;
      child.deleting = true;
      return [deletePayload([child.inboundSpi])];
    },
    process() {
      if (!ikeSa.children.includes(child)) return;
      yieldToSuccessor(ikeSa, child);
      removeChild(ikeSa, child, reason);
    },
  };
}

/** Deletes what the peer believes to be a child and this node has refused or lost. */
export function deleteChildBySpi(inboundSpi: number): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'deleteChild',
    build: () => [deletePayload([inboundSpi])],
    process: () => undefined,
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
    process: () => ikeSa.end('closed', reason),
  };
}

/** INVALID_SELECTORS (section 3.10.1): of the child whose inbound SPI this is, with the start of the packet that was discarded. */
export function selectorsNotMet(inboundSpi: number, packet: Uint8Array): InitiatedExchange {
  return {
    name: 'INFORMATIONAL',
    purpose: 'complaint',
    build: () => [
      {
        ...notifyAboutEsp(notifyTypes.INVALID_SELECTORS, spiOctets(inboundSpi)),
        data: packet.slice(0, QUOTED_OCTETS),
      },
    ],
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

export function respondToInformational(ikeSa: IkeSa, { payloads }: ReceivedMessage): Answer | undefined {
  const { rules } = ikeSa.surroundings;
  const deletes = findAll(payloads, 'D');
  const fatal = findAll(payloads, 'N').find(({ notifyType }) => rules.fatalNotification(notifyName(notifyType)));
  if (fatal !== undefined) return { payloads: [], afterwards: () => ikeSa.end('failed', notifyName(fatal.notifyType)) };
  if (deletes.some(({ protocolId }) => protocolId === protocolIds.IKE) && rules.deletedIkeSa()) {
    return { payloads: [], afterwards: () => ikeSa.end('closed', 'deleted by the peer') };
  }
  if (payloads.length === 0 && !rules.informationalAnswered()) return undefined;
  const named = deletes.flatMap(({ protocolId, spis }) => (protocolId === protocolIds.ESP ? spis : []));
  return answerToDeletes(ikeSa, named);
}

/** Section 1.4.1: the answer holds the other halves, but not of children whose Delete of ours has crossed the peer's. */
function answerToDeletes(ikeSa: IkeSa, named: readonly Uint8Array[]): Answer {
  const { rules } = ikeSa.surroundings;
  const numbers = [...new Set(named.map(spiNumber))];
  const childOf = (number: number | undefined) =>
    number === undefined ? undefined : ikeSa.children.find((one) => rules.deletedChild(one, number));
  const unknown = numbers.filter((number) => childOf(number) === undefined);
  if (unknown.length > 0)
    tellRefusal(ikeSa.surroundings, 'deletedChild', `no child sends with SPI ${unknown[0]}${also(unknown)}`);
  const gone = [...new Set(numbers.map(childOf))].filter((child) => child !== undefined);
  const halves = rules.deleteAnswered(gone.filter(({ deleting }) => !deleting).map(({ inboundSpi }) => inboundSpi));
  return {
    payloads: halves.length > 0 ? [deletePayload(halves)] : [],
    afterwards: () => {
      for (const child of gone) {
        yieldToSuccessor(ikeSa, child);
        removeChild(ikeSa, child, 'deleted by the peer');
      }
    },
  };
}

function also({ length }: readonly unknown[]): string {
  return length > 1 ? `, nor with ${length - 1} others` : '';
}

function deletePayload(spis: readonly number[]): Payload {
  return { type: 'D', protocolId: protocolIds.ESP, spis: spis.map(spiOctets) };
}

/** As much of a packet as an ICMP error quotes (RFC 1812 section 4.3.2.3). */
const QUOTED_OCTETS = 548;
