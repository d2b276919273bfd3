/** For every rule of a correspondent node, a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import { peer6 } from '../host/cable.test-support.ts';
import { homeAddressHeader } from '../wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import type { CorrespondentSignalling } from './configuration.ts';
import { authenticated, away, careOfAddress, correspondent, homeAddress } from './correspondent.test-support.ts';
import { type CorrespondentRules, correspondentSections } from './correspondent-rules.ts';
import { bindingManagementKey } from './return-routability.ts';
import { mobility, RoamingPeer, type Sent } from './roaming-peer.test-support.ts';

const elsewhere = '2001:db8:2::2';
const alternate = (address: string): Buffer =>
  Buffer.concat([Buffer.from([1, 0, 3, 16]), addressOctetsOf(address), Buffer.alloc(4)]);

interface Conversation {
  readonly rule: keyof CorrespondentRules;
  readonly story: string;
  readonly told?: CorrespondentSignalling;
  readonly isProtected?: true;
  readonly broken: Partial<CorrespondentRules>;
  readonly seen: (peer: RoamingPeer) => unknown;
  readonly lawful: unknown;
}

const bound = (peer: RoamingPeer, sent: Sent = {}): RoamingPeer => {
  peer.tests().update(sent);
  return peer;
};

const conversations: readonly Conversation[] = [
  {
    rule: 'testInitAcceptable',
    story: 'a test with a home address option is not answered',
    broken: { testInitAcceptable: () => true },
    seen: (peer) => peer.test('home', careOfAddress, [homeAddressHeader(homeAddress)]).length,
    lawful: 0,
  },
  {
    rule: 'answerMayBeSent',
    story: 'nobody is answered',
    broken: { answerMayBeSent: () => true },
    seen: (peer) => peer.test('care-of', '::').length,
    lawful: 0,
  },
  {
    rule: 'tokenOctet',
    story: 'the two tokens of one address differ',
    broken: { tokenOctet: () => 0 },
    seen: (peer) => peer.tests({ home: careOfAddress }).token('home', careOfAddress).equals(peer.token('care-of')),
    lawful: false,
  },
  {
    rule: 'nonceRenewed',
    story: 'one nonce serves for half a minute',
    broken: { nonceRenewed: () => true },
    seen: (peer) => peer.tests().index('home') === peer.index('care-of'),
    lawful: true,
  },
  {
    rule: 'nonceAcceptable',
    story: 'a nonce is forgotten after four minutes',
    broken: { nonceAcceptable: () => true },
    seen: (peer) => peer.tests().later(241).status(),
    lawful: 138,
  },
  {
    rule: 'flagsAcceptable',
    story: 'L and K are nothing to a correspondent',
    broken: { flagsAcceptable: ({ keyManagementMobilityCapability = false }) => !keyManagementMobilityCapability },
    seen: (peer) => peer.tests().status({ flags: 0xb000 }),
    lawful: 0,
  },
  {
    rule: 'careOfAddressRoutable',
    story: 'nothing is bound to an address of one link',
    broken: { careOfAddressRoutable: () => true },
    seen: (peer) =>
      peer
        .tests()
        .knows('fe80::2')
        .update({ careOf: 'fe80::2', from: peer6, options: alternate('fe80::2') }).length,
    lawful: 0,
  },
  {
    rule: 'careOfAddressNamed',
    story: 'the option says where the mobile node is',
    broken: { careOfAddressNamed: (source) => source },
    seen: (peer) => {
      peer.tests({ careOf: elsewhere }).update({ careOf: elsewhere, from: peer6, options: alternate(elsewhere) });
      return peer.bindings;
    },
    lawful: [[homeAddress, elsewhere]],
  },
  {
    rule: 'deletes',
    story: 'who is at home has no binding',
    broken: { deletes: ({ lifetime }) => lifetime === 0 },
    seen: (peer) => {
      bound(peer).update({ sequenceNumber: 2, careOf: homeAddress, withoutOption: true });
      return peer.bindings;
    },
    lawful: [],
  },
  {
    rule: 'nonceIndicesAsRequired',
    story: 'a home registration with nonce indices is none',
    broken: { nonceIndicesAsRequired: () => true },
    seen: (peer) => peer.tests().update({ flags: 0xc000 }).length,
    lawful: 0,
  },
  {
    rule: 'authorizationDataAcceptable',
    story: 'padding behind the authenticator is too much',
    broken: { authorizationDataAcceptable: () => true },
    seen: (peer) => peer.tests().update({ behind: Buffer.from([1, 6, 0, 0, 0, 0, 0, 0]) }).length,
    lawful: 0,
  },
  {
    rule: 'nonceStatus',
    story: 'which of the nonces is unknown is said',
    broken: { nonceStatus: ({ home, careOf }) => (home && careOf ? undefined : 138) },
    seen: (peer) => [
      peer.tests().status({ indices: { home: 5 } }),
      peer.status({ indices: { careOf: 5 } }),
      peer.status({ indices: { home: 5, careOf: 5 } }),
    ],
    lawful: [136, 137, 138],
  },
  {
    rule: 'careOfNonceNeeded',
    story: 'a deletion needs no care-of nonce',
    broken: { careOfNonceNeeded: () => true },
    seen: (peer) => bound(peer).status({ sequenceNumber: 2, lifetime: 0, indices: { careOf: 5 } }),
    lawful: 0,
  },
  {
    rule: 'bindingManagementKeyOf',
    story: 'a registration needs both tokens',
    broken: { bindingManagementKeyOf: (home) => bindingManagementKey(home) },
    seen: (peer) => peer.tests().status(),
    lawful: 0,
  },
  {
    rule: 'authenticatedAddress',
    story: 'the authenticator of a deletion covers the home address',
    broken: { authenticatedAddress: ({ careOfAddress: address }) => address },
    seen: (peer) => bound(peer).status({ sequenceNumber: 2, lifetime: 0 }),
    lawful: 0,
  },
  {
    rule: 'authenticatorAcceptable',
    story: 'another key opens nothing',
    broken: { authenticatorAcceptable: () => true },
    seen: (peer) => peer.tests().update({ key: Buffer.alloc(20) }).length,
    lawful: 0,
  },
  {
    rule: 'noncesUsable',
    story: 'the nonces of a deleted binding make it no more',
    broken: { noncesUsable: () => true },
    seen: (peer) => {
      bound(peer).update({ sequenceNumber: 2, lifetime: 0 });
      return peer.status({ sequenceNumber: 3 });
    },
    lawful: 138,
  },
  {
    rule: 'sequenceNumberAcceptable',
    story: 'an update does not come twice',
    broken: { sequenceNumberAcceptable: () => true },
    seen: (peer) => bound(peer).status(),
    lawful: 135,
  },
  {
    rule: 'formerSequenceNumberCounts',
    story: 'the number of a deleted binding counts on',
    broken: { formerSequenceNumberCounts: () => false },
    seen: (peer) => {
      bound(peer, { sequenceNumber: 8 }).update({ sequenceNumber: 9, lifetime: 0 });
      return peer.tests({ careOf: elsewhere }).status({ sequenceNumber: 8, careOf: elsewhere });
    },
    lawful: 135,
  },
  {
    rule: 'registrationTypeAcceptable',
    story: 'a binding becomes no home registration',
    broken: { registrationTypeAcceptable: () => true },
    seen: (peer) => bound(peer).status({ sequenceNumber: 2, flags: 0xc000, change: withoutNonceIndices }),
    lawful: 139,
  },
  {
    rule: 'homeRegistrationSupported',
    story: 'a correspondent is no home agent',
    broken: { homeRegistrationSupported: () => true },
    seen: (peer) => peer.tests().status({ flags: 0xc000, change: withoutNonceIndices }),
    lawful: 131,
  },
  {
    rule: 'ipsecTrusted',
    story: 'an SA is no test',
    isProtected: true,
    broken: { ipsecTrusted: () => true },
    seen: (peer) => underIpsec(peer, alternate(careOfAddress)),
    lawful: [],
  },
  {
    rule: 'securityAssociationAuthorizes',
    story: 'who trusts an SA asks for no test',
    told: { trustsIpsec: true },
    isProtected: true,
    broken: { securityAssociationAuthorizes: () => false },
    seen: (peer) => underIpsec(peer, alternate(careOfAddress)),
    lawful: [[homeAddress, careOfAddress]],
  },
  {
    rule: 'careOfAddressProtected',
    story: 'the source of a packet under ESP is covered by nothing',
    told: { trustsIpsec: true },
    isProtected: true,
    broken: { careOfAddressProtected: () => true },
    seen: (peer) => underIpsec(peer, Buffer.alloc(0)),
    lawful: [],
  },
  {
    rule: 'bindingsAllowed',
    story: 'where route optimization is turned off nobody is bound',
    told: { keepsNoBindings: true },
    broken: { bindingsAllowed: () => true },
    seen: (peer) => [peer.tests().status(), peer.bindings],
    lawful: [129, []],
  },
  {
    rule: 'bindingMayBeMade',
    story: 'there is room for more than one binding',
    broken: { bindingMayBeMade: (others) => others === 0 },
    seen: (peer) => bound(peer).tests({ home: elsewhere }).status({ home: elsewhere }),
    lawful: 0,
  },
  {
    rule: 'bindingLifetime',
    story: 'a binding lasts for seven minutes at most',
    broken: { bindingLifetime: (asked) => asked },
    seen: (peer) => (peer.tests().update({ lifetime: 0xffff })[0] as { lifetime: number }).lifetime,
    lawful: 105,
  },
  {
    rule: 'updateAcknowledged',
    story: 'who does not ask is told of failures only',
    broken: { updateAcknowledged: () => true },
    seen: (peer) => [peer.tests().status({ flags: 0 }), peer.status({ flags: 0 })],
    lawful: [undefined, 135],
  },
  {
    rule: 'acknowledgementAuthenticated',
    story: 'an acknowledgement is signed',
    broken: { acknowledgementAuthenticated: () => false },
    seen: (peer) => (peer.tests().update()[0] as { isSigned: boolean }).isSigned,
    lawful: true,
  },
  {
    rule: 'acknowledgementDestination',
    story: 'from home it is acknowledged without a routing header',
    broken: { acknowledgementDestination: (source, home) => ({ destination: home, by: source }) },
    seen: (peer) => bound(peer).update({ sequenceNumber: 2, lifetime: 0, withoutOption: true }),
    lawful: [{ status: 0, sequenceNumber: 2, lifetime: 0, destination: homeAddress, isSigned: true }],
  },
  {
    rule: 'acknowledgedSequenceNumber',
    story: 'who is behind is told the last number',
    broken: { acknowledgedSequenceNumber: (_status, given) => given },
    seen: (peer) =>
      (bound(peer, { sequenceNumber: 700 }).update({ sequenceNumber: 7 })[0] as { sequenceNumber: number })
        .sequenceNumber,
    lawful: 700,
  },
  {
    rule: 'refreshRequested',
    story: 'a binding that is used near its end is to be renewed, and is asked for at home',
    broken: { refreshRequested: () => false },
    seen: (peer) => {
      bound(peer, { lifetime: 10 }).later(32);
      return answersTo(peer, closedPort()).map(({ destination }) => destination);
    },
    lawful: [homeAddress, careOfAddress],
  },
  {
    rule: 'unreachabilityPersists',
    story: 'one error ends no binding, three in a row do',
    broken: { unreachabilityPersists: () => true },
    seen: (peer) => {
      bound(peer).missed();
      const afterOne = peer.bindings.length;
      for (const _ of [2, 3]) peer.later(2).missed();
      return [afterOne, peer.bindings.length];
    },
    lawful: [1, 0],
  },
];

/** The bindings after an update under ESP that has neither nonce indices nor an authenticator. */
function underIpsec(peer: RoamingPeer, options: Buffer): unknown {
  const octets = Buffer.concat([
    Buffer.from([59, 0, 5, 0, 0, 0, 0, 1, 0, 0, 0, 60]),
    options.length === 0 ? Buffer.from([1, 2, 0, 0]) : options,
  ]);
  octets[1] = octets.length / 8 - 1;
  const packet = mobility(octets, careOfAddress, [homeAddressHeader(homeAddress)], homeAddress);
  peer.cable.receive(authenticated(packet));
  return peer.bindings;
}

/** Behind the fixed part: what a home registration may not have is cut out, and the rest padded. */
function withoutNonceIndices(octets: Buffer): Buffer {
  const update = Buffer.concat([octets.subarray(0, 12), Buffer.from([1, 2, 0, 0])]);
  update[1] = update.length / 8 - 1;
  return update;
}

function answersTo(peer: RoamingPeer, packet: Ipv6Packet): readonly Ipv6Packet[] {
  return peer.cable.answers(packet) as Ipv6Packet[];
}

/** A datagram from away to a port that nobody reads, which is answered by way of the binding. */
function closedPort(): Ipv6Packet {
  const packet = away();
  const payload = packet.payload.slice();
  payload[3] = 10;
  payload[7]! -= 1;
  return { ...packet, payload };
}

function addressOctetsOf(address: string): Buffer {
  const [head, tail] = address.split('::') as [string, string];
  const [before, after] = [head.split(':'), tail.split(':')];
  const groups = [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
  return Buffer.from(groups.map((group) => group.padStart(4, '0')).join(''), 'hex');
}

describe('rules of a correspondent node', () => {
  for (const { rule, story, told = {}, isProtected = false, broken, seen, lawful } of conversations) {
    const peer = (rules: Partial<CorrespondentRules>) => {
      const mobility = { correspondentNode: { signalling: told } };
      return new RoamingPeer(correspondent(mobility, { isProtected, broken: { mobility: rules } }));
    };
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(peer({}))).to.deep.equal(lawful);
      expect(seen(peer(broken))).to.not.deep.equal(lawful);
    });
  }

  it('every rule has its conversation', () => {
    expect(conversations.map(({ rule }) => rule).sort()).to.deep.equal(Object.keys(correspondentSections).sort());
  });
});
