/**
 * TLS 1.2, the client's side of a full handshake (RFC 5246 section 7.3), as it is written there. Sessions are not resumed.
 *
 *     ClientHello                  -------->
 *                                                    ServerHello
 *                                                    Certificate
 *                                              ServerKeyExchange
 *                                            [CertificateRequest]
 *                                  <--------     ServerHelloDone
 *     [Certificate]
 *     ClientKeyExchange
 *     [CertificateVerify]
 *     ChangeCipherSpec
 *     Finished                     -------->
 *                                               ChangeCipherSpec
 *                                  <--------            Finished
 */
import { hash } from '../transforms/keyed-hash.ts';
import {
  certificateMessage,
  certificateRequest,
  certificateVerify,
  clientKeyExchange,
  finished,
  type ServerKeyExchange,
  serverHelloDone,
  serverKeyExchange,
} from '../wire/tls/handshake.ts';
import { type ClientHello, clientHello, type ServerHello, serverHello } from '../wire/tls/hello.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { EphemeralKey, groups } from './ephemeral-keys.ts';
import { hearsFinished } from './finished.ts';
import { acceptable, answersWhatWasAsked, clientHelloOf, hasExtension, suitesFor } from './hellos.ts';
import { masterSecret, type TlsSecrets, verifyData, writeKeys } from './key-schedule.ts';
import type { Messages } from './messages.ts';
import { trustedKey } from './peer-certificates.ts';
import { type Handshake, refuses } from './refusal.ts';
import { NAMED_CURVE, ownScheme, signed, signedParameters, verifies } from './signatures.ts';

export function* clientHandshake(messages: Messages, endpoint: TlsEndpoint): Handshake<TlsSecrets> {
  const { env, credential } = endpoint;
  const asked = clientHelloOf(env.octets('nonce', 32));
  messages.says('client_hello', clientHello, asked);

  const hello = yield* messages.hears('server_hello', serverHello);
  const bound = yield* agreed(endpoint, asked, hello);
  const randoms = { clientRandom: asked.random, serverRandom: hello.random };
  const { certificates } = yield* messages.hears('certificate', certificateMessage);
  const serverKey = yield* trustedKey(endpoint, certificates);
  if (!endpoint.rules.tlsKeyOfSuite(suitesFor(serverKey), hello.cipherSuite))
    return yield* refuses('tlsKeyOfSuite', 'illegal_parameter', `a key of ${serverKey.type}`);
  const exchange = yield* messages.hears('server_key_exchange', serverKeyExchange);
  yield* verifies(endpoint, 'tlsKeyExchangeSigned', serverKey, signedParameters(randoms, exchange), exchange);
  const request = yield* messages.hearsPerhaps('certificate_request', certificateRequest, 'server_hello_done');
  yield* messages.hears('server_hello_done', serverHelloDone);

  // Section 7.4.6: a certificate that signs nothing the server knows is not shown.
  const scheme = request && ownScheme(endpoint, request.signatureSchemes);
  if (request) messages.says('certificate', certificateMessage, { certificates: scheme ? credential.chain : [] });
  const { publicValue, premaster } = yield* ownHalf(endpoint, exchange);
  messages.says('client_key_exchange', clientKeyExchange, { publicValue });
  const sessionHash = bound ? hash('sha256', messages.transcript) : undefined;
  const secrets = { ...randoms, master: masterSecret(premaster, randoms, sessionHash) };
  if (scheme) messages.says('certificate_verify', certificateVerify, signed(endpoint, scheme, messages.transcript));
  const keys = writeKeys(secrets);
  messages.changesCipherSpec(keys.client);
  messages.says('finished', finished, { verifyData: verifyData(secrets.master, 'client', messages.transcript) });

  yield* messages.hearsChangeCipherSpec(keys.server);
  yield* hearsFinished(messages, endpoint, secrets, 'server');
  return secrets;
}

/** Whether the master secret is bound to the handshake; refuses what was not offered. */
function* agreed(endpoint: TlsEndpoint, asked: ClientHello, hello: ServerHello): Handshake<boolean> {
  const { rules } = endpoint;
  if (!rules.tlsVersion(hello.version, 'server'))
    return yield* refuses('tlsVersion', 'protocol_version', `version ${hello.version}`);
  if (!rules.tlsCipherSuiteOffered(asked.cipherSuites, hello.cipherSuite))
    return yield* refuses('tlsCipherSuiteOffered', 'illegal_parameter', `suite ${hello.cipherSuite}`);
  yield* acceptable(endpoint, hello, asked.compressionMethods, hello.compressionMethod);
  yield* answersWhatWasAsked(endpoint, asked, hello);
  const [offered, answered] = [asked, hello].map((each) => hasExtension(each, 'extended_master_secret'));
  return rules.tlsExtendedMasterSecret(offered!, answered!);
}

/** The client's public value, and what follows from both. */
function* ownHalf(
  endpoint: TlsEndpoint,
  { curveType, namedCurve, publicValue }: ServerKeyExchange,
): Handshake<{ publicValue: Uint8Array; premaster: Uint8Array }> {
  if (curveType !== NAMED_CURVE || !groups.includes(namedCurve))
    return yield* refuses('tlsSharedSecret', 'illegal_parameter', `curve ${namedCurve} was never offered`);
  const key = new EphemeralKey(namedCurve, endpoint);
  const premaster = key.premasterWith(publicValue);
  if (premaster === undefined)
    return yield* refuses('tlsSharedSecret', 'illegal_parameter', 'a public value that is none');
  return { publicValue: key.publicValue, premaster };
}
