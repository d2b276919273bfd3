/** Conversations that turn when a rule of windows is broken (RFC 7296 sections 2.1 to 2.3): what may be outstanding, in which order it is processed, and what is said of it. */
import { expect } from 'chai';
import { notifyTypes } from '../wire/ike/notify-types.ts';
import { u32 } from '../wire/octets.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import type { IkeCommand } from './interface.ts';
import { notify } from './payloads.ts';
import {
  describeRules,
  liveness,
  lying,
  type RuleConversation,
  rekeyIke,
  rekeyNet,
  withPayload,
} from './rule-conversation.test-support.ts';

/** Who handles several at once, and says so. */
const wide = (who: 'initiator' | 'responder', windowSize = 3): Partial<Ikev2Options> => ({
  connections: [connection(who, { windowSize })],
});
/** Who asks as if the other side did. */
const presumptuous: Partial<Ikev2Options> = { seams: { presumedWindow: () => 3 } };
/** Who says this of its window in IKE_AUTH, and handles one request at a time. */
const saying = (...octets: readonly number[]) =>
  lying('IKE_AUTH', withPayload(notify(notifyTypes.SET_WINDOW_SIZE, Uint8Array.from(octets))));

const closeNet = { kind: 'close-child', connection: 'peer', child: 'net' } as const;

/** How many of these requests a side makes before any is answered. */
function outstanding(talk: Conversation, by: 'initiator' | 'responder', ...commands: readonly IkeCommand[]): number {
  const before = talk.transcript.length;
  talk.wire = () => [];
  for (const command of commands) talk.command(by, command);
  return talk.transcript.length - before;
}

const four = [liveness, liveness, liveness, liveness] as const;

/** The initiator's first request is lost, the second is not. */
function inWrongOrder(talk: Conversation, first: IkeCommand, ...others: readonly IkeCommand[]): Conversation {
  talk.wire = () => [];
  talk.command('initiator', first);
  talk.wire = ({ octets }) => [octets];
  for (const other of others) talk.command('initiator', other);
  return talk;
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'requestMessageId',
    story: 'a request from beyond the window is not processed',
    broken: () => 'new',
    play: (nut) =>
      inWrongOrder(new Conversation(presumptuous, nut).initiate(), liveness, rekeyNet).childEvents('responder'),
    lawful: ['net established'],
    turned: ['net established', 'net rekeyed', 'net closed'],
  },
  {
    rule: 'requestMessageId',
    story: 'one within the window does not wait for those before it',
    broken: ({ expected, isAnswered }, received) =>
      isAnswered(received) ? 'repeated' : received === expected ? 'new' : 'outside',
    play: (nut) =>
      inWrongOrder(new Conversation({}, { ...wide('responder'), ...nut }).initiate(), liveness, rekeyNet).childEvents(
        'responder',
      ),
    lawful: ['net established', 'net rekeyed', 'net closed'],
    turned: ['net established'],
  },
  {
    rule: 'answerForgotten',
    story: 'an answer that was lost is given again, whatever was answered since',
    broken: () => true,
    play(nut) {
      const talk = new Conversation({}, { ...wide('responder'), ...nut }).initiate();
      talk.wire = ({ from, octets }) => (from === 'responder' ? [] : [octets]);
      talk.command('initiator', liveness);
      talk.wire = ({ octets }) => [octets];
      talk.command('initiator', rekeyNet).pass(600);
      return talk.machines.initiator.deadline() !== undefined;
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'requestInWindow',
    story: 'no more requests are outstanding than the peer has said, and one where it has said nothing',
    broken: () => true,
    play: (nut) => [
      outstanding(new Conversation(nut).initiate(), 'initiator', ...four),
      outstanding(new Conversation(nut, wide('responder')).initiate(), 'initiator', ...four),
    ],
    lawful: [1, 3],
    turned: [4, 4],
  },
  {
    rule: 'requestInWindow',
    story: 'a window does not move on before its first request is answered',
    broken: (_messageId, asked, size) => asked.length < size,
    play(nut) {
      const talk = new Conversation(nut, wide('responder')).initiate();
      inWrongOrder(talk, liveness, liveness, liveness, rekeyNet);
      return talk.transcript.some((line) => line.includes('REKEY_SA'));
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'exchangesOverlap',
    story: 'neither a rekeying of all nor two exchanges about one child run together',
    broken: () => true,
    play: (nut) =>
      [
        [rekeyIke, liveness],
        [liveness, rekeyIke],
        [rekeyNet, closeNet],
        [rekeyNet, liveness],
      ].map((commands) => outstanding(new Conversation(nut, wide('responder')).initiate(), 'initiator', ...commands)),
    lawful: [1, 1, 1, 2],
    turned: [2, 2, 2, 2],
  },
  {
    rule: 'windowOfPeer',
    story: 'a window of nothing, of other octets than four, or smaller than before changes nothing',
    broken: (_known, data) => data.at(-1) ?? 0,
    play(nut) {
      const smaller = new Conversation(nut, {
        ...wide('responder'),
        ...lying('INFORMATIONAL', withPayload(notify(notifyTypes.SET_WINDOW_SIZE, u32(2)))),
      });
      return [
        outstanding(new Conversation(nut, saying(0, 0, 0, 0)).initiate(), 'initiator', ...four),
        outstanding(new Conversation(nut, saying(0, 3)).initiate(), 'initiator', ...four),
        outstanding(smaller.initiate().command('responder', liveness), 'initiator', ...four),
      ];
    },
    lawful: [1, 1, 3],
    turned: [0, 3, 2],
  },
  {
    rule: 'windowInForce',
    story: 'who has not heard the end of IKE_AUTH has a window of one, whatever it has said',
    broken: (said) => said,
    play(nut) {
      const talk = new Conversation({ ...wide('initiator'), ...nut });
      // The end of IKE_AUTH is lost, and the first request after it.
      talk.wire = ({ octets }, place) => (place === 3 || place === 4 ? [] : [octets]);
      talk.initiate().command('responder', liveness).command('responder', liveness);
      return talk.refusals('initiator').at(-1);
    },
    lawful: 'requestMessageId',
    turned: 'exchangeInState',
  },
  {
    rule: 'windowOfSuccessor',
    story: 'an IKE SA that replaces another begins with a window of one',
    broken: (old) => old,
    play: (nut) =>
      outstanding(
        new Conversation(nut, saying(0, 0, 0, 3)).initiate().command('initiator', rekeyIke),
        'initiator',
        ...four,
      ),
    lawful: 1,
    turned: 3,
  },
  {
    rule: 'windowAnnounced',
    story: 'what is said of a window has four octets',
    broken: (size) => Uint8Array.of(size),
    play: (nut) => outstanding(new Conversation({}, { ...wide('responder'), ...nut }).initiate(), 'initiator', ...four),
    lawful: 3,
    turned: 1,
  },
  {
    rule: 'beyondWindow',
    story: 'who asks beyond the window again and again is told once',
    broken: () => 'inform',
    play(nut) {
      const talk = inWrongOrder(new Conversation(presumptuous, nut).initiate(), liveness, liveness, liveness);
      return talk.transcript.filter((line) => line.startsWith('R:')).slice(2);
    },
    lawful: ['R: HDR, SK {N(INVALID_MESSAGE_ID)}'],
    turned: ['R: HDR, SK {N(INVALID_MESSAGE_ID)}', 'R: HDR, SK {N(INVALID_MESSAGE_ID)}'],
  },
];

describeRules('IKEv2, rules of windows', conversations);

describe('windows of IKEv2', () => {
  it('are said again when the IKE SA is rekeyed, by both sides', () => {
    const rekeyed = () =>
      new Conversation(wide('initiator', 2), wide('responder', 3)).initiate().command('initiator', rekeyIke);
    expect(outstanding(rekeyed(), 'initiator', ...four)).to.equal(3);
    expect(outstanding(rekeyed(), 'responder', ...four)).to.equal(2);
  });

  it('hold whatever the order in which requests and answers arrive', () => {
    const talk = new Conversation(wide('initiator', 4), wide('responder', 4)).initiate();
    let places = 0;
    talk.wire = ({ octets }) => (places++ % 3 === 0 ? [] : [octets, octets]);
    for (const command of [
      liveness,
      { kind: 'initiate', connection: 'peer', child: 'net' } as const,
      liveness,
      rekeyNet,
    ])
      talk.command('initiator', command).command('responder', liveness);
    talk.pass(8_000);
    expect(talk.established).to.equal(true);
    expect(talk.childrenAgree()).to.equal(true);
    expect(talk.machines.initiator.deadline()).to.equal(undefined);
  });

  it('gather the fragments of several messages side by side', () => {
    const small = { fragmentation: { datagramOctets: 140 }, windowSize: 3 };
    const talk = new Conversation(
      { connections: [connection('initiator', small)] },
      { connections: [connection('responder', small)] },
    ).initiate();
    const held: Uint8Array[] = [];
    talk.wire = ({ octets }) => {
      held.push(octets);
      return [];
    };
    for (const child of ['net', 'net']) talk.command('initiator', { kind: 'initiate', connection: 'peer', child });
    talk.wire = ({ octets }) => [octets];
    const [even, odd] = [0, 1].map((rest) => held.filter((_, place) => place % 2 === rest));
    for (const octets of [...even!, ...odd!]) talk.forge('responder', octets);
    expect(held.length).to.be.greaterThan(3);
    expect(talk.installed.responder.size).to.equal(6);
  });
});
