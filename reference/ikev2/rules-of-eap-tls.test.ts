/** Conversations with EAP-TLS in IKE_AUTH that turn when a rule of RFC 5216, of TLS 1.2 or of RFC 5998 is broken, and what holds of them anyhow. */
import { expect } from 'chai';
import { eapCodes } from '../wire/ike/registry.ts';
import { clientKeyExchange, serverKeyExchange } from '../wire/tls/handshake.ts';
import { clientHello, serverHello } from '../wire/tls/hello.ts';
import { handshakeTypes } from '../wire/tls/registry.ts';
import {
  alone,
  byClient,
  byServer,
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
import { describeRules, fate, type RuleConversation } from './rule-conversation.test-support.ts';

const yes = () => true;

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
