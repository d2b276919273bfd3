/**
 * IKE_AUTH (RFC 7296 sections 1.2, 2.15 and 2.21.2), the initiator's side: both peers say who they are, prove it over IKE_SA_INIT, and bring up the
 * first child. The responder's side is `ike-auth-response.ts`.
 *
 *     HDR, SK {IDi, [CERT,] [CERTREQ,] [IDr,] AUTH, SAi2, TSi, TSr}  -->
 *                         <--  HDR, SK {IDr, [CERT,] AUTH, SAr2, TSi, TSr}
 */
import type { IkeMessage } from '../../wire/ike/message.ts';
import { notifyTypes } from '../../wire/ike/notify-types.ts';
import type { Payload, PayloadOf } from '../../wire/ike/payload-chain.ts';
import { type Authentication, authenticate, signedOctets } from '../authentication.ts';
import { certificatePayloads, certificateRequests } from '../certificate-payloads.ts';
import { installChild } from '../child-installation.ts';
import { type ChildOffer, offerChild, payloadsOfOffer, termsOfAnswer } from '../child-negotiation.ts';
import { inboundName } from '../child-sa.ts';
import type { IkeConnection } from '../configuration.ts';
import { configurationRequest, takeConfiguration } from '../configuration-payloads.ts';
import type { InitiatedExchange, ReceivedMessage } from '../exchange.ts';
import { identityOctets, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { FirstMessages, IkeSaState, Keyed } from '../ike-sa-state.ts';
import { intermediateOctets } from '../intermediate-authentication.ts';
import { agreeOnMobike, mobikeNotifies } from '../mobike.ts';
import { find, findAll, notify, notifyName, typesText } from '../payloads.ts';
import { refusalOfPeer } from '../peer-authentication.ts';
import { keyedAsConfirmed, keyedByPpk, ppkNotifies, withNoPpkAuth } from '../ppk.ts';
import { endPredecessors } from '../predecessors.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { tell, tellRefusal } from '../surroundings.ts';
import { deleteChildByName, failureReport } from './informational.ts';

type AuthSent = Extract<IkeSaState, { name: 'authSent' }>;

export function ikeAuth(ikeSa: IkeSa): InitiatedExchange {
  const { connection, keyed, first, wish } = ikeSa.state as AuthSent;
  const offer = offerChild(ikeSa, wish, 'none');
  const asked = askedIdentity(connection);
  return {
    name: 'IKE_AUTH',
    purpose: 'ikeAuth',
    build: () => [
      { type: 'IDi', ...identityOctets(connection.local.identity) },
      ...certificatePayloads(connection),
      ...certificateRequests([connection]),
      ...(asked ? [{ type: 'IDr' as const, ...asked }] : []),
      BLANK_AUTH,
      ...initialContact(ikeSa, connection),
      ...configurationRequest(connection),
      ...mobikeNotifies(connection),
      ...(first.usesPpk ? ppkNotifies(ikeSa, connection) : []),
      ...payloadsOfOffer(offer),
    ],
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

/**
 * Fills the blank AUTH over the identity that the message really carries, so that a tester who changed it lies consistently. An AUTH that
 * already holds data is left alone.
 */
export function withAuthentication(
  ikeSa: IkeSa,
  connection: IkeConnection,
  message: IkeMessage,
  idType: 'IDi' | 'IDr',
  { prf, keys, Ni, Nr }: Keyed,
  first: FirstMessages,
): IkeMessage {
  const identification = find(message.payloads, idType) ?? {
    type: idType,
    ...identityOctets(connection.local.identity),
  };
  const intermediate = intermediateOctets(first, ikeSa.surroundings.rules);
  const octets =
    idType === 'IDi'
      ? signedOctets(first.request, Nr, prf, keys.SK_pi, identification, intermediate)
      : signedOctets(first.response, Ni, prf, keys.SK_pr, identification, intermediate);
  const { settings, env } = ikeSa.surroundings;
  const authentication = () =>
    authenticate(connection.local.authentication, octets, prf, first.peerHashAlgorithms, settings, env);
  const payloads = message.payloads.map((payload) =>
    payload.type === 'AUTH' && payload.data.length === 0 ? filled(payload, authentication()) : payload,
  );
  return { ...message, payloads };
}

/** A method that the tester has named stays. */
function filled(blank: PayloadOf<'AUTH'>, { method, data }: Authentication): PayloadOf<'AUTH'> {
  return { ...blank, method: blank.method || method, data };
}

/** Stands where AUTH will be. */
export const BLANK_AUTH: Payload = { type: 'AUTH', method: 0, data: new Uint8Array() };

function processAnswer(
  ikeSa: IkeSa,
  response: ReceivedMessage,
  offer: ChildOffer,
  asked: PeerIdentity | undefined,
): void {
  const { surroundings } = ikeSa;
  const { connection, keyed: exchanged, first } = ikeSa.state as AuthSent;
  const { payloads } = response;
  const [IDr, AUTH] = [find(payloads, 'IDr'), find(payloads, 'AUTH')];
  if (IDr === undefined || AUTH === undefined) {
    const error = findAll(payloads, 'N').find(({ notifyType }) => surroundings.rules.notifyIsError(notifyType));
    if (error !== undefined) {
      ikeSa.end('failed', notifyName(error.notifyType));
      return;
    }
    abandon(ikeSa, { rule: 'requiredPayloads', detail: typesText(payloads) }, 'INVALID_SYNTAX');
    return;
  }
  const keyed = keyedAsConfirmed(ikeSa, connection, { keyed: exchanged, first }, payloads);
  if ('rule' in keyed) {
    abandon(ikeSa, keyed, 'AUTHENTICATION_FAILED');
    return;
  }
  const refusal =
    refusalOfPeer(ikeSa, connection, { identification: IDr, authentication: AUTH, payloads }, keyed, first) ??
    (surroundings.rules.responderIdentity(asked, IDr)
      ? undefined
      : ({ rule: 'responderIdentity', detail: 'the responder is another than asked for' } as const));
  if (refusal !== undefined) {
    abandon(ikeSa, refusal, 'AUTHENTICATION_FAILED');
    return;
  }
  ikeSa.become('authenticates the peer', { name: 'established', connection, keyed, peer: IDr });
  agreeOnMobike(ikeSa, connection, payloads);
  tell(surroundings, { kind: 'ike', connection: connection.name, state: 'established', ...ikeSa.spis });
  endPredecessors(ikeSa, false);
  processChild(ikeSa, keyed, payloads, offer);
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
function abandon(ikeSa: IkeSa, refusal: Refusal, reason: 'AUTHENTICATION_FAILED' | 'INVALID_SYNTAX'): void {
  tellRefusal(ikeSa.surroundings, refusal.rule, refusal.detail);
  const why = `${reason}: ${refusal.rule}: ${refusal.detail}`;
  ikeSa.begin(failureReport(ikeSa, notify(notifyTypes[reason]), why));
}

/** The identity to ask for: only one that is exact can be asked for. */
function askedIdentity({ remote }: IkeConnection): PeerIdentity | undefined {
  if (remote.identity === 'any' || (remote.identity.match ?? 'exact') !== 'exact') return undefined;
  return identityOctets(remote.identity);
}

/** Section 2.4: said in the first IKE_AUTH towards a peer with which there is no other IKE SA. */
function initialContact(ikeSa: IkeSa, connection: IkeConnection): Payload[] {
  const { settings, ikeSas } = ikeSa.surroundings;
  const others = ikeSas.some(
    (other) => other !== ikeSa && other.state.name !== 'leftBehind' && other.connection?.name === connection.name,
  );
  return settings.initialContact && !others ? [notify(notifyTypes.INITIAL_CONTACT)] : [];
}
