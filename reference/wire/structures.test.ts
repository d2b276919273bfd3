import { expect } from 'chai';
import { ahPacket, authenticationHeader } from './ah.ts';
import { arpPacket } from './arp.ts';
import { MalformedOctets } from './dissection.ts';
import { espPacket, espPlaintext, monotonicPadding } from './esp.ts';
import { ethernetFrame } from './ethernet.ts';
import { icmpMessage } from './icmp.ts';
import { encodeIcmpv6, icmpv6Message } from './icmpv6.ts';
import { udpEncapsulation } from './ike/non-esp-marker.ts';
import { homeAddressHeader } from './ip/extension-headers.ts';
import { ipv4Packet } from './ip/ipv4.ts';
import { encodeExtensions, ipv6Packet } from './ip/ipv6.ts';
import type { Structure } from './kernel.ts';
import { hex, unhex } from './octets.ts';
import { partitionFault, rowFault } from './table.ts';
import { encodeTcp, tcpSegment } from './tcp.ts';
import { encodeUdp, udpDatagram } from './udp.ts';

const none = new Uint8Array();
const v4 = { source: '192.0.2.1', destination: '192.0.2.2' };
const v6 = { source: '2001:db8::1', destination: '2001:db8::2' };
const v6Addresses = `20010db8000000000000000000000001 20010db8000000000000000000000002`;

describe('structures as tables of value and octets', () => {
  row(
    'Ethernet',
    ethernetFrame,
    { destination: 'ff:ff:ff:ff:ff:ff', source: '02:00:00:00:00:01', etherType: 0x0806, payload: unhex('01') },
    'ffffffffffff 020000000001 0806 01',
  );

  row(
    'ARP request',
    arpPacket,
    {
      operation: 1,
      senderHardwareAddress: '02:00:00:00:00:01',
      senderProtocolAddress: '192.0.2.1',
      targetHardwareAddress: '00:00:00:00:00:00',
      targetProtocolAddress: '192.0.2.2',
    },
    '0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202',
  );

  row(
    'IPv4',
    ipv4Packet,
    { version: 4, ...v4, protocol: 50, payload: unhex('abcd') },
    '45 00 0016 0000 0000 40 32 f6b2 c0000201 c0000202 abcd',
  );
  row(
    'IPv4 with everything',
    ipv4Packet,
    {
      version: 4,
      ...v4,
      dscp: 46,
      ecn: 3,
      identification: 0xbeef,
      dontFragment: true,
      moreFragments: true,
      fragmentOffset: 185,
      timeToLive: 1,
      protocol: 17,
      headerChecksum: 0x1234,
      options: unhex('94040000'),
      payload: none,
      trailer: unhex('0000'),
    },
    '46 bb 0018 beef 60b9 01 11 1234 c0000201 c0000202 94040000 0000',
  );
  row(
    'IPv4 whose Total Length lies',
    ipv4Packet,
    { version: 4, ...v4, totalLength: 99, headerChecksum: 0, protocol: 1, payload: none },
    '45 00 0063 0000 0000 40 01 0000 c0000201 c0000202',
  );

  row(
    'IPv6',
    ipv6Packet,
    { version: 6, ...v6, dscp: 1, ecn: 1, flowLabel: 0xabcde, extensions: [], protocol: 59, payload: none },
    `605abcde 0000 3b 40 ${v6Addresses}`,
  );
  row(
    'IPv6 with a chain of every extension header',
    ipv6Packet,
    {
      version: 6,
      ...v6,
      extensions: [
        {
          type: 'hopByHop',
          options: [
            { type: 'option', optionType: 5, data: unhex('0000') },
            { type: 'padN', data: none },
          ],
        },
        homeAddressHeader('2001:db8::9'),
        { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: ['2001:db8::7'] },
        { type: 'routing', routingType: 4, segmentsLeft: 0, data: unhex('01020304') },
        { type: 'fragment', fragmentOffset: 0, moreFragments: false, identification: 5 },
        { type: 'authentication', spi: 0x100, sequenceNumber: 2, icv: new Uint8Array(12).fill(0xee) },
      ],
      protocol: 6,
      payload: unhex('ff'),
    },
    `60000000 0061 00 40 ${v6Addresses}
     3c 00 0502 0000 0100  2b 02 01020000 c910 20010db8000000000000000000000009
     2b 02 02 01 00000000 20010db8000000000000000000000007  2c 00 04 00 01020304
     33 00 0000 00000005  06 04 0000 00000100 00000002 eeeeeeeeeeeeeeeeeeeeeeee ff`,
  );
  row(
    'a piece of an IPv6 packet ends the chain',
    ipv6Packet,
    {
      version: 6,
      ...v6,
      extensions: [{ type: 'fragment', fragmentOffset: 2, moreFragments: true, identification: 1 }],
      protocol: 60,
      payload: unhex('3a00'),
    },
    `60000000 000a 2c 40 ${v6Addresses} 3c 00 0011 00000001 3a00`,
  );

  row(
    'AH',
    authenticationHeader,
    { type: 'authentication', nextHeader: 6, spi: 1, sequenceNumber: 2, icv: new Uint8Array(12) },
    '06 04 0000 00000001 00000002 000000000000000000000000',
  );
  row(
    'AH with its payload',
    ahPacket,
    { nextHeader: 6, spi: 1, sequenceNumber: 2, icv: none, payload: unhex('aa') },
    '06 01 0000 00000001 00000002 aa',
  );
  row('ESP', espPacket, { spi: 0xc0ffee01, sequenceNumber: 1, body: unhex('aabb') }, 'c0ffee01 00000001 aabb');
  row(
    'ESP inside',
    espPlaintext,
    { payload: unhex('aabbcc'), padding: monotonicPadding(3), nextHeader: 4 },
    'aabbcc 010203 03 04',
  );

  row('UDP', udpDatagram, { sourcePort: 500, destinationPort: 4500, payload: unhex('ff') }, '01f4 1194 0009 0000 ff');
  row(
    'UDP whose length lies',
    udpDatagram,
    { sourcePort: 1, destinationPort: 2, length: 8, checksum: 5, payload: none, trailer: unhex('ff') },
    '0001 0002 0008 0005 ff',
  );
  row(
    'TCP SYN',
    tcpSegment,
    {
      sourcePort: 1025,
      destinationPort: 80,
      sequenceNumber: 1,
      syn: true,
      ece: true,
      options: unhex('020405b4'),
      payload: none,
    },
    '0401 0050 00000001 00000000 6042 ffff 0000 0000 020405b4',
  );

  row(
    'ICMP echo',
    icmpMessage,
    { kind: 'echo', type: 8, code: 0, identifier: 1, sequenceNumber: 2, data: unhex('6162') },
    '08 00 969a 0001 0002 6162',
  );
  row(
    'ICMP fragmentation needed',
    icmpMessage,
    { kind: 'destinationUnreachable', type: 3, code: 4, nextHopMtu: 1400, originalDatagram: none },
    '03 04 f783 0000 0578',
  );
  row(
    'ICMP parameter problem',
    icmpMessage,
    { kind: 'parameterProblem', type: 12, code: 0, checksum: 0, pointer: 20, originalDatagram: unhex('45') },
    '0c 00 0000 14 000000 45',
  );
  row(
    'ICMP time exceeded',
    icmpMessage,
    { kind: 'timeExceeded', type: 11, code: 1, originalDatagram: none },
    '0b 01 f4fe 00000000',
  );
  row('ICMP timestamp', icmpMessage, { kind: 'other', type: 13, code: 0, body: unhex('0000') }, '0d 00 f2ff 0000');

  row(
    'ICMPv6 packet too big',
    icmpv6Message,
    { kind: 'packetTooBig', type: 2, code: 0, mtu: 1280, originalPacket: none },
    '02 00 0000 00000500',
  );
  row(
    'ICMPv6 unreachable',
    icmpv6Message,
    { kind: 'destinationUnreachable', type: 1, code: 4, originalPacket: unhex('60') },
    '01 04 0000 00000000 60',
  );
  row(
    'neighbour solicitation',
    icmpv6Message,
    {
      kind: 'neighborSolicitation',
      type: 135,
      code: 0,
      targetAddress: '2001:db8::2',
      options: [{ type: 'sourceLinkLayerAddress', linkLayerAddress: '02:00:00:00:00:01' }],
    },
    '87 00 0000 00000000 20010db8000000000000000000000002 01 01 020000000001',
  );
  row(
    'neighbour advertisement',
    icmpv6Message,
    {
      kind: 'neighborAdvertisement',
      type: 136,
      code: 0,
      solicited: true,
      override: true,
      targetAddress: 'fe80::2',
      options: [{ type: 'targetLinkLayerAddress', linkLayerAddress: '02:00:00:00:00:02' }],
    },
    '88 00 0000 60000000 fe800000000000000000000000000002 02 01 020000000002',
  );
  row(
    'router advertisement',
    icmpv6Message,
    {
      kind: 'routerAdvertisement',
      type: 134,
      code: 0,
      curHopLimit: 255,
      homeAgent: true,
      routerLifetime: 1800,
      options: [
        {
          type: 'prefixInformation',
          prefixLength: 64,
          onLink: true,
          autonomous: true,
          validLifetime: 0xffffffff,
          preferredLifetime: 1,
          prefix: '2001:db8::',
        },
        { type: 'mtu', mtu: 1500 },
        { type: 'advertisementInterval', advertisementInterval: 100 },
        {
          type: 'homeAgentInformation',
          mobileRouterSupport: true,
          homeAgentPreference: 0xfff0,
          homeAgentLifetime: 1800,
        },
        { type: 'option', optionType: 25, data: unhex('000000000064') },
      ],
    },
    `86 00 0000 ff 20 0708 00000000 00000000  03 04 40 c0 ffffffff 00000001 00000000 20010db8000000000000000000000000
     05 01 0000 000005dc  07 01 0000 00000064  08 01 8000 fff0 0708  19 01 000000000064`,
  );
  row(
    'home agent address discovery request',
    icmpv6Message,
    {
      kind: 'homeAgentAddressDiscoveryRequest',
      type: 144,
      code: 0,
      identifier: 0x1234,
      mobileRouterSupport: true,
      reservedBits: 1,
    },
    '90 00 0000 1234 8001',
  );
  row(
    'home agent address discovery reply',
    icmpv6Message,
    {
      kind: 'homeAgentAddressDiscoveryReply',
      type: 145,
      code: 0,
      identifier: 0x1234,
      homeAgentAddresses: ['2001:db8::1', '2001:db8::2'],
    },
    `91 00 0000 1234 0000 ${v6Addresses}`,
  );
  row(
    'home agent address discovery reply without addresses',
    icmpv6Message,
    { kind: 'homeAgentAddressDiscoveryReply', type: 145, code: 0, identifier: 1, homeAgentAddresses: [] },
    '91 00 0000 0001 0000',
  );
  row(
    'mobile prefix solicitation',
    icmpv6Message,
    { kind: 'mobilePrefixSolicitation', type: 146, code: 0, identifier: 5, options: [] },
    '92 00 0000 0005 0000',
  );
  row(
    'mobile prefix advertisement',
    icmpv6Message,
    {
      kind: 'mobilePrefixAdvertisement',
      type: 147,
      code: 0,
      identifier: 5,
      managed: true,
      otherConfiguration: true,
      options: [
        {
          type: 'prefixInformation',
          prefixLength: 64,
          onLink: false,
          autonomous: true,
          routerAddress: true,
          validLifetime: 7200,
          preferredLifetime: 3600,
          prefix: '2001:db8::1',
        },
      ],
    },
    `93 00 0000 0005 c000  03 04 40 60 00001c20 00000e10 00000000 20010db8000000000000000000000001`,
  );
  row(
    'redirect',
    icmpv6Message,
    {
      kind: 'redirect',
      type: 137,
      code: 0,
      targetAddress: 'fe80::1',
      destinationAddress: '2001:db8::2',
      options: [{ type: 'redirectedHeader', packet: new Uint8Array(8) }],
    },
    '89 00 0000 00000000 fe800000000000000000000000000001 20010db8000000000000000000000002 04 02 000000000000 0000000000000000',
  );
  row(
    'a listener report stays octets',
    icmpv6Message,
    { kind: 'other', type: 143, code: 0, body: unhex('00000000') },
    '8f 00 0000 00000000',
  );

  row('NAT-keepalive', udpEncapsulation, { kind: 'keepalive' }, 'ff');
  row('IKE on port 4500', udpEncapsulation, { kind: 'ike', payload: unhex('aa') }, '00000000 aa');
  row('ESP on port 4500', udpEncapsulation, { kind: 'esp', payload: unhex('00000001') }, '00000001');
});

describe('what the tables cannot say', () => {
  it('options are padded to the header, explicit padding kept', () => {
    const chain = encodeExtensions(
      [{ type: 'hopByHop', options: [{ type: 'option', optionType: 5, data: unhex('00') }] }],
      6,
    );
    expect(hex(chain)).to.equal(hex(unhex('06 00 050100 010100')));
  });

  it('checksums over the pseudo-header are right', () => {
    const udp = encodeUdp({ sourcePort: 53, destinationPort: 53, payload: unhex('41') }, v4);
    expect(hex(udp)).to.equal('0035003500093a6e41');
    const given = encodeUdp({ sourcePort: 53, destinationPort: 53, checksum: 0, payload: none }, v4);
    expect(hex(given)).to.equal('0035003500080000');
    const syn = encodeTcp({ sourcePort: 1, destinationPort: 2, sequenceNumber: 0, syn: true, payload: none }, v4);
    expect(tcpSegment.decode(syn).value.checksum).to.equal(sumOf(v4Words, 6, 20, [1, 2, 0x5002, 0xffff]));
    const echo = encodeIcmpv6({ kind: 'echo', type: 128, code: 0, identifier: 1, sequenceNumber: 1, data: none }, v6);
    expect(icmpv6Message.decode(echo).value.checksum).to.equal(sumOf(v6Words, 58, 8, [0x8000, 1, 1]));
  });

  it('an ARP for other address lengths is refused', () => {
    expect(() => arpPacket.decode(unhex('0001 0800 08 04 0001'))).to.throw('wanted 6, had 8');
  });

  it('a list of home agents with half an address is refused', () => {
    const cut = unhex(`91 00 0000 1234 0000 ${v6Addresses} 2001`);
    expect(() => icmpv6Message.decode(cut)).to.throw(MalformedOctets, 'homeAgentAddresses[2]');
    expect(partitionFault(icmpv6Message.dissect(cut), cut.length)).to.equal(undefined);
  });

  it('options of Mobile IPv6 of another length stay octets', () => {
    for (const digits of ['07 02 0000 00000064 0000000000000000', '08 02 0000 0000 0708 0000000000000000']) {
      const { value } = icmpv6Message.decode(unhex(`85 00 0000 00000000 ${digits}`));
      expect(value).to.have.nested.property('options[0].type', 'option');
    }
  });

  it('a neighbour discovery option of length zero is refused', () => {
    expect(() => icmpv6Message.decode(unhex('85 00 0000 00000000 0100'))).to.throw(MalformedOctets);
    expect(icmpv6Message.dissect(unhex('85 00 0000 00000000 0100')).end).to.equal(10);
  });
});

const v4Words = [0xc000, 0x0201, 0xc000, 0x0202];
const v6Words = [0x2001, 0x0db8, 1, 0x2001, 0x0db8, 2];

/** The checksum by plain addition, for numbers whose sum is no multiple of 0xffff. */
function sumOf(addresses: readonly number[], protocol: number, length: number, words: readonly number[]): number {
  const sum = [...addresses, protocol, length, ...words].reduce((total, word) => total + word, 0);
  return 0xffff - (sum % 0xffff);
}

function row<T>(name: string, structure: Structure<T>, value: T, digits: string): void {
  it(name, () => expect(rowFault(structure, value, digits)).to.equal(undefined));
}
