/** Conversations that turn when a rule of postquantum preshared keys is broken (RFC 8784 section 3). */
import type { PpkConfiguration } from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import { describeRules, fate, type NodeUnderTest, type RuleConversation } from './rule-conversation.test-support.ts';

const ours: PpkConfiguration = { identity: 'ours', key: '00112233445566778899aabbccddeeff' };
const others: PpkConfiguration = { identity: 'others', key: 'ffeeddccbbaa99887766554433221100' };

const side = (who: 'initiator' | 'responder', ppk?: PpkConfiguration) => ({
  connections: [connection(who, { ...(ppk && { ppk }) })],
});

/** The responder is under test. */
const talk = (nut: NodeUnderTest, initiator?: PpkConfiguration, responder?: PpkConfiguration) =>
  new Conversation(side('initiator', initiator), { ...side('responder', responder), ...nut }).initiate();

const mandatory = (ppk: PpkConfiguration): PpkConfiguration => ({ ...ppk, mandatory: true });

const conversations: readonly RuleConversation[] = [
  {
    rule: 'ppkAgreed',
    story: 'a responder that has none goes on as if nothing was said',
    broken: (_willing, peerIsWilling) => peerIsWilling,
    play: (nut) => talk(nut, ours).datagrams[2]?.notation,
    lawful: 'HDR, SK {IDi, IDr, AUTH, N(INITIAL_CONTACT), SAi2, TSi, TSr}',
    turned: 'HDR, SK {IDi, IDr, AUTH, N(INITIAL_CONTACT), N(PPK_IDENTITY), N(NO_PPK_AUTH), SAi2, TSi, TSr}',
  },
  {
    rule: 'withoutPpk',
    story: 'whoever has none is refused where one is mandatory',
    broken: () => true,
    play: (nut) => fate(talk(nut, undefined, mandatory(ours))),
    lawful: 'withoutPpk',
    turned: 'established',
  },
  {
    rule: 'ppkNamed',
    story: 'the PPK of another name is not used',
    broken: () => true,
    play: (nut) => fate(talk(nut, others, ours)),
    lawful: 'established',
    turned: 'authenticationData',
  },
  {
    rule: 'keysWithPpk',
    story: 'who leaves the PPK out of the keys proves nothing to who has it',
    broken: (_mixed, plain) => plain,
    play: (nut) => fate(talk(nut, ours, ours)),
    lawful: 'established',
    turned: 'authenticationData',
  },
  {
    rule: 'noPpkAuthSaid',
    story: 'an initiator for whom it is optional can do without',
    broken: () => false,
    play: (nut) => fate(new Conversation({ ...side('initiator', others), ...nut }, side('responder', ours)).initiate()),
    lawful: 'established',
    turned: 'ppkNamed',
  },
  {
    rule: 'noPpkAuthTaken',
    story: 'a responder for whom it is mandatory does not do without',
    broken: (_mandatory, isSaid) => isSaid,
    play: (nut) => fate(talk(nut, others, mandatory(ours))),
    lawful: 'ppkNamed',
    turned: 'established',
  },
];

describeRules('IKEv2, rules of postquantum preshared keys', conversations);
