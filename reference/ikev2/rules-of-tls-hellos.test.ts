import { eapCodes } from '../wire/ike/registry.ts';
import type { Structure } from '../wire/kernel.ts';
import { concat, fromText } from '../wire/octets.ts';
import { certificateRequest } from '../wire/tls/handshake.ts';
import { type ClientHello, clientHello, type ServerHello, serverHello, type TlsExtension } from '../wire/tls/hello.ts';
import { extensionTypes, handshakeTypes } from '../wire/tls/registry.ts';
import {
  alone,
  byClient,
  byServer,
  ended,
  inEapTls,
  rewritten,
  says,
  server,
  talk,
  tls,
} from './eap-tls.test-support.ts';
import { describeRules, type RuleConversation } from './rule-conversation.test-support.ts';

const yes = () => true;

/** What one side's hello has for extensions, changed. */
const saysOf = (
  structure: typeof clientHello | typeof serverHello,
  change: (extensions: readonly TlsExtension[]) => readonly TlsExtension[],
) =>
  says<ClientHello & ServerHello>(
    structure === clientHello ? 'client_hello' : 'server_hello',
    structure as Structure<ClientHello & ServerHello>,
    ({ extensions = [], ...hello }) => ({ ...hello, extensionsLength: undefined, extensions: change(extensions) }),
  );
const twice = (extensions: readonly TlsExtension[]) => [...extensions, ...extensions];
const inPlaceOf =
  (name: keyof typeof extensionTypes, ...data: number[]) =>
  (extensions: readonly TlsExtension[]) =>
    extensions.map((each) =>
      each.extensionType === extensionTypes[name]
        ? { extensionType: each.extensionType, data: Uint8Array.from(data) }
        : each,
    );

/** A record of its own. */
const helloRequest = Uint8Array.of(22, 3, 3, 0, 4, 0, 0, 0, 0);
const isServerHello = (data: Uint8Array) => data[0] === 22 && data[5] === handshakeTypes.server_hello;

const conversations: readonly RuleConversation[] = [
  {
    rule: 'tlsCompression',
    story: 'a server chooses no compression that was not offered',
    broken: yes,
    play: byServer(says('server_hello', serverHello, (hello) => ({ ...hello, compressionMethod: 1 }))),
    lawful: 'tlsCompression',
    turned: 'established',
  },
  {
    rule: 'tlsCompression',
    story: 'a client always offers to compress nothing',
    broken: yes,
    play: byClient(
      says('client_hello', clientHello, (hello) => ({
        ...hello,
        compressionMethods: [1],
        compressionMethodsLength: undefined,
      })),
    ),
    lawful: 'tlsCompression',
    turned: 'established',
  },
  {
    rule: 'tlsExtensionOnce',
    story: 'a client says an extension once',
    broken: yes,
    play: byClient(saysOf(clientHello, twice)),
    lawful: 'tlsExtensionOnce',
    turned: 'established',
  },
  {
    rule: 'tlsExtensionOnce',
    story: 'so does a server',
    broken: yes,
    play: byServer(saysOf(serverHello, twice)),
    lawful: 'tlsExtensionOnce',
    turned: 'established',
  },
  {
    rule: 'tlsExtensionAsked',
    story: 'a server answers nothing that was not asked',
    broken: yes,
    play: byServer(
      saysOf(serverHello, (extensions) => [...extensions, { extensionType: 16, data: fromText('\0\x02\x01a') }]),
    ),
    lawful: 'tlsExtensionAsked',
    turned: 'established',
  },
  {
    rule: 'tlsRenegotiatedConnection',
    story: 'a client has had no connection before',
    broken: yes,
    play: byClient(saysOf(clientHello, inPlaceOf('renegotiation_info', 3, 1, 2, 3))),
    lawful: 'tlsRenegotiatedConnection',
    turned: 'established',
  },
  {
    rule: 'tlsRenegotiatedConnection',
    story: 'nor has a server',
    broken: yes,
    play: byServer(saysOf(serverHello, inPlaceOf('renegotiation_info', 3, 1, 2, 3))),
    lawful: 'tlsRenegotiatedConnection',
    turned: 'established',
  },
  {
    rule: 'tlsPointFormats',
    story: 'a client that lists formats knows uncompressed points',
    broken: yes,
    play: byClient(saysOf(clientHello, inPlaceOf('ec_point_formats', 1, 1))),
    lawful: 'tlsPointFormats',
    turned: 'established',
  },
  {
    rule: 'tlsPointFormats',
    story: 'so does a server',
    broken: yes,
    play: byServer(
      saysOf(serverHello, (extensions) => [
        ...extensions,
        { extensionType: extensionTypes.ec_point_formats, data: Uint8Array.of(1, 1) },
      ]),
    ),
    lawful: 'tlsPointFormats',
    turned: 'established',
  },
  {
    rule: 'tlsKeyOfSuite',
    story: 'a suite of RSA is none for a key of ECDSA',
    broken: yes,
    play: byServer(says('server_hello', serverHello, (hello) => ({ ...hello, cipherSuite: 0xc02f }))),
    lawful: 'tlsKeyOfSuite',
    turned: 'established',
  },
  {
    rule: 'tlsKeyOfSuite',
    story: 'nor the other way round',
    broken: yes,
    play: byServer(
      says('server_hello', serverHello, (hello) => ({ ...hello, cipherSuite: 0xc02b })),
      server(tls('r.example', 'rsaTwo')),
    ),
    lawful: 'tlsKeyOfSuite',
    turned: 'established',
  },
  {
    rule: 'tlsOwnSignatureScheme',
    story: 'a server signs with what the client knows',
    broken: (_known, [own]) => own,
    play: byClient(saysOf(clientHello, inPlaceOf('signature_algorithms', 0, 2, 4, 1))),
    lawful: 'tlsOwnSignatureScheme',
    turned: 'established',
  },
  {
    rule: 'tlsOwnSignatureScheme',
    story: 'a client shows no certificate that signs with what the server does not know',
    broken: (_known, [own]) => own,
    play: (nut) => {
      const asks = says('certificate_request', certificateRequest, (request) => ({
        ...request,
        signatureSchemes: [0x0401],
        signatureSchemesLength: undefined,
      }));
      return ended(talk({ ...alone.client, ...nut }, { ...alone.server, ...asks }), 'responder');
    },
    lawful: 'tlsCertificateGiven',
    turned: 'established',
  },
  {
    rule: 'tlsHelloRequestIgnored',
    story: 'a client that is asked to begin has begun',
    broken: () => false,
    play: byServer(
      inEapTls(
        eapCodes.Request,
        rewritten(({ data, messageLength, ...rest }) =>
          isServerHello(data)
            ? { ...rest, ...(messageLength && { messageLength: messageLength + 9 }), data: concat(helloRequest, data) }
            : { ...rest, messageLength, data },
        ),
      ),
    ),
    lawful: 'established',
    turned: 'tlsMessageExpected',
  },
];

describeRules('rules of the hellos of TLS', conversations);
