/** What a quotation shows: that a packet was sent, whole or cut, and that it was not, however like it is. */
import { expect } from 'chai';
import { own6, peer6 } from '../host/cable.test-support.ts';
import { fragmented } from '../host/fragments.ts';
import { ipPacketBetween } from '../host/probes.ts';
import { withRoutingHeader } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { mobilityBounds } from './bounds.ts';
import { SentPackets } from './sent-packets.ts';

const packet = (first: number, length = 1_300): Ipv6Packet => {
  const payload = new Uint8Array(length).fill(7);
  payload[0] = first;
  return withRoutingHeader(ipPacketBetween(own6, peer6, 17, payload) as Ipv6Packet, '2001:db8:2::9');
};

const remembering = (...packets: readonly Ipv6Packet[]): SentPackets => {
  const sent = new SentPackets();
  for (const each of packets) sent.left(each);
  return sent;
};

describe('packets that were sent', () => {
  it('are known by what an error quotes of them, each once', () => {
    const sent = remembering(packet(1), packet(2));
    const quoted = ipPacket.encode({ ...packet(1), hopLimit: 3, dscp: 8 }).subarray(0, 200);
    expect([sent.takes(quoted), sent.takes(quoted)]).to.deep.equal([true, false]);
    expect(sent.takes(ipPacket.encode(packet(2)))).to.equal(true);
  });

  it('are known by their first piece, and by no later one', () => {
    const [first, second] = fragmented(packet(1), 1_280, 9).map((piece) => ipPacket.encode(piece));
    expect(remembering(packet(1)).takes(second!)).to.equal(false);
    expect(remembering(packet(1)).takes(first!)).to.equal(true);
  });

  it('are not what has another header, another beginning or none of the payload', () => {
    const { extensions: _none, ...rest } = packet(1);
    const others = [
      packet(3),
      { ...rest, extensions: [] },
      { ...packet(1), destination: own6 },
      { ...packet(1), protocol: 6 },
    ];
    for (const other of others) expect(remembering(packet(1)).takes(ipPacket.encode(other))).to.equal(false);
    const headers = ipPacket.encode(packet(1)).length - packet(1).payload.length;
    expect(remembering(packet(1)).takes(ipPacket.encode(packet(1)).subarray(0, headers + 7))).to.equal(false);
    expect(remembering(packet(1)).takes(new Uint8Array(3))).to.equal(false);
  });

  it('are no more than a bound', () => {
    const many = Array.from({ length: mobilityBounds.packetsRemembered + 1 }, (_, first) => packet(first));
    const sent = remembering(...many);
    expect([sent.takes(ipPacket.encode(many[0]!)), sent.takes(ipPacket.encode(many[1]!))]).to.deep.equal([false, true]);
  });
});
