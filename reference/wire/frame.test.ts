import { expect } from 'chai';
import { findNode, leaves } from './dissection.ts';
import { ethernetFrame, etherTypes } from './ethernet.ts';
import { decodeFrame, decodePacket, dissectFrame, layerOf } from './frame.ts';
import { ikeMessage } from './ike/message.ts';
import { encapsulateIke } from './ike/non-esp-marker.ts';
import { homeAddressHeader } from './ip/extension-headers.ts';
import { ipPacket, isFragment, pseudoHeaderEndpoints } from './ip/packet.ts';
import { protocols } from './ip/protocols.ts';
import { encodeMobility } from './mobility/message.ts';
import { everyPayload } from './samples.ts';
import { partitionFault } from './table.ts';
import { encodeUdp } from './udp.ts';

const hosts = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };
const v4 = { source: '192.0.2.1', destination: '192.0.2.2' };

const frameWith = (payload: Uint8Array) => ethernetFrame.encode({ ...hosts, etherType: etherTypes.IPv4, payload });
const udpPacket = (payload: Uint8Array) => ipPacket.encode({ version: 4, ...v4, protocol: protocols.UDP, payload });
const natDatagram = encodeUdp(
  { sourcePort: 4500, destinationPort: 4500, payload: encapsulateIke(ikeMessage.encode(everyPayload)) },
  v4,
);
const natFrame = frameWith(udpPacket(natDatagram));

describe('a frame', () => {
  it('has layers from Ethernet to IKE, each in its place', () => {
    const { layers, remarks, unread } = decodeFrame(natFrame);
    expect(layers.map(({ layer, start }) => `${layer} ${start}`)).to.deep.equal([
      'ethernet 0',
      'ip 14',
      'udp 34',
      'udpEncapsulation 42',
      'ike 46',
    ]);
    expect(remarks).to.deep.equal([]);
    expect(unread).to.equal(undefined);
    expect(layerOf(decodeFrame(natFrame), 'ike')!.value.payloads).to.have.length(everyPayload.payloads.length);
  });

  it('is one tree whose leaves partition it', () => {
    const tree = dissectFrame(natFrame);
    expect(partitionFault(tree, natFrame.length)).to.equal(undefined);
    expect(findNode(tree, ({ name }) => name === 'notifyType')!.value).to.equal('16393 (REKEY_SA)');
    expect(leaves(tree).at(-1)!.end).to.equal(natFrame.length);
  });

  it('keeps the fault of an inner layer, and shows what can be read', () => {
    const cut = ikeMessage.encode(everyPayload).subarray(0, 60);
    const broken = frameWith(udpPacket(encodeUdp({ sourcePort: 500, destinationPort: 500, payload: cut }, v4)));
    const { layers, unread } = decodeFrame(broken);
    expect(layers.at(-1)!.layer).to.equal('udp');
    expect(unread).to.include({ layer: 'ike', start: 42 });
    const tree = dissectFrame(broken);
    expect(partitionFault(tree, broken.length)).to.equal(undefined);
    expect(findNode(tree, ({ name }) => name === 'exchangeType')!.value).to.equal('35 (IKE_AUTH)');
  });

  it('remarks a wrong checksum on its field', () => {
    const flipped = natFrame.slice();
    flipped[flipped.length - 1]! ^= 1;
    expect(decodeFrame(flipped).remarks).to.deep.equal([{ where: 'checksum', at: 40, says: 'the checksum is wrong' }]);
    expect(findNode(dissectFrame(flipped), ({ remark }) => remark !== undefined)).to.include({ start: 40, end: 42 });
  });

  it('follows tunnels, but not for ever', () => {
    let packet = udpPacket(natDatagram);
    for (let i = 0; i < 40; i++)
      packet = ipPacket.encode({ version: 4, ...v4, protocol: protocols.IPv4, payload: packet });
    expect(decodePacket(packet).layers.every(({ layer }) => layer === 'ip')).to.equal(true);
    expect(decodePacket(packet).layers).to.have.length(16);
  });

  it('does not read a later fragment as a header', () => {
    const piece = ipPacket.encode({ version: 4, ...v4, protocol: 17, fragmentOffset: 3, payload: natDatagram });
    expect(decodePacket(piece).layers.map(({ layer }) => layer)).to.deep.equal(['ip']);
    expect(isFragment(ipPacket.decode(piece).value)).to.equal(true);
  });

  it('has a layer for the Mobility Header, in a tunnel and behind AH too, whose checksum covers the home address', () => {
    const careOf = { source: '2001:db8::c', destination: '2001:db8::d' };
    const home = { source: '2001:db8::a', destination: '2001:db8::d' };
    const update = { kind: 'bindingUpdate', sequenceNumber: 5, lifetime: 15, options: [] } as const;
    const authentication = { type: 'authentication', spi: 1, sequenceNumber: 1, icv: new Uint8Array(12) } as const;
    const packet = ipPacket.encode({
      version: 6,
      ...careOf,
      extensions: [homeAddressHeader(home.source), authentication],
      protocol: protocols['Mobility Header'],
      payload: encodeMobility(update, home),
    });
    const tunnel = { version: 6, ...careOf, extensions: [], protocol: protocols.IPv6, payload: packet } as const;
    const octets = ipPacket.encode(tunnel);
    const { layers, remarks } = decodePacket(octets);
    expect(layers.map(({ layer }) => layer)).to.deep.equal(['ip', 'ip', 'mobility']);
    expect(layers.at(-1)!.value).to.include({ kind: 'bindingUpdate', sequenceNumber: 5 });
    expect(remarks).to.deep.equal([]);
    octets[octets.length - 1]! ^= 1;
    expect(decodePacket(octets).remarks).to.deep.equal([
      { where: 'checksum', at: layers.at(-1)!.start + 4, says: 'the checksum is wrong' },
    ]);
  });

  it('has no layer inside a Mobility Header, whatever Payload Proto says', () => {
    const ends = { source: '2001:db8::c', destination: '2001:db8::d' };
    const request = { kind: 'bindingRefreshRequest', payloadProtocol: 17, options: [], payload: natDatagram } as const;
    const packet = ipPacket.encode({
      version: 6,
      ...ends,
      extensions: [],
      protocol: protocols['Mobility Header'],
      payload: encodeMobility(request, ends),
    });
    const { layers, remarks } = decodePacket(packet);
    expect(layers.map(({ layer }) => layer)).to.deep.equal(['ip', 'mobility']);
    expect(remarks).to.deep.equal([]);
  });

  it('knows whose addresses a checksum covers', () => {
    const endpoints = pseudoHeaderEndpoints({
      version: 6,
      source: '2001:db8::c',
      destination: '2001:db8::d',
      extensions: [
        homeAddressHeader('2001:db8::a'),
        { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: ['2001:db8::b'] },
      ],
      protocol: 17,
      payload: new Uint8Array(),
    });
    expect(endpoints).to.deep.equal({ source: '2001:db8::a', destination: '2001:db8::b' });
  });
});
