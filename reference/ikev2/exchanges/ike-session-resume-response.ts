/**
 * IKE_SESSION_RESUME (RFC 5723 section 4.3), the gateway's side: a ticket that it has made becomes a half-open IKE SA with keys from the session, or is rejected
 * in clear; and the IKE_AUTH that follows, in which both sides prove that they have those keys. The client's side is `ike-session-resume.ts`.
 */
import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import type { IkeConnection } from '../configuration.ts';
import type { Answer, ReceivedMessage } from '../exchange.ts';
import type { IkeSa, Surroundings } from '../ike-sa.ts';
import type { FirstMessages, IkeSaState } from '../ike-sa-state.ts';
import { detectNat, refusalOfNonce, tellIkeKeys } from '../key-agreement.ts';
import { freshNonce } from '../key-share.ts';
import { LivingIkeSa } from '../living-ike-sa.ts';
import { natDetectionNotifies } from '../nat-detection.ts';
import { sendResponse } from '../outgoing.ts';
import { BLANK_AUTH } from '../own-authentication.ts';
import { find, findNotify, nonceIn } from '../payloads.ts';
import type { Refusal } from '../refusal.ts';
import { refusalOfResumed, resumedKeys, withResumedAuthentication } from '../resumption/resuming.ts';
import type { Presented, Session } from '../resumption/session.ts';
import { sessionOfTicket, spend } from '../resumption/tickets.ts';
import { freshIkeSpi, tellRefusal } from '../surroundings.ts';
import { failed, grant } from './ike-auth-grant.ts';
import { agreeOnFragments, fragmentationNotify } from './ike-sa-init.ts';
import { isAcceptableFirst, refuseStateless } from './ike-sa-init-response.ts';

/** Whether somebody here takes tickets. */
export function resumes({ connections, rules }: Surroundings): boolean {
  return rules.resumptionOffered(connections.some(({ resumption }) => resumption !== undefined));
}

/** Answers a request that no IKE SA knows. `cookieSecret` is this machine's. */
export function respondToSessionResume(
  surroundings: Surroundings,
  request: ReceivedMessage,
  cookieSecret: Uint8Array,
): void {
  if (!isAcceptableFirst(surroundings, request, ['Nonce'], cookieSecret)) return;
  const ticket = findNotify(request.payloads, 'TICKET_OPAQUE')?.data ?? new Uint8Array();
  const session = sessionOfTicket(surroundings, ticket);
  const connection =
    'rule' in session ? undefined : surroundings.connections.find(({ name }) => name === session.connection);
  if ('rule' in session || connection === undefined)
    reject(surroundings, request, 'rule' in session ? session : { rule: 'ticketGenuine', detail: 'whose is it?' });
  else openHalf(surroundings, request, connection, { session, ticket });
}

/** Section 4.3.2. */
function reject(surroundings: Surroundings, request: ReceivedMessage, refusal: Refusal): void {
  const notify = surroundings.rules.rejectedTicketAnswer();
  if (notify === 'silence') tellRefusal(surroundings, refusal.rule, refusal.detail);
  else refuseStateless(surroundings, request, { ...refusal, notify });
}

function openHalf(
  surroundings: Surroundings,
  request: ReceivedMessage,
  connection: IkeConnection,
  resumed: Presented,
): void {
  const { session } = resumed;
  const { initiatorSPI } = request.message.header;
  const responderSPI = freshIkeSpi(surroundings.env);
  const ikeSa = new LivingIkeSa(surroundings, 'responder', { initiatorSPI, responderSPI }, request.path);
  const Ni = nonceIn(request.payloads);
  const refusal = refusalOfNonce(ikeSa, Ni, session.chosen);
  if (refusal) {
    refuseStateless(surroundings, request, { ...refusal, notify: 'INVALID_SYNTAX' });
    return;
  }
  const Nr = freshNonce(ikeSa);
  detectNat(ikeSa, request);
  agreeOnFragments(ikeSa, [connection], request.payloads);
  sendResponse(ikeSa, request, 'IKE_SESSION_RESUME', {
    payloads: [
      { type: 'Nonce', data: Nr },
      ...natDetectionNotifies(ikeSa, ikeSa.path),
      ...fragmentationNotify(ikeSa.fragmentation),
    ],
    sent(message, response) {
      const keyed = resumedKeys(ikeSa, session, {
        Ni,
        Nr: find(message.payloads, 'Nonce')?.data ?? Nr,
        SPIr: responderSPI,
      });
      ikeSa.become('answers IKE_SESSION_RESUME', {
        name: 'halfOpen',
        connection,
        keyed,
        first: { request: request.octets, response, peerHashAlgorithms: [], resumed },
        until: surroundings.now + surroundings.settings.halfOpenLifetime,
      });
      surroundings.adopt(ikeSa);
      tellIkeKeys(ikeSa, keyed);
    },
  });
}

/** Section 4.3.3: IKE_AUTH under the keys of a session. */
export function answerResumed(
  ikeSa: IkeSa,
  first: FirstMessages & { readonly resumed: Presented },
  payloads: readonly Payload[],
): Answer {
  const { keyed, connection } = ikeSa.state as Extract<IkeSaState, { name: 'halfOpen' }>;
  const { surroundings } = ikeSa;
  const { session, ticket } = first.resumed;
  const [IDi, AUTH] = [find(payloads, 'IDi'), find(payloads, 'AUTH')];
  if (connection === undefined || IDi === undefined || AUTH === undefined)
    return failed(ikeSa, { rule: 'requiredPayloads', detail: 'nobody to authenticate' });
  const refusal = refusalOfResumed(ikeSa, { identification: IDi, AUTH, payloads }, keyed, first);
  if (refusal !== undefined) return failed(ikeSa, refusal);
  const stillGood = surroundings.rules.ticketReadAgain() ? sessionOfTicket(surroundings, ticket) : session;
  if ('rule' in stillGood) return failed(ikeSa, stillGood);
  const IDr: IdentificationPayload = { type: 'IDr', ...session.IDr };
  spend(surroundings, session);
  endInterrupted(ikeSa, session);
  const granted = grant(ikeSa, connection, keyed, session.peer, payloads);
  return {
    payloads: [IDr, BLANK_AUTH, ...granted.payloads],
    complete: (message) =>
      withResumedAuthentication(ikeSa, message, find(message.payloads, 'IDr') ?? IDr, keyed, first),
    afterwards: granted.afterwards,
  };
}

/** Section 4.3.4: what was resumed goes, with its children, and nobody is told. */
function endInterrupted({ surroundings }: IkeSa, { spis }: Session): void {
  if (surroundings.rules.resumedReplaces() === 'never') return;
  const old = surroundings.ikeSas.find(({ spis: { responderSPI } }) => responderSPI === spis.responderSPI);
  old?.end('closed', 'resumed');
}
