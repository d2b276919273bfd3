/** What packets make a host and its IPsec do: pieces, neighbors, connections, datagrams, errors, nesting, forgeries. */

import { Cable, echoRequest, own, ownMac, peer, peerMac, tcp, udp } from '../../reference/host/cable.test-support.ts';
import { ipPacketBetween } from '../../reference/host/probes.ts';
import { TwoNodes } from '../../reference/ipsec/two-nodes.test-support.ts';
import { arpOperations, arpPacket } from '../../reference/wire/arp.ts';
import { ethernetFrame, etherTypes } from '../../reference/wire/ethernet.ts';
import { dissectFrame } from '../../reference/wire/frame.ts';
import { type IpPacket, ipPacket } from '../../reference/wire/ip/packet.ts';
import { protocols } from '../../reference/wire/ip/protocols.ts';
import { type HostileRow, inProportion, within } from './row.ts';

export const packetRows: readonly HostileRow[] = [
  within('pieces too short to be any', '8,192 of one octet', 500, () =>
    receiving(Array.from({ length: 8192 }, (_, at) => piece(1, at, 1))),
  ),
  inProportion('pieces of one packet, from its end', [1000, 8000], 'of eight octets', (size) =>
    receiving(Array.from({ length: size }, (_, i) => piece(1, size - 1 - i, 8, i > 0))),
  ),
  inProportion('pieces of a packet that is spoiled', [2000, 20_000], 'the same', (size) =>
    receiving(Array(size).fill(piece(1, 0, 1480))),
  ),
  inProportion('packets of which one piece comes', [1000, 10_000], 'of 1,480 octets', (size) =>
    receiving(Array.from({ length: size }, (_, i) => piece(i, 1, 1480))),
  ),
  inProportion('neighbors that introduce themselves', [1000, 10_000], 'by ARP', (size) => {
    const cable = new Cable();
    const frames = Array.from({ length: size }, (_, i) =>
      introduction(`172.${16 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`),
    );
    return () => frames.map((octets) => cable.host.step(0, { kind: 'frame', interface: 'eth0', octets }));
  }),
  inProportion('echo requests from addresses of nobody', [1000, 10_000], 'of 200 addresses', (size) =>
    receiving(Array.from({ length: size }, (_, i) => echoRequest(`192.0.2.${20 + (i % 200)}`, own))),
  ),
  inProportion('connections begun and left', [1000, 10_000], 'SYNs', (size) =>
    receiving(Array.from({ length: size }, (_, i) => fromPort(tcp(9, { syn: true }), i))),
  ),
  inProportion('datagrams to a sink', [2000, 20_000], 'datagrams', (size) => receiving(Array(size).fill(udp(9)))),
  inProportion('datagrams to a closed port', [1000, 10_000], 'datagrams', (size) =>
    receiving(Array(size).fill(udp(10))),
  ),
  within('ESP inside ESP', '28 SAs in one packet', 20, () => {
    const anything = { local: '0.0.0.0/0', remote: '0.0.0.0/0' };
    const nodes = new TwoNodes({ selector: anything, sa: { selector: anything } });
    let packet = nodes.packet();
    for (let layer = 0; layer < 28; layer++) packet = nodes.sealed({ packet });
    return () => nodes.nut.inbound(0, packet);
  }),
  within('forgeries under extended sequence numbers', '1,000 packets', 1000, () => {
    const nodes = new TwoNodes({ sa: { extendedSequenceNumbers: true } });
    const forged = nodes.sealed({ afterSealing: { apply: (octets) => octets.with(-1, octets.at(-1)! ^ 1) } });
    return () => Array.from({ length: 1000 }, () => nodes.nut.inbound(0, forged));
  }),
  within('a frame of packets inside packets, dissected', '3,200 IPv4 headers', 20, () => {
    let packet = ipPacket.encode(ipPacketBetween(peer, own, protocols.UDP, new Uint8Array(8)));
    while (packet.length < 64_000) packet = ipPacket.encode(ipPacketBetween(peer, own, protocols.IPv4, packet));
    const frame = ethernetFrame.encode({
      destination: ownMac,
      source: peerMac,
      etherType: etherTypes.IPv4,
      payload: packet,
    });
    return () => dissectFrame(frame);
  }),
];

/** A host that takes these packets, one after the other. */
function receiving(packets: readonly IpPacket[]): () => void {
  const cable = new Cable();
  return () => {
    for (const packet of packets) cable.receive(packet);
  };
}

/** `at` is the offset in units of eight octets. */
function piece(identification: number, at: number, octets: number, more = true): IpPacket {
  const packet = ipPacketBetween(peer, own, protocols.UDP, new Uint8Array(octets));
  return { ...packet, identification, fragmentOffset: at, moreFragments: more } as IpPacket;
}

function introduction(address: string): Uint8Array {
  const payload = arpPacket.encode({
    operation: arpOperations.REPLY,
    senderHardwareAddress: peerMac,
    senderProtocolAddress: address,
    targetHardwareAddress: '00:00:00:00:00:00',
    targetProtocolAddress: own,
  });
  return ethernetFrame.encode({ destination: ownMac, source: peerMac, etherType: etherTypes.ARP, payload });
}

/** With a checksum that is as wrong as the port makes it: put right. */
function fromPort(packet: IpPacket, port: number): IpPacket {
  const payload = packet.payload.slice();
  const view = new DataView(payload.buffer);
  const sum = view.getUint16(16) + view.getUint16(0) - port;
  view.setUint16(0, port);
  view.setUint16(16, sum < 0 ? sum + 0xffff : sum % 0xffff);
  return { ...packet, payload };
}
