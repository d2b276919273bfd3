/**
 * Frames of somebody who wishes the parties ill: what was on a link before, as it was, cut, flipped, altered or reworded with its checksum put right; messages made up
 * from samples of every kind; packets inside packets; pieces; octets. Addresses are mostly those of the parties, so that something comes of it.
 */
import { mobileIpv6 } from '../../../harness/lab/mobility-topology.ts';
import { ONLY_INTERFACE } from '../../../harness/lab/topologies.ts';
import { fragmented } from '../../../reference/host/fragments.ts';
import { hardwareAddressOf, NetworkInterface } from '../../../reference/host/interfaces.ts';
import { addressOctets, addressText } from '../../../reference/wire/address.ts';
import { pseudoHeaderChecksum } from '../../../reference/wire/checksum.ts';
import { MalformedOctets } from '../../../reference/wire/dissection.ts';
import { ethernetFrame, etherTypes } from '../../../reference/wire/ethernet.ts';
import { encodeIcmpv6, type Icmpv6Message, icmpv6Types } from '../../../reference/wire/icmpv6.ts';
import { type ExtensionHeader, homeAddressHeader } from '../../../reference/wire/ip/extension-headers.ts';
import type { Ipv6Packet } from '../../../reference/wire/ip/ipv6.ts';
import { ipPacket, pseudoHeaderEndpoints } from '../../../reference/wire/ip/packet.ts';
import { protocols } from '../../../reference/wire/ip/protocols.ts';
import { encodeMobility } from '../../../reference/wire/mobility/message.ts';
import { everyMobilityMessage } from '../../../reference/wire/mobility/samples.ts';
import type { NeighborDiscoveryOption } from '../../../reference/wire/neighbor-discovery-options.ts';
import { writeNumber } from '../../../reference/wire/writer.ts';
import { type Draw, spoilt } from '../draw.ts';
import { reworded } from './reworded.ts';

export class Forger {
  readonly #draw: Draw;
  /** Frames that were on a link, the youngest last. */
  readonly #seen: Uint8Array[] = [];

  constructor(draw: Draw) {
    this.#draw = draw;
  }

  /** Remembers what it heard. */
  hears(octets: Uint8Array): void {
    if (this.#seen.push(octets) > REMEMBERED) this.#seen.shift();
  }

  frames(): readonly Uint8Array[] {
    const draw = this.#draw;
    const kind = draw.below(14);
    if (kind === 0) return [draw.octets(draw.below(200))];
    if (kind === 1) return [this.#again()];
    if (kind === 2) return [spoilt(draw, this.#again())];
    if (kind < 6) return this.#altered();
    if (kind < 8) return this.#reworded();
    return this.#carried(this.#madeUp());
  }

  #again(): Uint8Array {
    return this.#seen.length === 0 ? new Uint8Array(0) : this.#draw.of(this.#seen);
  }

  /** As it was on a link, with something else in it and the checksum that belongs to that. */
  #altered(): readonly Uint8Array[] {
    const packet = packetIn(this.#again());
    if (!packet) return [];
    const draw = this.#draw;
    const payload = draw.once(3) ? spoilt(draw, packet.payload) : packet.payload.slice();
    const source = draw.once(3) ? this.#address() : packet.source;
    const destination = draw.once(4) ? this.#address() : packet.destination;
    const extensions = draw.once(3) ? this.#headers() : packet.extensions;
    return this.#carried({ ...packet, source, destination, extensions, payload, ...anew });
  }

  /** From whom it came, or from somebody else. */
  #reworded(): readonly Uint8Array[] {
    const draw = this.#draw;
    const heard = this.#seen.map(packetIn).filter((packet) => packet?.protocol === protocols['Mobility Header']);
    const packet = heard.length === 0 ? undefined : reworded(draw, draw.of(heard)!);
    if (!packet) return [];
    return this.#carried(draw.once(4) ? { ...packet, source: this.#address(), ...anew } : { ...packet, ...anew });
  }

  #madeUp(): Ipv6Packet {
    const draw = this.#draw;
    const ends = { source: this.#address(), destination: this.#address() };
    const extensions = draw.once(2) ? [] : this.#headers();
    const bare = { version: 6, ...ends, extensions, hopLimit: draw.once(4) ? draw.below(256) : 255 } as const;
    const kind = draw.below(5);
    if (kind < 2) {
      const octets = encodeMobility(draw.of(everyMobilityMessage), ends);
      const payload = draw.once(2) ? spoilt(draw, octets) : octets;
      return { ...bare, protocol: protocols['Mobility Header'], payload };
    }
    if (kind === 2) return { ...bare, protocol: protocols['IPv6-ICMP'], payload: encodeIcmpv6(this.#icmp(), ends) };
    if (kind === 3) return this.#nested(bare);
    const protocol = draw.once(2) ? draw.below(256) : draw.of(Object.values(protocols));
    return { ...bare, protocol, payload: draw.octets(draw.below(100)) };
  }

  /** Inside as many tunnels as a frame holds, or a few. */
  #nested(outermost: Omit<Ipv6Packet, 'protocol' | 'payload'>): Ipv6Packet {
    const draw = this.#draw;
    let packet = packetIn(this.#again()) ?? {
      ...outermost,
      protocol: protocols['IPv6-NoNxt'],
      payload: new Uint8Array(),
    };
    const [source, destination] = [this.#address(), this.#address()];
    for (let depth = draw.once(8) ? 30 : 1 + draw.below(3); depth > 0; depth--) {
      const ends = draw.once(2) ? { source, destination } : { source: this.#address(), destination: this.#address() };
      packet = { version: 6, ...ends, extensions: [], protocol: protocols.IPv6, payload: ipPacket.encode(packet) };
    }
    return packet;
  }

  #icmp(): Icmpv6Message {
    const draw = this.#draw;
    const options = Array.from({ length: draw.below(5) }, () => this.#option());
    const code = draw.once(5) ? draw.below(8) : 0;
    const original = packetIn(this.#again());
    const originalPacket = original ? ipPacket.encode(original).subarray(0, 40 + draw.below(1_192)) : draw.octets(40);
    const identifier = draw.below(0x1_0000);
    const flag = (): boolean => draw.once(2);
    const messages: readonly Icmpv6Message[] = [
      {
        kind: 'routerAdvertisement',
        type: icmpv6Types['Router Advertisement'],
        code,
        homeAgent: flag(),
        routerLifetime: draw.of([0, 1, 30, 0xffff]),
        retransTimer: draw.of([0, 1, 1_000, 0xffff_ffff]),
        options,
      },
      {
        kind: 'neighborAdvertisement',
        type: icmpv6Types['Neighbor Advertisement'],
        code,
        router: flag(),
        solicited: flag(),
        override: flag(),
        targetAddress: this.#address(),
        options,
      },
      {
        kind: 'neighborSolicitation',
        type: icmpv6Types['Neighbor Solicitation'],
        code,
        targetAddress: this.#address(),
        options,
      },
      { kind: 'routerSolicitation', type: icmpv6Types['Router Solicitation'], code, options },
      {
        kind: 'destinationUnreachable',
        type: icmpv6Types['Destination Unreachable'],
        code: draw.below(8),
        originalPacket,
      },
      {
        kind: 'parameterProblem',
        type: icmpv6Types['Parameter Problem'],
        code: draw.below(3),
        pointer: draw.below(100),
        originalPacket,
      },
      {
        kind: 'packetTooBig',
        type: icmpv6Types['Packet Too Big'],
        code,
        mtu: draw.of([0, 68, 1_280, 0xffff_ffff]),
        originalPacket,
      },
      {
        kind: 'homeAgentAddressDiscoveryRequest',
        type: icmpv6Types['Home Agent Address Discovery Request'],
        code,
        identifier,
      },
      {
        kind: 'homeAgentAddressDiscoveryReply',
        type: icmpv6Types['Home Agent Address Discovery Reply'],
        code,
        identifier,
        homeAgentAddresses: Array.from({ length: draw.below(80) }, () => this.#address()),
      },
      { kind: 'mobilePrefixSolicitation', type: icmpv6Types['Mobile Prefix Solicitation'], code, identifier, options },
      {
        kind: 'mobilePrefixAdvertisement',
        type: icmpv6Types['Mobile Prefix Advertisement'],
        code,
        identifier,
        options,
      },
    ];
    return draw.of(messages);
  }

  #option(): NeighborDiscoveryOption {
    const draw = this.#draw;
    const linkLayerAddress = draw.of(hardwareAddresses);
    const lifetime = (): number => draw.of([0, 1, 60, 3_600, 0xffff_ffff]);
    const flag = (): boolean => !draw.once(4);
    return draw.of<NeighborDiscoveryOption>([
      { type: 'sourceLinkLayerAddress', linkLayerAddress },
      { type: 'targetLinkLayerAddress', linkLayerAddress },
      {
        type: 'prefixInformation',
        prefixLength: draw.once(3) ? draw.below(256) : 64,
        onLink: flag(),
        autonomous: flag(),
        routerAddress: flag(),
        validLifetime: lifetime(),
        preferredLifetime: lifetime(),
        prefix: draw.of([
          ...Object.values(mobileIpv6.prefixes).map((prefix) => prefix.split('/')[0]!),
          this.#address(),
        ]),
      },
      { type: 'advertisementInterval', advertisementInterval: draw.of([0, 1, 100, 10_000, 0xffff_ffff]) },
      { type: 'option', optionType: draw.below(256), data: draw.octets(6 + 8 * draw.below(3)) },
    ]);
  }

  #headers(): readonly ExtensionHeader[] {
    const draw = this.#draw;
    return Array.from({ length: 1 + draw.below(3) }, () =>
      draw.of<ExtensionHeader>([
        homeAddressHeader(this.#address()),
        homeAddressHeader(mobileIpv6.homeAddress),
        { type: 'routing', routingType: 2, segmentsLeft: draw.of([0, 1, 1, 1, 2]), addresses: [this.#address()] },
        { type: 'routing', routingType: 2, segmentsLeft: 1, addresses: [mobileIpv6.homeAddress] },
        {
          type: 'routing',
          routingType: draw.below(5),
          segmentsLeft: draw.below(3),
          data: draw.octets(4 + 8 * draw.below(4)),
        },
        {
          type: draw.of(['hopByHop', 'destinationOptions'] as const),
          options: [{ type: 'option', optionType: draw.below(256), data: draw.octets(draw.below(20)) }],
        },
        { type: 'fragment', fragmentOffset: 0, moreFragments: false, identification: draw.below(4) },
      ]),
    );
  }

  #address(): string {
    const draw = this.#draw;
    const octets = draw.octets(16);
    octets.set([0x20, 0x01, 0x0d, 0xb8]);
    return draw.once(12) ? addressText(draw.once(2) ? octets : draw.octets(16)) : draw.of(addresses);
  }

  /** In a frame for somebody, or in the frames of its pieces; with a checksum that is right, mostly. */
  #carried(packet: Ipv6Packet): readonly Uint8Array[] {
    const draw = this.#draw;
    const mended = draw.once(8) ? packet : { ...packet, payload: withChecksum(packet) };
    const pieces = draw.once(10) ? fragmented(mended, 360 + 8 * draw.below(20), draw.below(4)) : [mended];
    const come = draw.once(3) ? pieces.filter(() => !draw.once(5)) : pieces;
    const [destination, source] = [draw.of(hardwareAddresses), draw.of(hardwareAddresses)];
    return come.map((piece) =>
      ethernetFrame.encode({ destination, source, etherType: etherTypes.IPv6, payload: ipPacket.encode(piece) }),
    );
  }
}

/** The packet of IPv6 in a frame. */
export function packetIn(frame: Uint8Array): Ipv6Packet | undefined {
  try {
    const { etherType, payload } = ethernetFrame.decode(frame).value;
    const packet = etherType === etherTypes.IPv6 ? ipPacket.decode(payload).value : undefined;
    return packet?.version === 6 ? packet : undefined;
  } catch (thrown) {
    if (thrown instanceof MalformedOctets) return undefined;
    throw thrown;
  }
}

function withChecksum(packet: Ipv6Packet): Uint8Array {
  const at = packet.protocol === protocols['IPv6-ICMP'] ? 2 : packet.protocol === protocols['Mobility Header'] ? 4 : -1;
  if (at < 0 || packet.payload.length < at + 2) return packet.payload;
  const octets = packet.payload.slice();
  writeNumber(octets, at, 0, 2);
  writeNumber(octets, at, pseudoHeaderChecksum(octets, packet.protocol, pseudoHeaderEndpoints(packet)), 2);
  return octets;
}

const anew = { payloadLength: undefined, nextHeader: undefined };

const hardwareAddresses = [
  hardwareAddressOf('mn', 'eth0'),
  hardwareAddressOf('ha', 'eth0'),
  hardwareAddressOf('cn', 'eth0'),
  ...['home', 'foreign-1', 'foreign-2'].map((name) => hardwareAddressOf('router', name)),
  '33:33:00:00:00:01',
  'ff:ff:ff:ff:ff:ff',
  '02:00:00:00:00:99',
] as const;

const addresses = [
  mobileIpv6.homeAddress,
  mobileIpv6.homeAddress,
  mobileIpv6.homeAgent,
  mobileIpv6.correspondent,
  ...Object.values(mobileIpv6.routers),
  // What a mobile node forms on each of the links, and its link-local address.
  ...['2001:db8:1::', '2001:db8:2::', '2001:db8:3::', 'fe80::'].map((prefix) => formedBy('mn', prefix)),
  formedBy('router', 'fe80::'),
  '2001:db8:1::22',
  '2001:db8:1:0:fdff:ffff:ffff:fffe',
  'ff02::1',
  'ff0e::1',
  'fe80::1',
  '::',
  '::1',
] as const;

/** What the node forms of a prefix, as it formed its link-local address. */
function formedBy(node: string, prefix: string): string {
  const through = node === 'router' ? 'home' : ONLY_INTERFACE;
  const { linkLocalAddress } = new NetworkInterface(node, { name: through, link: '', addresses: [] });
  const octets = addressOctets(prefix);
  octets.set(addressOctets(linkLocalAddress).subarray(8), 8);
  return addressText(octets);
}

/** Frames. */
const REMEMBERED = 64;
