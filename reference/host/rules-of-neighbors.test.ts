/** For every rule about neighbors a conversation that turns when the rule is broken, and what RFC 4861 sections 7.2.3 to 7.2.5 say of each kind of entry. */
import { expect } from 'chai';
import {
  claim,
  homeAddress,
  homeAgent,
  homeAgentOnCable,
  onLink,
  registered,
  said,
  solicitation,
  update,
} from '../mobility/home-agent.test-support.ts';
import { solicitedNodeMulticast } from '../wire/address.ts';
import { ethernetFrame, etherTypes } from '../wire/ethernet.ts';
import { type Icmpv6Message, icmpv6Message } from '../wire/icmpv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { Cable, echoRequest, own, own6, peer, peer6, peerMac } from './cable.test-support.ts';
import type { NodeConfiguration } from './configuration.ts';
import { type NeighborRules, neighborRules, neighborSections } from './neighbor-rules.ts';

const stranger = '2001:db8:1::77';
const elsewhere = '02:00:00:00:00:77';

type Advertisement = Extract<Icmpv6Message, { kind: 'neighborAdvertisement' }>;

/** Of the peer's address, at another hardware address, unless it is said. */
function advertised({ to = own6, ...fields }: Partial<Advertisement> & { readonly to?: string } = {}): IpPacket {
  const targetAddress = fields.targetAddress ?? peer6;
  return onLink(targetAddress, to, {
    kind: 'neighborAdvertisement',
    type: 136,
    code: 0,
    override: true,
    options: [{ type: 'targetLinkLayerAddress', linkLayerAddress: elsewhere }],
    ...fields,
    targetAddress,
  });
}

function asked({
  target = own6,
  from = stranger,
  to = solicitedNodeMulticast(target),
  hardwareAddress = elsewhere,
} = {}): IpPacket {
  const options =
    hardwareAddress === 'none' ? [] : [{ type: 'sourceLinkLayerAddress', linkLayerAddress: hardwareAddress } as const];
  return onLink(from, to, { kind: 'neighborSolicitation', type: 135, code: 0, targetAddress: target, options });
}

/** To which hardware address a packet for this neighbor goes; undefined where it has to be asked for. */
function placeOf(cable: Cable, neighbor: string): string | undefined {
  const [effect] = cable.receive(echoRequest(neighbor, neighbor.includes(':') ? own6 : own));
  if (effect?.kind !== 'frame') return undefined;
  const { destination, etherType, payload } = ethernetFrame.decode(effect.octets).value;
  if (etherType === etherTypes.ARP) return undefined;
  const packet = ipPacket.decode(payload).value;
  const isQuestion = packet.version === 6 && icmpv6Message.decode(packet.payload).value.kind === 'neighborSolicitation';
  return isQuestion ? undefined : destination;
}

function placeAfter(cable: Cable, neighbor: string, ...packets: readonly IpPacket[]): string | undefined {
  for (const packet of packets) cable.receive(packet);
  return placeOf(cable, neighbor);
}

/** The Router flags of the advertisements that answer. */
function routerFlags(cable: Cable, ...packets: readonly IpPacket[]): readonly unknown[] {
  return cable.answers(...packets).map(({ payload }) => {
    const message = icmpv6Message.decode(payload).value;
    return message.kind === 'neighborAdvertisement' ? (message.router ?? false) : message.kind;
  });
}

/** A rule, the story of a conversation, the rule broken, and what is seen in it: not the same with the broken one. */
const conversations: readonly {
  readonly rule: keyof NeighborRules;
  readonly story: string;
  readonly told?: Partial<NodeConfiguration>;
  readonly broken: Partial<NeighborRules>;
  readonly seen: (cable: Cable) => unknown;
}[] = [
  {
    rule: 'neighborMessageAcceptable',
    story: 'a question from another link is not answered',
    broken: { neighborMessageAcceptable: () => true },
    seen: (cable) => cable.answers({ ...asked(), hopLimit: 254 } as IpPacket).length,
  },
  {
    rule: 'solicitationTeaches',
    story: 'who asks for an address of somebody else is not remembered',
    broken: { solicitationTeaches: () => true },
    seen: (cable) => placeAfter(cable, stranger, asked({ target: peer6 })),
  },
  {
    rule: 'advertisementTeaches',
    story: 'who tells of himself unasked is not remembered',
    broken: { advertisementTeaches: () => true },
    seen: (cable) => placeAfter(cable, stranger, advertised({ targetAddress: stranger })),
  },
  {
    rule: 'replacesKnown',
    story: 'an advertisement that does not override changes nothing',
    broken: { replacesKnown: () => true },
    seen: (cable) => placeAfter(cable, peer6, advertised({ override: false })),
  },
  {
    rule: 'arpTeaches',
    story: 'who asks by ARP for somebody else is not remembered',
    broken: { arpTeaches: () => true },
    told: { interfaces: [{ name: 'eth0', link: 'home', addresses: ['192.0.2.9/24', `${own6}/64`] }] },
    seen: (cable) =>
      cable.receive(echoRequest(peer, '192.0.2.9')).map((effect) => effect.kind === 'frame' && effect.octets.length),
  },
  {
    rule: 'provesDuplicate',
    story: 'an address that somebody answers for is a duplicate',
    told: { mobility: { homeAgent } },
    broken: { provesDuplicate: () => false },
    seen: (cable) => {
      cable.receive(update({ from: peer6 }));
      return cable.answers(claim(homeAddress)).length;
    },
  },
  {
    rule: 'solicitationIsMine',
    story: 'a question for an address of somebody else is left to that one',
    broken: { solicitationIsMine: () => true },
    seen: (cable) => said(cable.receive(solicitation(homeAddress))),
  },
  {
    rule: 'overridesOthers',
    story: 'an answer for an address of its own replaces what the asker knows',
    broken: { overridesOthers: () => false },
    seen: (cable) => said(cable.receive(solicitation(own6))),
  },
  {
    rule: 'saysRouter',
    story: 'a router says that it is one',
    broken: { saysRouter: () => false },
    seen: (cable) => routerFlags(cable, solicitation(own6)),
  },
];

describe('rules about neighbors', () => {
  for (const { rule, story, told = {}, broken, seen } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(new Cable(broken, told))).to.not.deep.equal(seen(new Cable({}, told)));
    });
  }

  it('every rule has its conversation and its section', () => {
    expect(conversations.map(({ rule }) => rule).sort()).to.deep.equal(Object.keys(neighborRules).sort());
    expect(Object.keys(neighborSections).sort()).to.deep.equal(Object.keys(neighborRules).sort());
  });
});

describe('what is remembered of a neighbor', () => {
  const peerAfter = (...packets: readonly IpPacket[]) => placeAfter(new Cable(), peer6, ...packets);

  it('is where it said it is when it asked for an address of this node', () => {
    expect(placeAfter(new Cable(), stranger, asked())).to.equal(elsewhere);
    expect(peerAfter(asked({ from: peer6 }))).to.equal(elsewhere);
    expect(placeAfter(new Cable(), stranger, asked({ hardwareAddress: 'none' }))).to.equal(undefined);
  });

  it('is what an advertisement that overrides says, solicited or not', () => {
    expect(peerAfter()).to.equal(peerMac);
    expect(peerAfter(advertised())).to.equal(elsewhere);
    expect(peerAfter(advertised({ solicited: true }))).to.equal(elsewhere);
    expect(peerAfter(advertised({ to: 'ff02::1' }))).to.equal(elsewhere);
  });

  it('stays where an advertisement does not override, or names no address', () => {
    expect(peerAfter(advertised({ override: false, solicited: true }))).to.equal(peerMac);
    expect(peerAfter(advertised({ options: [] }))).to.equal(peerMac);
  });

  it('is what answers a question, whether it overrides or not, and what waited leaves', () => {
    const cable = new Cable();
    expect(placeOf(cable, stranger)).to.equal(undefined);
    expect(cable.answers(advertised({ targetAddress: stranger, options: [] }))).to.have.length(0);
    expect(cable.answers(advertised({ targetAddress: stranger, override: false }))).to.have.length(1);
    expect(placeOf(cable, stranger)).to.equal(elsewhere);
  });

  it('is nothing that a message says which is no whole one of this link (sections 7.1.1 and 7.1.2)', () => {
    const spoilt = (packet: IpPacket) => ({ ...packet, payload: packet.payload.with(-1, 0xee) }) as IpPacket;
    for (const packet of [
      { ...advertised(), hopLimit: 254 } as IpPacket,
      advertised({ code: 1 }),
      advertised({ solicited: true, to: 'ff02::1' }),
      spoilt(advertised()),
    ]) {
      expect(peerAfter(packet)).to.equal(peerMac);
    }
    expect(new Cable().answers(asked({ from: '::' }))).to.have.length(0);
    expect(new Cable().answers(asked({ from: '::', to: own6, hardwareAddress: 'none' }))).to.have.length(0);
    expect(new Cable().answers(asked({ from: '::', hardwareAddress: 'none' }))).to.have.length(1);
    expect(new Cable().answers(asked({ target: 'ff02::1' }))).to.have.length(0);
  });

  it('is where it was by ARP, too, unless it asked for this node or was known', () => {
    const ask = (from: string, target: string) => {
      const cable = new Cable();
      cable.arp({ operation: 1, target, from, hardwareAddress: elsewhere });
      return placeOf(cable, from);
    };
    expect(ask('192.0.2.77', own)).to.equal(elsewhere);
    expect(ask('192.0.2.77', '192.0.2.78')).to.equal(undefined);
    expect(ask(peer, '192.0.2.78')).to.equal(elsewhere);
  });
});

describe('the Router flag', () => {
  it('is that of a router for its own addresses, and clear for those of a mobile node (RFC 6275 section 10.4.1)', () => {
    expect(routerFlags(new Cable(), solicitation(own6))).to.deep.equal([true]);
    expect(routerFlags(new Cable({}, { forwarding: false }), solicitation(own6))).to.deep.equal([false]);
    expect(routerFlags(registered(homeAgentOnCable()), solicitation(homeAddress))).to.deep.equal([false]);
  });
});
