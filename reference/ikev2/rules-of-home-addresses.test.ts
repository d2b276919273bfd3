/** Conversations of a mobile node that asks from its care-of address for SAs of its home address (RFC 4877 sections 4.4 and 7.3). */
import type { ChildConfiguration } from './configuration.ts';
import { addresses, Conversation, connection, netChild } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import { describeRules, type RuleConversation } from './rule-conversation.test-support.ts';
import { hostsOfPath, sameHosts } from './transport-hosts.ts';

const homeAddress = '10.9.0.1';
const { initiator: careOfAddress, responder: homeAgent } = addresses;

const child = (side: 'initiator' | 'responder', local: string, remote: string): ChildConfiguration => ({
  ...netChild[side],
  mode: 'transport',
  local: [{ addresses: local }],
  remote: [{ addresses: remote }],
});

/** Permits the home address, and the address that IKE runs from for what is no matter of mobility. */
const permitting: Partial<Ikev2Options> = {
  connections: [
    connection('responder', {
      children: [
        child('responder', homeAgent, homeAddress),
        { ...child('responder', homeAgent, careOfAddress), name: 'at-home' },
      ],
    }),
  ],
};
const asking: Partial<Ikev2Options> = {
  connections: [connection('initiator', { children: [child('initiator', homeAddress, homeAgent)] })],
};

const inbound = (talk: Conversation, side: 'initiator' | 'responder') =>
  [...talk.installed[side].values()].filter(({ direction }) => direction === 'in').map(({ source }) => source);

const conversations: readonly RuleConversation[] = [
  {
    rule: 'transportOffer',
    story: 'a mobile node asks for its home address, though IKE runs from its care-of address',
    broken: ({ remote, local }, { localAddress }) => ({
      local: local.map((one) => ({ ...one, startAddress: localAddress, endAddress: localAddress })),
      remote,
    }),
    play: (nut) => inbound(new Conversation({ ...asking, ...nut }, permitting).initiate(), 'responder'),
    lawful: [homeAddress],
    turned: [careOfAddress],
  },
  {
    rule: 'transportHostsAcceptable',
    story: 'a home agent that permits a home address grants it to whoever asks from elsewhere and may have it',
    broken: (hosts, path) => sameHosts(hosts, hostsOfPath(path)),
    play: (nut) => new Conversation(asking, { ...permitting, ...nut }).initiate().childEvents('responder'),
    lawful: ['net established'],
    turned: [],
  },
  {
    rule: 'transportEnds',
    story: 'the SAs are those of the home address',
    broken: (_hosts, path) => hostsOfPath(path),
    play: (nut) => inbound(new Conversation(asking, { ...permitting, ...nut }).initiate(), 'responder'),
    lawful: [homeAddress],
    turned: [careOfAddress],
  },
  {
    rule: 'ikeSaOfHomeAddress',
    story: 'a binding moves the IKE SAs of its own mobile node, and no other',
    broken: () => true,
    play: (nut) => {
      const talk = new Conversation(asking, { ...permitting, ...nut }).initiate();
      talk.input('responder', { kind: 'end-moved', of: { homeAddress: '10.9.0.2' }, to: '192.0.2.9', fate: 'follows' });
      return talk.machines.responder.summaries().map(({ remoteAddress }) => remoteAddress);
    },
    lawful: [careOfAddress],
    turned: ['192.0.2.9'],
  },
  {
    rule: 'ikeSaOfPeer',
    story: 'what a home agent acknowledges moves nothing that was begun with somebody else',
    broken: () => true,
    play: (nut) => {
      const talk = new Conversation({ ...asking, ...nut }, permitting).initiate();
      talk.input('initiator', { kind: 'end-moved', of: { peer: '192.0.2.77' }, to: '192.0.2.9', fate: 'follows' });
      return talk.machines.initiator.summaries().map(({ localAddress }) => localAddress);
    },
    lawful: [careOfAddress],
    turned: ['192.0.2.9'],
  },
];

describeRules('IKEv2, rules of home addresses', conversations);
