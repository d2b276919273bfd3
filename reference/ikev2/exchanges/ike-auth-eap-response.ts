/**
 * IKE_AUTH by EAP, the responder's side (RFC 7296 section 2.16): proves itself first and asks, until the authenticator (`eap/authenticator.ts`) says that the
 * initiator has its password or has not; then both prove the key of EAP, and what the first request asked for is answered.
 */
import type { IdentificationPayload } from '../../wire/ike/identity-payloads.ts';
import type { Payload } from '../../wire/ike/payload-chain.ts';
import { idTypes } from '../../wire/ike/registry.ts';
import { fromText } from '../../wire/octets.ts';
import { ikev2Bounds } from '../bounds.ts';
import type { IkeConnection } from '../configuration.ts';
import { eapAuthentication, refusalOfEapAuthentication } from '../eap/authentication.ts';
import { startAuthenticator, stepAuthenticator } from '../eap/authenticator.ts';
import { EapTls } from '../eap/eap-tls.ts';
import { result } from '../eap/packets.ts';
import { type CertifiedCredential, tlsEndpoint } from '../eap/tls-endpoint.ts';
import type { Answer, ReceivedMessage } from '../exchange.ts';
import { identityOctets, identityText, type PeerIdentity } from '../identity.ts';
import type { IkeSa } from '../ike-sa.ts';
import type { EapUnderWay, IkeSaState } from '../ike-sa-state.ts';
import { BLANK_AUTH, withAuth, withAuthentication } from '../own-authentication.ts';
import { find, findNotify } from '../payloads.ts';
import { failed, grant, proofOf } from './ike-auth-grant.ts';

type HalfOpen = Extract<IkeSaState, { name: 'halfOpen' }>;

/** Answers a claim that comes without AUTH. */
export function beginEap(
  ikeSa: IkeSa,
  connection: IkeConnection,
  IDi: IdentificationPayload,
  payloads: readonly Payload[],
): Answer {
  const state = ikeSa.state as HalfOpen;
  const { remote, local } = connection;
  const { rules, env } = ikeSa.surroundings;
  if (remote.eap === undefined)
    return failed(ikeSa, {
      rule: 'authenticationMethod',
      detail: `${connection.name} wants a ${remote.authentication}`,
    });
  const credential = local.authentication;
  if (remote.eap.method === 'EAP-TLS' && !('chain' in credential))
    return failed(ikeSa, { rule: 'tlsCertificateGiven', detail: `${connection.name} has no certificate` });
  const isAsked = findNotify(payloads, 'EAP_ONLY_AUTHENTICATION') !== undefined;
  const isOnly = credential.kind === 'eap';
  if (isOnly && !rules.eapAloneAsked(isAsked))
    return failed(ikeSa, { rule: 'eapAloneAsked', detail: `${connection.name} has no other proof than EAP` });
  if (isOnly && !rules.eapMethodStandsAlone(remote.eap.method === 'EAP-TLS', true))
    return failed(ikeSa, { rule: 'eapMethodStandsAlone', detail: 'the method is not fit to stand alone' });
  const isAlone = isOnly || rules.signatureOmitted(isAsked);
  const tlsFor = (name: string) =>
    new EapTls(
      'server',
      tlsEndpoint(ikeSa.surroundings, credential as CertifiedCredential, connection, identityNamed(name)),
      rules,
    );
  const { authenticator, packet } = startAuthenticator(remote.eap, identityText(IDi), env, tlsFor);
  const IDr: IdentificationPayload = { type: 'IDr', ...identityOctets(local.identity) };
  const eap: EapUnderWay = { IDi, IDr, payloads, authenticator, isOver: false, exchanges: 1 };
  ikeSa.become('is asked for EAP', { ...state, connection, eap });
  return {
    payloads: [...(isAlone ? [IDr] : proofOf(connection)), packet],
    complete: (message) => withAuthentication(ikeSa, connection, message, 'IDr', state.keyed, state.first),
    sent(message) {
      // A tester may say that it is somebody else, and then proves that to the end.
      const said = { ...eap, IDr: find(message.payloads, 'IDr') ?? IDr };
      ikeSa.become('is asked for EAP', { ...state, connection, eap: said });
    },
  };
}

/** The request has EAP, or AUTH where EAP is over, by the rule of payloads. */
export function continueEap(ikeSa: IkeSa, eap: EapUnderWay, { payloads }: ReceivedMessage): Answer {
  const [EAP, AUTH] = [find(payloads, 'EAP'), find(payloads, 'AUTH')];
  const { rules } = ikeSa.surroundings;
  if (rules.eapIsOver(eap.isOver, AUTH !== undefined)) return endEap(ikeSa, eap, payloads);
  if (EAP === undefined) return failed(ikeSa, { rule: 'requiredPayloads', detail: 'EAP is not over' });
  if (eap.exchanges > ikev2Bounds.eapExchanges) return failed(ikeSa, { rule: 'eapExchanges', detail: 'it never ends' });
  const step = stepAuthenticator(eap.authenticator, EAP, rules);
  if (step.kind === 'failed') return failed(ikeSa, step.refusal, [result('Failure', step.identifier)]);
  const { authenticator } = step;
  const isOver = step.kind === 'succeeded';
  ikeSa.become('is asked for EAP', {
    ...(ikeSa.state as HalfOpen),
    eap: { ...eap, authenticator, isOver, exchanges: eap.exchanges + 1 },
  });
  return { payloads: [step.kind === 'succeeded' ? result('Success', authenticator.identifier) : step.packet] };
}

/** Messages 7 and 8. */
function endEap(ikeSa: IkeSa, eap: EapUnderWay, payloads: readonly Payload[]): Answer {
  const { rules } = ikeSa.surroundings;
  const { keyed, first, connection } = ikeSa.state as HalfOpen;
  const { IDi, IDr, authenticator } = eap;
  const AUTH = find(payloads, 'AUTH');
  if (AUTH === undefined || connection === undefined)
    return failed(ikeSa, { rule: 'requiredPayloads', detail: 'EAP without an end' });
  const { MSK } = authenticator;
  const peer = rules.identityOfPolicy(IDi, identityNamed(authenticator.name));
  const refusal =
    refusalOfEapAuthentication(ikeSa, keyed, first, IDi, MSK, AUTH) ?? refusalOfIdentity(ikeSa, connection, peer);
  if (refusal !== undefined) return failed(ikeSa, refusal);
  const granted = grant(ikeSa, connection, keyed, peer, eap.payloads);
  return {
    payloads: [BLANK_AUTH, ...granted.payloads],
    complete: (message) => withAuth(message, () => eapAuthentication(ikeSa, keyed, first, IDr, MSK)),
    afterwards: granted.afterwards,
  };
}

function refusalOfIdentity({ surroundings }: IkeSa, { name, remote }: IkeConnection, peer: PeerIdentity) {
  if (surroundings.rules.identityMatchesPad(peer, remote.identity)) return undefined;
  return { rule: 'identityMatchesPad', detail: `${identityText(peer)} is not the peer of ${name}` } as const;
}

/** A name of EAP among the identities of IKE: as a mailbox if it looks like one. */
function identityNamed(name: string): PeerIdentity {
  return { idType: name.includes('@') ? idTypes.ID_RFC822_ADDR : idTypes.ID_FQDN, data: fromText(name) };
}
