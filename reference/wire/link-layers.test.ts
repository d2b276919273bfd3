import { expect } from 'chai';
import { vlanTag } from './ethernet.ts';
import { decodeCaptured, dissectCaptured } from './frame.ts';
import { ipPacket } from './ip/packet.ts';
import { layerOfLinkType } from './layers.ts';
import { isIpFamily, linkTypes, linuxCookedFrame, linuxCookedFrame2, loopbackFrame } from './link-layers.ts';
import { concat, unhex } from './octets.ts';
import { pppFrame, pppoePacket } from './ppp.ts';
import { partitionFault, rowFault } from './table.ts';

const packet = ipPacket.encode({
  version: 6,
  source: '2001:db8::1',
  destination: '2001:db8::2',
  extensions: [],
  protocol: 135,
  payload: unhex('3b 00 00 00 68fb 0000'),
});

/** What stands before the packet under each link type, and the layers it comes to. */
const captured: readonly (readonly [keyof typeof linkTypes, string, string])[] = [
  ['NULL', '0000001e', 'loopback ip mobility'],
  ['NULL', '0a000000', 'loopback ip mobility'],
  ['ETHERNET', '020000000002 020000000001 86dd', 'ethernet ip mobility'],
  ['ETHERNET', '020000000002 020000000001 8100 a064 86dd', 'ethernet vlanTag ip mobility'],
  ['ETHERNET', '020000000002 020000000001 88a8 0064 8100 00c8 86dd', 'ethernet vlanTag vlanTag ip mobility'],
  ['ETHERNET', '020000000002 020000000001 9100 0064 8100 00c8 86dd', 'ethernet vlanTag vlanTag ip mobility'],
  ['ETHERNET', '020000000002 020000000001 8864 11 00 0007 0032 0057', 'ethernet pppoe ppp ip mobility'],
  ['PPP', '0057', 'ppp ip mobility'],
  ['PPP', '57', 'ppp ip mobility'],
  ['PPP', 'ff03 0057', 'ppp ip mobility'],
  ['DLT_RAW', '', 'ip mobility'],
  ['DLT_RAW_OPENBSD', '', 'ip mobility'],
  ['PPP_HDLC', 'ff03 0057', 'ppp ip mobility'],
  ['PPP_ETHER', '11 00 0007 0031 57', 'pppoe ppp ip mobility'],
  ['RAW', '', 'ip mobility'],
  ['LOOP', '00000018', 'loopback ip mobility'],
  ['LINUX_SLL', '0004 0001 0006 0200000000010000 86dd', 'linuxCooked ip mobility'],
  ['IPV4', '', 'ip mobility'],
  ['IPV6', '', 'ip mobility'],
  ['LINUX_SLL2', '86dd 0000 00000003 0001 04 06 0200000000010000', 'linuxCooked2 ip mobility'],
];

describe('a captured frame', () => {
  for (const [linkType, header, layers] of captured) {
    it(`of link type ${linkType} behind '${header}' has layers ${layers}`, () => {
      const octets = concat(unhex(header), packet);
      const frame = decodeCaptured(octets, linkTypes[linkType]);
      expect(frame.layers.map(({ layer }) => layer).join(' ')).to.equal(layers);
      expect(frame.remarks).to.deep.equal([]);
      for (let length = 0; length <= octets.length; length++) {
        const cut = octets.subarray(0, length);
        expect(partitionFault(dissectCaptured(cut, linkTypes[linkType]), length)).to.equal(undefined);
      }
    });
  }

  it('of every link type known has a first layer', () => {
    for (const linkType of Object.values(linkTypes)) expect(layerOfLinkType.has(linkType)).to.equal(true);
  });

  it('of an unknown link type has none, and a tree of one leaf', () => {
    expect(decodeCaptured(packet, 147)).to.deep.equal({ layers: [], remarks: [] });
    expect(partitionFault(dissectCaptured(packet, 147), packet.length)).to.equal(undefined);
  });

  it('has link headers as tables of value and octets', () => {
    expect(rowFault(loopbackFrame, { family: 2, payload: unhex('45') }, '00000002 45')).to.equal(undefined);
    const address = { linkLayerAddressLength: 6, linkLayerAddress: unhex('0200000000010000'), hardwareType: 1 };
    expect(
      rowFault(
        linuxCookedFrame,
        { packetType: 4, ...address, protocolType: 0x0800, payload: unhex('45') },
        '0004 0001 0006 0200000000010000 0800 45',
      ),
    ).to.equal(undefined);
    expect(
      rowFault(
        linuxCookedFrame2,
        { packetType: 0, ...address, protocolType: 0x86dd, interfaceIndex: 3, payload: unhex('60') },
        '86dd 0000 00000003 0001 00 06 0200000000010000 60',
      ),
    ).to.equal(undefined);
  });

  it('has tags and PPP as tables of value and octets', () => {
    const payload = unhex('45');
    expect(rowFault(vlanTag, { priority: 5, vlan: 100, etherType: 0x0800, payload }, 'a064 0800 45')).to.equal(
      undefined,
    );
    expect(rowFault(pppFrame, { protocol: 0x21, payload }, '0021 45')).to.equal(undefined);
    expect(rowFault(pppFrame, { protocol: 0x21, isCompressed: true, payload }, '21 45')).to.equal(undefined);
    expect(rowFault(pppFrame, { hdlcHeader: unhex('ff03'), protocol: 0xc021, payload }, 'ff03 c021 45')).to.equal(
      undefined,
    );
    expect(rowFault(pppoePacket, { code: 0, sessionId: 7, payload }, '11 00 0007 0001 45')).to.equal(undefined);
    expect(pppoePacket.decode(unhex('11 00 0007 0001 45 0000')).value.trailer).to.deep.equal(unhex('0000'));
  });

  it('of PPP over Ethernet before and after its session has no PPP', () => {
    const padi = concat(unhex('11 09 0000 002a'), packet);
    expect(decodeCaptured(padi, linkTypes.PPP_ETHER).layers.map(({ layer }) => layer)).to.deep.equal(['pppoe']);
    const lcp = concat(unhex('ff03 c021'), packet);
    expect(decodeCaptured(lcp, linkTypes.PPP).layers.map(({ layer }) => layer)).to.deep.equal(['ppp']);
  });

  it('of another protocol family than IP ends at its header', () => {
    expect([2, 0x02000000, 30, 0x1e000000].every(isIpFamily)).to.equal(true);
    expect([0, 1, 7, 0x00020000].some(isIpFamily)).to.equal(false);
    expect(decodeCaptured(concat(unhex('00000007'), packet), linkTypes.NULL).layers).to.have.length(1);
  });
});
