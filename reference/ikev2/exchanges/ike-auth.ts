/**
 * IKE_AUTH (RFC 7296 sections 1.2, 2.15 and 2.21.2), the initiator's side: both peers say who they are, prove it over IKE_SA_INIT, and bring up the
 * first child. The responder's side is `ike-auth-response.ts`.
 *
 *     HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] AUTH, SAi2, TSi, TSr}  -->
 *                         <--  HDR, SK {IDr, [CERT,] AUTH, SAr2, TSi, TSr}
 */
import { type ChildOffer, offerChild } from '../child-negotiation.ts';
import type { InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import type { PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { IkeSaState } from '../ike-sa-state.ts';
import { BLANK_AUTH, withAuthentication } from '../own-authentication.ts';
import { find } from '../payloads.ts';
import { refusalOfPeer } from '../peer-authentication.ts';
import { ikeAuthWithEap } from './ike-auth-eap.ts';
import { abandon, endWithout, establish, refusalOfResponder } from './ike-auth-outcome.ts';
import { askedIdentity, claimOf, wishes } from './ike-auth-request.ts';

type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;

export function ikeAuth(ikeSa: IkeSa): InitiatedExchange {
  const { connection, keyed, first, wish } = ikeSa.state as AuthSent;
  const offer = offerChild(ikeSa, wish, 'none');
  const asked = askedIdentity(connection);
  if (connection.local.authentication.kind === 'eap') return ikeAuthWithEap(ikeSa, offer, asked);
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => [...claimOf(connection, asked), BLANK_AUTH, ...wishes(ikeSa, connection, offer)],
    complete: (message) => withAuthentication(ikeSa, connection, message, 'IDi', keyed, first),
    process: (response) => processAnswer(ikeSa, response, offer, asked),
  };
}

function processAnswer(
  ikeSa: IkeSa,
  response: ReceivedMessage,
  offer: ChildOffer,
  asked: PeerIdentity | undefined,
): void {
  const { connection, keyed, first } = ikeSa.state as AuthSent;
  const { payloads } = response;
  const [IDr, AUTH] = [find(payloads, 'IDr'), find(payloads, 'AUTH')];
  if (IDr === undefined || AUTH === undefined) {
    endWithout(ikeSa, payloads);
    return;
  }
  const refusal =
    refusalOfPeer(ikeSa, connection, { identification: IDr, authentication: AUTH, payloads }, keyed, first) ??
    refusalOfResponder(ikeSa, asked, IDr);
  if (refusal !== undefined) {
    abandon(ikeSa, refusal, 'AUTHENTICATION_FAILED');
    return;
  }
  establish(ikeSa, IDr, payloads, offer);
}
