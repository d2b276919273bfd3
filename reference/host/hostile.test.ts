/** That nothing which arrives ends a host: frames of every kind, cut, repeated, overlapping and made up, leave it answering. */
import { expect } from 'chai';
import fc from 'fast-check';
import { connection } from '../ikev2/conversation.test-support.ts';
import { etherTypes } from '../wire/ethernet.ts';
import type { IpPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { Cable, echoRequest, own, own6, peer, peer6 } from './cable.test-support.ts';
import { fragmented } from './fragments.ts';
import { ipPacketBetween } from './probes.ts';

const octets = fc.uint8Array({ maxLength: 200 });
const chained = fc.constantFrom(0, 43, 51, 60);
const protocol = fc.oneof(chained, fc.constantFrom(...Object.values(protocols)));
const ends = fc.constantFrom([peer, own] as const, [peer6, own6] as const);

/** A packet for the host with anything in it. */
const anything = fc
  .tuple(ends, protocol, octets)
  .map(([[source, destination], number, payload]) => ipPacketBetween(source, destination, number, payload));

/** Pieces of few packets, so that they meet: offsets near each other and at the far end. */
const piece = fc
  .tuple(ends, protocol, octets, fc.constantFrom(0, 1, 2, 3, 8, 16, 8190, 8191), fc.boolean(), fc.nat(1))
  .map(([[source, destination], number, payload, fragmentOffset, moreFragments, identification]): IpPacket => {
    const packet = ipPacketBetween(source, destination, number, payload);
    const cut = { fragmentOffset, moreFragments, identification };
    return packet.version === 4 ? { ...packet, ...cut } : { ...packet, extensions: [{ type: 'fragment', ...cut }] };
  });

/** Whole ones in pieces, all of them or not. */
const pieces = fc
  .tuple(ends, protocol, fc.uint8Array({ minLength: 100, maxLength: 300 }), fc.boolean(), fc.nat())
  .map(([[source, destination], number, payload, all, seed]) => {
    const cut = fragmented(ipPacketBetween(source, destination, number, payload), 120, 7);
    return all ? cut : cut.filter((_, place) => (seed >> place) & 1);
  });

/** To the ports of IKE and of ESP in UDP. */
const datagram = fc.tuple(ends, fc.constantFrom(500, 4500), octets).map(([[source, destination], port, payload]) => {
  const length = 8 + payload.length;
  const header = [500 >> 8, 500 & 255, port >> 8, port & 255, length >> 8, length & 255, 0, 0];
  return ipPacketBetween(source, destination, protocols.UDP, Uint8Array.from([...header, ...payload]));
});

describe('a host among hostile neighbors', () => {
  it('is ended by nothing that arrives, and answers an echo afterwards', () => {
    const arrivals = fc.array(
      fc.oneof(
        anything.map((one) => [one]),
        piece.map((one) => [one]),
        pieces,
        datagram.map((one) => [one]),
      ),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(arrivals, fc.array(octets, { maxLength: 5 }), (packets, frames) => {
        const cable = new Cable(
          {},
          { ike: [connection('responder', { localAddresses: [own], remoteAddresses: ['any'] })] },
        );
        for (const packet of packets.flat()) cable.receive(packet);
        for (const etherType of [etherTypes.ARP, etherTypes.IPv4, etherTypes.IPv6])
          for (const frame of frames) cable.frame(frame, etherType);
        for (let deadline = cable.host.deadline(); deadline !== undefined; deadline = cable.host.deadline()) {
          cable.host.step(deadline, { kind: 'timeout' });
        }
        cable.arp({ operation: 2, target: own }); // what came may have told it another
        expect(cable.answers(echoRequest(peer, own))).to.have.length(1);
      }),
      { numRuns: 300 },
    );
  });
});
