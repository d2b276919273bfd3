/**
 * The layers of a frame: the structure that each is decoded and encoded with, and which layer lies in which, told by a
 * link type, an EtherType, a protocol number or a port. Walking from one to the next is `frame.ts`.
 */
import { type AhPacket, ahPacket } from './ah.ts';
import { type ArpPacket, arpPacket } from './arp.ts';
import { type EspPacket, espPacket } from './esp.ts';
import { type EthernetFrame, ethernetFrame, etherTypes, type VlanTag, vlanTag } from './ethernet.ts';
import { type IcmpMessage, icmpMessage } from './icmp.ts';
import { type Icmpv6Message, icmpv6Message } from './icmpv6.ts';
import { type IkeMessage, ikeMessage } from './ike/message.ts';
import { type UdpEncapsulation, udpEncapsulation } from './ike/non-esp-marker.ts';
import { ikePorts } from './ike/registry.ts';
import { type IpPacket, ipPacket } from './ip/packet.ts';
import { protocols } from './ip/protocols.ts';
import type { Structure } from './kernel.ts';
import {
  isIpFamily,
  type LinuxCookedFrame,
  type LinuxCookedFrame2,
  type LoopbackFrame,
  linkTypes,
  linuxCookedFrame,
  linuxCookedFrame2,
  loopbackFrame,
} from './link-layers.ts';
import { type MobilityMessage, mobilityMessage } from './mobility/message.ts';
import { type PppFrame, type PppoePacket, pppFrame, pppoePacket, pppProtocols, SESSION_DATA } from './ppp.ts';
import { type TcpSegment, tcpSegment } from './tcp.ts';
import { type UdpDatagram, udpDatagram } from './udp.ts';

/** The value that each kind of layer holds. */
export interface LayerValues {
  ethernet: EthernetFrame;
  vlanTag: VlanTag;
  pppoe: PppoePacket;
  ppp: PppFrame;
  loopback: LoopbackFrame;
  linuxCooked: LinuxCookedFrame;
  linuxCooked2: LinuxCookedFrame2;
  arp: ArpPacket;
  ip: IpPacket;
  udp: UdpDatagram;
  tcp: TcpSegment;
  icmp: IcmpMessage;
  icmpv6: Icmpv6Message;
  mobility: MobilityMessage;
  ah: AhPacket;
  esp: EspPacket;
  udpEncapsulation: UdpEncapsulation;
  ike: IkeMessage;
}

export type LayerName = keyof LayerValues;

/**
 * One layer of a frame. `start` and `end` are offsets in octets from the start of the buffer; `end` includes its
 * payload.
 */
export type Layer<Name extends LayerName = LayerName> = {
  [N in Name]: { readonly layer: N; readonly value: LayerValues[N]; readonly start: number; readonly end: number };
}[Name];

/** The structure each layer is decoded and encoded with. */
export const structures: Readonly<Record<LayerName, Structure<LayerValues[LayerName]>>> = {
  ethernet: ethernetFrame,
  vlanTag,
  pppoe: pppoePacket,
  ppp: pppFrame,
  loopback: loopbackFrame,
  linuxCooked: linuxCookedFrame,
  linuxCooked2: linuxCookedFrame2,
  arp: arpPacket,
  ip: ipPacket,
  udp: udpDatagram,
  tcp: tcpSegment,
  icmp: icmpMessage,
  icmpv6: icmpv6Message,
  mobility: mobilityMessage,
  ah: ahPacket,
  esp: espPacket,
  udpEncapsulation,
  ike: ikeMessage,
};

/** The layer that a capture of this link type begins with; undefined where the type is none of ours. */
export const layerOfLinkType: ReadonlyMap<number, LayerName> = new Map([
  [linkTypes.NULL, 'loopback'],
  [linkTypes.ETHERNET, 'ethernet'],
  [linkTypes.PPP, 'ppp'],
  [linkTypes.DLT_RAW, 'ip'],
  [linkTypes.DLT_RAW_OPENBSD, 'ip'],
  [linkTypes.PPP_HDLC, 'ppp'],
  [linkTypes.PPP_ETHER, 'pppoe'],
  [linkTypes.RAW, 'ip'],
  [linkTypes.LOOP, 'loopback'],
  [linkTypes.LINUX_SLL, 'linuxCooked'],
  [linkTypes.IPV4, 'ip'],
  [linkTypes.IPV6, 'ip'],
  [linkTypes.LINUX_SLL2, 'linuxCooked2'],
]);

/** The layer that a layer's payload is; undefined where it has none, or one that is none of ours. */
export function innerLayer(outer: Layer): LayerName | undefined {
  switch (outer.layer) {
    case 'ethernet':
    case 'vlanTag':
      return layerOfEtherType.get(outer.value.etherType);
    case 'pppoe':
      return outer.value.code === SESSION_DATA ? 'ppp' : undefined;
    case 'ppp':
      return layerOfPppProtocol.get(outer.value.protocol);
    case 'loopback':
      return isIpFamily(outer.value.family) ? 'ip' : undefined;
    case 'linuxCooked':
    case 'linuxCooked2':
      return layerOfEtherType.get(outer.value.protocolType);
    case 'ip':
      return startsHere(outer.value) ? layerOfProtocol.get(outer.value.protocol) : undefined;
    case 'ah':
      return layerOfProtocol.get(outer.value.nextHeader!);
    case 'udp':
      return layerBetween(outer.value.sourcePort, outer.value.destinationPort);
    case 'udpEncapsulation':
      return outer.value.kind === 'keepalive' ? undefined : outer.value.kind;
    default:
      return undefined;
  }
}

/** Whether the payload begins an upper-layer packet, be it cut into fragments or not. */
function startsHere(packet: IpPacket): boolean {
  if (packet.version === 4) return packet.fragmentOffset === 0;
  return !packet.extensions.some((extension) => extension.type === 'fragment' && extension.fragmentOffset > 0);
}

const layerOfEtherType: ReadonlyMap<number, LayerName> = new Map([
  [etherTypes.ARP, 'arp'],
  [etherTypes.IPv4, 'ip'],
  [etherTypes.IPv6, 'ip'],
  [etherTypes['802.1Q'], 'vlanTag'],
  [etherTypes['802.1ad'], 'vlanTag'],
  [etherTypes.QinQ, 'vlanTag'],
  [etherTypes['PPPoE Session'], 'pppoe'],
]);

const layerOfPppProtocol: ReadonlyMap<number, LayerName> = new Map([
  [pppProtocols.IPv4, 'ip'],
  [pppProtocols.IPv6, 'ip'],
]);

const layerOfProtocol: ReadonlyMap<number, LayerName> = new Map([
  [protocols.ICMP, 'icmp'],
  [protocols.IPv4, 'ip'],
  [protocols.TCP, 'tcp'],
  [protocols.UDP, 'udp'],
  [protocols.IPv6, 'ip'],
  [protocols.ESP, 'esp'],
  [protocols.AH, 'ah'],
  [protocols['IPv6-ICMP'], 'icmpv6'],
  [protocols['Mobility Header'], 'mobility'],
]);

/** Who has port 4500 marks IKE, whatever port a NAT has given the other (RFC 3948 section 2). */
function layerBetween(...ports: readonly number[]): LayerName | undefined {
  if (ports.includes(ikePorts['IKE-NAT-T'])) return 'udpEncapsulation';
  return ports.includes(ikePorts.IKE) ? 'ike' : undefined;
}
