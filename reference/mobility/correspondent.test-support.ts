/** For this folder's tests: a correspondent on a bare cable, its SAs with a home address, and the packets that a mobile node sends it. */
import { Cable, own6, packetsOf, peer6 } from '../host/cable.test-support.ts';
import type { ManualSa, NodeConfiguration } from '../host/configuration.ts';
import { nodeRules } from '../host/host.ts';
import type { HostEvent } from '../host/interface.ts';
import { ipPacketBetween } from '../host/probes.ts';
import { Ipsec } from '../ipsec/ipsec.ts';
import { type IpsecRules, ipsecRules } from '../ipsec/rules.ts';
import { type ExtensionHeader, extensionProtocols, homeAddressHeader } from '../wire/ip/extension-headers.ts';
import { encodeExtensions, type Ipv6Packet } from '../wire/ip/ipv6.ts';
import { ipPacket } from '../wire/ip/packet.ts';
import { protocols } from '../wire/ip/protocols.ts';
import { concat, unhex } from '../wire/octets.ts';
import { encodeUdp } from '../wire/udp.ts';
import type { MobilityConfiguration } from './configuration.ts';
import { type MobilityRules, mobilityRules } from './rules.ts';

export const homeAddress = '2001:db8:a2::1';
export const careOfAddress = peer6;

const manual: ManualSa = {
  name: 'from-home',
  direction: 'in',
  spi: 0x1001,
  source: homeAddress,
  destination: own6,
  mode: 'transport',
  encryption: { id: 11, key: '' },
  integrity: { id: 12, key: '11'.repeat(32) },
  replayWindow: 0,
  extendedSequenceNumbers: false,
};

const entry = (direction: 'in' | 'out'): NodeConfiguration['spd'][number] => ({
  name: 'mobile',
  direction,
  selector: { local: direction === 'in' ? own6 : homeAddress, remote: direction === 'in' ? homeAddress : own6 },
  action: { kind: 'PROTECT', protocol: 'ESP', mode: 'transport', securityAssociations: ['from-home'] },
});

export interface Broken {
  readonly mobility?: Partial<MobilityRules>;
  readonly ipsec?: Partial<IpsecRules>;
}

export interface Told {
  readonly broken?: Broken;
  readonly isProtected?: boolean;
  readonly ike?: NodeConfiguration['ike'];
}

/** A node told of these roles, with rules replaced; `protected` adds an SA from the home address and the policy that asks for it. */
export function correspondent(
  mobility: MobilityConfiguration,
  { broken = {}, isProtected = false, ike = [] }: Told = {},
): Cable {
  const policy = isProtected ? { spd: [entry('in')], manual: [manual] } : {};
  const layers = {
    mobility: { ...mobilityRules, ...broken.mobility },
    ipsec: { ...ipsecRules, ...broken.ipsec },
  };
  const routes = [{ destination: 'default6', via: peer6, interface: 'eth0' }];
  return new Cable({}, { mobility, routes, ike, ...policy }, { ...nodeRules, ...layers });
}

/** A datagram to the sink, its checksum that of the packet at home. */
export function datagram(
  extensions: readonly ExtensionHeader[],
  source = careOfAddress,
  destination = own6,
): Ipv6Packet {
  const named = extensions.flatMap((header) => (header.type === 'destinationOptions' ? header.options : []));
  const option = named.find(({ type }) => type === 'homeAddress') as { homeAddress: string } | undefined;
  const endpoints = { source: option?.homeAddress ?? source, destination: own6 };
  const octets = encodeUdp({ sourcePort: 7, destinationPort: 9, payload: unhex('2a') }, endpoints);
  return { ...(ipPacketBetween(source, destination, protocols.UDP, octets) as Ipv6Packet), extensions };
}

/** The datagram with a home address option. */
export const away = (address = homeAddress): Ipv6Packet => datagram([homeAddressHeader(address)]);

/** Under ESP, as a mobile node sends it; `hiding` has these headers stand behind ESP. */
export function authenticated(packet: Ipv6Packet, hiding: readonly ExtensionHeader[] = []): Ipv6Packet {
  const ipsec = new Ipsec({
    configuration: { spd: [entry('out')], manual: [{ ...manual, direction: 'out' }] },
    isOwnAddress: () => false,
    env: { octets: (_, length) => new Uint8Array(length) },
  });
  const beforeSealing = {
    apply(plaintext: Uint8Array) {
      const hidden = encodeExtensions(hiding, packet.protocol);
      const together = concat(hidden, plaintext);
      if (hiding[0]) together[together.length - 1] = extensionProtocols[hiding[0].type];
      return together;
    },
  };
  const sealed = ipsec.seal(0, ipsec.sad.entries[0]!, { packet: ipPacket.encode(packet), beforeSealing });
  if (sealed.kind === 'refused') throw new Error(sealed.refusal.detail);
  return ipPacket.decode(sealed.packet).value as Ipv6Packet;
}

/** Where each delivered datagram is said to come from. */
export function delivered(events: readonly HostEvent[]): readonly string[] {
  return events.flatMap((event) => (event.kind === 'delivered' ? [event.source] : []));
}

export { Cable, packetsOf };
