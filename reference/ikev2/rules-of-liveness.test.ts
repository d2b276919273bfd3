/** Conversations that turn when a rule of liveness is broken (RFC 7296 section 2.4). */
import { ikeMessage } from '../wire/ike/message.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import {
  describeRules,
  liveness,
  type NodeUnderTest,
  type RuleConversation,
} from './rule-conversation.test-support.ts';

/** The responder is to ask after two seconds; its peer is not. */
const asking = (nut: NodeUnderTest, packetHeardAt?: (spi: number) => number | undefined): Conversation =>
  new Conversation(
    {},
    {
      connections: [connection('responder', { livenessAfter: 2 })],
      ...(packetHeardAt && { packetHeardAt }),
      ...nut,
    },
  ).initiate();

/** What the responder has said in so many milliseconds, beyond what began it all. */
const saidBy = (talk: Conversation): readonly string[] =>
  talk.transcript.slice(4).filter((line) => line.startsWith('R'));

const ASKS = 'R: HDR, SK {}';

const conversations: readonly RuleConversation[] = [
  {
    rule: 'askedForLife',
    story: 'who has shown no life for two seconds is asked, and again two seconds after its answer',
    broken: () => undefined,
    play: (nut) => saidBy(asking(nut).pass(4_500)),
    lawful: [ASKS, ASKS],
    turned: [],
  },
  {
    rule: 'signOfLife',
    story: 'whoever asks need not be asked',
    broken: () => false,
    play(nut) {
      const talk = asking(nut).pass(1_500).command('initiator', liveness).pass(1_500);
      return saidBy(talk).length;
    },
    lawful: 1,
    turned: 2,
  },
  {
    rule: 'signOfLife',
    story: 'a packet under a child is one as well',
    broken: (sign) => sign === 'message',
    play: (nut) => saidBy(asking(nut, () => 1_500).pass(3_000)),
    lawful: [],
    turned: [ASKS],
  },
  {
    rule: 'signOfLife',
    story: 'what anybody can write in clear is none',
    broken: () => true,
    play(nut) {
      const talk = asking(nut).pass(1_500);
      const { initiatorSPI, responderSPI, flags } = ikeMessage.decode(talk.datagrams[2]!.octets).value.header;
      const header = { initiatorSPI, responderSPI, flags, exchangeType: 37, messageId: 2 };
      const inClear = ikeMessage.encode({ header, payloads: [] });
      return saidBy(talk.forge('responder', inClear).pass(1_000));
    },
    lawful: [ASKS],
    turned: [],
  },
  {
    rule: 'peerHasFailed',
    story: 'who answers nothing is given up after five attempts, and its children are gone',
    broken: () => true,
    play(nut) {
      const talk = asking(nut);
      talk.wire = ({ from, octets }) => (from === 'responder' ? [] : [octets]);
      talk.pass(20_000);
      return { asked: saidBy(talk).length, ends: talk.ikeEvents('responder'), left: talk.installed.responder.size };
    },
    lawful: { asked: 5, ends: ['established', 'failed'], left: 0 },
    turned: { asked: 1, ends: ['established', 'failed'], left: 0 },
  },
];

describeRules('IKEv2, rules of liveness', conversations);
