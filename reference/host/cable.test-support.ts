/** For this folder's tests: one host on a bare cable, and the packets a peer sends it. */

import { solicitedNodeMulticast } from '../wire/address.ts';
import { arpOperations, arpPacket } from '../wire/arp.ts';
import { encodeEcho } from '../wire/echo.ts';
import { broadcast, ethernetFrame, etherTypes } from '../wire/ethernet.ts';
import { encodeIcmpv6, icmpv6Message } from '../wire/icmpv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { unhex } from '../wire/octets.ts';
import { encodeTcp } from '../wire/tcp.ts';
import type { NodeConfiguration } from './configuration.ts';
import { Host, type NodeRules, nodeRules } from './host.ts';
import type { HostEffect, HostEvent } from './interface.ts';
import { hardwareAddressOf } from './interfaces.ts';
import { ipPacketBetween, udpPacket } from './probes.ts';
import { type HostRules, hostRules } from './rules.ts';

export const own = '192.0.2.1';
export const own6 = '2001:db8:1::1';
export const peer = '192.0.2.2';
export const peer6 = '2001:db8:1::2';
export const peerMac = '02:00:00:00:00:99';
export const ownMac = hardwareAddressOf('host', 'eth0');

export const configuration: NodeConfiguration = {
  name: 'host',
  interfaces: [
    { name: 'eth0', link: 'home', addresses: [`${own}/24`, `${own6}/64`] },
    { name: 'eth1', link: 'away', addresses: ['198.51.100.1/24'] },
  ],
  innerAddresses: ['10.1.0.1/24'],
  routes: [{ destination: 'default4', via: peer, interface: 'eth0' }],
  forwarding: true,
  sinks: [
    { protocol: 'udp', port: 9 },
    { protocol: 'tcp', port: 9 },
  ],
  spd: [],
  manual: [],
  ike: [],
};

/** A host that knows its peer, with rules replaced, and told more than the usual. */
export class Cable {
  readonly host: Host;
  now = 0;

  constructor(broken: Partial<HostRules> = {}, more: Partial<NodeConfiguration> = {}, layers: Partial<NodeRules> = {}) {
    let counter = 0;
    const env = { octets: (_: string, length: number) => new Uint8Array(length).fill(++counter) };
    const rules = { ...nodeRules, ...layers, host: { ...hostRules, ...broken } };
    this.host = new Host({ configuration: { ...configuration, ...more }, env, rules });
    this.arp({ operation: arpOperations.REPLY, target: own });
    this.host.step(0, { kind: 'frame', interface: 'eth0', octets: introduction() });
  }

  arp({ operation, target, from = peer, hardwareAddress = peerMac }: Asking): HostEffect[] {
    const payload = arpPacket.encode({
      operation,
      senderHardwareAddress: hardwareAddress,
      senderProtocolAddress: from,
      targetHardwareAddress: '00:00:00:00:00:00',
      targetProtocolAddress: target,
    });
    return this.frame(payload, etherTypes.ARP, broadcast);
  }

  frame(payload: Uint8Array, etherType: number, destination: string = ownMac): HostEffect[] {
    const octets = ethernetFrame.encode({ destination, source: peerMac, etherType, payload });
    return this.host.step(this.now, { kind: 'frame', interface: 'eth0', octets });
  }

  /** Packets that leave when these arrive. */
  answers(...packets: IpPacket[]): IpPacket[] {
    return packets.flatMap((packet) => packetsOf(this.receive(packet)));
  }

  events(...packets: IpPacket[]): HostEvent[] {
    const effects = packets.flatMap((packet) => this.receive(packet));
    return effects.flatMap((effect) => (effect.kind === 'event' ? [effect.event] : []));
  }

  receive(packet: IpPacket): HostEffect[] {
    return this.frame(ipPacket.encode(packet), packet.version === 4 ? etherTypes.IPv4 : etherTypes.IPv6);
  }
}

interface Asking {
  readonly operation: number;
  readonly target: string;
  readonly from?: string;
  readonly hardwareAddress?: string;
}

export function packetsOf(effects: readonly HostEffect[]): IpPacket[] {
  return effects.flatMap((effect) => {
    if (effect.kind !== 'frame') return [];
    const { etherType, payload } = ethernetFrame.decode(effect.octets).value;
    return etherType === etherTypes.ARP ? [] : [ipPacket.decode(payload).value];
  });
}

/** The peer asks who has the host's address, and so says where it is itself. */
export function introduction(): Uint8Array {
  const destination = solicitedNodeMulticast(own6);
  const message = encodeIcmpv6(
    {
      kind: 'neighborSolicitation',
      type: 135,
      code: 0,
      targetAddress: own6,
      options: [{ type: 'sourceLinkLayerAddress', linkLayerAddress: peerMac }],
    },
    { source: peer6, destination },
  );
  const packet = { ...ipPacketBetween(peer6, destination, protocols['IPv6-ICMP'], message), hopLimit: 255 };
  return ethernetFrame.encode({
    destination: broadcast,
    source: peerMac,
    etherType: etherTypes.IPv6,
    payload: ipPacket.encode(packet),
  });
}

export function echoRequest(source: string, destination: string, data = new Uint8Array(8)): IpPacket {
  const version = source.includes(':') ? 6 : 4;
  const { protocol, payload } = encodeEcho(
    { kind: 'request', identifier: 1, sequence: 2, data },
    { version, source, destination },
  );
  return ipPacketBetween(source, destination, protocol, payload);
}

export function udp(destinationPort: number, { source = peer, destination = own } = {}): IpPacket {
  return udpPacket(source, destination, { sourcePort: 7, destinationPort, payload: unhex('2a') });
}

export function tcp(
  destinationPort: number,
  flags: { syn?: true; ack?: true; rst?: true; fin?: true },
  acknowledgmentNumber = 0,
): IpPacket {
  const segment = {
    sourcePort: 7,
    destinationPort,
    sequenceNumber: 100,
    acknowledgmentNumber,
    payload: new Uint8Array(0),
    ...flags,
  };
  return ipPacketBetween(peer, own, protocols.TCP, encodeTcp(segment, { source: peer, destination: own }));
}

/** Of each answer the kind, and of a Parameter Problem code and pointer. */
export function saidIn(answers: readonly IpPacket[]): readonly unknown[] {
  return answers.map(({ payload }) => {
    const message = icmpv6Message.decode(payload).value;
    return message.kind === 'parameterProblem' ? [message.code, message.pointer] : message.kind;
  });
}
