import { expect } from 'chai';
import { checksumIsRight } from '../wire/echo.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { readU16 } from '../wire/octets.ts';
import { udpPacket } from './probes.ts';
import { translated } from './translation.ts';

const [inside, outside, other] = ['10.0.0.2', '192.0.2.3', '192.0.2.1'];
const translations = [{ inside, outside }];
const datagram = (source: string, destination: string): IpPacket => {
  const ports = { sourcePort: 40_000, destinationPort: 7 };
  return udpPacket(source, destination, { ...ports, payload: Uint8Array.of(1, 2, 3) });
};

describe('a translator of addresses', () => {
  it('gives what comes from inside its outside address, and UDP the checksum of that', () => {
    const packet = translated(datagram(inside, other), translations);
    expect([packet.source, packet.destination]).to.deep.equal([outside, other]);
    expect(checksumIsRight(packet)).to.equal(true);
    expect(packet).to.deep.include({ payload: datagram(outside, other).payload });
  });

  it('gives what comes to its outside address the inside one', () => {
    const packet = translated(datagram(other, outside), translations);
    expect([packet.source, packet.destination]).to.deep.equal([other, inside]);
    expect(checksumIsRight(packet)).to.equal(true);
  });

  it('leaves a checksum alone that is none', () => {
    const packet = datagram(inside, other);
    const payload = packet.payload.slice().fill(0, 6, 8);
    expect(readU16(translated({ ...packet, payload }, translations).payload, 6)).to.equal(0);
  });

  it('leaves what ESP protects as it is', () => {
    const packet = { ...datagram(inside, other), protocol: protocols.ESP };
    expect(translated(packet, translations)).to.deep.include({ source: outside, payload: packet.payload });
  });

  it('leaves a segment alone that is too short for its checksum', () => {
    const packet = { ...datagram(inside, other), protocol: protocols.TCP, payload: new Uint8Array(10) };
    expect(translated(packet, translations).payload).to.have.lengthOf(10);
  });

  it('leaves all others alone', () => {
    const packet = datagram(other, '192.0.2.9');
    expect(translated(packet, translations)).to.equal(packet);
  });
});
