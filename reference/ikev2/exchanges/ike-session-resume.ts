/**
 * IKE_SESSION_RESUME (RFC 5723 section 4.3), the client's side: in the place of IKE_SA_INIT it presents a ticket, and both sides have keys from the session that
 * was interrupted. IKE_AUTH then proves that both have them. The gateway's side is `ike-session-resume-response.ts`.
 *
 *     HDR, [N(COOKIE),] Ni, N(TICKET_OPAQUE)  -->
 *                                             <--  HDR, Nr
 *     HDR, SK {IDi, AUTH, [N(TICKET_REQUEST),] SAi2, TSi, TSr}  -->
 *                                             <--  HDR, SK {IDr, AUTH, SAr2, TSi, TSr [, N(TICKET_LT_OPAQUE)]}
 */

import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import { type ChildOffer, offerChild, payloadsOfOffer } from '../child-negotiation.ts';
import type { IkeConnection } from '../configuration.ts';
import { configurationRequest } from '../configuration-payloads.ts';
import type { InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { ChildWish, IkeSaState } from '../ike-sa-state.ts';
import { detectNat, refusalOfNonce, tellIkeKeys } from '../key-agreement.ts';
import { freshNonce } from '../key-share.ts';
import { mobikeNotifies } from '../mobike.ts';
import { natDetectionNotifies } from '../nat-detection.ts';
import { BLANK_AUTH } from '../own-authentication.ts';
import { find, findNotify, nonceIn, notify } from '../payloads.ts';
import { fail } from '../refusal.ts';
import { refusalOfResumed, resumedKeys, withResumedAuthentication } from '../resumption/resuming.ts';
import type { Presented } from '../resumption/session.ts';
import { spend, ticketFor, ticketRequest } from '../resumption/tickets.ts';
import { tellRefusal } from '../surroundings.ts';
import { windowNotifies } from '../window-size.ts';
import { abandon, endWithout, endWithoutSpi, establish } from './ike-auth-outcome.ts';
import { agreeOnFragments, fragmentationNotify, ikeSaInit, wantsFragments } from './ike-sa-init.ts';

type ResumeSent = Extract<IkeSaState, { name: 'resumeSent' }>;
type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;

/** The first exchange of a new IKE SA, which is to bring up a child: by a ticket, where one may be presented. */
export function firstExchange(ikeSa: IkeSa, connection: IkeConnection, wish: ChildWish): InitiatedExchange {
  const held = ticketFor(ikeSa.surroundings, connection);
  if (held === undefined) return ikeSaInit(ikeSa, connection, wish);
  return ikeSessionResume(ikeSa, { connection, wish, held, Ni: freshNonce(ikeSa), cookies: [] });
}

type Attempt = Pick<ResumeSent, 'connection' | 'wish' | 'held' | 'Ni' | 'cookies'>;

function ikeSessionResume(ikeSa: IkeSa, attempt: Attempt): InitiatedExchange {
  const { connection, held, Ni, cookies } = attempt;
  return {
    name: 'IKE_SESSION_RESUME',
    purpose: 'ikeSaInit',
    build: () => [
      ...cookies.slice(-1).map((cookie) => notify(notifyTypes.COOKIE, cookie)),
      { type: 'Nonce', data: Ni },
      notify(notifyTypes.TICKET_OPAQUE, held.ticket),
      ...natDetectionNotifies(ikeSa, ikeSa.path),
      ...fragmentationNotify(wantsFragments(ikeSa, [connection])),
    ],
    sent(message, request) {
      const sentNonce = find(message.payloads, 'Nonce')?.data ?? Ni;
      const occasion = ikeSa.state.name === 'idle' ? 'asks to resume' : 'is asked to ask again';
      ikeSa.become(occasion, { name: 'resumeSent', ...attempt, Ni: sentNonce, request });
    },
    awaits: ({ payloads }) =>
      find(payloads, 'Nonce') !== undefined ||
      (['COOKIE', 'TICKET_NACK'] as const).some((name) => findNotify(payloads, name) !== undefined),
    process: (response) => processAnswer(ikeSa, response),
  };
}

function processAnswer(ikeSa: IkeSa, response: ReceivedMessage): void {
  const state = ikeSa.state as ResumeSent;
  const { rules, tickets } = ikeSa.surroundings;
  const { connection, wish, held, cookies } = state;
  const cookie = findNotify(response.payloads, 'COOKIE')?.data;
  if (cookie !== undefined) {
    const returned = rules.cookieReturned(cookie, cookies.length);
    if (returned === undefined) fail(ikeSa, { rule: 'cookieReturned', detail: `${cookies.length} cookies before` });
    else {
      ikeSa.window.nextRequest = 0;
      ikeSa.begin(ikeSessionResume(ikeSa, { ...state, cookies: [...cookies, returned] }));
    }
    return;
  }
  if (find(response.payloads, 'Nonce') !== undefined) {
    agree(ikeSa, state, response);
    return;
  }
  tellRefusal(ikeSa.surroundings, 'afterRejectedTicket', 'TICKET_NACK');
  tickets.held.delete(held.session.connection);
  if (rules.afterRejectedTicket() === 'givesUp') {
    ikeSa.end('failed', 'TICKET_NACK');
    return;
  }
  ikeSa.become('is refused its ticket', { name: 'idle' });
  ikeSa.window.nextRequest = 0;
  ikeSa.begin(ikeSaInit(ikeSa, connection, wish));
}

function agree(ikeSa: IkeSa, { connection, wish, held, Ni, request }: ResumeSent, response: ReceivedMessage): void {
  const { payloads, message, octets } = response;
  const Nr = nonceIn(payloads);
  const refusal = refusalOfNonce(ikeSa, Nr, held.session.chosen);
  if (refusal !== undefined) {
    fail(ikeSa, refusal);
    return;
  }
  const { rules } = ikeSa.surroundings;
  ikeSa.responderSPI = message.header.responderSPI;
  const keyed = resumedKeys(ikeSa, held.session, { Ni, Nr, SPIr: ikeSa.responderSPI });
  detectNat(ikeSa, response);
  agreeOnFragments(ikeSa, [connection], payloads);
  ikeSa.path = rules.natTraversalPorts(ikeSa.path, ikeSa.nat.detected);
  const first = { request, response: octets, peerHashAlgorithms: [], resumed: held };
  ikeSa.become('is answered IKE_SESSION_RESUME', { name: 'authSent', connection, keyed, first, wish });
  tellIkeKeys(ikeSa, keyed);
  ikeSa.begin(ikeAuthResumed(ikeSa, held));
}

/** Section 4.3.3: no certificates, and the identities of the session. */
function ikeAuthResumed(ikeSa: IkeSa, held: Presented): InitiatedExchange {
  const { session } = held;
  const { connection, keyed, first, wish } = ikeSa.state as AuthSent;
  const offer = offerChild(ikeSa, wish, 'none');
  if (offer === undefined) return endWithoutSpi(ikeSa);
  const IDi: IdentificationPayload = { type: 'IDi', ...session.IDi };
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => [
      IDi,
      BLANK_AUTH,
      ...ticketRequest(connection),
      ...configurationRequest(connection),
      ...mobikeNotifies(connection),
      ...windowNotifies(ikeSa, connection),
      ...payloadsOfOffer(offer),
    ],
    complete: (message) =>
      withResumedAuthentication(ikeSa, message, find(message.payloads, 'IDi') ?? IDi, keyed, first),
    process: (response) => processAuthentication(ikeSa, response, held, offer),
  };
}

function processAuthentication(
  ikeSa: IkeSa,
  { payloads }: ReceivedMessage,
  resumed: Presented,
  offer: ChildOffer,
): void {
  const { keyed, first } = ikeSa.state as AuthSent;
  const [IDr, AUTH] = [find(payloads, 'IDr'), find(payloads, 'AUTH')];
  if (IDr === undefined || AUTH === undefined) {
    endWithout(ikeSa, payloads);
    return;
  }
  const refusal = refusalOfResumed(ikeSa, { identification: IDr, AUTH, payloads }, keyed, { ...first, resumed });
  if (refusal !== undefined) {
    abandon(ikeSa, refusal, 'AUTHENTICATION_FAILED');
    return;
  }
  spend(ikeSa.surroundings, resumed.session);
  establish(ikeSa, keyed, resumed.session.peer, payloads, offer);
}
