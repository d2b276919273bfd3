/** For every rule about the size and the errors of tunnels (RFC 2473 sections 7.1 and 8) a conversation with a home agent that turns when it is broken. */
import { expect } from 'chai';
import { type Cable, echoRequest } from '../host/cable.test-support.ts';
import { type Icmpv6Message, icmpv6Message } from '../wire/icmpv6.ts';
import { type DestinationOptions, optionTypes } from '../wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import {
  careOfAddress,
  homeAddress,
  homeAgentOnCable,
  neighbor,
  onLink,
  otherCareOfAddress,
  own6,
  registered,
} from './home-agent.test-support.ts';
import { encapsulated } from './tunnel.ts';
import { type TunnelRules, tunnelSections } from './tunnel-rules.ts';

const router = '2001:db8:2::fe';
const original = (octets = 8): Ipv6Packet => echoRequest(neighbor, homeAddress, new Uint8Array(octets)) as Ipv6Packet;
const tunnelled = (octets?: number, destination = careOfAddress): Ipv6Packet =>
  encapsulated(original(octets), { source: own6, destination });

type Quoting = Extract<Icmpv6Message, { originalPacket: Uint8Array }>;
type Without<Message> = Message extends Quoting ? Omit<Message, 'originalPacket'> : never;

function about(packet: Ipv6Packet, says: Without<Quoting>, quoted = 1_232): IpPacket {
  const originalPacket = ipPacket.encode(packet).subarray(0, quoted);
  return onLink(router, own6, { ...says, originalPacket } as Icmpv6Message);
}

const unreachable = { kind: 'destinationUnreachable', type: 1, code: 0 } as const;
const hopsExceeded = { kind: 'timeExceeded', type: 3, code: 0 } as const;
const tooBig = { kind: 'packetTooBig', type: 2, code: 0, mtu: 1_400 } as const;
const problem = (pointer: number) => ({ kind: 'parameterProblem', type: 4, code: 0, pointer }) as const;

/** A Tunnel Encapsulation Limit whose value is the 45th octet of the packet. */
const limit: DestinationOptions = {
  type: 'destinationOptions',
  options: [{ type: 'option', optionType: optionTypes['Tunnel Encapsulation Limit'], data: Uint8Array.of(0) }],
};

/** What the source of the original is told, in what words. */
function told(cable: Cable, ...packets: readonly IpPacket[]): readonly unknown[] {
  return cable.answers(...packets).flatMap(({ source, destination, protocol, payload }) => {
    if (protocol !== protocols['IPv6-ICMP'] || destination !== neighbor) return [];
    const message = icmpv6Message.decode(payload).value;
    if (!('originalPacket' in message)) return [];
    const quoted = ipPacket.decode(message.originalPacket).value;
    return [[message.type, message.code, 'mtu' in message && message.mtu, source, quoted.source, quoted.destination]];
  });
}

const conversations: readonly {
  readonly rule: keyof TunnelRules;
  readonly story: string;
  readonly broken: Partial<TunnelRules>;
  readonly seen: (cable: Cable) => unknown;
}[] = [
  {
    rule: 'tunnelTakes',
    story: 'who sends more than the tunnel carries is told how much that is',
    broken: { tunnelTakes: () => true },
    seen: (cable) => told(cable, original(1_413)),
  },
  {
    rule: 'tunnelIsOurs',
    story: 'an error about a tunnel that does not exist is not relayed',
    broken: { tunnelIsOurs: () => true },
    seen: (cable) => told(cable, about(tunnelled(8, otherCareOfAddress), unreachable)),
  },
  {
    rule: 'tunnelErrorRelayed',
    story: 'a tunnel that leads nowhere makes the home address unreachable',
    broken: { tunnelErrorRelayed: () => undefined },
    seen: (cable) => told(cable, about(tunnelled(), unreachable)),
  },
];

describe('rules about tunnels', () => {
  for (const { rule, story, broken, seen } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(registered(homeAgentOnCable({ broken })))).to.not.deep.equal(seen(registered(homeAgentOnCable())));
    });
  }

  it('every rule has its conversation', () => {
    expect(conversations.map(({ rule }) => rule).sort()).to.deep.equal(Object.keys(tunnelSections).sort());
  });
});

describe('an error about a tunnel', () => {
  const relayed = (...packets: readonly IpPacket[]) => told(registered(homeAgentOnCable()), ...packets);
  const isUnreachable = [[1, 3, false, own6, neighbor, homeAddress]];

  it('is relayed to the source of the original as one about the address', () => {
    expect(relayed(about(tunnelled(), unreachable))).to.deep.equal(isUnreachable);
    expect(relayed(about(tunnelled(), hopsExceeded))).to.deep.equal(isUnreachable);
    expect(relayed(about(tunnelled(600), unreachable, 100))).to.deep.equal(isUnreachable);
  });

  it('is relayed of a Parameter Problem only where that is about the encapsulation limit', () => {
    const withLimit = { ...tunnelled(), extensions: [limit] };
    expect(relayed(about(withLimit, problem(44)))).to.deep.equal(isUnreachable);
    expect(relayed(about(withLimit, problem(6)))).to.deep.equal([]);
    expect(relayed(about(tunnelled(), problem(0xffff_ffff)))).to.deep.equal([]);
  });

  it('says how long the original may be, where it is longer than every link carries', () => {
    expect(relayed(about(tunnelled(1_300), tooBig))).to.deep.equal([[2, 0, 1_360, own6, neighbor, homeAddress]]);
    expect(relayed(about(tunnelled(1_300), { ...tooBig, mtu: 68 }))[0]).to.include(1_280);
    expect(relayed(about(tunnelled(1_200), tooBig))).to.deep.equal([]);
  });

  it('is not relayed about an error, about what is no packet, or with a wrong checksum', () => {
    const error = about(original(), unreachable) as Ipv6Packet;
    const ends = { source: own6, destination: careOfAddress };
    expect(relayed(about(encapsulated({ ...error, destination: homeAddress }, ends), unreachable))).to.deep.equal([]);
    expect(relayed(about(tunnelled(), unreachable, 60))).to.deep.equal([]);
    const spoilt = about(tunnelled(), unreachable);
    expect(relayed({ ...spoilt, payload: spoilt.payload.with(-1, 0xee) } as IpPacket)).to.deep.equal([]);
  });

  it('is not needed where every link carries the original: the tunnel packet is cut', () => {
    const cable = registered(homeAgentOnCable());
    expect(told(cable, original(1_412))).to.deep.equal([]);
    expect(told(cable, original(1_413))).to.deep.equal([[2, 0, 1_460, own6, neighbor, homeAddress]]);
  });
});
