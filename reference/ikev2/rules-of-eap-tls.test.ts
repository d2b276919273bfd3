/** Conversations with EAP-TLS in IKE_AUTH that turn when a rule of RFC 5216, of TLS 1.2 or of RFC 5998 is broken, and what holds of them anyhow. */
import { expect } from 'chai';
import { eapCodes } from '../wire/ike/registry.ts';
import type { Structure } from '../wire/kernel.ts';
import { concat, fromText } from '../wire/octets.ts';
import { certificateRequest, clientKeyExchange, serverKeyExchange } from '../wire/tls/handshake.ts';
import { type ClientHello, clientHello, type ServerHello, serverHello, type TlsExtension } from '../wire/tls/hello.ts';
import { extensionTypes, handshakeTypes } from '../wire/tls/registry.ts';
import {
  alone,
  certificateFor,
  client,
  ended,
  foreign,
  inEapTls,
  none,
  rewritten,
  says,
  saysInstead,
  server,
  shown,
  spoils,
  spoilt,
  talk,
  tls,
} from './eap-tls.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { describeRules, fate, type RuleConversation } from './rule-conversation.test-support.ts';

/** A client that lies, and a server under test; and the other way round, by EAP alone. */
const byClient =
  (lie: Partial<Ikev2Options>, of = client()) =>
  (nut: Partial<Ikev2Options>) =>
    ended(talk({ ...of, ...lie }, { ...server(), ...nut }), 'responder');
const byServer =
  (lie: Partial<Ikev2Options>, of = alone.server) =>
  (nut: Partial<Ikev2Options>) =>
    ended(talk({ ...alone.client, ...nut }, { ...of, ...lie }), 'initiator');

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
    rule: 'eapAloneAsked',
    story: 'who wants a signature is not answered by EAP alone',
    broken: yes,
    play: (nut) => ended(talk(client(), { ...alone.server, ...nut }), 'responder'),
    lawful: 'eapAloneAsked',
    turned: 'exchangeInState',
  },
  {
    rule: 'eapTlsStart',
    story: 'a server starts once',
    broken: yes,
    play: byServer(
      inEapTls(
        eapCodes.Request,
        rewritten((data) => ({ ...data, start: true })),
      ),
    ),
    lawful: 'eapTlsStart',
    turned: 'established',
  },
  {
    rule: 'eapTlsLength',
    story: 'fragments are as long together as they say',
    broken: yes,
    play: byClient(
      inEapTls(
        eapCodes.Response,
        rewritten((data) => (data.lengthIncluded ? { ...data, messageLength: data.messageLength! + 1 } : data)),
      ),
    ),
    lawful: 'eapTlsLength',
    turned: 'established',
  },
  {
    rule: 'eapTlsAcknowledged',
    story: 'a fragment is acknowledged with nothing',
    broken: yes,
    play: byClient(
      inEapTls(
        eapCodes.Response,
        rewritten((data) => (data.data.length === 0 ? { ...data, data: Uint8Array.of(22) } : data)),
      ),
    ),
    lawful: 'eapTlsAcknowledged',
    turned: 'established',
  },
  {
    rule: 'tlsRecordLength',
    story: 'a record that is too long to be one is not waited for',
    broken: yes,
    play: byClient(inEapTls(eapCodes.Response, (data) => (data[1] === 22 ? data.with(4, 0xff) : data))),
    lawful: 'tlsRecordLength',
    turned: 'exchangeInState',
  },
  {
    rule: 'tlsRecordOpened',
    story: 'a sealed record that was changed is none',
    broken: (_opened, unchecked) => unchecked(),
    play: byClient(
      inEapTls(eapCodes.Response, (data) =>
        data.length > 40 && data[0] === 0 && data[1] !== 22 ? spoilt(data) : data,
      ),
    ),
    lawful: 'tlsRecordOpened',
    turned: 'established',
  },
  {
    rule: 'tlsAlertEnds',
    story: 'what the server holds against a certificate is the end of it',
    broken: () => false,
    play: (nut) => talk({ ...client(shown({ issuer: foreign })), ...nut }, server()).refusals('initiator'),
    lawful: ['tlsAlertEnds', 'eapFailureEnds'],
    turned: ['eapFailureEnds'],
  },
  {
    rule: 'tlsMessageExpected',
    story: 'each message has its turn',
    broken: yes,
    play: byClient(
      saysInstead('client_key_exchange', (message) => ({ ...message, handshakeType: handshakeTypes.finished })),
    ),
    lawful: 'tlsMessageExpected',
    turned: 'established',
  },
  {
    rule: 'tlsVersion',
    story: 'a server answers with TLS 1.2',
    broken: yes,
    play: byServer(says('server_hello', serverHello, (hello) => ({ ...hello, version: 0x0302 }))),
    lawful: 'tlsVersion',
    turned: 'established',
  },
  {
    rule: 'tlsCipherSuiteChosen',
    story: 'a server chooses what the client knows',
    broken: (_offered, [own]) => own,
    play: byClient(
      says('client_hello', clientHello, (hello) => ({
        ...hello,
        cipherSuites: [0x002f],
        cipherSuitesLength: undefined,
      })),
    ),
    lawful: 'tlsCipherSuiteChosen',
    turned: 'established',
  },
  {
    rule: 'tlsCipherSuiteOffered',
    story: 'a client takes no suite that it did not offer',
    broken: yes,
    play: byServer(says('server_hello', serverHello, (hello) => ({ ...hello, cipherSuite: 0x002f }))),
    lawful: 'tlsCipherSuiteOffered',
    turned: 'tlsKeyOfSuite',
  },
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
  {
    rule: 'tlsExtendedMasterSecret',
    story: 'both bind the master secret, or neither',
    broken: () => false,
    play: byServer({}),
    lawful: 'established',
    turned: 'tlsAlertEnds',
  },
  {
    rule: 'tlsCertificateGiven',
    story: 'a client without a certificate is not let in',
    broken: yes,
    play: byClient(saysInstead('certificate', none)),
    lawful: 'tlsCertificateGiven',
    turned: 'tlsCertificatePath',
  },
  {
    rule: 'tlsCertificatePath',
    story: 'a certificate leads to an anchor',
    broken: yes,
    play: byClient({}, client(shown({ issuer: foreign }))),
    lawful: 'tlsCertificatePath',
    turned: 'established',
  },
  {
    rule: 'tlsCertificateNames',
    story: 'a server has a certificate of who it says it is',
    broken: yes,
    play: byServer({}, server(tls('r.example', 'p256Two', certificateFor('another.example', 'p256Two')))),
    lawful: 'tlsCertificateNames',
    turned: 'established',
  },
  {
    rule: 'tlsSignatureScheme',
    story: 'what signs is among what was offered',
    broken: yes,
    play: byServer(says('server_key_exchange', serverKeyExchange, (body) => ({ ...body, signatureScheme: 0x0203 }))),
    lawful: 'tlsSignatureScheme',
    turned: 'tlsKeyExchangeSigned',
  },
  {
    rule: 'tlsKeyExchangeSigned',
    story: 'a public value is the server’s own',
    broken: yes,
    play: byServer({}, server({ ...tls('r.example', 'p256Two'), key: 'p256Three' })),
    lawful: 'tlsKeyExchangeSigned',
    turned: 'established',
  },
  {
    rule: 'tlsSharedSecret',
    story: 'nobody shares a secret of zeros',
    broken: (_checked, unchecked) => unchecked(),
    play: byClient(says('client_key_exchange', clientKeyExchange, () => ({ publicValue: new Uint8Array(32) }))),
    lawful: 'tlsSharedSecret',
    turned: 'tlsRecordOpened',
  },
  {
    rule: 'tlsCertificateVerified',
    story: 'a certificate without its key is anybody’s',
    broken: yes,
    play: byClient({}, client({ ...tls('c.example', 'p256One'), key: 'p256Three' })),
    lawful: 'tlsCertificateVerified',
    turned: 'established',
  },
  {
    rule: 'tlsFinished',
    story: 'both have seen the same handshake',
    broken: yes,
    play: byServer(spoils('finished')),
    lawful: 'tlsFinished',
    turned: 'established',
  },
];

describeRules('rules of EAP-TLS', conversations);

describe('EAP-TLS in IKE_AUTH', () => {
  it('authenticates both, beside a signature and alone', () => {
    for (const said of [talk(client(), server()), talk(alone.client, alone.server)]) {
      expect(said.established).to.equal(true);
      expect(said.childrenAgree()).to.equal(true);
    }
  });

  it('says alone what RFC 5998 3 says, in its order', () => {
    const { transcript } = talk(alone.client, alone.server);
    expect(transcript.slice(2, 4)).to.deep.equal([
      'I: HDR, SK {IDi, N(EAP_ONLY_AUTHENTICATION), N(INITIAL_CONTACT), SAi2, TSi, TSr}',
      'R: HDR, SK {IDr, EAP}',
    ]);
    expect(transcript.slice(-2)).to.deep.equal(['I: HDR, SK {AUTH}', 'R: HDR, SK {AUTH, SAr2, TSi, TSr}']);
  });

  it('tells in TLS what it refuses, and takes Failure for the end', () => {
    const said = talk(alone.client, server(tls('r.example', 'p256Two', certificateFor('another.example', 'p256Two'))));
    expect(said.refusals('initiator')).to.deep.equal(['tlsCertificateNames', 'eapFailureEnds']);
    expect(said.refusals('responder')).to.deep.equal(['tlsAlertEnds']);
    expect(fate(said)).to.not.equal('established');
  });
});
