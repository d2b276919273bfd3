/** For tests: a home agent on a bare cable, what a mobile node sends it, and what is said on the home link. */
import { Cable, echoRequest, own6, packetsOf, peer6 } from '../host/cable.test-support.ts';
import type { ManualSa, NodeConfiguration } from '../host/configuration.ts';
import { nodeRules } from '../host/host.ts';
import type { HostEffect } from '../host/interface.ts';
import { ipPacketBetween } from '../host/probes.ts';
import { Ipsec } from '../ipsec/ipsec.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Message } from '../wire/icmpv6.ts';
import { routingHeaderOf, withHomeAddress } from '../wire/ip/home-addresses.ts';
import type { Ipv6Packet } from '../wire/ip/ipv6.ts';
import { type IpPacket, ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { aligned, type BindingUpdate, encodeMobility, mobilityMessage } from '../wire/mobility/message.ts';
import type { HomeAgentConfiguration } from './configuration.ts';
import { type MobilityRules, mobilityRules } from './rules.ts';
import { encapsulated } from './tunnel.ts';

export const homeAddress = '2001:db8:1::9';
export const linkLocal = 'fe80::9';
/** Behind the router, which the cable knows. */
export const careOfAddress = '2001:db8:2::9';
export const otherCareOfAddress = '2001:db8:2::a';
/** Somebody else on the home link. */
export const neighbor = peer6;

export const homeAgent: HomeAgentConfiguration = {
  interface: 'eth0',
  address: own6,
  homeAddresses: [homeAddress],
  requiresIpsec: false,
};

export interface Told {
  readonly homeAgent?: Partial<HomeAgentConfiguration>;
  readonly broken?: Partial<MobilityRules>;
  readonly more?: Partial<NodeConfiguration>;
}

export function homeAgentOnCable({ homeAgent: told = {}, broken = {}, more = {} }: Told = {}): Cable {
  const mobility = { homeAgent: { ...homeAgent, ...told } };
  const routes = [{ destination: 'default6', via: peer6, interface: 'eth0' }];
  const layers = { ...nodeRules, mobility: { ...mobilityRules, ...broken } };
  return new Cable({}, { mobility, routes, ...more }, layers);
}

export interface Updating extends Partial<Omit<BindingUpdate, 'kind'>> {
  readonly from?: string;
  readonly home?: string;
  /** Absent from the packet, whose source is the home address then. */
  readonly withoutOption?: true;
}

/** A binding update as it reaches a home agent without IPsec. */
export function update({
  from = careOfAddress,
  home = homeAddress,
  withoutOption,
  ...fields
}: Updating = {}): Ipv6Packet {
  const message = aligned({
    kind: 'bindingUpdate',
    acknowledge: true,
    homeRegistration: true,
    sequenceNumber: 1,
    lifetime: 15,
    options: [],
    ...fields,
  });
  const payload = encodeMobility(message, { source: home, destination: own6 });
  const atHome = ipPacketBetween(home, own6, protocols['Mobility Header'], payload) as Ipv6Packet;
  return withoutOption ? atHome : withHomeAddress(atHome, from);
}

/** The home agent with a binding of the home address, two seconds later. */
export function registered(cable: Cable, fields: Updating = {}): Cable {
  cable.receive(update(fields));
  elapse(cable, 2);
  return cable;
}

/** What happens by itself in so many seconds. */
export function elapse(cable: Cable, seconds: number): HostEffect[] {
  const end = cable.now + 1000 * seconds;
  const effects: HostEffect[] = [];
  for (let next = cable.host.deadline(); next !== undefined && next <= end; next = cable.host.deadline()) {
    cable.now = next;
    effects.push(...cable.host.step(next, { kind: 'timeout' }));
  }
  cable.now = end;
  return effects;
}

/** What is answered at once, and what within three seconds. */
export function answered(cable: Cable, ...packets: readonly Ipv6Packet[]): readonly unknown[] {
  return [...packets.flatMap((packet) => said(cable.receive(packet))), ...said(elapse(cable, 3))];
}

export function echoTo(destination: string, source = neighbor): Ipv6Packet {
  return echoRequest(source, destination) as Ipv6Packet;
}

export function throughTunnel(inner: Ipv6Packet, source: string): Ipv6Packet {
  return encapsulated(inner, { source, destination: own6 });
}

/** For people and comparisons: what each packet of these effects says, and to whom. */
export function said(effects: readonly HostEffect[]): readonly unknown[] {
  return packetsOf(effects).map(saidBy);
}

export function saidBy(packet: IpPacket): unknown {
  const { protocol, payload, destination } = packet;
  if (protocol === protocols.IPv6) return ['tunnel', destination, saidBy(ipPacket.decode(payload).value)];
  if (protocol === protocols['Mobility Header']) {
    const message = mobilityMessage.decode(payload).value;
    if (message.kind !== 'bindingAcknowledgement') return [message.kind, destination];
    const routed = routingHeaderOf(packet as Ipv6Packet)?.addresses?.[0];
    const { status, sequenceNumber, lifetime } = message;
    return ['acknowledged', status, sequenceNumber, lifetime, destination, routed];
  }
  if (protocol !== protocols['IPv6-ICMP']) return [protocol, destination];
  return saidByIcmp(icmpv6Message.decode(payload).value, destination);
}

function saidByIcmp(message: Icmpv6Message, destination: string): unknown {
  switch (message.kind) {
    case 'neighborSolicitation':
      return ['asks', message.targetAddress];
    case 'neighborAdvertisement':
      return ['advertises', message.targetAddress, destination, message.override];
    case 'destinationUnreachable':
      return ['unreachable', message.code, destination];
    default:
      return [message.kind, destination];
  }
}

export function onLink(source: string, destination: string, message: Icmpv6Message): IpPacket {
  const payload = encodeIcmpv6(message, { source, destination });
  return { ...ipPacketBetween(source, destination, protocols['IPv6-ICMP'], payload), hopLimit: 255 } as IpPacket;
}

export function solicitation(targetAddress: string, source: string = neighbor): IpPacket {
  const message = { kind: 'neighborSolicitation', type: 135, code: 0, targetAddress, options: [] } as const;
  return onLink(source, targetAddress, message);
}

/** Somebody has the address. */
export function claim(targetAddress: string): IpPacket {
  const message = { kind: 'neighborAdvertisement', type: 136, code: 0, targetAddress, options: [] } as const;
  return onLink(targetAddress, 'ff02::1', message);
}

/** The SA that a mobile node's updates come under, of these home addresses, and one for its tunnel. */
export function sa(name: string, remote: string, mode: ManualSa['mode'] = 'transport'): ManualSa {
  return {
    name,
    direction: 'in',
    spi: mode === 'transport' ? 0x1001 : 0x2001,
    source: mode === 'transport' ? homeAddress : careOfAddress,
    destination: own6,
    mode,
    selector: { local: mode === 'transport' ? `${own6}/128` : '::/0', remote },
    encryption: { id: 11, key: '' },
    integrity: { id: 12, key: '11'.repeat(32) },
    replayWindow: 0,
    extendedSequenceNumbers: false,
  };
}

/** The packet under an SA, as the mobile node sends it. */
export function under(packet: Ipv6Packet, { selector, ...inbound }: ManualSa): Ipv6Packet {
  const ipsec = new Ipsec({
    configuration: { spd: [], manual: [{ ...inbound, direction: 'out' }] },
    isOwnAddress: () => false,
    env: { octets: (_, length) => new Uint8Array(length) },
  });
  const sealed = ipsec.seal(0, ipsec.sad.entries[0]!, { packet: ipPacket.encode(packet) });
  if (sealed.kind === 'refused') throw new Error(sealed.refusal.detail);
  return ipPacket.decode(sealed.packet).value as Ipv6Packet;
}

export { own6, packetsOf };
