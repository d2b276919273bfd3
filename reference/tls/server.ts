/** TLS 1.2, the server's side of a full handshake (RFC 5246 section 7.3); the figure stands in `client.ts`. A client without a certificate is not let in. */
import { hash } from '../transforms/keyed-hash.ts';
import {
  certificateMessage,
  certificateRequest,
  certificateVerify,
  clientKeyExchange,
  finished,
  serverHelloDone,
  serverKeyExchange,
} from '../wire/tls/handshake.ts';
import { type ClientHello, clientHello, serverHello } from '../wire/tls/hello.ts';
import { clientCertificateTypes } from '../wire/tls/registry.ts';
import type { TlsEndpoint } from './endpoint.ts';
import { EphemeralKey } from './ephemeral-keys.ts';
import { hearsFinished } from './finished.ts';
import {
  acceptable,
  groupFor,
  hasExtension,
  NULL_COMPRESSION,
  schemesKnownTo,
  serverHelloOf,
  suitesFor,
} from './hellos.ts';
import { masterSecret, type TlsSecrets, verifyData, writeKeys } from './key-schedule.ts';
import type { Messages } from './messages.ts';
import { trustedKey } from './peer-certificates.ts';
import { type Handshake, refuses } from './refusal.ts';
import { knownSchemes, NAMED_CURVE, ownScheme, signed, signedParameters, verifies } from './signatures.ts';

export function* serverHandshake(messages: Messages, endpoint: TlsEndpoint): Handshake<TlsSecrets> {
  const { env, credential, trust, rules } = endpoint;
  const asked = yield* messages.hears('client_hello', clientHello);
  const { cipherSuite, namedCurve, scheme } = yield* chosen(endpoint, asked);
  const bound = rules.tlsExtendedMasterSecret(hasExtension(asked, 'extended_master_secret'), true);
  const hello = serverHelloOf(asked, env.octets('nonce', 32), cipherSuite, bound);
  const randoms = { clientRandom: asked.random, serverRandom: hello.random };
  const key = new EphemeralKey(namedCurve, endpoint);
  const parameters = { namedCurve, publicValue: key.publicValue };

  messages.says('server_hello', serverHello, hello);
  messages.says('certificate', certificateMessage, { certificates: credential.chain });
  const signature = signed(endpoint, scheme, signedParameters(randoms, parameters));
  messages.says('server_key_exchange', serverKeyExchange, { curveType: NAMED_CURVE, ...parameters, ...signature });
  messages.says('certificate_request', certificateRequest, {
    certificateTypes: Object.values(clientCertificateTypes),
    signatureSchemes: knownSchemes,
    authorities: trust.anchors.map(({ subjectOctets }) => ({ name: subjectOctets })),
  });
  messages.says('server_hello_done', serverHelloDone, {});

  const { certificates } = yield* messages.hears('certificate', certificateMessage);
  const clientKey = yield* trustedKey(endpoint, certificates);
  const { publicValue } = yield* messages.hears('client_key_exchange', clientKeyExchange);
  const premaster = key.premasterWith(publicValue);
  if (premaster === undefined)
    return yield* refuses('tlsSharedSecret', 'illegal_parameter', 'a public value that is none');
  const sessionHash = bound ? hash('sha256', messages.transcript) : undefined;
  const secrets = { ...randoms, master: masterSecret(premaster, randoms, sessionHash) };
  const { transcript } = messages;
  const proof = yield* messages.hears('certificate_verify', certificateVerify);
  yield* verifies(endpoint, 'tlsCertificateVerified', clientKey, transcript, proof);
  const keys = writeKeys(secrets);
  yield* messages.hearsChangeCipherSpec(keys.client);
  yield* hearsFinished(messages, endpoint, secrets, 'client');

  messages.changesCipherSpec(keys.server);
  messages.says('finished', finished, { verifyData: verifyData(secrets.master, 'server', messages.transcript) });
  return secrets;
}

/** What both know, by this side's preference. */
function* chosen(
  endpoint: TlsEndpoint,
  asked: ClientHello,
): Handshake<{ cipherSuite: number; namedCurve: number; scheme: number }> {
  const { rules, credential } = endpoint;
  if (!rules.tlsVersion(asked.version, 'client'))
    return yield* refuses('tlsVersion', 'protocol_version', `version ${asked.version}`);
  yield* acceptable(endpoint, asked, asked.compressionMethods, NULL_COMPRESSION);
  const cipherSuite = rules.tlsCipherSuiteChosen(asked.cipherSuites, suitesFor(credential.key));
  const namedCurve = groupFor(asked);
  if (cipherSuite === undefined || namedCurve === undefined)
    return yield* refuses('tlsCipherSuiteChosen', 'handshake_failure', 'no cipher suite or curve in common');
  const scheme = ownScheme(endpoint, schemesKnownTo(asked));
  if (scheme === undefined)
    return yield* refuses('tlsOwnSignatureScheme', 'handshake_failure', 'nothing to sign with that the client knows');
  return { cipherSuite, namedCurve, scheme };
}
