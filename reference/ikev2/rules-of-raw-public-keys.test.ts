/** Conversations that turn when a rule of raw public keys is broken (RFC 7670 section 3). */
import type { IkeConnection } from './configuration.ts';
import { Conversation, connection } from './conversation.test-support.ts';
import { publicKeyNamed } from './credentials.ts';
import {
  changed,
  describeRules,
  fate,
  lying,
  type NodeUnderTest,
  type RuleConversation,
} from './rule-conversation.test-support.ts';

const initiator = (key: string): IkeConnection => {
  const { local } = connection('initiator');
  return connection('initiator', { local: { ...local, authentication: { kind: 'public-key', key, isSent: true } } });
};

/** The responder is under test, and knows the initiator by the first key on P-256. */
function talk(nut: NodeUnderTest, key: string, lies: ReturnType<typeof lying> | object = {}): string {
  const { remote } = connection('responder');
  const known = { ...remote, authentication: 'signature', publicKeys: ['p256One'] } as const;
  const responder = { ...nut, connections: [connection('responder', { remote: known })] };
  return fate(new Conversation({ connections: [initiator(key)], ...lies }, responder).initiate());
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'keysOfPeer',
    story: 'a key that is sent is no key of the peer by that',
    broken: (_own, sent) => sent,
    play: (nut) => talk(nut, 'p256Three'),
    lawful: 'keysOfPeer',
    turned: 'established',
  },
  {
    rule: 'keysOfPeer',
    story: 'a key may come without a certificate, and AUTH without a key',
    broken: (own) => own.slice(1),
    play: (nut) => talk(nut, 'p256One'),
    lawful: 'established',
    turned: 'keysOfPeer',
  },
  {
    rule: 'rawPublicKeyEncoding',
    story: 'what another encoding holds is no key',
    broken: () => true,
    play: (nut) =>
      talk(
        nut,
        'p256One',
        lying(
          'IKE_AUTH',
          changed('CERT', (payload) => ({ ...payload, encoding: 250, data: publicKeyNamed('p256Three').spki })),
        ),
      ),
    lawful: 'established',
    turned: 'keysOfPeer',
  },
  {
    rule: 'unreadableRawPublicKey',
    story: 'a key that cannot be read is passed over',
    broken: () => 'refused',
    play: (nut) =>
      talk(
        nut,
        'p256One',
        lying(
          'IKE_AUTH',
          changed('CERT', (payload) => ({ ...payload, data: payload.data.subarray(0, -1) })),
        ),
      ),
    lawful: 'established',
    turned: 'unreadableRawPublicKey',
  },
];

describeRules('IKEv2, rules of raw public keys', conversations);
