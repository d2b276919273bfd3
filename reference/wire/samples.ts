/**
 * Good buffers for the decoders, from which tests and the fuzzer make bad ones by cutting and flipping. Built by our
 * own encoders: whether those are right is for the tables and the captures to say.
 */
import { arpOperations, arpPacket } from './arp.ts';
import { eapTlsData } from './eap.ts';
import { espPacket, espPlaintext, monotonicPadding } from './esp.ts';
import { ethernetFrame, etherTypes, vlanTag } from './ethernet.ts';
import { icmpMessage } from './icmp.ts';
import { encodeIcmpv6 } from './icmpv6.ts';
import { type IkeMessage, ikeMessage } from './ike/message.ts';
import { encapsulateIke } from './ike/non-esp-marker.ts';
import { encodePayloads } from './ike/payload-chain.ts';
import { homeAddressHeader } from './ip/extension-headers.ts';
import { ipv4Packet } from './ip/ipv4.ts';
import { ipv6Packet } from './ip/ipv6.ts';
import { protocols } from './ip/protocols.ts';
import { loopbackFrame } from './link-layers.ts';
import { mobilityInputs } from './mobility/samples.ts';
import { fromText, unhex } from './octets.ts';
import { pppFrame, pppoePacket, pppProtocols, SESSION_DATA } from './ppp.ts';
import { encodeTcp } from './tcp.ts';
import { tlsInputs } from './tls/samples.ts';
import { encodeUdp } from './udp.ts';

const none = new Uint8Array();
const v4 = { source: '192.0.2.1', destination: '192.0.2.2' };
const v6 = { source: '2001:db8::1', destination: '2001:db8::2' };
const hosts = { source: '02:00:00:00:00:01', destination: '02:00:00:00:00:02' };

const selectors = [
  { tsType: 7, protocolId: 0, startPort: 0, endPort: 65535, startAddress: '192.0.2.0', endAddress: '192.0.2.255' },
  {
    tsType: 8,
    protocolId: 58,
    startPort: 0x8000,
    endPort: 0x80ff,
    startAddress: '2001:db8::',
    endAddress: '2001:db8::ffff',
  },
  { tsType: 9, protocolId: 0, data: unhex('00010203') },
];

/** A message with every payload of RFC 7296 but SK. */
export const everyPayload: IkeMessage = {
  header: {
    initiatorSPI: unhex('0102030405060708'),
    responderSPI: unhex('1112131415161718'),
    exchangeType: 35,
    flags: { initiator: true, response: false, version: false },
    messageId: 1,
  },
  payloads: [
    {
      type: 'SA',
      proposals: [
        {
          number: 1,
          protocolId: 3,
          spi: unhex('c0ffee01'),
          transforms: [
            { type: 1, id: 12, keyLength: 256 },
            { type: 3, id: 12 },
            { type: 5, id: 0 },
          ],
        },
        {
          number: 2,
          protocolId: 3,
          spi: unhex('c0ffee02'),
          transforms: [{ type: 1, id: 20, keyLength: 128, attributes: [{ type: 77, value: unhex('abcdef') }] }],
        },
      ],
    },
    { type: 'KE', group: 31, keyExchangeData: new Uint8Array(32).fill(9) },
    { type: 'Nonce', data: new Uint8Array(16).fill(7) },
    { type: 'IDi', idType: 2, data: fromText('carol.example') },
    { type: 'IDr', idType: 1, data: unhex('c0000201') },
    { type: 'CERT', encoding: 4, data: unhex('3000') },
    { type: 'CERTREQ', encoding: 4, data: new Uint8Array(20) },
    { type: 'AUTH', method: 14, data: new Uint8Array(8).fill(5) },
    { type: 'N', protocolId: 3, spi: unhex('c0ffee01'), notifyType: 16393, data: none },
    { type: 'D', protocolId: 3, spis: [unhex('c0ffee01'), unhex('c0ffee02')] },
    { type: 'V', data: fromText('a vendor') },
    { type: 'TSi', selectors },
    { type: 'TSr', selectors, critical: true },
    {
      type: 'CP',
      configurationType: 1,
      attributes: [
        { type: 1, value: none },
        { type: 8, value: new Uint8Array(17) },
      ],
    },
    { type: 'EAP', code: 1, identifier: 3, eapType: 1, data: fromText('who') },
    { type: 'unknown', payloadType: 200, data: unhex('010203') },
  ],
};

const encrypted = ikeMessage.encode({
  ...everyPayload,
  payloads: [{ type: 'SK', innerNextPayload: 35, body: new Uint8Array(48).fill(0xaa) }],
});

const advertisement = encodeIcmpv6(
  {
    kind: 'routerAdvertisement',
    type: 134,
    code: 0,
    managed: true,
    routerLifetime: 1800,
    options: [
      { type: 'sourceLinkLayerAddress', linkLayerAddress: '02:00:00:00:00:01' },
      { type: 'mtu', mtu: 1280 },
      {
        type: 'prefixInformation',
        prefixLength: 64,
        onLink: true,
        autonomous: true,
        validLifetime: 86400,
        preferredLifetime: 14400,
        prefix: '2001:db8::',
      },
      { type: 'option', optionType: 25, data: new Uint8Array(22) },
    ],
  },
  v6,
);

const espOctets = espPacket.encode({ spi: 0x100, sequenceNumber: 7, body: new Uint8Array(40).fill(3) });
const echo = icmpMessage.encode({
  kind: 'echo',
  type: 8,
  code: 0,
  identifier: 1,
  sequenceNumber: 2,
  data: fromText('ping'),
});
const ikeDatagram = encodeUdp({ sourcePort: 500, destinationPort: 500, payload: ikeMessage.encode(everyPayload) }, v4);
/** A Home Address option and a routing header stand in for the addresses of the IPv6 header. */
const mobile = { source: '2001:db8::99', destination: '2001:db8::77' };
const natDatagram = encodeUdp({ sourcePort: 4500, destinationPort: 61000, payload: encapsulateIke(encrypted) }, mobile);
const syn = encodeTcp(
  { sourcePort: 1025, destinationPort: 80, sequenceNumber: 1, syn: true, options: unhex('020405b4'), payload: none },
  v4,
);

const inTunnel = ipv4Packet.encode({
  version: 4,
  ...v4,
  protocol: protocols.IPv6,
  options: unhex('94040000'),
  payload: ipv6Packet.encode({
    version: 6,
    ...v6,
    extensions: [],
    protocol: protocols['IPv6-ICMP'],
    payload: advertisement,
  }),
});

const chained = ipv6Packet.encode({
  version: 6,
  ...v6,
  dscp: 46,
  flowLabel: 0x12345,
  extensions: [
    { type: 'hopByHop', options: [{ type: 'option', optionType: 5, data: new Uint8Array(2) }] },
    homeAddressHeader('2001:db8::99'),
    { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: ['2001:db8::77'] },
    { type: 'fragment', fragmentOffset: 0, moreFragments: false, identification: 9 },
    { type: 'authentication', spi: 0x200, sequenceNumber: 1, icv: new Uint8Array(12) },
  ],
  protocol: protocols.UDP,
  payload: natDatagram,
});

const frameOf = (etherType: number, payload: Uint8Array) => ethernetFrame.encode({ ...hosts, etherType, payload });
const ipv4With = (protocol: number, payload: Uint8Array) => ipv4Packet.encode({ version: 4, ...v4, protocol, payload });

const tagged = vlanTag.encode({ vlan: 100, etherType: etherTypes.IPv4, payload: inTunnel });
const framed = pppFrame.encode({ hdlcHeader: unhex('ff03'), protocol: pppProtocols.IPv4, payload: inTunnel });
const inSession = pppoePacket.encode({
  code: SESSION_DATA,
  sessionId: 7,
  payload: pppFrame.encode({ protocol: pppProtocols.IPv4, payload: inTunnel }),
});

/** Decoder names of `decoders.ts` and a buffer that each accepts. */
export const validInputs: readonly (readonly [string, Uint8Array])[] = [
  ['frame', frameOf(etherTypes['802.1Q'], tagged)],
  ['vlan tag', tagged],
  ['pppoe', inSession],
  ['frame', frameOf(etherTypes['PPPoE Session'], inSession)],
  ['captured PPP_ETHER', inSession],
  ['ppp', framed],
  ['captured PPP', pppFrame.encode({ protocol: pppProtocols.IPv4, isCompressed: true, payload: inTunnel })],
  ['captured PPP_HDLC', framed],
  ['captured LOOP', loopbackFrame.encode({ family: 2, payload: inTunnel })],
  ['captured DLT_RAW', inTunnel],
  ['captured DLT_RAW_OPENBSD', inTunnel],
  ['frame', frameOf(etherTypes.IPv4, ipv4With(protocols.UDP, ikeDatagram))],
  ['frame', frameOf(etherTypes.IPv4, inTunnel)],
  ['frame', frameOf(etherTypes.IPv6, chained)],
  ['frame', frameOf(etherTypes.IPv4, ipv4With(protocols.ESP, espOctets))],
  [
    'arp',
    arpPacket.encode({
      operation: arpOperations.REQUEST,
      senderHardwareAddress: hosts.source,
      senderProtocolAddress: v4.source,
      targetHardwareAddress: '00:00:00:00:00:00',
      targetProtocolAddress: v4.destination,
    }),
  ],
  ['ipv4', inTunnel],
  ['ipv6', chained],
  ['packet', chained],
  ['ip', ipv4With(protocols.ICMP, echo)],
  ['udp', ikeDatagram],
  ['tcp', syn],
  ['icmp', echo],
  ['icmpv6', advertisement],
  ['esp', espOctets],
  ['esp plaintext', espPlaintext.encode({ payload: echo, padding: monotonicPadding(6), nextHeader: protocols.ICMP })],
  ['udp encapsulation', encapsulateIke(encrypted)],
  ['ike', ikeMessage.encode(everyPayload)],
  ['ike', encrypted],
  ['payloads from SA', encodePayloads(everyPayload.payloads).octets],
  [
    'eap tls',
    eapTlsData.encode({
      lengthIncluded: true,
      moreFragments: true,
      start: false,
      messageLength: 9,
      data: fromText('hand'),
    }),
  ],
  ...mobilityInputs,
  ...tlsInputs,
];
