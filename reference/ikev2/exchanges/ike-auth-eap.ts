/**
 * IKE_AUTH by EAP, the initiator's side (RFC 7296 section 2.16, RFC 5998): as many exchanges as the method takes, and a last one in which both sides
 * prove with its key that it was with each other that they spoke. What is said in EAP is `eap/peer.ts`; the responder's side is `ike-auth-eap-response.ts`.
 *
 *     HDR, SK {IDi, [CERTREQ,] [IDr,] [CP,] SAi2, TSi, TSr}  -->
 *                                                            <--  HDR, SK {IDr, [CERT,] AUTH, EAP}
 *     HDR, SK {EAP}  -->                                     <--  HDR, SK {EAP}                         (again and again)
 *     HDR, SK {AUTH}  -->                                    <--  HDR, SK {AUTH, [CP,] SAr2, TSi, TSr}
 */
import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import type { IkeMessage } from '../../wire/ike/message.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { PayloadOf } from '../../wire/ike/payload-chain.ts';
import { kindOf } from '../authentication.ts';
import { ikev2Bounds } from '../bounds.ts';
import type { ChildOffer } from '../child-negotiation.ts';
import type { EapCredential, IkeConnection } from '../configuration.ts';
import { eapAuthentication, refusalOfEapAuthentication } from '../eap/authentication.ts';
import { EapTls } from '../eap/eap-tls.ts';
import { type EapPeer, stepPeer } from '../eap/peer.ts';
import { tlsEndpoint } from '../eap/tls-endpoint.ts';
import type { InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import { identityOctets, identityText, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { IkeSaState } from '../ike-sa-state.ts';
import { BLANK_AUTH, withAuth } from '../own-authentication.ts';
import { find, notify } from '../payloads.ts';
import { refusalOfPeer } from '../peer-authentication.ts';
import type { Refusal } from '../refusal.ts';
import { tellRefusal } from '../surroundings.ts';
import { abandon, endWithout, establish, refusalOfResponder } from './ike-auth-outcome.ts';
import { claimOf, wishes } from './ike-auth-request.ts';

type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;

/** What is known once the responder has said who it is. */
interface UnderWay {
  readonly offer: ChildOffer;
  readonly IDi: IdentificationPayload;
  readonly IDr: IdentificationPayload;
  readonly exchanges: number;
}

/** The first exchange: a claim without a proof. */
export function ikeAuthWithEap(ikeSa: IkeSa, offer: ChildOffer, asked: PeerIdentity | undefined): InitiatedExchange {
  const { connection } = ikeSa.state as AuthSent;
  const credential = connection.local.authentication as EapCredential;
  const wantsEapAlone = connection.remote.authentication === 'eap';
  let IDi: IdentificationPayload = { type: 'IDi', ...identityOctets(connection.local.identity) };
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => [
      ...claimOf(connection, asked),
      ...(wantsEapAlone ? [notify(notifyTypes.EAP_ONLY_AUTHENTICATION)] : []),
      ...wishes(ikeSa, connection, offer),
    ],
    sent(message) {
      IDi = find(message.payloads, 'IDi') ?? IDi;
    },
    process(response) {
      const [IDr, EAP] = [find(response.payloads, 'IDr'), find(response.payloads, 'EAP')];
      if (IDr === undefined || EAP === undefined) {
        endWithout(ikeSa, response.payloads);
        return;
      }
      const refusal = refusalBeforeEap(ikeSa, response, IDr) ?? refusalOfResponder(ikeSa, asked, IDr);
      if (refusal !== undefined) {
        abandon(ikeSa, refusal, 'AUTHENTICATION_FAILED');
        return;
      }
      answer(ikeSa, { offer, IDi, IDr, exchanges: 1 }, peerOf(ikeSa, connection, credential, IDr), EAP);
    },
  };
}

/** By EAP-TLS the responder is to have a certificate of who it says it is. */
function peerOf(
  ikeSa: IkeSa,
  connection: IkeConnection,
  credential: EapCredential,
  IDr: IdentificationPayload,
): EapPeer {
  if (credential.method !== 'EAP-TLS') return { credential, methodIsDone: false };
  const { surroundings } = ikeSa;
  const endpoint = tlsEndpoint(surroundings, credential, connection, IDr);
  return { credential, methodIsDone: false, tls: new EapTls('peer', endpoint, surroundings.rules) };
}

/** Whether the responder may ask anything yet. */
function refusalBeforeEap(
  ikeSa: IkeSa,
  { payloads }: ReceivedMessage,
  IDr: IdentificationPayload,
): Refusal | undefined {
  const { rules } = ikeSa.surroundings;
  const { connection, keyed, first } = ikeSa.state as AuthSent;
  const AUTH = find(payloads, 'AUTH');
  const eapAlone = connection.remote.authentication === 'eap';
  const proof = AUTH ? kindOf(AUTH) : 'none';
  if (!rules.responderProvenFirst(proof, eapAlone))
    return { rule: 'responderProvenFirst', detail: `the responder's proof: ${proof}` };
  if (AUTH !== undefined) {
    const claim = { identification: IDr, authentication: AUTH, payloads };
    return refusalOfPeer(ikeSa, eapAlone ? toSign(connection) : connection, claim, keyed, first);
  }
  // A method with a password does not prove the authenticator to somebody who could guess it.
  const { method } = connection.local.authentication as EapCredential;
  if (eapAlone && !rules.eapMethodStandsAlone(method === 'EAP-TLS', true))
    return { rule: 'eapMethodStandsAlone', detail: 'the method is not fit to stand alone' };
  // EAP will prove that the responder is whom it says; whom it may be is said here, as with every other proof (RFC 4301 section 4.4.3).
  if (!rules.identityMatchesPad(IDr, connection.remote.identity))
    return { rule: 'identityMatchesPad', detail: `${identityText(IDr)} is not the peer of ${connection.name}` };
  return undefined;
}

/** RFC 5998 section 3: a responder that does not do with EAP alone is to prove itself by a signature, as ever. */
function toSign({ remote, ...connection }: IkeConnection): IkeConnection {
  return { ...connection, remote: { ...remote, authentication: 'signature' } };
}

/** What the peer of EAP makes of the packet: another exchange with its answer, the last one, or the end. */
function answer(ikeSa: IkeSa, underWay: UnderWay, peer: EapPeer, packet: PayloadOf<'EAP'>): void {
  const { rules, env } = ikeSa.surroundings;
  if (underWay.exchanges > ikev2Bounds.eapExchanges) {
    abandon(ikeSa, { rule: 'eapExchanges', detail: 'it never ends' }, 'AUTHENTICATION_FAILED');
    return;
  }
  const step = stepPeer(peer, packet, rules, env);
  if (step.kind === 'failed' && step.isTold) {
    // Whoever says Failure needs not be told.
    tellRefusal(ikeSa.surroundings, step.refusal.rule, step.refusal.detail);
    ikeSa.end('failed', step.refusal.detail);
  } else if (step.kind === 'failed') abandon(ikeSa, step.refusal, 'AUTHENTICATION_FAILED');
  else if (step.kind === 'succeeded') ikeSa.begin(lastExchange(ikeSa, underWay, step.peer));
  else {
    if (step.refusal) tellRefusal(ikeSa.surroundings, step.refusal.rule, step.refusal.detail);
    ikeSa.begin(nextExchange(ikeSa, { ...underWay, exchanges: underWay.exchanges + 1 }, step.peer, step.packet));
  }
}

function nextExchange(ikeSa: IkeSa, underWay: UnderWay, peer: EapPeer, packet: PayloadOf<'EAP'>): InitiatedExchange {
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => [packet],
    // Blank only where a tester puts AUTH in too early.
    complete: (message) => withEapAuthentication(ikeSa, message, underWay, peer),
    process({ payloads }) {
      const EAP = find(payloads, 'EAP');
      if (EAP === undefined) endWithout(ikeSa, payloads);
      else answer(ikeSa, underWay, peer, EAP);
    },
  };
}

/** Messages 7 and 8 of section 2.16. */
function lastExchange(ikeSa: IkeSa, underWay: UnderWay, peer: EapPeer): InitiatedExchange {
  const { offer, IDr } = underWay;
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => [BLANK_AUTH],
    complete: (message) => withEapAuthentication(ikeSa, message, underWay, peer),
    process({ payloads }) {
      const { keyed, first } = ikeSa.state as AuthSent;
      const AUTH = find(payloads, 'AUTH');
      if (AUTH === undefined) {
        endWithout(ikeSa, payloads);
        return;
      }
      const refusal = refusalOfEapAuthentication(ikeSa, keyed, first, IDr, peer.MSK, AUTH);
      if (refusal !== undefined) abandon(ikeSa, refusal, 'AUTHENTICATION_FAILED');
      else establish(ikeSa, keyed, IDr, payloads, offer);
    },
  };
}

function withEapAuthentication(ikeSa: IkeSa, message: IkeMessage, { IDi }: UnderWay, { MSK }: EapPeer): IkeMessage {
  const { keyed, first } = ikeSa.state as AuthSent;
  return withAuth(message, () => eapAuthentication(ikeSa, keyed, first, IDi, MSK));
}
