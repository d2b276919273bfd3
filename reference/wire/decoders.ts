/**
 * Every decoder of this folder under one shape, for the fuzzer and for the tests that hold the invariants over all of
 * them.
 */
import { ahPacket, authenticationHeader } from './ah.ts';
import { arpPacket } from './arp.ts';
import type { Dissection } from './dissection.ts';
import { eapTlsData, md5Challenge, msChapV2Challenge, msChapV2Result } from './eap.ts';
import { espPacket, espPlaintext } from './esp.ts';
import { ethernetFrame, vlanTag } from './ethernet.ts';
import { decodeCaptured, decodeFrame, decodePacket, dissectCaptured, dissectFrame, dissectPacket } from './frame.ts';
import { icmpMessage } from './icmp.ts';
import { icmpv6Message } from './icmpv6.ts';
import { ikeHeader } from './ike/header.ts';
import { ikeMessage } from './ike/message.ts';
import { udpEncapsulation } from './ike/non-esp-marker.ts';
import { decodePayloads, dissectPayloads, encodePayloads } from './ike/payload-chain.ts';
import { payloadTypes } from './ike/registry.ts';
import { extensionHeaders } from './ip/extension-headers.ts';
import { ipv4Packet } from './ip/ipv4.ts';
import { ipv6Packet } from './ip/ipv6.ts';
import { ipPacket } from './ip/packet.ts';
import type { Structure } from './kernel.ts';
import { linkTypes, linuxCookedFrame, linuxCookedFrame2, loopbackFrame } from './link-layers.ts';
import { mobilityMessage } from './mobility/message.ts';
import { mobilityOption } from './mobility/options.ts';
import { neighborDiscoveryOption } from './neighbor-discovery-options.ts';
import { pppFrame, pppoePacket } from './ppp.ts';
import { tcpSegment } from './tcp.ts';
import {
  certificateMessage,
  certificateRequest,
  certificateVerify,
  clientKeyExchange,
  handshakeMessage,
  serverKeyExchange,
} from './tls/handshake.ts';
import { clientHello, numberList, pointFormats, renegotiationInfo, serverHello } from './tls/hello.ts';
import { tlsAlert, tlsRecord } from './tls/record.ts';
import { udpDatagram } from './udp.ts';

export interface Decoder {
  readonly name: string;
  /** Never throws; the leaves partition `octets`. */
  dissect(octets: Uint8Array): Dissection;
  /** Throws `MalformedOctets` and nothing else. */
  decode(octets: Uint8Array): unknown;
  /** Decodes and encodes: the same octets. Absent where the value holds several structures. */
  again?(octets: Uint8Array): Uint8Array;
}

export const decoders: readonly Decoder[] = [
  { name: 'frame', dissect: dissectFrame, decode: decodeFrame },
  { name: 'packet', dissect: dissectPacket, decode: decodePacket },
  ...Object.entries(linkTypes).map(([name, linkType]) => capturedAs(name, linkType)),
  ofStructure('ethernet', ethernetFrame),
  ofStructure('vlan tag', vlanTag),
  ofStructure('pppoe', pppoePacket),
  ofStructure('ppp', pppFrame),
  ofStructure('loopback', loopbackFrame),
  ofStructure('linux cooked', linuxCookedFrame),
  ofStructure('linux cooked 2', linuxCookedFrame2),
  ofStructure('arp', arpPacket),
  ofStructure('ip', ipPacket),
  ofStructure('ipv4', ipv4Packet),
  ofStructure('ipv6', ipv6Packet),
  ...Array.from(extensionHeaders, ([protocol, structure]) => ofStructure(`extension header ${protocol}`, structure)),
  ofStructure('udp', udpDatagram),
  ofStructure('tcp', tcpSegment),
  ofStructure('icmp', icmpMessage),
  ofStructure('icmpv6', icmpv6Message),
  ofStructure('neighbor discovery option', neighborDiscoveryOption),
  ofStructure('mobility', mobilityMessage),
  ofStructure('mobility option', mobilityOption),
  ofStructure('authentication header', authenticationHeader),
  ofStructure('ah', ahPacket),
  ofStructure('esp', espPacket),
  ofStructure('esp plaintext', espPlaintext),
  ofStructure('udp encapsulation', udpEncapsulation),
  ofStructure('eap md5-challenge', md5Challenge),
  ofStructure('eap ms-chap-v2 challenge', msChapV2Challenge),
  ofStructure('eap ms-chap-v2 result', msChapV2Result),
  ofStructure('eap tls', eapTlsData),
  ofStructure('tls record', tlsRecord),
  ofStructure('tls alert', tlsAlert),
  ofStructure('tls handshake', handshakeMessage),
  ofStructure('tls client hello', clientHello),
  ofStructure('tls server hello', serverHello),
  ofStructure('tls number list', numberList),
  ofStructure('tls point formats', pointFormats),
  ofStructure('tls renegotiation info', renegotiationInfo),
  ofStructure('tls certificate', certificateMessage),
  ofStructure('tls server key exchange', serverKeyExchange),
  ofStructure('tls certificate request', certificateRequest),
  ofStructure('tls certificate verify', certificateVerify),
  ofStructure('tls client key exchange', clientKeyExchange),
  ofStructure('ike header', ikeHeader),
  ofStructure('ike', ikeMessage),
  ...Object.entries(payloadTypes).map(([name, type]) => chainFrom(name, type)),
];

function ofStructure<T>(name: string, structure: Structure<T>): Decoder {
  return {
    name,
    dissect: (octets) => structure.dissect(octets),
    decode: (octets) => structure.decode(octets),
    again: (octets) => structure.encode(structure.decode(octets).value),
  };
}

function capturedAs(name: string, linkType: number): Decoder {
  return {
    name: `captured ${name}`,
    dissect: (octets) => dissectCaptured(octets, linkType),
    decode: (octets) => decodeCaptured(octets, linkType),
  };
}

function chainFrom(name: string, type: number): Decoder {
  return {
    name: `payloads from ${name}`,
    dissect: (octets) => dissectPayloads(type, octets),
    decode: (octets) => decodePayloads(type, octets),
    again: (octets) => encodePayloads(decodePayloads(type, octets).value).octets,
  };
}
