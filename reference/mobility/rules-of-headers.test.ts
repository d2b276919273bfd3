/** For every rule about home addresses in headers, and about every Mobility Header, a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import { own6 } from '../host/cable.test-support.ts';
import type { NodeConfiguration } from '../host/configuration.ts';
import { connectionWith, firstOfIke } from '../host/keyed-peer.test-support.ts';
import { icmpv6Message } from '../wire/icmpv6.ts';
import {
  type ExtensionHeader,
  homeAddressHeader,
  type Ipv6Option,
  optionTypes,
  type RoutingHeader,
} from '../wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { protocols } from '../wire/ip/protocols.ts';
import {
  encodeMobility,
  type MobilityMessage,
  type MobilityMessageOf,
  mobilityMessage,
} from '../wire/mobility/message.ts';
import {
  authenticated,
  away,
  type Broken,
  type Cable,
  careOfAddress,
  correspondent,
  datagram,
  delivered,
  homeAddress,
} from './correspondent.test-support.ts';
import type { HeaderRules } from './header-rules.ts';
import { headerSections } from './header-rules.ts';
import { type MessageRules, messageSections } from './message-rules.ts';
import { RoamingPeer, unreachable } from './roaming-peer.test-support.ts';

const noBinding = { correspondentNode: {} };
const bound = { correspondentNode: { bindings: [{ homeAddress, careOfAddress }] } };
const tested = { correspondentNode: { signalling: {} } };
const mobileNode = { mobileNode: { interface: 'eth0', homeAddress: `${own6}/64` } };

const conversations: readonly {
  readonly rule: keyof HeaderRules | keyof MessageRules;
  readonly story: string;
  readonly told?: Parameters<typeof correspondent>[0];
  readonly isProtected?: true;
  readonly ike?: NodeConfiguration['ike'];
  readonly broken: Broken['mobility'];
  readonly seen: (cable: Cable) => unknown;
  readonly lawful: unknown;
}[] = [
  {
    rule: 'homeAddressRoutable',
    story: 'a home address of one link is dropped without a word',
    broken: { homeAddressRoutable: () => true },
    seen: (cable) => cable.answers(away('fe80::1')).length,
    lawful: 0,
  },
  {
    rule: 'errorBelieved',
    story: 'no error ends a binding that is about a packet which was never sent',
    told: tested,
    broken: { errorBelieved: () => true },
    seen: (cable) => {
      const peer = new RoamingPeer(cable);
      peer.tests().update();
      for (const _ of [1, 2, 3]) peer.later(2).cable.receive(unreachable(homeAddress, careOfAddress));
      return peer.bindings.length;
    },
    lawful: 1,
  },
  {
    rule: 'keyManagementLeavesAsOthers',
    story: 'what IKE says to a home address with a binding goes by way of the care-of address',
    told: bound,
    ike: [connectionWith(homeAddress)],
    broken: { keyManagementLeavesAsOthers: () => false },
    seen: (cable) => firstOfIke(cable).map(({ destination }) => destination),
    lawful: [careOfAddress],
  },
  {
    rule: 'homeAddressLengthAcceptable',
    story: 'an option of another length is a problem, and where its length stands is said',
    told: bound,
    broken: { homeAddressLengthAcceptable: () => true },
    seen: (cable) => cable.answers(datagram([optionOf(15)])).map(said),
    lawful: [['parameterProblem', 0, 47]],
  },
  {
    rule: 'homeAddressOfAnother',
    story: 'nobody else has a home address of this node',
    broken: { homeAddressOfAnother: () => true },
    seen: (cable) => cable.answers(away(own6)).length,
    lawful: 0,
  },
  {
    rule: 'homeAddressesAcceptable',
    story: 'two home addresses are too many',
    told: bound,
    broken: { homeAddressesAcceptable: () => true },
    seen: (cable) =>
      delivered(cable.events(datagram([homeAddressHeader(homeAddress), homeAddressHeader(homeAddress)]))),
    lawful: [],
  },
  {
    rule: 'homeAddressPlaceAcceptable',
    story: 'a home address that stood behind ESP is none',
    isProtected: true,
    broken: { homeAddressPlaceAcceptable: () => true },
    seen: (cable) => {
      const packet = datagram([homeAddressHeader(homeAddress)]);
      const hiding = [homeAddressHeader(homeAddress)];
      return delivered(cable.events(authenticated(packet, hiding)));
    },
    lawful: [],
  },
  {
    rule: 'vouchedForLater',
    story: 'an option before ESP goes on without a binding',
    isProtected: true,
    broken: { vouchedForLater: () => false },
    seen: (cable) => delivered(cable.events(authenticated(away()))),
    lawful: [homeAddress],
  },
  {
    rule: 'bindingVouches',
    story: 'an option without a binding is answered by a Binding Error',
    broken: { bindingVouches: () => true },
    seen: (cable) => cable.answers(away()).map(said),
    lawful: [['bindingError', 1, homeAddress]],
  },
  {
    rule: 'securityAssociationsVouch',
    story: 'an SA that authenticates vouches for the option',
    isProtected: true,
    broken: { securityAssociationsVouch: () => false },
    seen: (cable) => delivered(cable.events(authenticated(away()))),
    lawful: [homeAddress],
  },
  {
    rule: 'optionMakesBinding',
    story: 'an option that an SA vouched for is forgotten with its packet',
    isProtected: true,
    broken: { optionMakesBinding: () => true },
    seen: (cable) => {
      cable.events(authenticated(away()));
      return cable.host.state().bindings;
    },
    lawful: [],
  },
  {
    rule: 'bindingErrorMayBeSent',
    story: 'a Binding Error goes to whoever sent the packet',
    broken: { bindingErrorMayBeSent: () => false },
    seen: (cable) => cable.answers(away()).map(({ destination }) => destination),
    lawful: [careOfAddress],
  },
  {
    rule: 'sourceForUpperLayers',
    story: 'a datagram with a binding comes from the home address',
    told: bound,
    broken: { sourceForUpperLayers: (_, from) => from },
    seen: (cable) => delivered(cable.events(away())),
    lawful: [homeAddress],
  },
  {
    rule: 'routingHeaderAcceptable',
    story: 'a routing header to another address goes no further',
    told: mobileNode,
    broken: { routingHeaderAcceptable: () => true },
    seen: (cable) => cable.events(routed(homeAddress)).map((event) => event.kind === 'discarded' && event.rule),
    lawful: ['routingHeaderAcceptable'],
  },
  {
    rule: 'routingHeaderPlaceAcceptable',
    story: 'a routing header that stood behind ESP is not followed',
    told: mobileNode,
    isProtected: true,
    broken: { routingHeaderPlaceAcceptable: () => true },
    seen: (cable) => {
      const hiding: RoutingHeader = { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: [own6] };
      return delivered(cable.events(authenticated(datagram([], homeAddress), [hiding])));
    },
    lawful: [],
  },
  {
    rule: 'routesToCareOfAddress',
    story: 'what is sent to a home address with a binding goes by way of the care-of address',
    told: bound,
    broken: { routesToCareOfAddress: () => false },
    seen: (cable) => cable.answers(closedPort()).map(({ destination }) => destination),
    lawful: [careOfAddress],
  },
  {
    rule: 'mobilityChecksumAcceptable',
    story: 'a message with a wrong checksum is dropped without a word',
    broken: { mobilityChecksumAcceptable: () => true },
    seen: (cable) => cable.answers(mobilityPacket({ ...unknownType, checksum: 1 })).length,
    lawful: 0,
  },
  {
    rule: 'mobilityTypeKnown',
    story: 'an unknown type is answered by a Binding Error of status 2',
    broken: { mobilityTypeKnown: () => true },
    seen: (cable) => cable.answers(mobilityPacket(unknownType)).map(said),
    lawful: [['bindingError', 2, '::']],
  },
  {
    rule: 'payloadProtocolAcceptable',
    story: 'a payload behind the message is a problem',
    broken: { payloadProtocolAcceptable: () => true },
    seen: (cable) => cable.answers(mobilityPacket({ ...refresh, payloadProtocol: protocols.UDP })).map(said),
    lawful: [['parameterProblem', 0, 40]],
  },
  {
    rule: 'reservedAcceptable',
    story: 'reserved octets are ignored',
    told: tested,
    broken: { reservedAcceptable: (areZero) => areZero },
    seen: (cable) => cable.answers(mobilityPacket({ ...test, reserved: Uint8Array.of(1) })).map(said),
    lawful: ['careOfTest'],
  },
  {
    rule: 'optionsAcceptable',
    story: 'an option that nobody knows is skipped',
    told: tested,
    broken: { optionsAcceptable: (areOfThisType) => areOfThisType },
    seen: (cable) =>
      cable
        .answers(mobilityPacket({ ...test, options: [{ type: 'option', optionType: 200, data: new Uint8Array(6) }] }))
        .map(said),
    lawful: ['careOfTest'],
  },
  {
    rule: 'headerLengthAcceptable',
    story: 'a message shorter than its type asks for is a problem',
    broken: { headerLengthAcceptable: () => true },
    seen: (cable) => cable.answers(mobilityPacket({ kind: 'other', mhType: 1, data: new Uint8Array(2) })).map(said),
    lawful: [['parameterProblem', 0, 41]],
  },
];

const test: MobilityMessageOf<'careOfTestInit'> = {
  kind: 'careOfTestInit',
  careOfInitCookie: new Uint8Array(8),
  options: [],
};
const refresh: MobilityMessage = { kind: 'bindingRefreshRequest', options: [] };
const unknownType: MobilityMessage = { kind: 'other', mhType: 200, data: new Uint8Array(2) };

function mobilityPacket(message: MobilityMessage): Ipv6Packet {
  const [source, destination] = [careOfAddress, own6];
  const payload = encodeMobility(message, { source, destination });
  return { version: 6, source, destination, extensions: [], protocol: protocols['Mobility Header'], payload };
}

function optionOf(octets: number): ExtensionHeader {
  const option = { type: 'option', optionType: optionTypes['Home Address'], data: new Uint8Array(octets) } as const;
  return { type: 'destinationOptions', options: [{ type: 'padN', data: new Uint8Array(2) }, option] };
}

function routed(address: string): Ipv6Packet {
  const header: RoutingHeader = { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: [address] };
  return datagram([header]);
}

/** A datagram that is answered: nobody reads its port. */
function closedPort(): Ipv6Packet {
  const packet = away();
  const payload = packet.payload.slice();
  payload[3] = 10;
  payload[7]! -= 1;
  return { ...packet, payload };
}

function said({ protocol, payload }: { protocol: number; payload: Uint8Array }): unknown {
  if (protocol === protocols['Mobility Header']) {
    const message = mobilityMessage.decode(payload).value;
    return message.kind === 'bindingError' ? [message.kind, message.status, message.homeAddress] : message.kind;
  }
  const message = icmpv6Message.decode(payload).value;
  return message.kind === 'parameterProblem' ? [message.kind, message.code, message.pointer] : message.kind;
}

describe('rules of headers with home addresses, and of Mobility Headers', () => {
  for (const { rule, story, told = noBinding, isProtected = false, ike = [], broken, seen, lawful } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(correspondent(told, { isProtected, ike }))).to.deep.equal(lawful);
      expect(seen(correspondent(told, { isProtected, ike, broken: { mobility: broken! } }))).to.not.deep.equal(lawful);
    });
  }

  it('every routing header is followed in its turn, and each has to lead to a home address', () => {
    const twice = (second: string) => {
      const header = { type: 'routing', routingType: 2, segmentsLeft: 1 } as const;
      return datagram([
        { ...header, addresses: [own6] },
        { ...header, addresses: [second] },
      ]);
    };
    const cable = correspondent(mobileNode);
    expect(delivered(cable.events(twice(own6)))).to.deep.equal([careOfAddress]);
    expect(delivered(cable.events(twice(homeAddress)))).to.deep.equal([]);
  });

  it('a home address among hop-by-hop options is an option that nobody knows', () => {
    const { options } = homeAddressHeader(homeAddress) as { readonly options: readonly Ipv6Option[] };
    expect(
      correspondent(bound)
        .answers(datagram([{ type: 'hopByHop', options }]))
        .map(said),
    ).to.deep.equal([['parameterProblem', 2, 46]]);
  });

  for (const unroutable of ['ff1e::1', 'fe80::1', '::', '::1', '::ffff:192.0.2.9'])
    it(`a home address ${unroutable} is none, whatever vouches for it`, () => {
      const cable = correspondent(noBinding, { isProtected: true });
      const [discarded] = cable.events(authenticated(away(unroutable)));
      expect(discarded).to.include({ rule: 'homeAddressRoutable' });
      expect(cable.answers(away(unroutable))).to.deep.equal([]);
    });

  it('what stands behind AH is read after it', () => {
    const behind = { ...homeAddressHeader(homeAddress), nextHeader: undefined };
    const authentication = { type: 'authentication', spi: 0x1002, sequenceNumber: 1, icv: new Uint8Array(16) } as const;
    const [refused] = correspondent(bound).events(datagram([authentication, behind]));
    expect(refused).to.include({ kind: 'discarded', rule: 'inboundSa' });
  });

  it('every rule has its conversation', () => {
    const rules = [...Object.keys(headerSections), ...Object.keys(messageSections)];
    expect(conversations.map(({ rule }) => rule).sort()).to.deep.equal(rules.sort());
  });
});
