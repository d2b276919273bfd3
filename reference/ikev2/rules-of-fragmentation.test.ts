/** Conversations in fragments that turn when a rule of RFC 7383 is broken: a tester whose IKE_AUTH request is split into three, and what it does to them. */
import { expect } from 'chai';
import { ikeMessage } from '../wire/ike/message.ts';
import type { IkeConnection } from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import type { Datagram, Fragment, MessageContext } from './interface.ts';
import {
  describeRules,
  liveness,
  type NodeUnderTest,
  type RuleConversation,
  rekeyIke,
} from './rule-conversation.test-support.ts';

const cbc: IkeConnection['proposals'] = [
  { encryption: [{ id: 12, keyLength: 128 }], integrity: [12], pseudorandomFunctions: [5], keyExchangeMethods: [31] },
];
const small = { proposals: cbc, fragmentation: { datagramOctets: 180 } } satisfies Partial<IkeConnection>;

const side = (who: 'initiator' | 'responder', change: Partial<IkeConnection> = small): Partial<Ikev2Options> => ({
  connections: [connection(who, change)],
});

type Lie = (fragments: readonly Fragment[]) => readonly Fragment[];
type Sending = (datagrams: readonly Datagram[], sendings: number) => readonly Datagram[];

const isAuth = ({ exchange, kind }: MessageContext): boolean => exchange === 'IKE_AUTH' && kind === 'request';

/** A tester who lies in the fragments of its IKE_AUTH request before they are sealed. */
function lying(nut: NodeUnderTest, lie: Lie): Conversation {
  const seams = {
    fragments: (set: readonly Fragment[], context: MessageContext) => (isAuth(context) ? lie(set) : set),
  };
  return new Conversation({ ...side('initiator'), seams }, { ...side('responder'), ...nut }).initiate();
}

/** A tester who sends the datagrams of its IKE_AUTH request otherwise, each time. */
function sending(nut: NodeUnderTest, how: Sending): Conversation {
  const seams = {
    sends: (datagrams: readonly Datagram[], context: MessageContext, sendings: number) =>
      isAuth(context) ? how(datagrams, sendings) : datagrams,
  };
  return new Conversation({ ...side('initiator'), seams }, { ...side('responder'), ...nut }).initiate();
}

/** What the responder says to IKE_AUTH. */
function answer(talk: Conversation): string {
  return talk.datagrams.filter(({ from }) => from === 'responder')[1]?.notation ?? 'silence';
}

function skfOf(octets: Uint8Array) {
  return ikeMessage.decode(octets).value.payloads.find((payload) => payload.type === 'SKF');
}

const established = 'HDR, SK {IDr, AUTH, SAr2, TSi, TSr}';
const first =
  'I: HDR, SAi1, KEi, Ni, N(NAT_DETECTION_SOURCE_IP), N(NAT_DETECTION_DESTINATION_IP), N(SIGNATURE_HASH_ALGORITHMS)';
const notRead = 'HDR, SK {N(INVALID_SYNTAX)}';

const conversations: readonly RuleConversation[] = [
  {
    rule: 'fragmentationWanted',
    story: 'who wants fragments says so',
    broken: () => false,
    play: (nut) => new Conversation({ ...side('initiator'), ...nut }, side('responder')).initiate().transcript[0],
    lawful: `${first}, N(IKEV2_FRAGMENTATION_SUPPORTED)`,
    turned: first,
  },
  {
    rule: 'fragmentationAgreed',
    story: 'a peer that has not asked for fragments gets none',
    broken: (willing) => willing,
    play(nut) {
      const talk = new Conversation({ ...side('initiator'), ...nut }, side('responder', { proposals: cbc }));
      return talk.initiate().datagrams.filter(({ octets }) => skfOf(octets)).length;
    },
    lawful: 0,
    turned: 3,
  },
  {
    rule: 'fragmentationThreshold',
    story: 'nothing is known of the path: no datagram of IPv4 is larger than 576 octets',
    broken: () => 1500,
    play(nut) {
      const config = { proposals: cbc, fragmentation: {}, local: longName };
      const talk = new Conversation({ ...side('initiator', config), ...nut }, side('responder')).initiate();
      return Math.max(...talk.datagrams.filter(({ from }) => from === 'initiator').map(datagramOctets)) <= 576;
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'messageSplit',
    story: 'a liveness check is never split',
    broken: () => true,
    play(nut) {
      const talk = new Conversation({ ...side('initiator'), ...nut }, side('responder')).initiate();
      const before = talk.datagrams.length;
      talk.command('initiator', liveness);
      return skfOf(talk.datagrams[before]!.octets) !== undefined;
    },
    lawful: false,
    turned: true,
  },
  {
    rule: 'fragmentNextPayload',
    story: 'only the first fragment names a payload',
    broken: (firstPayload) => firstPayload,
    play(nut) {
      const talk = new Conversation({ ...side('initiator'), ...nut }, side('responder')).initiate();
      return talk.datagrams.flatMap(({ octets, from }) =>
        from === 'initiator' ? (skfOf(octets)?.innerNextPayload ?? []) : [],
      );
    },
    lawful: [35, 0, 0],
    turned: [35, 35, 35],
  },
  {
    rule: 'fragmentNumbers',
    story: 'fragment 0 counts for nothing',
    broken: () => true,
    play: (nut) => answer(lying(nut, (set) => [{ ...set[0]!, fragmentNumber: 0 }, ...set])),
    lawful: established,
    turned: notRead,
  },
  {
    rule: 'badFragmentDiscarded',
    story: 'a forged fragment 0 ends nothing',
    broken: () => false,
    play: (nut) => answer(sending(nut, (datagrams) => [forged(datagrams[0]!, 0), ...datagrams])),
    lawful: established,
    turned: notRead,
  },
  {
    rule: 'fragmentOfSet',
    story: 'a fragment of an older, smaller set is passed over',
    broken: () => true,
    play: (nut) =>
      answer(
        lying(nut, ([first, ...rest]) => [
          first!,
          { ...rest[0]!, totalFragments: 2, content: rest[0]!.content.subarray(1) },
          ...rest,
        ]),
      ),
    lawful: established,
    turned: notRead,
  },
  {
    rule: 'fragmentIsNew',
    story: 'a fragment that comes twice counts once',
    broken: () => true,
    play: (nut) => answer(sending(nut, (datagrams) => [datagrams[0]!, ...datagrams])),
    lawful: established,
    turned: notRead,
  },
  {
    rule: 'fragmentsStartOver',
    story: 'a forged fragment of a larger set empties no queue',
    broken: (totalFragments, totalWaiting) => totalFragments > totalWaiting,
    play: (nut) => answer(sending(nut, ([first, ...rest]) => [first!, forged(first!, 9), ...rest])),
    lawful: established,
    turned: 'silence',
  },
  {
    rule: 'firstPayloadOfFragments',
    story: 'fragments in another order begin with the same payload',
    broken: (fragments) => fragments[0]!.innerNextPayload,
    play: (nut) => answer(sending(nut, (datagrams) => datagrams.toReversed())),
    lawful: established,
    turned: notRead,
  },
  {
    rule: 'fragmentRepeatsResponse',
    story: 'a request that comes again in three fragments is answered again once',
    broken: () => true,
    play(nut) {
      const talk = sending(nut, (datagrams) => datagrams);
      const before = talk.datagrams.length;
      for (const { octets } of talk.datagrams.filter(({ octets, from }) => from === 'initiator' && skfOf(octets)))
        talk.forge('responder', octets);
      return talk.datagrams.slice(before).filter(({ octets }) => skfOf(octets)?.fragmentNumber === 1).length;
    },
    lawful: 1,
    turned: 3,
  },
  {
    rule: 'incompleteRequestEndsIkeSa',
    story: 'a request that never became whole is forgotten, and asked again',
    broken: () => true,
    play(nut) {
      const talk = sending(nut, (datagrams) => datagrams.slice(1));
      talk.machines.responder.step(15_500, { kind: 'timeout' });
      return talk.machines.responder.summaries().length;
    },
    lawful: 1,
    turned: 0,
  },
];

describeRules('IKEv2, rules of fragmentation', conversations);

describe('IKEv2 in fragments', () => {
  it('comes up, both ways, and its successor speaks so too', () => {
    const talk = new Conversation(side('initiator'), side('responder')).initiate();
    expect(talk.established).to.equal(true);
    expect(talk.childrenAgree()).to.equal(true);
    const fragments = () => talk.datagrams.filter(({ octets }) => skfOf(octets)).map(({ from }) => from);
    expect(new Set(fragments())).to.deep.equal(new Set(['initiator', 'responder']));
    const before = fragments().length;
    talk.command('initiator', rekeyIke).command('initiator', { kind: 'rekey-child', connection: 'peer', child: 'net' });
    expect(fragments().length).to.be.greaterThan(before);
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('never splits IKE_SA_INIT', () => {
    const talk = new Conversation(side('initiator'), side('responder')).initiate();
    expect(talk.datagrams.slice(0, 2).map(({ octets }) => skfOf(octets))).to.deep.equal([undefined, undefined]);
    expect(datagramOctets(talk.datagrams[0]!)).to.be.greaterThan(180);
  });

  it('keeps every fragment within the threshold, and fills all but the last', () => {
    for (const datagramOctets of [130, 131, 160, 200, 222]) {
      const config = { fragmentation: { datagramOctets } };
      const talk = new Conversation(side('initiator', config), side('responder', config)).initiate();
      const sizes = talk.datagrams.filter(({ octets }) => skfOf(octets)).map(({ octets }) => octets.length + 28);
      expect(Math.max(...sizes)).to.equal(datagramOctets);
      expect(talk.established).to.equal(true);
    }
  });

  it('comes up though every datagram is lost once, twice, or comes in the wrong order', () => {
    const talk = new Conversation(side('initiator'), side('responder'));
    const lost = new Map<string, number>();
    talk.wire = ({ octets }) => {
      const times = lost.get(octets.join()) ?? 0;
      lost.set(octets.join(), times + 1);
      return times < 1 + (octets.length % 2) ? [] : [octets, octets];
    };
    talk.initiate().pass(20_000);
    expect(talk.established).to.equal(true);
    expect(talk.childrenAgree()).to.equal(true);
  });
});

const longName = {
  identity: { type: 'ID_FQDN', value: `i.${'x'.repeat(600)}.example` },
  authentication: { kind: 'shared-key', key: '00' },
} as const;

const datagramOctets = ({ octets }: { readonly octets: Uint8Array }): number => octets.length + 28;

/** Total Fragments of SKF, which is the first payload, says something else: the ICV does not cover that. */
function forged({ octets, tampers }: Datagram, total: number): Datagram {
  return { octets: octets.with(28 + 7, total), tampers };
}
