/** Conversations that turn when a rule of messages, Message IDs or paths is broken (RFC 7296 sections 2.1 to 2.5, 2.11, 2.21 and 3.14). */
import { ikeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { addresses, Conversation, connection } from './conversation.test-support.ts';
import { notify } from './payloads.ts';
import {
  describeRules,
  liveness,
  lying,
  type RuleConversation,
  said,
  withHeader,
  without,
  withPayload,
} from './rule-conversation.test-support.ts';

const conversations: readonly RuleConversation[] = [
  {
    rule: 'ikeSaOfMessage',
    story: 'a message with the SPI of no IKE SA is for nobody',
    broken: () => true,
    play(nut) {
      const stray = lying('INFORMATIONAL', withHeader({ responderSPI: new Uint8Array(8).fill(1) }));
      return new Conversation(stray, nut).initiate().command('initiator', liveness).refusals('responder');
    },
    lawful: ['ikeSaOfMessage'],
    turned: [],
  },
  {
    rule: 'exchangeInState',
    story: 'nothing but IKE_AUTH is answered before the initiator is known',
    broken: () => true,
    play: (nut) => said(new Conversation(lying('IKE_AUTH', withHeader({ exchangeType: 37 })), nut).initiate(), 3),
    lawful: 'silence',
    turned: 'R: HDR, SK {}',
  },
  {
    rule: 'exchangeInState',
    story: 'a responder whose answer was lost asks nothing of who does not know it yet',
    broken: () => true,
    play(nut) {
      const talk = new Conversation(nut);
      talk.wire = ({ from, notation, octets }) => (from === 'responder' && notation.includes('AUTH') ? [] : [octets]);
      talk.initiate().command('responder', liveness);
      return said(talk, talk.transcript.length - 1);
    },
    lawful: 'R: HDR, SK {}',
    turned: 'I: HDR, SK {}',
  },
  {
    rule: 'initialSpis',
    story: 'a first request that names a responder SPI is not answered',
    broken: () => true,
    play(nut) {
      const talk = new Conversation(lying('IKE_SA_INIT', withHeader({ responderSPI: new Uint8Array(8).fill(1) })), nut);
      return said(talk.initiate(), 1).slice(0, 12);
    },
    lawful: 'silence',
    turned: 'R: HDR, SAr1',
  },
  {
    rule: 'majorVersion',
    story: 'version 3 is not read as if it were 2',
    broken: () => true,
    play: (nut) => said(new Conversation(lying('IKE_SA_INIT', withHeader({ majorVersion: 3 })), nut).initiate(), 1),
    lawful: 'R: HDR, N(INVALID_MAJOR_VERSION)',
    turned: 'R: HDR, N(INVALID_SYNTAX)',
  },
  {
    rule: 'initiatorFlag',
    story: 'the original initiator must say that it is',
    broken: () => true,
    play(nut) {
      const flags = { initiator: false, response: false, version: false };
      const talk = new Conversation(lying('INFORMATIONAL', withHeader({ flags })), nut).initiate();
      return said(talk.command('initiator', liveness), 5);
    },
    lawful: 'silence',
    turned: 'R: HDR, SK {}',
  },
  {
    rule: 'integrity',
    story: 'a message with a wrong ICV is not answered',
    broken: () => true,
    play(nut) {
      const proposals = [
        {
          encryption: [{ id: 12, keyLength: 128 }],
          integrity: [12],
          pseudorandomFunctions: [5],
          keyExchangeMethods: [31],
        },
      ];
      const forger = {
        connections: [connection('initiator', { proposals })],
        seams: {
          datagram: (octets: Uint8Array, { exchange }: { exchange: string }) =>
            exchange === 'INFORMATIONAL' ? octets.with(octets.length - 1, octets.at(-1)! ^ 1) : octets,
        },
      };
      const talk = new Conversation(forger, { ...nut, connections: [connection('responder', { proposals })] });
      return said(talk.initiate().command('initiator', liveness), 5);
    },
    lawful: 'silence',
    turned: 'R: HDR, SK {}',
  },
  {
    rule: 'criticalPayload',
    story: 'an unknown payload that is called critical is refused by name',
    broken: () => true,
    play(nut) {
      const unknown = withPayload({ type: 'unknown', payloadType: 200, critical: true, data: new Uint8Array(4) });
      const talk = new Conversation(lying('INFORMATIONAL', unknown), nut).initiate();
      return said(talk.command('initiator', liveness), 5);
    },
    lawful: 'R: HDR, SK {N(UNSUPPORTED_CRITICAL_PAYLOAD)}',
    turned: 'R: HDR, SK {}',
  },
  {
    rule: 'requiredPayloads',
    story: 'an IKE_AUTH without TSr is INVALID_SYNTAX',
    broken: () => true,
    play: (nut) => said(new Conversation(lying('IKE_AUTH', without('TSr')), nut).initiate(), 3),
    lawful: 'R: HDR, SK {N(INVALID_SYNTAX)}',
    turned: 'R: HDR, SK {IDr, AUTH, N(TS_UNACCEPTABLE)}',
  },
  {
    rule: 'unprotectedMessageIgnored',
    story: 'an error in clear does not end what is established',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      return talk.forge('responder', inClear(talk, notifyTypes.INVALID_IKE_SPI)).established;
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'unprotectedErrorEnds',
    story: 'an error that anybody can send before the answer ends nothing',
    broken: () => true,
    play(nut) {
      const talk = new Conversation(nut);
      talk.wire = ({ octets, from }, place) =>
        from === 'responder' && place === 1 ? [firstError(octets), octets] : [octets];
      return talk.initiate().ikeEvents('initiator');
    },
    lawful: ['established'],
    turned: ['failed'],
  },
  {
    rule: 'notifyIsError',
    story: 'a status nobody knows does not refuse the child',
    broken: () => true,
    play: (nut) =>
      new Conversation(nut, lying('IKE_AUTH', withPayload(notify(40_969)))).initiate().childEvents('initiator'),
    lawful: ['net established'],
    turned: ['net refused'],
  },
  {
    rule: 'fatalNotification',
    story: 'AUTHENTICATION_FAILED under protection ends the IKE SA',
    broken: () => false,
    play(nut) {
      const failed = withPayload(notify(notifyTypes.AUTHENTICATION_FAILED));
      const talk = new Conversation(lying('INFORMATIONAL', failed), nut).initiate();
      return talk.command('initiator', liveness).ikeEvents('responder');
    },
    lawful: ['established', 'failed'],
    turned: ['established'],
  },
  {
    rule: 'responseMessageId',
    story: 'a response with another Message ID answers nothing',
    broken: () => true,
    play(nut) {
      const talk = new Conversation(nut, lying('INFORMATIONAL', withHeader({ messageId: 9 }))).initiate();
      return talk.command('initiator', liveness).machines.initiator.deadline() !== undefined;
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'repeatedRequest',
    story: 'a request that comes twice makes one child',
    broken: () => 'processAgain',
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      talk.wire = ({ octets }) => [octets, octets];
      return talk.initiate().installed.responder.size;
    },
    lawful: 4,
    turned: 5,
  },
  {
    rule: 'retransmission',
    story: 'a retransmission is the same octets',
    broken: (_stored, sealAnew) => sealAnew(),
    play(nut) {
      const talk = new Conversation(nut).initiate();
      talk.wire = () => [];
      talk.command('initiator', liveness).pass(600);
      const [first, again] = talk.datagrams.slice(4);
      return first?.octets.join() === again?.octets.join();
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'responsePath',
    story: 'the response goes to where the request came from',
    broken: (_request, established) => established,
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      talk.input('initiator', { kind: 'address-changed', from: addresses.initiator, to: '198.51.100.2' });
      return talk.command('initiator', liveness).datagrams[5]?.path.remoteAddress;
    },
    lawful: '198.51.100.2',
    turned: addresses.initiator,
  },
  {
    rule: 'requestPath',
    story: 'a peer that is behind no NAT is not followed to another address',
    broken: (request) => request,
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      talk.input('initiator', { kind: 'address-changed', from: addresses.initiator, to: '198.51.100.2' });
      talk.command('initiator', liveness).command('responder', liveness);
      return talk.datagrams[6]?.path.remoteAddress;
    },
    lawful: addresses.initiator,
    turned: '198.51.100.2',
  },
];

describeRules('IKEv2, rules of messages', conversations);

/** An INFORMATIONAL request of the initiator's with a notification in clear. */
function inClear(talk: Conversation, notifyType: number): Uint8Array {
  const { header } = ikeMessage.decode(talk.datagrams[2]!.octets).value;
  const { initiatorSPI, responderSPI, flags } = header;
  return ikeMessage.encode({
    header: { initiatorSPI, responderSPI, flags, exchangeType: 37, messageId: 2 },
    payloads: [notify(notifyType)],
  });
}

/** The responder's first message, with nothing in it but an error. */
function firstError(octets: Uint8Array): Uint8Array {
  const { initiatorSPI, responderSPI, flags } = ikeMessage.decode(octets).value.header;
  return ikeMessage.encode({
    header: { initiatorSPI, responderSPI, flags, exchangeType: 34, messageId: 0 },
    payloads: [notify(notifyTypes.AUTHENTICATION_FAILED)],
  });
}
