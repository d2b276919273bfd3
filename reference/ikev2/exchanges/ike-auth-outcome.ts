/** What becomes of IKE_AUTH, the initiator's side (RFC 7296 sections 1.2, 2.4 and 2.21.2): the IKE SA stands and its child is looked at, or the responder learns why not. */
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { installChild } from '../child-installation.ts';
import { type ChildOffer, termsOfAnswer } from '../child-negotiation.ts';
import { inboundName } from '../child-sa.ts';
import { takeConfiguration } from '../configuration-payloads.ts';
import type { InitiatedExchange } from '../exchange.ts';
import type { PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { IkeSaState, Keyed } from '../ike-sa-state.ts';
import { agreeOnMobike } from '../mobike.ts';
import { findAll, findNotify, notify, notifyName, typesText } from '../payloads.ts';
import { endPredecessors } from '../predecessors.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { takeTicket } from '../resumption/tickets.ts';
import { tell, tellRefusal } from '../surroundings.ts';
import { deleteChildByName, failureReport } from './informational.ts';

type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;

/** The responder is who it is: the IKE SA stands, and the child is looked at. */
export function establish(
  ikeSa: IkeSa,
  keyed: Keyed,
  peer: PeerIdentity,
  payloads: readonly Payload[],
  offer: ChildOffer,
): void {
  const { connection } = ikeSa.state as AuthSent;
  ikeSa.become('authenticates the peer', { name: 'established', connection, keyed, peer });
  agreeOnMobike(ikeSa, connection, payloads);
  tell(ikeSa.surroundings, { kind: 'ike', connection: connection.name, state: 'established', ...ikeSa.spis });
  endPredecessors(ikeSa, findNotify(payloads, 'INITIAL_CONTACT') ? 'in the response' : 'nowhere');
  takeTicket(ikeSa, payloads);
  processChild(ikeSa, keyed, payloads, offer);
}

/** In the place of IKE_AUTH, where there is no SPI for the child that it would ask for: the IKE SA ends. */
export function endWithoutSpi(ikeSa: IkeSa): InitiatedExchange {
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build() {
      ikeSa.end('failed', 'no SPI is free for its child');
      return undefined;
    },
    process() {},
  };
}

/** An answer that lacks what every answer has: an error, or no answer at all. */
export function endWithout(ikeSa: IkeSa, payloads: readonly Payload[]): void {
  const { rules } = ikeSa.surroundings;
  const error = findAll(payloads, 'N').find(({ notifyType }) => rules.notifyIsError(notifyType));
  if (error !== undefined) ikeSa.end('failed', notifyName(error.notifyType));
  else abandon(ikeSa, { rule: 'requiredPayloads', detail: typesText(payloads) }, 'INVALID_SYNTAX');
}

export function refusalOfResponder(
  { surroundings }: IkeSa,
  asked: PeerIdentity | undefined,
  IDr: PeerIdentity,
): Refusal | undefined {
  if (surroundings.rules.responderIdentity(asked, IDr)) return undefined;
  return { rule: 'responderIdentity', detail: 'the responder is another than asked for' };
}

function processChild(ikeSa: IkeSa, keyed: Keyed, payloads: readonly Payload[], offer: ChildOffer): void {
  const { rules } = ikeSa.surroundings;
  const error = findAll(payloads, 'N').find(({ notifyType }) => rules.notifyIsError(notifyType));
  if (error !== undefined) {
    refuseChild(ikeSa, offer, notifyName(error.notifyType));
    return;
  }
  const terms = takeConfiguration(ikeSa, ikeSa.connection!, payloads) ?? termsOfAnswer(ikeSa, offer, payloads);
  if (isRefusal(terms)) {
    tellRefusal(ikeSa.surroundings, terms.rule, terms.detail);
    ikeSa.begin(deleteChildByName(inboundName(offer)));
    refuseChild(ikeSa, offer, `${terms.rule}: ${terms.detail}`);
    return;
  }
  const { Ni, Nr } = keyed;
  installChild(
    ikeSa,
    keyed,
    { ...terms, exchangeRole: 'initiator', Ni, Nr, sharedSecret: new Uint8Array() },
    'established',
  );
}

/** Tells that a child will not be; what becomes of the IKE SA is a rule. */
export function refuseChild(ikeSa: IkeSa, offer: ChildOffer, reason: string): void {
  tell(ikeSa.surroundings, {
    kind: 'child',
    connection: ikeSa.connection?.name ?? '',
    child: offer.configuration.name,
    state: 'refused',
    reason,
    inboundSpi: offer.inboundSpi,
    outboundSpi: 0,
  });
  if (ikeSa.surroundings.rules.ikeSaAfterRefusedChild() === 'deleted') ikeSa.end('closed', reason);
}

/** Section 2.21.2: the responder learns in an INFORMATIONAL of its own why its answer was no good. */
export function abandon(ikeSa: IkeSa, refusal: Refusal, reason: 'AUTHENTICATION_FAILED' | 'INVALID_SYNTAX'): void {
  tellRefusal(ikeSa.surroundings, refusal.rule, refusal.detail);
  const why = `${reason}: ${refusal.rule}: ${refusal.detail}`;
  ikeSa.begin(failureReport(ikeSa, notify(notifyTypes[reason]), why));
}
