/** Conversations that turn when a rule of peers that prove nothing is broken (RFC 7619 section 2). */
import type { IkeConnection } from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import { describeRules, fate, type NodeUnderTest, type RuleConversation } from './rule-conversation.test-support.ts';

const nobody = { type: 'ID_NULL', value: '' } as const;

/** The initiator proves nothing, and says so, or has a name all the same. */
const unproven = (identity: IkeConnection['local']['identity']) => ({
  connections: [connection('initiator', { local: { identity, authentication: { kind: 'null' } } })],
});

/** The responder is under test, and takes anybody who is nobody. */
const talk = (nut: NodeUnderTest, identity: IkeConnection['local']['identity'] = nobody) =>
  new Conversation(unproven(identity), {
    ...nut,
    connections: [connection('responder', { remote: { identity: nobody, authentication: 'null', trustAnchors: [] } })],
  }).initiate();

const conversations: readonly RuleConversation[] = [
  {
    rule: 'keyOfNullAuthentication',
    story: 'AUTH is made with the key of the side that makes it',
    broken: (_own, other) => other,
    play: (nut) => fate(talk(nut)),
    lawful: 'established',
    turned: 'authenticationData',
  },
  {
    rule: 'identityOfNullAuthentication',
    story: 'a name that nobody has proven is none',
    broken: (claimed) => claimed,
    play: (nut) => fate(talk(nut, { type: 'ID_FQDN', value: 'i.example' })),
    lawful: 'established',
    turned: 'padEntry',
  },
  {
    rule: 'tellsPeersApart',
    story: 'who is nobody ends nothing of anybody else who is nobody',
    broken: () => true,
    play: (nut) => talk(nut).restart(unproven(nobody)).initiate().machines.responder.summaries().length,
    lawful: 2,
    turned: 1,
  },
];

describeRules('IKEv2, rules of peers that prove nothing', conversations);
