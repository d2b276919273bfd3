/** Conversations that turn when a rule about what belongs to no SA is broken (RFC 7296 sections 1.5, 2.21.4 and 3.10.1). */
import { expect } from 'chai';
import { type IkeMessage, ikeMessage } from '../wire/ike/message.ts';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { hex, readU32, u32 } from '../wire/octets.ts';
import { addresses, Conversation } from './conversation.test-support.ts';
import type { NegotiatedSa } from './interface.ts';
import { find, notify } from './payloads.ts';
import {
  describeRules,
  liveness,
  type NodeUnderTest,
  type RuleConversation,
} from './rule-conversation.test-support.ts';

const OTHER = new Uint8Array(8).fill(7);

/** The responder gets a request of the initiator's again, as changed. */
function strayed(nut: NodeUnderTest, change: (message: IkeMessage) => IkeMessage, times = 1): Conversation {
  const talk = new Conversation({}, nut).initiate().command('initiator', liveness);
  const asked = ikeMessage.decode(talk.datagrams[4]!.octets).value;
  for (let time = 0; time < times; time++) talk.forge('responder', ikeMessage.encode(change(asked)));
  return talk;
}

const underOther = (message: IkeMessage): IkeMessage => ({
  ...message,
  header: { ...message.header, responderSPI: OTHER },
});

/** The same header, and that a packet came under an SPI of nobody. */
function inClear({ header: { initiatorSPI, responderSPI, exchangeType, flags, messageId } }: IkeMessage): IkeMessage {
  const header = { initiatorSPI, responderSPI, exchangeType, flags, messageId };
  return { header, payloads: [notify(notifyTypes.INVALID_SPI)] };
}

/** In notation, after what was said honestly. */
const saidSince = (talk: Conversation): readonly string[] => talk.transcript.slice(6);

/** A packet came to the responder under an SPI of nobody, from its peer or from elsewhere. */
const packetUnder = (spi: number, remoteAddress: string = addresses.initiator) =>
  ({ kind: 'unknown-spi', spi, localAddress: addresses.responder, remoteAddress }) as const;

const INVALID_IKE_SPI = 'R: HDR, SK {N(INVALID_IKE_SPI)}';

const conversations: readonly RuleConversation[] = [
  {
    rule: 'unknownIkeSpiAnswered',
    story: 'a request under SPIs of nobody is answered, a response is not',
    broken: () => true,
    play: (nut) =>
      [false, true].map(
        (response) =>
          saidSince(
            strayed(nut, (message) => {
              const stray = underOther(message);
              return { ...stray, header: { ...stray.header, flags: { ...stray.header.flags, response } } };
            }),
          )[0],
      ),
    lawful: [INVALID_IKE_SPI, undefined],
    turned: [INVALID_IKE_SPI, INVALID_IKE_SPI],
  },
  {
    rule: 'unknownIkeSpiAnswered',
    story: 'what is said in clear of an SPI is not answered by the same',
    broken: ({ isResponse }) => !isResponse,
    play: (nut) => saidSince(strayed(nut, (message) => inClear(underOther(message)))),
    lawful: [],
    turned: [INVALID_IKE_SPI],
  },
  {
    rule: 'unknownIkeSpiAnswer',
    story: 'the answer has the SPIs and the Message ID of the request',
    broken: (request) => ({ ...request, messageId: 0 }),
    play(nut) {
      const answer = ikeMessage.decode(strayed(nut, underOther).datagrams[6]!.octets).value;
      const { responderSPI, messageId, flags } = answer.header;
      return [hex(responderSPI), messageId, flags.response, answer.payloads.length];
    },
    lawful: [hex(OTHER), 2, true, 1],
    turned: [hex(OTHER), 0, true, 1],
  },
  {
    rule: 'unprotectedAnswered',
    story: 'ten such requests at once are not answered all',
    broken: () => true,
    play: (nut) => saidSince(strayed(nut, underOther, 10)).length,
    lawful: 8,
    turned: 10,
  },
  {
    rule: 'unknownSpiTold',
    story: 'a packet of nobody is told over the IKE SA with its sender',
    broken: () => 'in clear',
    play(nut) {
      const talk = new Conversation({}, nut).initiate().input('responder', packetUnder(0x1234));
      return find(ikeMessage.decode(talk.datagrams[4]!.octets).value.payloads, 'SK') !== undefined;
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'unknownSpiNamed',
    story: 'it holds the SPI',
    broken: () => 0,
    play(nut) {
      const stranger = packetUnder(0x1234, '203.0.113.9');
      const talk = new Conversation({}, nut).initiate().input('responder', stranger);
      const { header, payloads } = ikeMessage.decode(talk.datagrams[4]!.octets).value;
      return [readU32(find(payloads, 'N')!.data), header.flags.initiator, header.flags.response];
    },
    lawful: [0x1234, true, false],
    turned: [0, true, false],
  },
  {
    rule: 'mismatchedChild',
    story: 'INVALID_SELECTORS names the SA that its sender receives by',
    broken: ({ outbound }) => outbound,
    play: (nut) => complaint(nut).namesInbound,
    lawful: true,
    turned: false,
  },
  {
    rule: 'mismatchQuoted',
    story: 'it holds the start of the packet, as much as an ICMP error',
    broken: (packet) => packet.slice(0, 8),
    play: (nut) => complaint(nut).quoted,
    lawful: 548,
    turned: 8,
  },
];

/** What the initiator hears of a packet of 1400 octets. */
function complaint(nut: NodeUnderTest): { readonly namesInbound: boolean; readonly quoted: number } {
  const heard: IkeMessage[] = [];
  const seams = {
    message: (message: IkeMessage) => {
      heard.push(message);
      return message;
    },
  };
  const talk = new Conversation({}, { ...nut, seams }).initiate();
  const [{ spi }] = [...talk.installed.responder.values()].filter(({ direction }) => direction === 'in') as [
    NegotiatedSa,
  ];
  talk.input('responder', { kind: 'selectors-not-met', spi, packet: new Uint8Array(1400) });
  const { spi: named, data } = find(heard.at(-1)!.payloads, 'N')!;
  return { namesInbound: hex(named) === hex(u32(spi)), quoted: data.length };
}

describeRules('IKEv2, rules of unknown SPIs', conversations);

describe('IKEv2, who does not tell', () => {
  it('says nothing of SPIs that it does not know', () => {
    const quiet = { settings: { tellsOfUnknownSpis: false } };
    const talk = new Conversation({}, quiet).initiate().command('initiator', liveness);
    const asked = ikeMessage.decode(talk.datagrams[4]!.octets).value;
    talk.forge('responder', ikeMessage.encode(underOther(asked))).input('responder', packetUnder(0x1234));
    expect(saidSince(talk)).to.deep.equal([]);
  });

  it('is told of many packets once at a time', () => {
    const talk = new Conversation().initiate();
    talk.wire = () => [];
    for (let packet = 0; packet < 3; packet++) talk.input('responder', packetUnder(0x1234));
    expect(talk.transcript.slice(4)).to.deep.equal(['R: HDR, SK {N(INVALID_SPI)}']);
  });
});
