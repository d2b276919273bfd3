/** Conversations that turn when a rule of child SAs, rekeying or Delete is broken (RFC 7296 sections 1.3, 1.4, 2.8, 2.9, 2.17, 2.18 and 2.25). */
import type { ChildConfiguration } from './configuration.ts';
import { Conversation, connection, fastEsp, netChild } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import {
  changed,
  describeRules,
  liveness,
  lying,
  type RuleConversation,
  rekeyIke,
  rekeyNet,
  said,
} from './rule-conversation.test-support.ts';
import { ikev2Rules } from './rules.ts';

function withChild(side: 'initiator' | 'responder', change: Partial<ChildConfiguration>): Partial<Ikev2Options> {
  return { connections: [connection(side, { children: [{ ...netChild[side], ...change }] })] };
}

const pfs = { proposals: [{ ...fastEsp, keyExchangeMethods: [31] }] };
const closeNet = { kind: 'close-child', connection: 'peer', child: 'net' } as const;
const oldestNet = { ...closeNet, only: 'oldest' } as const;
const close = { kind: 'close', connection: 'peer' } as const;

/** From now on each answer of the responder that makes a child is lost the first time. */
function losingAnswers(talk: Conversation): Conversation {
  const lost = new Set<string>();
  talk.wire = ({ from, notation, octets }) => {
    const isLost = from === 'responder' && notation.startsWith('HDR, SK {SA') && !lost.has(notation);
    lost.add(notation);
    return isLost ? [] : [octets];
  };
  return talk;
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'narrowing',
    story: 'a peer that claims more than the PAD grants it gets no more',
    broken: (offered) => offered,
    play(nut) {
      const talk = new Conversation(withChild('initiator', { local: [{ addresses: '10.0.0.0/8' }] }), nut).initiate();
      return [...talk.installed.responder.values()][0]?.remote[0]?.startAddress;
    },
    lawful: '10.2.0.0',
    turned: '10.0.0.0',
  },
  {
    rule: 'wholeOfferFirst',
    story: 'of two children that an offer meets, the one that need not narrow it is made',
    broken: () => false,
    play(nut) {
      const half = { ...netChild.responder, name: 'half', remote: [{ addresses: '10.2.0.0/25' }] };
      const children = { connections: [connection('responder', { children: [half, netChild.responder] })] };
      return new Conversation({}, { ...nut, ...children }).initiate().childEvents('responder');
    },
    lawful: ['net established'],
    turned: ['half established'],
  },
  {
    rule: 'narrowedAnswer',
    story: 'an answer wider than the offer makes no child',
    broken: () => true,
    play(nut) {
      const wider = changed('TSr', (TSr) => ({
        ...TSr,
        selectors: TSr.selectors.map((one) => ({ ...one, startAddress: '10.0.0.0' })),
      }));
      return new Conversation(nut, lying('IKE_AUTH', wider)).initiate().childEvents('initiator');
    },
    lawful: ['net refused'],
    turned: ['net established'],
  },
  {
    rule: 'transportMode',
    story: 'nobody gets transport mode without asking for it',
    broken: (_asked, configured) => configured === 'transport',
    play: (nut) =>
      said(new Conversation({}, { ...nut, ...withChild('responder', { mode: 'transport' }) }).initiate(), 3),
    lawful: 'R: HDR, SK {IDr, AUTH, N(NO_PROPOSAL_CHOSEN)}',
    turned: 'R: HDR, SK {IDr, AUTH, N(USE_TRANSPORT_MODE), SAr2, TSi, TSr}',
  },
  {
    rule: 'negotiatedMode',
    story: 'an initiator that wants transport mode does not live with tunnel mode',
    broken: () => true,
    play(nut) {
      const talk = new Conversation({ ...nut, ...withChild('initiator', { mode: 'transport' }) }).initiate();
      return [...talk.childEvents('initiator'), said(talk, 4)];
    },
    lawful: ['net refused', 'I: HDR, SK {D}'],
    turned: ['net established', 'silence'],
  },
  {
    rule: 'childSpi',
    story: 'a reserved SPI is refused',
    broken: () => true,
    play(nut) {
      const reserved = changed('SA', (SA) => ({
        ...SA,
        proposals: SA.proposals.map((one) => ({ ...one, spi: Uint8Array.of(0, 0, 0, 255) })),
      }));
      return new Conversation(lying('IKE_AUTH', reserved), nut).initiate().childEvents('responder');
    },
    lawful: [],
    turned: ['net established'],
  },
  {
    rule: 'rekeyedChild',
    story: 'a child nobody has cannot be rekeyed',
    broken: () => true,
    play(nut) {
      const stranger = changed('N', (one) => (one.spi.length === 4 ? { ...one, spi: Uint8Array.of(9, 9, 9, 9) } : one));
      const talk = new Conversation(lying('CREATE_CHILD_SA', stranger), nut).initiate();
      return said(talk.command('initiator', rekeyNet), 5);
    },
    lawful: 'R: HDR, SK {N(CHILD_SA_NOT_FOUND)}',
    turned: 'R: HDR, SK {SA, Nr, TSi, TSr}',
  },
  {
    rule: 'outboundOfSuccessor',
    story: 'who answered a rekeying sends on the old child until it is deleted',
    broken: () => 'now',
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      talk.wire = ({ from, octets }) => (from === 'initiator' ? [octets] : []);
      talk.command('initiator', rekeyNet);
      return [...talk.installed.responder.keys()].filter((name) => name.startsWith('out')).length;
    },
    lawful: 1,
    turned: 2,
  },
  {
    rule: 'successorTakesOver',
    story: 'who answered a rekeying sends on the new SA once the old one is deleted',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({}, nut).initiate().command('initiator', rekeyNet);
      return [...talk.installed.responder.keys()].filter((name) => name.startsWith('out')).length;
    },
    lawful: 1,
    turned: 0,
  },
  {
    rule: 'successorStays',
    story: 'a child that was deleted while it was being rekeyed has a successor all the same',
    broken: (isReplacedOneThere) => isReplacedOneThere,
    play(nut) {
      const talk = new Conversation(nut).initiate();
      let answer: Uint8Array | undefined;
      talk.wire = ({ notation, octets }) => {
        if (!notation.includes('Nr') || answer) return [octets];
        answer = octets;
        return [];
      };
      talk.command('initiator', rekeyNet).command('responder', oldestNet);
      return talk.forge('initiator', answer!).installed.initiator.size;
    },
    lawful: 2,
    turned: 0,
  },
  {
    rule: 'childProposals',
    story: 'a rekeyed child has a group of its own',
    broken: (own, [ofIke]) => own.map((each) => ({ ...each, keyExchangeMethods: ofIke!.keyExchangeMethods ?? [] })),
    play(nut) {
      const other = { proposals: [{ ...fastEsp, keyExchangeMethods: [19] }] };
      const talk = new Conversation({ ...nut, ...withChild('initiator', other) }, withChild('responder', other));
      return said(talk.initiate().command('initiator', rekeyNet), 5);
    },
    lawful: 'R: HDR, SK {SA, Nr, KEr, TSi, TSr}',
    turned: 'R: HDR, SK {N(NO_PROPOSAL_CHOSEN)}',
  },
  {
    rule: 'perfectForwardSecrecy',
    story: 'the new secret goes into the keys of a rekeyed child',
    broken: () => new Uint8Array(),
    play(nut) {
      const talk = new Conversation(withChild('initiator', pfs), { ...nut, ...withChild('responder', pfs) }).initiate();
      return talk.command('initiator', rekeyNet).childrenAgree();
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'redundantRekeying',
    story: 'when both rekey, the exchange with the lowest nonce made the child that goes',
    broken: () => 'mine',
    play: (nut) =>
      ['a', 'b', 'c', 'd'].map((seed) => {
        const talk = new Conversation({}, nut, seed).initiate();
        const [old] = [...talk.installed.responder.keys()];
        return talk.commands(rekeyNet, rekeyNet).installed.responder.has(old!) ? 'old' : 'new';
      }),
    lawful: ['new', 'new', 'new', 'new'],
    turned: ['old', 'old', 'new', 'new'],
  },
  {
    rule: 'replacedChild',
    story: 'who rekeyed a child deletes the one that was replaced',
    broken: () => 'kept',
    play: (nut) => new Conversation(nut).initiate().command('initiator', rekeyNet).installed.initiator.size,
    lawful: 2,
    turned: 4,
  },
  {
    rule: 'childAskedAnew',
    story: 'where the peer has lost a child, another one is asked for from scratch',
    broken: () => false,
    play(nut) {
      const forgetful = { rules: { ...ikev2Rules, rekeyedChild: () => false } };
      return new Conversation(nut, forgetful).initiate().command('initiator', rekeyNet).installed.initiator.size;
    },
    lawful: 2,
    turned: 0,
  },
  {
    rule: 'collisionAnswer',
    story: 'what cannot be done just now is asked for another time',
    broken: () => 'NO_ADDITIONAL_SAS',
    play(nut) {
      const talk = new Conversation({}, nut).initiate().commands(rekeyIke, rekeyNet);
      return talk.transcript.includes('R: HDR, SK {N(TEMPORARY_FAILURE)}');
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'childrenRefusedWhile',
    story: 'no child is made on an IKE SA that is just being replaced',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      talk.commands({ kind: 'initiate', connection: 'peer', child: 'net' }, rekeyIke);
      return talk.transcript.includes('R: HDR, SK {N(TEMPORARY_FAILURE)}');
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'unknownChildMayCome',
    story: 'a child that the peer has made already, and whose answer was lost, is not said to be none',
    broken: () => false,
    play(nut) {
      const talk = losingAnswers(new Conversation(nut).initiate());
      return talk.command('initiator', rekeyNet).command('responder', rekeyNet).pass(5_000).childrenAgree();
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'deletedBeforeMade',
    story: 'a child that the peer has deleted is not made by an answer that comes later',
    broken: () => false,
    play(nut) {
      const talk = losingAnswers(new Conversation(nut).initiate());
      return talk.initiate().command('responder', closeNet).pass(5_000).installed.initiator.size;
    },
    lawful: 0,
    turned: 2,
  },
  {
    rule: 'temporaryFailure',
    story: 'a peer that is busy is asked again after a while',
    broken: () => 'giveUp',
    play(nut) {
      const talk = new Conversation(nut).initiate();
      const before = talk.installed.initiator.size;
      talk.commands({ kind: 'initiate', connection: 'peer', child: 'net' }, rekeyIke).pass(2000);
      return talk.installed.initiator.size - before;
    },
    lawful: 2,
    turned: 0,
  },
  {
    rule: 'ikeRekeyingRefusedDuring',
    story: 'an IKE SA is not replaced while a child of it is being rekeyed',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({}, nut).initiate().commands(rekeyIke, rekeyNet);
      return talk.transcript.includes('R: HDR, SK {N(TEMPORARY_FAILURE)}');
    },
    lawful: true,
    turned: false,
  },
  {
    rule: 'additionalChild',
    story: 'a second child is borne',
    broken: () => false,
    play: (nut) => said(new Conversation({}, nut).initiate().initiate(), 5),
    lawful: 'R: HDR, SK {SA, Nr, TSi, TSr}',
    turned: 'R: HDR, SK {N(NO_ADDITIONAL_SAS)}',
  },
  {
    rule: 'inboundSpiFree',
    story: 'no two children have one SPI, even if it is the last',
    broken: () => true,
    play: (nut) => said(new Conversation({}, { ...nut, settings: { childSpis: [300, 300] } }).initiate().initiate(), 5),
    lawful: 'R: HDR, SK {N(NO_ADDITIONAL_SAS)}',
    turned: 'R: HDR, SK {SA, Nr, TSi, TSr}',
  },
  {
    rule: 'childrenInherited',
    story: 'children outlive the IKE SA that was replaced',
    broken: () => false,
    play: (nut) => new Conversation({}, nut).initiate().command('initiator', rekeyIke).installed.responder.size,
    lawful: 2,
    turned: 0,
  },
  {
    rule: 'rekeyingForgotten',
    story: 'children outlive an IKE SA that only the peer has replaced, where both had asked for it',
    broken: () => false,
    play(nut) {
      const talk = new Conversation({}, nut).initiate();
      talk.wire = ({ from, notation, octets }) =>
        from === 'responder' && notation === 'HDR, SK {SA, Ni, KEi}' ? [] : [octets];
      return talk.commands(rekeyIke, rekeyIke).installed.responder.size;
    },
    lawful: 2,
    turned: 0,
  },
  {
    rule: 'informationalAnswered',
    story: 'an empty request is answered',
    broken: () => false,
    play: (nut) => said(new Conversation({}, nut).initiate().command('initiator', liveness), 5),
    lawful: 'R: HDR, SK {}',
    turned: 'silence',
  },
  {
    rule: 'deletedChild',
    story: 'Delete names the SPI that this node sends with, not one of its own',
    broken: ({ inbound }, named) => inbound.spi === named.spi,
    play: (nut) => new Conversation({}, nut).initiate().command('initiator', closeNet).installed.responder.size,
    lawful: 0,
    turned: 2,
  },
  {
    rule: 'deleteAnswered',
    story: 'the answer to Delete names the other half of the pair',
    broken: () => [],
    play: (nut) => said(new Conversation({}, nut).initiate().command('initiator', closeNet), 5),
    lawful: 'R: HDR, SK {D}',
    turned: 'R: HDR, SK {}',
  },
  {
    rule: 'deletedIkeSa',
    story: 'Delete of the IKE SA ends its children too',
    broken: () => false,
    play: (nut) => new Conversation({}, nut).initiate().command('initiator', close).installed.responder.size,
    lawful: 0,
    turned: 2,
  },
];

describeRules('IKEv2, rules of children', conversations);
