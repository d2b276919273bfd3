/** One host and a bare cable: what it answers, and for every rule of the host a conversation that turns when the rule is broken. */
import { expect } from 'chai';
import { arpOperations, arpPacket } from '../wire/arp.ts';
import { encodeEcho } from '../wire/echo.ts';
import { broadcast, ethernetFrame, etherTypes } from '../wire/ethernet.ts';
import { icmpMessage } from '../wire/icmp.ts';
import { encodeIcmpv6, icmpv6Message } from '../wire/icmpv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { unhex } from '../wire/octets.ts';
import { encodeTcp, tcpSegment } from '../wire/tcp.ts';
import { encodeUdp, udpDatagram } from '../wire/udp.ts';
import type { NodeConfiguration } from './configuration.ts';
import { fragmented } from './fragments.ts';
import { Host, nodeRules } from './host.ts';
import type { HostEffect, HostEvent } from './interface.ts';
import { hardwareAddressOf } from './interfaces.ts';
import { ipPacketBetween, udpPacket } from './probes.ts';
import { type HostRules, hostRules, hostSections } from './rules.ts';

const own = '192.0.2.1';
const own6 = '2001:db8:1::1';
const peer = '192.0.2.2';
const peer6 = '2001:db8:1::2';
const peerMac = '02:00:00:00:00:99';
const ownMac = hardwareAddressOf('host', 'eth0');

const configuration: NodeConfiguration = {
  name: 'host',
  interfaces: [
    { name: 'eth0', link: 'home', addresses: [`${own}/24`, `${own6}/64`] },
    { name: 'eth1', link: 'away', addresses: ['198.51.100.1/24'] },
  ],
  innerAddresses: ['10.1.0.1/24'],
  routes: [{ destination: 'default4', via: peer, interface: 'eth0' }],
  forwarding: true,
  sinks: [
    { protocol: 'udp', port: 9 },
    { protocol: 'tcp', port: 9 },
  ],
  spd: [],
  manual: [],
  ike: [],
};

/** A host that knows its peer, with rules replaced. */
class Cable {
  readonly host: Host;
  now = 0;

  constructor(broken: Partial<HostRules> = {}) {
    let counter = 0;
    const env = { octets: (_: string, length: number) => new Uint8Array(length).fill(++counter) };
    this.host = new Host({ configuration, env, rules: { ...nodeRules, host: { ...hostRules, ...broken } } });
    this.arp({ operation: arpOperations.REPLY, target: own });
    this.host.step(0, { kind: 'frame', interface: 'eth0', octets: advertisement() });
  }

  arp({ operation, target }: { operation: number; target: string }): HostEffect[] {
    const payload = arpPacket.encode({
      operation,
      senderHardwareAddress: peerMac,
      senderProtocolAddress: peer,
      targetHardwareAddress: '00:00:00:00:00:00',
      targetProtocolAddress: target,
    });
    return this.frame(payload, etherTypes.ARP, broadcast);
  }

  frame(payload: Uint8Array, etherType: number, destination: string = ownMac): HostEffect[] {
    const octets = ethernetFrame.encode({ destination, source: peerMac, etherType, payload });
    return this.host.step(this.now, { kind: 'frame', interface: 'eth0', octets });
  }

  /** Packets that leave when these arrive. */
  answers(...packets: IpPacket[]): IpPacket[] {
    return packets.flatMap((packet) => packetsOf(this.receive(packet)));
  }

  events(...packets: IpPacket[]): HostEvent[] {
    const effects = packets.flatMap((packet) => this.receive(packet));
    return effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event] : []));
  }

  receive(packet: IpPacket): HostEffect[] {
    return this.frame(ipPacket.encode(packet), packet.version === 4 ? etherTypes.IPv4 : etherTypes.IPv6);
  }
}

function packetsOf(effects: readonly HostEffect[]): IpPacket[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'frame') return [];
    const { etherType, payload } = ethernetFrame.decode(effect.octets).value;
    return etherType === etherTypes.ARP ? [] : [ipPacket.decode(payload).value];
  });
}

function advertisement(): Uint8Array {
  const message = encodeIcmpv6(
    {
      kind: 'neighborAdvertisement',
      type: 136,
      code: 0,
      solicited: true,
      targetAddress: peer6,
      options: [{ type: 'targetLinkLayerAddress', linkLayerAddress: peerMac }],
    },
    { source: peer6, destination: own6 },
  );
  const packet = { ...ipPacketBetween(peer6, own6, protocols['IPv6-ICMP'], message), hopLimit: 255 };
  return ethernetFrame.encode({
    destination: ownMac,
    source: peerMac,
    etherType: etherTypes.IPv6,
    payload: ipPacket.encode(packet),
  });
}

function echoRequest(source: string, destination: string, data = new Uint8Array(8)): IpPacket {
  const version = source.includes(':') ? 6 : 4;
  const { protocol, payload } = encodeEcho(
    { kind: 'request', identifier: 1, sequence: 2, data },
    { version, source, destination },
  );
  return ipPacketBetween(source, destination, protocol, payload);
}

function udp(destinationPort: number, { source = peer, destination = own } = {}): IpPacket {
  return udpPacket(source, destination, { sourcePort: 7, destinationPort, payload: unhex('2a') });
}

function tcp(
  destinationPort: number,
  flags: { syn?: true; ack?: true; rst?: true; fin?: true },
  acknowledgmentNumber = 0,
): IpPacket {
  const segment = {
    sourcePort: 7,
    destinationPort,
    sequenceNumber: 100,
    acknowledgmentNumber,
    payload: new Uint8Array(0),
    ...flags,
  };
  return ipPacketBetween(peer, own, protocols.TCP, encodeTcp(segment, { source: peer, destination: own }));
}

describe('a host', () => {
  it('answers ARP for its own addresses only', () => {
    const cable = new Cable();
    expect(cable.arp({ operation: arpOperations.REQUEST, target: own })).to.have.length(1);
    expect(cable.arp({ operation: arpOperations.REQUEST, target: '192.0.2.77' })).to.have.length(0);
  });

  it('asks three times for a neighbor, a second apart, and lets its packet go', () => {
    const { host } = new Cable();
    const command = {
      kind: 'echo',
      from: own,
      to: '192.0.2.77',
      identifier: 1,
      sequence: 1,
      payload: new Uint8Array(0),
    } as const;
    const asked = host.step(0, { kind: 'command', command }).length;
    const deadlines = [];
    let frames = asked;
    for (let deadline = host.deadline(); deadline !== undefined; deadline = host.deadline()) {
      deadlines.push(deadline);
      frames += host.step(deadline, { kind: 'timeout' }).filter(({ kind }) => kind === 'frame').length;
    }
    expect({ frames, deadlines }).to.deep.equal({ frames: 3, deadlines: [1000, 2000, 3000] });
  });

  for (const [source, destination] of [
    [peer, own],
    [peer6, own6],
  ] as const) {
    it(`answers an echo to ${destination}, and puts a long one together and apart again`, () => {
      const cable = new Cable();
      expect(cable.answers(echoRequest(source, destination))).to.have.length(1);
      const long = echoRequest(source, destination, new Uint8Array(4000).fill(7));
      const pieces = fragmented(long, 1500, 9);
      expect(pieces).to.have.length(3);
      const answer = cable.answers(...[...pieces].reverse());
      expect(answer).to.have.length(3);
      expect(answer.map((piece) => ipPacket.encode(piece).length <= 1500)).to.deep.equal([true, true, true]);
      const whole = new Cable();
      expect(whole.events(...answer.map((piece) => ({ ...piece, source: destination, destination }))).length).to.equal(
        1,
      );
    });
  }

  it('reports what reaches a sink: a datagram, and a connection once it is open', () => {
    const cable = new Cable();
    expect(cable.events(udp(9))).to.deep.include.members([
      {
        kind: 'delivered',
        protocol: 'udp',
        source: peer,
        destination: own,
        sourcePort: 7,
        destinationPort: 9,
        payload: unhex('2a'),
      },
    ]);
    const [answer] = cable.answers(tcp(9, { syn: true }));
    expect(tcpSegment.decode(answer!.payload).value).to.include({ syn: true, ack: true, acknowledgmentNumber: 101 });
    expect(cable.events(tcp(9, { ack: true }, 1)).map(({ kind }) => kind)).to.deep.equal(['delivered']);
    expect(cable.events(tcp(9, { ack: true }, 1))).to.deep.equal([]);
    expect(cable.host.state().delivered.map(({ protocol }) => protocol)).to.deep.equal(['udp', 'tcp']);
  });

  it('says what answered its own SYN', () => {
    const cable = new Cable();
    const command = { kind: 'tcp-syn', from: own, to: peer, sourcePort: 9, destinationPort: 7 } as const;
    cable.host.step(0, { kind: 'command', command });
    const effects = cable.receive(tcp(9, { syn: true, ack: true }, 5));
    expect(effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event] : []))).to.deep.equal([
      { kind: 'tcp-answer', source: peer, destination: own, sourcePort: 7, destinationPort: 9, flags: 'SYN-ACK' },
    ]);
    const flags = packetsOf(effects).map(({ payload }) => tcpSegment.decode(payload).value);
    expect(flags.map(({ ack, fin }) => [ack, fin])).to.deep.equal([
      [true, false],
      [true, true],
    ]);
    expect(cable.answers(tcp(9, { ack: true }, 6))).to.deep.equal([]);
    expect(cable.answers(tcp(9, { fin: true, ack: true }, 6))).to.have.length(1);
  });

  it('resets a connection that the peer has left over, and asks again', () => {
    const cable = new Cable();
    const command = { kind: 'tcp-syn', from: own, to: peer, sourcePort: 9, destinationPort: 7 } as const;
    const [first] = packetsOf(cable.host.step(0, { kind: 'command', command }));
    const [reset, again] = cable.answers(tcp(9, { ack: true }, 77));
    expect(tcpSegment.decode(reset!.payload).value).to.include({ rst: true, sequenceNumber: 77 });
    expect(again!.payload).to.deep.equal(first!.payload);
  });

  it('ends a connection when its peer does', () => {
    const cable = new Cable();
    cable.answers(tcp(9, { syn: true }), tcp(9, { ack: true }, 1));
    const [end] = cable.answers(tcp(9, { fin: true, ack: true }, 1));
    expect(tcpSegment.decode(end!.payload).value).to.include({ fin: true, ack: true, acknowledgmentNumber: 101 });
    expect(cable.answers(tcp(9, { ack: true }, 2))).to.deep.equal([]);
  });

  it('forwards, and says why it cannot', () => {
    const cable = new Cable();
    const further = { ...echoRequest(peer, '203.0.113.1'), timeToLive: 9 } as IpPacket;
    expect(cable.answers(further)[0]).to.include({ timeToLive: 8, destination: '203.0.113.1' });
    const tooLong = { ...echoRequest(peer, '203.0.113.1', new Uint8Array(1600)), dontFragment: true } as IpPacket;
    const [error] = cable.answers(tooLong);
    expect(icmpMessage.decode(error!.payload).value).to.include({
      kind: 'destinationUnreachable',
      code: 4,
      nextHopMtu: 1500,
    });
  });

  it('is not disturbed by octets that are nothing', () => {
    const cable = new Cable();
    for (const etherType of Object.values(etherTypes)) {
      for (let length = 0; length < 60; length++) {
        expect(() => cable.frame(new Uint8Array(length).fill(0x45), etherType)).to.not.throw();
        expect(() => cable.frame(new Uint8Array(length).fill(0x60), etherType)).to.not.throw();
      }
    }
    for (let length = 0; length < 14; length++) {
      const octets = new Uint8Array(length);
      expect(cable.host.step(0, { kind: 'frame', interface: 'eth0', octets })).to.deep.equal([]);
    }
  });
});

/** A rule, the story of a conversation, the rule broken, and what is seen in it: not the same with the broken one. */
const conversations: readonly {
  readonly rule: keyof HostRules;
  readonly story: string;
  readonly broken: Partial<HostRules>;
  readonly seen: (cable: Cable) => unknown;
}[] = [
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
    rule: 'overlapSpoils',
    story: 'pieces that overlap make no packet',
    broken: { overlapSpoils: () => false },
    seen: (cable) => {
      const pieces = fragmented(echoRequest(peer, own, new Uint8Array(2000)), 1500, 9);
      return cable.answers(pieces[0]!, pieces[0]!, pieces[1]!).length;
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
    rule: 'reassembles',
    story: 'what comes in pieces is answered whole',
    broken: { reassembles: () => false },
    seen: (cable) => cable.answers(...fragmented(echoRequest(peer, own, new Uint8Array(64).fill(7)), 60, 1)).length,
  },
  {
    rule: 'mayBeCut',
    story: 'a long answer leaves in pieces',
    broken: { mayBeCut: () => false },
    seen: (cable) => cable.answers(echoRequest(peer, own, new Uint8Array(1600))).length,
  },
];

function unreachablePort(answers: readonly IpPacket[]): boolean {
  return answers.some(({ version, payload }) => {
    const message = version === 4 ? icmpMessage.decode(payload).value : icmpv6Message.decode(payload).value;
    return message.kind === 'destinationUnreachable' && message.code === (version === 4 ? 3 : 4);
  });
}

describe('rules of the host', () => {
  for (const { rule, story, broken, seen } of conversations) {
    it(`rule ${rule}: ${story}`, () => {
      expect(seen(new Cable(broken))).to.not.deep.equal(seen(new Cable()));
    });
  }

  it('every rule has its conversation and its section', () => {
    const told = new Set(conversations.map(({ rule }) => rule));
    expect(Object.keys(hostRules).filter((rule) => !told.has(rule as keyof HostRules))).to.deep.equal([]);
    expect(Object.keys(hostSections).sort()).to.deep.equal(Object.keys(hostRules).sort());
  });

  it('a closed port is unreachable in both families', () => {
    const cable = new Cable();
    expect(udpDatagram.decode(udp(10).payload).value.destinationPort).to.equal(10);
    expect(conversations.find(({ rule }) => rule === 'closedPortIsReported')!.seen(cable)).to.deep.equal([true, true]);
  });
});
