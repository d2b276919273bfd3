/** Conversations that turn when a rule about the form of messages is broken (RFC 7296 sections 2.1, 2.5, 2.6.1, 2.8, 3.1, 3.2 and 3.10.1). */
import { ikeMessage } from '../wire/ike/message.ts';
import { Conversation, connection, fastIke } from './conversation.test-support.ts';
import { notify } from './payloads.ts';
import {
  describeRules,
  lying,
  type RuleConversation,
  rekeyIke,
  said,
  withHeader,
  withPayload,
} from './rule-conversation.test-support.ts';

const firstHeader = (talk: Conversation) => ikeMessage.decode(talk.datagrams[0]!.octets).value;
const reversed = lying('IKE_SA_INIT', (message) => ({ ...message, payloads: message.payloads.toReversed() }));
const asked = (talk: Conversation): number => talk.transcript.filter((line) => line.startsWith('I:')).length;

const conversations: readonly RuleConversation[] = [
  {
    rule: 'criticalSet',
    story: 'nothing that RFC 7296 defines is called critical',
    broken: () => true,
    play: (nut) => firstHeader(new Conversation(nut).initiate()).payloads.some(({ critical }) => critical),
    lawful: false,
    turned: true,
  },
  {
    rule: 'minorVersion',
    story: 'the version is 2.0',
    broken: () => 1,
    play: (nut) => firstHeader(new Conversation(nut).initiate()).header.minorVersion,
    lawful: 0,
    turned: 1,
  },
  {
    rule: 'passedOver',
    story: 'a higher minor version is no reason to refuse',
    broken: () => false,
    play: (nut) => new Conversation(lying('IKE_SA_INIT', withHeader({ minorVersion: 1 })), nut).initiate().established,
    lawful: true,
    turned: false,
  },
  {
    rule: 'payloadOrder',
    story: 'payloads may stand in any order',
    broken: () => false,
    play: (nut) => new Conversation(reversed, nut).initiate().established,
    lawful: true,
    turned: false,
  },
  {
    rule: 'higherVersionAnswer',
    story: 'who speaks version 3 is told that this is 2',
    broken: () => 'silence',
    play: (nut) => said(new Conversation(lying('IKE_SA_INIT', withHeader({ majorVersion: 3 })), nut).initiate(), 1),
    lawful: 'R: HDR, N(INVALID_MAJOR_VERSION)',
    turned: 'silence',
  },
  {
    rule: 'requestAfterAnswer',
    story: 'what is answered is not asked again',
    broken: () => 'sentAgain',
    play: (nut) => asked(new Conversation(nut).initiate()),
    lawful: 2,
    turned: 4,
  },
  {
    rule: 'unknownNotifyIgnored',
    story: 'a notification that nobody knows is passed over in a request',
    broken: () => false,
    play: (nut) => new Conversation(lying('IKE_SA_INIT', withPayload(notify(8191))), nut).initiate().established,
    lawful: true,
    turned: false,
  },
  {
    rule: 'isRequest',
    story: 'a first request with the Response flag is none',
    broken: () => true,
    play(nut) {
      const flags = { initiator: true, response: true, version: false };
      return said(new Conversation(lying('IKE_SA_INIT', withHeader({ flags })), nut).initiate(), 1).slice(0, 12);
    },
    lawful: 'silence',
    turned: 'R: HDR, SAr1',
  },
  {
    rule: 'cookieKept',
    story: 'a cookie goes with another group too, so that it is not asked for twice',
    broken: () => false,
    play(nut) {
      const groups = (keyExchangeMethods: readonly number[]) => [{ ...fastIke, keyExchangeMethods }];
      const talk = new Conversation(
        { ...nut, connections: [connection('initiator', { proposals: groups([31, 19]) })] },
        { connections: [connection('responder', { proposals: groups([19]) })], settings: { halfOpenThreshold: -1 } },
      );
      return asked(talk.initiate());
    },
    lawful: 4,
    turned: 5,
  },
  {
    rule: 'replacedIkeSa',
    story: 'who rekeyed the IKE SA deletes the one that was replaced',
    broken: () => 'kept',
    play: (nut) =>
      new Conversation(nut).initiate().command('initiator', rekeyIke).machines.initiator.summaries().length,
    lawful: 1,
    turned: 2,
  },
];

describeRules('rules of IKEv2: the form of messages', conversations);
