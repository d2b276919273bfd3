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
import { identityProven } from '../null-authentication.ts';
import { BLANK_AUTH, withAuthentication } from '../own-authentication.ts';
import { find } from '../payloads.ts';
import { refusalOfPeer } from '../peer-authentication.ts';
import { keyedAsConfirmed, keyedByPpk, ppkNotifies, withNoPpkAuth } from '../ppk.ts';
import { ikeAuthWithEap } from './ike-auth-eap.ts';
import { abandon, endWithout, endWithoutSpi, establish, refusalOfResponder } from './ike-auth-outcome.ts';
import { askedIdentity, claimOf, wishes } from './ike-auth-request.ts';

type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;

export function ikeAuth(ikeSa: IkeSa): InitiatedExchange {
  const { connection, keyed, first, wish } = ikeSa.state as AuthSent;
  const offer = offerChild(ikeSa, wish, 'none');
  if (offer === undefined) return endWithoutSpi(ikeSa);
  const asked = askedIdentity(connection);
  if (connection.local.authentication.kind === 'eap') return ikeAuthWithEap(ikeSa, offer, asked);
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => {
      const ppk = first.usesPpk ? ppkNotifies(ikeSa, connection) : [];
      return [...claimOf(connection, asked), BLANK_AUTH, ...wishes(ikeSa, connection, offer, ppk)];
    },
    complete(message) {
      const proving = first.usesPpk ? keyedByPpk(ikeSa, connection, keyed) : keyed;
      const withoutPpk = () => {
        const payloads = message.payloads.map((payload) => (payload.type === 'AUTH' ? BLANK_AUTH : payload));
        const other = withAuthentication(ikeSa, connection, { ...message, payloads }, 'IDi', keyed, first);
        return find(other.payloads, 'AUTH')?.data ?? new Uint8Array();
      };
      return withNoPpkAuth(withAuthentication(ikeSa, connection, message, 'IDi', proving, first), withoutPpk);
    },
    process: (response) => processAnswer(ikeSa, response, offer, asked),
  };
}

function processAnswer(
  ikeSa: IkeSa,
  response: ReceivedMessage,
  offer: ChildOffer,
  asked: PeerIdentity | undefined,
): void {
  const { connection, keyed: exchanged, first } = ikeSa.state as AuthSent;
  const { payloads } = response;
  const [IDr, AUTH] = [find(payloads, 'IDr'), find(payloads, 'AUTH')];
  if (IDr === undefined || AUTH === undefined) {
    endWithout(ikeSa, payloads);
    return;
  }
  const keyed = keyedAsConfirmed(ikeSa, connection, { keyed: exchanged, first }, payloads);
  if ('rule' in keyed) {
    abandon(ikeSa, keyed, 'AUTHENTICATION_FAILED');
    return;
  }
  const refusal =
    refusalOfPeer(ikeSa, connection, { identification: IDr, authentication: AUTH, payloads }, keyed, first) ??
    refusalOfResponder(ikeSa, asked, IDr);
  if (refusal !== undefined) {
    abandon(ikeSa, refusal, 'AUTHENTICATION_FAILED');
    return;
  }
  establish(ikeSa, keyed, identityProven(IDr, AUTH, ikeSa.surroundings.rules), payloads, offer);
}
