/** Conversations with configuration payloads that turn when a rule of RFC 7296 sections 2.19, 2.20 or 3.15 is broken, and what holds of them anyhow. */
import { expect } from 'chai';
import type { ConfigurationAttribute } from '../wire/ike/configuration.ts';
import { addressIn } from '../wire/ike/configuration-values.ts';
import type { Payload } from '../wire/ike/payload-chain.ts';
import { configurationAttributes, configurationTypes } from '../wire/ike/registry.ts';
import type { InternalAddresses } from './configuration.ts';
import { Conversation, connection, netChild } from './conversation.test-support.ts';
import type { Ikev2Options } from './ikev2.ts';
import {
  changed,
  describeRules,
  liveness,
  lying,
  type NodeUnderTest,
  type RuleConversation,
  rekeyIke,
  said,
  without,
  withPayload,
} from './rule-conversation.test-support.ts';

const wholeFamilies = [{ addresses: '0.0.0.0/0' }, { addresses: '::/0' }];

const client = (internalAddresses?: InternalAddresses): Partial<Ikev2Options> => ({
  connections: [
    connection('initiator', {
      ...(internalAddresses && { internalAddresses }),
      children: [{ ...netChild.initiator, local: wholeFamilies }],
    }),
  ],
});

const server = (internalAddresses?: InternalAddresses): Partial<Ikev2Options> => ({
  connections: [
    connection('responder', {
      ...(internalAddresses && { internalAddresses }),
      children: [{ ...netChild.responder, remote: wholeFamilies }],
    }),
  ],
});

const asks: InternalAddresses = { asksFor: ['0.0.0.0'] };
const gives: InternalAddresses = { pools: [['10.3.0.1', '10.3.0.2']], nameServers: ['10.1.0.53'] };

/** What the addresses in the answer are, and the peer's selectors as the server has them. */
function outcome(talk: Conversation): string {
  const [child] = [...talk.installed.responder.values()];
  const remote = child?.remote.map(({ startAddress, endAddress }) => `${startAddress}-${endAddress}`).join(', ');
  return `${said(talk, 3).replace(/.*AUTH(, )?/, '')} ${remote ?? 'no child'}`;
}

function lyingOf(change: (attributes: readonly ConfigurationAttribute[]) => readonly ConfigurationAttribute[]) {
  return lying(
    'IKE_AUTH',
    changed('CP', (payload) => ({ ...payload, attributes: change(payload.attributes) })),
  );
}

const setsName: Payload = {
  type: 'CP',
  configurationType: configurationTypes.CFG_SET,
  attributes: [{ type: configurationAttributes.APPLICATION_VERSION, value: new Uint8Array(2) }],
};

/** Another IKE SA of the same client, on a server that has one address. */
function second(nut: NodeUnderTest): Conversation {
  const talk = new Conversation(client(asks), { ...server({ pools: [['10.3.0.1', '10.3.0.1']] }), ...nut });
  talk.initiate();
  return talk.restart({ ...client(asks), settings: { initialContact: false } }).initiate();
}

const conversations: readonly RuleConversation[] = [
  {
    rule: 'childWithoutRequest',
    story: 'a client that asks for no address gets no child',
    broken: () => true,
    play: (nut) => outcome(new Conversation(client(), { ...server(gives), ...nut }).initiate()),
    lawful: 'N(FAILED_CP_REQUIRED)} no child',
    turned: 'N(INTERNAL_ADDRESS_FAILURE)} no child',
  },
  {
    rule: 'configurationReplied',
    story: 'nobody is told what nobody asked',
    broken: () => true,
    play: (nut) => outcome(new Conversation(client(), { ...server(gives), ...nut }).initiate()),
    lawful: 'N(FAILED_CP_REQUIRED)} no child',
    turned: 'CP, N(FAILED_CP_REQUIRED)} no child',
  },
  {
    rule: 'configurationAttributeTaken',
    story: 'an address of three octets asks for none',
    broken: () => 'taken',
    play: (nut) => {
      const lie = lyingOf(([address]) => [{ type: address!.type, value: new Uint8Array(3) }]);
      return outcome(new Conversation({ ...client(asks), ...lie }, { ...server(gives), ...nut }).initiate());
    },
    lawful: 'N(INTERNAL_ADDRESS_FAILURE)} no child',
    turned: 'CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1',
  },
  {
    rule: 'configurationAttributeType',
    story: 'the reserved bit is no part of it',
    broken: (type, reservedBit) => type + 0x8000 * reservedBit,
    play: (nut) => {
      const lie = lyingOf(([address]) => [{ ...address!, reservedBit: 1 }]);
      return outcome(new Conversation({ ...client(asks), ...lie }, { ...server(gives), ...nut }).initiate());
    },
    lawful: 'CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1',
    turned: 'N(INTERNAL_ADDRESS_FAILURE)} no child',
  },
  {
    rule: 'addressesGiven',
    story: 'one address for one request',
    broken: (_asked, free) => free,
    play: (nut) => outcome(new Conversation(client(asks), { ...server(gives), ...nut }).initiate()),
    lawful: 'CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1',
    turned: 'CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1, 10.3.0.2-10.3.0.2',
  },
  {
    rule: 'suggestedAddress',
    story: 'an address that is in no pool is not given because somebody names it',
    broken: () => true,
    play: (nut) =>
      outcome(new Conversation(client({ asksFor: ['10.9.9.9'] }), { ...server(gives), ...nut }).initiate()),
    lawful: 'CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1',
    turned: 'CP, SAr2, TSi, TSr} 10.9.9.9-10.9.9.9',
  },
  {
    rule: 'addressFree',
    story: 'an address that somebody has is not given again',
    broken: () => true,
    play: (nut) => said(second(nut), -1),
    lawful: 'R: HDR, SK {IDr, AUTH, N(INTERNAL_ADDRESS_FAILURE)}',
    turned: 'R: HDR, SK {IDr, AUTH, CP, SAr2, TSi, TSr}',
  },
  {
    rule: 'childWithoutAddress',
    story: 'no child for whom no address is left',
    broken: () => true,
    play: (nut) => said(second(nut), -1),
    lawful: 'R: HDR, SK {IDr, AUTH, N(INTERNAL_ADDRESS_FAILURE)}',
    turned: 'R: HDR, SK {IDr, AUTH, N(TS_UNACCEPTABLE)}',
  },
  {
    rule: 'selectorsOfAddresses',
    story: 'a client speaks for the address it was given',
    broken: (permitted) => permitted,
    play: (nut) => outcome(new Conversation(client(asks), { ...server(gives), ...nut }).initiate()),
    lawful: 'CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1',
    turned: 'CP, SAr2, TSi, TSr} 0.0.0.0-255.255.255.255, ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  },
  {
    rule: 'configurationAccepted',
    story: 'what a peer would set is not set',
    broken: (types) => types,
    play: (nut) =>
      said(
        new Conversation(lying('INFORMATIONAL', withPayload(setsName)), nut).initiate().command('initiator', liveness),
        5,
      ),
    lawful: 'R: HDR, SK {}',
    turned: 'R: HDR, SK {CP}',
  },
  {
    rule: 'answerWithoutAddress',
    story: 'a client that was given no address does without the child',
    broken: () => true,
    play: (nut) => {
      const silent = lying('IKE_AUTH', without('CP'));
      return new Conversation({ ...client(asks), ...nut }, { ...server(gives), ...silent })
        .initiate()
        .childEvents('initiator');
    },
    lawful: ['net refused'],
    turned: ['net established'],
  },
];

describeRules('rules of configuration payloads', conversations);

describe('configuration payloads', () => {
  const both: InternalAddresses = { asksFor: ['0.0.0.0', '::'] };
  const ofBoth: InternalAddresses = {
    pools: [
      ['10.3.0.1', '10.3.0.9'],
      ['2001:db8:a3::1', '2001:db8:a3::9'],
    ],
  };

  it('give an address of each family that was asked for', () => {
    const talk = new Conversation(client(both), server(ofBoth)).initiate();
    expect(outcome(talk)).to.equal('CP, SAr2, TSi, TSr} 10.3.0.1-10.3.0.1, 2001:db8:a3::1-2001:db8:a3::1');
    expect(talk.childrenAgree()).to.equal(true);
  });

  it('pass over the family that is not had', () => {
    expect(outcome(new Conversation(client(both), server(gives)).initiate())).to.match(/} 10.3.0.1-10.3.0.1$/);
  });

  it('give the address suggested, if it is one of the pool', () => {
    const talk = new Conversation(client({ asksFor: ['10.3.0.2'] }), server(gives)).initiate();
    expect(outcome(talk)).to.match(/} 10.3.0.2-10.3.0.2$/);
  });

  it('outlive a rekeyed IKE SA, and hold for further children', () => {
    const talk = new Conversation(client(asks), server(gives)).initiate().command('initiator', rekeyIke).initiate();
    expect(outcome(talk)).to.match(/} 10.3.0.1-10.3.0.1$/);
    expect(talk.installed.responder.size).to.equal(4);
  });

  it('pass over attributes that nobody knows, and the reserved bit', () => {
    const lie = lyingOf((attributes) => [
      { type: 0x7abc, value: new Uint8Array(5) },
      ...attributes.map((attribute) => ({ ...attribute, reservedBit: 1 })),
    ]);
    expect(outcome(new Conversation({ ...client(asks), ...lie }, server(gives)).initiate())).to.match(/} 10.3.0.1/);
  });

  it('hold addresses of four, sixteen, and seventeen octets', () => {
    const { INTERNAL_IP6_ADDRESS: type } = configurationAttributes;
    const lengths = [0, 3, 4, 16, 17, 18].map((octets) => addressIn({ type, value: new Uint8Array(octets) }));
    expect(lengths).to.deep.equal([undefined, undefined, '0.0.0.0', '::', '::', undefined]);
  });
});
