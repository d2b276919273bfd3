/** One host and a bare cable: what it answers. */
import { expect } from 'chai';
import { arpOperations } from '../wire/arp.ts';
import { etherTypes } from '../wire/ethernet.ts';
import { icmpMessage } from '../wire/icmp.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { hex, unhex } from '../wire/octets.ts';
import { tcpSegment } from '../wire/tcp.ts';
import {
  Cable,
  configuration,
  echoRequest,
  own,
  own6,
  packetsOf,
  peer,
  peer6,
  tcp,
  udp,
} from './cable.test-support.ts';
import { fragmented } from './fragments.ts';

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

  it('tells the sender of a long packet what the narrow link ahead takes, unless it may be cut', () => {
    const [first, second] = configuration.interfaces;
    const interfaces = [first!, { ...second!, addresses: ['198.51.100.1/24', '2001:db8:2::1/64'], mtu: 1_400 }];
    const told = (source: string, destination: string, header: object = {}) => {
      const long = { ...echoRequest(source, destination, new Uint8Array(1_400)), ...header } as IpPacket;
      return new Cable({}, { interfaces })
        .answers(long)
        .map(({ payload }) => hex(payload.subarray(0, 2)) + hex(payload.subarray(4, 8)));
    };
    expect(told(peer, '198.51.100.2', { dontFragment: true })).to.deep.equal(['030400000578']);
    expect(told(peer6, '2001:db8:2::2')).to.deep.equal(['020000000578']);
    expect(told(peer, '198.51.100.2')).to.deep.equal([]);
  });

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
