/** For every rule of the host a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import { etherTypes } from '../wire/ethernet.ts';
import { icmpMessage } from '../wire/icmp.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Message } from '../wire/icmpv6.ts';
import type { ExtensionHeader } from '../wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { unhex } from '../wire/octets.ts';
import { tcpSegment } from '../wire/tcp.ts';
import { encodeUdp, udpDatagram } from '../wire/udp.ts';
import { Cable, echoRequest, own, own6, packetsOf, peer, peer6, saidIn, tcp, udp } from './cable.test-support.ts';
import type { NodeConfiguration } from './configuration.ts';
import { fragmentRules } from './fragment-rules.ts';
import { neighborRules } from './neighbor-rules.ts';
import { ipPacketBetween } from './probes.ts';
import { carried, protectedBy } from './protected-cable.test-support.ts';
import { type HostRules, hostRules, hostSections } from './rules.ts';

const inTunnel = { protocol: 'ESP', mode: 'tunnel' } as const;
const underAh = { protocol: 'AH', mode: 'transport' } as const;

const advertising = {
  interface: 'eth0',
  interval: { least: 100, most: 150 },
  routerLifetime: 30,
  prefixes: [{ prefix: `${own6}/64`, routerAddress: true, validLifetime: 60, preferredLifetime: 30 }],
} as const;

const mobile = {
  interface: 'eth0',
  homeAddress: '2001:db8:9::1/64',
  homeAgent: '2001:db8:9::2',
  signalling: { lifetime: 60, routeOptimization: false },
} as const;

const prefix = {
  type: 'prefixInformation',
  prefixLength: 64,
  onLink: true,
  autonomous: true,
  validLifetime: 60,
  preferredLifetime: 30,
  prefix: '2001:db8:7::',
} as const;

/** A rule, the story of a conversation, the rule broken, and what is seen in it: not the same with the broken one. */
const conversations: readonly {
  readonly rule: keyof HostRules;
  readonly story: string;
  readonly told?: Partial<NodeConfiguration>;
  readonly broken: Partial<HostRules>;
  readonly seen: (cable: Cable) => unknown;
}[] = [
  {
    rule: 'sourceAcceptable',
    story: 'what comes from a group is dropped',
    broken: { sourceAcceptable: () => true },
    seen: (cable) => cable.answers(echoRequest('ff0e::1', own6), echoRequest('224.0.0.9', own)).length,
  },
  {
    rule: 'mayBeForwarded',
    story: 'what comes from nobody, or is of one link at either end, is not forwarded',
    broken: { mayBeForwarded: () => true },
    told: { routes: [{ destination: 'default6', via: peer6, interface: 'eth0' }] },
    seen: (cable) =>
      [
        ['::', '2001:db8:9::1'],
        ['fe80::9', '2001:db8:9::1'],
        [peer6, '::1'],
        ['0.0.0.0', peer],
        [peer, '127.0.0.1'],
        [peer6, '2001:db8:9::1'],
      ].map(([source, destination]) => cable.answers(echoRequest(source!, destination!)).length),
  },
  {
    rule: 'solicitationAcceptable',
    story: 'a solicitation from another link is not answered',
    told: { advertises: [{ ...advertising, interval: { least: 60_000, most: 60_001 } }] },
    broken: { solicitationAcceptable: () => true },
    seen: (cable) => {
      advertised(cable, 0);
      cable.now = 10_000;
      cable.receive(fromLink({ kind: 'routerSolicitation', type: 133, code: 0, options: [] }, 254));
      return cable.host.deadline()! < 20_000;
    },
  },
  {
    rule: 'advertisementAcceptable',
    story: 'a router speaks from its link-local address',
    told: { mobility: { mobileNode: mobile } },
    broken: { advertisementAcceptable: () => true },
    seen: (cable) => {
      cable.receive(
        fromLink({ kind: 'routerAdvertisement', type: 134, code: 0, routerLifetime: 9, options: [prefix] }, 255),
      );
      return cable.host.step(0, { kind: 'timeout' }).length;
    },
  },
  {
    rule: 'advertisedInterval',
    story: 'a short interval is told with 20 ms on top',
    told: { advertises: [advertising] },
    broken: { advertisedInterval: (most) => most },
    seen: (cable) => advertised(cable, 0),
  },
  {
    rule: 'answersSolicitationAt',
    story: 'a solicitation is answered soon',
    told: { advertises: [{ ...advertising, interval: { least: 60_000, most: 60_001 } }] },
    broken: { answersSolicitationAt: () => Infinity },
    seen: (cable) => {
      advertised(cable, 0);
      cable.now = 10_000;
      cable.receive(fromLink({ kind: 'routerSolicitation', type: 133, code: 0, options: [] }, 255));
      return cable.host.deadline()! < 20_000;
    },
  },
  {
    rule: 'destinationIsMine',
    story: 'what is for another address is not delivered',
    broken: { destinationIsMine: () => true },
    seen: (cable) => cable.events(udp(9, { destination: '203.0.113.1' })),
  },
  {
    rule: 'checksumAcceptable',
    story: 'a datagram with a wrong checksum is dropped',
    broken: { checksumAcceptable: () => true },
    seen: (cable) => {
      const octets = encodeUdp(
        { sourcePort: 7, destinationPort: 9, checksum: 1, payload: unhex('2a') },
        { source: peer, destination: own },
      );
      return cable.events(ipPacketBetween(peer, own, protocols.UDP, octets));
    },
  },
  {
    rule: 'echoIsAnswered',
    story: 'an echo request is answered',
    broken: { echoIsAnswered: () => false },
    seen: (cable) => cable.answers(echoRequest(peer, own)),
  },
  {
    rule: 'echoReplySource',
    story: 'the answer comes from the address that was asked, not from the first of the interface',
    broken: { echoReplySource: () => own },
    seen: (cable) => cable.answers(echoRequest(peer, '10.1.0.1')),
  },
  {
    rule: 'closedPortIsReported',
    story: 'a datagram for a closed port is reported',
    broken: { closedPortIsReported: () => false },
    seen: (cable) =>
      [cable.answers(udp(10)), cable.answers(udp(10, { source: peer6, destination: own6 }))].map(unreachablePort),
  },
  {
    rule: 'closedPortIsReset',
    story: 'a connection to a closed port is reset',
    broken: { closedPortIsReset: () => false },
    seen: (cable) => cable.answers(tcp(10, { syn: true })).map(({ payload }) => tcpSegment.decode(payload).value.rst),
  },
  {
    rule: 'errorMayBeSent',
    story: 'an error is never sent about an error',
    broken: { errorMayBeSent: () => true },
    seen: (cable) => {
      const about = icmpMessage.encode({
        kind: 'timeExceeded',
        type: 11,
        code: 0,
        originalDatagram: new Uint8Array(28),
      });
      return cable.answers({
        ...ipPacketBetween(peer, '203.0.113.1', protocols.ICMP, about),
        timeToLive: 1,
      } as IpPacket);
    },
  },
  {
    rule: 'unreadableHeaderIsReported',
    story: 'the sender of an option that ends beyond its header is told where its length stands',
    broken: { unreadableHeaderIsReported: () => false },
    seen: (cable) => {
      const octets = ipPacket.encode(reportedOption()).with(43, 5);
      return saidIn(packetsOf(cable.frame(octets, etherTypes.IPv6)));
    },
  },
  {
    rule: 'hopsLeft',
    story: 'a packet at its last hop is not forwarded',
    broken: { hopsLeft: (hops) => hops },
    seen: (cable) =>
      cable.answers({ ...echoRequest(peer, '203.0.113.1'), timeToLive: 1 } as IpPacket).map(({ source }) => source),
  },
  {
    rule: 'echoReplyTrafficClass',
    story: 'a reply is of the class of its request',
    broken: { echoReplyTrafficClass: () => ({ dscp: 0, ecn: 0 }) },
    seen: (cable) =>
      cable.answers({ ...echoRequest(peer, own), dscp: 10, ecn: 2 }).map(({ dscp, ecn }) => ({ dscp, ecn })),
  },
  {
    rule: 'behindAuthenticationWaits',
    story: 'an option behind AH is not reported to whoever forged it',
    told: protectedBy(underAh),
    broken: { behindAuthenticationWaits: () => false },
    seen: (cable) => {
      const { payload, ...forged } = carried(reportedOption(), underAh);
      return cable.answers({ ...forged, payload: payload.with(-1, payload.at(-1)! ^ 1) }).length;
    },
  },
  {
    rule: 'readsBehindIpsec',
    story: 'an option in a tunnel is reported',
    told: protectedBy(inTunnel),
    broken: { readsBehindIpsec: () => false },
    seen: (cable) => cable.answers(carried(reportedOption(), inTunnel)).map(({ payload }) => payload[0]),
  },
  {
    rule: 'nextHeaderRecognized',
    story: 'what nobody here reads is reported, by the place where it is announced',
    broken: { nextHeaderRecognized: () => true },
    seen: (cable) => {
      const header = { type: 'destinationOptions', options: [{ type: 'padN', data: new Uint8Array(4) }] } as const;
      return [[], [header], [header, header]].map((extensions) => problems(cable, extensions, 132));
    },
  },
  {
    rule: 'hopByHopPlaceAcceptable',
    story: 'hop-by-hop options behind other options are nothing that is known',
    broken: { hopByHopPlaceAcceptable: () => true },
    seen: (cable) => {
      const options = [{ type: 'padN', data: new Uint8Array(4) }] as const;
      const extensions = [{ type: 'destinationOptions', options } as const, { type: 'hopByHop', options } as const];
      return cable
        .answers({ ...(echoRequest(peer6, own6) as Ipv6Packet), extensions })
        .map(({ payload }) => payload[0]);
    },
  },
  {
    rule: 'unrecognizedOption',
    story: 'an option whose type asks for it is reported, where it stands, and the packet dropped',
    broken: { unrecognizedOption: () => 'skip' },
    seen: (cable) => {
      const option = { type: 'option', optionType: 0x9e, data: new Uint8Array(4) } as const;
      return problems(cable, [{ type: 'destinationOptions', options: [option] }]);
    },
  },
  {
    rule: 'routingTypePassedOver',
    story: 'a routing header of type 0 with a segment left is reported',
    broken: { routingTypePassedOver: () => true },
    seen: (cable) => problems(cable, [{ type: 'routing', routingType: 0, segmentsLeft: 1, addresses: [peer6] }]),
  },
];

/** What is answered to an echo with these headers: the kind, and of a Parameter Problem code and pointer. */
function problems(cable: Cable, extensions: readonly ExtensionHeader[], protocol?: number): readonly unknown[] {
  const request = { ...echoRequest(peer6, own6), extensions, ...(protocol && { protocol }) } as IpPacket;
  return saidIn(cable.answers(request));
}

function unreachablePort(answers: readonly IpPacket[]): boolean {
  return answers.some(({ version, payload }) => {
    const message = version === 4 ? icmpMessage.decode(payload).value : icmpv6Message.decode(payload).value;
    return message.kind === 'destinationUnreachable' && message.code === (version === 4 ? 3 : 4);
  });
}

/** The intervals that are told when the host's time has come. */
function advertised(cable: Cable, now: number): readonly unknown[] {
  return packetsOf(cable.host.step(now, { kind: 'timeout' })).flatMap((packet) => {
    const message = icmpv6Message.decode(packet.payload).value;
    if (message.kind !== 'routerAdvertisement') return [];
    return message.options.flatMap((option) =>
      option.type === 'advertisementInterval' ? [option.advertisementInterval] : [],
    );
  });
}

function reportedOption(): Ipv6Packet {
  const option = { type: 'option', optionType: 0x9e, data: new Uint8Array(4) } as const;
  const extensions = [{ type: 'destinationOptions', options: [option] }] as const;
  return { ...(echoRequest(peer6, own6) as Ipv6Packet), extensions };
}

function fromLink(message: Icmpv6Message, hopLimit: number): IpPacket {
  const [source, destination] = [peer6, 'ff02::1'];
  const payload = encodeIcmpv6(message, { source, destination });
  return { ...ipPacketBetween(source, destination, protocols['IPv6-ICMP'], payload), hopLimit } as IpPacket;
}

describe('rules of the host', () => {
  for (const { rule, story, told = {}, broken, seen } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(new Cable(broken, told))).to.not.deep.equal(seen(new Cable({}, told)));
    });
  }

  it('every rule has its conversation and its section', () => {
    const told = new Set(conversations.map(({ rule }) => rule));
    const others = Object.keys(hostRules).filter((rule) => !(rule in neighborRules || rule in fragmentRules));
    expect(others.filter((rule) => !told.has(rule as keyof HostRules))).to.deep.equal([]);
    expect(Object.keys(hostSections).sort()).to.deep.equal(Object.keys(hostRules).sort());
  });

  it('a Parameter Problem names code and place', () => {
    const seen = (rule: keyof HostRules) => conversations.find((each) => each.rule === rule)!.seen(new Cable());
    expect(seen('unrecognizedOption')).to.deep.equal([[2, 42]]);
    expect(seen('routingTypePassedOver')).to.deep.equal([[0, 42]]);
    expect(seen('unreadableHeaderIsReported')).to.deep.equal([[0, 43]]);
  });

  it('a closed port is unreachable in both families', () => {
    const cable = new Cable();
    expect(udpDatagram.decode(udp(10).payload).value.destinationPort).to.equal(10);
    expect(conversations.find(({ rule }) => rule === 'closedPortIsReported')!.seen(cable)).to.deep.equal([true, true]);
  });
});
