/**
 * AUTH of this node (RFC 7296 sections 2.15 and 2.16): filled in when a message is complete, over the identity that it really carries, so that a tester
 * who changed it lies consistently.
 */
import type { IdentificationPayload } from '../wire/ike/identity-payloads.ts';
import type { IkeMessage } from '../wire/ike/message.ts';
import type { Payload, PayloadOf } from '../wire/ike/payload-chain.ts';
import { type Authentication, authenticate, signedOctets } from './authentication.ts';
import type { IkeConnection } from './configuration.ts';
import { identityOctets } from './identity.ts';
import type { IkeSa } from './ike-sa.ts';
import type { FirstMessages, Keyed } from './ike-sa-state.ts';
import { intermediateOctets } from './intermediate-authentication.ts';
import { nullAuthentication } from './null-authentication.ts';
import { find } from './payloads.ts';

/**
 * Fills the blank AUTH over the identity that the message really carries, so that a tester who changed it lies consistently. An AUTH that
 * already holds data is left alone.
 */
export function withAuthentication(
  ikeSa: IkeSa,
  connection: IkeConnection,
  message: IkeMessage,
  idType: 'IDi' | 'IDr',
  keyed: Keyed,
  first: FirstMessages,
): IkeMessage {
  const identification = find(message.payloads, idType) ?? {
    type: idType,
    ...identityOctets(connection.local.identity),
  };
  const octets = octetsToSign(ikeSa, keyed, first, identification);
  const { settings, env } = ikeSa.surroundings;
  const credential = connection.local.authentication;
  // Whose credential is for EAP has nothing to sign with until that is over.
  if (credential.kind === 'eap') return message;
  if (credential.kind === 'null')
    return withAuth(message, () => nullAuthentication(keyed, idType, octets, ikeSa.surroundings.rules));
  return withAuth(message, () => authenticate(credential, octets, keyed.prf, first.peerHashAlgorithms, settings, env));
}

/** What the side of an identification signs. */
export function octetsToSign(
  { surroundings }: IkeSa,
  { prf, keys, Ni, Nr }: Keyed,
  first: FirstMessages,
  identification: IdentificationPayload,
): Uint8Array {
  const intermediate = intermediateOctets(first, surroundings.rules);
  return identification.type === 'IDi'
    ? signedOctets(first.request, Nr, prf, keys.SK_pi, identification, intermediate)
    : signedOctets(first.response, Ni, prf, keys.SK_pr, identification, intermediate);
}

/** The message with its blank AUTH filled. */
export function withAuth(message: IkeMessage, authentication: () => Authentication): IkeMessage {
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
